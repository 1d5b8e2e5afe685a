package hub

import (
	"greenroom/hub/room"
	"greenroom/hub/store"
)

// ballots is what the answers of one commit add to the counters of anonymous
// interactions. Equal choices are one row.
type ballots struct {
	told  map[store.BallotRow]int // of groups that are whole
	left  map[store.BallotRow]int // of those who came behind them
	whole map[string]bool         // interactions of which a group is whole
}

// add takes in an accepted answer.
func (b *ballots) add(id room.ID, s *room.State, c room.Command) {
	answer, ok := c.(room.InteractionAnswer)
	if !ok {
		return
	}
	for _, choice := range s.Ballot(answer) {
		b.left = counting(b.left, store.BallotRow{Room: id, Interaction: answer.ID, Choice: choice}, 1)
	}
}

// tell makes a group of all that was answered to an interaction so far.
func (b *ballots) tell(interaction string) {
	for row, n := range b.left {
		if row.Interaction == interaction {
			b.told = counting(b.told, row, n)
			delete(b.left, row)
		}
	}
	if b.whole == nil {
		b.whole = map[string]bool{}
	}
	b.whole[interaction] = true
}

// rows gives them in the order in which they are to be written.
func (b *ballots) rows(id room.ID) (rows []store.Row) {
	for row, n := range b.told {
		row.N = n
		rows = append(rows, row)
	}
	for interaction := range b.whole {
		rows = append(rows, store.BallotTold{Room: id, Interaction: interaction})
	}
	for row, n := range b.left {
		row.N = n
		rows = append(rows, row)
	}
	return rows
}

func counting(all map[store.BallotRow]int, row store.BallotRow, n int) map[store.BallotRow]int {
	if all == nil {
		all = map[store.BallotRow]int{}
	}
	all[row] += n
	return all
}
