package post_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// askCode asks for a code to sign in.
func (w *world) askCode() {
	w.t.Helper()
	w.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": "owner@example.org"}).Into(http.StatusNoContent, nil)
}

// code is the last mail of a code and what the store keeps of it.
func (w *world) code() store.Mail {
	w.t.Helper()
	all, err := w.Store.Mails(w.t.Context(), "", []room.InvitationID{""})
	if err != nil || len(all) == 0 {
		w.t.Fatalf("mails: %v, %v", all, err)
	}
	return all[len(all)-1]
}

// Somebody is waiting for a code: it goes before invitations, and nothing of it
// is kept.
func TestCodesGoFirst(t *testing.T) {
	w := newWorld(t, 1)
	w.invite("anna@example.org")
	w.invite("bert@example.org")
	w.askCode()
	w.deliver()
	w.taken("all", 3)
	if first := w.smtp.Mails()[0]; first.To != "owner@example.org" || !strings.Contains(plain(first.Raw), "Your code to sign in") {
		t.Errorf("first: %+v", first)
	}
	if m := w.code(); m.State != store.MailSent || m.Sealed != nil {
		t.Errorf("afterwards: %+v", m)
	}
}

func TestACodeThatCameTooLateIsNotSent(t *testing.T) {
	w := newWorld(t, 1)
	w.smtp.Down()
	w.askCode()
	w.deliver()
	if m := w.code(); m.State != store.MailQueued || m.Sealed == nil {
		t.Fatalf("while the server is away: %+v", m)
	}
	w.smtp.Up()
	w.Clock.Advance(store.CodeLife + time.Minute)
	w.deliver()
	w.taken("too late", 0)
	if m := w.code(); m.State != store.MailFailed || m.Sealed != nil {
		t.Errorf("too late: %+v", m)
	}
}

// The code stands in the mail, and in no log.
func TestCodesAreNotLogged(t *testing.T) {
	w := newWorld(t, 1)
	w.askCode()
	w.deliver()
	code := digits(w.smtp.Mails()[0].Raw)
	if len(code) != 6 {
		t.Fatalf("no code in %s", w.smtp.Mails()[0].Raw)
	}
	if strings.Contains(w.Logs(), code) {
		t.Error("the code is in the log")
	}
}

// digits is the line of a mail that is six digits.
func digits(raw string) string {
	for line := range strings.Lines(raw) {
		if word := strings.TrimSpace(line); len(word) == 6 && strings.Trim(word, "0123456789") == "" {
			return word
		}
	}
	return ""
}
