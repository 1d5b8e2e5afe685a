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

type guestLink struct {
	ID, Label, State, URL string
	Most, Joined          int
	Ended                 *int
	ExpiresAt             string `json:"expires_at"`
}

func makeGuestLink(s *apitest.Server, id string, fields map[string]any) (l guestLink) {
	s.Owner().T.Helper()
	body := map[string]any{"label": "Friends"}
	for name, value := range fields {
		body[name] = value
	}
	s.Owner().Do("POST", "/api/v1/rooms/"+id+"/guest-links", body).Into(http.StatusCreated, &l)
	return l
}

// secret is what the page of the link sends.
func (l guestLink) secret() map[string]string {
	path, secret, _ := strings.Cut(l.URL[strings.Index(l.URL, "/g/")+3:], "#")
	return map[string]string{"link": path, "secret": secret}
}

func (l guestLink) open(b *apitest.Browser) *apitest.Answer {
	b.T.Helper()
	return b.Do("POST", "/api/v1/guest-links/open", l.secret())
}

func (l guestLink) join(b *apitest.Browser, email, first string) *apitest.Answer {
	b.T.Helper()
	body := l.secret()
	body["email"], body["first_name"], body["last_name"] = email, first, "Visitor"
	return b.Do("POST", "/api/v1/guest-links/join", body)
}

func TestGuestComesByALink(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	s.Owner().OpenDoors(id)
	link := makeGuestLink(s, id, nil)
	gil := s.Browser()
	var told struct {
		Room   struct{ ID, Title string }
		Joined bool
	}
	link.open(gil).Into(http.StatusOK, &told)
	if told.Room.ID != id || told.Joined || gil.Cookie("") != "" {
		t.Errorf("opening told %+v and left a session", told)
	}
	var joined apitest.Opened
	link.join(gil, "gil@example.org", "Gil").Into(http.StatusOK, &joined)
	if joined.Phase != "live" || !joined.Confirmed {
		t.Errorf("joined: %+v", joined)
	}
	socket, welcome := gil.Join(id)
	if welcome.Phase != room.PhaseLive || !welcome.You.Guest || welcome.You.Role != "viewer" {
		t.Errorf("inside: %+v", welcome.You)
	}
	socket.Do("chat.post", map[string]string{"text": "Hello"}, nil)

	link.open(gil).Into(http.StatusOK, &told)
	if !told.Joined {
		t.Error("the browser is not known again")
	}
	var again apitest.Opened
	link.join(gil, "gil@example.org", "Gil").Into(http.StatusOK, &again)
	if again.Invitation != joined.Invitation {
		t.Error("the same browser got a second seat")
	}
	var list struct{ Items []guestLink }
	s.Owner().Do("GET", "/api/v1/rooms/"+id+"/guest-links", nil).Into(http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].Joined != 1 || list.Items[0].State != "on" || list.Items[0].URL != "" {
		t.Errorf("the list: %+v", list.Items)
	}
}

// Who was invited by the same address keeps their own seat: a guest's address
// is never believed.
func TestGuestTakesNobodysSeat(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	s.Owner().OpenDoors(id)
	card := s.Owner().Invite(id, "mo@example.org", "moderator")
	link := makeGuestLink(s, id, nil)
	thief := s.Browser()
	link.join(thief, "MO@example.org", "Mo").Into(http.StatusOK, nil)
	_, welcome := thief.Join(id)
	if welcome.You.Role != "viewer" || welcome.You.Participant == room.ParticipantID(card.Participant) {
		t.Fatalf("a guest sits as %+v", welcome.You)
	}
	s.Owner().Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "mo@example.org", "first_name": "Mo", "last_name": "Guest", "type": "speaker"}).Into(http.StatusOK, nil)
	if opened := s.Browser().Open(card); opened.Lobby != "email" {
		t.Errorf("the invited one: %+v", opened)
	}
}

func TestGuestLinkEndsOrKeeps(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	s.Owner().OpenDoors(id)
	link := makeGuestLink(s, id, map[string]any{"most": 2, "expires_at": s.In(time.Hour)})
	at := "/api/v1/rooms/" + id + "/guest-links/" + link.ID
	gil, ida := s.Browser(), s.Browser()
	link.join(gil, "gil@example.org", "Gil").Into(http.StatusOK, nil)
	link.join(ida, "ida@example.org", "Ida").Into(http.StatusOK, nil)
	link.join(s.Browser(), "late@example.org", "Late").Refused(http.StatusGone, "invitation_used")
	stays, _ := gil.Join(id)
	s.Owner().Do("PATCH", at, map[string]any{"on": false}).Into(http.StatusOK, &link)
	if link.State != "off" || link.Ended != nil {
		t.Errorf("switched off: %+v", link)
	}
	stays.Do("chat.post", map[string]string{"text": "Still here"}, nil)
	s.Owner().Do("PATCH", at, map[string]any{"on": true, "sessions": "end"}).Refused(http.StatusUnprocessableEntity, "invalid")
	s.Owner().Do("PATCH", at, map[string]any{"on": false, "sessions": "end"}).Into(http.StatusOK, &link)
	if link.Ended == nil || *link.Ended != 2 {
		t.Errorf("ended: %+v", link)
	}
	stays.Closed(4503)
}

func TestGuestLinkIsRefused(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Misses: 100}})
	id := s.Owner().Room("Room", time.Hour).ID
	link := makeGuestLink(s, id, nil)
	at := "/api/v1/rooms/" + id + "/guest-links/" + link.ID
	b := s.Browser()
	link.join(b, "gil", "Gil").Refused(http.StatusUnprocessableEntity, "invalid")
	link.join(b, "gil@example.org", "\u202e ").Refused(http.StatusUnprocessableEntity, "invalid")
	wrong := link
	wrong.URL = link.URL[:len(link.URL)-1]
	wrong.open(b).Refused(http.StatusNotFound, "not_found")
	wrong.join(b, "gil@example.org", "Gil").Refused(http.StatusNotFound, "not_found")
	card := s.Owner().Invite(id, "anna@example.org", "viewer")
	publicID, secret := card.Link()
	b.Do("POST", "/api/v1/guest-links/open", map[string]string{"link": publicID, "secret": secret}).Refused(http.StatusNotFound, "not_found")
	own := link.secret()
	b.TryOpen(own["link"], own["secret"]).Refused(http.StatusNotFound, "not_found")

	var fresh guestLink
	s.Owner().Do("POST", at+"/link", map[string]any{}).Into(http.StatusOK, &fresh)
	link.open(b).Refused(http.StatusGone, "invitation_expired")
	fresh.open(b).Into(http.StatusOK, nil)
	s.Owner().Do("DELETE", at, nil).Into(http.StatusNoContent, nil)
	fresh.open(b).Refused(http.StatusGone, "invitation_revoked")
	s.Owner().Do("DELETE", at, nil).Into(http.StatusNoContent, nil)
	s.Owner().Do("PATCH", at, map[string]any{"label": "New"}).Refused(http.StatusNotFound, "not_found")

	for _, no := range []map[string]any{{"label": ""}, {}, {"label": strings.Repeat("x", 61)}, {"label": "L", "most": -1}, {"label": "L", "expires_at": "soon"}, {"label": "L", "expires_at": s.In(-time.Hour)}} {
		s.Owner().Do("POST", "/api/v1/rooms/"+id+"/guest-links", no).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	for range room.MaxGuestLinks {
		makeGuestLink(s, id, nil)
	}
	s.Owner().Do("POST", "/api/v1/rooms/"+id+"/guest-links", map[string]any{"label": "Fourth"}).Refused(http.StatusConflict, "conflict")
	b.Do("GET", "/api/v1/rooms/"+id+"/guest-links", nil).Refused(http.StatusUnauthorized, "not_authenticated")
}
