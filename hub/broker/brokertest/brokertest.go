// Package brokertest is the contract of a broker as a test that every driver
// passes, and a broker with faults for the tests of others.
package brokertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"greenroom/hub/broker"
)

// patience is how long a message may take. Only a test that fails waits it
// out.
const patience = 20 * time.Second

// Run runs the contract. open gives two ends of one fresh broker, as two
// instances have; a driver with one end gives it twice. Run closes both.
func Run(t *testing.T, open func(t *testing.T) (here, there broker.Broker)) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, here, there broker.Broker)
	}{
		{"delivers to both ends", deliversToBothEnds},
		{"keeps topics apart", keepsTopicsApart},
		{"keeps the order of each publisher", keepsOrder},
		{"delivers any bytes up to 64 KiB", deliversAnyBytes},
		{"does not wait for a listener", doesNotWait},
		{"tells a listener what it has lost", tellsOfGaps},
		{"closed subscription", closedSubscription},
		{"comes and goes under load", comesAndGoes},
		{"closed broker", closedBroker},
		{"context that has ended", endedContext},
	} {
		t.Run(test.name, func(t *testing.T) {
			here, there := open(t)
			defer there.Close()
			defer here.Close()
			test.run(t, here, there)
		})
	}
}

func subscribe(t *testing.T, b broker.Broker, topic string) broker.Subscription {
	t.Helper()
	s, err := b.Subscribe(t.Context(), topic)
	if err != nil {
		t.Fatalf("subscribe to %s: %v", topic, err)
	}
	return s
}

func publish(t *testing.T, b broker.Broker, topic, msg string) {
	t.Helper()
	if err := b.Publish(t.Context(), topic, []byte(msg)); err != nil {
		t.Fatalf("publish to %s: %v", topic, err)
	}
}

// next gives the next message.
func next(t *testing.T, s broker.Subscription) string {
	t.Helper()
	select {
	case msg, open := <-s.C():
		if !open {
			t.Fatal("the subscription has ended")
		}
		return string(msg)
	case <-time.After(patience):
		t.Fatal("no message came")
	}
	return ""
}

func want(t *testing.T, s broker.Subscription, msg string) {
	t.Helper()
	if got := next(t, s); got != msg {
		t.Fatalf("got message %q, want %q", got, msg)
	}
}

// ended waits for the end of C, reading what is left.
func ended(t *testing.T, s broker.Subscription) {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case _, open := <-s.C():
			if !open {
				return
			}
		case <-timeout:
			t.Fatal("C was not closed")
		}
	}
}

func deliversToBothEnds(t *testing.T, here, there broker.Broker) {
	a, b, again := subscribe(t, here, "room"), subscribe(t, there, "room"), subscribe(t, here, "room")
	if !a.Sound() || !b.Sound() {
		t.Error("a broker that is there is not sound")
	}
	publish(t, here, "room", "one")
	for _, s := range []broker.Subscription{a, b, again} {
		want(t, s, "one")
	}
	publish(t, there, "room", "two")
	for _, s := range []broker.Subscription{a, b, again} {
		want(t, s, "two")
	}
}

func keepsTopicsApart(t *testing.T, here, there broker.Broker) {
	a, b := subscribe(t, here, "a"), subscribe(t, here, "b")
	publish(t, here, "nobody", "lost")
	publish(t, here, "b", "for b")
	publish(t, here, "a", "for a")
	want(t, a, "for a")
	want(t, b, "for b")
}

func keepsOrder(t *testing.T, here, there broker.Broker) {
	const publishers, messages = 4, 100 // all fit into the smallest sensible buffer
	s := subscribe(t, there, "room")
	var done sync.WaitGroup
	for p := range publishers {
		done.Go(func() {
			b := []broker.Broker{here, there}[p%2]
			for m := range messages {
				if err := b.Publish(t.Context(), "room", fmt.Appendf(nil, "%d %d", p, m)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	var seen [publishers]int
	for range publishers * messages {
		var p, m int
		if _, err := fmt.Sscan(next(t, s), &p, &m); err != nil {
			t.Fatal(err)
		}
		if m != seen[p] {
			t.Fatalf("publisher %d: message %d came where %d was due", p, m, seen[p])
		}
		seen[p]++
	}
	done.Wait()
}

func deliversAnyBytes(t *testing.T, here, there broker.Broker) {
	s := subscribe(t, there, "room")
	for _, msg := range [][]byte{{}, {0}, {0xff, 0, '\r', '\n'}, bytes.Repeat([]byte{0xab}, broker.MaxMessage)} {
		if err := here.Publish(t.Context(), "room", msg); err != nil {
			t.Fatal(err)
		}
		if got := next(t, s); got != string(msg) {
			t.Fatalf("%d bytes came back as %d others", len(msg), len(got))
		}
	}
	if err := here.Publish(t.Context(), "room", make([]byte, broker.MaxMessage+1)); !errors.Is(err, broker.ErrTooLarge) {
		t.Errorf("a message over the limit: %v, want ErrTooLarge", err)
	}
}

// doesNotWait: a listener that never reads holds up neither the publisher nor
// the other listeners.
func doesNotWait(t *testing.T, here, there broker.Broker) {
	subscribe(t, here, "room")
	quick := subscribe(t, there, "room")
	for i := range 5000 {
		msg := fmt.Sprint(i)
		publish(t, here, "room", msg)
		want(t, quick, msg)
	}
}

// tellsOfGaps: a listener that fell behind so far that messages were lost knows
// it, and nobody else is told.
func tellsOfGaps(t *testing.T, here, there broker.Broker) {
	slow, quick := subscribe(t, there, "room"), subscribe(t, there, "room")
	select {
	case <-slow.Gaps():
		t.Fatal("a gap before the first message")
	default:
	}
	for i := 0; ; i++ {
		msg := fmt.Sprint(i)
		publish(t, here, "room", msg)
		want(t, quick, msg)
		select {
		case <-slow.Gaps():
		case <-quick.Gaps():
			t.Fatal("a listener that kept up is told of a gap")
		default:
			continue
		}
		return
	}
}

func closedSubscription(t *testing.T, here, there broker.Broker) {
	s, other := subscribe(t, here, "room"), subscribe(t, here, "room")
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ended(t, s)
	publish(t, there, "room", "still")
	want(t, other, "still")
	fresh := subscribe(t, here, "room")
	publish(t, there, "room", "new")
	want(t, fresh, "new")
}

func comesAndGoes(t *testing.T, here, there broker.Broker) {
	ctx, stop := context.WithCancel(t.Context())
	var publishing, listening sync.WaitGroup
	publishing.Go(func() {
		for ctx.Err() == nil {
			if err := there.Publish(t.Context(), "room", []byte("x")); err != nil {
				t.Error(err)
			}
		}
	})
	for range 4 {
		listening.Go(func() {
			for range 50 {
				s, err := here.Subscribe(t.Context(), "room")
				if err != nil {
					t.Error(err)
					return
				}
				<-s.C()
				s.Close()
			}
		})
	}
	listening.Wait()
	stop()
	publishing.Wait()
}

func closedBroker(t *testing.T, here, _ broker.Broker) {
	s := subscribe(t, here, "room")
	for range 2 {
		if err := here.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ended(t, s)
	if err := s.Close(); err != nil {
		t.Errorf("closing a subscription of a closed broker: %v", err)
	}
	if err := here.Publish(t.Context(), "room", nil); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("publish: %v, want ErrClosed", err)
	}
	if _, err := here.Subscribe(t.Context(), "room"); !errors.Is(err, broker.ErrClosed) {
		t.Errorf("subscribe: %v, want ErrClosed", err)
	}
}

func endedContext(t *testing.T, here, _ broker.Broker) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := here.Publish(ctx, "room", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("publish: %v, want context.Canceled", err)
	}
	if _, err := here.Subscribe(ctx, "room"); !errors.Is(err, context.Canceled) {
		t.Errorf("subscribe: %v, want context.Canceled", err)
	}
}
