package post_test

import (
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
	"greenroom/server/mail/smtptest"
)

// asking is a world whose managers get two requests a day.
func asking(t *testing.T, instances int) *world {
	smtp := smtptest.Start(t, smtptest.Options{})
	carrier := &mail.SMTP{Host: smtp.Host, Port: smtp.Port, Roots: smtp.Roots, From: netmail.Address{Address: "rooms@greenroom.example"}, Timeout: apitest.Patience}
	w := &world{Server: apitest.Start(t, apitest.Options{Mail: carrier, Instances: instances, Limits: api.Limits{MailRequests: 2}}), t: t, smtp: smtp}
	w.owner = w.Owner()
	w.room = w.owner.Room("Talk", 48*time.Hour).ID
	return w
}

// manages makes an account that manages the room.
func (w *world) manages(email, right string) apitest.Person {
	w.t.Helper()
	_, p := w.Person(email, "Mia", "Manager")
	w.owner.Do("PUT", w.path("/managers/"+p.ID), map[string]string{"right": right}).Into(http.StatusOK, nil)
	return p
}

func (w *world) path(rest string) string { return "/api/v1/rooms/" + w.room + rest }

// keptOut is somebody whose invitation was withdrawn, and who has heard of it from nobody.
func (w *world) keptOut(email string) apitest.Invitation {
	w.t.Helper()
	card := w.owner.Invite(w.room, email, "viewer")
	w.owner.Do("DELETE", w.path("/invitations/"+card.ID), nil).Into(http.StatusNoContent, nil)
	return card
}

func (w *world) ask(card apitest.Invitation, message string) {
	w.t.Helper()
	w.Browser().Ask(card.Holds(), message).Into(http.StatusOK, nil)
}

// recipients are those whom the server took mails for, in the order of their addresses.
func (w *world) recipients() (all []string) {
	for _, m := range w.smtp.Mails() {
		all = append(all, m.To)
	}
	slices.Sort(all)
	return all
}

// Everybody who may answer is mailed, inside or not, once for one wish; what
// the asker typed is words in it, and the way in is not.
func TestRequestsReachTheManagers(t *testing.T) {
	w := asking(t, 2)
	w.manages("publisher@example.org", "co-publisher")
	w.manages("editor@example.org", "co-editor")
	w.Person("nobody@example.org", "Not", "Here")
	card := w.keptOut("anna@example.org")
	w.ask(card, "Help\r\nBcc: all@example.org\r\n\r\n<b>me</b> {link}")
	w.ask(card, "Again")
	w.deliver()
	if err := w.Instances[1].Post.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := w.recipients(), []string{"editor@example.org", "owner@example.org", "publisher@example.org"}; !slices.Equal(got, want) {
		t.Fatalf("mailed: %v", got)
	}
	_, secret := card.Link()
	for _, m := range w.smtp.Mails() {
		read, err := netmail.ReadMessage(strings.NewReader(m.Raw))
		if err != nil || read.Header.Get("Bcc") != "" || strings.Contains(m.Raw, "\nBcc:") || read.Header.Get("Subject") == "" {
			t.Fatalf("headers: %v %v", read, err)
		}
		text := plain(m.Raw)
		for _, want := range []string{"/rooms/" + w.room + "#requests", "Help Bcc: all@example.org <b>me</b> {link}", "&lt;b&gt;me", card.FirstName} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%s", want, text)
			}
		}
		if strings.Contains(text, secret) || strings.Contains(text, "/i/") || strings.Contains(text, "anna@example.org") {
			t.Errorf("it tells too much:\n%s", text)
		}
	}
	w.want("the invitation's own mails", card.ID, "", "", "")
	if strings.Contains(w.Logs(), "Help Bcc") {
		t.Error("a message in the log")
	}
}

// Nobody is mailed what was answered, or is not theirs to answer any more.
func TestRequestsThatAreOver(t *testing.T) {
	w := asking(t, 1)
	gone := w.manages("gone@example.org", "co-owner")
	off := w.manages("off@example.org", "co-owner")
	card := w.keptOut("anna@example.org")
	w.ask(card, "Please")
	w.owner.Do("DELETE", w.path("/managers/"+gone.ID), nil).Into(http.StatusNoContent, nil)
	w.owner.Do("PATCH", "/api/v1/site/people/"+off.ID, map[string]any{"disabled": true}).Into(http.StatusOK, nil)
	w.deliver()
	if got := w.recipients(); !slices.Equal(got, []string{"owner@example.org"}) {
		t.Errorf("mailed: %v", got)
	}
	other := w.keptOut("bert@example.org")
	w.ask(other, "Please")
	w.owner.Do("DELETE", w.path("/requests/"+other.ID), nil).Into(http.StatusNoContent, nil)
	w.deliver()
	w.taken("dismissed before", 1)
}

// A wish is told once an hour, and a room's wishes twice a day here; they are
// nobody's share of other mails, and another room has its own.
func TestRequestsAreLimited(t *testing.T) {
	w := asking(t, 1)
	card := w.keptOut("anna@example.org")
	w.ask(card, "")
	w.Clock.Advance(59 * time.Minute)
	w.ask(card, "Hello?")
	w.deliver()
	w.taken("within the hour", 1)
	w.Clock.Advance(time.Minute)
	w.ask(card, "An hour later")
	w.deliver()
	w.taken("an hour later", 2)
	for _, email := range []string{"bert@example.org", "cleo@example.org"} {
		w.ask(w.keptOut(email), "Me too")
	}
	w.deliver()
	w.taken("the day is full", 2)
	var list struct{ Total int }
	w.owner.Do("GET", w.path("/requests"), nil).Into(http.StatusOK, &list)
	if list.Total != 3 {
		t.Errorf("%d requests in the list", list.Total)
	}
	first := w.room
	w.room = w.owner.Room("Other", 48*time.Hour).ID
	w.ask(w.keptOut("dora@example.org"), "")
	w.deliver()
	w.taken("another room", 3)
	w.room = first
	w.Clock.Advance(24 * time.Hour)
	w.again()
	w.ask(w.keptOut("emil@example.org"), "")
	w.deliver()
	w.taken("another day", 4)
}

// Two wishes of one person that wait for a server are one mail.
func TestRequestsThatWaited(t *testing.T) {
	w := asking(t, 1)
	card := w.keptOut("anna@example.org")
	w.ask(card, "First")
	w.Clock.Advance(time.Hour)
	w.ask(card, "Second")
	w.deliver()
	w.taken("both are due", 1)
	if text := plain(w.smtp.Mails()[0].Raw); !strings.Contains(text, "Second") {
		t.Error("the first one was told:\n" + text)
	}
}

// The site's language, zone and template are the managers'.
func TestRequestsInTheSitesWords(t *testing.T) {
	w := asking(t, 1)
	w.owner.Do("PATCH", "/api/v1/site/mail", map[string]any{"language": "de", "zone": "Europe/Berlin"}).Into(http.StatusOK, nil)
	w.ask(w.keptOut("anna@example.org"), "")
	w.deliver()
	if text := plain(w.smtp.Mails()[0].Raw); !strings.Contains(text, "Guten Tag Olga") || !strings.Contains(text, "(Europe/Berlin)") {
		t.Errorf("in other words:\n%s", text)
	}
	w.owner.Do("PUT", "/api/v1/site/mail/templates/de?kind=request", map[string]string{"subject": "{asker} fragt", "html": "<p>{link}</p>", "text": "Ach, {first_name}: {link}"}).Into(http.StatusOK, nil)
	w.ask(w.keptOut("bert@example.org"), "")
	w.deliver()
	if text := plain(w.smtp.Mails()[1].Raw); !strings.Contains(text, "Ach, Olga: ") || !strings.Contains(text, w.room) {
		t.Errorf("another template:\n%s", text)
	}
}
