package api

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimiter(t *testing.T) {
	l := newLimiter[string](3, time.Minute)
	now := time.Unix(1e9, 0)
	for range 3 {
		if wait := l.take("a", now); wait != 0 {
			t.Fatalf("wait %v", wait)
		}
	}
	if wait := l.take("a", now); wait != 20*time.Second {
		t.Errorf("the fourth waits %v", wait)
	}
	if wait := l.take("b", now); wait != 0 {
		t.Errorf("another key waits %v", wait)
	}
	if wait := l.take("a", now.Add(20*time.Second)); wait != 0 {
		t.Errorf("after its time it waits %v", wait)
	}
	if wait := l.wait("a", now.Add(20*time.Second)); wait != 20*time.Second {
		t.Errorf("wait says %v", wait)
	}
	l.sweep(now.Add(79 * time.Second))
	if len(l.buckets) != 1 {
		t.Errorf("%d buckets, want one", len(l.buckets))
	}
	if l.sweep(now.Add(80 * time.Second)); len(l.buckets) != 0 {
		t.Errorf("%d buckets, want none", len(l.buckets))
	}
}

func TestDoors(t *testing.T) {
	d := newDoors(Limits{HalfOpen: 2, Anonymous: 3})
	here, there := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	if !d.enter(here, true) || !d.enter(here, false) || d.enter(here, false) || !d.enter(there, true) {
		t.Error("half-open connections are not counted")
	}
	d.greeted(here)
	d.greeted(here)
	for range 2 {
		if !d.enter(here, true) {
			t.Error("greeted connections still count")
		}
	}
	d.greeted(here)
	if d.enter(here, true) || !d.enter(here, false) {
		t.Error("connections without a session are not counted")
	}
	for range 2 {
		d.greeted(here)
	}
	for range 3 {
		d.left(here)
	}
	d.greeted(there)
	d.left(there)
	if len(d.counts) != 0 {
		t.Errorf("counts stay: %v", d.counts)
	}
}

// Who has a session waits for a place: in the order of coming, for a while, and
// not with too many.
func TestDoorsQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoors(Limits{HalfOpen: 1, Anonymous: 1})
		here := netip.MustParsePrefix("192.0.2.1/32")
		if !d.await(t.Context(), here) || d.enter(here, true) {
			t.Fatal("one place is not one")
		}
		order := make(chan int, 2*doorQueue)
		for i := range doorQueue {
			go func() {
				if d.await(t.Context(), here) {
					order <- i
				}
			}()
			synctest.Wait()
		}
		if began := time.Now(); d.await(t.Context(), here) || time.Since(began) > 0 {
			t.Error("one more waits")
		}
		for want := range doorQueue / 2 {
			d.greeted(here)
			if i := <-order; i != want {
				t.Errorf("%d came in the place of %d", i, want)
			}
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if d.await(gone, here) {
			t.Error("who has left is in")
		}
		time.Sleep(doorWait)
		synctest.Wait()
		if len(order) > 0 || len(d.queues) > 0 {
			t.Errorf("%d came in late, %d queues are left", len(order), len(d.queues))
		}
		if d.greeted(here); len(d.counts) != 0 {
			t.Errorf("counts stay: %v", d.counts)
		}
	})
}
