package hub

import (
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
)

// Whoever stays when a session is over is neither inside nor waiting, on every
// hub, until it goes on.
func TestWhoStaysBehindDoesNotWait(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		ana := w.enter(0, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		w.enter(1, w.invite("ben", room.Viewer)) // in the lobby
		want := func(what string, inside, waiting int) {
			t.Helper()
			time.Sleep(4 * time.Second)
			synctest.Wait()
			for i, h := range w.hubs {
				if c := h.Count(w.room); c.Inside != inside || c.Waiting != waiting {
					t.Errorf("%s: hub %d counts %d inside and %d waiting, want %d and %d", what, i, c.Inside, c.Waiting, inside, waiting)
				}
			}
		}
		want("open", 1, 1)
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusClosed}, nil))
		want("over", 0, 0)
		w.must(w.hubs[1].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusOpen}, nil))
		want("open again", 1, 1)
	})
}
