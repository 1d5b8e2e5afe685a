package api_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

type siteMail struct {
	Version     uint64
	Ready       bool
	Sender      string
	Invitations bool
	Language    string
	Zone        string
	Templates   []struct {
		Language string
		Own      bool
		BuiltIn  bool `json:"built_in"`
		Version  uint64
	}
	TestAddress string `json:"test_address"`
}

type mailTemplate struct {
	Language            string
	Own                 bool
	Version             uint64
	Subject, HTML, Text string
}

const mailAt, templatesAt = "/api/v1/site/mail", "/api/v1/site/mail/templates/"

// template is one that says hello in its own words.
func template(word string) map[string]any {
	return map[string]any{"subject": word + " {title}", "html": `<p>` + word + ` <a href="{link}">{first_name}</a> {start}</p>`, "text": word + " {first_name}\n{start}\n{link}"}
}

func TestSiteMail(t *testing.T) {
	s, box, owner := mailing(t)
	var now siteMail
	owner.Do("GET", mailAt, nil).Into(http.StatusOK, &now)
	if !now.Ready || !now.Invitations || len(now.Templates) != 2 || now.Templates[0].Language != "de" || now.Templates[0].Own || !now.Templates[0].BuiltIn || now.Sender == "" {
		t.Fatalf("a new site: %+v", now)
	}
	owner.Do("PATCH", mailAt, map[string]any{"version": now.Version, "language": "fr-fr", "zone": "America/Montreal"}).Into(http.StatusOK, &now)
	if now.Language != "fr-FR" || now.Zone != "America/Montreal" {
		t.Errorf("changed: %+v", now)
	}
	owner.Do("PATCH", mailAt, map[string]any{"version": now.Version - 1, "language": "de"}).Refused(http.StatusConflict, "conflict")

	var kept mailTemplate
	owner.Do("PUT", templatesAt+"fr", template("Bonjour")).Into(http.StatusOK, &kept)
	owner.Do("PUT", templatesAt+"de", template("Moin")).Into(http.StatusOK, &kept)
	if !kept.Own || kept.Version == 0 {
		t.Errorf("kept: %+v", kept)
	}
	id := owner.Room("Room", 30*time.Hour).ID
	at := "/api/v1/rooms/" + id + "/invitations"
	for email, language := range map[string]string{"a@example.org": "", "b@example.org": "de-CH", "c@example.org": "en", "d@example.org": "es"} {
		owner.Do("POST", at, map[string]any{"email": email, "first_name": "Anna", "last_name": "A", "type": "viewer", "send_email": true, "language": language}).Into(http.StatusCreated, nil)
	}
	deliver(s)
	got := map[string]mail.Kept{}
	for _, m := range box.Messages() {
		got[m.To] = m
	}
	for to, want := range map[string][2]string{"a@example.org": {"fr", "Bonjour Anna\n20"}, "b@example.org": {"de", "Moin Anna\n"}, "c@example.org": {"en", "Hello Anna,"}, "d@example.org": {"en", "Hello Anna,"}} {
		if m := got[to]; m.Language != want[0] || !strings.HasPrefix(m.Text, want[1]) || !strings.Contains(m.Text, "(America/Montreal)") {
			t.Errorf("%s in %s: %s", to, m.Language, m.Text)
		}
	}
	owner.Do("DELETE", templatesAt+"de", nil).Into(http.StatusNoContent, nil)
	owner.Do("GET", templatesAt+"de", nil).Into(http.StatusOK, &kept)
	if kept.Own || !strings.Contains(kept.Text, "Guten Tag {first_name}") {
		t.Errorf("ours again: %+v", kept)
	}
	owner.Do("GET", templatesAt+"es", nil).Refused(http.StatusNotFound, "not_found")
	owner.Do("GET", templatesAt+"x", nil).Refused(http.StatusUnprocessableEntity, "invalid")
}

// confirmed is a site owner whose address is known to be theirs.
func confirmed(s *apitest.Server) *apitest.Browser {
	s.T.Helper()
	p := store.Person{ID: "carla", Email: "carla@example.org", Canonical: "carla@example.org", Verified: true, FirstName: "Carla", LastName: "C", SiteRole: room.SiteOwner, Created: s.Clock.Now()}
	key := api.NewAPIKey()
	err := errors.Join(s.Store.CreatePerson(s.T.Context(), p), s.Store.PutKey(s.T.Context(), store.APIKey{Hash: api.HashSecret(key), Person: p.ID, Label: "test", Scope: "all"}))
	if err != nil {
		s.T.Fatal(err)
	}
	b := s.Browser()
	b.Key = key
	return b
}

// Where an administrator has switched it off, nobody mails an invitation.
func TestInvitationsAreNotMailed(t *testing.T) {
	_, _, owner := mailing(t)
	id := owner.Room("Room", time.Hour).ID
	made := owner.Invite(id, "anna@example.org", "viewer")
	owner.Do("PATCH", mailAt, map[string]any{"invitations": false}).Into(http.StatusOK, nil)
	if got := string(owner.Do("GET", "/api/v1/features", nil).Body); !strings.Contains(got, `"mail":true,"invitation_mail":false`) {
		t.Errorf("features: %s", got)
	}
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations/"+made.ID+"/email", nil).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "b@example.org", "first_name": "B", "last_name": "B", "type": "viewer", "send_email": true}).
		Refused(http.StatusUnprocessableEntity, "invalid")
}

// Of two who edit one template the second is told.
func TestTwoEditOneTemplate(t *testing.T) {
	_, _, owner := mailing(t)
	first, second := template("First"), template("Second")
	first["version"], second["version"] = 0, 0
	owner.Do("PUT", templatesAt+"de", first).Into(http.StatusOK, nil)
	owner.Do("PUT", templatesAt+"de", second).Refused(http.StatusConflict, "conflict")
}

// What is wrong with a template is told by field and place.
func TestTemplateFaultsAreTold(t *testing.T) {
	_, _, owner := mailing(t)
	bad := map[string]any{"subject": "Hi\r\nBcc: all@example.org", "html": "<p>{link}</p>\n<script>", "text": "{nobody}"}
	for _, ask := range []struct{ method, path string }{{"PUT", ""}, {"POST", "/preview"}, {"POST", "/test"}} {
		fields := owner.Do(ask.method, templatesAt+"de"+ask.path, bad).Refused(http.StatusUnprocessableEntity, "invalid").Fields
		for field, want := range map[string]string{"subject": "line 1, column 3: a subject is one line", "html": "line 2, column 1: <script> is not allowed", "text": "line 1, column 1: {nobody} is no token here"} {
			if !strings.HasPrefix(fields[field], want) {
				t.Errorf("%s: %q", field, fields[field])
			}
		}
	}
	long := template(strings.Repeat("x", 70<<10))
	owner.Do("PUT", templatesAt+"de", long).Refused(http.StatusRequestEntityTooLarge, "too_long")
}

// Every kind of mail has a template of its own, with its own tokens, and the
// next mail of that kind is sent by it.
func TestEveryKindOfMailIsEdited(t *testing.T) {
	s, box, owner := mailing(t)
	var now struct {
		Kinds []struct {
			Kind               string
			Tokens, Conditions []string
			Templates          []struct{ Kind, Language string }
		}
	}
	owner.Do("GET", mailAt, nil).Into(http.StatusOK, &now)
	for _, k := range now.Kinds {
		at := templatesAt + "en?kind=" + k.Kind
		var built mailTemplate
		owner.Do("GET", at, nil).Into(http.StatusOK, &built)
		built.Subject, built.Text = "Own "+k.Kind, "Own "+k.Kind+"\n"+built.Text
		body := map[string]any{"subject": built.Subject, "html": built.HTML, "text": built.Text}
		var seen struct{ Subject, HTML, Text string }
		owner.Do("POST", templatesAt+"en/preview?kind="+k.Kind, body).Into(http.StatusOK, &seen)
		if seen.Subject != built.Subject || strings.Contains(seen.Text, "{") || !strings.Contains(seen.HTML, `class="site"`) {
			t.Errorf("preview of %s: %+v", k.Kind, seen)
		}
		owner.Do("PUT", at, body).Into(http.StatusOK, nil)
		if len(k.Templates) != 2 || k.Templates[0].Kind != k.Kind || len(k.Tokens) < 2 || k.Conditions == nil {
			t.Errorf("%+v", k)
		}
		bad := map[string]any{"subject": "x", "html": "<p>{code}</p>\n{nobody}", "text": "{code}\n {link}"}
		fields := owner.Do("PUT", at, bad).Refused(http.StatusUnprocessableEntity, "invalid").Fields
		if want := "{nobody} is no token here; there are " + k.Tokens[0]; k.Tokens[0] == "code" && !strings.HasPrefix(fields["html"], "line 2, column 1: "+want) ||
			k.Kind != "invitation" && !strings.HasPrefix(fields["text"], "line ") {
			t.Errorf("%s: %v", k.Kind, fields)
		}
	}
	if len(now.Kinds) != 7 || now.Kinds[0].Kind != "invitation" {
		t.Fatalf("kinds: %+v", now.Kinds)
	}
	owner.Do("GET", templatesAt+"en?kind=", nil).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("GET", templatesAt+"en?kind=advertising", nil).Refused(http.StatusUnprocessableEntity, "invalid")

	id := owner.Room("Room", 30*time.Hour).ID
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "a@example.org", "first_name": "A", "last_name": "A", "type": "viewer", "send_email": true, "language": "en"}).Into(http.StatusCreated, nil)
	deliver(s)
	owner.Do("PATCH", "/api/v1/rooms/"+id, map[string]any{"starts_at": s.Clock.Now().Add(40 * time.Hour).Format(time.RFC3339)}).Into(http.StatusOK, nil)
	deliver(s)
	owner.Do("PATCH", "/api/v1/rooms/"+id, map[string]any{"title": "Another room"}).Into(http.StatusOK, nil)
	deliver(s)
	card := owner.Invite(id, "b@example.org", "viewer")
	owner.Do("DELETE", "/api/v1/rooms/"+id+"/invitations/"+card.ID, nil).Into(http.StatusNoContent, nil)
	s.Browser().Ask(card.Holds(), "Please").Into(http.StatusOK, nil)
	deliver(s)
	owner.Do("DELETE", "/api/v1/rooms/"+id, nil)
	guest := s.Browser()
	guest.Do("POST", "/api/v1/session/code", map[string]any{"email": "owner@example.org"}).Into(http.StatusNoContent, nil)
	deliver(s)
	sent := map[string]bool{}
	for _, m := range box.Messages() {
		sent[m.Subject] = true
	}
	for _, kind := range []string{"invitation", "moved", "renamed", "cancelled", "sign_in_code", "request"} {
		if !sent["Own "+kind] {
			t.Errorf("no own %s among %v", kind, sent)
		}
	}
	owner.Do("DELETE", templatesAt+"en?kind=moved", nil).Into(http.StatusNoContent, nil)
	owner.Do("DELETE", templatesAt+"en?kind=moved", nil).Refused(http.StatusNotFound, "not_found")
	var kept mailTemplate
	if owner.Do("GET", templatesAt+"en?kind=cancelled", nil).Into(http.StatusOK, &kept); !kept.Own {
		t.Error("another kind's template went with it")
	}
}

// The site's name, colour and logo are in what is sent and in the preview.
func TestMailsHaveTheSitesLook(t *testing.T) {
	s, box, owner := mailing(t)
	owner.Do("PATCH", "/api/v1/site", map[string]any{"name": "Example & Sons", "accent": "#7a1f4b"}).Into(http.StatusOK, nil)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	owner.Header = http.Header{"Content-Type": {"image/png"}}
	owner.Do("PUT", "/api/v1/site/logo", picture.String()).Into(http.StatusOK, nil)
	owner.Header = nil
	var seen struct{ HTML string }
	owner.Do("POST", templatesAt+"en/preview?kind=moved", map[string]any{"subject": "x", "html": "<p>x</p>", "text": "x"}).Into(http.StatusOK, &seen)
	for what, html := range map[string]string{"preview": seen.HTML, "mail": ""} {
		if what == "mail" {
			s.Browser().Do("POST", "/api/v1/session/code", map[string]any{"email": "owner@example.org"}).Into(http.StatusNoContent, nil)
			deliver(s)
			html = box.Messages()[0].Shown()
		}
		for _, want := range []string{">Example &amp; Sons</span>", "border-top:6px solid #7a1f4b", `<img src="data:image/png;base64,iVBOR`, `width="72" height="36"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: no %s in %s", what, want, html)
			}
		}
	}
	owner.Do("DELETE", "/api/v1/site/logo", nil).Into(http.StatusOK, nil)
	s.Browser().Do("POST", "/api/v1/session/code", map[string]any{"email": "owner@example.org"}).Into(http.StatusNoContent, nil)
	deliver(s)
	if m := box.Messages()[0]; m.Logo.Content != nil || strings.Contains(m.HTML, "<img") {
		t.Error("the logo is gone and still in a mail")
	}
}

func TestPreviewAndTest(t *testing.T) {
	s, box, owner := mailing(t)
	body := template("Hi")
	body["html"], body["type"] = `<p>{link} {if speaker}<b>S</b>{end}</p>{qr_code}`, "speaker"
	var seen struct{ Subject, HTML, Text string }
	owner.Do("POST", templatesAt+"en/preview", body).Into(http.StatusOK, &seen)
	if !strings.HasPrefix(seen.Subject, "Hi How we moved") || !strings.Contains(seen.HTML, "<b>S</b>") || !strings.Contains(seen.HTML, `src="data:image/png;base64,iVBOR`) || !strings.Contains(seen.Text, "Hi Olga") {
		t.Errorf("preview: %+v", seen)
	}
	body["type"] = "owner"
	owner.Do("POST", templatesAt+"en/preview", body).Refused(http.StatusUnprocessableEntity, "invalid")
	body["type"] = "viewer"
	owner.Do("POST", templatesAt+"en/test", body).Refused(http.StatusForbidden, "forbidden")
	owner = confirmed(s)
	var sent struct {
		Sent       bool
		To, Detail string
	}
	for range 5 {
		owner.Do("POST", templatesAt+"en/test", body).Into(http.StatusOK, &sent)
	}
	if m := box.Messages()[0]; !sent.Sent || sent.To != "carla@example.org" || m.To != sent.To || !strings.HasPrefix(m.Subject, "Hi ") {
		t.Errorf("test: %+v, %+v", sent, m.Message)
	}
	owner.Do("POST", templatesAt+"en/test", body).Refused(http.StatusTooManyRequests, "slow_down")
	s.Person("mia@example.org", "Mia", "M")
	member := s.Browser()
	member.SignIn("mia@example.org", apitest.Password).Into(http.StatusOK, nil)
	for _, who := range []*apitest.Browser{member, s.Browser()} {
		status, code := http.StatusForbidden, "forbidden"
		if who != member {
			status, code = http.StatusUnauthorized, "not_authenticated"
		}
		who.Do("GET", mailAt, nil).Refused(status, code)
		who.Do("PATCH", mailAt, map[string]any{"invitations": false}).Refused(status, code)
		who.Do("GET", templatesAt+"de", nil).Refused(status, code)
		who.Do("PUT", templatesAt+"de", template("x")).Refused(status, code)
		who.Do("DELETE", templatesAt+"de", nil).Refused(status, code)
		who.Do("POST", templatesAt+"de/preview", body).Refused(status, code)
		who.Do("POST", templatesAt+"de/test", body).Refused(status, code)
	}
}

// no is a mail server that is never there.
type no struct{}

func (no) Connect(context.Context) (mail.Connection, error) {
	return nil, &mail.Refusal{Server: true, Answer: "the mail server did not answer in time"}
}

func TestTestTellsTheAnswer(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Mail: no{}})
	var sent struct {
		Sent   bool
		Detail string
	}
	confirmed(s).Do("POST", templatesAt+"en/test", template("Hi")).Into(http.StatusOK, &sent)
	if sent.Sent || sent.Detail != "the mail server did not answer in time" {
		t.Errorf("test: %+v", sent)
	}
	bare := confirmed(apitest.Start(t, apitest.Options{}))
	bare.Do("POST", templatesAt+"en/test", template("Hi")).Refused(http.StatusUnprocessableEntity, "invalid")
	bare.Do("PUT", templatesAt+"en", template("Hi")).Into(http.StatusOK, nil) // it is kept for the day when there is mail
}
