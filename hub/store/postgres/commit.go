package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
	"greenroom/hub/store/tables"
)

type decider = func(now time.Time, newer []room.Event) (store.Batch, error)

// Commit implements store.Log in two round trips: the first takes the lock of
// the room and reads what is new, the second appends and commits. decide runs
// between them, on the caller's goroutine.
func (s *Store) Commit(ctx context.Context, id room.ID, head room.Seq, decide decider) error {
	e := s.engine
	return e.Plain("commit", e.again(ctx, func() error { return e.commit(ctx, id, head, decide) }))
}

func (e *engine) commit(ctx context.Context, id room.ID, head room.Seq, decide decider) error {
	conn, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	// Whoever leaves before decide is let go; from there on the outcome is
	// awaited.
	bounded, cancel := context.WithTimeout(ctx, e.patience)
	defer cancel()
	t := newTx(bounded, conn, beginLocked)
	tail, err := t.tail(id, head)
	if err == nil {
		var done context.CancelFunc
		t.ctx, done = context.WithTimeout(context.WithoutCancel(ctx), e.patience)
		defer done()
		err = e.decide(t, id, tail, decide)
	}
	if err != nil {
		t.rollback()
	}
	return err
}

// tail is a room's log as its lock found it.
type tail struct {
	last  room.Seq
	at    room.Millis // of the last event
	newer []room.Event
	clock int64
}

// tail takes the lock and reads. The statements behind the lock see what its
// holder before committed.
func (t *tx) tail(id room.ID, head room.Seq) (found tail, err error) {
	t.queue.Queue(lockText, roomLock(id))
	t.queue.Queue(clockText)
	t.queue.Queue(sqltext.LastEvent, string(id))
	t.queue.Queue(sqltext.EventsAfter, string(id), int64(head), int64(math.MaxInt32))
	results, err := t.send(2)
	if err != nil {
		return tail{}, err
	}
	err = found.read(results)
	if closed := results.Close(); err == nil {
		err = closed
	}
	if err == nil && head > found.last {
		err = fmt.Errorf("room %s: place %d is behind the end of its log, which is %d", id, head, found.last)
	}
	return found, err
}

func (f *tail) read(results pgx.BatchResults) error {
	if err := results.QueryRow().Scan(&f.clock); err != nil {
		return err
	}
	if err := results.QueryRow().Scan(&f.last, &f.at); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	found, err := results.Query()
	if err != nil {
		return err
	}
	f.newer, err = tables.ReadEvents(&rows{Rows: found})
	return err
}

func (e *engine) decide(t *tx, id room.ID, tail tail, decide decider) error {
	e.clock.learn(tail.clock)
	now := room.Millis(tail.clock)
	if e.now != nil {
		now = room.Millis(e.now().UnixMilli())
	}
	now = max(now, tail.at)
	return e.guard(func() error {
		batch, err := decide(time.UnixMilli(int64(now)).UTC(), tail.newer)
		if err != nil {
			return tables.Decided{Err: err}
		}
		if err := tables.Append(t, id, tail.last, batch, now); err != nil {
			return err
		}
		return t.commit()
	})
}
