package tables

import (
	"context"

	"greenroom/hub/room"
	"greenroom/hub/store/sqltext"
)

// Ballot implements store.Ballots.
func (s *Store) Ballot(ctx context.Context, id room.ID, interaction string, limit int) (room.Counted, error) {
	return s.counted(ctx, "ballot", sqltext.Ballot, string(id), interaction, max(limit, 0))
}

// ToldBallot implements store.Ballots.
func (s *Store) ToldBallot(ctx context.Context, id room.ID, interaction string, limit int) (room.Counted, error) {
	return s.counted(ctx, "told ballot", sqltext.ToldBallot, string(id), interaction, max(limit, 0))
}

// ToldTexts implements store.Ballots.
func (s *Store) ToldTexts(ctx context.Context, id room.ID, interaction, after string, limit int) (room.Counted, error) {
	return s.counted(ctx, "told texts", sqltext.ToldTexts, string(id), interaction, after, max(limit, 0))
}

// BallotTexts implements store.Ballots.
func (s *Store) BallotTexts(ctx context.Context, id room.ID, interaction, after string, limit int) (room.Counted, error) {
	return s.counted(ctx, "ballot texts", sqltext.BallotTexts, string(id), interaction, after, max(limit, 0))
}

func (s *Store) counted(ctx context.Context, step, text string, args ...any) (all room.Counted, err error) {
	err = s.each(ctx, step, text, args, func(rows Rows) error {
		var c room.WordCount
		err := rows.Scan(&c.Text, &c.N)
		all = append(all, c)
		return err
	})
	return all, err
}
