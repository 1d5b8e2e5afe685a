package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/oauth2-proxy/mockoidc"

	"greenroom/hub/room"
	"greenroom/server/apitest"
	"greenroom/server/oidc"
)

// foreign is a provider that others have written: it wants the secret in the
// form, names people differently, and tells its lifetimes in nanoseconds.
func foreign(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	at, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := at.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return at
}

// Somebody signs in at a provider that is not ours: discovery, PKCE with its
// own check of the verifier, its keys, its claims.
func TestSignInAtAForeignProvider(t *testing.T) {
	at := foreign(t)
	s := apitest.Start(t, apitest.Options{Provider: &oidc.Config{Issuer: at.Issuer(), ClientID: at.ClientID, Secret: at.ClientSecret, Scopes: []string{"email", "profile", "groups"}, Groups: "groups"}})
	mockoidc.NowFunc = s.Clock.Now
	t.Cleanup(func() { mockoidc.NowFunc = time.Now })
	_, p := s.Person("ines@example.org", "Inês", "Rocha")
	at.QueueUser(&mockoidc.MockUser{Subject: "foreign-7", Email: "Ines@Example.org", EmailVerified: true, Groups: []string{"staff"}})
	b := s.Browser()
	to := begin(b, "/account")
	if asked, err := url.Parse(to); err != nil || asked.Query().Get("code_challenge_method") != "S256" || asked.Query().Get("nonce") == "" {
		t.Fatalf("sent to %s, %v", to, err)
	}
	way := there(t, to)
	if said := comeBack(b, way); said != "done" {
		t.Fatalf("back with %s", said)
	}
	finish(b).Into(http.StatusOK, nil)
	if me := b.Me(); me.Person == nil || me.Person.ID != p.ID {
		t.Errorf("signed in as %+v", me)
	}
	if known, err := s.Store.Person(t.Context(), room.PersonID(p.ID)); err != nil || !known.Verified {
		t.Errorf("%+v, %v", known, err)
	}

	// Its code works once, and for whoever began.
	if said := comeBack(b, way); said == "done" {
		t.Error("the same way back twice")
	}
	thief := s.Browser()
	at.QueueUser(&mockoidc.MockUser{Subject: "foreign-7", Email: "ines@example.org", EmailVerified: true})
	if said := comeBack(thief, there(t, begin(s.Browser(), ""))); said == "done" {
		t.Error("somebody else's way back")
	}
	finish(thief).Refused(http.StatusUnauthorized, "not_authenticated")
}

// What goes wrong over there is told and signs nobody in.
func TestAForeignProviderFails(t *testing.T) {
	at := foreign(t)
	s := apitest.Start(t, apitest.Options{Provider: &oidc.Config{Issuer: at.Issuer(), ClientID: at.ClientID, Secret: at.ClientSecret}})
	mockoidc.NowFunc = s.Clock.Now
	t.Cleanup(func() { mockoidc.NowFunc = time.Now })
	s.Person("ines@example.org", "Inês", "Rocha")
	b := s.Browser()
	for name, user := range map[string]*mockoidc.MockUser{
		"an address that nobody has verified": {Subject: "foreign-8", Email: "ines@example.org"},
		"an unknown one":                      {Subject: "foreign-9", Email: "eve@example.org", EmailVerified: true},
	} {
		at.QueueUser(user)
		if said := comeBack(b, there(t, begin(b, ""))); said == "done" {
			t.Errorf("%s: signed in", name)
		}
	}
	way := there(t, begin(b, ""))
	at.QueueError(&mockoidc.ServerError{Code: http.StatusInternalServerError, Error: mockoidc.InternalServerError, Description: "out of order"})
	if said := comeBack(b, way); said == "done" {
		t.Error("without tokens: signed in")
	}
	finish(b).Refused(http.StatusUnauthorized, "not_authenticated")
}
