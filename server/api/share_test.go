package api

import (
	"fmt"
	"log/slog"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker/brokertest"
	"greenroom/hub/broker/local"
)

// instances are limiters of several instances that tell each other.
func instances(t *testing.T, n int, f func(line *brokertest.Switched, all []*limiter[netip.Prefix])) {
	synctest.Test(t, func(t *testing.T) {
		line := brokertest.Switch(local.New(0))
		defer line.Close()
		var all []*limiter[netip.Prefix]
		for i := range n {
			s := newShares(line, fmt.Sprint("instance", i), slog.New(slog.DiscardHandler))
			l := newLimiter[netip.Prefix](12, time.Minute)
			l.share(s, "misses")
			all = append(all, l)
			go s.run(t.Context(), time.Now)
		}
		time.Sleep(shareAlive + shareEvery) // all have heard of each other
		f(line, all)
	})
}

// granted counts what a network gets that asks one instance after another.
func granted(all []*limiter[netip.Prefix], network netip.Prefix, pause time.Duration) (n int) {
	for range 40 {
		for _, l := range all {
			if l.take(network, time.Now()) == 0 {
				n++
			}
			time.Sleep(pause)
		}
	}
	return n
}

var someone, another = netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24")

// Whoever goes from instance to instance gains nothing, and takes nothing from
// others.
func TestLimitsAreShared(t *testing.T) {
	instances(t, 3, func(_ *brokertest.Switched, all []*limiter[netip.Prefix]) {
		if n := granted(all, someone, 2*shareEvery); n < 12 || n > 12+3+5 { // what grows again in 24 s
			t.Errorf("three instances granted %d of 12", n)
		}
		if wait := all[0].wait(someone, time.Now()); wait == 0 {
			t.Error("an instance does not know what the others have granted")
		}
		if wait := all[1].take(another, time.Now()); wait != 0 {
			t.Errorf("somebody else waits for %s", wait)
		}
		time.Sleep(2 * time.Minute)
		for _, l := range all {
			if l.sweep(time.Now()); len(l.buckets) != 0 {
				t.Errorf("%d buckets are kept for ever", len(l.buckets))
			}
		}
	})
}

// While nobody hears the others, each grants its share.
func TestLimitsWithoutTheOthers(t *testing.T) {
	instances(t, 3, func(line *brokertest.Switched, all []*limiter[netip.Prefix]) {
		line.Away(true)
		time.Sleep(10 * shareLife) // for long
		if n := granted(all, someone, 0); n != 12 {
			t.Errorf("three instances that do not hear each other granted %d of 12", n)
		}
		line.Away(false)
		time.Sleep(shareAlive + shareEvery)
		if n := granted(all, another, shareEvery); n < 12 {
			t.Errorf("back together they granted %d", n)
		}
	})
}

// One instance alone shares nothing.
func TestLimitsAlone(t *testing.T) {
	l := newLimiter[string](3, time.Minute)
	for i := range 4 {
		if wait := l.take("x", time.Unix(0, 0)); (wait == 0) != (i < 3) {
			t.Errorf("%d: %s", i, wait)
		}
	}
}
