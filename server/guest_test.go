package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// guest is a person at the other end, by the raw protocol: what it proves does not rest on our own
// client library.
type guest struct {
	t      testing.TB
	base   string
	public string // where their page comes from, if that is not base
	http   *http.Client

	ws   *websocket.Conn
	next uint32
	read []message // what came while something else was awaited
}

// message is any object of the server.
type message struct {
	Re     *uint32         `json:"re"`
	OK     json.RawMessage `json:"ok"`
	Err    *problem        `json:"err"`
	Event  string          `json:"event"`
	Signal string          `json:"signal"`
	Pos    uint64          `json:"pos"`
	Data   json.RawMessage `json:"data"`
}

type problem struct {
	Code      string `json:"code"`
	Temporary bool   `json:"temporary"`
	RetryMS   int    `json:"retry_ms"`
}

func (p *problem) Error() string { return p.Code }

func newGuest(t testing.TB, base string) *guest {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &guest{t: t, base: base, http: &http.Client{Jar: jar, Timeout: patience}}
}

func newKey() string { return rand.Text()[:22] }

// post sends JSON as a page of the site would, and gives status and body.
func (g *guest) post(path string, body any) (int, []byte) {
	g.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		g.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, g.base+path, bytes.NewReader(text))
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", g.base)
	answer, err := g.http.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return answer.StatusCode, said
}

// open opens an invitation link.
func (g *guest) open(link string) int {
	g.t.Helper()
	_, rest, _ := strings.Cut(link, "/i/")
	id, secret, _ := strings.Cut(rest, "#")
	status, _ := g.post("/api/v1/invitations/open", map[string]string{"invitation": id, "secret": secret})
	return status
}

// connect opens a socket and says hello. On refusal it gives the error.
func (g *guest) connect(ctx context.Context, room string) error {
	if err := g.dial(ctx); err != nil {
		return err
	}
	return g.command(ctx, "hello", "", map[string]any{"room": room, "client": "test/1"}, nil)
}

func (g *guest) dial(ctx context.Context) error {
	at, err := url.Parse(g.base)
	if err != nil {
		return err
	}
	header := http.Header{"Origin": {cmp.Or(g.public, g.base)}}
	for _, c := range g.http.Jar.Cookies(at) {
		header.Add("Cookie", c.Name+"="+c.Value)
	}
	ws, answer, err := websocket.Dial(ctx, strings.Replace(g.base, "http", "ws", 1)+"/ws",
		&websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{"greenroom.v1"}})
	if err != nil {
		if answer != nil {
			return fmt.Errorf("%s: %w", answer.Status, err)
		}
		return err
	}
	ws.SetReadLimit(1 << 20)
	g.ws, g.next, g.read = ws, 0, nil
	return nil
}

// command asks and waits for the reply; what else comes meanwhile is kept for await. A refusal is
// a *problem.
func (g *guest) command(ctx context.Context, name, key string, data, ok any) error {
	g.next++
	id := g.next
	ask := map[string]any{"cmd": name, "id": id, "data": data}
	if key != "" {
		ask["key"] = key
	}
	text, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	if err := g.ws.Write(ctx, websocket.MessageText, text); err != nil {
		return err
	}
	reply, err := g.await(ctx, func(m message) bool { return m.Re != nil && *m.Re == id })
	switch {
	case err != nil:
		return err
	case reply.Err != nil:
		return reply.Err
	case ok != nil:
		return json.Unmarshal(reply.OK, ok)
	}
	return nil
}

// await gives the first message that fits, of what came and what comes.
func (g *guest) await(ctx context.Context, fits func(message) bool) (message, error) {
	for {
		for i, m := range g.read {
			if fits(m) {
				g.read = append(g.read[:i:i], g.read[i+1:]...)
				return m, nil
			}
		}
		_, text, err := g.ws.Read(ctx)
		if err != nil {
			return message{}, err
		}
		for line := range bytes.Lines(text) {
			var m message
			if err := json.Unmarshal(line, &m); err != nil {
				return message{}, fmt.Errorf("%w in %q", err, line)
			}
			g.read = append(g.read, m)
		}
	}
}

// enter goes through the whole door of an open room: link, socket, lobby.
func (g *guest) enter(link, room, email string) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if status := g.open(link); status != http.StatusOK {
		g.t.Fatalf("open: %d", status)
	}
	if err := g.connect(ctx, room); err != nil {
		g.t.Fatalf("hello: %v", err)
	}
	var said struct{ Phase string }
	if err := g.command(ctx, "lobby.check", newKey(), map[string]string{"email": email}, &said); err != nil || said.Phase != "live" {
		g.t.Fatalf("lobby: %+v %v", said, err)
	}
}

// say posts to the chat; the place is where it stands in the log.
func (g *guest) say(ctx context.Context, key, text string) (place uint64, err error) {
	var ok struct{ Pos uint64 }
	err = g.command(ctx, "chat.post", key, map[string]string{"text": text}, &ok)
	return ok.Pos, err
}

// history reads the whole chat, oldest first.
func (g *guest) history(ctx context.Context) (texts []string) {
	g.t.Helper()
	type item struct{ ID, Text string }
	var all []item
	for before := ""; ; {
		ask := map[string]any{"limit": 100}
		if before != "" {
			ask["before"] = before
		}
		var page struct {
			Items []item
			More  bool
		}
		err := g.command(ctx, "chat.page", "", ask, &page)
		var no *problem
		if errors.As(err, &no) && no.Temporary {
			time.Sleep(time.Duration(no.RetryMS) * time.Millisecond)
			continue
		}
		if err != nil {
			g.t.Fatal(err)
		}
		all = append(page.Items, all...)
		if !page.More || len(page.Items) == 0 {
			break
		}
		before = page.Items[0].ID
	}
	for _, m := range all {
		texts = append(texts, m.Text)
	}
	return texts
}

func (g *guest) hangUp() {
	if g.ws != nil {
		g.ws.CloseNow()
	}
}

// closeCode is the code that ended the connection.
func closeCode(err error) int {
	var no websocket.CloseError
	if errors.As(err, &no) {
		return int(no.Code)
	}
	return 0
}

func within(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}
