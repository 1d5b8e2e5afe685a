package check

import (
	"testing"

	"greenroom/loadtest/faults/history"
)

// Who hangs up while coming back has no connection whose end would say so.
func TestWhoHangsUpNeedNotComeBack(t *testing.T) {
	was := &Conn{Opened: &history.Opened{Person: "ana", Device: "d1"}}
	for _, x := range []struct {
		left   history.Left
		leaves bool
	}{
		{history.Left{When: history.Instant(seconds(3)), Person: "ana"}, true},
		{history.Left{When: history.Instant(seconds(3)), Person: "ben"}, false},
		{history.Left{When: history.Instant(seconds(1)), Person: "ana"}, false},
		{history.Left{When: history.Instant(seconds(13)), Person: "ana"}, false},
	} {
		r := NewRun(&history.History{Entries: []history.Entry{&x.left}})
		if got := r.leaves(was, seconds(2), seconds(12)); got != x.leaves {
			t.Errorf("%+v: leaves %v", x.left, got)
		}
	}
}
