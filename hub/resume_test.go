package hub

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func TestResume(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		wantOK(t, ana.lobby("ana"))
		synctest.Wait()
		at := &wire.Resume{Epoch: "epoch1", Pos: max(ana.pos(), 1)}
		ana.session.Leave()
		kept := owner.do(room.ChatPost{Text: "kept"})
		gone := owner.do(room.ChatPost{Text: "gone"})
		wantOK(t, kept)
		wantOK(t, owner.do(room.ChatDelete{ID: room.MessageID(posOf(t, gone))}))
		back, err := w.join(0, by, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := back.events("chat"); !slices.Equal(got, []string{"chat.posted", "chat.deleted"}) {
			t.Fatalf("missed events: %v", got)
		}
		back.session.Leave()
		wantOK(t, owner.do(room.SetRole{Participant: "pana", Role: "speaker"}))
		again, err := w.join(0, by, at)
		if err != nil {
			t.Fatal(err)
		}
		var hello room.Welcome
		decode(t, again.all()[0].OK, &hello)
		if hello.Mode != "snapshot" || hello.Snapshot == nil || hello.You.Role != "speaker" {
			t.Fatalf("after a promotion: %+v", hello)
		}
	})
}

// Who has missed more than half an outbox holds is told the smaller snapshot.
func TestResumeCostsLessThanAnOutbox(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		wantOK(t, ana.lobby("ana"))
		synctest.Wait()
		at, long := ana.pos(), strings.Repeat("€", 2000)
		ana.session.Leave()
		say := func(times int) {
			for range times {
				wantOK(t, owner.do(room.ChatPost{Text: long}))
				owner.session.commands.left = wire.CommandsBurst // the rate is not what is tested
			}
		}
		most := wire.ResumeBytes / len(long)
		if say(most - 1); w.mode(by, at) != "resumed" {
			t.Errorf("%d long messages are not resumed", most-1)
		}
		if say(2); w.mode(by, at) != "snapshot" {
			t.Errorf("%d long messages are resumed", most+1)
		}
	})
}
