package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Who lost the line between the opening and their turn has never seen the room
// from inside, though the place is the same as of those who have.
func TestAResumeDuringASpreadEntryGetsASnapshot(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Hour)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		wantOK(t, ana.lobby("ana"))
		w.crowd(100000)
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusOpen}, nil))
		synctest.Wait()
		if ana.events("room.opened") == nil || ana.last("phase.changed")["phase"] == "live" {
			t.Fatal("the entry is not spread")
		}
		ana.session.Leave()
		if got := w.mode(by, ana.pos()); got != "snapshot" {
			t.Errorf("while they enter: %s", got)
		}
		time.Sleep(15 * time.Second)
		said := w.enter(0, manager).do(room.ChatPost{Text: "all in?"})
		if got := w.mode(by, posOf(t, said)); got != "resumed" {
			t.Errorf("when all are in: %s", got)
		}
	})
}

// crowd has another instance tell of so many who wait.
func (w *world) crowd(waiting int) {
	for _, h := range w.hubs {
		for _, r := range h.all() {
			r.presence.hear("elsewhere", beat{Waiting: waiting}, h.now())
		}
	}
}

func (w *world) mode(by room.Actor, from room.Seq) string {
	w.t.Helper()
	back, err := w.join(0, by, &wire.Resume{Epoch: "epoch1", Pos: from})
	if err != nil {
		w.t.Fatal(err)
	}
	back.session.Leave()
	var hello room.Welcome
	decode(w.t, back.all()[0].OK, &hello)
	if (hello.Mode == "snapshot") != (hello.Snapshot != nil) {
		w.t.Errorf("%s with snapshot %v", hello.Mode, hello.Snapshot)
	}
	return hello.Mode
}

// Who was sent back is here again before the old sockets are gone.
func TestEndedTabsAreNotCounted(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		for range wire.Connections {
			w.enter(0, manager).session.end(wire.CloseDrain)
		}
		w.enter(0, manager)
	})
}

// Creations that are refused leave nothing behind.
func TestARefusedRoomIsNotLive(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		for i := range 20 {
			id := room.ID(fmt.Sprint("room", i))
			if _, err := w.hubs[0].Do(w.t.Context(), id, manager, room.CreateRoom{}, nil); err == nil {
				t.Fatal("an empty room was made")
			}
		}
		synctest.Wait()
		if n := len(w.hubs[0].Rooms()); n != 0 {
			t.Errorf("%d rooms are live", n)
		}
	})
}
