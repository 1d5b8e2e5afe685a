package hub

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// cutStore is a store behind a line that a test can cut.
type cutStore struct {
	store.Store
	cut atomic.Bool
}

var errCut = errors.New("the line to the store is cut")

func (s *cutStore) Commit(ctx context.Context, id room.ID, head room.Seq, decide func(time.Time, []room.Event) (store.Batch, error)) error {
	if s.cut.Load() {
		return errCut
	}
	return s.Store.Commit(ctx, id, head, decide)
}

func (s *cutStore) Since(ctx context.Context, id room.ID, seq room.Seq) iter.Seq2[room.Event, error] {
	if s.cut.Load() {
		return func(yield func(room.Event, error) bool) { yield(room.Event{}, errCut) }
	}
	return s.Store.Since(ctx, id, seq)
}

func (s *cutStore) Heads(ctx context.Context, ids []room.ID) (map[room.ID]room.Seq, error) {
	if s.cut.Load() {
		return nil, errCut
	}
	return s.Store.Heads(ctx, ids)
}

func (s *cutStore) Now(ctx context.Context) (time.Time, error) {
	if s.cut.Load() {
		return time.Time{}, errCut
	}
	return s.Store.Now(ctx)
}

// newestSignal reads the data of the newest one, if any came.
func (g *guest) newestSignal(name string, into any) bool {
	found := false
	for _, m := range g.all() {
		if m.Signal == name {
			found = true
			decode(g.t, m.Data, into)
		}
	}
	return found
}

func (g *guest) degraded() (d wire.Degraded) {
	g.newestSignal(wire.SignalDegraded, &d)
	return d
}

func (g *guest) texts(event string) (all []string) {
	for _, m := range g.all() {
		if m.Event == event {
			var said struct{ Text string }
			decode(g.t, m.Data, &said)
			all = append(all, said.Text)
		}
	}
	return all
}

// With the broker away everything goes on: others' events come by the head
// check within a quarter of a second, people are told, and numbers are not
// exact until all instances have told again (L8, C1).
func TestTheBrokerIsAway(t *testing.T) {
	var line *brokertest.Switched
	inWorld(t, 2, func(b broker.Broker) broker.Broker { line = brokertest.Switch(b); return line }, func(w *world) {
		w.create(time.Minute)
		vera, sam := w.invite("Vera", room.Viewer), w.invite("Sam", room.Viewer)
		time.Sleep(2 * time.Minute)
		a, b := w.enter(0, vera), w.enter(1, sam)
		wantOK(t, a.lobby("Vera"))
		wantOK(t, b.lobby("Sam"))
		time.Sleep(5 * time.Second)
		line.Away(true)
		time.Sleep(300 * time.Millisecond)
		if d := b.degraded(); d != (wire.Degraded{On: true}) {
			t.Errorf("degraded is %+v", d)
		}
		wantOK(t, a.do(room.ChatPost{Text: "by the store alone"}))
		time.Sleep(checkQuick + 10*time.Millisecond)
		if got := b.texts("chat.posted"); len(got) != 1 {
			t.Errorf("after %s the other hub shows %q", checkQuick, got)
		}
		time.Sleep(2 * time.Second)
		var count room.Count
		if b.newestSignal(wire.SignalPeopleCount, &count); count.Exact {
			t.Error("numbers are told as exact while nobody hears the other instances")
		}
		if late := w.enter(1, sam); late.degraded() != (wire.Degraded{On: true}) {
			t.Error("who comes now is not told")
		}
		line.Away(false)
		time.Sleep(beatEvery + 3*time.Second)
		if b.newestSignal(wire.SignalPeopleCount, &count); !count.Exact || count.Inside != 2 || b.degraded().On {
			t.Errorf("after the broker is back: %+v, degraded %+v", count, b.degraded())
		}
	})
}

// A gap that the broker tells of is looked into at once, not with the next
// second.
func TestAGapIsLookedIntoAtOnce(t *testing.T) {
	var line *brokertest.Switched
	inWorld(t, 2, func(b broker.Broker) broker.Broker { line = brokertest.Switch(b); return line }, func(w *world) {
		w.create(time.Minute)
		vera := w.invite("Vera", room.Viewer)
		g := w.enter(1, vera)
		time.Sleep(10*time.Second + 20*time.Millisecond)
		line.Away(true)
		if err := w.order(0, manager, room.EditRoom{Title: new("Moved without a word")}); err != nil {
			t.Fatal(err)
		}
		line.Away(false)
		before := len(g.events("room."))
		synctest.Wait()
		if after := len(g.events("room.")); after != before+1 {
			t.Errorf("%d events before, %d when all is quiet: %v", before, after, g.events(""))
		}
	})
}

// staffed is a room open on two hubs, the second of which can lose its store:
// on it a moderator and a viewer.
type staffed struct {
	*world
	line           *cutStore
	owner          *guest
	moda, vera     *guest
	modaID, veraID room.ParticipantID
}

func inStaffed(t *testing.T, f func(w *staffed)) {
	inWorld(t, 1, nil, func(plain *world) {
		w := &staffed{world: plain, line: &cutStore{Store: plain.store}}
		w.add(w.line)
		w.create(time.Minute)
		moda, vera := w.invite("Moda", room.Moderator), w.invite("Vera", room.Viewer)
		time.Sleep(2 * time.Minute)
		w.owner, w.moda, w.vera = w.enter(0, manager), w.enter(1, moda), w.enter(1, vera)
		wantOK(t, w.moda.lobby("Moda"))
		wantOK(t, w.vera.lobby("Vera"))
		w.modaID, w.veraID = w.moda.session.participant, w.vera.session.participant
		f(w)
	})
}

func (w *staffed) say(text string) {
	w.t.Helper()
	time.Sleep(2 * time.Second) // within the rate
	wantOK(w.t, w.owner.do(room.ChatPost{Text: text}))
	wantOK(w.t, w.owner.do(room.BackchannelPost{Text: "staff: " + text}))
	synctest.Wait()
}

// An instance that has not confirmed the room for three seconds shows staff
// nothing more, and everybody else goes on; then all of it comes in order.
func TestStaffWaitForTheStore(t *testing.T) {
	inStaffed(t, func(w *staffed) {
		w.say("one")
		w.line.cut.Store(true)
		time.Sleep(staffGrace + time.Second)
		if m, v := w.moda.degraded(), w.vera.degraded(); m != (wire.Degraded{On: true, Store: true, Staff: true}) || v != (wire.Degraded{On: true, Store: true}) {
			t.Errorf("told: staff %+v, others %+v", m, v)
		}
		w.say("two")
		if got := w.moda.texts("chat.posted"); len(got) != 1 {
			t.Errorf("staff are shown %q", got)
		}
		if got := w.vera.texts("chat.posted"); len(got) != 2 {
			t.Errorf("the audience is shown %q", got)
		}
		w.line.cut.Store(false)
		time.Sleep(2 * time.Second)
		if got := strings.Join(append(w.moda.texts("chat.posted"), w.moda.texts("backchannel.posted")...), ", "); got != "one, two, staff: one, staff: two" {
			t.Errorf("afterwards staff are shown %s", got)
		}
		if w.moda.degraded().On || w.vera.degraded().On {
			t.Error("it is still said to be degraded")
		}
		w.say("three")
		if got := w.moda.texts("backchannel.posted"); len(got) != 3 {
			t.Errorf("then staff are shown %q", got)
		}
	})
}

// Whoever loses the role meanwhile is shown what was before it, and nothing of
// staff after (R1).
func TestDemotedWhileTheStoreIsAway(t *testing.T) {
	inStaffed(t, func(w *staffed) {
		w.line.cut.Store(true)
		time.Sleep(staffGrace + time.Second)
		w.say("before")
		wantOK(t, w.owner.do(room.SetRole{Participant: w.modaID, Role: "viewer"}))
		w.say("after")
		w.line.cut.Store(false)
		time.Sleep(2 * time.Second)
		if got := w.moda.texts("backchannel.posted"); len(got) != 1 || got[0] != "staff: before" {
			t.Errorf("R1: shown %q", got)
		}
		if got := w.moda.texts("chat.posted"); len(got) != 2 {
			t.Errorf("shown %q", got)
		}
	})
}

// A revoked moderator is sent away at once: that shows nothing.
func TestRevokedWhileTheStoreIsAway(t *testing.T) {
	inStaffed(t, func(w *staffed) {
		w.line.cut.Store(true)
		time.Sleep(staffGrace + time.Second)
		if err := w.order(0, manager, room.RevokeInvitation{Invitation: "iModa"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := w.moda.closeCode(); got != int(wire.CloseInvitationInvalid) {
			t.Errorf("closed with %d", got)
		}
	})
}

// What waits is bounded: then the connection is sent back for a new start.
func TestWithheldIsBounded(t *testing.T) {
	inStaffed(t, func(w *staffed) {
		w.line.cut.Store(true)
		time.Sleep(staffGrace + time.Second)
		long := strings.Repeat("x", room.MaxChatText)
		for i := 0; i < 2*maxWithheld/len(long) && w.moda.closeCode() == 0; i++ {
			w.say(fmt.Sprint(i, long[20:]))
		}
		if got := w.moda.closeCode(); got != int(wire.CloseResync) {
			t.Errorf("closed with %d", got)
		}
		if w.vera.closeCode() != 0 {
			t.Error("the audience was closed, too")
		}
	})
}

// newerStore says that a room's log holds what this release does not know.
type newerStore struct {
	store.Store
	of atomic.Pointer[room.ID]
}

func (s *newerStore) newer(id room.ID) error {
	if of := s.of.Load(); of != nil && *of == id {
		return fmt.Errorf("read: %w", room.UnknownFact{Name: "hologram.shown"})
	}
	return nil
}

func (s *newerStore) Commit(ctx context.Context, id room.ID, head room.Seq, decide func(time.Time, []room.Event) (store.Batch, error)) error {
	if err := s.newer(id); err != nil {
		return err
	}
	return s.Store.Commit(ctx, id, head, decide)
}

func (s *newerStore) Since(ctx context.Context, id room.ID, seq room.Seq) iter.Seq2[room.Event, error] {
	if err := s.newer(id); err != nil {
		return func(yield func(room.Event, error) bool) { yield(room.Event{}, err) }
	}
	return s.Store.Since(ctx, id, seq)
}

func inNewer(t *testing.T, f func(w *world, log *newerStore)) {
	inWorld(t, 1, nil, func(w *world) {
		log := &newerStore{Store: w.store}
		w.add(log)
		w.create(time.Minute)
		f(w, log)
	})
}

// A fact of a newer release: this instance decides no more for the room and
// sends its people away; the other one goes on, and so do other rooms.
func TestANewerReleasesLog(t *testing.T) {
	inNewer(t, func(w *world, log *newerStore) {
		vera := w.invite("Vera", room.Viewer)
		time.Sleep(2 * time.Minute)
		old, other := w.enter(1, vera), w.enter(0, vera)
		log.of.Store(new(room.ID(w.room)))
		m, answered := old.try(room.LobbyCheck{Email: "Vera@example.org", Match: match("Vera")})
		if answered && m.Err == nil {
			t.Error("decided for a room whose log it cannot read")
		}
		time.Sleep(surrenderOver)
		if got := old.closeCode(); got != int(wire.CloseDrain) {
			t.Errorf("closed with %d", got)
		}
		if _, err := w.join(1, vera, nil); !errors.Is(err, ErrNewerRelease) {
			t.Errorf("a hello: %v", err)
		}
		if err := w.hubs[1].Fit(w.t.Context()); err != nil {
			t.Errorf("one room makes the instance unfit: %v", err)
		}
		wantOK(t, other.lobby("Vera"))
		log.of.Store(nil)
		time.Sleep(surrenderFor)
		w.enter(1, vera)
	})
}

// The site's log: nothing can be decided any more.
func TestANewerReleasesSite(t *testing.T) {
	inNewer(t, func(w *world, log *newerStore) {
		vera := w.invite("Vera", room.Viewer)
		old := w.enter(1, vera)
		log.of.Store(new(room.ID(room.SiteID)))
		if _, err := w.hubs[1].Do(w.t.Context(), room.SiteID, siteOwner, room.SetSite{SiteChange: room.SiteChange{Devices: ptr(2)}}, nil); err == nil {
			t.Error("decided for the site")
		}
		time.Sleep(surrenderOver)
		if got := old.closeCode(); got != int(wire.CloseDrain) {
			t.Errorf("closed with %d", got)
		}
		if err := w.hubs[1].Fit(w.t.Context()); !errors.Is(err, ErrNewerRelease) {
			t.Errorf("fit: %v", err)
		}
	})
}

// When an instance stops, the others know at once that its people are gone.
func TestAStoppedHubTakesItsCountAlong(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		w.enter(0, w.invite("Vera", room.Viewer))
		w.enter(1, w.invite("Sam", room.Viewer))
		time.Sleep(3 * time.Second)
		if got := w.hubs[0].Count(w.room).Waiting; got != 2 {
			t.Fatalf("%d wait", got)
		}
		if err := w.hubs[1].Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := w.hubs[0].Count(w.room).Waiting; got != 1 {
			t.Errorf("%d wait after the other hub has stopped", got)
		}
	})
}
