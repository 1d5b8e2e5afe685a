package client_test

import (
	"errors"
	"testing"

	"greenroom/client"
	"greenroom/hub/room"
)

// A pause by the library, on a real server.
func TestPausing(t *testing.T) {
	h := open(t)
	mo, ada := h.invite("mo@example.org", "moderator"), h.invite("ada@example.org", "viewer")
	h.openDoors()
	mod, adas := h.live(mo.URL), h.live(ada.URL)
	ctx := t.Context()
	h.must(mod.Pause(ctx, "Back at three."))
	h.until(adas, "paused", func(m *room.Mirror) bool { return m.Paused != nil && m.Paused.Message == "Back at three." })
	if _, err := adas.Post(ctx, "hello?"); !errors.Is(err, room.CodePaused) {
		t.Errorf("in a pause: %v", err)
	}
	if err := adas.Resume(ctx); !errors.Is(err, room.CodeForbidden) {
		t.Errorf("a viewer goes on: %v", err)
	}
	h.must(mod.GoLive(ctx))
	h.until(adas, "a countdown", func(m *room.Mirror) bool { return m.LiveAt > 0 })
	h.must(mod.CancelGoLive(ctx))
	h.until(adas, "no countdown", func(m *room.Mirror) bool { return m.LiveAt == 0 && m.Paused != nil })
	h.must(mod.Resume(ctx))
	h.until(adas, "going on", func(m *room.Mirror) bool { return m.Paused == nil })
	_, err := adas.Post(ctx, "hello")
	h.must(err)
}

// What remains of a room is for those who were let in, once it is over and if
// its managers wish that.
func TestRemains(t *testing.T) {
	h := open(t)
	ada, bo := h.invite("ada@example.org", "viewer"), h.invite("bo@example.org", "viewer")
	h.openDoors()
	ctx := t.Context()
	adas, stranger := h.opened(ada.URL), h.opened(bo.URL)
	r, err := adas.Join(ctx, "")
	h.must(err)
	t.Cleanup(r.Close)
	_, err = r.LobbyCheck(ctx, "ada@example.org")
	h.must(err)
	asked, err := r.Ask(ctx, "Will there be slides?", false)
	h.must(err)
	owner := h.owner()
	h.must(second(owner.PublishQuestion(ctx, asked.ID)))
	h.must(second(owner.AnswerQuestion(ctx, asked.ID, "Tomorrow.")))
	words, shown := "Thank you.", true
	_, err = h.site.PatchRoom(ctx, h.room.ID, client.RoomPatch{State: room.StatusClosed, Results: &shown, ClosingWords: &words})
	h.must(err)
	remains, err := adas.Results(ctx, h.room.ID)
	h.must(err)
	if remains.ClosingWords != words || remains.ClosedAt.IsZero() || len(remains.Questions) != 1 || remains.Questions[0].Answer.Text != "Tomorrow." {
		t.Errorf("%+v", remains)
	}
	if all, err := h.site.Results(ctx, h.room.ID); err != nil || !all.Shown {
		t.Errorf("to a manager: %+v, %v", all, err)
	}
	if _, err := stranger.Results(ctx, h.room.ID); !errors.Is(err, room.CodeNotFound) {
		t.Errorf("to somebody who was never inside: %v", err)
	}
}

func (h *house) opened(link string) *client.Client {
	h.Helper()
	c, err := client.Open(h.Context(), link)
	h.must(err)
	return c
}

func second[T any](_ T, err error) error { return err }
