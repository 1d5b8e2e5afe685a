package postgres

import (
	"context"
	"fmt"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
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

// tailText gives the clock and, beside it, the event at place $2, without its
// payload, and those behind it; one row of NULLs where there are none. It is
// one statement with a bound, because PostgreSQL would plan one without it anew
// in each commit.
const tailText = `
	SELECT clock.ms, tail.seq, tail.at, tail.participant, tail.key, tail.kind, tail.payload
	FROM (` + clockText + ` AS ms) AS clock
	LEFT JOIN LATERAL (
		SELECT seq, at, participant, key, kind, CASE WHEN seq > $2 THEN payload END AS payload FROM log
		WHERE room = $1 AND seq >= $2 ORDER BY seq LIMIT 64
	) AS tail ON true`

const tailRows = 64

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
	for more := true; more && err == nil; {
		more, err = t.readTail(id, max(head, found.last), &found)
	}
	if err == nil && head > found.last {
		err = fmt.Errorf("room %s: place %d is behind the end of its log", id, head)
	}
	return found, err
}

// readTail adds what is behind a place of the log, and says whether there may
// be more.
func (t *tx) readTail(id room.ID, from room.Seq, to *tail) (more bool, err error) {
	rows, err := t.Query(tailText, string(id), int64(from))
	if err != nil {
		return false, err
	}
	defer rows.Close()
	n := room.Seq(0)
	for ; rows.Next(); n++ {
		if err := to.take(rows, from, max(from, 1)+n); err != nil {
			return false, err
		}
	}
	return n == tailRows, rows.Err()
}

// take reads one row, which is that of the wanted place. The first place is
// known to the caller.
func (f *tail) take(rows tables.Rows, first, want room.Seq) error {
	var e tailRow
	err := rows.Scan(&f.clock, &e.seq, &e.at, &e.participant, &e.key, &e.kind, &e.payload)
	switch {
	case err != nil || e.seq == nil:
		return err
	case *e.seq != want:
		return fmt.Errorf("the log lacks place %d", want)
	}
	f.last, f.at = *e.seq, *e.at
	if f.last == first {
		return nil
	}
	event := room.Event{Seq: *e.seq, At: *e.at, Participant: *e.participant, Key: *e.key}
	if event.Fact, err = room.DecodeFact(*e.kind, e.payload); err != nil {
		return fmt.Errorf("event %d: %w", event.Seq, err)
	}
	f.newer = append(f.newer, event)
	return nil
}

// tailRow is a row of the log, or nothing.
type tailRow struct {
	seq         *room.Seq
	at          *room.Millis
	participant *room.ParticipantID
	key         *room.Key
	kind        *string
	payload     []byte
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
