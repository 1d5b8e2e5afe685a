package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/calendar"
	"greenroom/server/mail"
)

// sampleTime is how long a test may take: the mail server is asked at once,
// and its answer is told.
const sampleTime = 30 * time.Second

// sampleTitles are what the sample is an invitation to.
var sampleTitles = map[string]string{"en": "How we moved a million rooms", "de": "Wie wir eine Million Räume umgezogen haben"}

// sampleCode is what a sample's code is: nothing takes it.
const sampleCode = "123456"

// sample fills a template with an invitation of the reader to nothing, or with
// what is said of it.
func (a *API) sample(who asker, kind mail.Kind, code string, t *mail.Template, role string, look mail.Look) (mail.Message, error) {
	site := a.hub.Site()
	zone, err := time.LoadLocation(site.Mail.Zone)
	if err != nil {
		zone = time.UTC
	}
	title, ours := sampleTitles[strings.ToLower(code)]
	if !ours {
		title = sampleTitles["en"]
	}
	now := a.hub.Now()
	starts := now.Add(25 * time.Hour).Truncate(time.Hour)
	me := who.person
	host := strings.TrimSpace(me.FirstName + " " + me.LastName)
	event := calendar.Event{UID: "sample@" + a.public.Hostname(), Stamp: now, Starts: starts, Ends: starts.Add(time.Hour), Title: title, Page: a.link("/", ""), Zone: zone,
		Organizer: calendar.Person{Name: host, Address: me.Email}, Attendee: calendar.Person{Name: host, Address: me.Email}}
	if a.mailer != nil {
		event.Organizer.Address = a.mailer.From().Address
	}
	switch kind {
	case mail.KindInvitation:
		return mail.Render(mail.Invitation{To: me.Email, FirstName: me.FirstName, LastName: me.LastName, Type: role, Language: code, Template: t, Look: look,
			Title: title, Description: "A sample, to see what a mail looks like.", Host: host,
			StartsAt: starts, Zone: zone, Link: a.link("/i/sample", "this-link-opens-nothing"), Expires: starts.Add(time.Hour), Devices: 1, Calendar: event.Request()})
	case mail.KindSignInCode:
		return mail.RenderCode(mail.Code{To: me.Email, Language: code, Template: t, Look: look, Code: sampleCode})
	case mail.KindRoomCode:
		return mail.RenderCode(mail.Code{To: me.Email, Language: code, Template: t, Look: look, Code: sampleCode, Title: title})
	case mail.KindRequest:
		return mail.RenderRequest(mail.Request{To: me.Email, FirstName: me.FirstName, LastName: me.LastName, Language: code, Template: t, Look: look, Title: title,
			Asker: host, Message: "A sample, to see what a mail looks like.", StartsAt: starts, Zone: zone, Page: a.link("/rooms/sample", "requests")})
	}
	n := mail.Notice{To: me.Email, FirstName: me.FirstName, LastName: me.LastName, Language: code, Template: t, Look: look, Title: title, Host: host,
		StartsAt: starts, Zone: zone, Cancelled: kind == mail.KindCancelled, Renamed: kind == mail.KindRenamed, Calendar: event.Request()}
	if n.Cancelled {
		n.Calendar = event.Cancel()
	}
	return mail.RenderNotice(n)
}

// look is how the site presents itself in its mails.
func (a *API) look(ctx context.Context) (mail.Look, error) {
	site := a.hub.Site()
	l := mail.Look{Site: a.siteName(), Theme: room.ThemeOf(site.Accent)}
	hash, err := logoHash(site.Logo.Hash)
	if err != nil {
		return l, nil
	}
	l.Logo.Kind, l.Logo.Content, err = a.store.Logo(ctx, hash)
	if errors.Is(err, store.ErrNotFound) { // another one has just taken its place
		return l, nil
	}
	return l, err
}

// siteName is how mails call the site.
func (a *API) siteName() string {
	if name := a.hub.Site().Name; name != "" {
		return name
	}
	return a.public.Host
}

type sampleBody struct {
	templateBody
	Type string `json:"type"`
}

type previewAnswer struct {
	Subject string `json:"subject"`
	HTML    string `json:"html"`
	Text    string `json:"text"`
}

// sampled reads a template that need not be kept, and fills it.
func (a *API) sampled(w http.ResponseWriter, r *http.Request) (who asker, m mail.Message, err error) {
	if who, err = a.siteAdmin(r); err != nil {
		return who, m, err
	}
	var in sampleBody
	if err = readBody(w, r, &in, false); err != nil {
		return who, m, err
	}
	kind, code, err := templateAsked(r)
	if err != nil {
		return who, m, err
	}
	if in.Type == "" {
		in.Type = room.Viewer.String()
	}
	if !room.ParseRole(in.Type).Invitable() {
		return who, m, invalid("type", "is viewer, speaker or moderator")
	}
	t, err := in.parse(kind)
	if err != nil {
		return who, m, err
	}
	look, err := a.look(r.Context())
	if err != nil {
		return who, m, err
	}
	m, err = a.sample(who, kind, code, t, in.Type, look)
	return who, m, err
}

// postPreview shows a template filled, with the picture in it: as a document
// for a frame that may do nothing.
func (a *API) postPreview(w http.ResponseWriter, r *http.Request) error {
	_, m, err := a.sampled(w, r)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, previewAnswer{m.Subject, m.Shown(), m.Text})
}

type testAnswer struct {
	Sent   bool   `json:"sent"`
	To     string `json:"to"`
	Detail string `json:"detail,omitempty"` // the mail server's answer, where it is no
}

// postTest sends it to the asker's own mailbox, which must be known to be
// theirs.
func (a *API) postTest(w http.ResponseWriter, r *http.Request) error {
	who, m, err := a.sampled(w, r)
	switch {
	case err != nil:
		return err
	case a.mailer == nil:
		return invalid("mail", "is not set up on this site")
	case !who.person.Verified:
		return refuse(room.CodeForbidden, "A test goes to your own address, which nobody has confirmed yet.")
	}
	if wait := a.tests.take(string(who.person.ID), a.now()); wait > 0 {
		return slowDown(wait)
	}
	ctx, cancel := context.WithTimeout(r.Context(), sampleTime)
	defer cancel()
	m.ID = newID()
	err = a.mailer.Send(ctx, m)
	var no *mail.Refusal
	switch {
	case err == nil:
		return answer(w, http.StatusOK, testAnswer{Sent: true, To: m.To})
	case errors.As(err, &no):
		return answer(w, http.StatusOK, testAnswer{To: m.To, Detail: no.Answer})
	}
	return err
}
