package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
)

// A room under stress, on the real clock: two hubs, one store, a broker that
// loses a third. People come, go, resume, write and like; some are promoted
// and demoted all the time; devices are freed, links revoked, the room closed
// and opened again with a spread entry. Afterwards every connection's history
// is held against the log.
func TestHistoriesUnderStress(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { newStress(t, 300*time.Millisecond).histories() })
	t.Run("postgres", func(t *testing.T) {
		s, err := postgres.Open(t.Context(), postgres.Options{URL: pgtest.Database(t)})
		if err != nil {
			t.Fatal(err)
		}
		newStressOn(t, s, 300*time.Millisecond).histories()
	})
}

func (w *stress) histories() {
	w.run(2500 * time.Millisecond)
	w.settle()
	w.judge()
}

const (
	stressViewers = 20
	stressStars   = 4   // promoted and demoted all the time
	stressEvents  = 200 // that must have happened
	stressResumed = 20  // connections that went on where another had ended
)

// stress is the run and what was seen.
type stress struct {
	*world
	events  []room.Event
	states  []*room.State // by place
	mu      sync.Mutex
	all     []*history
	resumed int                 // of those that have ended
	written map[string]room.Seq // text → place, 0: refused
	unsure  map[string]bool     // no answer: may be in the log
	stop    chan struct{}
}

func newStress(t *testing.T, opens time.Duration) *stress {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "stress.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return newStressOn(t, s, opens)
}

func newStressOn(t *testing.T, s store.Store, opens time.Duration) *stress {
	b := brokertest.Faulty(local.New(0), func(string, int) bool { return rand.IntN(3) == 0 })
	w := &stress{world: &world{t: t, store: s, room: "room1"}, written: map[string]room.Seq{}, unsure: map[string]bool{}, stop: make(chan struct{})}
	for i := range 2 {
		w.hubs = append(w.hubs, New(Config{Store: s, Broker: b, Instance: fmt.Sprint("hub", i), Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil)}))
	}
	t.Cleanup(func() { closeStress(t, w, b) })
	w.create(opens)
	return w
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
	for late := time.Now().Add(time.Minute); !w.enough() && time.Now().Before(late); { // a busy machine
		time.Sleep(100 * time.Millisecond)
	}
	close(w.stop)
	running.Wait()
}

// enough says whether so much has happened that it is worth judging.
func (w *stress) enough() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	accepted := 0
	for _, at := range w.written {
		if at > 0 {
			accepted++
		}
	}
	return accepted >= stressEvents && w.resumed >= stressResumed
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

// settle waits until everybody has been shown everything, which a last event
// says that all are shown, and reads the log.
func (w *stress) settle() {
	if err := w.byManager(room.EditRoom{Title: new("The end")}); err != nil {
		w.t.Fatal(err)
	}
	heads, err := w.store.Heads(w.t.Context(), []room.ID{w.room})
	if err != nil {
		w.t.Fatal(err)
	}
	last := heads[w.room]
	for _, c := range w.all {
		soon(w.t, "everybody is shown the end", func() bool { return c.gone() || c.pos() >= last })
	}
	state := room.New(w.room)
	w.states = []*room.State{state.Freeze()}
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
