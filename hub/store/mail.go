package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// MailKind is what a mail is about.
type MailKind string

// The kinds of mail.
const (
	MailInvitation MailKind = "invitation" // with the link
	MailMoved      MailKind = "moved"      // the start or the end has moved
	MailCancelled  MailKind = "cancelled"  // the invitation was withdrawn or the room called off
	MailCode       MailKind = "code"       // a six-digit code, of use for CodeLife
	MailRequest    MailKind = "request"    // to a manager: somebody was kept out and asks for a way in
)

// MailState is how far a mail has come.
type MailState string

// A mail is queued until it is sent; the other states are final.
const (
	MailQueued  MailState = "queued"
	MailSent    MailState = "sent"    // the mail server has taken it
	MailBounced MailState = "bounced" // the mail server has refused it for good
	MailFailed  MailState = "failed"  // given up; never tried if Attempts is 0: a daily limit
	MailDropped MailState = "dropped" // there is no reason to send it any more
)

// CodeLife is how long a mailed code works, and how long sending it is tried.
const CodeLife = 10 * time.Minute

// MailDay is the span that the limits of mails count in.
const MailDay = 24 * time.Hour

// MailRow puts a mail into the queue, due at once. If as many mails as a limit
// allows were queued or tried for its recipient or by its inviter in the
// MailDay before, it is written as MailFailed with no attempt. Codes, requests
// and other mails are counted apart for a recipient; codes go before all others.
type MailRow struct {
	ID         string            // unique
	Room       room.ID           // empty for a code that belongs to no room
	Invitation room.InvitationID // empty likewise; of a request: who asks
	Kind       MailKind
	Generation uint32        // of the link it carries
	Recipient  room.Hash     // of the address, the same in every room
	Inviter    room.PersonID // of a request: the manager it goes to, and nobody's in the count
	Sealed     []byte        // what only the sender can read; gone in a final state

	MostRecipient, MostInviter int // limits; 0: none. Of a request the former is for its room alone

	Unsent bool // written as MailDropped: nobody is at this address, and writing takes as long as if somebody were
}

// NoticeRow puts a mail of this kind into the queue for everybody of a room
// who was sent an invitation or may be just now. Left out are those who have
// such a notice (for MailMoved: one that nobody has begun to send) and, with
// MailMoved, those who had MostRecipient mails in the MailDay before: a
// cancellation is always told. MailCancelled drops what else is queued.
type NoticeRow struct {
	ID            string // the mails' ids begin with it
	Room          room.ID
	Invitation    room.InvitationID // of this one alone; empty: all
	Kind          MailKind
	MostRecipient int // 0: no limit
}

func (MailRow) row()   {}
func (NoticeRow) row() {}

// Mail is a mail in the queue or what became of it.
type Mail struct {
	ID         string
	Room       room.ID
	Invitation room.InvitationID
	Kind       MailKind
	Generation uint32
	Inviter    room.PersonID
	Sealed     []byte
	State      MailState
	Detail     string // the last answer that was no
	Attempts   int
	Created    time.Time
	Changed    time.Time // when it came into its state, or was last tried
	Held       bool      // somebody has it, or had it and vanished
}

// MailEnd is what came of an attempt. MailQueued means once more, at Next.
type MailEnd struct {
	State  MailState
	Detail string
	Next   time.Time
}

// Mails is the queue of mails, shared by all instances. Times are the store's.
type Mails interface {
	// LeaseMail gives one mail that is due, to this holder (unique for each
	// call) alone until EndMail or for the time of the lease; then it is due
	// again. ErrNotFound: none is due.
	LeaseMail(ctx context.Context, holder string, lease time.Duration) (Mail, error)
	// EndMail ends a lease. ErrNotFound: it was over, and the mail is somebody
	// else's or has ended.
	EndMail(ctx context.Context, id, holder string, end MailEnd) error
	// HastenMail makes a queued mail with a link of this generation due now.
	// ErrNotFound: there is none.
	HastenMail(ctx context.Context, id room.ID, inv room.InvitationID, generation uint32) error
	// Mails gives all mails of these invitations, each in the order of queuing.
	Mails(ctx context.Context, id room.ID, invs []room.InvitationID) ([]Mail, error)
	// MailLoad counts what was queued or tried in the MailDay before, without
	// codes and requests.
	MailLoad(ctx context.Context, recipient room.Hash, inviter room.PersonID) (toRecipient, byInviter int, err error)
	// CodeLoad counts the codes among what was queued or tried for a recipient in
	// the MailDay before.
	CodeLoad(ctx context.Context, recipient room.Hash) (int, error)
	// MailsWaiting counts the queue.
	MailsWaiting(ctx context.Context) (int, error)
}
