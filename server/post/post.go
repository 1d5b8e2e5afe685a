// Package post sends the mails that wait in the store. A mail is queued by
// the commit that it tells of (store.MailRow, store.NoticeRow), so neither is
// there without the other; every instance takes mails from the same queue.
//
// A mail is leased, written from the room as it is at that moment, handed to
// the mail server, and its outcome recorded:
//
//   - Nothing is lost: a mail leaves the queue with the server's answer only.
//     An instance that dies keeps its lease for a while (leaseTime), then
//     another takes the mail.
//   - Nothing is sent twice unless the server's answer was lost: the line broke,
//     the instance died or the store was away between the end of the mail and
//     our note of the answer. SMTP has no remedy for that (RFC 5321 §4.5.3.2.6,
//     RFC 1047); the Message-ID is the same then, so many mailboxes show one.
//   - 4xx and a server that is away: again after a minute, then twice as long
//     each time up to an hour, with jitter, for a day. 5xx about the mail: it
//     bounced, and the answer is kept for the inviter to see.
//
// The secret of a link is in the store as a hash only. While its mail waits,
// the link lies there sealed (AES-256-GCM, with a site secret of its own and
// bound to mail and invitation); it is wiped with the final state. Who can
// read the whole database, keys and all, can open links that wait; a stray
// row, a search or a log tells nothing.
//
// A code (store.MailCode) goes before all other mails, and is of no use after
// ten minutes. It and where it goes are sealed, because it may belong to no
// room.
//
// Imports: hub/room, hub/store, server/mail, server/calendar,
// server/mailaddr. Start at work.go; what a mail says is in letter.go.
package post

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mail"
)

// Carrier takes mails for the world: mail.SMTP, mail.Outbox.
type Carrier interface {
	Connect(ctx context.Context) (mail.Connection, error)
}

// Rooms knows rooms as the store has them now: hub.Hub.
type Rooms interface {
	State(ctx context.Context, id room.ID) (*room.State, error)
	Site() *room.Site
	// Touch is told when it has changed how a mail about an invitation fares.
	Touch(id room.ID, inv room.InvitationID)
}

// Config is everything an office is given. All fields are required.
type Config struct {
	Store   store.Store
	Rooms   Rooms
	Carrier Carrier
	From    netmail.Address
	Public  *url.URL // scheme and host that people type
	Log     *slog.Logger
}

// Office sends what is queued. Its methods may be called from many goroutines.
type Office struct {
	// set once
	store   store.Store
	rooms   Rooms
	carrier Carrier
	from    netmail.Address
	public  *url.URL
	log     *slog.Logger
	seal    cipher.AEAD
	wake    chan struct{} // a token for each worker that should look
	blind   atomic.Bool   // the last look at the queue failed

	// guarded by mu
	mu      sync.Mutex
	pause   time.Duration // the last one; 0: the server is there
	until   time.Time     // by the store's clock: nobody connects before
	picture picture
}

// New makes an office. It reads a site secret from the store, once.
func New(ctx context.Context, c Config) (*Office, error) {
	key, err := c.Store.Secret(ctx, "mail")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	sealing, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Office{store: c.Store, rooms: c.Rooms, carrier: c.Carrier, from: c.From, public: c.Public, log: c.Log,
		seal: sealing, wake: make(chan struct{}, workers)}, nil
}

// Wake tells the office that something was queued.
func (o *Office) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// From is whom the mails are from.
func (o *Office) From() netmail.Address { return o.from }

// Send hands a mail to the mail server at once, without the queue. The error is
// a *mail.Refusal.
func (o *Office) Send(ctx context.Context, m mail.Message) error {
	line, err := o.carrier.Connect(ctx)
	if err != nil {
		return err
	}
	defer line.Close()
	return line.Send(ctx, m)
}

// Seal closes a secret, such as a link, for the row of this mail.
func (o *Office) Seal(id string, in room.ID, inv room.InvitationID, secret string) []byte {
	nonce := make([]byte, o.seal.NonceSize())
	rand.Read(nonce)
	return o.seal.Seal(nonce, nonce, []byte(secret), belongs(id, in, inv))
}

var errSeal = errors.New("post: what is sealed cannot be opened")

func (o *Office) open(m store.Mail) (secret string, err error) {
	size := o.seal.NonceSize()
	if len(m.Sealed) < size {
		return "", errSeal
	}
	plain, err := o.seal.Open(nil, m.Sealed[:size], m.Sealed[size:], belongs(m.ID, m.Room, m.Invitation))
	if err != nil {
		return "", errSeal
	}
	return string(plain), nil
}

func belongs(id string, in room.ID, inv room.InvitationID) []byte {
	return fmt.Appendf(nil, "%q %q %q", id, in, inv)
}
