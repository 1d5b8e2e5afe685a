package sqlite

import (
	"context"
	"errors"
	"time"
)

// Scrub implements store.Forgetting. Deleted bytes are overwritten at once
// (secure_delete); here the log of writes, which still has them, is taken into
// the file and emptied.
func (s *Store) Scrub(ctx context.Context) error {
	db, err := connect(s.engine.path, 5*time.Second, "secure_delete(1)")
	if err != nil {
		return s.engine.Plain("scrub", err)
	}
	defer db.Close()
	var busy, pages, moved int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return s.engine.Plain("scrub", err)
	}
	if busy != 0 {
		return s.engine.Plain("scrub", errors.New("readers hold the log of writes"))
	}
	return nil
}
