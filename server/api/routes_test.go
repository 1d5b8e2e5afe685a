package api_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// walker fills in what routes have for parameters.
type walker struct {
	server     *apitest.Server
	owner      *apitest.Browser
	room       string
	invitation string
	publicID   string
	group      string
	writes     *writes
}

func newWalker(t *testing.T, o apitest.Options) *walker {
	w := &walker{writes: new(writes)}
	o.Wrap = func(s store.Store) store.Store { w.writes.Store = s; return w.writes }
	w.server = apitest.Start(t, o)
	w.owner = w.server.Owner()
	w.room = w.owner.Room("Walk", time.Hour).ID
	var g struct{ ID string }
	w.owner.Do("POST", "/api/v1/site/groups", map[string]string{"name": "Walkers"}).Into(http.StatusCreated, &g)
	w.group = g.ID
	i := w.owner.Invite(w.room, "anna@example.org", "viewer")
	w.invitation = i.ID
	w.publicID, _ = i.Link()
	return w
}

func (w *walker) path(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	path = strings.Replace(path, "/i/{invitation}", "/i/"+w.publicID, 1)
	return strings.NewReplacer("{$}", "", "{room}", w.room, "{invitation}", w.invitation, "{person}", "owner@example.org", "{file}", "app-1.js", "{group}", w.group, "{key}", "0123456789abcdef", "{tab}", "domains", "{domain}", "evil.example", "{hash}", "00", "{language}", "de").Replace(path)
}

func method(pattern string) string {
	m, _, _ := strings.Cut(pattern, " ")
	return m
}

// writes counts what changes the store. That a session was used is no change
// of state.
type writes struct {
	store.Store
	mu    sync.Mutex
	calls []string
}

func (w *writes) note(call string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call)
}

func (w *writes) taken() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.calls
	w.calls = nil
	return all
}

func (w *writes) Commit(ctx context.Context, id room.ID, head room.Seq, decide func(time.Time, []room.Event) (store.Batch, error)) error {
	return w.Store.Commit(ctx, id, head, func(now time.Time, newer []room.Event) (store.Batch, error) {
		b, err := decide(now, newer)
		if err == nil && len(b.Events)+len(b.Rows) > 0 {
			w.note("Commit")
		}
		return b, err
	})
}

func (w *writes) CreatePerson(ctx context.Context, p store.Person, audit ...store.AuditRow) error {
	w.note("CreatePerson")
	return w.Store.CreatePerson(ctx, p, audit...)
}

func (w *writes) PutSession(ctx context.Context, s store.WebSession) error {
	w.note("PutSession")
	return w.Store.PutSession(ctx, s)
}

func (w *writes) RenewSession(ctx context.Context, old, fresh [32]byte) error {
	w.note("RenewSession")
	return w.Store.RenewSession(ctx, old, fresh)
}

func (w *writes) SignIn(ctx context.Context, s store.WebSession) error {
	w.note("SignIn")
	return w.Store.SignIn(ctx, s)
}

func (w *writes) EndSession(ctx context.Context, p room.PersonID, handle string, audit ...store.AuditRow) error {
	w.note("EndSession")
	return w.Store.EndSession(ctx, p, handle, audit...)
}

func (w *writes) EndOtherSessions(ctx context.Context, p room.PersonID, but string, audit ...store.AuditRow) error {
	w.note("EndOtherSessions")
	return w.Store.EndOtherSessions(ctx, p, but, audit...)
}

func (w *writes) SetPassword(ctx context.Context, id room.PersonID, password string, audit ...store.AuditRow) error {
	w.note("SetPassword")
	return w.Store.SetPassword(ctx, id, password, audit...)
}

func (w *writes) ProveSession(ctx context.Context, id [32]byte, at time.Time) error {
	w.note("ProveSession")
	return w.Store.ProveSession(ctx, id, at)
}

func (w *writes) DeleteSession(ctx context.Context, id [32]byte) error {
	w.note("DeleteSession")
	return w.Store.DeleteSession(ctx, id)
}

func (w *writes) PutOpening(ctx context.Context, id [32]byte, o store.Opening) error {
	w.note("PutOpening")
	return w.Store.PutOpening(ctx, id, o)
}

func (w *writes) PutOneTime(ctx context.Context, o store.OneTime, audit ...store.AuditRow) error {
	w.note("PutOneTime")
	return w.Store.PutOneTime(ctx, o, audit...)
}

func (w *writes) TakeOneTime(ctx context.Context, secret [32]byte, purpose string, now time.Time) (store.OneTime, error) {
	w.note("TakeOneTime")
	return w.Store.TakeOneTime(ctx, secret, purpose, now)
}

func (w *writes) PutCode(ctx context.Context, c store.Code, m store.MailRow) error {
	w.note("PutCode")
	return w.Store.PutCode(ctx, c, m)
}

func (w *writes) TakeCode(ctx context.Context, purpose string, subject, hash room.Hash, now time.Time) (bool, error) {
	w.note("TakeCode")
	return w.Store.TakeCode(ctx, purpose, subject, hash, now)
}

func (w *writes) VerifyPerson(ctx context.Context, id room.PersonID, canonical string, audit ...store.AuditRow) error {
	w.note("VerifyPerson")
	return w.Store.VerifyPerson(ctx, id, canonical, audit...)
}

func (w *writes) OfferSession(ctx context.Context, id, fresh [32]byte, dies time.Time) error {
	w.note("OfferSession")
	return w.Store.OfferSession(ctx, id, fresh, dies)
}

func (w *writes) PutKey(ctx context.Context, k store.APIKey, audit ...store.AuditRow) error {
	w.note("PutKey")
	return w.Store.PutKey(ctx, k, audit...)
}

func (w *writes) EndKey(ctx context.Context, key [32]byte, audit ...store.AuditRow) error {
	w.note("EndKey")
	return w.Store.EndKey(ctx, key, audit...)
}

func (w *writes) CreateGroup(ctx context.Context, g store.Group, audit ...store.AuditRow) error {
	w.note("CreateGroup")
	return w.Store.CreateGroup(ctx, g, audit...)
}

func (w *writes) RenameGroup(ctx context.Context, id room.GroupID, name string, audit ...store.AuditRow) error {
	w.note("RenameGroup")
	return w.Store.RenameGroup(ctx, id, name, audit...)
}

func (w *writes) DeleteGroup(ctx context.Context, id room.GroupID, audit ...store.AuditRow) error {
	w.note("DeleteGroup")
	return w.Store.DeleteGroup(ctx, id, audit...)
}

func (w *writes) AddMember(ctx context.Context, id room.GroupID, p room.PersonID, audit ...store.AuditRow) error {
	w.note("AddMember")
	return w.Store.AddMember(ctx, id, p, audit...)
}

func (w *writes) RemoveMember(ctx context.Context, id room.GroupID, p room.PersonID, audit ...store.AuditRow) error {
	w.note("RemoveMember")
	return w.Store.RemoveMember(ctx, id, p, audit...)
}

func (w *writes) ChangePerson(ctx context.Context, by, id room.PersonID, change store.PersonChange) (store.Person, error) {
	w.note("ChangePerson")
	return w.Store.ChangePerson(ctx, by, id, change)
}

// T2: every route from a foreign site, with the cookies of the owner. What
// writes is refused; what reads writes nothing.
func TestForeignSites(t *testing.T) {
	w := newWalker(t, apitest.Options{})
	foreign := []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		{"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://sub.example.org"}},
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"null"}},
		{"Origin": {"https://evil.example"}},
		{"Origin": {"null"}},
		{"Origin": {w.server.Public.String() + ".evil.example"}},
	}
	for _, pattern := range api.Routes() {
		for _, h := range foreign {
			w.writes.taken()
			w.owner.Header = h
			got := w.owner.Do(method(pattern), w.path(pattern), map[string]any{})
			if method(pattern) != http.MethodGet {
				got.Refused(http.StatusForbidden, "forbidden")
			}
			if calls := w.writes.taken(); len(calls) > 0 {
				t.Errorf("%s with %v wrote: %v", pattern, h, calls)
			}
		}
	}
}

// GET and HEAD change nothing, whoever asks and from wherever.
func TestSafeMethodsWriteNothing(t *testing.T) {
	w := newWalker(t, apitest.Options{})
	guest := w.server.Browser()
	guest.Open(w.owner.Invite(w.room, "bert@example.org", "viewer"))
	w.writes.taken()
	for _, pattern := range api.Routes() {
		for _, who := range []*apitest.Browser{w.owner, guest, w.server.Browser()} {
			who.Header = http.Header{"Sec-Purpose": {"prefetch;prerender"}}
			for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				got := who.Do(m, w.path(pattern), nil)
				if set := got.Header.Get("Set-Cookie"); set != "" {
					t.Errorf("%s %s sets %s", m, pattern, set)
				}
			}
		}
	}
	if calls := w.writes.taken(); len(calls) > 0 {
		t.Errorf("written: %v", calls)
	}
}

// Content types that a form can send are refused, as are others.
func TestOnlyJSON(t *testing.T) {
	w := newWalker(t, apitest.Options{})
	for _, pattern := range api.Routes() {
		m := method(pattern)
		if m == http.MethodGet || pattern == "DELETE /api/v1/session" || pattern == "POST /api/v1/setup" {
			continue // set-up is gone by now, and signing out has no body
		}
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/json5", "text/json", "application/json; charset=\"", "*/*"} {
			w.owner.Header = http.Header{"Content-Type": {kind}}
			w.writes.taken()
			w.owner.Do(m, w.path(pattern), `{"title":"x"}`).Refused(http.StatusBadRequest, "bad_request")
			if calls := w.writes.taken(); len(calls) > 0 {
				t.Errorf("%s as %q wrote: %v", pattern, kind, calls)
			}
		}
	}
}

// T37: the same headers on every answer, errors included.
func TestHeaders(t *testing.T) {
	w := newWalker(t, apitest.Options{})
	socket := "ws://" + w.server.Public.Host
	want := http.Header{
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' " + socket +
			"; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"},
		"X-Content-Type-Options": {"nosniff"}, "X-Frame-Options": {"DENY"}, "Referrer-Policy": {"no-referrer"},
		"Cross-Origin-Opener-Policy": {"same-origin"}, "Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy": {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	}
	patterns := append(api.Routes(), "GET /nothing", "POST /", "PUT /api/v1/rooms", "GET /api/v1/../x", "TRACE /", "GET /assets/none.js", "GET /i/"+w.publicID+"/", "GET //")
	for _, pattern := range patterns {
		for _, who := range []*apitest.Browser{w.server.Browser(), w.owner} {
			got := who.Do(method(pattern), w.path(pattern), nil)
			for name, value := range want {
				if !slices.Equal(got.Header[name], value) {
					t.Errorf("%s (%d): %s is %q, want %q", pattern, got.Status, name, got.Header[name], value)
				}
			}
			cache := got.Header.Get("Cache-Control")
			switch asset := strings.HasPrefix(w.path(pattern), "/assets/app"); {
			case asset && cache != "public, max-age=31536000, immutable", !asset && got.Status != http.StatusMovedPermanently && got.Status != http.StatusTemporaryRedirect && cache != "no-store" && cache != "no-cache":
				t.Errorf("%s (%d): Cache-Control is %q", pattern, got.Status, cache)
			}
			if kind := got.Header.Get("Content-Type"); got.Status >= 400 && got.Status != 501 && kind != "application/problem+json" {
				t.Errorf("%s (%d): %s", pattern, got.Status, kind)
			}
		}
	}
}

func TestUnknownRoutes(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	b := s.Browser()
	for _, path := range []string{"/nothing", "/api/v1/", "/api/v1/nothing", "/api/v2/rooms", "/debug/pprof/", "/metrics", "/api/v1/rooms/x/y", "/assets/", "/.git/config", "/index.html", "/ws/"} {
		b.Do("GET", path, nil).Refused(http.StatusNotFound, "not_found")
	}
	for path, allow := range map[string]string{"/api/v1/rooms": "GET, HEAD, POST", "/api/v1/session/renew": "POST", "/": "GET, HEAD", "/ws": "GET, HEAD", "/api/v1/rooms/x": "DELETE, GET, HEAD, PATCH"} {
		for _, m := range []string{"PUT", "OPTIONS", "PROPFIND"} {
			got := b.Do(m, path, nil)
			got.Refused(http.StatusMethodNotAllowed, "bad_request")
			if got.Header.Get("Allow") != allow {
				t.Errorf("%s %s: Allow is %q, want %q", m, path, got.Header.Get("Allow"), allow)
			}
		}
	}
}

// A browser at an unknown address gets the page, which says so in words;
// programs, and whoever goes where only programs go, get a problem.
func TestUnknownPages(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	browser := http.Header{"Accept": {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}}
	b := s.Browser()
	home := b.Do("GET", "/", nil).Into(http.StatusOK, nil)
	b.Header = browser
	for _, path := range []string{"/nothing", "/no/such/page", "/rooms/a/b", "/i/", "/r/a/b", "/.git/config", "/apis", "/wsx"} {
		for _, m := range []string{"GET", "HEAD"} {
			b.Header = browser
			got := b.Do(m, path, nil).Into(http.StatusNotFound, nil)
			if m == "GET" && string(got.Body) != string(home.Body) || m == "HEAD" && len(got.Body) > 0 {
				t.Errorf("%s %s: %s", m, path, got.Body)
			}
			got.Header.Del("Date")
			home.Header.Del("Date")
			if !maps.EqualFunc(got.Header, home.Header, slices.Equal) {
				t.Errorf("%s %s: headers %v, want %v", m, path, got.Header, home.Header)
			}
		}
		b.Do("POST", path, map[string]any{}).Refused(http.StatusNotFound, "not_found")
	}
	for _, path := range []string{"/api", "/api/v1/nothing", "/assets/none.js", "/assets/", "/ws/", "/healthz/x", "/readyz/x"} {
		b.Header = browser
		b.Do("GET", path, nil).Refused(http.StatusNotFound, "not_found")
	}
	for _, accept := range []string{"", "*/*", "application/json", "text/html;q=0, application/json", "text/htmlx"} {
		b.Header = http.Header{"Accept": {accept}}
		b.Do("GET", "/nothing", nil).Refused(http.StatusNotFound, "not_found")
	}
	b.Header = http.Header{"Accept": {"application/json;q=0.2, Text/HTML;q=0.1"}}
	b.Do("GET", "/nothing", nil).Into(http.StatusNotFound, nil)
}

// openapi.json has every route and no other, and its references resolve.
func TestOpenAPI(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	text := s.Browser().Do("GET", "/api/v1/openapi.json", nil).Into(http.StatusOK, nil).Body
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	apitest.Decode(t, text, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	var documented []string
	for path, item := range doc.Paths {
		for m := range item {
			if m != "parameters" {
				documented = append(documented, strings.ToUpper(m)+" "+path)
			}
		}
	}
	var routed []string
	for _, pattern := range api.Routes() {
		routed = append(routed, strings.Replace(pattern, "{$}", "", 1))
	}
	slices.Sort(documented)
	slices.Sort(routed)
	for _, d := range documented {
		if !slices.Contains(routed, d) {
			t.Errorf("documented and not there: %s", d)
		}
	}
	for _, r := range routed {
		if !slices.Contains(documented, r) {
			t.Errorf("not documented: %s", r)
		}
	}
	checkReferences(t, text)
}

func checkReferences(t *testing.T, text []byte) {
	t.Helper()
	var doc any
	apitest.Decode(t, text, &doc)
	find := func(reference string) bool {
		at := doc
		for part := range strings.SplitSeq(strings.TrimPrefix(reference, "#/"), "/") {
			object, _ := at.(map[string]any)
			if at = object[part]; at == nil {
				return false
			}
		}
		return true
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, inner := range v {
				if reference, ok := inner.(string); ok && key == "$ref" && !find(reference) {
					t.Errorf("nothing at %s", reference)
				}
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(doc)
}

func TestPagesAndAssets(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	b := s.Browser()
	home := b.Do("GET", "/", nil).Into(http.StatusOK, nil)
	for _, path := range []string{"/signin", "/setup", "/rooms", "/rooms/new", "/rooms/abc", "/i/abc", "/r/abc"} {
		got := b.Do("GET", path, nil).Into(http.StatusOK, nil)
		if string(got.Body) != string(home.Body) || got.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s is another page: %s %s", path, got.Header.Get("Content-Type"), got.Body)
		}
	}
	script := b.Do("GET", "/assets/app-1.js", nil).Into(http.StatusOK, nil)
	if kind := script.Header.Get("Content-Type"); kind != "text/javascript; charset=utf-8" {
		t.Errorf("script as %s", kind)
	}
	b.Header = http.Header{"If-None-Match": {script.Header.Get("ETag")}}
	b.Do("GET", "/assets/app-1.js", nil).Into(http.StatusNotModified, nil)
	zipped(t)
	for _, path := range []string{"/assets/..%2fapp-1.js", "/assets/%2e%2e/x", "/assets/app-1.js%00", "/assets/APP-1.js"} {
		if got := b.Do("GET", path, nil); got.Status == http.StatusOK {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}

// What everybody gets alike is compressed for who takes it.
func zipped(t *testing.T) {
	t.Helper()
	script := []byte(strings.Repeat("export const x = 1;\n", 500))
	s := apitest.Start(t, apitest.Options{Index: []byte("<!doctype html>"), Assets: fstest.MapFS{"app-2.js": {Data: script}}})
	for accept, want := range map[string]string{"gzip": "gzip", "deflate, gzip;q=1.0, br": "gzip", "br, gzip;q=0.5": "gzip", "gzip;q=0": "", "identity": "", "br": "", "gzip; q=0.000": ""} {
		b := s.Browser()
		b.Header.Set("Accept-Encoding", accept)
		got := b.Do("GET", "/assets/app-2.js", nil).Into(http.StatusOK, nil)
		if got.Header.Get("Content-Encoding") != want || want == "" && string(got.Body) != string(script) || want != "" && len(got.Body) > 500 {
			t.Errorf("%s: %q, %d bytes", accept, got.Header.Get("Content-Encoding"), len(got.Body))
		}
	}
}
