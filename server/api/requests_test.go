package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// Who holds a right link is told which session it is about and may ask; the
// managers see it, and what helps the person answers it.
func TestAskingForAWayIn(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	anna := s.Browser()
	settleIn(anna, talk.ID, card)
	phone := s.Browser().On(1)
	publicID, secret := card.Link()
	no := phone.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device")
	if no.Room == nil || no.Room.ID != talk.ID || no.Room.Title != "Talk" || !no.Room.StartsAt.Equal(talk.StartsAt) || !no.AskedAt.IsZero() || len(no.Can) != 1 || no.Can[0] != "ask" {
		t.Errorf("told: %+v", no)
	}
	var asked struct {
		AskedAt time.Time `json:"asked_at"`
	}
	phone.Ask(card.Holds(), " My laptop\u202e\nbroke ").Into(http.StatusOK, &asked)
	again := asked
	phone.Ask(card.Holds(), "Hello?").Into(http.StatusOK, &again)
	if asked.AskedAt.IsZero() || !again.AskedAt.Equal(asked.AskedAt) {
		t.Errorf("asked at %s and %s", asked.AskedAt, again.AskedAt)
	}
	if no := phone.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device"); !no.AskedAt.Equal(asked.AskedAt) || no.Can != nil {
		t.Errorf("told: %+v", no)
	}
	all := owner.Requests(talk.ID)
	if len(all) != 1 || all[0].Why != "other_device" || all[0].Message != "My laptop broke" || all[0].Invitation.Email != "anna@example.org" || all[0].Invitation.ID != card.ID {
		t.Fatalf("requests: %+v", all)
	}
	if got := roomOf(t, owner, talk.ID); got.Requests != 1 {
		t.Errorf("the room counts %d requests", got.Requests)
	}
	owner.Do("POST", "/api/v1/rooms/"+talk.ID+"/invitations/"+card.ID+"/device-reset", map[string]any{}).Into(http.StatusOK, nil)
	if owner.Requests(talk.ID) == nil || len(owner.Requests(talk.ID)) != 0 {
		t.Error("a reset leaves the request")
	}
	phone.TryOpen(publicID, secret).Into(http.StatusOK, nil)
}

// settleIn ties an invitation to a device.
func settleIn(b *apitest.Browser, id string, card apitest.Invitation) *apitest.Socket {
	b.T.Helper()
	b.Open(card)
	socket, _ := b.Join(id)
	socket.Do("lobby.check", map[string]string{"email": card.Email}, nil)
	return socket
}

func roomOf(t *testing.T, b *apitest.Browser, id string) (r apitest.Room) {
	t.Helper()
	b.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &r)
	return r
}

// A dismissal is not told; an hour later one may ask again.
func TestDismissing(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	owner.Do("DELETE", "/api/v1/rooms/"+talk.ID+"/invitations/"+card.ID, map[string]string{"reason": "Full."}).Into(http.StatusNoContent, nil)
	publicID, secret := card.Link()
	s.Browser().Ask(card.Holds(), "").Into(http.StatusOK, nil)
	path := "/api/v1/rooms/" + talk.ID + "/requests/" + card.ID
	owner.Do("DELETE", path, nil).Into(http.StatusNoContent, nil)
	owner.Do("DELETE", path, nil).Into(http.StatusNoContent, nil)
	owner.Do("DELETE", "/api/v1/rooms/"+talk.ID+"/requests/none", nil).Refused(http.StatusNotFound, "not_found")
	if len(owner.Requests(talk.ID)) != 0 {
		t.Error("it is still there")
	}
	if no := s.Browser().TryOpen(publicID, secret).Refused(http.StatusGone, "invitation_revoked"); no.AskedAt.IsZero() || no.Reason != "Full." || no.Room.Title != "Talk" {
		t.Errorf("told: %+v", no)
	}
	s.Clock.Advance(time.Hour)
	s.Browser().Ask(card.Holds(), "Still here").Into(http.StatusOK, nil)
	if all := owner.Requests(talk.ID); len(all) != 1 || all[0].Message != "Still here" {
		t.Errorf("requests: %+v", all)
	}
}

// A browser that opened the link before asks by its session, as does the page
// of somebody who was sent away.
func TestAskingBySession(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	talk, other := owner.Room("Talk", time.Hour), owner.Room("Other", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	anna := s.Browser()
	anna.Open(card)
	held := map[string]any{"room": talk.ID}
	anna.Do("POST", "/api/v1/invitations/open", held).Into(http.StatusOK, nil)
	owner.Do("DELETE", "/api/v1/rooms/"+talk.ID+"/invitations/"+card.ID, nil).Into(http.StatusNoContent, nil)
	if no := anna.Do("POST", "/api/v1/invitations/open", held).Refused(http.StatusGone, "invitation_revoked"); no.Room == nil || len(no.Can) != 1 {
		t.Errorf("told: %+v", no)
	}
	anna.Ask(held, "Why?").Into(http.StatusOK, nil)
	if len(owner.Requests(talk.ID)) != 1 {
		t.Error("nobody hears")
	}
	anna.Ask(map[string]any{"room": other.ID}, "").Refused(http.StatusNotFound, "not_found")
	anna.Ask(map[string]any{"room": talk.ID, "invitation": "elsewhere"}, "").Refused(http.StatusNotFound, "not_found")
	s.Browser().Ask(held, "").Refused(http.StatusUnauthorized, "not_authenticated")
	if no := s.Browser().Do("POST", "/api/v1/invitations/open", held).Refused(http.StatusUnauthorized, "not_authenticated"); no.Room != nil {
		t.Errorf("told: %+v", no)
	}
}

// T10: whoever does not hold the secret gets one answer, whatever there is, and
// nobody is told of an attempt.
func TestStrangersCannotAsk(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Wishes: 3}})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	owner.Do("DELETE", "/api/v1/rooms/"+talk.ID+"/invitations/"+card.ID, nil).Into(http.StatusNoContent, nil)
	publicID, secret := card.Link()
	b := s.Browser()
	unknown := b.Ask(map[string]any{"invitation": "nobodyknows", "secret": secret}, "")
	unknown.Refused(http.StatusNotFound, "not_found")
	for _, guess := range []map[string]any{{"invitation": publicID, "secret": "gri_wrong"}, {"invitation": publicID}, {}, {"secret": secret}, {"invitation": talk.ID, "secret": secret}} {
		if got := b.Ask(guess, "Let me in"); got.Status != unknown.Status || string(got.Body) != string(unknown.Body) {
			t.Errorf("%v: %s", guess, got.Body)
		}
	}
	if len(owner.Requests(talk.ID)) != 0 {
		t.Error("a stranger was heard")
	}
	b.Ask(card.Holds(), strings.Repeat("x", 301)).Refused(http.StatusUnprocessableEntity, "invalid")
	for range 2 {
		b.Ask(card.Holds(), strings.Repeat("ü", 300)).Into(http.StatusOK, nil)
	}
	b.Ask(card.Holds(), "").Refused(http.StatusTooManyRequests, "slow_down")
	b.Do("GET", "/api/v1/rooms/"+talk.ID+"/requests", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	stranger, _ := s.Person("eve@example.org", "Eve", "Else")
	stranger.Do("GET", "/api/v1/rooms/"+talk.ID+"/requests", nil).Refused(http.StatusNotFound, "not_found")
	stranger.Do("DELETE", "/api/v1/rooms/"+talk.ID+"/requests/"+card.ID, nil).Refused(http.StatusNotFound, "not_found")
}

// A manager inside hears of it on the socket; a session that was called off
// takes no requests, but says which it was.
func TestRequestsAndTheRoomsLife(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	owner.OpenDoors(talk.ID)
	socket, _ := owner.Join(talk.ID)
	owner.Do("DELETE", "/api/v1/rooms/"+talk.ID+"/invitations/"+card.ID, nil).Into(http.StatusNoContent, nil)
	s.Browser().Ask(card.Holds(), "Please").Into(http.StatusOK, nil)
	var heard room.InvitationRequested
	socket.Event("invitation.requested", &heard)
	if heard.Why != "invitation_revoked" || heard.Message != "Please" || string(heard.Invitation) != card.ID {
		t.Errorf("heard: %+v", heard)
	}
	owner.Do("DELETE", "/api/v1/rooms/"+talk.ID, nil).Into(http.StatusNoContent, nil)
	if no := s.Browser().Ask(card.Holds(), "").Refused(http.StatusGone, "room_deleted"); no.Room == nil || no.Room.Title != "Talk" || no.Can != nil {
		t.Errorf("told: %+v", no)
	}
}
