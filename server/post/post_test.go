package post_test

import (
	"net/http"
	netmail "net/mail"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
	"greenroom/server/mail/smtptest"
	"greenroom/server/post"
)

// world is a site with a real mail server.
type world struct {
	*apitest.Server
	t     *testing.T
	smtp  *smtptest.Server
	owner *apitest.Browser
	room  string
}

func newWorld(t *testing.T, instances int) *world {
	smtp := smtptest.Start(t, smtptest.Options{})
	w := worldBy(t, instances, &mail.SMTP{Host: smtp.Host, Port: smtp.Port, Roots: smtp.Roots, From: netmail.Address{Address: "rooms@greenroom.example"}, Timeout: apitest.Patience})
	w.smtp = smtp
	return w
}

// worldBy is a site whose mails are carried by somebody.
func worldBy(t *testing.T, instances int, carrier post.Carrier) *world {
	s := apitest.Start(t, apitest.Options{Mail: carrier, Instances: instances, Limits: api.Limits{MailRecipient: 8}})
	w := &world{Server: s, t: t, owner: s.Owner()}
	w.room = w.owner.Room("Talk", 48*time.Hour).ID
	return w
}

func (w *world) invite(email string) (made apitest.Invitation) {
	w.t.Helper()
	w.owner.Do("POST", "/api/v1/rooms/"+w.room+"/invitations", map[string]any{"email": email, "first_name": "Anna", "last_name": "Guest",
		"type": "viewer", "send_email": true}).Into(http.StatusCreated, &made)
	return made
}

// again signs in anew: clocks move by more than a session lasts.
func (w *world) again() {
	w.owner.SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
}

func (w *world) deliver() {
	w.t.Helper()
	if err := w.Instances[0].Post.Deliver(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// mail is how the last mail about an invitation fared.
func (w *world) mail(id string) apitest.Mail {
	w.t.Helper()
	var list struct{ Items []apitest.Invitation }
	w.owner.Do("GET", "/api/v1/rooms/"+w.room+"/invitations", nil).Into(http.StatusOK, &list)
	for _, one := range list.Items {
		if one.ID == id && one.Mail != nil {
			return *one.Mail
		}
	}
	return apitest.Mail{}
}

func (w *world) want(when, id, about, state, detail string) {
	w.t.Helper()
	if m := w.mail(id); m.About != about || m.State != state || !strings.Contains(m.Detail, detail) || (detail == "") != (m.Detail == "") || m.At.IsZero() != (about == "") {
		w.t.Errorf("%s: %+v, want %s %s %q", when, m, about, state, detail)
	}
}

func (w *world) taken(when string, n int) {
	w.t.Helper()
	if got := len(w.smtp.Mails()); got != n {
		w.t.Fatalf("%s: the mail server took %d mails, want %d", when, got, n)
	}
}

// plain undoes quoted-printable and folding, as far as these tests read.
func plain(raw string) string {
	raw = strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(raw)
	return strings.NewReplacer("\r\n ", "").Replace(raw)
}

func field(t *testing.T, m smtptest.Mail, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + `:\s*([^\r\n]*)`).FindStringSubmatch(plain(m.Raw))
	if found == nil {
		t.Fatalf("no %s in\n%s", name, m.Raw)
	}
	return strings.TrimRight(strings.ReplaceAll(found[1], "=0D", ""), "=")
}

func sequence(t *testing.T, m smtptest.Mail) int {
	t.Helper()
	n, err := strconv.Atoi(field(t, m, "SEQUENCE"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInvitationIsSentOnce(t *testing.T) {
	w := newWorld(t, 1)
	made := w.invite("Anna@example.org")
	w.want("at once", made.ID, "invitation", "queued", "")
	w.taken("before", 0)
	w.deliver()
	w.deliver()
	w.taken("after", 1)
	w.want("after", made.ID, "invitation", "sent", "")
	m := w.smtp.Mails()[0]
	if m.To != "Anna@example.org" || m.From != "rooms@greenroom.example" || !strings.Contains(plain(m.Raw), made.URL) || !strings.Contains(plain(m.Raw), "METHOD:REQUEST") {
		t.Errorf("from %s to %s:\n%s", m.From, m.To, m.Raw)
	}
	all, err := w.Store.Mails(t.Context(), room.ID(w.room), []room.InvitationID{room.InvitationID(made.ID)})
	if err != nil || len(all) != 1 || all[0].Sealed != nil {
		t.Errorf("what is left: %+v, %v", all, err)
	}
	_, secret := made.Link()
	for _, hidden := range []string{secret, "Anna@", "anna@"} {
		if strings.Contains(w.Logs(), hidden) {
			t.Errorf("in the log: %s", hidden)
		}
	}
}

func TestGreylistingAndBounce(t *testing.T) {
	w := newWorld(t, 1)
	asked := 0
	w.smtp.Answer(func(step smtptest.Step, to string) error {
		if step == smtptest.To && strings.HasPrefix(to, "gone") {
			return smtptest.No(550, "no such mailbox <"+to+">")
		}
		if step == smtptest.To {
			if asked++; asked == 1 {
				return smtptest.No(451, "greylisted, come again")
			}
		}
		return nil
	})
	grey, gone := w.invite("grey@example.org"), w.invite("gone@example.org")
	w.deliver()
	w.deliver()
	w.want("first time", grey.ID, "invitation", "queued", "451 4.1.1 greylisted, come again")
	w.want("no mailbox", gone.ID, "invitation", "bounced", "550 5.1.1 no such mailbox <gone@example.org>")
	w.taken("first time", 0)
	if asked != 1 {
		t.Errorf("asked %d times at once", asked)
	}
	w.Clock.Advance(2 * time.Minute)
	w.deliver()
	w.want("second time", grey.ID, "invitation", "sent", "")
	w.taken("second time", 1)
	if strings.Contains(w.Logs(), "gone@example.org") {
		t.Error("an answer with an address is in the log")
	}
}

func TestServerGoneForAnHour(t *testing.T) {
	w := newWorld(t, 1)
	w.smtp.Down()
	const n = 5
	var made []apitest.Invitation
	for i := range n {
		made = append(made, w.invite("anna"+strconv.Itoa(i)+"@example.org"))
	}
	for range 12 {
		w.deliver()
		w.Clock.Advance(5 * time.Minute)
	}
	w.want("after an hour", made[0].ID, "invitation", "queued", "cannot be reached")
	w.smtp.Up()
	for range 24 { // no longer apart than an hour
		w.deliver()
		w.Clock.Advance(3 * time.Minute)
	}
	w.taken("when it is back", n)
	for _, one := range made {
		w.want("when it is back", one.ID, "invitation", "sent", "")
	}
}

func TestGivenUpAfterADay(t *testing.T) {
	w := newWorld(t, 1)
	w.smtp.Answer(func(smtptest.Step, string) error { return smtptest.No(450, "busy") })
	made := w.invite("anna@example.org")
	for range 30 {
		w.deliver()
		w.Clock.Advance(time.Hour + 10*time.Minute)
	}
	w.again()
	w.want("after a day", made.ID, "invitation", "failed", "450 4.1.1 busy")
	if met := w.smtp.Sessions(); met < 20 || met > 50 {
		t.Errorf("tried %d times", met)
	}
}

func TestWhatIsWithdrawnIsNotSent(t *testing.T) {
	w := newWorld(t, 1)
	at := "/api/v1/rooms/" + w.room + "/invitations/"
	revoked, renewed := w.invite("anna@example.org"), w.invite("bert@example.org")
	w.owner.Do("DELETE", at+revoked.ID, nil).Into(http.StatusNoContent, nil)
	w.owner.Do("POST", at+renewed.ID+"/link", nil).Into(http.StatusOK, nil)
	w.deliver()
	w.taken("withdrawn", 0)
	w.want("withdrawn", revoked.ID, "", "", "")
	w.want("by hand", renewed.ID, "", "", "")
	late := w.invite("cleo@example.org")
	w.owner.Do("PATCH", at+late.ID, map[string]any{"expires_at": w.In(time.Minute)}).Into(http.StatusOK, nil)
	w.Clock.Advance(2 * time.Minute)
	w.deliver()
	w.taken("expired", 0)
	w.want("expired", late.ID, "invitation", "failed", "expired")
	closed := w.invite("dora@example.org")
	w.owner.OpenDoors(w.room)
	w.owner.Patch(w.room, map[string]any{"state": "closed"}).Into(http.StatusOK, nil)
	w.owner.Do("POST", at+closed.ID+"/email", nil).Refused(http.StatusConflict, "over")
	w.deliver()
	w.taken("over", 0)
	w.want("over", closed.ID, "invitation", "failed", "closed")
}

func TestCalendarFollowsTheRoom(t *testing.T) {
	w := newWorld(t, 1)
	at := "/api/v1/rooms/" + w.room
	made := w.invite("anna@example.org")
	w.deliver()
	waiting := w.invite("bert@example.org") // hears of the new time in the invitation itself
	w.owner.Patch(w.room, map[string]any{"starts_at": w.In(72 * time.Hour)}).Into(http.StatusOK, nil)
	w.owner.Patch(w.room, map[string]any{"starts_at": w.In(96 * time.Hour)}).Into(http.StatusOK, nil)
	w.owner.Patch(w.room, map[string]any{"title": "Another title"}).Into(http.StatusOK, nil)
	w.want("moved", made.ID, "moved", "queued", "")
	w.deliver()
	w.taken("moved twice, told once", 3)
	w.want("moved", made.ID, "moved", "sent", "")
	w.want("moved while it waited", waiting.ID, "invitation", "sent", "")
	w.owner.Do("DELETE", at+"/invitations/"+made.ID, nil).Into(http.StatusNoContent, nil)
	w.deliver()
	again := w.invite("anna@example.org")
	w.deliver()
	w.owner.Do("DELETE", at, nil).Into(http.StatusNoContent, nil)
	w.deliver()
	w.taken("all", 7)
	var anna []smtptest.Mail
	for _, m := range w.smtp.Mails() {
		if m.To == "anna@example.org" {
			anna = append(anna, m)
		}
	}
	methods := []string{"REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL"}
	if len(anna) != len(methods) {
		t.Fatalf("%d mails", len(anna))
	}
	for i, m := range anna {
		if got := field(t, m, "METHOD"); got != methods[i] || field(t, m, "UID") != field(t, anna[0], "UID") {
			t.Errorf("mail %d: %s %s", i, got, field(t, m, "UID"))
		}
		if i > 0 && sequence(t, m) <= sequence(t, anna[i-1]) {
			t.Errorf("mail %d has sequence %d, the one before %d", i, sequence(t, m), sequence(t, anna[i-1]))
		}
		if i > 0 && i != 3 && strings.Contains(m.Raw, "gri_") {
			t.Errorf("mail %d holds a link", i)
		}
	}
	if field(t, anna[0], "DTSTART") == field(t, anna[1], "DTSTART") || !strings.Contains(anna[1].Raw, "the time has changed") || !strings.Contains(anna[2].Raw, "does not hold any more") {
		t.Errorf("the notice of the move:\n%s", anna[1].Raw)
	}
	_ = again
}

func TestInstancesShareTheQueue(t *testing.T) {
	w := newWorld(t, 2)
	const n = 25
	for i := range n {
		w.invite("anna" + strconv.Itoa(i) + "@example.org")
	}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			if err := w.Instances[i%2].Post.Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.taken("shared", n)
	different := map[string]bool{}
	for _, m := range w.smtp.Mails() {
		different[m.To] = true
	}
	if len(different) != n {
		t.Errorf("%d different recipients of %d", len(different), n)
	}
}

// An instance took the mail and was never heard of again.
func TestLeaseOfTheDead(t *testing.T) {
	w := newWorld(t, 2)
	made := w.invite("anna@example.org")
	if _, err := w.Store.LeaseMail(t.Context(), "dead", 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	w.taken("while the lease lasts", 0)
	w.Clock.Advance(10 * time.Minute)
	w.deliver()
	w.taken("then", 1)
	w.want("then", made.ID, "invitation", "sent", "")
	if err := w.Store.EndMail(t.Context(), "x", "dead", store.MailEnd{State: store.MailSent}); err == nil {
		t.Error("the dead ended a mail")
	}
}

// The one case in which a mail comes twice: the server took it and its answer
// was lost. Both have one Message-ID.
func TestAnswerLost(t *testing.T) {
	w := newWorld(t, 1)
	var first sync.Once
	w.smtp.Answer(func(step smtptest.Step, _ string) (err error) {
		if step == smtptest.Told {
			first.Do(func() { err = smtptest.ErrHangUp })
		}
		return err
	})
	made := w.invite("anna@example.org")
	w.deliver()
	w.want("answer lost", made.ID, "invitation", "queued", "cannot be reached")
	w.Clock.Advance(2 * time.Minute)
	w.deliver()
	w.taken("answer lost", 2)
	if a, b := field(t, w.smtp.Mails()[0], "Message-ID"), field(t, w.smtp.Mails()[1], "Message-ID"); a != b {
		t.Errorf("ids %s and %s", a, b)
	}
}
