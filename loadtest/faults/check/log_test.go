package check

import (
	"testing"

	"greenroom/loadtest/faults/history"
)

// What staff is not shown because the store does not answer, a goodbye does not
// wait for: only who stays is owed it.
func TestWhoIsSentOutIsOwedNothingMore(t *testing.T) {
	event := func(pos uint64, name string) *history.Event { return &history.Event{Pos: pos, Name: name} }
	for _, x := range []struct {
		events []*history.Event
		until  uint64
	}{
		{[]*history.Event{event(4, "chat.posted"), event(9, "me.role")}, 9},
		{[]*history.Event{event(4, "chat.posted"), event(9, "me.removed")}, 4},
		{[]*history.Event{event(4, "chat.posted"), event(9, "me.revoked")}, 4},
		{[]*history.Event{event(9, "me.removed")}, 0},
	} {
		if got := (&Conn{Events: x.events}).stayedUntil(); got != x.until {
			t.Errorf("stayed until %d, not %d", got, x.until)
		}
	}
}
