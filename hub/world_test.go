package hub

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

// world is hubs on one real database and one broker, in a bubble of time.
type world struct {
	t      *testing.T
	store  store.Store
	broker broker.Broker
	hubs   []*Hub
	room   room.ID
}

// inWorld runs a test with n hubs in a synctest bubble: time stands still
// while anything is at work.
func inWorld(t *testing.T, n int, wrap func(broker.Broker) broker.Broker, f func(w *world)) {
	path := filepath.Join(t.TempDir(), "test.db")
	inWorldOn(t, n, wrap, f, func(ctx context.Context) (store.Store, error) {
		return sqlite.Open(ctx, sqlite.Options{Path: path, Now: time.Now})
	})
}

// inEveryWorld is inWorld on each kind of store, for what two instances do
// against each other.
func inEveryWorld(t *testing.T, n int, wrap func(broker.Broker) broker.Broker, f func(w *world)) {
	t.Run("sqlite", func(t *testing.T) { inWorld(t, n, wrap, f) })
	t.Run("postgres", func(t *testing.T) {
		url := pgtest.Database(t)
		inWorldOn(t, n, wrap, f, func(ctx context.Context) (store.Store, error) {
			return postgres.Open(ctx, postgres.Options{URL: url, Now: time.Now})
		})
	})
}

func inWorldOn(t *testing.T, n int, wrap func(broker.Broker) broker.Broker, f func(w *world), open func(context.Context) (store.Store, error)) {
	synctest.Test(t, func(t *testing.T) {
		s, err := open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var b broker.Broker = local.New(0)
		if wrap != nil {
			b = wrap(b)
		}
		w := &world{t: t, store: s, broker: b, room: "room1"}
		for range n {
			w.add(s)
		}
		f(w)
		for _, h := range w.hubs {
			if err := h.Close(context.Background()); err != nil {
				t.Error(err)
			}
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// add starts one more hub, on this store.
func (w *world) add(s store.Store) *Hub {
	h := New(Config{Store: s, Broker: w.broker, Instance: fmt.Sprint("hub", len(w.hubs)), Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil)})
	w.hubs = append(w.hubs, h)
	return h
}

var manager = room.Actor{Account: "owner", SiteRole: room.SiteMember}

func (w *world) create(in time.Duration) {
	w.t.Helper()
	w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.CreateRoom{Title: "Next-Level Growth", StartsAt: millis(time.Now().Add(in)),
		Collaboration: true, Epoch: "epoch1", Owner: room.SetManager{Participant: "pOwner", Person: "owner", FirstName: "Daniel", LastName: "Okafor", Right: room.Owner}}, nil))
}

func millis(t time.Time) room.Millis { return room.Millis(t.UnixMilli()) }

func (w *world) must(r Result, err error) Result {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// invite gives the actor who has opened the link on a device of their own.
func (w *world) invite(name string, role room.Role) room.Actor {
	w.t.Helper()
	w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.Invite{Invitation: room.InvitationID("i" + name), Participant: room.ParticipantID("p" + name),
		FirstName: name, LastName: "Test", Type: role, Match: match(name), Domain: "example.org"}, nil))
	return room.Actor{Invitation: room.InvitationID("i" + name), Link: 1, Device: room.HashOf("device " + name), Session: room.HashOf("session " + name)}
}

func match(name string) room.Hash { return room.HashOf(name + "@example.org") }

// guest is a connection that keeps what it was sent.
type guest struct {
	t       *testing.T
	session *Session
	id      uint32
	key     int

	mu     sync.Mutex
	got    []wire.Message
	closed int
}

func (g *guest) Send(frames []byte) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(frames) > 0 {
		payload := wire.Frame(frames).Payload()
		size := int(frames[1])
		head := 2
		switch size {
		case 126:
			size, head = int(frames[2])<<8|int(frames[3]), 4
		case 127:
			size, head = len(payload), 10
		}
		for _, object := range wire.Split(frames[head : head+size]) {
			var m wire.Message
			if err := json.Unmarshal(object, &m); err != nil {
				g.t.Errorf("frame %q: %v", object, err)
			}
			g.got = append(g.got, m)
		}
		frames = frames[head+size:]
	}
	return nil
}

func (g *guest) Close(code int, _ string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed == 0 {
		g.closed = code
	}
}

func (w *world) join(h int, by room.Actor, resume *wire.Resume) (*guest, error) {
	g := &guest{t: w.t, id: 1}
	s, err := w.hubs[h].Join(w.t.Context(), Join{Room: w.room, Actor: by, Conn: g, Hello: wire.Hello{Room: w.room, Resume: resume}, ReplyTo: 1})
	g.session = s
	return g, err
}

func (w *world) enter(h int, by room.Actor) *guest {
	w.t.Helper()
	g, err := w.join(h, by, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

// do sends a command and gives the reply.
func (g *guest) do(c room.Command) wire.Message {
	g.t.Helper()
	g.key++
	sum := sha256.Sum256(fmt.Append(nil, g.session.participant, g.key, fmt.Sprintf("%p", g)))
	return g.doKey(c, room.Key(fmt.Sprintf("%x", sum[:8])))
}

func (g *guest) doKey(c room.Command, key room.Key) wire.Message {
	g.t.Helper()
	g.id++
	g.session.Do(g.t.Context(), wire.Request{ID: g.id, Key: key, Command: c})
	m, ok := g.replyTo(g.id)
	if !ok {
		g.t.Fatalf("no reply to %s", c.Name())
	}
	return m
}

// try is do for a command whose connection may be closed instead.
func (g *guest) try(c room.Command) (wire.Message, bool) {
	g.id++
	g.session.Do(g.t.Context(), wire.Request{ID: g.id, Key: "try", Command: c})
	return g.replyTo(g.id)
}

func (g *guest) replyTo(id uint32) (wire.Message, bool) {
	for _, m := range g.all() {
		if m.Re == id {
			return m, true
		}
	}
	return wire.Message{}, false
}

func (g *guest) all() []wire.Message {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]wire.Message(nil), g.got...)
}

func (g *guest) closeCode() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

// events gives the names of what was shown, signals left out.
func (g *guest) events(prefix string) (names []string) {
	for _, m := range g.all() {
		if m.Event != "" && strings.HasPrefix(m.Event, prefix) {
			names = append(names, m.Event)
		}
	}
	return names
}

func (g *guest) last(event string) (data map[string]any) {
	for _, m := range g.all() {
		if m.Event == event {
			data = map[string]any{}
			if err := json.Unmarshal(m.Data, &data); err != nil {
				g.t.Error(err)
			}
		}
	}
	return data
}

func (g *guest) lastSignal(signal string) (data map[string]any) {
	for _, m := range g.all() {
		if m.Signal == signal {
			data = map[string]any{}
			decode(g.t, m.Data, &data)
		}
	}
	return data
}

func (g *guest) pos() (at room.Seq) {
	for _, m := range g.all() {
		at = max(at, m.Pos)
	}
	return at
}

// lobby confirms the address.
func (g *guest) lobby(name string) wire.Message {
	g.t.Helper()
	return g.do(room.LobbyCheck{Email: name + "@example.org", Match: match(name)})
}

func wantOK(t *testing.T, m wire.Message) {
	t.Helper()
	if m.Err != nil {
		t.Fatalf("refused: %s %s", m.Err.Code, m.Err.Message)
	}
}

func wantCode(t *testing.T, m wire.Message, code room.Code) {
	t.Helper()
	if m.Err == nil || m.Err.Code != code {
		t.Fatalf("got %s %+v, want %s", m.OK, m.Err, code)
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
}

func posOf(t *testing.T, m wire.Message) room.Seq {
	t.Helper()
	var ok struct {
		Pos room.Seq `json:"pos"`
	}
	decode(t, m.OK, &ok)
	return ok.Pos
}
