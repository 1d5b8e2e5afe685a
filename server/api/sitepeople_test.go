package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

type siteFolk struct {
	server               *apitest.Server
	owner, admin, member *apitest.Browser
	adminID, memberID    string
	ownerID              string
}

func newSiteFolk(t *testing.T) *siteFolk {
	f := &siteFolk{server: apitest.Start(t, apitest.Options{})}
	f.owner = f.server.Owner()
	f.ownerID = f.owner.Me().Person.ID
	var admin, member apitest.Person
	f.admin, admin = f.server.Person("adam@example.org", "Adam", "Admin")
	f.member, member = f.server.Person("mia@example.org", "Mia", "Member")
	f.adminID, f.memberID = admin.ID, member.ID
	f.set(f.owner, f.adminID, "site_role", "admin").Into(http.StatusOK, nil)
	return f
}

func (f *siteFolk) set(by *apitest.Browser, id, field string, to any) *apitest.Answer {
	return by.Do("PATCH", "/api/v1/site/people/"+id, map[string]any{field: to})
}

// Who may change whom into what.
func TestSitePeopleRanks(t *testing.T) {
	f := newSiteFolk(t)
	for i, c := range []struct {
		by    *apitest.Browser
		id    string
		field string
		to    any
		want  int
	}{
		{f.member, f.memberID, "first_name", "X", http.StatusForbidden},
		{f.server.Browser(), f.memberID, "first_name", "X", http.StatusUnauthorized},
		{f.admin, f.ownerID, "first_name", "X", http.StatusForbidden},
		{f.admin, f.ownerID, "site_role", "member", http.StatusForbidden},
		{f.admin, f.ownerID, "disabled", true, http.StatusForbidden},
		{f.admin, f.memberID, "site_role", "owner", http.StatusForbidden},
		{f.admin, f.adminID, "site_role", "owner", http.StatusForbidden},
		{f.admin, f.adminID, "disabled", true, http.StatusConflict},
		{f.admin, f.memberID, "site_role", "chief", http.StatusUnprocessableEntity},
		{f.admin, f.memberID, "first_name", " \u202e ", http.StatusUnprocessableEntity},
		{f.admin, f.memberID, "last_name", strings.Repeat("x", 81), http.StatusUnprocessableEntity},
		{f.admin, f.memberID, "verified", "yes", http.StatusUnprocessableEntity},
		{f.admin, "nobody", "verified", true, http.StatusNotFound},
		{f.admin, f.memberID, "first_name", "Maria", http.StatusOK},
		{f.admin, f.memberID, "verified", true, http.StatusOK},
		{f.admin, f.memberID, "site_role", "admin", http.StatusOK},
		{f.admin, f.memberID, "site_role", "member", http.StatusOK},
		{f.owner, f.ownerID, "site_role", "admin", http.StatusConflict},
		{f.owner, f.ownerID, "disabled", true, http.StatusConflict},
		{f.owner, f.memberID, "site_role", "owner", http.StatusOK},
		{f.owner, f.ownerID, "site_role", "admin", http.StatusOK},
		{f.owner, f.memberID, "site_role", "member", http.StatusForbidden},
	} {
		if got := f.set(c.by, c.id, c.field, c.to); got.Status != c.want {
			t.Errorf("%d: %s to %v: %d %s, want %d", i, c.field, c.to, got.Status, got.Body, c.want)
		}
	}
}

type folk struct {
	Items []struct {
		ID, Email          string
		Verified, Disabled bool
	}
	Next string
}

func TestSitePeopleAreListed(t *testing.T) {
	f := newSiteFolk(t)
	for i := range 60 {
		f.owner.Do("POST", "/api/v1/people", map[string]any{"email": fmt.Sprintf("p%02d@example.net", i), "first_name": "Pat", "last_name": fmt.Sprint("No", i)}).Into(http.StatusCreated, nil)
	}
	f.member.Do("GET", "/api/v1/site/people", nil).Refused(http.StatusForbidden, "forbidden")
	var all []string
	for after := ""; ; {
		var page folk
		f.admin.Do("GET", "/api/v1/site/people?after="+after, nil).Into(http.StatusOK, &page)
		for _, p := range page.Items {
			all = append(all, p.Email)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(all) != 63 || all[0] != "adam@example.org" || all[62] != "p59@example.net" {
		t.Errorf("%d people: %v", len(all), all)
	}
	for query, want := range map[string]int{"q=PAT%20no5": 11, "q=mia@": 1, "q=%25": 0, "role=owner": 1, "role=admin&q=adam": 1, "after=nobody": 0} {
		var page folk
		f.admin.Do("GET", "/api/v1/site/people?"+query, nil).Into(http.StatusOK, &page)
		if len(page.Items) != want {
			t.Errorf("%s: %d, want %d", query, len(page.Items), want)
		}
	}
	f.admin.Do("GET", "/api/v1/site/people?role=king", nil).Refused(http.StatusUnprocessableEntity, "invalid")
}

// Two owners who demote each other again and again never leave none.
func TestOwnersDemoteEachOther(t *testing.T) {
	f := newSiteFolk(t)
	f.set(f.owner, f.adminID, "site_role", "owner").Into(http.StatusOK, nil)
	var both sync.WaitGroup
	for by, other := range map[*apitest.Browser]string{f.owner: f.adminID, f.admin: f.ownerID} {
		both.Go(func() { f.set(by, other, "site_role", "member") })
	}
	both.Wait()
	if exists, err := f.server.Store.OwnerExists(t.Context()); err != nil || !exists {
		t.Errorf("an owner exists: %t, %v", exists, err)
	}
}

// Disabling ends sessions, links, keys and sockets; enabling brings keys back.
func TestDisabledPerson(t *testing.T) {
	f := newSiteFolk(t)
	key := f.server.APIKey(apitest.Person{ID: f.memberID})
	id := f.member.Room("Mia's", time.Hour).ID
	bySession, _ := f.member.Join(id)
	byKey, _ := key.Join(id)
	var link struct{ Link string }
	f.admin.Do("POST", "/api/v1/site/people/mia@example.org/link", nil).Into(http.StatusCreated, &link)
	f.admin.Do("POST", "/api/v1/site/people/"+f.ownerID+"/link", nil).Refused(http.StatusForbidden, "forbidden")
	f.set(f.admin, f.memberID, "disabled", true).Into(http.StatusOK, nil)
	bySession.Closed(wire.CloseNotAuthenticated)
	byKey.Closed(wire.CloseNotAuthenticated)
	f.member.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	key.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	f.server.Browser().SignIn("mia@example.org", apitest.Password).Refused(http.StatusUnauthorized, "not_authenticated")
	_, secret, _ := strings.Cut(link.Link, "#")
	f.server.Browser().Do("POST", "/api/v1/session", map[string]string{"link": secret}).Refused(http.StatusUnauthorized, "not_authenticated")
	f.admin.Do("POST", "/api/v1/site/people/"+f.memberID+"/link", nil).Refused(http.StatusConflict, "conflict")
	f.set(f.admin, f.memberID, "disabled", false).Into(http.StatusOK, nil)
	key.Do("GET", "/api/v1/rooms", nil).Into(http.StatusOK, nil)
	f.server.Browser().SignIn("mia@example.org", apitest.Password).Into(http.StatusOK, nil)
}

func TestGroups(t *testing.T) {
	f := newSiteFolk(t)
	f.member.Do("POST", "/api/v1/site/groups", map[string]string{"name": "Mine"}).Refused(http.StatusForbidden, "forbidden")
	var g struct {
		ID, Name string
		Members  int
	}
	f.admin.Do("POST", "/api/v1/site/groups", map[string]string{"name": " Staff "}).Into(http.StatusCreated, &g)
	f.admin.Do("POST", "/api/v1/site/groups", map[string]string{"name": "STAFF"}).Refused(http.StatusConflict, "conflict")
	f.admin.Do("POST", "/api/v1/site/groups", map[string]string{"name": ""}).Refused(http.StatusUnprocessableEntity, "invalid")
	at := "/api/v1/site/groups/" + g.ID
	for _, who := range []string{"mia@example.org", f.ownerID, f.ownerID} {
		f.admin.Do("PUT", at+"/members/"+who, nil).Into(http.StatusOK, nil)
	}
	f.admin.Do("PUT", at+"/members/nobody@example.org", nil).Refused(http.StatusNotFound, "not_found")
	f.admin.Do("PUT", "/api/v1/site/groups/none/members/"+f.ownerID, nil).Refused(http.StatusNotFound, "not_found")
	var page folk
	f.admin.Do("GET", at+"/members", nil).Into(http.StatusOK, &page)
	if len(page.Items) != 2 || page.Items[0].Email != "mia@example.org" {
		t.Errorf("members: %+v", page)
	}
	var mia struct{ Groups []struct{ Name string } }
	f.admin.Do("GET", "/api/v1/site/people/"+f.memberID, nil).Into(http.StatusOK, &mia)
	if len(mia.Groups) != 1 || mia.Groups[0].Name != "Staff" {
		t.Errorf("groups of a person: %+v", mia)
	}
	f.admin.Do("DELETE", at+"/members/"+f.memberID, nil).Into(http.StatusNoContent, nil)
	f.admin.Do("PATCH", at, map[string]string{"name": "Faculty"}).Into(http.StatusOK, &g)
	if g.Name != "Faculty" || g.Members != 1 {
		t.Errorf("renamed: %+v", g)
	}
	f.admin.Do("DELETE", at, nil).Into(http.StatusNoContent, nil)
	f.admin.Do("GET", at+"/members", nil).Refused(http.StatusNotFound, "not_found")
}

// The scope of a key, on every route.
func TestKeyScopes(t *testing.T) {
	w := newWalker(t, apitest.Options{})
	me := *w.owner.Me().Person
	read, rooms := w.server.ScopedKey(me, api.ScopeRead), w.server.ScopedKey(me, api.ScopeRooms)
	for _, pattern := range api.Routes() {
		path := w.path(pattern)
		if !strings.HasPrefix(path, "/api/v1/") || path == "/api/v1/openapi.json" || path == "/api/v1/features" || pattern == "DELETE /api/v1/session" {
			continue
		}
		get, inRooms := method(pattern) == http.MethodGet, strings.HasPrefix(path, "/api/v1/rooms")
		small := inRooms || path == "/api/v1/people" || path == "/api/v1/session"
		if !(get && small) {
			wantScope(t, read, pattern, path)
		}
		if !inRooms && !(get && small) {
			wantScope(t, rooms, pattern, path)
		}
	}
	read.Do("GET", "/api/v1/rooms/"+w.room+"/invitations", nil).Into(http.StatusOK, nil)
	read.Do("GET", "/api/v1/session", nil).Into(http.StatusOK, nil)
	rooms.Do("PATCH", "/api/v1/rooms/"+w.room, map[string]any{"title": "Renamed"}).Into(http.StatusOK, nil)
	rooms.Join(w.room)
}

// wantScope: no route that asks who asks lets a lesser key in. What asks nobody
// (opening a link, signing in) does not care for keys.
func wantScope(t *testing.T, key *apitest.Browser, pattern, path string) {
	t.Helper()
	got := key.Do(method(pattern), path, map[string]any{})
	if got.Status < 400 {
		t.Errorf("%s with a lesser key: %d %s", pattern, got.Status, got.Body)
	}
}

type apiKey struct {
	ID, Label, Scope, Key string
	ExpiresAt             string `json:"expires_at"`
	UsedAt                string `json:"used_at"`
	Expired, Current      bool
}

func TestOwnKeys(t *testing.T) {
	f := newSiteFolk(t)
	const at = "/api/v1/account/keys"
	make := func(by *apitest.Browser, body map[string]any) *apitest.Answer { return by.Do("POST", at, body) }
	for _, bad := range []map[string]any{
		{"scope": "all"}, {"label": "x"}, {"label": "x", "scope": "root"}, {"label": strings.Repeat("x", 81), "scope": "all"},
		{"label": "x", "scope": "all", "expires_at": "yesterday"}, {"label": "x", "scope": "all", "expires_at": "2020-01-01T00:00:00Z"},
	} {
		make(f.member, bad).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	var usual, never, small apiKey
	make(f.member, map[string]any{"label": "Usual", "scope": "all"}).Into(http.StatusCreated, &usual)
	make(f.member, map[string]any{"label": "For ever", "scope": "all", "expires_at": nil}).Into(http.StatusCreated, &never)
	make(f.member, map[string]any{"label": "Small", "scope": "rooms"}).Into(http.StatusCreated, &small)
	expires, err := time.Parse(time.RFC3339, usual.ExpiresAt)
	if left := time.Until(expires); err != nil || left < 89*24*time.Hour || left > 91*24*time.Hour || never.ExpiresAt != "" || !strings.HasPrefix(usual.Key, "grk_") {
		t.Errorf("keys: %+v %+v", usual, never)
	}
	by := f.server.Browser()
	by.Key = usual.Key
	var list struct{ Items []apiKey }
	for range 2 { // the first use is written, and told by the second
		by.Do("GET", at, nil).Into(http.StatusOK, &list)
	}
	if len(list.Items) != 3 || !list.Items[0].Current || list.Items[0].UsedAt == "" || list.Items[0].Key != "" || list.Items[1].Current {
		t.Errorf("list: %+v", list)
	}
	lesser := f.server.Browser()
	lesser.Key = small.Key
	make(lesser, map[string]any{"label": "Greater", "scope": "all"}).Refused(http.StatusForbidden, "forbidden")
	make(by, map[string]any{"label": "Longer", "scope": "all", "expires_at": nil}).Refused(http.StatusUnprocessableEntity, "invalid")
	f.admin.Do("DELETE", at+"/"+usual.ID, nil).Refused(http.StatusNotFound, "not_found")
	id := f.member.Room("Keys", time.Hour).ID
	socket, _ := lesser.Join(id)
	f.member.Do("DELETE", at+"/"+small.ID, nil).Into(http.StatusNoContent, nil)
	socket.Closed(wire.CloseNotAuthenticated)
	lesser.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	f.member.Do("DELETE", at+"/"+small.ID, nil).Refused(http.StatusNotFound, "not_found")
}
