// Package tables is what all SQL drivers of the store do alike: every method
// of the contract that is statements and rows, and the steps of the schema.
// The statements are in sqltext.
//
// A driver gives an Engine, embeds Store, and adds what is its own: opening
// and closing, the clock, how a transaction is made durable, how deleted bytes
// leave the files.
//
// Start at engine.go, then commit.go.
package tables

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store/sqltext"
)

// Store implements the contract on an engine, but for Now, Scrub and Close.
type Store struct{ engine Engine }

// New makes a store of an engine.
func New(e Engine) Store { return Store{e} }

// Ping writes a row, with its fsync: what it promises is that a commit would
// work now.
func (s *Store) Ping(ctx context.Context) error {
	return s.write(ctx, "ping", func(t *tx) error { return t.exec(sqltext.Beat, s.now().UnixMilli()) })
}

// now reads the store's clock.
func (s *Store) now() time.Time { return s.engine.Clock() }

// write runs work in a transaction and waits for it to be durable.
func (s *Store) write(ctx context.Context, step string, work func(*tx) error) error {
	return s.engine.Write(ctx, step, func(t Tx) error { return work(&tx{t}) })
}

// writeRoom is write for what must not run beside a commit of the room.
func (s *Store) writeRoom(ctx context.Context, step string, id room.ID, work func(*tx) error) error {
	return s.engine.WriteRoom(ctx, step, id, func(t Tx) error { return work(&tx{t}) })
}

// one reads one row into the places of dest; store.ErrNotFound when there is
// none.
func (s *Store) one(ctx context.Context, step, text string, args []any, dest ...any) error {
	return s.engine.Plain(step, s.engine.One(ctx, text, args, dest...))
}

// each calls scan for every row of a read.
func (s *Store) each(ctx context.Context, step, text string, args []any, scan func(Rows) error) error {
	rows, err := s.engine.Query(ctx, text, args...)
	if err != nil {
		return s.engine.Plain(step, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return s.engine.Plain(step, err)
		}
	}
	return s.engine.Plain(step, rows.Err())
}

// instant is a stored time; 0 is the zero time.
func instant(ms room.Millis) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms)).UTC()
}

// millis is how a time is stored; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
