package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/server/apitest"
)

func TestBadInvitations(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	path := "/api/v1/rooms/" + id + "/invitations"
	with := func(changes ...any) map[string]any {
		body := map[string]any{"email": "anna@example.org", "first_name": "Anna", "last_name": "A", "type": "viewer"}
		for i := 0; i < len(changes); i += 2 {
			body[changes[i].(string)] = changes[i+1]
		}
		return body
	}
	for _, row := range []struct {
		field string
		body  map[string]any
	}{
		{"email", with("email", "")}, {"email", with("email", "anna")}, {"email", with("email", "Anna <anna@example.org>")}, {"email", with("email", "a@b@example.org")},
		{"email", with("email", "anna@example.org\r\nBcc: x@example.org")}, {"email", with("email", "an\u202ena@example.org")}, {"email", with("email", "anna@[192.0.2.1]")}, {"email", with("email", 1)},
		{"first_name", with("first_name", "")}, {"first_name", with("first_name", "\u202e\u2066\u200b")}, {"first_name", with("first_name", strings.Repeat("x", 81))}, {"last_name", with("last_name", " ")},
		{"type", with("type", "")}, {"type", with("type", "owner")}, {"type", with("type", "manager")}, {"type", with("type", "Viewer")}, {"type", with("type", nil)},
		{"devices", with("devices", 0)}, {"devices", with("devices", 101)}, {"devices", with("devices", -1)}, {"devices", with("devices", 1.5)}, {"devices", with("devices", "2")},
		{"expires_at", with("expires_at", "soon")}, {"expires_at", with("expires_at", s.In(-time.Minute))}, {"expires_at", with("expires_at", s.In(6*366*24*time.Hour))},
		{"send_email", with("send_email", true)}, {"send_email", with("send_email", "yes")},
	} {
		if no := owner.Do("POST", path, row.body).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[row.field] == "" {
			t.Errorf("%s: %v: %+v", row.field, row.body, no)
		}
	}
	var none apitest.Invitation
	if n := list(t, owner, id, "", &none); n != 0 {
		t.Errorf("%d invitations", n)
	}
	card := owner.Invite(id, "anna@example.org", "viewer")
	for _, body := range []map[string]any{{"type": "owner"}, {"type": ""}, {"first_name": ""}, {"devices": 0}, {"expires_at": nil}, {"expires_at": s.In(-time.Hour)}} {
		owner.Do("PATCH", path+"/"+card.ID, body).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	// Ids of other rooms are not known here.
	foreign := owner.Invite(owner.Room("Other", time.Hour).ID, "bert@example.org", "viewer")
	for _, ask := range [][2]string{{"PATCH", ""}, {"DELETE", ""}, {"POST", "/link"}, {"POST", "/device-reset"}} {
		for _, wrong := range []string{foreign.ID, "none", card.Participant} {
			owner.Do(ask[0], path+"/"+wrong+ask[1], map[string]any{}).Refused(http.StatusNotFound, "not_found")
		}
	}
	owner.Do("GET", path+"?state=x", nil).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("DELETE", path+"/"+card.ID, map[string]string{"reason": strings.Repeat("x", 501)}).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("DELETE", path+"/"+card.ID, nil).Into(http.StatusNoContent, nil)
	owner.Do("DELETE", path+"/"+card.ID, nil).Into(http.StatusNoContent, nil) // it is so already
	owner.Do("PATCH", path+"/"+card.ID, map[string]any{"type": "speaker"}).Refused(http.StatusGone, "invitation_revoked")
	again := owner.Invite(id, "anna@example.org", "speaker") // a withdrawn address may be invited anew
	if again.ID == card.ID || again.URL == "" {
		t.Errorf("invited anew: %+v", again)
	}
}

func TestInvitationList(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	var cards []apitest.Invitation
	for i := range 120 {
		cards = append(cards, owner.Invite(id, fmt.Sprintf("guest%03d@example.org", i), "viewer"))
	}
	owner.Do("DELETE", "/api/v1/rooms/"+id+"/invitations/"+cards[110].ID, nil).Into(http.StatusNoContent, nil)
	s.Browser().Open(cards[3])
	owner.Do("PATCH", "/api/v1/rooms/"+id+"/invitations/"+cards[5].ID, map[string]any{"first_name": "O\u0308zge", "last_name": "Y\u0131lmaz"}).Into(http.StatusOK, nil)
	walk := func(query string) (emails []string) {
		t.Helper()
		for after := ""; ; {
			var page struct {
				Items []apitest.Invitation
				Next  string
			}
			owner.Do("GET", "/api/v1/rooms/"+id+"/invitations?"+query+"&after="+after, nil).Into(http.StatusOK, &page)
			for _, i := range page.Items {
				if i.URL != "" {
					t.Errorf("a link is told again: %+v", i)
				}
				emails = append(emails, i.Email)
			}
			if after = page.Next; after == "" {
				return emails
			}
		}
	}
	if all := walk(""); len(all) != 120 || all[0] != "guest000@example.org" || all[119] != "guest119@example.org" {
		t.Errorf("%d invitations", len(all))
	}
	for query, want := range map[string]string{"state=revoked": "guest110@example.org", "state=opened": "guest003@example.org", "q=GUEST110": "guest110@example.org", "q=%C3%B6zge": "guest005@example.org"} {
		if got := walk(query); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	if got := walk("state=issued"); len(got) != 118 {
		t.Errorf("%d issued", len(got))
	}
	s.Clock.Advance(26 * time.Hour)
	owner.SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
	if got := walk("state=expired"); len(got) != 119 {
		t.Errorf("%d expired", len(got))
	}
}

// A manager is told what an invitation would be, or why there can be none.
func TestWhatInvitingMeans(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	var seen struct {
		Inviting *struct {
			Allowed   bool
			Reason    string
			ExpiresAt time.Time `json:"expires_at"`
			Devices   int
			Unlimited bool
		}
	}
	owner.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &seen)
	if i := seen.Inviting; i == nil || !i.Allowed || i.Devices != 1 || i.Unlimited || i.ExpiresAt.Before(s.Clock.Now().Add(23*time.Hour)) {
		t.Errorf("inviting: %+v", i)
	}
	owner.Do("PATCH", "/api/v1/site", map[string]any{"devices": 0}).Into(http.StatusOK, nil)
	owner.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &seen)
	if i := seen.Inviting; i.Devices != 0 || !i.Unlimited {
		t.Errorf("any number of devices: %+v", i)
	}
	free := owner.Invite(id, "any@example.org", "viewer")
	one := map[string]any{"email": "one@example.org", "first_name": "One", "last_name": "O", "type": "viewer", "devices": 1}
	var made apitest.Invitation
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", one).Into(http.StatusCreated, &made)
	if free.Devices != 0 || made.Devices != 1 {
		t.Errorf("%d and %d devices", free.Devices, made.Devices)
	}
	owner.Patch(id, map[string]any{"collaboration": false}).Into(http.StatusOK, nil)
	owner.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &seen)
	if i := seen.Inviting; i.Allowed || i.Reason != "collaboration_off" {
		t.Errorf("without collaboration: %+v", i)
	}
	guest := s.Browser()
	guest.Open(free)
	seen.Inviting = nil
	guest.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &seen)
	if seen.Inviting != nil {
		t.Errorf("a guest is told %+v", seen.Inviting)
	}
}

// An account with a verified address skips the lobby of its own invitation.
func TestVerifiedAccount(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	card := owner.Invite(id, "vera@example.org", "viewer")
	vera := verified(t, s, "vera@example.org")
	if o := vera.Open(card); o.Lobby != "none" || o.Confirmed {
		t.Errorf("opened: %+v", o)
	}
	owner.OpenDoors(id)
	if _, w := vera.Join(id); w.Phase != "live" || !w.You.Confirmed {
		t.Errorf("welcome: %+v", w)
	}
	s.Browser().TryOpen(card.Link()).Refused(http.StatusLocked, "other_device")
	// Without ever opening the link, too: the address is enough.
	other := owner.Room("Other", time.Hour).ID
	owner.Invite(other, "vera@example.org", "speaker")
	owner.OpenDoors(other)
	vera.Do("GET", "/api/v1/rooms/"+other, nil).Into(http.StatusOK, nil)
	if _, w := vera.Join(other); w.Phase != "live" || w.You.Role != "speaker" {
		t.Errorf("welcome: %+v", w)
	}
	// The site's owner may vouch for an address.
	var made struct{ Link string }
	owner.Do("POST", "/api/v1/people", map[string]any{"email": "otto@example.org", "first_name": "Otto", "last_name": "O", "verified": true}).Into(http.StatusCreated, &made)
	owner.Invite(other, "otto@example.org", "viewer")
	otto := s.Browser()
	_, secret, _ := strings.Cut(made.Link, "#")
	otto.Do("POST", "/api/v1/session", map[string]any{"link": secret}).Into(http.StatusOK, nil)
	if _, w := otto.Join(other); w.Phase != "live" {
		t.Errorf("vouched for: %+v", w)
	}
	// An address that nobody has verified is worth nothing.
	anna, _ := s.Person("anna@example.org", "A", "A")
	owner.Invite(other, "anna@example.org", "viewer")
	anna.Do("GET", "/api/v1/rooms/"+other, nil).Refused(http.StatusNotFound, "not_found")
}
