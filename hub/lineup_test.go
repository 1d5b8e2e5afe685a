package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Who waits is told where they stand: at once on coming, and at most once a
// second, whoever is let in.
func TestTheWaitingAreToldTheirPlace(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		owner, locked := w.enter(0, manager), true
		wantOK(t, owner.do(room.SetSettings{Locked: &locked}))
		var all []*guest
		for i := range 30 {
			g := w.enter(i%2, w.invite(fmt.Sprint("g", i), room.Viewer))
			wantOK(t, g.lobby(fmt.Sprint("g", i)))
			all = append(all, g)
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		for i := range 10 {
			wantOK(t, owner.do(room.GrantEntry{Participants: room.Knockers{IDs: []room.ParticipantID{room.ParticipantID(fmt.Sprint("pg", i))}}}))
			time.Sleep(250 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		last := all[29]
		got := last.lastSignal(wire.SignalLineup)
		if got["waiting"] != 20.0 || len(got["after"].([]any)) != 20 {
			t.Errorf("told %v", got)
		}
		n := 0
		for _, m := range last.all() {
			if m.Signal == wire.SignalLineup {
				n++
			}
		}
		if n > 8 {
			t.Errorf("told %d times in 9 seconds", n)
		}
		if got := owner.lastSignal(wire.SignalLineup); got != nil {
			t.Errorf("people inside are told %v", got)
		}
		wantOK(t, owner.do(room.TellKnocker{Participant: "pg29", Text: "Soon"}))
		time.Sleep(time.Second)
		if got := last.last("me.told"); got["text"] != "Soon" {
			t.Errorf("told %v", got)
		}
		if got := all[28].last("me.told"); got != nil {
			t.Errorf("somebody else is told %v", got)
		}
		again := w.enter(1, all[28].session.Actor())
		if got := again.lastSignal(wire.SignalLineup); got["waiting"] != 20.0 {
			t.Errorf("who comes again is told %v", got)
		}
	})
}

// Two instances: one asks, the person accepts on the other; all windows know.
func TestAnOfferIsAcceptedOnAnotherHub(t *testing.T) {
	inEveryWorld(t, 2, lossy, func(w *world) {
		people := w.opened("ana", "ben")
		owner := w.enter(0, manager)
		tab := w.enter(1, people[0].session.Actor())
		wantOK(t, owner.do(room.OfferStage{Participant: "pana", ForS: 60}))
		time.Sleep(2 * time.Second)
		for _, g := range []*guest{people[0], tab} {
			if got := g.last("me.offer"); got["at"] == 0.0 || got["for_s"] != 60.0 {
				t.Errorf("asked by %v", got)
			}
		}
		if got := people[1].events("stage.offer"); len(got) > 0 {
			t.Errorf("other viewers are told %v", got)
		}
		wantOK(t, tab.do(room.AnswerOffer{Accept: true}))
		time.Sleep(2 * time.Second)
		if got := people[0].last("me.offer"); got["at"] != 0.0 || got["why"] != "accepted" {
			t.Errorf("told %v", got)
		}
		if got := people[0].last("me.role"); got["role"] != "speaker" || got["until_at"] == nil {
			t.Errorf("told %v", got)
		}
		if got := owner.last("stage.offer_ended"); got["participant"] != "pana" {
			t.Errorf("staff is told %v", got)
		}
		wantCode(t, people[0].do(room.AnswerOffer{Accept: true}), room.CodeConflict)
		time.Sleep(62 * time.Second)
		if got := w.returns("pana"); len(got) != 1 {
			t.Errorf("went back %d times", len(got))
		}
	})
}
