package api_test

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

func TestCookies(t *testing.T) {
	for public, want := range map[string][]string{
		"":                          {"greenroom-PORT=", "greenroom-device-PORT=", "Path=/; Max-Age=604800; HttpOnly; SameSite=Strict", "Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"},
		"https://rooms.example.org": {"__Host-greenroom=", "__Host-greenroom-device=", "Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Strict", "Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Strict"},
	} {
		s := apitest.Start(t, apitest.Options{Public: public})
		b := s.Browser()
		got := b.Do("POST", "/api/v1/setup", map[string]string{"secret": s.SetupSecret(), "email": "o@example.org", "first_name": "O", "last_name": "O", "password": apitest.Password}).Into(http.StatusCreated, nil)
		set := strings.Join(got.Header.Values("Set-Cookie"), "\n")
		for _, part := range want {
			if part = strings.Replace(part, "PORT", s.Public.Port(), 1); !strings.Contains(set, part) {
				t.Errorf("%s: no %q in %s", public, part, set)
			}
		}
		if strings.Contains(set, "Domain") {
			t.Errorf("%s: a domain in %s", public, set)
		}
		if hsts := got.Header.Get("Strict-Transport-Security"); (hsts != "") != strings.HasPrefix(public, "https") {
			t.Errorf("%s: HSTS %q", public, hsts)
		}
	}
}

// T8: an id planted before opening or signing in is worth nothing afterwards.
func TestFixation(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	card := s.Owner().Invite(id, "anna@example.org", "viewer")
	planted := strings.Repeat("a", 22) + "." + strings.Repeat("b", 43)

	victim, attacker := s.Browser(), s.Browser()
	victim.SetCookie("session", planted)
	attacker.SetCookie("session", planted)
	victim.Open(card)
	if victim.Cookie("session") == planted {
		t.Error("opening took a planted id over")
	}
	attacker.Do("GET", "/api/v1/rooms/"+id, nil).Refused(http.StatusUnauthorized, "not_authenticated")

	// A real session of the attacker's, planted before the victim signs in.
	real := s.Browser()
	real.Open(s.Owner().Invite(id, "evil@example.org", "viewer"))
	s.Person("vera@example.org", "Vera", "Victim")
	victim = s.Browser()
	victim.SetCookie("session", real.Cookie("session"))
	victim.SignIn("vera@example.org", apitest.Password).Into(http.StatusOK, nil)
	if me := victim.Me(); me.Person == nil || me.Person.Email != "vera@example.org" {
		t.Errorf("the victim is %+v", me)
	}
	if me := real.Me(); me.Person != nil || len(me.Invitations) != 0 {
		t.Errorf("the planted id still works: %+v", me)
	}
	if victim.Cookie("session") == real.Cookie("session") {
		t.Error("signing in kept the id")
	}
}

func TestSignIn(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	s.Owner()
	b := s.Browser()
	wrong := b.SignIn("owner@example.org", "wrong password")
	wrong.Refused(http.StatusUnauthorized, "not_authenticated")
	for _, body := range []any{
		map[string]string{"email": "nobody@example.org", "password": apitest.Password},
		map[string]string{"email": "not an address", "password": apitest.Password},
		map[string]string{"email": "", "password": ""}, map[string]string{},
		map[string]string{"link": "grs_wrong"}, map[string]string{"link": s.SetupSecret()}, // of another purpose
		map[string]string{"email": "owner@example.org", "password": strings.Repeat("x", 5000)},
	} {
		if got := b.Do("POST", "/api/v1/session", body); string(got.Body) != string(wrong.Body) || got.Status != wrong.Status {
			t.Errorf("%v is answered otherwise: %s", body, got.Body) // T10
		}
	}
	if b.Cookie("session") != "" || b.Cookie("device") != "" {
		t.Error("a failed sign-in left cookies")
	}
	b.SignIn(" OWNER@Example.ORG.", apitest.Password).Into(http.StatusOK, nil)
	before := b.Cookie("session")
	b.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
	b.Me() // uses the new id
	old := s.Browser()
	old.SetCookie("session", before)
	if me := old.Me(); me.Person != nil {
		t.Error("the id from before the renewal still works")
	}
	old.Do("POST", "/api/v1/session/renew", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	b.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
	if b.Cookie("session") != "" || b.Cookie("device") == "" {
		t.Error("signing out leaves the session cookie or takes the device cookie")
	}
	b.Do("GET", "/api/v1/people?prefix=o", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	b.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
}

// The answer that brings a new id may be lost: the old one works until the new
// one is used, or an hour has passed.
func TestRenewalIsLost(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	first := b.Cookie("session")
	renewed := func() string {
		b.SetCookie("session", first)
		b.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
		return b.Cookie("session")
	}
	works := func(cookie string) bool {
		b.SetCookie("session", cookie)
		return b.Me().Person != nil
	}
	lost := renewed()
	if lost == first {
		t.Fatal("no new id")
	}
	if !works(first) {
		t.Fatal("the old id died with an answer that may be lost")
	}
	if renewed() != first {
		t.Error("another tab's new id of a moment ago was replaced")
	}
	s.Clock.Advance(time.Minute)
	second := renewed()
	if works(lost) {
		t.Error("two new ids are good")
	}
	if !works(second) || works(first) || !works(second) {
		t.Error("the old id outlives the new one's first use")
	}
	first = second
	third := renewed()
	s.Clock.Advance(time.Hour + time.Second)
	if works(first) || !works(third) {
		t.Error("the old id lives on though the new one is not used")
	}
}

func TestSignInLimits(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{SignIns: 3, SignInsNetwork: 6}})
	s.Owner()
	b := s.Browser()
	for range 3 {
		b.SignIn("owner@example.org", "wrong password").Refused(http.StatusUnauthorized, "not_authenticated")
	}
	if no := b.SignIn("Owner@example.org", apitest.Password).Refused(http.StatusTooManyRequests, "slow_down"); no.RetryMS <= 0 {
		t.Errorf("no time to wait: %+v", no)
	}
	for range 2 { // what was refused by the account's limit has counted for the network
		b.SignIn("other@example.org", "wrong password").Refused(http.StatusUnauthorized, "not_authenticated")
	}
	b.SignIn("third@example.org", "wrong password").Refused(http.StatusTooManyRequests, "slow_down")
	s.Clock.Advance(10 * time.Minute)
	b.SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
}

func TestGuessingElsewhereDoesNotKeepTheOwnerOut(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{SignIns: 3, SignInsAccount: 5}, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	s.Owner()
	b := s.Browser()
	from := func(address, password string) *apitest.Answer {
		b.Header.Set("X-Forwarded-For", address)
		return b.SignIn("owner@example.org", password)
	}
	for range 3 {
		from("192.0.2.1", "wrong password").Refused(http.StatusUnauthorized, "not_authenticated")
	}
	from("192.0.2.1", apitest.Password).Refused(http.StatusTooManyRequests, "slow_down")
	from("192.0.2.2", apitest.Password).Into(http.StatusOK, nil)
	from("192.0.2.3", "wrong password").Refused(http.StatusUnauthorized, "not_authenticated")
	from("192.0.2.4", apitest.Password).Refused(http.StatusTooManyRequests, "slow_down") // many places at once
}

func TestOneLinkDoesNotMakeEndlessSessions(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{FreshSessions: 3}})
	card := s.Owner().Invite(s.Owner().Room("Room", time.Hour).ID, "anna@example.org", "viewer")
	known := s.Browser()
	known.Open(card)
	for range 2 {
		s.Browser().Open(card)
	}
	s.Browser().TryOpen(card.Link()).Refused(http.StatusTooManyRequests, "slow_down")
	known.Open(card) // who has a session is not slowed down
	s.Clock.Advance(time.Minute)
	s.Browser().Open(card)
}

func TestOneTimeLinks(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	var p apitest.Person
	s.Owner().Do("POST", "/api/v1/people", map[string]string{"email": "new@example.org", "first_name": "Nora", "last_name": "New"}).Into(http.StatusCreated, &p)
	_, secret, ok := strings.Cut(p.Link, "/signin#")
	if !ok || !strings.HasPrefix(secret, "grs_") {
		t.Fatalf("link %q", p.Link)
	}
	wins := make(chan int, 20)
	var all sync.WaitGroup
	for range cap(wins) {
		b := s.Browser()
		all.Go(func() { wins <- b.Do("POST", "/api/v1/session", map[string]string{"link": secret}).Status })
	}
	all.Wait()
	close(wins)
	count := map[int]int{}
	for status := range wins {
		count[status]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusUnauthorized] != cap(wins)-1 {
		t.Errorf("one link signed in: %v", count)
	}
	s.Owner().Do("POST", "/api/v1/people", map[string]string{"email": "late@example.org", "first_name": "L", "last_name": "L"}).Into(http.StatusCreated, &p)
	_, secret, _ = strings.Cut(p.Link, "#")
	s.Clock.Advance(24*time.Hour + time.Second)
	s.Browser().Do("POST", "/api/v1/session", map[string]string{"link": secret}).Refused(http.StatusUnauthorized, "not_authenticated")
}

func TestSessionsEnd(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	idle, _ := s.Person("idle@example.org", "I", "I")
	busy, _ := s.Person("busy@example.org", "B", "B")
	for range 13 {
		s.Clock.Advance(11 * time.Hour)
		busy.Do("GET", "/api/v1/rooms", nil).Into(http.StatusOK, nil)
		idle.Me() // uses it too, until it is too late
	}
	s.Clock.Advance(12 * time.Hour)
	idle.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	idle.SignIn("idle@example.org", apitest.Password).Into(http.StatusOK, nil)
	s.Clock.Advance(11 * time.Hour)
	idle.Do("GET", "/api/v1/rooms", nil).Into(http.StatusOK, nil)
	for range 16 {
		busy.Me()
		s.Clock.Advance(time.Hour)
	}
	busy.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated") // seven days old
}

// Sockets are bound to the row: renewal keeps them, signing out ends them.
func TestSocketsEndWithTheirSession(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	id := b.Room("Room", time.Hour).ID
	first, _ := b.Join(id)
	b.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
	second, _ := b.Join(id)
	first.Do("time", map[string]any{"t0": 1}, nil)
	b.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
	first.Closed(wire.CloseNotAuthenticated)
	second.Closed(wire.CloseNotAuthenticated)

	// Another account on the same browser ends what the first had open.
	b.SignIn("anna@example.org", apitest.Password).Into(http.StatusOK, nil)
	third, _ := b.Join(id)
	b.SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
	third.Closed(wire.CloseNotAuthenticated)
	gone, no := b.Hello(map[string]any{"room": id})
	if no.Err == nil || no.Err.Code != room.CodeNotFound {
		t.Errorf("hello to a stranger's room: %+v", no)
	}
	gone.Closed(wire.CloseInvitationInvalid)
}

// Signing out on one instance ends what the session has open on another.
func TestSignOutElsewhere(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	id := b.Room("Room", time.Hour).ID
	there, _ := b.On(1).Join(id)
	b.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
	there.Closed(wire.CloseNotAuthenticated)
	again, reply := b.On(1).Hello(map[string]any{"room": id})
	if reply.Err == nil || reply.Err.Code != room.CodeNotAuthenticated {
		t.Errorf("hello: %+v", reply)
	}
	again.Closed(wire.CloseNotAuthenticated)
}

func TestAPIKeys(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	_, p := s.Person("anna@example.org", "Anna", "A")
	key := s.APIKey(p)
	made := key.Room("By key", time.Hour)
	socket, w := key.Join(made.ID) // without Origin
	if w.You.Right != "owner" {
		t.Errorf("welcome %+v", w.You)
	}
	socket.Close()
	lower := s.Browser() // a scheme's case says nothing (RFC 9110, 11.1)
	lower.Header.Set("Authorization", "bearer "+key.Key)
	lower.Do("GET", "/api/v1/rooms", nil).Into(http.StatusOK, new(map[string]any))
	for _, bad := range []string{"Bearer grk_wrong", "Bearer", "Basic eDp5", "Bearer gri_x", "Bearer" + key.Key, "Bearer\t" + key.Key, "Bearer " + key.Key + " "} {
		b := s.Browser()
		b.Header.Set("Authorization", bad)
		if strings.TrimSpace(bad) == "Bearer "+key.Key {
			continue // net/http trims it
		}
		b.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
		refused, no := b.Hello(map[string]any{"room": made.ID})
		if no.Err == nil || no.Err.Code != room.CodeNotAuthenticated {
			t.Errorf("%s: hello %+v", bad, no)
		}
		refused.Closed(wire.CloseNotAuthenticated)
	}
	// A key that does not work is not made good by cookies.
	owner := s.Owner()
	owner.Header.Set("Authorization", "Bearer grk_wrong")
	owner.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
}

// T32: of 100 set-ups at once exactly one wins; afterwards the address is gone.
func TestSetUpRace(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2, Limits: api.Limits{Misses: 1000}})
	secret := s.SetupSecret()
	s.SetupSecret() // another one that is valid too
	body := map[string]string{"secret": secret, "email": "o@example.org", "first_name": "O", "last_name": "O", "password": apitest.Password}
	s.Browser().Do("POST", "/api/v1/setup", map[string]string{"secret": "grs_wrong", "email": "o@example.org", "first_name": "O", "last_name": "O", "password": apitest.Password}).Refused(http.StatusNotFound, "not_found")
	for field, value := range map[string]string{"email": "x", "first_name": " ", "last_name": "\u202e", "password": "short"} {
		wrong := map[string]string{}
		for k, v := range body {
			wrong[k] = v
		}
		wrong[field] = value
		if no := s.Browser().Do("POST", "/api/v1/setup", wrong).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[field] == "" {
			t.Errorf("%s=%q: %+v", field, value, no)
		}
	}
	outcomes := make(chan int, 100)
	var all sync.WaitGroup
	for i := range cap(outcomes) {
		b := s.Browser().On(i % 2)
		all.Go(func() { outcomes <- b.Do("POST", "/api/v1/setup", body).Status })
	}
	all.Wait()
	close(outcomes)
	count := map[int]int{}
	for status := range outcomes {
		count[status]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusNotFound] != 99 {
		t.Errorf("outcomes %v", count)
	}
	s.Browser().Do("POST", "/api/v1/setup", "{").Refused(http.StatusNotFound, "not_found")
	body["secret"], body["email"] = s.SetupSecret(), "second@example.org"
	s.Browser().Do("POST", "/api/v1/setup", body).Refused(http.StatusNotFound, "not_found")
	if _, err := s.Store.PersonByEmail(t.Context(), "second@example.org"); err != store.ErrNotFound {
		t.Errorf("a second owner: %v", err)
	}
}

func TestSetUpLinkExpires(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	secret := s.SetupSecret()
	s.Clock.Advance(time.Hour + time.Second)
	s.Browser().Do("POST", "/api/v1/setup", map[string]string{"secret": secret, "email": "o@example.org", "first_name": "O", "last_name": "O", "password": apitest.Password}).Refused(http.StatusNotFound, "not_found")
}
