package forget_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub"
	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
	"greenroom/server/forget"
	"greenroom/server/mailaddr"
)

// The canaries of the person who is to be erased: name, address, texts.
var canaries = []string{"Canaria", "Vogelsang", "canary@example.org", "canary sings", "canary whispers", "canary asks"}

// site is two instances on one file.
type site struct {
	t      *testing.T
	path   string
	store  *sqlite.Store
	hubs   [2]*hub.Hub
	pepper []byte
	clock  atomic.Int64 // nanoseconds ahead of the machine's
}

func newSite(t *testing.T) *site {
	s := &site{t: t, path: filepath.Join(t.TempDir(), "a.db")}
	var err error
	s.store, err = sqlite.Open(t.Context(), sqlite.Options{Path: s.path, Now: func() time.Time { return time.Now().Add(time.Duration(s.clock.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	broker := local.New(0)
	for i := range s.hubs {
		s.hubs[i] = hub.New(hub.Config{Store: s.store, Broker: broker, Instance: fmt.Sprint(i), Log: slog.New(slog.DiscardHandler), Metrics: hub.NewMetrics(nil)})
	}
	t.Cleanup(func() {
		for _, h := range s.hubs {
			_ = h.Close(context.Background())
		}
		_ = broker.Close()
		_ = s.store.Close()
	})
	if s.pepper, err = s.store.Secret(t.Context(), "address"); err != nil {
		t.Fatal(err)
	}
	return s
}

var owner = room.Actor{Account: "a_owner", SiteRole: room.SiteMember}

func (s *site) do(id room.ID, by room.Actor, c room.Command, rows ...store.Row) {
	s.t.Helper()
	_, err := s.hubs[0].Do(s.t.Context(), id, by, c, func([]room.Event) []store.Row { return rows })
	if err != nil {
		s.t.Fatalf("%s: %v", c.Name(), err)
	}
}

// party makes an open room in which the canary manages or is invited, writes
// and asks, and so does somebody else.
func (s *site) party(id room.ID, manages bool) {
	s.t.Helper()
	s.do(id, owner, room.CreateRoom{Title: "Tea", StartsAt: room.Millis(time.Now().Add(time.Hour).UnixMilli()), Collaboration: true, Epoch: "e",
		Speakers: []room.Presenter{{Name: "Canaria Vogelsang", Bio: "canary sings"}, {Name: "Somebody Else"}},
		Owner:    room.SetManager{Participant: "p_owner", Person: "a_owner", FirstName: "Olga", LastName: "Owner"}})
	if manages {
		s.do(id, owner, room.SetManager{Participant: "p_canary", Person: "a_canary", FirstName: "Canaria", LastName: "Vogelsang", Right: room.CoOwner})
	} else {
		s.invite(id, "canary", "Canaria", "Vogelsang")
	}
	s.invite(id, "other", "Otto", "Other")
	s.do(id, owner, room.EditRoom{State: room.StatusOpen})
	s.do(id, owner, room.SetRole{Participant: "p_other", Role: "speaker"})
}

func (s *site) invite(id room.ID, name, first, last string) {
	s.t.Helper()
	email := name + "@example.org"
	inv := room.InvitationID("i_" + name + string(id))
	s.do(id, owner, room.Invite{Invitation: inv, Participant: room.ParticipantID("p_" + name), FirstName: first, LastName: last, Type: room.Speaker,
		Match: mailaddr.Match(s.pepper, id, email)},
		store.AddressRow{Room: id, Invitation: inv, Email: email, FirstName: first, LastName: last},
		store.LinkRow{PublicID: string(inv), Room: id, Invitation: inv, Generation: 1})
}

// guest is a connection whose mirror is what a client knows.
type guest struct {
	mu     sync.Mutex
	mirror room.Mirror
	closed int
}

func (g *guest) Send(frames []byte) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(frames) > 0 {
		payload := wire.Frame(frames).Payload()
		head := 2
		switch frames[1] {
		case 126:
			head, payload = 4, frames[4:4+int(frames[2])<<8+int(frames[3])]
		case 127:
			head = 10
		default:
			payload = frames[2 : 2+int(frames[1])]
		}
		g.take(payload)
		frames = frames[head+len(payload):]
	}
	return nil
}

func (g *guest) take(payload []byte) {
	for _, object := range wire.Split(payload) {
		var m wire.Message
		if json.Unmarshal(object, &m) != nil {
			continue
		}
		var w room.Welcome
		if m.Re == 1 && json.Unmarshal(m.OK, &w) == nil && w.Snapshot != nil {
			g.mirror.Hello(w)
		}
		if m.Event != "" {
			_ = g.mirror.Event(m.Event, m.Pos, m.At, m.Data)
		}
	}
}

func (g *guest) Close(code int, _ string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = code
}

func (g *guest) knows() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	text, _ := json.Marshal(g.mirror)
	return string(text)
}

func (s *site) enter(h int, id room.ID, by room.Actor) (*guest, *hub.Session) {
	s.t.Helper()
	g := &guest{}
	session, err := s.hubs[h].Join(s.t.Context(), hub.Join{Room: id, Actor: by, Conn: g, Hello: wire.Hello{Room: id}, ReplyTo: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(session.Leave)
	return g, session
}

func (s *site) invited(id room.ID, name string) room.Actor {
	return room.Actor{Invitation: room.InvitationID("i_" + name + string(id)), Link: 1, Device: room.HashOf(name), Session: room.HashOf(name)}
}

func say(t *testing.T, s *hub.Session, c room.Command) {
	s.Do(t.Context(), wire.Request{ID: uint32(time.Now().UnixNano()), Key: room.Key(fmt.Sprint(time.Now().UnixNano())), Command: c})
}

// eventually waits for what other goroutines do.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

// crashing is a store that fails at the n-th write of a kind, as if the
// program had ended there.
type crashing struct {
	store.Store
	left int
}

var errCrash = errors.New("crash")

func (c *crashing) crash() error {
	if c.left--; c.left < 0 {
		return errCrash
	}
	return nil
}

func (c *crashing) Redact(ctx context.Context, id room.ID, after room.Seq, limit int, f func(room.Event) (room.Event, bool)) (room.Seq, error) {
	if err := c.crash(); err != nil {
		return 0, err
	}
	return c.Store.Redact(ctx, id, after, 3, f)
}

func (c *crashing) EndRedaction(ctx context.Context, r store.Redaction, holder string) error {
	if err := c.crash(); err != nil {
		return err
	}
	return c.Store.EndRedaction(ctx, r, holder)
}

func (c *crashing) EndErasure(ctx context.Context, id, holder string) error {
	if err := c.crash(); err != nil {
		return err
	}
	return c.Store.EndErasure(ctx, id, holder)
}

// holds says which canaries a file or its log of writes has.
func (s *site) holds(words []string) (found []string) {
	s.t.Helper()
	for _, name := range []string{s.path, s.path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			s.t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(data, []byte(w)) {
				found = append(found, w+" in "+filepath.Ext(name))
			}
		}
	}
	return found
}

// E1, through crashes at every step: nothing of the person is left in files,
// logs, states, tails and mirrors of either instance; all else is as it was.
func TestErasesAPerson(t *testing.T) {
	s := newSite(t)
	s.party("manages", true)
	s.party("invited", false)
	if err := s.store.CreatePerson(t.Context(), store.Person{ID: "a_canary", Email: "Canary@example.org", Canonical: "canary@example.org", FirstName: "Canaria", LastName: "Vogelsang", Created: time.Now()}); err != nil {
		t.Fatal(err)
	}
	var watchers []*guest
	for h, id := range []room.ID{"manages", "invited"} {
		watcher, _ := s.enter(h, id, owner)
		by := room.Actor{Account: "a_canary"}
		if id == "invited" {
			by = s.invited(id, "canary")
		}
		canary, session := s.enter(1-h, id, by)
		if id == "invited" {
			say(t, session, room.LobbyCheck{Email: "canary@example.org", Match: mailaddr.Match(s.pepper, id, "canary@example.org")})
		}
		say(t, session, room.ChatPost{Text: "canary sings"})
		say(t, session, room.BackchannelPost{Text: "canary whispers"})
		eventually(t, "the watcher knows", func() bool { return bytes.Contains([]byte(watcher.knows()), []byte("canary whispers")) })
		watchers = append(watchers, watcher)
		defer eventually(t, "the canary is out", func() bool { canary.mu.Lock(); defer canary.mu.Unlock(); return canary.closed == 4506 })
	}
	if len(s.holds(canaries[:5])) == 0 {
		t.Fatal("the canaries are nowhere")
	}
	heads, err := s.store.Heads(t.Context(), []room.ID{"manages", "invited"})
	if err != nil {
		t.Fatal(err)
	}
	wish := store.Erasure{ID: "e", Person: "a_canary", Canonical: "canary@example.org", By: "a_admin", Heir: "a_admin"}
	if err := s.store.AskErasure(t.Context(), wish); err != nil {
		t.Fatal(err)
	}
	crashes := 0
	for left := 0; ; left++ {
		w, err := forget.New(t.Context(), forget.Config{Store: &crashing{s.store, left}, Rooms: s.hubs[left%2], Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if err = errors.Join(w.Erase(t.Context()), w.Redact(t.Context())); err == nil && crashes > 0 {
			break
		}
		if err != nil && !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		crashes++
		s.clock.Add(int64(time.Hour)) // the lease of who crashed ends
	}
	if crashes < 5 {
		t.Errorf("only %d crashes", crashes)
	}
	if found := s.holds(canaries); len(found) > 0 {
		t.Errorf("left in the files: %v", found)
	}
	for i, id := range []room.ID{"manages", "invited"} {
		eventually(t, "the mirror forgets", func() bool {
			for _, word := range canaries {
				if bytes.Contains([]byte(watchers[i].knows()), []byte(word)) {
					return false
				}
			}
			return true
		})
		s.compare(id, heads[id])
	}
	for _, h := range s.hubs {
		if wrong := h.Check(t.Context()); len(wrong) > 0 {
			t.Error(wrong)
		}
	}
	for report, err := range store.VerifyAudits(t.Context(), s.store, "") {
		if err != nil || report.Err() != nil {
			t.Error(err, report.Err())
		}
	}
}

// compare: numbers are gapless, others' words are there, and the state is the
// fold of what is left.
func (s *site) compare(id room.ID, before room.Seq) {
	s.t.Helper()
	fresh, texts := room.New(id), ""
	for e, err := range s.store.Since(s.t.Context(), id, 0) {
		if err != nil || e.Seq != fresh.Head+1 {
			s.t.Fatalf("room %s: event %d behind %d, %v", id, e.Seq, fresh.Head, err)
		}
		fresh.Fold(e)
		texts += fmt.Sprintf("%+v\n", e.Fact)
	}
	if fresh.Head <= before {
		s.t.Errorf("room %s ends at %d", id, fresh.Head)
	}
	for _, h := range s.hubs {
		state, err := h.State(s.t.Context(), id)
		if err != nil || !bytes.Equal(state.Archive(), fresh.Archive()) {
			s.t.Errorf("room %s is not the fold of its log: %v", id, err)
		}
	}
	for _, word := range []string{"Otto", "Somebody Else", "Olga Owner"} {
		if !bytes.Contains([]byte(texts), []byte(word)) {
			s.t.Errorf("room %s lost %s", id, word)
		}
	}
}

// What ended longer ago than the site keeps it is emptied; younger rooms and
// the room's own words stay.
func TestLetsOldContentGo(t *testing.T) {
	s := newSite(t)
	s.party("old", false)
	s.do("old", owner, room.EditRoom{State: room.StatusClosed})
	w, err := forget.New(t.Context(), forget.Config{Store: s.store, Rooms: s.hubs[0], Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	sweep := func() {
		t.Helper()
		if err := errors.Join(w.LetGo(t.Context()), w.Redact(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	s.clock.Store(int64(89 * 24 * time.Hour))
	eventually(t, "the hub knows the time", func() bool { return time.Until(s.hubs[0].Now()) > 88*24*time.Hour })
	sweep()
	if len(s.holds(canaries[2:3])) == 0 {
		t.Error("forgotten a day too early")
	}
	s.clock.Store(int64(97 * 24 * time.Hour))
	eventually(t, "the hub knows the time", func() bool { return time.Until(s.hubs[0].Now()) > 96*24*time.Hour })
	sweep()
	if found := s.holds([]string{"canary@example.org", "Otto", "other@example.org"}); len(found) > 0 {
		t.Errorf("kept: %v", found)
	}
	if len(s.holds([]string{"Tea"})) == 0 || w.Counts().Forgotten != 1 {
		t.Errorf("the room itself is gone, or %+v", w.Counts())
	}
	sweep()
	if n := w.Counts(); n.Forgotten != 1 || n.Failed != 0 {
		t.Errorf("%+v", n)
	}
}

// An erasure whose heir has gone meanwhile is done all the same: another owner
// of the site takes the rooms that would have none.
func TestAnotherOwnerInheritsWhenTheHeirIsGone(t *testing.T) {
	s := newSite(t)
	born := time.Now()
	for _, p := range []store.Person{
		{ID: "a_owner", Email: "olga@example.org", Canonical: "olga@example.org", FirstName: "Olga", LastName: "Owner", Created: born},
		{ID: "a_shut", Email: "shut@example.org", Canonical: "shut@example.org", SiteRole: room.SiteOwner, Disabled: true, Created: born},
		{ID: "a_next", Email: "next@example.org", Canonical: "next@example.org", FirstName: "Nora", LastName: "Next", SiteRole: room.SiteOwner, Created: born},
	} {
		if err := s.store.CreatePerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	s.party("tea", false)
	wish := store.Erasure{ID: "e", Person: "a_owner", Canonical: "olga@example.org", By: "a_gone", Heir: "a_gone"}
	if err := s.store.AskErasure(t.Context(), wish); err != nil {
		t.Fatal(err)
	}
	w, err := forget.New(t.Context(), forget.Config{Store: s.store, Rooms: s.hubs[0], Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	state, err := s.hubs[0].State(t.Context(), "tea")
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := state.Manager("a_next"); !ok || p.Role != room.Owner {
		t.Errorf("nobody inherits: %+v", p)
	}
	all, err := s.store.Erasures(t.Context(), 1)
	if err != nil || len(all) != 1 || all[0].Done.IsZero() {
		t.Errorf("it waits: %+v, %v", all, err)
	}
}

// unscrubbed is a store whose files cannot be cleaned the first times.
type unscrubbed struct {
	store.Store
	left, tries int
}

func (u *unscrubbed) Scrub(ctx context.Context) error {
	u.tries++
	if u.left--; u.left >= 0 {
		return errCrash
	}
	return u.Store.Scrub(ctx)
}

// Files are cleaned at the beginning, because whoever was here before may have
// fallen over, and until it works; then no more.
func TestScrubIsTriedUntilItWorks(t *testing.T) {
	s := newSite(t)
	files := &unscrubbed{Store: s.store, left: 2}
	w, err := forget.New(t.Context(), forget.Config{Store: files, Rooms: s.hubs[0], Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for try := range 5 {
		if err := w.Redact(t.Context()); (err != nil) != (try < 2) {
			t.Errorf("try %d: %v", try, err)
		}
	}
	if files.tries != 3 {
		t.Errorf("%d tries", files.tries)
	}
}

// What is kept for days only is let go of by the sweep, which says when it ran,
// what went and when it runs again.
func TestSweepTellsWhatItDid(t *testing.T) {
	s := newSite(t)
	session := store.WebSession{ID: [32]byte{1}, Created: time.Now(), Seen: time.Now()}
	if err := s.store.PutSession(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	session.Person, session.Handle, session.Agent, session.Signed = "a_owner", "h", "Firefox, Linux", time.Now().Add(-8*24*time.Hour)
	if err := s.store.SignIn(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	w, err := forget.New(t.Context(), forget.Config{Store: s.store, Rooms: s.hubs[0], Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if !w.Swept().At.IsZero() {
		t.Error("swept before it ran")
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		w.Run(ctx)
		close(done)
	}()
	eventually(t, "it has swept", func() bool { return !w.Swept().At.IsZero() })
	stop()
	<-done
	kept, err := s.store.Session(t.Context(), session.ID)
	if err != nil || kept.Agent != "" || kept.Person != "a_owner" {
		t.Errorf("%+v, %v", kept, err)
	}
	if sweep := w.Swept(); sweep.Failed || sweep.Gone != 1 || !sweep.Next.After(sweep.At) {
		t.Errorf("%+v", sweep)
	}
}
