package post_test

import (
	"net/http"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"greenroom/server/mail/smtptest"
)

// Everything once with a mail server that many use: over TLS and with a
// password, to a mailbox; what it refuses is told; while it is away nothing is
// lost, and nothing comes twice.
func TestPostfix(t *testing.T) {
	p := startPostfix(t)
	w := worldBy(t, 1, p.carrier(postfixPassword))
	made, gone := w.invite("anna@example.org"), w.invite("nobody@example.org")
	w.deliver()
	w.want("to a mailbox", made.ID, "invitation", "sent", "")
	w.want("to nobody", gone.ID, "invitation", "bounced", "550 5.1.1")
	invitation := p.mailbox("anna", 1)[0]
	read, err := netmail.ReadMessage(strings.NewReader(invitation))
	if err != nil {
		t.Fatal(err)
	}
	h := read.Header
	if from, err := h.AddressList("From"); err != nil || from[0].Name != "Räume" || h.Get("Return-Path") != "<rooms@greenroom.example>" ||
		h.Get("Message-Id") == "" || h.Get("Date") == "" || h.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(h.Get("Received"), "SMTPSA") {
		t.Errorf("headers %v, %v", h, err)
	}
	if !strings.Contains(plain(strings.ReplaceAll(invitation, "\n", "\r\n")), made.URL) {
		t.Errorf("no link in\n%s", invitation)
	}

	p.down()
	w.owner.Patch(w.room, map[string]any{"starts_at": w.In(72 * time.Hour)}).Into(http.StatusOK, nil)
	for range 12 {
		w.deliver()
		w.Clock.Advance(5 * time.Minute)
	}
	w.want("while it is away", made.ID, "moved", "queued", "cannot be reached")
	p.up()
	for range 24 {
		w.deliver()
		w.Clock.Advance(3 * time.Minute)
	}
	w.want("when it is back", made.ID, "moved", "sent", "")
	w.owner.Do("DELETE", "/api/v1/rooms/"+w.room, nil).Into(http.StatusNoContent, nil)
	w.deliver()
	var methods []string
	uids := map[string]bool{}
	for _, one := range p.mailbox("anna", 3) {
		m := smtptest.Mail{Raw: strings.ReplaceAll(one, "\n", "\r\n")} // as it was on the line
		methods = append(methods, field(t, m, "METHOD"))
		uids[field(t, m, "UID")] = true
	}
	if got := strings.Join(methods, " "); strings.Count(got, "REQUEST") != 2 || strings.Count(got, "CANCEL") != 1 || len(uids) != 1 {
		t.Errorf("calendar: %s of %v", got, uids)
	}
}

// A server that does not know our password is one that is away: the mail
// waits, and the managers are not told the administrator's business.
func TestPostfixWithTheWrongPassword(t *testing.T) {
	p := startPostfix(t)
	w := worldBy(t, 1, p.carrier("wrong"))
	made := w.invite("anna@example.org")
	w.deliver()
	w.want("the wrong password", made.ID, "invitation", "queued", "cannot be reached")
	if all, _ := p.list("anna"); len(all) != 0 {
		t.Errorf("%d mails", len(all))
	}
}
