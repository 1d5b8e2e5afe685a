package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/apitest"
)

type ownSession struct {
	ID         string
	Browser    string
	Current    bool
	SignedInAt time.Time `json:"signed_in_at"`
	SeenAt     time.Time `json:"seen_at"`
}

func sessionsOf(b *apitest.Browser) []ownSession {
	b.T.Helper()
	var list struct{ Items []ownSession }
	b.Do("GET", "/api/v1/account/sessions", nil).Into(http.StatusOK, &list)
	return list.Items
}

// signedIn is another device of anna's.
func signedIn(s *apitest.Server, agent string) *apitest.Browser {
	b := s.Browser()
	b.Header.Set("User-Agent", agent)
	b.SignIn("anna@example.org", apitest.Password).Into(http.StatusOK, nil)
	return b
}

func TestOwnSessions(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	desk, p := s.Person("anna@example.org", "Anna", "A")
	phone := signedIn(s, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1")
	laptop := signedIn(s, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0")
	signedIn(s, "<script>alert(1)</script>")

	list := sessionsOf(phone)
	browsers := map[string]string{}
	for _, one := range list {
		browsers[one.Browser] = one.ID
		if one.Current != (one.Browser == "Safari, iOS") || one.SignedInAt.IsZero() || one.SeenAt.IsZero() || len(one.ID) < 20 {
			t.Errorf("listed: %+v", one)
		}
		for _, b := range []*apitest.Browser{desk, phone, laptop} {
			if family, secret, _ := strings.Cut(b.Cookie("session"), "."); strings.Contains(one.ID, family) || strings.Contains(one.ID, secret) {
				t.Error("an id tells the cookie")
			}
		}
	}
	if len(list) != 4 || browsers["Edge, Windows"] == "" || browsers[""] == "" {
		t.Fatalf("listed: %+v", list)
	}
	phone.Do("DELETE", "/api/v1/account/sessions/"+browsers["Edge, Windows"], nil).Into(http.StatusNoContent, nil)
	phone.Do("DELETE", "/api/v1/account/sessions/"+browsers["Edge, Windows"], nil).Refused(http.StatusNotFound, "not_found")
	if laptop.Me().Person != nil || desk.Me().Person == nil {
		t.Error("the wrong one has ended")
	}
	s.Owner().Do("DELETE", "/api/v1/account/sessions/"+browsers["Safari, iOS"], nil).Refused(http.StatusNotFound, "not_found") // somebody else's
	if key := s.APIKey(p); len(sessionsOf(key)) != 3 {
		t.Error("by key")
	}
	phone.Do("DELETE", "/api/v1/account/sessions", nil).Into(http.StatusNoContent, nil)
	if left := sessionsOf(phone); len(left) != 1 || !left[0].Current || desk.Me().Person != nil {
		t.Errorf("left: %+v", left)
	}
	phone.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
	renewed := sessionsOf(phone)
	if renewed[0].ID != browsers["Safari, iOS"] || !renewed[0].Current {
		t.Errorf("a new id is a new session: %+v", renewed)
	}
	phone.Do("DELETE", "/api/v1/account/sessions/"+renewed[0].ID, nil).Into(http.StatusNoContent, nil)
	if phone.Cookie("session") != "" || phone.Me().Person != nil {
		t.Error("ending one's own signs out")
	}
}

// Sockets of an ended session are closed on every instance, whether somebody is
// signed in or has only opened an invitation; others' are not.
func TestEndedSessionsCloseEverywhere(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	id := b.Room("Room", time.Hour).ID
	other := signedIn(s, "")
	there, _ := other.On(1).Join(id)
	here, _ := other.On(0).Join(id)
	mine, _ := b.On(1).Join(id)
	guest := s.Browser()
	guest.Open(b.Invite(id, "gina@example.org", "viewer"))
	guests, _ := guest.On(1).Join(id)

	b.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil) // disturbs nobody
	b.Do("DELETE", "/api/v1/account/sessions", nil).Into(http.StatusNoContent, nil)
	guest.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
	began := time.Now()
	for _, socket := range []*apitest.Socket{here, there, guests} {
		socket.Closed(wire.CloseNotAuthenticated)
	}
	if took := time.Since(began); took > apitest.Patience/2 {
		t.Errorf("it took %v", took)
	}
	mine.Do("time", map[string]any{"t0": 1}, nil)
}

// Another account in the same browser is another session: what the first had
// open ends on every instance, what the second opens does not.
func TestAnotherAccountIsAnotherSession(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	id := b.Room("Room", time.Hour).ID
	annas, _ := b.On(1).Join(id)
	s.Person("bert@example.org", "Bert", "B")
	b.SignIn("bert@example.org", apitest.Password).Into(http.StatusOK, nil)
	own := b.Room("Room", time.Hour).ID
	berts, _ := b.On(1).Join(own)
	annas.Closed(wire.CloseNotAuthenticated)
	berts.Do("time", map[string]any{"t0": 1}, nil)
	if list := sessionsOf(b); len(list) != 2 || !list[1].Current && !list[0].Current { // the other is his own device's
		t.Errorf("bert's: %+v", list)
	}
}

// T33: an account is signed in for twelve hours, used or not; what was opened
// stays.
func TestAccountsAreSignedOutAfterTwelveHours(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	id := s.Owner().Room("Room", 24*time.Hour).ID
	b.Open(s.Owner().Invite(id, "anna@example.org", "viewer"))
	for range 12 {
		if me := b.Me(); me.Person == nil {
			t.Fatal("signed out too early")
		}
		s.Clock.Advance(time.Hour)
	}
	if me := b.Me(); me.Person != nil || len(me.Invitations) != 1 {
		t.Errorf("afterwards: %+v", me)
	}
	b.Do("GET", "/api/v1/account", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	b.SignIn("anna@example.org", apitest.Password).Into(http.StatusOK, nil)
	if len(sessionsOf(b)) != 1 {
		t.Errorf("sessions: %+v", sessionsOf(b))
	}
}

func TestChangePassword(t *testing.T) {
	s, box, _ := mailing(t)
	b, p := s.Person("anna@example.org", "Anna", "A")
	other := signedIn(s, "")
	const fresh = "a brand new secret"
	change := func(b *apitest.Browser, body map[string]string) *apitest.Answer {
		return b.Do("POST", "/api/v1/account/password", body)
	}
	for field, body := range map[string]map[string]string{
		"password": {"password": "short", "current": apitest.Password},
		"current":  {"password": fresh, "current": "wrong"},
		"code":     {"password": fresh, "code": "123456"},
	} {
		if no := change(b, body).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[field] == "" {
			t.Errorf("%s: %+v", field, no)
		}
	}
	change(s.APIKey(p), map[string]string{"password": fresh, "current": apitest.Password}).Refused(http.StatusForbidden, "forbidden")
	change(s.Browser(), map[string]string{"password": fresh, "current": apitest.Password}).Refused(http.StatusUnauthorized, "not_authenticated")
	before := b.Cookie("session")
	change(b, map[string]string{"password": fresh, "current": apitest.Password}).Into(http.StatusNoContent, nil)
	if b.Cookie("session") == before || b.Me().Person == nil || other.Me().Person != nil {
		t.Error("the other session lives on, or this one does not under a new id")
	}
	s.Browser().SignIn("anna@example.org", apitest.Password).Refused(http.StatusUnauthorized, "not_authenticated")
	s.Browser().SignIn("anna@example.org", fresh).Into(http.StatusOK, nil)

	b.Do("POST", "/api/v1/account/code", nil).Into(http.StatusNoContent, nil)
	deliver(s)
	code := box.Messages()[0].Code
	byCode(s.Browser(), "anna@example.org", code).Refused(http.StatusUnauthorized, "not_authenticated") // good for the password alone
	change(b, map[string]string{"password": apitest.Password, "code": code}).Into(http.StatusNoContent, nil)
	s.Browser().SignIn("anna@example.org", apitest.Password).Into(http.StatusOK, nil)
	for _, secret := range []string{fresh, code, apitest.Password} {
		if strings.Contains(s.Logs(), secret) {
			t.Error("a secret is in the log")
		}
	}
}

// Who signed in by a link a moment ago may set the first password; later a code
// is wanted.
func TestFirstPassword(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	var p apitest.Person
	s.Owner().Do("POST", "/api/v1/people", map[string]string{"email": "new@example.org", "first_name": "N", "last_name": "N"}).Into(http.StatusCreated, &p)
	_, secret, _ := strings.Cut(p.Link, "#")
	b := s.Browser()
	b.Do("POST", "/api/v1/session", map[string]string{"link": secret}).Into(http.StatusOK, nil)
	var account struct{ Verified, Password bool }
	b.Do("GET", "/api/v1/account", nil).Into(http.StatusOK, &account)
	if account.Password || account.Verified {
		t.Errorf("account %+v", account)
	}
	s.Clock.Advance(11 * time.Minute)
	b.Do("POST", "/api/v1/account/password", map[string]string{"password": apitest.Password}).Refused(http.StatusUnprocessableEntity, "invalid")
	b.Do("POST", "/api/v1/account/code", nil).Refused(http.StatusNotFound, "not_found") // without mail
	again, err := s.Store.Person(t.Context(), room.PersonID(p.ID))
	if err != nil || again.Password != "" {
		t.Fatalf("%+v, %v", again, err)
	}
	s.Owner().Do("POST", "/api/v1/people", map[string]string{"email": "newer@example.org", "first_name": "N", "last_name": "N"}).Into(http.StatusCreated, &p)
	_, secret, _ = strings.Cut(p.Link, "#")
	b.Do("POST", "/api/v1/session", map[string]string{"link": secret}).Into(http.StatusOK, nil)
	b.Do("POST", "/api/v1/account/password", map[string]string{"password": apitest.Password}).Into(http.StatusNoContent, nil)
	s.Browser().SignIn("newer@example.org", apitest.Password).Into(http.StatusOK, nil)
}
