package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/server/apitest"
)

// Bad input about rooms: a typed answer with the field, and nothing changes.
func TestBadRooms(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	made := owner.Room("Room", time.Hour)
	soon := s.In(time.Hour)
	for _, row := range []struct {
		field string
		body  map[string]any
	}{
		{"title", map[string]any{"starts_at": soon}}, {"title", map[string]any{"title": "", "starts_at": soon}}, {"title", map[string]any{"title": " \u202e\u200b\t", "starts_at": soon}},
		{"title", map[string]any{"title": strings.Repeat("x", 201), "starts_at": soon}}, {"title", map[string]any{"title": 1, "starts_at": soon}},
		{"title", map[string]any{"title": []string{"x"}, "starts_at": soon}}, {"description", map[string]any{"title": "x", "description": strings.Repeat("x", 4001), "starts_at": soon}},
		{"starts_at", map[string]any{"title": "x"}}, {"starts_at", map[string]any{"title": "x", "starts_at": nil}}, {"starts_at", map[string]any{"title": "x", "starts_at": ""}},
		{"starts_at", map[string]any{"title": "x", "starts_at": "tomorrow"}}, {"starts_at", map[string]any{"title": "x", "starts_at": 1764000000000}},
		{"starts_at", map[string]any{"title": "x", "starts_at": "2030-01-01"}}, {"starts_at", map[string]any{"title": "x", "starts_at": "2030-01-01T10:00:00"}}, // no zone
		{"starts_at", map[string]any{"title": "x", "starts_at": "2030-02-30T10:00:00Z"}}, {"starts_at", map[string]any{"title": "x", "starts_at": "0001-01-01T00:00:00Z"}},
		{"starts_at", map[string]any{"title": "x", "starts_at": s.In(-2 * time.Minute)}}, {"starts_at", map[string]any{"title": "x", "starts_at": "9999-12-31T23:59:59Z"}},
		{"starts_at", map[string]any{"title": "x", "starts_at": s.In(6 * 366 * 24 * time.Hour)}},
		{"ends_at", map[string]any{"title": "x", "starts_at": soon, "ends_at": soon}}, {"ends_at", map[string]any{"title": "x", "starts_at": soon, "ends_at": s.In(time.Minute)}},
		{"ends_at", map[string]any{"title": "x", "starts_at": soon, "ends_at": s.In(40 * 24 * time.Hour)}}, {"ends_at", map[string]any{"title": "x", "starts_at": soon, "ends_at": "never"}},
		{"collaboration", map[string]any{"title": "x", "starts_at": soon, "collaboration": "yes"}}, {"speakers", map[string]any{"title": "x", "starts_at": soon, "speakers": "Mia"}},
		{"speakers", map[string]any{"title": "x", "starts_at": soon, "speakers": []any{map[string]any{"name": ""}}}},
		{"speakers.0.name", map[string]any{"title": "x", "starts_at": soon, "speakers": []any{map[string]any{"name": 1}}}},
		{"speakers", map[string]any{"title": "x", "starts_at": soon, "speakers": slices.Repeat([]any{map[string]any{"name": "x"}}, 51)}},
	} {
		if no := owner.Do("POST", "/api/v1/rooms", row.body).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[row.field] == "" {
			t.Errorf("POST %v: %+v", row.body, no)
		}
		if _, given := row.body[row.field]; !given || row.field == "title" && row.body["starts_at"] == nil {
			continue // what is left out of a PATCH stays
		}
		delete(row.body, map[bool]string{true: "starts_at", false: ""}[row.field != "starts_at" && row.field != "ends_at"])
		if no := owner.Patch(made.ID, row.body).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[row.field] == "" {
			t.Errorf("PATCH %v: %+v", row.body, no)
		}
	}
	for _, state := range []string{"scheduled", "deleted", "Open", "x"} {
		owner.Patch(made.ID, map[string]any{"state": state}).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	for _, text := range []string{"", "null", "[]", "{", `{"title":"a","title":"b"}`, `{"title":"` + "\xff" + `"}`, "{} {}", strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20)} {
		owner.Do("POST", "/api/v1/rooms", []byte(text)).Refused(http.StatusBadRequest, "bad_request")
	}
	owner.Do("POST", "/api/v1/rooms", `{"title":"`+strings.Repeat("x", 64<<10)+`"}`).Refused(http.StatusRequestEntityTooLarge, "too_long")
	var after apitest.Room
	owner.Do("GET", "/api/v1/rooms/"+made.ID, nil).Into(http.StatusOK, &after)
	if after.Title != made.Title || !after.StartsAt.Equal(made.StartsAt) || after.State != "scheduled" {
		t.Errorf("the room has changed: %+v", after)
	}
}

func TestEditRooms(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	made := owner.Room("Room", time.Hour)
	end := s.In(3 * time.Hour)
	var after apitest.Room
	owner.Patch(made.ID, map[string]any{"title": "  New\u00a0 title\n", "ends_at": end, "speakers": []any{map[string]string{"name": "Mia"}}, "collaboration": false}).Into(http.StatusOK, &after)
	if after.Title != "New title" || after.EndsAt.IsZero() || len(after.Speakers) != 1 || after.Collaboration {
		t.Errorf("edited: %+v", after)
	}
	owner.Do("POST", "/api/v1/rooms/"+made.ID+"/invitations", map[string]any{"email": "a@example.org", "first_name": "A", "last_name": "B", "type": "viewer"}).Refused(http.StatusForbidden, "collaboration_off")
	after = apitest.Room{}
	owner.Patch(made.ID, map[string]any{"ends_at": nil}).Into(http.StatusOK, &after)
	if !after.EndsAt.IsZero() || after.Title != "New title" {
		t.Errorf("the end stays: %+v", after)
	}
	owner.Patch(made.ID, map[string]any{}).Into(http.StatusOK, nil)
	owner.OpenDoors(made.ID)
	owner.OpenDoors(made.ID)
	after = apitest.Room{}
	owner.Patch(made.ID, map[string]any{"state": "closed", "reason": "Enough."}).Into(http.StatusOK, &after)
	if after.State != "closed" || after.Reason != "Enough." || after.ClosedAt == "" || after.OpenedAt == "" {
		t.Errorf("closed: %+v", after)
	}
	owner.OpenDoors(made.ID) // again
	for range 2 {
		owner.Do("DELETE", "/api/v1/rooms/none", nil).Refused(http.StatusNotFound, "not_found")
	}
	owner.Do("DELETE", "/api/v1/rooms/"+made.ID, nil).Into(http.StatusNoContent, nil)
	owner.Do("DELETE", "/api/v1/rooms/"+made.ID, nil).Refused(http.StatusGone, "room_deleted")
	owner.Patch(made.ID, map[string]any{"title": "x"}).Refused(http.StatusGone, "room_deleted")
	owner.Do("GET", "/api/v1/rooms/"+made.ID+"/calendar", nil).Refused(http.StatusGone, "room_deleted")
	stranger, _ := s.Person("stranger@example.org", "S", "S")
	stranger.Do("GET", "/api/v1/rooms/"+made.ID, nil).Refused(http.StatusNotFound, "not_found") // not told that it was there
}

func TestRoomList(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	var made []string
	for i := range 45 {
		made = append(made, owner.Room(fmt.Sprintf("Room %02d", i), time.Duration(i+1)*time.Hour).ID)
	}
	for i := range 25 {
		owner.Patch(made[i], map[string]any{"state": "closed"}).Into(http.StatusOK, nil)
	}
	walk := func(b *apitest.Browser, query string) (ids []string) {
		t.Helper()
		for after := ""; ; {
			var page struct {
				Items []apitest.Room
				Next  string
			}
			b.Do("GET", "/api/v1/rooms?"+query+"&after="+after, nil).Into(http.StatusOK, &page)
			for _, r := range page.Items {
				ids = append(ids, r.ID)
			}
			if after = page.Next; after == "" {
				return ids
			}
		}
	}
	past := slices.Clone(made[:25])
	slices.Reverse(past)
	for query, want := range map[string][]string{"": made[25:], "show=upcoming": made[25:], "show=past": past, "show=all": made, "show=all&q=ROOM+1": made[10:20], "q=none": nil, "show=all&q=%25": nil} {
		if got := walk(owner, query); !slices.Equal(got, want) {
			t.Errorf("%s: %d rooms, want %d", query, len(got), len(want))
		}
	}
	owner.Do("GET", "/api/v1/rooms?show=x", nil).Refused(http.StatusUnprocessableEntity, "invalid")
	stranger, p := s.Person("stranger@example.org", "S", "S")
	if got := walk(stranger, "show=all"); len(got) != 0 {
		t.Errorf("a stranger sees %d rooms", len(got))
	}
	// What was opened stands among what is managed.
	own := stranger.Room("Own", 30*time.Hour+time.Minute).ID
	stranger.Open(owner.Invite(made[29], "x@example.org", "viewer"))
	stranger.Open(owner.Invite(made[35], "y@example.org", "viewer"))
	owner.Do("PUT", "/api/v1/rooms/"+made[35]+"/managers/"+p.ID, map[string]string{"right": "co-editor"}).Into(http.StatusOK, nil)
	if got := walk(stranger, ""); !slices.Equal(got, []string{made[29], own, made[35]}) {
		t.Errorf("rooms of a guest: %v", got)
	}
}

// Rooms are found by the invited address, once it is known to be theirs, as
// long as the invitation is good.
func TestRoomsOfTheInvited(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	list := func(b *apitest.Browser) (all []apitest.Room) {
		t.Helper()
		var page struct{ Items []apitest.Room }
		b.Do("GET", "/api/v1/rooms?show=all", nil).Into(http.StatusOK, &page)
		return page.Items
	}
	talk, lost, other := owner.Room("Talk", time.Hour), owner.Room("Lost", 2*time.Hour), owner.Room("Other", 3*time.Hour)
	owner.Invite(talk.ID, "ADA@Example.org", "speaker")
	withdrawn := owner.Invite(lost.ID, "ada@example.org", "viewer")
	owner.Invite(other.ID, "bob@example.org", "viewer")
	ada, p := s.Person("ada@example.org", "Ada", "L")
	if all := list(ada); len(all) != 0 {
		t.Errorf("by an address that nobody has verified: %+v", all)
	}
	if err := s.Store.VerifyPerson(t.Context(), room.PersonID(p.ID), "ada@example.org"); err != nil {
		t.Fatal(err)
	}
	if all := list(ada); len(all) != 2 || all[0].ID != talk.ID || all[0].Type != "speaker" || all[0].Right != "" || all[1].Type != "viewer" {
		t.Errorf("invited to two: %+v", all)
	}
	owner.Do("DELETE", "/api/v1/rooms/"+lost.ID+"/invitations/"+withdrawn.ID, nil).Into(http.StatusNoContent, nil)
	if all := list(ada); len(all) != 1 || all[0].ID != talk.ID {
		t.Errorf("after one was withdrawn: %+v", all)
	}
	owner.Do("PUT", "/api/v1/rooms/"+talk.ID+"/managers/"+p.ID, map[string]string{"right": "co-editor"}).Into(http.StatusOK, nil)
	if all := list(ada); len(all) != 1 || all[0].Right != "co-editor" || all[0].Type != "" {
		t.Errorf("as a manager: %+v", all)
	}
}

// Whoever types somebody's address on a guest link brings no room into their
// list.
func TestRoomsOfGuestsAreNotTheirs(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	made := owner.Room("Open to all", time.Hour)
	makeGuestLink(s, made.ID, nil).join(s.Browser(), "ada@example.org", "Eve").Into(http.StatusOK, nil)
	ada, p := s.Person("ada@example.org", "Ada", "L")
	if err := s.Store.VerifyPerson(t.Context(), room.PersonID(p.ID), "ada@example.org"); err != nil {
		t.Fatal(err)
	}
	var page struct{ Items []apitest.Room }
	ada.Do("GET", "/api/v1/rooms?show=all", nil).Into(http.StatusOK, &page)
	if len(page.Items) != 0 {
		t.Errorf("%+v", page.Items)
	}
}

func TestManagers(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	anna, annas := s.Person("anna@example.org", "Anna", "A")
	path := func(person string) string { return "/api/v1/rooms/" + id + "/managers/" + url.PathEscape(person) }
	anna.Do("PUT", path(annas.ID), map[string]string{"right": "owner"}).Refused(http.StatusNotFound, "not_found")
	var given struct{ Person, Right string }
	owner.Do("PUT", path("ANNA@example.org"), map[string]string{"right": "co-editor"}).Into(http.StatusOK, &given)
	if given.Person != annas.ID || given.Right != "co-editor" {
		t.Errorf("given: %+v", given)
	}
	anna.Do("PUT", path(annas.ID), map[string]string{"right": "owner"}).Refused(http.StatusForbidden, "forbidden")
	anna.Do("DELETE", "/api/v1/rooms/"+id, nil).Refused(http.StatusForbidden, "forbidden")
	anna.Patch(id, map[string]any{"title": "Edited by Anna"}).Into(http.StatusOK, nil)
	var detail apitest.Room
	anna.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &detail)
	if detail.Right != "co-editor" || len(detail.Managers) != 2 || detail.Managers[1]["email"] != "anna@example.org" || detail.Invited == nil {
		t.Errorf("detail: %+v", detail)
	}
	owner.Do("PUT", path(annas.ID), map[string]string{"right": "viewer"}).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("PUT", path(annas.ID), map[string]string{}).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("PUT", path("nobody@example.org"), map[string]string{"right": "owner"}).Refused(http.StatusNotFound, "not_found")
	owner.Do("PUT", path("no@mail@x"), map[string]string{"right": "owner"}).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("DELETE", path("owner@example.org"), nil).Refused(http.StatusConflict, "conflict") // the last owner stays
	socket, w := anna.Join(id)
	if w.You.Right != "co-editor" {
		t.Errorf("came as %+v", w.You)
	}
	owner.Do("DELETE", path(annas.ID), nil).Into(http.StatusNoContent, nil)
	socket.CloseCode()
	anna.Patch(id, map[string]any{"title": "x"}).Refused(http.StatusNotFound, "not_found")
	owner.Do("DELETE", path(annas.ID), nil).Refused(http.StatusNotFound, "not_found")
}

// Who is no manager may not manage: signed in, invited or nobody.
func TestRightsByHTTP(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	card := owner.Invite(id, "mod@example.org", "moderator")
	moderator, stranger := s.Browser(), s.Browser()
	moderator.Open(card)
	account, _ := s.Person("account@example.org", "A", "A")
	for _, ask := range [][2]string{
		{"PATCH", ""}, {"DELETE", ""}, {"PUT", "/managers/owner@example.org"}, {"DELETE", "/managers/owner@example.org"}, {"GET", "/invitations"}, {"POST", "/invitations"},
		{"PATCH", "/invitations/" + card.ID}, {"DELETE", "/invitations/" + card.ID}, {"POST", "/invitations/" + card.ID + "/link"}, {"POST", "/invitations/" + card.ID + "/device-reset"},
	} {
		var body any = map[string]string{}
		if ask[0] == "GET" {
			body = nil
		}
		moderator.Do(ask[0], "/api/v1/rooms/"+id+ask[1], body).Refused(http.StatusForbidden, "forbidden")
		account.Do(ask[0], "/api/v1/rooms/"+id+ask[1], body).Refused(http.StatusNotFound, "not_found")
		stranger.Do(ask[0], "/api/v1/rooms/"+id+ask[1], body).Refused(http.StatusUnauthorized, "not_authenticated")
	}
	moderator.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, nil)
	moderator.Do("POST", "/api/v1/rooms", map[string]any{"title": "x", "starts_at": s.In(time.Hour)}).Refused(http.StatusUnauthorized, "not_authenticated")
	moderator.Do("GET", "/api/v1/people?prefix=o", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	account.Do("POST", "/api/v1/people", map[string]any{}).Refused(http.StatusForbidden, "forbidden")
}

func TestPeople(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	anna, _ := s.Person("anna@example.org", "A\u0308nna", "\u202eSmith\u200b")
	var found []apitest.Person
	for prefix, want := range map[string]int{"ann": 1, "ANN": 1, "\u00c4nn": 1, "a\u0308n": 1, "smi": 1, "o": 1, "x": 0, "": 0, "%25": 0, "  ": 0} {
		found = nil
		anna.Do("GET", "/api/v1/people?prefix="+url.QueryEscape(prefix), nil).Into(http.StatusOK, &found)
		if len(found) != want || found == nil {
			t.Errorf("%q: %+v", prefix, found)
		}
	}
	for _, body := range []map[string]any{
		{"email": "anna@example", "first_name": "A", "last_name": "B"}, {"email": "b@example.org", "first_name": "", "last_name": "B"}, {"email": "b@example.org", "first_name": strings.Repeat("x", 81), "last_name": "B"},
		{"email": "b@example.org", "first_name": "A", "last_name": "\u2028"}, {"email": "b@example.org", "first_name": "A", "last_name": "B", "password": "short"}, {"email": 1},
	} {
		owner.Do("POST", "/api/v1/people", body).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	owner.Do("POST", "/api/v1/people", map[string]any{"email": "ANNA@Example.org.", "first_name": "A", "last_name": "B"}).Refused(http.StatusConflict, "conflict")
	if me := anna.Me(); me.Person.FirstName != "\u00c4nna" || me.Person.LastName != "Smith" {
		t.Errorf("names: %+v", me.Person)
	}
}
