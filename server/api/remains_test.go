package api_test

import (
	"net/http"
	"testing"
	"time"

	"greenroom/server/apitest"
)

// What remains is for who was let in, when the room is over and its managers
// wish it; everybody else is told that there is nothing.
func TestWhatRemainsOfARoom(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	made := owner.Room("Room", time.Hour)
	card, other := owner.Invite(made.ID, "anna@example.org", "viewer"), owner.Invite(made.ID, "bert@example.org", "viewer")
	path := "/api/v1/rooms/" + made.ID
	anna, bert := s.Browser(), s.Browser()
	anna.Open(card)
	bert.Open(other)
	owner.Do("PATCH", path, map[string]any{"state": "open"}).Into(http.StatusOK, nil)
	socket, _ := anna.Join(made.ID)
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	owner.Do("PATCH", path, map[string]any{"state": "closed"}).Into(http.StatusOK, nil)
	anna.Do("GET", path+"/results", nil).Refused(http.StatusNotFound, "not_found")
	for field, value := range map[string]any{"closing_link": "http://example.org", "host_absent": map[string]any{"then": "explode", "minutes": 5}} {
		owner.Do("PATCH", path, map[string]any{field: value}).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	owner.Do("PATCH", path, map[string]any{"results": true, "closing_words": "Thank you.", "closing_link": "https://example.org/more"}).Into(http.StatusOK, nil)
	var told struct {
		Title        string
		Shown        bool
		ClosingWords string `json:"closing_words"`
		Questions    []any
	}
	for _, who := range []*apitest.Browser{owner, anna} {
		who.Do("GET", path+"/results", nil).Into(http.StatusOK, &told)
		if told.Title != "Room" || !told.Shown || told.ClosingWords != "Thank you." || told.Questions == nil {
			t.Errorf("told %+v", told)
		}
	}
	bert.Do("GET", path+"/results", nil).Refused(http.StatusNotFound, "not_found")
	s.Browser().Do("GET", path+"/results", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	owner.Do("PATCH", path, map[string]any{"results": false}).Into(http.StatusOK, nil)
	anna.Do("GET", path+"/results", nil).Refused(http.StatusNotFound, "not_found")
	owner.Do("DELETE", path, nil).Into(http.StatusNoContent, nil)
	owner.Do("GET", path+"/results", nil).Refused(http.StatusGone, "room_deleted")
}
