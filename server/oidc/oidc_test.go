package oidc_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"greenroom/server/oidc"
	"greenroom/server/oidc/oidctest"
)

const redirect = "http://rooms.example.org/oidc/callback"

func config(at *oidctest.Provider) oidc.Config {
	return oidc.Config{Issuer: at.URL, ClientID: oidctest.ClientID, Secret: oidctest.Secret, Redirect: redirect}
}

var ana = oidctest.Claims{"sub": "ana-1", "email": "ana@example.org", "email_verified": true, "given_name": "Ana", "family_name": "Ferreira", "groups": []string{"staff", "docs", "staff"}}

// visit goes to the provider as a browser would, and gives what it sends back.
func visit(t *testing.T, p *oidc.Provider, f oidc.Flow) url.Values {
	t.Helper()
	at, err := p.Begin(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	back, err := response.Location()
	if err != nil || back.Scheme+"://"+back.Host+back.Path != redirect {
		t.Fatalf("back to %v, %v", back, err)
	}
	return back.Query()
}

func TestIdentity(t *testing.T) {
	at := oidctest.Start(t)
	for name, c := range map[string]struct {
		claims, info oidctest.Claims
		change       func(*oidc.Config)
		want         oidc.Identity
	}{
		"all told": {claims: ana, want: oidc.Identity{Subject: "ana-1", Email: "ana@example.org", Verified: true, FirstName: "Ana", LastName: "Ferreira"}},
		"groups": {claims: ana, change: func(c *oidc.Config) { c.Groups = "groups" },
			want: oidc.Identity{Subject: "ana-1", Email: "ana@example.org", Verified: true, FirstName: "Ana", LastName: "Ferreira", Groups: []string{"docs", "staff"}}},
		"one name":           {claims: oidctest.Claims{"sub": "2", "name": "Mei Ling Zhao"}, info: oidctest.Claims{"sub": "2"}, want: oidc.Identity{Subject: "2", FirstName: "Mei Ling", LastName: "Zhao"}},
		"not verified":       {claims: oidctest.Claims{"sub": "2", "email": "a@b.org", "email_verified": false}, want: oidc.Identity{Subject: "2", Email: "a@b.org"}},
		"nothing said of it": {claims: oidctest.Claims{"sub": "2", "email": "a@b.org"}, want: oidc.Identity{Subject: "2", Email: "a@b.org"}},
		"verified as a text": {claims: oidctest.Claims{"sub": "2", "email": "a@b.org", "email_verified": "true"}, want: oidc.Identity{Subject: "2", Email: "a@b.org", Verified: true}},
		"never believed": {claims: ana, change: func(c *oidc.Config) { c.Email = oidc.TrustNever },
			want: oidc.Identity{Subject: "ana-1", Email: "ana@example.org", FirstName: "Ana", LastName: "Ferreira"}},
		"always believed": {claims: oidctest.Claims{"sub": "2", "email": "a@b.org"}, change: func(c *oidc.Config) { c.Email = oidc.TrustAlways },
			want: oidc.Identity{Subject: "2", Email: "a@b.org", Verified: true}},
		"told when asked": {claims: oidctest.Claims{"sub": "3"}, info: oidctest.Claims{"sub": "3", "email": "c@d.org", "email_verified": true, "name": "Cy Dee"},
			want: oidc.Identity{Subject: "3", Email: "c@d.org", Verified: true, FirstName: "Cy", LastName: "Dee"}},
	} {
		at.Person(maps.Clone(c.claims))
		if c.info != nil {
			at.Info(c.info)
		}
		conf := config(at)
		if c.change != nil {
			c.change(&conf)
		}
		p, f := oidc.New(conf), oidc.NewFlow()
		got, err := p.Finish(t.Context(), f, visit(t, p, f))
		c.want.Issuer = at.URL
		if err != nil || got.Issuer != c.want.Issuer || got.Subject != c.want.Subject || got.Email != c.want.Email || got.Verified != c.want.Verified ||
			got.FirstName != c.want.FirstName || got.LastName != c.want.LastName || !slices.Equal(got.Groups, c.want.Groups) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

// Nothing that is wrong with a token, or is somebody else's, signs anybody in.
func TestForgeries(t *testing.T) {
	at := oidctest.Start(t)
	p := oidc.New(config(at))
	for name, spoil := range map[string]func(header, claims oidctest.Claims){
		"wrong nonce":        func(_, c oidctest.Claims) { c["nonce"] = oidc.NewFlow().Secret() },
		"no nonce":           func(_, c oidctest.Claims) { delete(c, "nonce") },
		"wrong audience":     func(_, c oidctest.Claims) { c["aud"] = "another" },
		"for two clients":    func(_, c oidctest.Claims) { c["aud"] = []string{oidctest.ClientID, "another"} },
		"for another of two": func(_, c oidctest.Claims) { c["aud"], c["azp"] = []string{oidctest.ClientID, "another"}, "another" },
		"wrong issuer":       func(_, c oidctest.Claims) { c["iss"] = "https://evil.example" },
		"expired":            func(_, c oidctest.Claims) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"no subject":         func(_, c oidctest.Claims) { c["sub"] = "" },
		"alg none":           func(h, _ oidctest.Claims) { h["alg"] = "none" },
		"alg HS256":          func(h, _ oidctest.Claims) { h["alg"] = "HS256" },
		"unknown key":        func(h, _ oidctest.Claims) { h["kid"] = "another" },
	} {
		at.Person(maps.Clone(ana))
		at.Spoil = spoil
		f := oidc.NewFlow()
		if got, err := p.Finish(t.Context(), f, visit(t, p, f)); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	at.Spoil = nil
	for name, set := range map[string]*bool{"unsigned": &at.Unsigned, "a foreign key": &at.Foreign} {
		*set = true
		f := oidc.NewFlow()
		if got, err := p.Finish(t.Context(), f, visit(t, p, f)); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		*set = false
	}
	at.Person(oidctest.Claims{"sub": "3"})
	at.Info(oidctest.Claims{"sub": "4", "email": "c@d.org", "email_verified": true})
	f := oidc.NewFlow()
	if _, err := p.Finish(t.Context(), f, visit(t, p, f)); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("told of somebody else: %v", err)
	}
}

// What comes back belongs to one flow and is good once.
func TestReplays(t *testing.T) {
	at := oidctest.Start(t)
	at.Person(maps.Clone(ana))
	p := oidc.New(config(at))
	mine, other := oidc.NewFlow(), oidc.NewFlow()
	back := visit(t, p, mine)
	before := at.Asked()
	for name, spoil := range map[string]func(url.Values){
		"another state":    func(v url.Values) { v.Set("state", "x") },
		"no state":         func(v url.Values) { v.Del("state") },
		"no code":          func(v url.Values) { v.Del("code") },
		"another provider": func(v url.Values) { v.Set("iss", "https://evil.example") },
		"a no":             func(v url.Values) { v.Set("error", "access_denied") },
	} {
		v := maps.Clone(back)
		spoil(v)
		if _, err := p.Finish(t.Context(), mine, v); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Finish(t.Context(), other, back); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("another browser: %v", err)
	}
	if at.Asked() != before {
		t.Error("the provider was asked for nothing")
	}
	stolen := visit(t, p, other) // somebody else's code in my flow: PKCE
	stolen.Set("state", back.Get("state"))
	if _, err := p.Finish(t.Context(), mine, stolen); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("a stolen code: %v", err)
	}
	if _, err := p.Finish(t.Context(), mine, back); err != nil {
		t.Errorf("the real one: %v", err)
	}
	if _, err := p.Finish(t.Context(), mine, back); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("once more: %v", err)
	}
}

func TestKeysRotate(t *testing.T) {
	at := oidctest.Start(t)
	at.Person(maps.Clone(ana))
	p := oidc.New(config(at))
	for range 3 {
		f := oidc.NewFlow()
		if _, err := p.Finish(t.Context(), f, visit(t, p, f)); err != nil {
			t.Fatal(err)
		}
		at.Rotate()
	}
}

// A provider that is away is looked for again, not at every click.
func TestProviderIsAway(t *testing.T) {
	at := oidctest.Start(t)
	at.Person(maps.Clone(ana))
	now := time.Now()
	c := config(at)
	c.Now = func() time.Time { return now }
	p, f := oidc.New(c), oidc.NewFlow()
	at.Down(true)
	for range 5 {
		if _, err := p.Begin(t.Context(), f); !errors.Is(err, oidc.ErrAway) {
			t.Fatalf("away: %v", err)
		}
	}
	if at.Asked() != 1 {
		t.Errorf("asked %d times", at.Asked())
	}
	at.Down(false)
	now = now.Add(6 * time.Second)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Begin(gone, f); err == nil {
		t.Error("somebody who gave up")
	}
	back := visit(t, p, f) // whose giving up is not held against the provider
	at.Down(true)
	if _, err := p.Finish(t.Context(), f, back); !errors.Is(err, oidc.ErrAway) {
		t.Errorf("away on the way back: %v", err)
	}
	at.Down(false)
	if _, err := p.Finish(t.Context(), f, back); err != nil {
		t.Errorf("back again: %v", err)
	}
}

func TestFlow(t *testing.T) {
	f := oidc.NewFlow()
	if again, ok := oidc.ParseFlow(f.Secret()); !ok || again != f {
		t.Error("a flow is not read as written")
	}
	for _, bad := range []string{"", "x", f.Secret() + "AA", f.Secret()[1:], "=" + f.Secret()[1:]} {
		if _, ok := oidc.ParseFlow(bad); ok {
			t.Errorf("%q was taken for a flow", bad)
		}
	}
}
