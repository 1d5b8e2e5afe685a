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
// began. The statements are in sqltext, the tables in migrations/.
//
// Start at commit.go, then writer.go.
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
	"greenroom/hub/store/sqltext"
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
	// set once
	path   string
	now    func() time.Time
	log    *slog.Logger
	writer *writer
	reads  *sql.DB

	prepared sync.Map // text of a statement to *sql.Stmt on reads
}

var _ store.Store = (*Store)(nil)

// Now reads the clock, in milliseconds.
func (s *Store) Now(context.Context) (time.Time, error) {
	return time.UnixMilli(s.now().UnixMilli()).UTC(), nil
}

// Ping writes a row, with its fsync: what it promises is that a commit would
// work now.
func (s *Store) Ping(ctx context.Context) error {
	return s.write(ctx, "ping", func(t *tx) error { return t.exec(sqltext.Beat, s.now().UnixMilli()) })
}

// Close lets those who wait finish, then gives the file back. Calls that come
// later fail with store.ErrClosed. It may be called more than once.
func (s *Store) Close() error {
	return errors.Join(s.writer.close(), s.reads.Close())
}

// write runs one writer's work and waits for it to be durable. work may run
// more than once; only its last run counts. When ctx ends before the work has
// begun, it never begins; when it has begun, its outcome is awaited.
func (s *Store) write(ctx context.Context, step string, work func(*tx) error) error {
	return s.plain(step, s.writer.do(ctx, work))
}

// query gives the rows of a prepared read.
func (s *Store) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// one reads one row into the places of dest; store.ErrNotFound when there is
// none.
func (s *Store) one(ctx context.Context, step, text string, args []any, dest ...any) error {
	stmt, err := s.prepare(ctx, text)
	if err == nil {
		err = stmt.QueryRowContext(ctx, args...).Scan(dest...)
	}
	return s.plain(step, err)
}

// each calls scan for every row of a prepared read.
func (s *Store) each(ctx context.Context, step, text string, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.query(ctx, text, args...)
	if err != nil {
		return s.plain(step, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return s.plain(step, err)
		}
	}
	return s.plain(step, rows.Err())
}

func (s *Store) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt, ok := s.prepared.Load(text); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := s.reads.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	first, lost := s.prepared.LoadOrStore(text, stmt)
	if lost {
		stmt.Close()
	}
	return first.(*sql.Stmt), nil
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
