package client_test

import (
	"errors"
	"testing"

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
