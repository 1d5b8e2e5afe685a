package hub

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// lively is an open room with a moderator at the first hub, and a viewer at the
// second.
func (w *world) lively() (mod, vera *guest, veraActor room.Actor) {
	w.t.Helper()
	w.create(time.Minute)
	modActor := w.invite("Mod", room.Moderator)
	veraActor = w.invite("Vera", room.Viewer)
	time.Sleep(2 * time.Minute)
	mod, vera = w.enter(0, modActor), w.enter(1, veraActor)
	wantOK(w.t, mod.lobby("Mod"))
	wantOK(w.t, vera.lobby("Vera"))
	synctest.Wait()
	return mod, vera, veraActor
}

// R5: after the reply to a removal or a ban no command and no hello of that
// person is ok, on any instance, and all their connections are closed.
func TestSentOutOverHubs(t *testing.T) {
	for _, c := range []struct {
		command room.Command
		code    room.Code
		close   wire.CloseCode
	}{
		{room.RemovePerson{Participant: "pVera", Reason: "Enough."}, room.CodeRemoved, wire.CloseRemoved},
		{room.BanPerson{Participant: "pVera", Reason: "Enough."}, room.CodeBanned, wire.CloseBanned},
		{room.BanPerson{Participant: "pVera", By: room.BanDomain}, room.CodeBanned, wire.CloseBanned},
	} {
		inWorld(t, 2, nil, func(w *world) {
			mod, vera, actor := w.lively()
			other := w.enter(0, actor)
			began := time.Now()
			wantOK(t, mod.do(c.command))
			for h := range 2 {
				if m, answered := []*guest{other, vera}[h].try(room.ChatPost{Text: "still here"}); answered && m.Err == nil {
					t.Errorf("%s: a command was ok afterwards", c.command.Name())
				}
				if _, err := w.join(h, actor, nil); !errors.Is(err, c.code) {
					t.Errorf("%s: hello: %v", c.command.Name(), err)
				}
			}
			synctest.Wait()
			for _, g := range []*guest{vera, other} {
				if got := g.closeCode(); got != int(c.close) {
					t.Errorf("%s: closed with %d", c.command.Name(), got)
				}
			}
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("closed after %v", took)
			}
			if n := w.count("chat.posted"); n != 0 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

// Who was removed comes back by the link; who was banned does not, until the
// ban is taken back.
func TestComingBack(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		mod, vera, actor := w.lively()
		wantOK(t, mod.do(room.RemovePerson{Participant: "pVera", Reason: "Enough."}))
		synctest.Wait() // she is on the other hub
		if data := vera.last("me.removed"); data["reason"] != "Enough." {
			t.Errorf("told %v", data)
		}
		if err := w.order(1, actor, room.OpenLink{}); err != nil {
			t.Fatal(err)
		}
		back := w.enter(1, actor)
		wantOK(t, back.lobby("Vera"))
		wantOK(t, back.do(room.ChatPost{Text: "sorry"}))
		wantOK(t, mod.do(room.BanPerson{Participant: "pVera"}))
		if err := w.order(1, actor, room.OpenLink{}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.join(1, actor, nil); !errors.Is(err, room.CodeBanned) {
			t.Errorf("a banned person's hello: %v", err)
		}
		wantOK(t, mod.do(room.UnbanPerson{Participant: "pVera"}))
		wantOK(t, w.enter(0, actor).lobby("Vera"))
	})
}

// R6: of many messages that race a mute over two hubs, none that was invoked
// after the reply to the mute is in the log.
func TestMuteRaces(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		mod, vera, actor := w.lively()
		tabs := []*guest{vera, w.enter(0, actor)}
		var wg sync.WaitGroup
		for i, tab := range tabs {
			wg.Go(func() {
				for n := range 2 {
					tab.try(room.ChatPost{Text: fmt.Sprint("before ", i, n)})
				}
			})
		}
		wantOK(t, mod.do(room.MutePerson{Participant: "pVera"}))
		for h := range 2 {
			wantCode(t, w.enter(h, actor).do(room.ChatPost{Text: "after"}), room.CodeMuted)
		}
		wg.Wait()
		synctest.Wait()
		for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if f, ok := e.Fact.(room.ChatPosted); ok && f.Text == "after" {
				t.Error("R6: a muted person was heard")
			}
		}
		if you, _ := vera.last("phase.changed")["you"].(map[string]any); you["muted"] != true || vera.last("participant.muted")["name"] != "Vera Test" {
			t.Errorf("the muted person was told %v", you)
		}
		wantOK(t, mod.do(room.UnmutePerson{Participant: "pVera"}))
		wantOK(t, w.enter(0, actor).do(room.ChatPost{Text: "again"}))
	})
}

// A locked room: viewers knock, two moderators on two hubs share one list, the
// first decision counts, and who is let in enters on the same connection.
func TestWaitingRoomOverHubs(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		mod, _, _ := w.lively()
		second := w.enter(1, w.invite("Max", room.Moderator))
		wantOK(t, second.lobby("Max"))
		locked := true
		wantOK(t, mod.do(room.SetSettings{Locked: &locked}))
		ida, ben, cas := w.invite("Ida", room.Viewer), w.invite("Ben", room.Viewer), w.invite("Cas", room.Viewer)
		waiting := map[string]*guest{"Ida": w.enter(0, ida), "Ben": w.enter(1, ben), "Cas": w.enter(1, cas)}
		for _, name := range []string{"Ida", "Ben", "Cas"} {
			m := waiting[name].lobby(name)
			wantOK(t, m)
			var ok struct{ Phase room.Phase }
			if decode(t, m.OK, &ok); ok.Phase != room.PhaseWaiting {
				t.Fatalf("%s is in phase %s", name, ok.Phase)
			}
			wantCode(t, waiting[name].do(room.ChatPost{Text: "let me in"}), room.CodeForbidden)
		}
		synctest.Wait()
		if n := len(second.events("knocked")); n != 3 {
			t.Errorf("the second moderator was told of %d", n)
		}
		wantOK(t, mod.do(room.Announce{Text: "One moment.", To: room.ToWaiting}))
		wantOK(t, second.do(room.GrantEntry{Participants: room.Knockers{IDs: []room.ParticipantID{"pIda"}}}))
		wantCode(t, mod.do(room.DenyEntry{Participants: room.Knockers{IDs: []room.ParticipantID{"pIda"}}}), room.CodeConflict)
		wantOK(t, mod.do(room.DenyEntry{Participants: room.Knockers{IDs: []room.ParticipantID{"pBen"}}, Reason: "The hall is full."}))
		synctest.Wait()
		if data := waiting["Cas"].last("announced"); data["text"] != "One moment." {
			t.Errorf("the waiting were told %v", data)
		}
		if data := mod.last("admitted"); data["name"] != "Max Test" {
			t.Errorf("the first moderator was told %v", data)
		}
		if data := waiting["Ben"].last("me.removed"); data["denied"] != true || waiting["Ben"].closeCode() != int(wire.CloseRemoved) {
			t.Errorf("sent away: %v, closed with %d", data, waiting["Ben"].closeCode())
		}
		wantOK(t, waiting["Ida"].do(room.ChatPost{Text: "thank you"}))
		again := w.enter(0, cas) // a reload
		if data := again.all()[0]; data.Err != nil {
			t.Errorf("came back to %+v", data.Err)
		}
		wantCode(t, again.do(room.ChatPost{Text: "let me in"}), room.CodeForbidden)
		unlocked := false
		wantOK(t, second.do(room.SetSettings{Locked: &unlocked}))
		synctest.Wait()
		for _, g := range []*guest{waiting["Cas"], again} {
			if got := g.last("phase.changed")["phase"]; got != "live" {
				t.Errorf("after unlocking in phase %v", got)
			}
		}
		wantOK(t, again.do(room.ChatPost{Text: "at last"}))
	})
}

// Slow mode counts by the time of events, over all tabs and instances.
func TestSlowModeOverHubs(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		mod, vera, actor := w.lively()
		other := w.enter(0, actor)
		pause := 30
		wantOK(t, mod.do(room.SetSettings{SlowModeS: &pause}))
		wantOK(t, vera.do(room.ChatPost{Text: "one"}))
		m := other.do(room.ChatPost{Text: "two"})
		if wantCode(t, m, room.CodeSlowDown); m.Err.RetryMS <= 0 || m.Err.RetryMS > 30_000 || !m.Err.Temporary {
			t.Errorf("%+v", m.Err)
		}
		time.Sleep(31 * time.Second)
		wantOK(t, other.do(room.ChatPost{Text: "two"}))
		for range 3 {
			wantOK(t, mod.do(room.ChatPost{Text: "at my own pace"}))
		}
	})
}
