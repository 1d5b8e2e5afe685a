package tables

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Engine is a database with its transactions.
type Engine interface {
	// Write runs work in a transaction that is as if it ran alone, and waits
	// until it is durable. work may run more than once; only its last run counts,
	// and an error of it means that nothing was written. When ctx ends before work
	// has begun, it never begins; when it has begun, its outcome is awaited. The
	// error is in words (Plain).
	Write(ctx context.Context, step string, work func(Tx) error) error
	// WriteRoom is Write that also holds the lock of a room's log: it sees what
	// every commit before it wrote, and none runs beside it.
	WriteRoom(ctx context.Context, step string, id room.ID, work func(Tx) error) error
	// Query reads what was committed before.
	Query(ctx context.Context, text string, args ...any) (Rows, error)
	// One reads one row; sql.ErrNoRows when there is none.
	One(ctx context.Context, text string, args []any, dest ...any) error
	// Clock reads the store's clock without asking anybody.
	Clock() time.Time
	// Plain puts an error into words and into the store's own errors:
	// sql.ErrNoRows is store.ErrNotFound, a Decided is what is in it.
	Plain(step string, err error) error
}

// Tx is a transaction. After an error of one of its methods it is over: work
// must end. The violation of a key is store.ErrConflict.
type Tx interface {
	// Exec writes. An error may come as late as with the next call, or at the end.
	Exec(text string, args ...any) error
	// Change writes and says how many rows it changed.
	Change(text string, args ...any) (int64, error)
	// Take writes with RETURNING and reads the one row; sql.ErrNoRows when none
	// was changed.
	Take(text string, args []any, dest ...any) error
	// One reads one row; sql.ErrNoRows when there is none.
	One(text string, args []any, dest ...any) error
	// Query reads rows. They are closed before anything else is done.
	Query(text string, args ...any) (Rows, error)
	// Lock waits until no other transaction holds this name, until the end. What
	// commits of several rooms read and write is under such a lock; a database
	// with one writer has nothing to do.
	Lock(name string) error
}

// Rows are the rows of a read.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
	Columns() ([]Column, error)
}

// Column is one of the columns of rows.
type Column struct {
	Name    string
	Boolean bool
}

// Decided marks an error of the caller's own function: it goes back as it is.
type Decided struct{ Err error }

func (d Decided) Error() string { return d.Err.Error() }

// tx is a transaction as the files here use it.
type tx struct{ Tx }

func (t *tx) exec(text string, args ...any) error             { return t.Exec(text, args...) }
func (t *tx) change(text string, args ...any) (int64, error)  { return t.Change(text, args...) }
func (t *tx) take(text string, args []any, dest ...any) error { return t.Take(text, args, dest...) }
func (t *tx) one(text string, args []any, dest ...any) error  { return t.One(text, args, dest...) }
func (t *tx) query(text string, args ...any) (Rows, error)    { return t.Query(text, args...) }
func (t *tx) lock(name string) error                          { return t.Lock(name) }
