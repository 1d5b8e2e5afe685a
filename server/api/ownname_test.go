package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/server/api"
	"greenroom/server/apitest"
)

// One's own name is one's own to change; rooms that one manages show it at
// once, to who is inside too, and the audit log says that it changed, not how.
func TestOwnName(t *testing.T) {
	f := newSiteFolk(t)
	id := f.owner.Room("Tea", time.Hour).ID
	f.owner.Do("PUT", "/api/v1/rooms/"+id+"/managers/"+f.memberID, map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	over := f.owner.Room("Over", time.Hour).ID
	f.owner.Do("PUT", "/api/v1/rooms/"+over+"/managers/"+f.memberID, map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	f.owner.OpenDoors(over)
	f.owner.Do("PATCH", "/api/v1/rooms/"+over, map[string]any{"state": "closed"}).Into(http.StatusOK, nil)
	f.owner.OpenDoors(id)
	inside, _ := f.owner.Join(id)
	f.member.Join(id)
	inside.Event("stage.changed", nil)

	var me struct {
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	}
	f.member.Do("PATCH", "/api/v1/account", map[string]any{"first_name": " Maria "}).Into(http.StatusOK, &me)
	if me.FirstName != "Maria" || me.LastName != "Member" || f.member.Me().Person.FirstName != "Maria" {
		t.Errorf("%+v", me)
	}
	var changed struct{ Name, Right string }
	inside.Event("stage.changed", &changed)
	if changed.Name != "Maria Member" || changed.Right != "co-editor" {
		t.Errorf("inside: %+v", changed)
	}
	for room, name := range map[string]string{id: "Maria", over: "Mia"} {
		var page auditAnswer
		f.owner.Do("GET", "/api/v1/rooms/"+room+"/audit?act=manager.set", nil).Into(http.StatusOK, &page)
		named := false
		for _, known := range page.Names {
			named = named || known == name+" Member"
		}
		if !named {
			t.Errorf("%s: %v", name, page.Names)
		}
	}
	var log auditAnswer
	got := f.admin.Do("GET", "/api/v1/site/audit?act=person.changed", nil).Into(http.StatusOK, &log)
	if log.Items[0].Who != f.memberID || !strings.Contains(string(got.Body), `{"field":"first_name"}`) {
		t.Errorf("%s", got.Body)
	}

	for field, value := range map[string]any{"first_name": "", "last_name": strings.Repeat("x", 81)} {
		if no := f.member.Do("PATCH", "/api/v1/account", map[string]any{field: value}).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[field] == "" {
			t.Errorf("%s: %+v", field, no)
		}
	}
	f.member.Do("PATCH", "/api/v1/account", map[string]any{"site_role": "owner", "email": "x@example.org"}).Into(http.StatusOK, nil)
	if again := f.member.Me().Person; again.SiteRole != "member" || again.Email != "mia@example.org" {
		t.Errorf("%+v", again)
	}
	f.server.Browser().Do("PATCH", "/api/v1/account", map[string]any{"first_name": "X"}).Refused(http.StatusUnauthorized, "not_authenticated")
	f.server.ScopedKey(apitest.Person{ID: f.memberID}, api.ScopeRooms).Do("PATCH", "/api/v1/account", map[string]any{"first_name": "X"}).Refused(http.StatusForbidden, "forbidden")
}
