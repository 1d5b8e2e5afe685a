// Package forget does what is asked for once and takes its time: it erases
// people, and lets go of what has been kept long enough (SECURITY.md T31).
//
// An erasure is a wish in the store (store.Erasure), written in the
// transaction that deletes the account. Whichever instance leases it looks
// for the person in every room and gives each the command room.ErasePerson;
// the commit of that fact also deletes the private rows and notes that the
// room's log is to be redacted. So there is no step after which a crash would
// leave something that nobody looks for: a lease that ends is taken again, and
// every step may be done twice. Leases are short and renewed while the work
// goes on (held.go): what a killed instance was at another takes up within 25 s.
//
// Rooms that ended longer ago than the site keeps content are emptied by
// room.ForgetContent, in the same way. Rows that are only kept for a while are
// swept, and old audit entries get pseudonyms.
//
// Imports: hub, hub/room, hub/store, server/mailaddr. Start at Worker.Run.
package forget

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Rooms judges commands and knows rooms and the site's settings: hub.Hub.
type Rooms interface {
	Do(ctx context.Context, id room.ID, by room.Actor, c room.Command, rows func([]room.Event) []store.Row) (hub.Result, error)
	State(ctx context.Context, id room.ID) (*room.State, error)
	Site() *room.Site
	Now() time.Time
}

// Config is everything a worker is given. All fields but Every are required.
type Config struct {
	Store store.Store
	Rooms Rooms
	Log   *slog.Logger
	Every time.Duration // between two looks; 0: 10 s
}

// Worker forgets. Several instances share the work.
type Worker struct {
	// set once
	store  store.Store
	rooms  Rooms
	log    *slog.Logger
	every  time.Duration
	holder string
	pepper []byte
	key    []byte // of pseudonyms
	wake   chan struct{}

	// used by one goroutine: that of Run, or a test's
	erasing   left[store.Erasure]
	redacting left[store.Redaction]

	// each guards itself
	counts counts
	sweep  atomic.Pointer[Sweep]
	dirty  atomic.Bool // files may hold what was deleted: here, or by an instance that fell over
}

// counts are what this instance has done.
type counts struct {
	erased, redacted, forgotten, swept, pseudonyms, failed atomic.Int64
}

// Counts are what this instance has done since it began.
type Counts struct {
	Erased     int64 // people
	Redacted   int64 // logs
	Forgotten  int64 // rooms whose content went
	Swept      int64 // rows
	Pseudonyms int64 // audit entries
	Failed     int64 // attempts
}

// Sweep is the last look at what has been kept long enough.
type Sweep struct {
	At     time.Time // when it ended
	Gone   int64     // rooms emptied, rows deleted, entries that got pseudonyms
	Failed bool
	Next   time.Time // not before
}

// Swept gives the last sweep of this instance; zero: there was none yet.
func (w *Worker) Swept() Sweep {
	if s := w.sweep.Load(); s != nil {
		return *s
	}
	return Sweep{}
}

// New makes a worker. It reads site secrets from the store, once.
func New(ctx context.Context, c Config) (*Worker, error) {
	pepper, err := c.Store.Secret(ctx, "address")
	if err != nil {
		return nil, err
	}
	key, err := c.Store.Secret(ctx, "pseudonym")
	if err != nil {
		return nil, err
	}
	w := &Worker{store: c.Store, rooms: c.Rooms, log: c.Log, every: cmp.Or(c.Every, 10*time.Second), holder: rand.Text(),
		pepper: pepper, key: key, wake: make(chan struct{}, 1)}
	w.dirty.Store(true)
	return w, nil
}

// Wake tells the worker that somebody asked to be erased.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Counts gives what was done here.
func (w *Worker) Counts() Counts {
	c := &w.counts
	return Counts{c.erased.Load(), c.redacted.Load(), c.forgotten.Load(), c.swept.Load(), c.pseudonyms.Load(), c.failed.Load()}
}

// keepEvery is how many looks there are between two sweeps of what was kept
// long enough.
const keepEvery = 60

// Run forgets until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for {
		w.attempt(ctx, "erasing people", w.Erase)
		if now := time.Now(); !now.Before(w.Swept().Next) {
			w.keep(ctx, now.Add(keepEvery*w.every))
		}
		w.attempt(ctx, "redacting logs", w.Redact)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.wake:
		}
	}
}

// keep lets go of what is old, and notes how that went.
func (w *Worker) keep(ctx context.Context, next time.Time) {
	gone := func() int64 {
		c := w.Counts()
		return c.Forgotten + c.Swept + c.Pseudonyms
	}
	before := gone()
	failed := !w.attempt(ctx, "letting go of what is old", w.LetGo)
	w.sweep.Store(&Sweep{At: time.Now(), Gone: gone() - before, Failed: failed, Next: next})
}

func (w *Worker) attempt(ctx context.Context, what string, work func(context.Context) error) bool {
	err := work(ctx)
	if err != nil && ctx.Err() == nil {
		w.counts.failed.Add(1)
		w.log.Error("forgetting failed; it is tried again", "step", what, "error", err)
	}
	return err == nil
}

// lease is how long an instance that vanished keeps its work from others. One
// that works renews it.
const lease = 15 * time.Second

// Redact takes out of the logs what their rooms have forgotten, and then out
// of the files: until that has worked, each call tries it again.
func (w *Worker) Redact(ctx context.Context) error {
	for {
		r, fresh, err := w.redacting.next(func() (store.Redaction, error) { return w.store.LeaseRedaction(ctx, w.holder, lease) })
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err == nil {
			renew := func() error { return w.store.RenewRedaction(ctx, r, w.holder, lease) }
			err = w.redacting.keep(r, fresh, holding(ctx, renew, func() error { return w.redact(ctx, r) }))
		}
		if err != nil {
			return err
		}
		w.dirty.Store(true)
		w.counts.redacted.Add(1)
	}
	if !w.dirty.Load() {
		return nil
	}
	err := w.store.Scrub(ctx)
	w.dirty.Store(err != nil)
	return err
}

const eventsAtOnce = 512 // others wait for the store meanwhile

func (w *Worker) redact(ctx context.Context, r store.Redaction) error {
	state, err := w.rooms.State(ctx, r.Room)
	if err != nil {
		return err
	}
	for at, next := room.Seq(0), room.Seq(0); ; at = next {
		if next, err = w.store.Redact(ctx, r.Room, at, eventsAtOnce, state.Redact); err != nil {
			return err
		}
		if next == at {
			return w.store.EndRedaction(ctx, r, w.holder)
		}
	}
}
