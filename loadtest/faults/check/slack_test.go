package check

import (
	"testing"

	"greenroom/loadtest/faults/history"
)

func TestLate(t *testing.T) {
	h := &history.History{}
	for _, d := range []struct{ at, took float64 }{{1, 0.1}, {2, 0.5}, {3, 0.2}} {
		h.Entries = append(h.Entries, &history.Delayed{When: history.Instant(seconds(d.at)), Took: seconds(d.took)})
	}
	r := NewRun(h)
	for _, c := range []struct{ from, until, late float64 }{{0, 0.8, 0}, {0, 0.95, 0.1}, {0, 1.5, 0.5}, {1.1, 1.2, 0}, {1.7, 1.8, 0.5}, {2.1, 9, 0.2}, {3.1, 9, 0}} {
		if got := r.late(seconds(c.from), seconds(c.until)); got != seconds(c.late) {
			t.Errorf("from %v until %v it is late by %s", c.from, c.until, shown(got))
		}
	}
	// A second more for the tenth of one, and that reaches into the worse one.
	if got := r.slack(seconds(0.5), seconds(1.1)); got != hops*seconds(0.5) {
		t.Errorf("slack %s", shown(got))
	}
}

// A message is late: that breaks the promise, unless the machine was as late.
func TestLateOnALateMachine(t *testing.T) {
	for _, took := range []history.At{0, seconds(0.02), seconds(0.3)} {
		b := breakIn(t, "L8", "a message is late")
		var delays []history.Entry
		for _, e := range history.Of[*history.Event](b.h) {
			delays = append(delays, &history.Delayed{When: e.When, Took: took})
		}
		b.h.Entries = append(b.h.Entries, delays...)
		b.h.Sort()
		checker, _ := Of("L8")
		if v := checker.On(NewRun(b.h)); v.Holds() != (took == seconds(0.3)) {
			t.Errorf("%s late: %s", shown(took), v)
		}
	}
}

// A reader that nobody felt shows nothing.
func TestStalledIsFelt(t *testing.T) {
	h := good(1)
	checker, _ := Of("S1")
	history.Of[*history.Stalled](h)[0].Held = 0
	if v := checker.On(NewRun(h)); v.Exercised() || len(v.Violations) > 0 {
		t.Errorf("nothing was held: %s", v)
	}
}
