package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"greenroom/server/api"
	"greenroom/server/apitest"
)

type found struct {
	ID         string
	Email      string
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Invitation *struct {
		ID, Type, State string
		Inside          bool
	}
}

func lookUp(b *apitest.Browser, prefix, room string) (all []found) {
	b.T.Helper()
	b.Do("GET", "/api/v1/people?prefix="+url.QueryEscape(prefix)+"&room="+room, nil).Into(http.StatusOK, &all)
	return all
}

func TestTypeAhead(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	s.Person("angela@example.org", "Änge\u0301la", "Zimt")
	here, before := owner.Room("Here", time.Hour).ID, owner.Room("Before", time.Hour).ID
	owner.Invite(before, "anita@example.org", "viewer")
	owner.Invite(before, "ANGELA@example.org", "viewer")
	card := owner.Invite(here, "ana@example.org", "viewer")
	// Nobody's guests but one's own.
	mia, _ := s.Person("mia@example.org", "Mia", "M")
	mine := mia.Room("Mia's", time.Hour).ID
	mia.Invite(mine, "secret@example.org", "viewer")
	for _, c := range []struct {
		prefix, room string
		want         []string
	}{
		{"an", here, []string{"ana@example.org", "angela@example.org", "anita@example.org"}},
		{"an", "", []string{"angela@example.org"}},
		{"ANA G", here, []string{"ana@example.org"}},
		{"guest", here, []string{"ana@example.org", "anita@example.org", "ANGELA@example.org"}},
		{"\u00e4NG\u00c9", here, []string{"angela@example.org"}},
		{"a\u0308nge\u0301", "", []string{"angela@example.org"}},
		{"secret", here, nil}, {"secret", "", nil}, {"", here, nil}, {" ", here, nil}, {"%", here, nil}, {"\xff", here, nil},
	} {
		var got []string
		for _, p := range lookUp(owner, c.prefix, c.room) {
			got = append(got, p.Email)
		}
		if len(got) != len(c.want) {
			t.Errorf("%q in %q: %q", c.prefix, c.room, got)
			continue
		}
		known := map[string]bool{}
		for _, email := range got {
			known[email] = true
		}
		for _, email := range c.want {
			if !known[email] {
				t.Errorf("%q in %q: %q without %s", c.prefix, c.room, got, email)
			}
		}
	}
	// Who is in the room already, is told as that.
	if p := lookUp(owner, "ana@", here)[0]; p.ID != "" || p.Invitation == nil || p.Invitation.ID != card.ID || p.Invitation.Type != "viewer" || p.Invitation.Inside {
		t.Errorf("invited: %+v", p)
	}
	if p := lookUp(owner, "angela", here)[0]; p.ID == "" || p.Invitation != nil {
		t.Errorf("with an account, not invited here: %+v", p)
	}
	owner.OpenDoors(here)
	ana := s.Browser()
	ana.Open(card)
	socket, _ := ana.Join(here)
	socket.Do("lobby.check", map[string]string{"email": "ana@example.org"}, nil)
	if p := lookUp(owner, "ana@", here)[0]; !p.Invitation.Inside || p.Invitation.State != "inside" {
		t.Errorf("inside: %+v", p.Invitation)
	}
	owner.Do("DELETE", "/api/v1/rooms/"+here+"/invitations/"+card.ID, nil).Into(http.StatusNoContent, nil)
	if p := lookUp(owner, "ana@", here)[0]; p.Invitation != nil {
		t.Errorf("withdrawn: %+v", p.Invitation)
	}
}

func TestWhoMayLookUpPeople(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Lookups: 5}})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	dora, _ := s.Person("dora@example.org", "Dora", "X")
	guest := s.Browser()
	guest.Open(owner.Invite(id, "guest@example.org", "moderator"))
	guest.Do("GET", "/api/v1/people?prefix=a&room="+id, nil).Refused(http.StatusUnauthorized, "not_authenticated")
	foreign := dora.Do("GET", "/api/v1/people?prefix=a&room="+id, nil).Refused(http.StatusNotFound, "not_found")
	none := dora.Do("GET", "/api/v1/people?prefix=a&room=nothing", nil).Refused(http.StatusNotFound, "not_found")
	if foreign.Detail != none.Detail {
		t.Errorf("a foreign room: %q, none: %q", foreign.Detail, none.Detail)
	}
	// Who can invite nowhere, needs to find nobody.
	owner.Do("PATCH", "/api/v1/site", map[string]any{"creators": map[string]any{"role": "admin"}}).Into(http.StatusOK, nil)
	eve, _ := s.Person("eve@example.org", "Eve", "X")
	eve.Do("GET", "/api/v1/people?prefix=o", nil).Refused(http.StatusForbidden, "forbidden")
	owner.Do("PUT", "/api/v1/rooms/"+id+"/managers/eve@example.org", map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	eve.Do("GET", "/api/v1/people?prefix=o", nil).Into(http.StatusOK, nil)
	owner.Do("PATCH", "/api/v1/site", map[string]any{"creators": map[string]any{"role": "member"}}).Into(http.StatusOK, nil)
	for range 3 {
		dora.Do("GET", "/api/v1/people?prefix=o", nil).Into(http.StatusOK, nil)
	}
	dora.Do("GET", "/api/v1/people?prefix=o", nil).Refused(http.StatusTooManyRequests, "slow_down")
	owner.Do("GET", "/api/v1/people?prefix=o", nil).Into(http.StatusOK, nil)
	s.Clock.Advance(time.Minute)
	dora.Do("GET", "/api/v1/people?prefix=o", nil).Into(http.StatusOK, nil)
}
