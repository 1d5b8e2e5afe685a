// Package postgres is the driver of the store for several instances: they
// share one PostgreSQL, of release 13 or later.
//
// A commit takes the lock of its room, reads what is new, decides and appends
// in two round trips (commit.go): every decision is made at its place in the
// log, on whatever instance, and rooms do not wait for each other. What is
// beside the logs is written in serializable transactions, which PostgreSQL
// runs as if each were alone; those that would not have been run again (tx.go).
// PostgreSQL makes the commits of many rooms durable together.
//
// An instance that stops in the middle of a commit loses its connection after
// idleInTransaction, and its room is free again. A connection that is lost at
// the commit leaves store.ErrUnknown.
//
// What is asked and written is in tables. Start at commit.go, then tx.go.
package postgres

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// Options says where the store is.
type Options struct {
	URL         string           // postgres://USER:PASSWORD@HOST/DATABASE, as libpq understands it
	Connections int              // at most; 0: DefaultConnections
	Patience    time.Duration    // for any one answer of the database; 0: 10 s
	Now         func() time.Time // the store's clock; nil: the database's
	Log         *slog.Logger     // what no caller is told, such as a panic's stack; nil: nowhere
}

// DefaultConnections lets four instances live with PostgreSQL's own bound of
// 100. As many rooms commit at the same moment.
const DefaultConnections = 20

// Store implements store.Store on one PostgreSQL database. All methods may be
// called from many goroutines.
type Store struct {
	tables.Store
	engine *engine
}

var _ store.Store = (*Store)(nil)

// Now asks the database for its time, which is every instance's.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	e := s.engine
	if e.now != nil {
		return time.UnixMilli(e.now().UnixMilli()).UTC(), nil
	}
	var ms int64
	err := e.One(ctx, clockText, nil, &ms)
	if err != nil {
		return time.Time{}, e.Plain("now", err)
	}
	return e.clock.learn(ms), nil
}

// Scrub implements store.Forgetting: the rows that erasing left behind go from
// the tables' pages. What is older is in the database's log of writes until it
// is used again, and in backups.
func (s *Store) Scrub(ctx context.Context) error {
	_, err := s.engine.pool.Exec(ctx, "VACUUM log, snapshot, address, link, opening, mail, person, erasure, audit, audit_about")
	return s.engine.Plain("scrub", err)
}

// Close lets those who have begun finish. Calls that come later fail with
// store.ErrClosed. It may be called more than once.
func (s *Store) Close() error {
	s.engine.closed.Store(true)
	s.engine.pool.Close()
	return nil
}

// Connections is how the connections are used.
type Connections struct {
	Most, Open, Busy int
	Waited           int64         // how often one had to be waited for
	Waiting          time.Duration // in all
	Opened           int64
	Statements       int64 // sent
}

// Connections tells how they are used, for metrics.
func (s *Store) Connections() Connections {
	n := s.engine.pool.Stat()
	return Connections{
		Most: int(n.MaxConns()), Open: int(n.TotalConns()), Busy: int(n.AcquiredConns()),
		Waited: n.EmptyAcquireCount(), Waiting: n.EmptyAcquireWaitTime(), Opened: n.NewConnsCount(), Statements: s.engine.asked.n.Load(),
	}
}

// engine is the database with its connections.
type engine struct {
	// set once
	name     string // host and database, without user and password
	now      func() time.Time
	log      *slog.Logger
	patience time.Duration
	pool     *pgxpool.Pool

	clock   clock
	closed  atomic.Bool
	asked   counter
	renewed atomic.Pointer[time.Time] // when connections that may only read were last given up
}

// Clock implements tables.Engine.
func (e *engine) Clock() time.Time {
	if e.now != nil {
		return e.now()
	}
	return e.clock.read()
}

// Query implements tables.Engine. A connection from before a restart of the
// database is found out by its first answer; then it is asked again.
func (e *engine) Query(ctx context.Context, text string, args ...any) (tables.Rows, error) {
	if e.closed.Load() {
		return nil, store.ErrClosed
	}
	bounded, cancel := context.WithTimeout(ctx, e.patience)
	r, args := &rows{done: cancel}, texts(args)
	err := r.ask(bounded, e.pool, text, args)
	if lost(err) && bounded.Err() == nil {
		e.pool.Reset()
		err = r.ask(bounded, e.pool, text, args)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return r, nil
}

// One implements tables.Engine.
func (e *engine) One(ctx context.Context, text string, args []any, dest ...any) error {
	found, err := e.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	return only(found, dest)
}

// only reads the one row.
func only(found tables.Rows, dest []any) error {
	defer found.Close()
	if !found.Next() {
		if err := found.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := found.Scan(dest...); err != nil {
		return err
	}
	found.Close()
	return found.Err()
}

// rows are pgx's, whose first one has been asked for already.
type rows struct {
	pgx.Rows
	asked, found bool   // whether Next was called ahead, and what it said
	done         func() // when they are closed; may be nil
}

// asker is a pool or a connection.
type asker interface {
	Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
}

func (r *rows) ask(ctx context.Context, of asker, text string, args []any) (err error) {
	if r.Rows, err = of.Query(ctx, text, args...); err != nil {
		return err
	}
	r.asked, r.found = true, r.Rows.Next()
	return r.Rows.Err()
}

// Next implements tables.Rows.
func (r *rows) Next() bool {
	if r.asked {
		r.asked = false
		return r.found
	}
	return r.Rows.Next()
}

// Columns implements tables.Rows.
func (r *rows) Columns() (all []tables.Column, err error) {
	for _, field := range r.FieldDescriptions() {
		all = append(all, tables.Column{Name: field.Name, Boolean: field.DataTypeOID == pgtype.BoolOID})
	}
	return all, nil
}

// Close implements tables.Rows.
func (r *rows) Close() error {
	r.Rows.Close()
	if r.done != nil {
		r.done()
	}
	return nil
}
