package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// What mailed codes are good for.
const codeSignIn = "signin"

var million = big.NewInt(1_000_000)

// newCode makes six random digits.
func newCode() redact.Secret {
	n, err := rand.Int(rand.Reader, million)
	if err != nil { // the system's source never fails
		panic(err)
	}
	return redact.Secret(fmt.Sprintf("%06d", n))
}

// codeHash is what the store keeps of a code. Six digits could be found by
// trying, so it has a key.
func (a *API) codeHash(purpose string, subject room.Hash, code redact.Secret) (h room.Hash) {
	mac := hmac.New(sha256.New, a.pepper)
	fmt.Fprintf(mac, "code %q %x %q", purpose, subject, string(code))
	copy(h[:], mac.Sum(nil))
	return h
}

// codeMail is the row that mails a code; room and invitation may be empty. It
// goes with whatever remembers the code: PutCode, or a commit of a room.
func (a *API) codeMail(to mailaddr.Address, code redact.Secret, language string, id room.ID, inv room.InvitationID) store.MailRow {
	mail := newID()
	return store.MailRow{ID: mail, Room: id, Invitation: inv, Kind: store.MailCode, Recipient: a.mailbox(to),
		Sealed: a.mailer.SealCode(mail, id, inv, string(code), to.Typed, language), MostRecipient: a.limits.CodesRecipient}
}

// sendCode mails a code of a purpose about a subject, which replaces an earlier
// one. With nobody at the address it does the same and sends nothing. When the
// recipient has had the codes of a day, the last one stays good: spent.
func (a *API) sendCode(ctx context.Context, purpose string, subject room.Hash, to mailaddr.Address, language string, nobody bool) (spent bool, err error) {
	code := newCode()
	mail := a.codeMail(to, code, language, "", "")
	mail.Unsent = nobody
	c := store.Code{Purpose: purpose, Subject: subject, Hash: a.codeHash(purpose, subject, code), Expires: a.hub.Now().Add(store.CodeLife)}
	err = a.store.PutCode(ctx, c, mail)
	if errors.Is(err, store.ErrLimit) {
		a.log.Info("a code was not mailed: the address has had the codes of a day")
		return true, nil
	}
	a.wake()
	return false, err
}

// tryCode spends the code of a purpose about a subject, or counts a wrong try.
// It takes the same way whether there is one or not.
func (a *API) tryCode(ctx context.Context, purpose string, subject room.Hash, code redact.Secret) (right bool, err error) {
	typed := redact.Secret(strings.Map(digit, string(code)))
	return a.store.TakeCode(ctx, purpose, subject, a.codeHash(purpose, subject, typed), a.hub.Now())
}

// digit drops what people and mail programs put between digits.
func digit(r rune) rune {
	if r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f' {
		return -1
	}
	return r
}

// languageOf is the first language that a browser asks for, as its tag.
func languageOf(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	if tag = strings.TrimSpace(tag); len(tag) > 20 {
		return ""
	}
	return tag
}
