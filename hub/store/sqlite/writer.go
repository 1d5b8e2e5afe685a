package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// The bounds of one transaction: how many requests share it, and after how
// many written rows the rest waits for the next one, so that a few huge
// batches do not hold up everybody's answer.
const (
	groupRequests = 1024
	groupRows     = 2 * store.MaxBatch
)

// writer is the goroutine that owns the writing connection. It ends after
// close, when all who waited have been answered.
type writer struct {
	// set once
	log   *slog.Logger
	wake  chan struct{} // holds one token while somebody waits
	ended chan struct{} // closed when the goroutine has ended

	// guarded by mu
	mu      sync.Mutex
	waiting []*request
	closed  bool

	// owned by the goroutine
	db *sql.DB
	tx *tx
}

// request is somebody's work that waits for the writer.
type request struct {
	work  func(*tx) error
	state atomic.Int32 // waits, then begun or dropped
	done  chan error   // holds the one answer
}

const (
	waits int32 = iota
	begun
	dropped
)

func newWriter(ctx context.Context, db *sql.DB, log *slog.Logger) (*writer, error) {
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		log: log, wake: make(chan struct{}, 1), ended: make(chan struct{}),
		db: db, tx: &tx{conn: conn, prepared: map[string]*sql.Stmt{}},
	}
	go w.run()
	return w, nil
}

// do queues work and waits for its outcome.
func (w *writer) do(ctx context.Context, work func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{work: work, done: make(chan error, 1)}
	if !w.queue(r) {
		return store.ErrClosed
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.state.CompareAndSwap(waits, dropped) {
			return ctx.Err()
		}
		return <-r.done
	}
}

func (w *writer) queue(r *request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.waiting = append(w.waiting, r)
	select {
	case w.wake <- struct{}{}:
	default: // the token is there already
	}
	return true
}

func (w *writer) close() error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.wake)
	}
	w.mu.Unlock()
	<-w.ended
	return w.db.Close()
}

// take gives those who wait, in order, without those who gave up.
func (w *writer) take() (group []*request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.waiting) > 0 && len(group) < groupRequests {
		if r := w.waiting[0]; r.state.CompareAndSwap(waits, begun) {
			group = append(group, r)
		}
		w.waiting = w.waiting[1:]
	}
	return group
}

func (w *writer) run() {
	defer close(w.ended)
	for open := true; open; {
		_, open = <-w.wake
		for group := w.take(); len(group) > 0; group = w.take() {
			w.serve(group)
		}
	}
	w.tx.close()
}

// serve runs and answers a group, in as many transactions as it takes.
func (w *writer) serve(group []*request) {
	for len(group) > 0 {
		n, outcomes, err := w.transact(group)
		switch {
		case err == nil:
			answer(group[:n], outcomes)
		case n > 1 && !final(err):
			// Nothing of the transaction was kept, and what some of these
			// requests saw of the others was never true: all run again, in
			// halves, until only the one that cannot be written fails.
			w.serve(group[:n/2])
			w.serve(group[n/2 : n])
		default:
			answer(group[:n], repeat(err, n))
		}
		group = group[n:]
	}
}

func answer(group []*request, outcomes []error) {
	for i, r := range group {
		r.done <- outcomes[i]
	}
}

func repeat(err error, n int) []error {
	all := make([]error, n)
	for i := range all {
		all[i] = err
	}
	return all
}

// transact runs the first n of a group in one transaction: all that fit its
// bound. An error means that nothing of it was kept; otherwise outcomes has
// the answer of each.
func (w *writer) transact(group []*request) (n int, outcomes []error, err error) {
	if err := w.tx.begin(); err != nil {
		return len(group), nil, beginError{err}
	}
	for _, r := range group {
		if w.tx.rows >= groupRows {
			break
		}
		n++
		outcome, lost := w.attempt(r)
		if lost != nil {
			w.tx.rollback()
			return n, nil, lost
		}
		outcomes = append(outcomes, outcome)
	}
	if err := w.tx.end(); err != nil {
		return n, nil, err
	}
	return n, outcomes, nil
}

// attempt runs one request in its savepoint. lost means that the transaction
// is gone with all that was before.
func (w *writer) attempt(r *request) (outcome, lost error) {
	outcome = w.guard(r.work)
	if outcome == nil {
		return nil, w.tx.keep()
	}
	if err := w.tx.undo(); err != nil || breaks(outcome) {
		return nil, outcome
	}
	return outcome, nil
}

// guard makes a panic inside work an error of its caller, who must not stop
// everybody's writing.
func (w *writer) guard(work func(*tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("store: panic inside a commit", "panic", p, "stack", string(debug.Stack()))
			err = tables.Decided{Err: fmt.Errorf("store: panic inside a commit: %v", p)}
		}
	}()
	return work(w.tx)
}
