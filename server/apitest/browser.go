package apitest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"greenroom/hub/store"
	"greenroom/server/api"
)

// Browser is one device of one person: a cookie jar, and the origin that pages
// of the site send.
type Browser struct {
	T      testing.TB
	Server *Server
	Base   string // of the instance it talks to
	Jar    http.CookieJar
	Key    string // an API key instead of cookies, if set
	Header http.Header

	client *http.Client
}

// Browser gives a new device that talks to the first instance.
func (s *Server) Browser() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	return &Browser{T: s.T, Server: s, Base: s.Instances[0].URL, Jar: jar, Header: http.Header{}, client: newClient(jar)}
}

func newClient(jar http.CookieJar) *http.Client {
	return &http.Client{Jar: jar, Timeout: Patience, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// On is the same device at another instance.
func (b *Browser) On(instance int) *Browser {
	other := *b
	other.Base = b.Server.Instances[instance].URL
	return &other
}

// Copy is another device with the same cookies.
func (b *Browser) Copy() *Browser {
	other := b.Server.Browser()
	at, _ := url.Parse(b.Base)
	other.Base = b.Base
	other.Jar.SetCookies(at, b.Jar.Cookies(at))
	return other
}

// Cookie gives the value of the session, device or flow cookie.
func (b *Browser) Cookie(part string) string {
	at, _ := url.Parse(b.Base)
	for _, c := range b.Jar.Cookies(at) {
		if strings.Contains(c.Name, "device") == (part == "device") && strings.Contains(c.Name, "flow") == (part == "flow") {
			return c.Value
		}
	}
	return ""
}

// SetCookie plants a value for the session, device or flow cookie.
func (b *Browser) SetCookie(part, value string) {
	name := "greenroom-"
	if part != "session" {
		name = "greenroom-" + part + "-"
	}
	at, _ := url.Parse(b.Base)
	b.Jar.SetCookies(at, []*http.Cookie{{Name: name + b.Server.Public.Port(), Value: value, Path: "/"}})
}

// Answer is what came back.
type Answer struct {
	T      testing.TB
	What   string
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request with a JSON body, or none for nil; a string or []byte
// goes as it is.
func (b *Browser) Do(method, path string, body any) *Answer {
	b.T.Helper()
	var text []byte
	switch body := body.(type) {
	case nil:
	case []byte:
		text = body
	case string:
		text = []byte(body)
	default:
		var err error
		if text, err = json.Marshal(body); err != nil {
			b.T.Fatal(err)
		}
	}
	r, err := http.NewRequest(method, b.Base+path, bytes.NewReader(text))
	if err != nil {
		b.T.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return b.Send(r)
}

// Send sends a request with the device's credentials and headers.
func (b *Browser) Send(r *http.Request) *Answer {
	b.T.Helper()
	if b.Key != "" {
		r.Header.Set("Authorization", "Bearer "+b.Key)
	} else if r.Method != http.MethodGet && r.Method != http.MethodHead {
		r.Header.Set("Origin", b.Server.Public.String())
	}
	for name, values := range b.Header {
		r.Header[name] = values
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.T.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	return &Answer{b.T, r.Method + " " + r.URL.Path, response.StatusCode, response.Header, text}
}

// Into demands a status and decodes the body; nil wants none.
func (a *Answer) Into(status int, into any) *Answer {
	a.T.Helper()
	if a.Status != status {
		a.T.Fatalf("%s: %d, want %d: %s", a.What, a.Status, status, a.Body)
	}
	if into != nil {
		if err := json.Unmarshal(a.Body, into); err != nil {
			a.T.Fatalf("%s: %v in %s", a.What, err, a.Body)
		}
	}
	return a
}

// Problem is the document of an error.
type Problem struct {
	Type, Title, Code, Detail, Reason string
	Domain                            string
	Status                            int
	RetryMS                           int64 `json:"retry_ms"`
	Fields                            map[string]string
	SinceAt                           string `json:"since_at"`
	At                                string
	TriesLeft                         *int `json:"tries_left"`
	Room                              *Room
	AskedAt                           time.Time `json:"asked_at"`
	Can                               []string
}

// Refused demands a problem document of a status and code.
func (a *Answer) Refused(status int, code string) Problem {
	a.T.Helper()
	var p Problem
	a.Into(status, &p)
	if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" || p.Code != code || p.Status != status || p.Title == "" || p.Detail == "" || p.Type == "" {
		a.T.Fatalf("%s: %s %s, want code %s", a.What, kind, a.Body, code)
	}
	return p
}

// Person is somebody signed in.
type Person struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	SiteOwner bool   `json:"site_owner"`
	SiteRole  string `json:"site_role"`
	Link      string `json:"link"`
}

// Password of everybody whom the helpers make.
const Password = "correct horse battery"

// SetupSecret makes the secret of a set-up link.
func (s *Server) SetupSecret() string {
	s.T.Helper()
	secret := api.NewOneTimeSecret()
	one := store.OneTime{Secret: api.HashSecret(secret), Purpose: "setup", Expires: s.Clock.Now().Add(time.Hour)}
	if err := s.Store.PutOneTime(s.T.Context(), one); err != nil {
		s.T.Fatal(err)
	}
	return secret
}

// Owner is the site's owner, signed in: owner@example.org.
func (s *Server) Owner() *Browser {
	s.T.Helper()
	if s.owner == nil {
		s.owner = s.Browser()
		s.owner.Do("POST", "/api/v1/setup", map[string]string{"secret": s.SetupSecret(), "email": "owner@example.org",
			"first_name": "Olga", "last_name": "Owner", "password": Password}).Into(http.StatusCreated, nil)
	}
	return s.owner
}

// Person makes an account and gives it, signed in on a device of its own.
func (s *Server) Person(email, first, last string) (*Browser, Person) {
	s.T.Helper()
	var p Person
	s.Owner().Do("POST", "/api/v1/people", map[string]string{"email": email, "first_name": first, "last_name": last, "password": Password}).Into(http.StatusCreated, &p)
	b := s.Browser()
	b.SignIn(email, Password).Into(http.StatusOK, nil)
	return b, p
}

// APIKey gives somebody a key with every right, and a client that uses it.
func (s *Server) APIKey(p Person) *Browser { return s.ScopedKey(p, api.ScopeAll) }

// ScopedKey is APIKey with a scope.
func (s *Server) ScopedKey(p Person, scope api.KeyScope) *Browser {
	s.T.Helper()
	b := s.Browser()
	b.Key = api.NewAPIKey()
	k := store.APIKey{Hash: api.HashSecret(b.Key), Person: personID(p.ID), Label: "test", Scope: string(scope)}
	if err := s.Store.PutKey(s.T.Context(), k); err != nil {
		s.T.Fatal(err)
	}
	return b
}

// SignIn signs in by password.
func (b *Browser) SignIn(email, password string) *Answer {
	b.T.Helper()
	return b.Do("POST", "/api/v1/session", map[string]string{"email": email, "password": password})
}

// Me is what the session says.
type Me struct {
	Person      *Person
	Invitations []struct{ Invitation, Room string }
}

// Me asks who one is.
func (b *Browser) Me() Me {
	b.T.Helper()
	var me Me
	b.Do("GET", "/api/v1/session", nil).Into(http.StatusOK, &me)
	return me
}
