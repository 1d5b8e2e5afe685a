package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// canaries are unique strings that a story uses as secrets and as people's words, by what they are.
type canaries map[string]string

func (c canaries) add(what, value string) string {
	if len(value) >= 8 { // shorter ones would be found by chance
		c[what] = value
	}
	return value
}

// A whole story at debug level leaves no secret, cookie, address or word of a person in the log, on
// /metrics or in a dump of all goroutines (SECURITY.md T4, T29).
func TestLogCanary(t *testing.T) {
	r := begin(t, "--dev", "--log-level", "debug", "--drain", "0s")
	links := r.devLinks()
	c := canaries{}
	for _, name := range []string{"owner", "moderator", "speaker", "viewer", "viewer2"} {
		c.add("secret of the "+name+" link", secretOf(links[name]))
	}
	c.add("API key", links["key"])
	for _, g := range devGuests {
		c.add("address of "+g.line, g.Email)
	}
	c.add("address of the owner", devOwner.Email)

	owner := c.signIn(t, r, links)
	invited, room := c.invite(t, r, links)
	guest := c.visit(t, r, invited, room)
	c.talk(t, guest)
	c.misbehave(t, r, guest, links)
	c.cookies("guest", guest)
	c.cookies("owner", owner)
	if len(c) < 30 {
		t.Fatalf("only %d canaries", len(c))
	}

	_, metrics := r.get(r.admin + "/metrics")
	_, goroutines := r.get(r.admin + "/debug/pprof/goroutine?debug=2")
	c.hunt(t, "/metrics", metrics)
	c.hunt(t, "goroutines", goroutines)
	r.signal(syscall.SIGQUIT) // the runtime prints every stack to standard error
	r.wait()
	log := r.logged()
	if !strings.Contains(log, "goroutine 1 ") || strings.Count(log, `"level":"DEBUG"`) < 20 || !strings.Contains(log, "POST /api/v1/session") {
		t.Error("the log is not the whole story")
	}
	c.hunt(t, "log", log)
}

// hunt looks for each canary, as it is and as it stands in URLs and JSON.
func (c canaries) hunt(t *testing.T, where, text string) {
	t.Helper()
	for what, value := range c {
		quoted, _ := json.Marshal(value)
		for _, form := range []string{value, url.QueryEscape(value), url.PathEscape(value), strings.Trim(string(quoted), `"`)} {
			if at := strings.Index(text, form); at >= 0 {
				t.Errorf("%s: the %s is there: …%s…", where, what, text[max(0, at-200):min(len(text), at+len(form)+50)])
				break
			}
		}
	}
}

func secretOf(link string) string { return link[strings.Index(link, "#")+1:] }

func (c canaries) cookies(whose string, g *guest) {
	at, _ := url.Parse(g.base)
	for _, cookie := range g.http.Jar.Cookies(at) {
		c.add(whose+"'s cookie "+cookie.Name, cookie.Value)
		if family, secret, ok := strings.Cut(cookie.Value, "."); ok {
			c.add(whose+"'s cookie family", family)
			c.add(whose+"'s cookie secret", secret)
		}
	}
}

// signIn makes the owner's session by the one-time link, after tries that fail.
func (c canaries) signIn(t *testing.T, r *running, links map[string]string) *guest {
	t.Helper()
	g := newGuest(t, r.url)
	for _, body := range []map[string]string{
		{"email": c.add("address at sign-in", "canary-signin@example.org"), "password": c.add("wrong password", "canary-password-wrong")},
		{"link": c.add("wrong sign-in link", "grs_canary-link-canary-link-canary-link-canary-12")},
		{"email": c.add("no address", "canary not an address"), "password": "x"},
	} {
		if status, _ := g.post("/api/v1/session", body); status < 400 {
			t.Errorf("signed in: %d", status)
		}
	}
	if status, body := g.post("/api/v1/session", map[string]string{"link": secretOf(links["owner"])}); status != 200 {
		t.Fatalf("sign-in: %d %s", status, body)
	}
	if status, body := g.post("/api/v1/session/renew", struct{}{}); status >= 300 {
		t.Errorf("renew: %d %s", status, body)
	}
	return g
}

// invite makes a room and invites somebody with a mail.
func (c canaries) invite(t *testing.T, r *running, links map[string]string) (link, room string) {
	t.Helper()
	as := asOwner(t, r, links)
	var made devRoom
	ask := map[string]any{"title": c.add("title", "Canary title"), "description": c.add("description", "Canary description"), "starts_at": time.Now().Add(24 * time.Hour).Format(time.RFC3339)}
	if err := as.call(t.Context(), http.MethodPost, "/api/v1/rooms", ask, &made); err != nil {
		t.Fatal(err)
	}
	if err := as.call(t.Context(), http.MethodPatch, "/api/v1/rooms/"+made.ID, map[string]string{"state": "open", "reason": c.add("reason", "canary reason")}, &made); err != nil {
		t.Fatal(err)
	}
	var invitation struct{ ID, URL string }
	if err := as.call(t.Context(), http.MethodPost, "/api/v1/rooms/"+made.ID+"/invitations", devInvitation{
		Email: c.add("invited address", "canary-guest@example.org"), FirstName: c.add("first name", "Canaryfirst"), LastName: c.add("last name", "Canarylast"), Type: "speaker", SendEmail: true}, &invitation); err != nil {
		t.Fatal(err)
	}
	c.add("secret of the first link", secretOf(invitation.URL))
	if err := as.call(t.Context(), http.MethodPost, "/api/v1/rooms/"+made.ID+"/invitations/"+invitation.ID+"/link", struct{}{}, &invitation); err != nil {
		t.Fatal(err)
	}
	c.add("secret of the second link", secretOf(invitation.URL))
	var found any
	if err := as.call(t.Context(), http.MethodGet, "/api/v1/people?prefix="+c.add("search", "canarysearch"), nil, &found); err != nil {
		t.Error(err)
	}
	if err := as.call(t.Context(), http.MethodGet, "/api/v1/rooms/"+made.ID+"/invitations?q=canarysearch", nil, &found); err != nil {
		t.Error(err)
	}
	return invitation.URL, made.ID
}

// visit goes through the lobby with wrong addresses first.
func (c canaries) visit(t *testing.T, r *running, link, room string) *guest {
	t.Helper()
	g := newGuest(t, r.url)
	ctx, cancel := within(patience)
	defer cancel()
	if status := g.open(link + "x"); status == http.StatusOK {
		t.Error("a longer secret opens")
	}
	if status := g.open(link); status != http.StatusOK {
		t.Fatalf("open: %d", status)
	}
	if err := g.connect(ctx, room); err != nil {
		t.Fatal(err)
	}
	if err := g.command(ctx, "lobby.check", newKey(), map[string]string{"email": c.add("wrong address", "canary-wrong@example.org")}, nil); err == nil {
		t.Error("a wrong address enters")
	}
	if err := g.command(ctx, "lobby.check", newKey(), map[string]string{"email": "canary-guest@example.org"}, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

func (c canaries) talk(t *testing.T, g *guest) {
	t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	if _, err := g.say(ctx, c.add("idempotency key", newKey()), c.add("chat", "canary chat text")); err != nil {
		t.Error(err)
	}
	if err := g.command(ctx, "backchannel.post", newKey(), map[string]string{"text": c.add("backchannel", "canary backchannel text")}, nil); err != nil {
		t.Error(err)
	}
	if err := g.command(ctx, "people.page", "", map[string]string{"q": c.add("people search", "canary people search")}, nil); err != nil {
		t.Error(err)
	}
	long := c.add("too long text", "canary too long") + strings.Repeat(" and on", 1000)
	if _, err := g.say(ctx, newKey(), long); err == nil {
		t.Error("a text that is too long was taken")
	}
}

// misbehave does what is refused, with canaries wherever one can be put.
func (c canaries) misbehave(t *testing.T, r *running, g *guest, links map[string]string) {
	t.Helper()
	for _, ask := range []struct{ method, path, body string }{
		{"POST", "/api/v1/session", `{"email":` + c.add("broken body", "canary broken body")},
		{"POST", "/api/v1/session", `{"link":"a","link":"` + c.add("duplicate key", "canary duplicate") + `"}`},
		{"POST", "/api/v1/rooms", `{"title":"x","starts_at":"` + c.add("no time", "canary no time") + `"}`},
		{"GET", "/i/x?secret=" + c.add("secret in a query", "canary-query-secret"), ""},
		{"GET", "/i/" + c.add("secret in a path", "canary-path-secret"), ""},
		{"GET", "/api/v1/rooms/" + c.add("room in a path", "canary-room-id"), ""},
		{"DELETE", "/" + c.add("unknown path", "canary-unknown-path"), ""},
		{"GET", "/ws?token=" + c.add("token of a socket", "canary-ws-token"), ""},
	} {
		request, err := http.NewRequest(ask.method, r.url+ask.path, strings.NewReader(ask.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Origin", r.url)
		request.Header.Set("Authorization", "Bearer "+c.add("wrong key", "grk_canary-key-canary-key-canary-key-canary-key1"))
		request.Header.Set("X-Forwarded-For", c.add("forwarded address", "203.0.113.77"))
		request.Header.Set("Referer", "https://"+c.add("referer", "canary-referer.example.org")+"/")
		request.Header.Set("User-Agent", c.add("user agent", "canary-agent"))
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	ctx, cancel := within(patience)
	defer cancel()
	if err := g.command(ctx, c.add("unknown command", "canary.unknown"), newKey(), map[string]string{}, nil); err == nil {
		t.Error("an unknown command was taken")
	}
	if err := g.ws.Write(ctx, websocket.MessageText, []byte(`{"cmd":"chat.post","id":1,"cmd":"`+c.add("broken frame", "canary broken frame")+`"}`)); err != nil {
		t.Error(err)
	}
	if _, err := g.await(ctx, func(message) bool { return false }); closeCode(err) != 4500 {
		t.Errorf("a broken frame: %v", err)
	}
}
