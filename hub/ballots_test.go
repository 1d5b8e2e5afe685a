package hub

import (
	"testing"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Of one commit only what stands before the last whole group is told.
func TestBallotsOfOneCommit(t *testing.T) {
	row := func(interaction, choice string) store.BallotRow {
		return store.BallotRow{Room: "r", Interaction: interaction, Choice: choice}
	}
	var b ballots
	b.left = counting(b.left, row("i1", "0"), 2)
	b.left = counting(b.left, row("i2", "0"), 1)
	b.tell("i1")
	b.left = counting(b.left, row("i1", "0"), 3)
	b.tell("i1")
	b.left = counting(b.left, row("i1", "0"), 1)
	var told, left int
	seen := false
	for _, r := range b.rows("r") {
		switch r := r.(type) {
		case store.BallotTold:
			if r != (store.BallotTold{Room: "r", Interaction: "i1"}) {
				t.Errorf("%+v", r)
			}
			seen = true
		case store.BallotRow:
			if seen {
				left += r.N
			} else {
				told += r.N
			}
		}
	}
	if told != 5 || left != 2 {
		t.Errorf("%d are told, %d left", told, left)
	}
	b = ballots{}
	b.add("r", &room.State{}, room.ChatPost{Text: "hello"})
	if rows := b.rows("r"); len(rows) != 0 {
		t.Errorf("nothing was answered: %v", rows)
	}
}
