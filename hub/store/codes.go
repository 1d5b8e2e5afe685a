package store

import (
	"context"
	"errors"
	"time"

	"greenroom/hub/room"
)

// MaxCodeTries is how many wrong tries a code survives; the next one ends it.
const MaxCodeTries = 5

// ErrLimit says that a daily limit of mails forbids one more.
var ErrLimit = errors.New("store: the limit of a day is used up")

// Code is a short code that was mailed to somebody, who is to type it in.
type Code struct {
	Purpose string    // what it is good for: "signin"
	Subject room.Hash // whom or what it is about
	Hash    room.Hash // of purpose, subject and code, with a key: the code is short
	Expires time.Time
}

// Codes are mailed codes, shared by all instances and as durable as the log.
// There is one for each purpose and subject.
type Codes interface {
	// PutCode puts a code in the place of an earlier one and its mail into the
	// queue, both or neither. ErrLimit: the recipient has had MostRecipient codes
	// in the MailDay before; the earlier code lives on, so that asking again
	// gives no more tries than there are mails. It sweeps what is long over.
	PutCode(ctx context.Context, c Code, mail MailRow) error
	// TakeCode spends the code if the hash is right and it has not expired at
	// now; a wrong one is counted. One of many callers wins. It says nothing
	// about whether there was a code.
	TakeCode(ctx context.Context, purpose string, subject, hash room.Hash, now time.Time) (right bool, err error)
}
