package store

import (
	"context"

	"greenroom/hub/room"
)

// BallotRow adds to the counter of a choice, word or text in an interaction
// whose answers are anonymous. It holds nothing of who answered.
type BallotRow struct {
	Room        room.ID
	Interaction string // its id in the room
	Choice      string // number, word or text
	N           int
}

// BallotTold lets everything that an interaction's counters hold now be told.
// Between two of them enough people answer that nobody sees what one of them
// gave; rows of a batch that stand before it count, those behind it wait.
type BallotTold struct {
	Room        room.ID
	Interaction string
}

// BallotEnd deletes the counters of an interaction: the log has its result, or
// it is gone.
type BallotEnd struct {
	Room        room.ID
	Interaction string
}

func (BallotRow) row()  {}
func (BallotTold) row() {}
func (BallotEnd) row()  {}

// Ballots is what is counted of anonymous answers. The counters are in no
// order that would tell of when they were written.
type Ballots interface {
	// Ballot gives at most limit counters of an interaction, the highest first
	// and equal ones by choice.
	Ballot(ctx context.Context, id room.ID, interaction string, limit int) (room.Counted, error)
	// ToldBallot is Ballot without what was added since the last BallotTold: in
	// the same order, and counters of which nothing is left are not there.
	ToldBallot(ctx context.Context, id room.ID, interaction string, limit int) (room.Counted, error)
	// BallotTexts gives at most limit counters by choice, behind one.
	BallotTexts(ctx context.Context, id room.ID, interaction, after string, limit int) (room.Counted, error)
	// ToldTexts is BallotTexts as of the last BallotTold.
	ToldTexts(ctx context.Context, id room.ID, interaction, after string, limit int) (room.Counted, error)
}
