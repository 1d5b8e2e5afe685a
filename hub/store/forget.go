package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// ForgetRow deletes what is private beside the log of a room (addresses,
// links, openings, mails) of one invitation or of all, drops the snapshots of
// before, and notes that the log is to be redacted: all with the fact that
// says so, so that a crash leaves nothing half done that nobody knows of.
type ForgetRow struct {
	Room       room.ID
	Invitation room.InvitationID // empty: none, unless All
	All        bool
	Place      room.Seq // of the fact
}

func (ForgetRow) row() {}

// Erasure is somebody's wish to be forgotten, until it is done.
type Erasure struct {
	ID        string
	Person    room.PersonID // empty: an address without an account
	Canonical string        // the address; empty when done
	Recipient room.Hash     // of the address in the queue of mails
	By        room.PersonID // who asked: the person or an admin
	Heir      room.PersonID // owner of the rooms that would have none
	Asked     time.Time
	Done      time.Time // zero: not yet
}

// Redaction is a log that holds what its room has forgotten.
type Redaction struct {
	Room  room.ID
	Place room.Seq // of the newest fact that forgets
}

// AddressMark is the place of an address row in the order of all.
type AddressMark struct {
	Room       room.ID
	Invitation room.InvitationID
}

// Forgetting is how people and rooms are forgotten. All of it can be begun
// again after a crash. Leases are as those of mails.
type Forgetting interface {
	// AskErasure writes the wish and deletes, in the same transaction, the
	// account with its sessions, keys, codes and mails. ErrNotFound: there is no
	// such account. ErrLastOwner: the site would have none.
	AskErasure(ctx context.Context, e Erasure, audit ...AuditRow) error
	// LeaseErasure gives one that is not done. ErrNotFound: none is due.
	LeaseErasure(ctx context.Context, holder string, lease time.Duration) (Erasure, error)
	// RenewErasure has the lease last from now on. ErrNotFound: it is somebody
	// else's by now, or done.
	RenewErasure(ctx context.Context, id, holder string, lease time.Duration) error
	// EndErasure says that it is done, and forgets the address.
	EndErasure(ctx context.Context, id, holder string) error
	// Erasures gives the newest first.
	Erasures(ctx context.Context, limit int) ([]Erasure, error)

	// AllAddresses gives the address rows of all rooms behind a place, in order.
	AllAddresses(ctx context.Context, after AddressMark, limit int) ([]AddressRow, error)
	// RoomsOf gives the rooms that a person manages or ever managed, but for
	// those whose log has forgotten it.
	RoomsOf(ctx context.Context, id room.PersonID) ([]room.ID, error)

	// LeaseRedaction gives a log that is to be redacted. ErrNotFound: none is.
	LeaseRedaction(ctx context.Context, holder string, lease time.Duration) (Redaction, error)
	// RenewRedaction is as RenewErasure; ErrNotFound also where more was forgotten
	// meanwhile, so that the log waits for anybody.
	RenewRedaction(ctx context.Context, r Redaction, holder string, lease time.Duration) error
	// Redact goes through at most limit events behind a place and writes those
	// that redact changes; their places, times, kinds, participants and keys
	// stay. It gives the last place it saw; after itself when there are none.
	Redact(ctx context.Context, id room.ID, after room.Seq, limit int, redact func(room.Event) (room.Event, bool)) (room.Seq, error)
	// EndRedaction says that a log is redacted up to the place of the lease.
	EndRedaction(ctx context.Context, r Redaction, holder string) error
	// RedactionsWaiting counts the logs that are to be redacted.
	RedactionsWaiting(ctx context.Context) (int, error)
	// Scrub makes sure that nothing deleted is left in files: free pages, the
	// log of writes. It may have to wait for readers; then it is tried again.
	Scrub(ctx context.Context) error

	// Outlived takes rooms that may have ended before a time, an open end
	// counting from the start, and that nobody has taken since looked.
	Outlived(ctx context.Context, before, looked time.Time, limit int) ([]room.ID, error)
	// SweepRows deletes mails in a final state since before a time, and
	// one-time secrets and keys that have expired before it: at most limit of
	// each. It gives how many went.
	SweepRows(ctx context.Context, before time.Time, limit int) (int, error)
	// ForgetAgents empties the Agent of web sessions in which somebody signed in
	// before a time, and gives of how many.
	ForgetAgents(ctx context.Context, before time.Time) (int, error)
	// Pseudonymise replaces who and to whom in the oldest entries of the audit
	// log by pseudonyms, at most limit of them, and gives how many.
	Pseudonymise(ctx context.Context, before time.Time, key []byte, limit int) (int, error)
}
