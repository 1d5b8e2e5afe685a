package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// The two kinds of transaction. A commit of a room takes its lock and sees in
// each statement what was committed before it. Everything else is
// serializable.
const (
	beginLocked       = `BEGIN ISOLATION LEVEL READ COMMITTED`
	beginSerializable = `BEGIN ISOLATION LEVEL SERIALIZABLE`
	lockText          = `SELECT pg_advisory_xact_lock($1)`
)

// tx is one transaction on one connection. Statements that only write wait
// until something is read or the transaction ends, and go out together.
type tx struct {
	ctx   context.Context
	conn  *pgx.Conn
	queue *pgx.Batch
	open  bool // begin has gone out
	wrote bool
}

func newTx(ctx context.Context, conn *pgxpool.Conn, begin string) *tx {
	t := &tx{ctx: ctx, conn: conn.Conn(), queue: &pgx.Batch{}}
	t.queue.Queue(begin)
	return t
}

// most is how many statements wait: those of a usual turn of a feed. More go
// out on the way, so that a huge batch does not look like an instance that has
// stopped.
const most = 2048

// Exec implements tables.Tx.
func (t *tx) Exec(text string, args ...any) error {
	t.wrote = true
	t.queue.Queue(text, texts(args)...)
	if t.queue.Len() < most {
		return nil
	}
	return t.flush()
}

// Lock implements tables.Tx.
func (t *tx) Lock(name string) error {
	t.queue.Queue(lockText, lockOf(name))
	return nil
}

// Change implements tables.Tx.
func (t *tx) Change(text string, args ...any) (n int64, err error) {
	t.wrote = true
	t.queue.Queue(text, texts(args)...)
	results, err := t.send(t.queue.Len() - 1)
	if err != nil {
		return 0, err
	}
	tag, err := results.Exec()
	return tag.RowsAffected(), conflict(errors.Join(err, results.Close()))
}

// Take implements tables.Tx.
func (t *tx) Take(text string, args []any, dest ...any) error {
	t.wrote = true
	return t.One(text, args, dest...)
}

// One implements tables.Tx.
func (t *tx) One(text string, args []any, dest ...any) error {
	found, err := t.Query(text, args...)
	if err != nil {
		return err
	}
	return conflict(only(found, dest))
}

// Query implements tables.Tx.
func (t *tx) Query(text string, args ...any) (tables.Rows, error) {
	t.queue.Queue(text, texts(args)...)
	results, err := t.send(t.queue.Len() - 1)
	if err != nil {
		return nil, err
	}
	found, err := results.Query()
	if err != nil {
		results.Close()
		return nil, conflict(err)
	}
	return &rows{Rows: found, done: func() { results.Close() }}, nil
}

// send sends what waits, and reads the answers to the first n.
func (t *tx) send(n int) (pgx.BatchResults, error) {
	queue := t.queue
	t.queue, t.open = &pgx.Batch{}, true
	results := t.conn.SendBatch(t.ctx, queue)
	for range n {
		if _, err := results.Exec(); err != nil {
			results.Close()
			return nil, conflict(err)
		}
	}
	return results, nil
}

// flush sends what waits and reads all answers.
func (t *tx) flush() error {
	results, err := t.send(t.queue.Len())
	if err != nil {
		return err
	}
	return conflict(results.Close())
}

// commit ends the transaction. store.ErrUnknown: the connection was lost after
// the COMMIT may have arrived.
func (t *tx) commit() error {
	if !t.open && !t.wrote {
		return nil
	}
	t.queue.Queue("COMMIT")
	err := t.flush()
	if err == nil || !t.conn.IsClosed() || clash(err) || pgconn.SafeToRetry(err) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrUnknown, err)
}

// rollback ends the transaction without it. When that fails the connection is
// given up with it.
func (t *tx) rollback() {
	if t.open && !t.conn.IsClosed() {
		t.conn.Exec(t.ctx, "ROLLBACK")
	}
}

// texts gives arguments whose texts PostgreSQL can hold: valid UTF-8 without
// NUL. What cannot be is U+FFFD. What is kept was judged at the border; this is
// for what strangers ask for, which is then not found.
func texts(args []any) []any {
	for i, arg := range args {
		text, ok := arg.(string)
		if !ok || utf8.ValidString(text) && !strings.Contains(text, "\x00") {
			continue
		}
		args = slices.Clone(args)
		args[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	}
	return args
}

// lockOf is the number of a lock. Two names with one number only wait for each
// other.
func lockOf(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return int64(h.Sum64())
}

func roomLock(id room.ID) int64 { return lockOf("room " + string(id)) }

// Write implements tables.Engine.
func (e *engine) Write(ctx context.Context, step string, work func(tables.Tx) error) error {
	return e.Plain(step, e.again(ctx, func() error {
		return e.transact(ctx, beginSerializable, work)
	}))
}

// WriteRoom implements tables.Engine.
func (e *engine) WriteRoom(ctx context.Context, step string, id room.ID, work func(tables.Tx) error) error {
	return e.Plain(step, e.again(ctx, func() error {
		return e.transact(ctx, beginLocked, func(t tables.Tx) error {
			t.(*tx).queue.Queue(lockText, roomLock(id))
			return work(t)
		})
	}))
}

// again does what clashed again after a moment, until its time is over.
// Connections that were lost before anything could be written are from before
// a restart of the database: all are given up, and it is tried once more. So it
// is with those that may only read, though not in quick succession.
func (e *engine) again(ctx context.Context, attempt func() error) error {
	until := time.Now().Add(e.patience)
	for n, losses := 0, 0; ; n++ {
		if e.closed.Load() {
			return store.ErrClosed
		}
		err := attempt()
		switch {
		case clash(err) && time.Now().Before(until):
		case lost(err) && !errors.Is(err, store.ErrUnknown) && losses == 0:
			losses++
			e.pool.Reset()
		case readOnly(err) && losses == 0 && e.renews():
			losses++
			e.pool.Reset()
		default:
			return err
		}
		select {
		case <-time.After(rand.N(time.Millisecond << min(n, 5))):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// renewEvery is how long connections that may only read are kept before others
// are looked for.
const renewEvery = time.Second

// renews says whether it is time for that.
func (e *engine) renews() bool {
	last, now := e.renewed.Load(), time.Now()
	return (last == nil || now.Sub(*last) >= renewEvery) && e.renewed.CompareAndSwap(last, &now)
}

// transact runs work once. It begins with the caller's context, and goes on
// without it.
func (e *engine) transact(ctx context.Context, begin string, work func(tables.Tx) error) error {
	conn, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.patience)
	defer cancel()
	t := newTx(bounded, conn, begin)
	if err := e.guard(func() error { return work(t) }); err != nil {
		t.rollback()
		return err
	}
	if err := t.commit(); err != nil {
		t.rollback()
		return err
	}
	return nil
}

func (e *engine) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, e.patience)
	defer cancel()
	return e.pool.Acquire(bounded)
}

// guard makes a panic inside work an error of its caller.
func (e *engine) guard(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e.log.Error("store: panic inside a commit", "panic", p, "stack", string(debug.Stack()))
			err = tables.Decided{Err: fmt.Errorf("store: panic inside a commit: %v", p)}
		}
	}()
	return work()
}
