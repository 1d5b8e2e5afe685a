package hub

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
)

// A room under stress, on the real clock: two hubs, one store, a broker that
// loses a third. People come, go, resume, write and like; some are promoted
// and demoted all the time; devices are freed, links revoked, the room closed
// and opened again with a spread entry. Afterwards every connection's history
// is held against the log.
func TestHistoriesUnderStress(t *testing.T) {
	w := newStress(t)
	w.run(2500 * time.Millisecond)
	w.settle()
	w.judge()
}

const (
	stressViewers = 20
	stressStars   = 4 // promoted and demoted all the time
)

// stress is the run and what was seen.
type stress struct {
	*world
	events  []room.Event
	states  []*room.State // by place
	mu      sync.Mutex
	all     []*history
	written map[string]room.Seq // text → place, 0: refused
	unsure  map[string]bool     // no answer: may be in the log
	stop    chan struct{}
}

func newStress(t *testing.T) *stress {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "stress.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	b := brokertest.Faulty(local.New(0), func(string, int) bool { return rand.IntN(3) == 0 })
	w := &stress{world: &world{t: t, store: s, room: "room1"}, written: map[string]room.Seq{}, unsure: map[string]bool{}, stop: make(chan struct{})}
	for i := range 2 {
		w.hubs = append(w.hubs, New(Config{Store: s, Broker: b, Instance: fmt.Sprint("hub", i), Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil)}))
	}
	t.Cleanup(func() { closeStress(t, w, b) })
	w.create(300 * time.Millisecond)
	return w
}

// People enter although the room never falls quiet.
func TestABusyRoomStillLetsPeopleIn(t *testing.T) {
	w := newStress(t)
	later := millis(time.Now().Add(time.Hour))
	if err := w.byManager(room.EditRoom{StartsAt: &later}); err != nil {
		t.Fatal(err)
	}
	by := w.invite("ana", room.Viewer)
	ana := &guest{t: t, id: 1}
	for _, c := range []Conn{ana, slowConn{&guest{t: t}}} {
		s, err := w.hubs[0].Join(t.Context(), Join{Room: w.room, Actor: by, Conn: c, Hello: wire.Hello{Room: w.room}, ReplyTo: 1})
		if err != nil {
			t.Fatal(err)
		}
		ana.session = cmp.Or(ana.session, s)
	}
	wantOK(t, ana.lobby("ana"))
	w.crowd(2000)
	if err := w.byManager(room.EditRoom{State: room.StatusOpen}); err != nil {
		t.Fatal(err)
	}
	fan := &w.hubs[0].live0().fan
	for i, began := 0, time.Now(); ana.last("phase.changed")["phase"] != "live"; i++ {
		if time.Since(began) > 3*time.Second {
			t.Fatalf("not in after three seconds, with %d batches waiting", fan.len())
		}
		if fan.len() < 10 {
			w.must(w.hubs[0].Do(t.Context(), w.room, manager, room.EditRoom{Title: new(fmt.Sprint("Title ", i))}, nil))
		}
		time.Sleep(time.Millisecond)
	}
}

// Where telling everybody takes longer than the commits, one write tells of
// several, and nothing is left out.
func TestTheFanOutCatchesUp(t *testing.T) {
	w := newStress(t)
	time.Sleep(500 * time.Millisecond)
	c := &gatedConn{guest: &guest{t: t}, open: make(chan struct{}), waits: make(chan struct{}, 1)}
	s, err := w.hubs[0].Join(t.Context(), Join{Room: w.room, Actor: manager, Conn: c, Hello: wire.Hello{Room: w.room}, ReplyTo: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Leave()
	c.gated.Store(true)
	const posts = 200
	for i := range posts {
		w.must(w.hubs[0].Do(t.Context(), w.room, manager, room.ChatPost{Text: fmt.Sprint(i)}, nil))
		if i == 0 {
			<-c.waits
		}
	}
	close(c.open)
	for fan := &w.hubs[0].live0().fan; fan.len() > 0; {
		time.Sleep(time.Millisecond)
	}
	if n := len(c.events("chat.posted")); n != posts {
		t.Errorf("%d of %d messages were shown", n, posts)
	}
	if n := c.sends.Load(); n > posts/10 {
		t.Errorf("%d writes for %d messages", n, posts)
	}
}

// gatedConn takes frames when its gate is open.
type gatedConn struct {
	*guest
	gated atomic.Bool
	sends atomic.Int32
	waits chan struct{} // a first frame waits
	open  chan struct{}
}

func (c *gatedConn) Send(frames []byte) error {
	if c.gated.Load() {
		c.sends.Add(1)
		select {
		case c.waits <- struct{}{}:
		default:
		}
		<-c.open
	}
	return c.guest.Send(frames)
}

// live0 is the only room.
func (h *Hub) live0() *liveRoom { return h.all()[0] }

// slowConn takes 20 ms for each frame.
type slowConn struct{ *guest }

func (c slowConn) Send(frames []byte) error {
	time.Sleep(20 * time.Millisecond)
	return c.guest.Send(frames)
}

func closeStress(t *testing.T, w *stress, b broker.Broker) {
	for _, h := range w.hubs {
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	if err := errors.Join(b.Close(), w.store.Close()); err != nil {
		t.Error(err)
	}
}

// history is one connection as its client sees it.
type history struct {
	w       *stress
	by      room.Actor
	session *Session
	mirror  *room.Mirror // goes on over resumes
	resumes room.Seq     // from here, if asked to
	was     room.Class   // what the client saw there
	id      uint32

	mu     sync.Mutex
	got    [][]wire.Message // by frame
	closed int
}

func (c *history) Send(frames []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed != 0 {
		return errors.New("closed")
	}
	for len(frames) > 0 {
		head, size := 2, int(frames[1])
		switch size {
		case 126:
			size, head = int(frames[2])<<8|int(frames[3]), 4
		case 127:
			size, head = int(frames[6])<<24|int(frames[7])<<16|int(frames[8])<<8|int(frames[9]), 10
		}
		var all []wire.Message
		for _, object := range wire.Split(frames[head : head+size]) {
			var m wire.Message
			if err := json.Unmarshal(object, &m); err != nil {
				c.w.t.Errorf("frame %q: %v", object, err)
			}
			all = append(all, m)
		}
		c.got = append(c.got, all)
		frames = frames[head+size:]
	}
	return nil
}

func (c *history) Close(code int, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == 0 {
		c.closed = code
	}
}

func (c *history) frames() ([][]wire.Message, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.got), c.closed
}

func (c *history) pos() (at room.Seq) {
	frames, _ := c.frames()
	for _, frame := range frames {
		for _, m := range frame {
			at = max(at, m.Pos)
			if m.Re == 1 && m.OK != nil {
				at = max(at, posOf(c.w.t, m))
			}
		}
	}
	return at
}

// come joins; after is the connection that it goes on from, or nil.
func (w *stress) come(by room.Actor, after *history) *history {
	c := &history{w: w, by: by, id: 1, mirror: new(room.Mirror)}
	hello := wire.Hello{Room: w.room}
	if after != nil {
		c.resumes = after.pos()
		hello.Resume = &wire.Resume{Epoch: "epoch1", Pos: c.resumes}
		c.mirror, c.was = after.mirror, classOf(after.mirror.Phase, after.mirror.You.Role)
	}
	ctx := w.t.Context()
	if rand.IntN(20) == 0 { // a socket that breaks during its hello
		hurried, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(3000))*time.Microsecond)
		defer cancel()
		ctx = hurried
	}
	s, err := w.hubs[rand.IntN(2)].Join(ctx, Join{Room: w.room, Actor: by, Conn: c, Hello: hello, ReplyTo: 1})
	if err != nil {
		return nil
	}
	c.session = s
	w.mu.Lock()
	w.all = append(w.all, c)
	w.mu.Unlock()
	return c
}

// leave ends the connection and folds what it saw into the client's mirror.
func (c *history) leave() {
	c.session.Leave()
	c.mu.Lock()
	if c.closed == 0 {
		c.closed = 1006
	}
	c.mu.Unlock()
	c.fold()
}

func (c *history) fold() {
	frames, _ := c.frames()
	for _, frame := range frames {
		for _, m := range frame {
			switch {
			case m.Event != "":
				if err := c.mirror.Event(m.Event, m.Pos, m.At, m.Data); err != nil {
					c.w.t.Error(err)
				}
			case m.Re == 1 && m.OK != nil:
				var hello room.Welcome
				decode(c.w.t, m.OK, &hello)
				c.mirror.Hello(hello)
			}
		}
	}
}

// ask sends a command and gives the reply, if there is one.
func (c *history) ask(command room.Command, key room.Key) (wire.Message, bool) {
	c.id++
	c.session.Do(c.w.t.Context(), wire.Request{ID: c.id, Key: key, Command: command})
	frames, _ := c.frames()
	for _, frame := range slices.Backward(frames) {
		for _, m := range frame {
			if m.Re == c.id {
				return m, true
			}
		}
	}
	return wire.Message{}, false
}

func (c *history) gone() bool {
	_, closed := c.frames()
	return closed != 0
}

// write posts a text that nobody else posts, and keeps what was answered.
func (w *stress) write(c *history, text string, staff bool) (wire.Message, bool) {
	var command room.Command = room.ChatPost{Text: text}
	if staff {
		command = room.BackchannelPost{Text: text}
	}
	key := room.Key(fmt.Sprint("k", rand.Uint64()))
	m, answered := c.ask(command, key)
	if answered && m.OK != nil && rand.IntN(4) == 0 {
		again, ok := c.ask(command, key)
		if ok && again.OK != nil && (!again.Again || !bytes.Equal(again.OK, m.OK)) {
			w.t.Errorf("I1: %s, and again %s", m.OK, again.OK)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case !answered:
		w.unsure[text] = true
	case m.OK != nil:
		w.written[text] = posOf(w.t, m)
	default:
		w.written[text] = 0
	}
	return m, answered
}

func (w *stress) run(span time.Duration) {
	var running sync.WaitGroup
	for i := range stressViewers {
		by := w.invite(fmt.Sprint("v", i), room.Viewer)
		running.Go(func() { w.live(by, i) })
	}
	for i := range stressStars {
		by := w.invite(fmt.Sprint("s", i), room.Viewer)
		running.Go(func() { w.star(by, i) })
	}
	running.Go(w.doors)
	time.Sleep(span)
	close(w.stop)
	running.Wait()
}

func (w *stress) over() bool {
	select {
	case <-w.stop:
		return true
	default:
		return false
	}
}

// live is a viewer with up to two tabs, who confirms and then does anything.
func (w *stress) live(by room.Actor, n int) {
	var tabs [2]*history
	for round := 0; !w.over(); round++ {
		time.Sleep(time.Duration(rand.IntN(8)) * time.Millisecond)
		i := rand.IntN(2)
		c := tabs[i]
		switch {
		case c == nil || c.gone():
			if c != nil {
				c.leave()
			}
			if rand.IntN(4) == 0 {
				c = nil
			}
			tabs[i] = w.come(by, c)
		case rand.IntN(12) == 0:
			c.leave()
		default:
			w.something(c, by, n, round)
		}
	}
}

func (w *stress) something(c *history, by room.Actor, n, round int) {
	name := fmt.Sprint("v", n)
	key := room.Key(fmt.Sprint("k", rand.Uint64()))
	switch rand.IntN(8) {
	case 0:
		c.ask(room.LobbyCheck{Email: name + "@example.org", Match: match(name)}, key)
	case 1:
		c.ask(room.ChatLike{ID: room.MessageID(c.pos())}, key)
	case 2:
		if m, ok := w.write(c, fmt.Sprint(name, " gone ", round), false); ok && m.OK != nil {
			c.ask(room.ChatDelete{ID: room.MessageID(posOf(w.t, m))}, key)
		}
	case 3:
		if m, ok := w.write(c, fmt.Sprint(name, " staff ", round), true); ok && m.OK != nil {
			w.t.Errorf("a viewer wrote to the backchannel")
		}
	case 4:
		if n < 3 && rand.IntN(10) == 0 { // the same browser comes back by itself
			w.byManager(room.FreeDevices{Invitation: by.Invitation})
		}
	default:
		w.write(c, fmt.Sprint(name, " ", round), false)
	}
}

func (w *stress) byManager(c room.Command) error {
	_, err := w.hubs[rand.IntN(2)].Do(w.t.Context(), w.room, manager, c, nil)
	return err
}

// star is promoted and demoted by the owner; after each reply what the star
// may do is known, on whatever hub (R3).
func (w *stress) star(by room.Actor, n int) {
	name := fmt.Sprint("s", n)
	var c *history
	for round := 0; !w.over(); round++ {
		time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
		owner := w.come(manager, nil)
		if owner == nil {
			continue
		}
		if c == nil || c.gone() || rand.IntN(5) == 0 {
			if c != nil {
				c.leave()
			}
			if c = w.come(by, c); c == nil {
				owner.leave()
				continue
			}
		}
		role := []string{"viewer", "speaker", "moderator"}[rand.IntN(3)]
		set, ok := owner.ask(room.SetRole{Participant: room.ParticipantID("p" + name), Role: role}, room.Key(fmt.Sprint("r", n, "-", round)))
		owner.leave()
		c.ask(room.LobbyCheck{Email: name + "@example.org", Match: match(name)}, room.Key(fmt.Sprint("l", n, "-", round)))
		if !ok || set.OK == nil {
			continue
		}
		m, answered := w.write(c, fmt.Sprint(name, " as ", role, " ", round), true)
		if !answered || m.Err != nil && m.Err.Code != room.CodeForbidden {
			continue // slow_down, not open, over
		}
		if role == "viewer" && m.OK != nil {
			w.t.Errorf("R3: %s wrote to the backchannel after a demotion", name)
		}
	}
	if c != nil {
		c.leave()
	}
}

// doors closes the room and opens it again with a spread entry.
func (w *stress) doors() {
	for _, c := range []struct {
		at time.Duration
		do room.Command
	}{
		{900 * time.Millisecond, room.EditRoom{State: room.StatusClosed}},
		{50 * time.Millisecond, room.EditRoom{State: room.StatusOpen}},
		{100 * time.Millisecond, room.EditRoom{Title: new("Edited while they enter")}},
		{300 * time.Millisecond, room.RevokeInvitation{Invitation: "iv3"}},
		{500 * time.Millisecond, room.EditRoom{State: room.StatusClosed}},
		{10 * time.Millisecond, room.EditRoom{State: room.StatusOpen}},
	} {
		time.Sleep(c.at)
		w.crowd(12000) // an entry takes 600 ms
		if err := w.byManager(c.do); err != nil {
			w.t.Error(err)
		}
	}
}

// settle waits until everybody has been shown everything, and reads the log.
func (w *stress) settle() {
	head := func() room.Seq {
		s, err := w.hubs[0].State(w.t.Context(), w.room)
		if err != nil {
			w.t.Fatal(err)
		}
		return s.Head
	}
	time.Sleep(1500 * time.Millisecond) // a lost shout is found within a second
	state := room.New(w.room)
	w.states = []*room.State{state.Freeze()}
	last := head()
	for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Seq > last {
			break
		}
		state.Fold(e)
		w.events, w.states = append(w.events, e), append(w.states, state.Freeze())
	}
	for _, h := range w.hubs {
		for _, err := range h.Check(w.t.Context()) {
			w.t.Error(err)
		}
	}
}

func (w *stress) judge() {
	w.judgeLog()
	frames, resumed := 0, 0
	for _, c := range w.all {
		got, closed := c.frames()
		frames += len(got)
		if w.judgeHistory(c, got, closed) {
			resumed++
		}
	}
	w.judgeMirrors()
	w.t.Logf("%d events, %d connections (%d resumed), %d frames", len(w.events), len(w.all), resumed, frames)
	if len(w.events) < 200 || resumed < 20 {
		w.t.Errorf("too little happened: %d events, %d resumed", len(w.events), resumed)
	}
}

// judgeLog holds the log against what was answered: L1, L2, O1, D2.
func (w *stress) judgeLog() {
	places := map[string]room.Seq{}
	opened, scheduled := 0, true
	for _, e := range w.events {
		var text string
		switch f := e.Fact.(type) {
		case room.ChatPosted:
			text = f.Text
		case room.BackchannelPosted:
			text = f.Text
		case room.Opened:
			if opened++; !scheduled {
				w.t.Errorf("O1: opened twice, at %d", e.Seq)
			}
			scheduled = false
		case room.Closed:
			scheduled = true
		}
		if text == "" {
			continue
		}
		if at, twice := places[text]; twice {
			w.t.Errorf("L1: %q stands at %d and %d", text, at, e.Seq)
		}
		places[text] = e.Seq
		if at, answered := w.written[text]; answered && at != e.Seq || !answered && !w.unsure[text] {
			w.t.Errorf("L2: %q stands at %d; answered %d", text, e.Seq, at)
		}
		p, _ := w.states[e.Seq-1].Participant(e.Participant)
		if w.states[e.Seq-1].Status != room.StatusOpen || p.Revoked || len(p.Claims) == 0 && p.Invitation != "" {
			w.t.Errorf("%q was let in at %d", text, e.Seq)
		}
	}
	for text, at := range w.written {
		if at != 0 && places[text] != at {
			w.t.Errorf("L1: %q was answered with %d and stands at %d", text, at, places[text])
		}
	}
	if opened != 3 {
		w.t.Errorf("O1: opened %d times", opened)
	}
}

// judgeHistory holds what a connection was shown against the log: agreement,
// order, nothing missing, nothing twice, nothing forbidden (L3 to L5, R1).
func (w *stress) judgeHistory(c *history, frames [][]wire.Message, closed int) (resumed bool) {
	var at room.Seq
	var class room.Class
	var phase room.Phase
	var role string
	var greetedAt room.Seq
	fail := func(format string, args ...any) {
		w.t.Errorf("%s %p: %s", c.session.participant, c, fmt.Sprintf(format, args...))
	}
	// upTo checks that what was left out was not for this class.
	upTo := func(place room.Seq) {
		for ; at+1 < place; at++ {
			e := w.events[at]
			if resumed && e.Seq <= greetedAt && w.states[greetedAt].ChatGone(e.Seq) {
				continue // told as deleted only
			}
			if turns := newDelivery(e, w.states[at+1]).concerns(c.session.participant); len(room.Show(e, class)) > 0 && !turns {
				fail("L4: %s at %d was not shown (class %d)", e.Fact.Kind(), e.Seq, class)
			}
		}
	}
	for _, frame := range frames {
		framePos := room.Seq(0)
		for _, m := range frame {
			switch {
			case m.Re == 1 && m.OK != nil:
				var hello struct {
					room.Welcome
					Snapshot json.RawMessage `json:"snapshot"`
				}
				decode(w.t, m.OK, &hello)
				greetedAt, phase, role, at = hello.Pos, hello.Phase, hello.You.Role, hello.Pos
				class = classOf(phase, role)
				if resumed = hello.Mode == "resumed"; resumed {
					if at = c.resumes; class != c.was { // the missed follow
						fail("L5: resumed at %d as class %d, was %d", at, class, c.was)
					}
				} else {
					w.sameSnapshot(fail, hello.Snapshot, hello.Pos, class)
				}
			case m.Event == "":
			case greetedAt == 0:
				fail("%s came before the answer to hello", m.Event)
			default:
				if framePos != 0 && framePos != m.Pos {
					fail("one frame with %d and %d", framePos, m.Pos)
				}
				if framePos == 0 && m.Pos <= at && m.Event != "phase.changed" {
					fail("L4: %s at %d after %d", m.Event, m.Pos, at)
				}
				framePos = m.Pos
				upTo(m.Pos)
				at = max(at, m.Pos)
				var data struct {
					Phase    room.Phase      `json:"phase"`
					Text     string          `json:"text"`
					You      room.You        `json:"you"`
					Snapshot json.RawMessage `json:"snapshot"`
				}
				decode(w.t, m.Data, &data)
				switch m.Event {
				case "phase.changed", "me.role":
					if m.Event == "phase.changed" {
						phase = data.Phase
					}
					role = data.You.Role
					class = classOf(phase, role)
					w.sameSnapshot(fail, data.Snapshot, m.Pos, class)
				case "backchannel.posted":
					if f, ok := w.events[m.Pos-1].Fact.(room.BackchannelPosted); !ok || f.Text != data.Text {
						fail("L3: %q at %d", data.Text, m.Pos)
					}
					if p, _ := w.states[m.Pos].Participant(c.session.participant); !p.Role.Staff() || !p.Admitted() {
						fail("R1: saw the backchannel at %d", m.Pos)
					}
				case "chat.posted":
					if f, ok := w.events[m.Pos-1].Fact.(room.ChatPosted); !ok || f.Text != data.Text {
						fail("L3: %q at %d", data.Text, m.Pos)
					}
				}
			}
		}
	}
	if closed == 0 {
		upTo(room.Seq(len(w.events)) + 1)
	}
	return resumed
}

func classOf(phase room.Phase, shown string) room.Class {
	role := room.ParseRole(shown)
	if shown == "manager" {
		role = room.Owner
	}
	return room.ClassOf(phase, role)
}

func (w *stress) sameSnapshot(fail func(string, ...any), got json.RawMessage, at room.Seq, class room.Class) {
	if want := wire.Encode(w.states[at].Snapshot(class)); !bytes.Equal(got, want) {
		fail("L5: snapshot at %d, class %d:\n%s\nwant\n%s", at, class, got, want)
	}
}

// judgeMirrors has everybody come once more, resuming where they were: the
// mirror must then be what a fresh snapshot says (L5, L7).
func (w *stress) judgeMirrors() {
	newest := map[room.ParticipantID]*history{}
	for _, c := range w.all {
		newest[c.session.participant] = c
	}
	for _, c := range newest {
		if c.session.participant == "pOwner" {
			continue
		}
		if !c.gone() {
			c.leave()
		}
		back := w.come(c.by, c)
		if back == nil {
			continue // revoked, or broken during its hello
		}
		back.leave()
		fresh := w.come(c.by, nil)
		if fresh == nil {
			continue
		}
		fresh.leave()
		if have, want := essence(back.mirror), essence(fresh.mirror); have != want {
			w.t.Errorf("L7: %s sees\n%s\na newcomer\n%s", c.session.participant, have, want)
		}
	}
}

// essence is what two mirrors of the same view agree on.
func essence(m *room.Mirror) string {
	chat := m.Chat.Items[max(0, len(m.Chat.Items)-30):]
	stage := slices.Clone(m.Stage)
	slices.SortFunc(stage, func(a, b room.Member) int { return cmp.Compare(a.Participant, b.Participant) })
	text, _ := json.Marshal([]any{m.Phase, m.You, m.Room, stage, chat, m.Backchannel != nil})
	return string(text)
}
