package api_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
	"greenroom/server/apitest"
	"greenroom/server/oidc"
	"greenroom/server/oidc/oidctest"
)

var anaThere = oidctest.Claims{"sub": "ana-1", "email": "ana@example.org", "email_verified": true, "given_name": "Ana", "family_name": "Ferreira"}

// provided is a site whose people may sign in at a provider too.
func provided(t *testing.T, o apitest.Options) (*apitest.Server, *oidctest.Provider) {
	at := oidctest.Start(t)
	o.Provider = &oidc.Config{Issuer: at.URL, ClientID: oidctest.ClientID, Secret: oidctest.Secret}
	s := apitest.Start(t, o)
	at.Now = s.Clock.Now
	at.Person(maps.Clone(anaThere))
	s.Owner()
	return s, at
}

// begin gives the provider's address.
func begin(b *apitest.Browser, next string) string {
	b.T.Helper()
	var to struct{ URL string }
	b.Do("POST", "/api/v1/session/provider", map[string]string{"next": next}).Into(http.StatusOK, &to)
	return to.URL
}

// there goes to the provider and gives the way back, with its query.
func there(t *testing.T, to string) string {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	back, err := response.Location()
	if err != nil {
		t.Fatal(err)
	}
	return back.RequestURI()
}

// comeBack follows the way back as a browser does that comes from another
// site: without the session cookie.
func comeBack(b *apitest.Browser, way string) string {
	b.T.Helper()
	session := b.Cookie("session")
	if session != "" {
		b.SetCookie("session", "")
	}
	got := b.Do("GET", way, nil).Into(http.StatusSeeOther, nil)
	if session != "" {
		b.SetCookie("session", session)
	}
	if set := strings.Join(got.Header.Values("Set-Cookie"), "\n"); strings.Contains(set, "Strict") {
		b.T.Errorf("the callback sets a session: %s", set)
	}
	return strings.TrimPrefix(got.Header.Get("Location"), "/signin?provider=")
}

func finish(b *apitest.Browser) *apitest.Answer {
	b.T.Helper()
	return b.Do("POST", "/api/v1/session/provider/finish", nil)
}

func TestSignInAtAProvider(t *testing.T) {
	s, _ := provided(t, apitest.Options{})
	_, p := s.Person("ana@example.org", "Ana", "F")
	b := s.Browser()
	b.Open(s.Owner().Invite(s.Owner().Room("Room", time.Hour).ID, "ana@example.org", "viewer")) // a session that is kept
	var features struct{ Provider string }
	b.Do("GET", "/api/v1/features", nil).Into(http.StatusOK, &features)
	if features.Provider != "Example ID" {
		t.Errorf("features %+v", features)
	}
	if said := comeBack(b, there(t, begin(b, "/rooms?show=past"))); said != "done" {
		t.Fatalf("back with %s", said)
	}
	var done struct {
		Person apitest.Person
		Next   string
	}
	finish(b).Into(http.StatusOK, &done)
	if done.Person.ID != p.ID || done.Next != "/rooms?show=past" || b.Cookie("flow") != "" {
		t.Errorf("finished: %+v, cookie %q", done, b.Cookie("flow"))
	}
	if me := b.Me(); me.Person == nil || len(me.Invitations) != 1 {
		t.Errorf("what was opened before is lost: %+v", me)
	}
	finish(b).Refused(http.StatusUnauthorized, "not_authenticated")
	known, err := s.Store.Person(t.Context(), room.PersonID(p.ID))
	if err != nil || !known.Verified {
		t.Errorf("%+v, %v", known, err)
	}
}

// The account that was made for an address, by whomever, belongs from now on to
// whom the provider says the address is.
func TestProviderTakesAnUnprovenAccount(t *testing.T) {
	s, at := provided(t, apitest.Options{})
	squatter, _ := s.Person("ana@example.org", "Not", "Ana")
	b := s.Browser()
	comeBack(b, there(t, begin(b, "")))
	finish(b).Into(http.StatusOK, nil)
	if squatter.Me().Person != nil {
		t.Error("who was signed in before still is")
	}
	s.Browser().SignIn("ana@example.org", apitest.Password).Refused(http.StatusUnauthorized, "not_authenticated")

	// Linked by subject now: the address may change, and pass to somebody else.
	at.Person(oidctest.Claims{"sub": "ana-1", "email": "ana.new@example.org", "email_verified": true})
	b = s.Browser()
	comeBack(b, there(t, begin(b, "")))
	finish(b).Into(http.StatusOK, nil)
	if me := b.Me(); me.Person == nil || me.Person.Email != "ana@example.org" {
		t.Errorf("by subject: %+v", me)
	}
}

func TestWhoHasNoAccount(t *testing.T) {
	for name, c := range map[string]struct {
		claims   oidctest.Claims
		accounts bool
		said     string
	}{
		"unknown":               {anaThere, false, "unknown"},
		"gets one":              {anaThere, true, "done"},
		"unverified":            {oidctest.Claims{"sub": "2", "email": "ana@example.org"}, true, "unverified"},
		"unverified, of others": {oidctest.Claims{"sub": "2", "email": "owner@example.org", "email_verified": false}, true, "unverified"},
		"no address":            {oidctest.Claims{"sub": "2", "email_verified": true}, true, "unverified"},
		"a bad address":         {oidctest.Claims{"sub": "2", "email": "no address", "email_verified": true}, true, "unverified"},
		"without a name":        {oidctest.Claims{"sub": "2", "email": "nemo@example.org", "email_verified": true}, true, "done"},
		"a hostile name":        {oidctest.Claims{"sub": "2", "email": "nemo@example.org", "email_verified": true, "given_name": "\u202e" + strings.Repeat("<b>", 100), "family_name": "x\r\ny"}, true, "done"},
	} {
		s, at := provided(t, apitest.Options{Accounts: c.accounts})
		at.Person(maps.Clone(c.claims))
		at.Info(maps.Clone(c.claims))
		b := s.Browser()
		if said := comeBack(b, there(t, begin(b, ""))); said != c.said {
			t.Errorf("%s: %s, want %s", name, said, c.said)
			continue
		}
		if c.said != "done" {
			finish(b).Refused(http.StatusUnauthorized, "not_authenticated")
			continue
		}
		finish(b).Into(http.StatusOK, nil)
		me := b.Me().Person
		if me == nil || me.Email != c.claims["email"] || me.FirstName == "" || len([]rune(me.FirstName)) > room.MaxName || strings.ContainsAny(me.FirstName+me.LastName, "\r\n\u202e") {
			t.Errorf("%s: %+v", name, me)
		}
		again := s.Browser()
		comeBack(again, there(t, begin(again, "")))
		finish(again).Into(http.StatusOK, nil)
		if again.Me().Person.ID != me.ID {
			t.Errorf("%s: another account the second time", name)
		}
	}
}

// A way back is good once, in the browser that went.
func TestProviderReplays(t *testing.T) {
	s, at := provided(t, apitest.Options{Accounts: true})
	b, victim := s.Browser(), s.Browser()
	way := there(t, begin(b, ""))
	if said := comeBack(victim, way); said != "expired" { // an attacker's way back, in a browser that never went
		t.Errorf("without the cookie: %s", said)
	}
	begin(victim, "")
	if said := comeBack(victim, way); said != "expired" {
		t.Errorf("with the cookie of another flow: %s", said)
	}
	cookie := b.Cookie("flow")
	if said := comeBack(b, way); said != "done" {
		t.Fatalf("the real one: %s", said)
	}
	finished := b.Cookie("flow")
	b.SetCookie("flow", cookie)
	if said := comeBack(b, way); said != "expired" {
		t.Errorf("once more: %s", said)
	}
	b.SetCookie("flow", finished)
	finish(b).Into(http.StatusOK, nil)
	b.SetCookie("flow", finished)
	finish(b).Refused(http.StatusUnauthorized, "not_authenticated")

	late := s.Browser()
	way = there(t, begin(late, ""))
	s.Clock.Advance(11 * time.Minute)
	if said := comeBack(late, way); said != "expired" {
		t.Errorf("too late: %s", said)
	}
	slow := s.Browser()
	comeBack(slow, there(t, begin(slow, "")))
	s.Clock.Advance(3 * time.Minute)
	finish(slow).Refused(http.StatusUnauthorized, "not_authenticated")

	for _, bad := range []string{"", "?code=x", "?state=x&code=y", "?state=" + strings.Repeat("x", 5000), "?%zz"} {
		if said := comeBack(s.Browser(), "/oidc/callback"+bad); said != "expired" {
			t.Errorf("%.20s: %s", bad, said)
		}
	}
	denied := s.Browser()
	way = there(t, begin(denied, ""))
	parsed, _ := url.Parse(way)
	q := parsed.Query()
	q.Del("code")
	q.Set("error", "access_denied")
	if said := comeBack(denied, "/oidc/callback?"+q.Encode()); said != "refused" {
		t.Errorf("denied: %s", said)
	}
	at.Spoil = func(_, c oidctest.Claims) { c["nonce"] = "another" }
	forged := s.Browser()
	if said := comeBack(forged, there(t, begin(forged, ""))); said != "refused" {
		t.Errorf("forged: %s", said)
	}
	at.Spoil = nil
	for _, secret := range []string{cookie, finished, "ana@example.org", "ana-1"} {
		if strings.Contains(s.Logs(), strings.Trim(secret, ".")) {
			t.Error("a secret is in the log")
		}
	}
}

// The server starts and works while the provider is away.
func TestProviderIsAway(t *testing.T) {
	s, at := provided(t, apitest.Options{Accounts: true})
	at.Down(true)
	b := s.Browser()
	no := b.Do("POST", "/api/v1/session/provider", nil).Refused(http.StatusServiceUnavailable, "unavailable")
	if no.RetryMS <= 0 {
		t.Errorf("no time to wait: %+v", no)
	}
	b.SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
	at.Down(false)
	s.Clock.Advance(6 * time.Second)
	way := there(t, begin(b, ""))
	at.Down(true)
	if said := comeBack(b, way); said != "away" {
		t.Errorf("on the way back: %s", said)
	}
	if me := b.Me(); me.Person == nil {
		t.Error("who was signed in is not")
	}
}

// Whom the provider knows by the invited address skips the lobby.
func TestProviderSkipsTheLobby(t *testing.T) {
	s, _ := provided(t, apitest.Options{Accounts: true})
	id := s.Owner().Room("Room", time.Hour).ID
	s.Owner().Invite(id, "ana@example.org", "speaker")
	s.Owner().OpenDoors(id)
	b := s.Browser()
	comeBack(b, there(t, begin(b, "")))
	finish(b).Into(http.StatusOK, nil)
	socket, w := b.Join(id)
	if w.Phase != room.PhaseLive || w.You.Role != "speaker" {
		t.Errorf("let in as %+v", w)
	}
	b.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
	socket.Closed(wire.CloseNotAuthenticated)
}

// The site's groups that are called as the provider's follow them.
func TestGroupsFollowTheProvider(t *testing.T) {
	at := oidctest.Start(t)
	s := apitest.Start(t, apitest.Options{Accounts: true, Provider: &oidc.Config{Issuer: at.URL, ClientID: oidctest.ClientID, Secret: oidctest.Secret, Groups: "groups"}})
	at.Now = s.Clock.Now
	for _, name := range []string{"Staff", "Docs", "Here"} {
		if err := s.Store.CreateGroup(t.Context(), store.Group{ID: room.GroupID(name), Name: name, Created: s.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		told []string
		want string
	}{{[]string{"staff", "elsewhere"}, "Staff"}, {[]string{"docs", "STAFF"}, "Docs Here Staff"}, {[]string{"docs"}, "Docs Here"}, {nil, "Here"}} {
		claims := maps.Clone(anaThere)
		claims["groups"] = c.told
		at.Person(claims)
		b := s.Browser()
		comeBack(b, there(t, begin(b, "")))
		finish(b).Into(http.StatusOK, nil)
		id := room.PersonID(b.Me().Person.ID)
		if c.want == "Docs Here Staff" {
			if err := s.Store.AddMember(t.Context(), "Here", id); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.Store.GroupsOf(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		words := []string{}
		for _, g := range all {
			words = append(words, string(g))
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("told %v: in %s, want %s", c.told, got, c.want)
		}
	}
}

func TestNoProvider(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	b := s.Browser()
	b.Do("POST", "/api/v1/session/provider", nil).Refused(http.StatusNotFound, "not_found")
	b.Do("GET", "/oidc/callback?state=x&code=y", nil).Refused(http.StatusNotFound, "not_found")
	finish(b).Refused(http.StatusUnauthorized, "not_authenticated")
}
