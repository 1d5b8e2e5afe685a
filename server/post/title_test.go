package post_test

import (
	"net/http"
	"strings"
	"testing"
)

// A new title changes the entry in the calendar, a new description does not.
func TestCalendarFollowsTheTitle(t *testing.T) {
	w := newWorld(t, 1)
	made := w.invite("anna@example.org")
	w.deliver()
	w.owner.Patch(w.room, map[string]any{"description": "Other words."}).Into(http.StatusOK, nil)
	w.owner.Patch(w.room, map[string]any{"title": "Talk"}).Into(http.StatusOK, nil) // as it is
	w.deliver()
	w.taken("nothing to tell", 1)
	w.owner.Patch(w.room, map[string]any{"title": "Speech"}).Into(http.StatusOK, nil)
	w.want("renamed", made.ID, "moved", "queued", "")
	w.deliver()
	w.taken("renamed", 2)
	first, second := w.smtp.Mails()[0], w.smtp.Mails()[1]
	if field(t, second, "SUMMARY") != "Speech" || field(t, second, "UID") != field(t, first, "UID") || sequence(t, second) <= sequence(t, first) ||
		field(t, second, "DTSTART") != field(t, first, "DTSTART") || !strings.Contains(second.Raw, "the title of what you are invited to") {
		t.Errorf("the notice:\n%s", second.Raw)
	}
	w.owner.OpenDoors(w.room)
	w.owner.Patch(w.room, map[string]any{"title": "Oration"}).Into(http.StatusOK, nil)
	w.deliver()
	w.taken("while people are inside", 2)
}
