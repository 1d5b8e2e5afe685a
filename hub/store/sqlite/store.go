// Package sqlite is the embedded driver of the store: one file, no server to
// run. It is meant for one instance; two programs on one file stay correct,
// but wait for each other.
//
// One goroutine writes (writer.go). Everybody who has something to write
// queues for it, and all who wait share one transaction and one fsync: group
// commit without a timer. Each of them has a savepoint, so that one who fails
// does not fail the others. Nobody is answered before the COMMIT has reached
// the disk (WAL with synchronous=FULL).
//
// Reads have their own connections and see what was committed before they
// began. What is asked and written is in tables.
//
// Start at writer.go.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// Options says where the store is. Path is a file in an existing folder; it is
// made when it is not there.
type Options struct {
	Path string
	Now  func() time.Time // the store's clock; nil: time.Now
	Log  *slog.Logger     // what no caller is told, such as a panic's stack; nil: nowhere
	Wait time.Duration    // for another program that holds the file locked; 0: 5 s
}

// Store implements store.Store on one SQLite file. All methods may be called
// from many goroutines.
type Store struct {
	tables.Store
	engine *engine
}

var _ store.Store = (*Store)(nil)

// Now reads the clock, in milliseconds.
func (s *Store) Now(context.Context) (time.Time, error) {
	return time.UnixMilli(s.engine.now().UnixMilli()).UTC(), nil
}

// Close lets those who wait finish, then gives the file back. Calls that come
// later fail with store.ErrClosed. It may be called more than once.
func (s *Store) Close() error {
	return errors.Join(s.engine.writer.close(), s.engine.reads.Close())
}

// engine is the file with its connections.
type engine struct {
	// set once
	path   string
	now    func() time.Time
	log    *slog.Logger
	writer *writer
	reads  *sql.DB

	prepared sync.Map // text of a statement to *sql.Stmt on reads
}

// Clock implements tables.Engine.
func (e *engine) Clock() time.Time { return e.now() }

// Write runs one writer's work and waits for it to be durable. work may run
// more than once; only its last run counts. When ctx ends before the work has
// begun, it never begins; when it has begun, its outcome is awaited.
func (e *engine) Write(ctx context.Context, step string, work func(tables.Tx) error) error {
	return e.Plain(step, e.writer.do(ctx, func(t *tx) error { return work(t) }))
}

// WriteRoom is Write: there is one writer.
func (e *engine) WriteRoom(ctx context.Context, step string, _ room.ID, work func(tables.Tx) error) error {
	return e.Write(ctx, step, work)
}

// Query gives the rows of a prepared read.
func (e *engine) Query(ctx context.Context, text string, args ...any) (tables.Rows, error) {
	stmt, err := e.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return wrap(stmt.QueryContext(ctx, args...))
}

// rows are database/sql's.
type rows struct{ *sql.Rows }

func wrap(found *sql.Rows, err error) (tables.Rows, error) {
	if err != nil {
		return nil, err
	}
	return rows{found}, nil
}

// Columns implements tables.Rows.
func (r rows) Columns() (all []tables.Column, err error) {
	kinds, err := r.ColumnTypes()
	for _, kind := range kinds {
		all = append(all, tables.Column{Name: kind.Name(), Boolean: kind.DatabaseTypeName() == "BOOLEAN"})
	}
	return all, err
}

// One reads one row.
func (e *engine) One(ctx context.Context, text string, args []any, dest ...any) error {
	stmt, err := e.prepare(ctx, text)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(ctx, args...).Scan(dest...)
}

func (e *engine) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt, ok := e.prepared.Load(text); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := e.reads.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	first, lost := e.prepared.LoadOrStore(text, stmt)
	if lost {
		stmt.Close()
	}
	return first.(*sql.Stmt), nil
}
