// Package store is the contract of what remembers: one numbered log of facts
// per room, and beside the logs rows for what is private or unordered.
//
// The log is the truth. Texts are valid UTF-8 without NUL: the border sees to
// it, and not every database could hold others. A driver passes storetest.
package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"greenroom/hub/room"
)

// The errors of every driver. Others are wrapped with the step that failed;
// they mean that nothing was written unless they say ErrUnknown.
var (
	ErrNotFound  = errors.New("store: not found")
	ErrConflict  = errors.New("store: exists already")
	ErrLastOwner = errors.New("store: the last owner stays")
	ErrUnknown   = errors.New("store: outcome unknown") // the connection was lost at commit
	ErrNewSchema = errors.New("store: schema is newer than this program")
	ErrClosed    = errors.New("store: closed")

	// ErrUnwritable is in every error of a store that takes nothing from anybody
	// now, though it may still be read: a full disk, a database that may only be
	// read, a lost connection. It passes without us.
	ErrUnwritable = errors.New("store: cannot be written now")
)

// Unwritable says of an error that it is also ErrUnwritable, and leaves its
// words as they are.
func Unwritable(err error) error { return unwritable{err} }

type unwritable struct{ error }

func (u unwritable) Unwrap() []error { return []error{u.error, ErrUnwritable} }

// MaxBatch is the largest number of events one commit appends.
const MaxBatch = 4096

// Batch is what one commit writes, all or nothing. Events carry no place and
// no time yet: the driver numbers them from the head on; At is set by decide.
// Rows belong to the events (the hash of a link's secret, a mail address) and
// are written in the same transaction.
type Batch struct {
	Events []room.Event
	Rows   []Row
}

// Log is the numbered logs.
type Log interface {
	// Commit locks the room's log, hands to decide what came after head (the
	// caller's last known place) and the store's time, and appends what decide
	// gives. It returns after the batch is durable. decide may be called again
	// (only its last result counts), must be quick and do no I/O. An empty
	// batch writes nothing and needs no fsync of its own, but its success
	// confirms that newer was everything up to the head at a moment after the
	// call began. now never runs backwards within a room: it is at least the
	// time of the room's last event.
	// The events get Seq = last of newer (or head) + 1, 2, …; decide sets them
	// and the driver checks that they are gapless (an error otherwise).
	// An error from decide is returned as it is and nothing is written. decide
	// may run on a goroutine of the driver: it must not call the store, and a
	// panic in it comes back as an error. So does a head beyond the log, and an
	// event in newer whose fact is of a newer release (room.UnknownFact).
	// When ctx ends before decide was called, it is not called; later the outcome
	// is awaited.
	Commit(ctx context.Context, id room.ID, head room.Seq, decide func(now time.Time, newer []room.Event) (Batch, error)) error

	// Since gives the events after seq in order. It stops early when the
	// caller does, or with an error: a gap, or room.UnknownFact. The caller may
	// use the store between two events.
	Since(ctx context.Context, id room.ID, seq room.Seq) iter.Seq2[room.Event, error]

	// Page gives at most limit events of the kinds before a place (0: from the
	// head), newest first.
	Page(ctx context.Context, id room.ID, kinds []string, before room.Seq, limit int) ([]room.Event, error)

	// Heads gives the last place of each room that has a log; others are not in
	// the map.
	Heads(ctx context.Context, ids []room.ID) (map[room.ID]room.Seq, error)

	// Due gives the rooms that are scheduled and whose start has come by the
	// store's clock, and those whose WakeRow has come.
	Due(ctx context.Context) ([]room.ID, error)

	// Snapshot gives the newest stored snapshot, or 0 and nil. It is a cache.
	Snapshot(ctx context.Context, id room.ID) (room.Seq, []byte, error)

	// PutSnapshot stores one and drops older ones of the room. When a newer one
	// is stored, or the room has forgotten something since (ForgetRow), it does
	// nothing.
	PutSnapshot(ctx context.Context, id room.ID, seq room.Seq, state []byte) error

	// Now reads the store's clock, which is the system's clock. The reading is
	// a lower bound of the time of the answer.
	Now(ctx context.Context) (time.Time, error)
}

// Store is the logs, the directory, the queue of mails, the mailed codes, the
// audit log and the rosters of invitations on one database.
type Store interface {
	Log
	Directory
	Groups
	Keys
	Mails
	Audits
	Forgetting
	Codes
	Rosters
	Identities
	Ballots

	// Secret gives the site's random 32 bytes of this name, made at first use
	// and the same for all instances (the pepper of address hashes).
	Secret(ctx context.Context, name string) ([]byte, error)
	// RenewSecret lets Secret give another from now on.
	RenewSecret(ctx context.Context, name string) error

	// Ping says whether the store can answer and write now: it writes.
	Ping(ctx context.Context) error

	// Close ends the store when those who wait for a write have their answer.
	// Calls that come later fail with ErrClosed. It may be called more than once.
	Close() error
}
