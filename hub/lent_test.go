package hub

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
)

// returns gives the changes of somebody's role that nobody made.
func (w *world) returns(who room.ParticipantID) (all []room.Event) {
	w.t.Helper()
	for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if f, ok := e.Fact.(room.RoleChanged); ok && f.Participant == who && f.By == (room.Who{}) {
			all = append(all, e)
		}
	}
	return all
}

// A role that was lent goes back once, at its time, on whatever instances
// people are, and takes what staff sees with it.
func TestALentRoleGoesBackOnce(t *testing.T) {
	inEveryWorld(t, 3, lossy, func(w *world) {
		people := w.opened("ana", "ben", "eva")
		ana := people[0]
		tab := w.enter(2, ana.session.Actor())
		m := w.enter(1, manager).do(room.SetRole{Participant: "pana", Role: "speaker", ForS: 60})
		wantOK(t, m)
		var ok struct {
			UntilAt room.Millis `json:"until_at"`
		}
		decode(t, m.OK, &ok)
		synctest.Wait()
		for _, g := range []*guest{ana, tab} {
			if got := g.last("me.role"); got["role"] != "speaker" || got["until_at"] != float64(ok.UntilAt) {
				t.Errorf("told %v", got)
			}
		}
		wantOK(t, tab.do(room.BackchannelPost{Text: "before"}))
		time.Sleep(58 * time.Second)
		if got := w.returns("pana"); len(got) > 0 {
			t.Fatalf("early: %+v", got)
		}
		time.Sleep(5 * time.Second)
		got := w.returns("pana")
		if len(got) != 1 || got[0].At < ok.UntilAt || got[0].At > ok.UntilAt+1500 {
			t.Fatalf("goes back %+v, was lent until %d", got, ok.UntilAt)
		}
		wantOK(t, w.enter(1, manager).do(room.BackchannelPost{Text: "after"}))
		time.Sleep(2 * time.Second)
		for _, g := range []*guest{ana, tab} {
			if got := g.last("me.role"); got["role"] != "viewer" || got["until_at"] != nil || g.last("backchannel.posted")["text"] == "after" {
				t.Errorf("told %v", got)
			}
			wantCode(t, g.do(room.BackchannelPage{}), room.CodeForbidden)
		}
		if got := people[1].last("stage.changed"); got["participant"] != "pana" || got["role"] != "viewer" || got["by"] != nil || got["until_at"] != nil {
			t.Errorf("others are told %v", got)
		}
	})
}

// Nobody is connected, and the instance that lent the role is gone.
func TestALentRoleGoesBackInAnEmptyRoom(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.opened()
		ana := w.enter(0, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.SetRole{Participant: "pana", Role: "speaker", ForS: 600}, nil))
		ana.session.Leave()
		if err := w.hubs[0].Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.hubs = slices.Delete(w.hubs, 0, 1)
		time.Sleep(595 * time.Second)
		if n := len(w.hubs[0].all()); n != 1 { // the site's
			t.Errorf("%d rooms are awake while nothing is due", n)
		}
		time.Sleep(8 * time.Second)
		if got := w.returns("pana"); len(got) != 1 {
			t.Fatalf("goes back %d times", len(got))
		}
		time.Sleep(2 * linger)
		if n := len(w.hubs[0].all()); n != 1 {
			t.Errorf("%d rooms stay awake", n)
		}
		if got := w.returns("pana"); len(got) != 1 {
			t.Fatalf("goes back %d times", len(got))
		}
	})
}

// Longer, for good, and back by hand: the first time does not count any more.
func TestALentRoleIsKeptByALaterOne(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		people := w.opened("ana", "ben")
		owner := w.enter(1, manager)
		for _, who := range []room.ParticipantID{"pana", "pben"} {
			wantOK(t, owner.do(room.SetRole{Participant: who, Role: "speaker", ForS: 60}))
		}
		time.Sleep(30 * time.Second)
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.SetRole{Participant: "pana", Role: "speaker", ForS: 600}, nil))
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.SetRole{Participant: "pben", Role: "speaker"}, nil))
		time.Sleep(2 * time.Minute)
		if got := people[1].last("me.role"); got["role"] != "speaker" || got["until_at"] != nil || len(w.returns("pben"))+len(w.returns("pana")) > 0 {
			t.Errorf("told %v", got)
		}
		time.Sleep(10 * time.Minute)
		if a, b := len(w.returns("pana")), len(w.returns("pben")); a != 1 || b != 0 {
			t.Errorf("went back %d and %d times", a, b)
		}
	})
}
