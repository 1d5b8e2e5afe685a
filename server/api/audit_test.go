package api_test

import (
	"net/http"
	"testing"
	"time"

	"greenroom/server/apitest"
)

type auditAnswer struct {
	Items []struct {
		Room, Who, Act string
		Targets        []string
	}
	Names map[string]string
	Rooms map[string]string
	Next  string
	Chain *struct {
		Intact  bool
		Entries int
	}
}

// Admins see who did what, found by name; others see nothing of it.
func TestSiteAudit(t *testing.T) {
	f := newSiteFolk(t)
	f.set(f.admin, f.memberID, "first_name", "Maja").Into(http.StatusOK, nil)
	var page auditAnswer
	f.admin.Do("GET", "/api/v1/site/audit?room=site&verify=true&q=maja", nil).Into(http.StatusOK, &page)
	if len(page.Items) == 0 || page.Items[0].Who != f.adminID || page.Items[0].Targets[0] != f.memberID || page.Names[f.adminID] != "Adam Admin" {
		t.Errorf("%+v", page)
	}
	if page.Chain == nil || !page.Chain.Intact || page.Chain.Entries < len(page.Items) {
		t.Errorf("the chain: %+v", page.Chain)
	}
	for format, kind := range map[string]string{"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"} {
		got := f.admin.Do("GET", "/api/v1/site/audit?format="+format, nil)
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != kind || len(got.Body) < 100 {
			t.Errorf("%s: %d %v %s", format, got.Status, got.Header, got.Body)
		}
	}
	f.member.Do("GET", "/api/v1/site/audit", nil).Refused(http.StatusForbidden, "forbidden")
	f.server.Browser().Do("GET", "/api/v1/site/audit", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	for _, query := range []string{"from=yesterday", "after=x", "format=xml"} {
		f.admin.Do("GET", "/api/v1/site/audit?"+query, nil).Refused(http.StatusUnprocessableEntity, "invalid")
	}
}

// Rooms are shown by title, and people in them by name, as far as they are
// still known; a room's owners find them by name too.
func TestRoomAudit(t *testing.T) {
	f := newSiteFolk(t)
	tea := f.owner.Room("Tea", time.Hour)
	card := f.owner.Invite(tea.ID, "gisa@example.org", "viewer")
	f.owner.Do("PATCH", "/api/v1/rooms/"+tea.ID+"/invitations/"+card.ID, map[string]any{"first_name": "Gisela", "last_name": "Ohm"}).Into(http.StatusOK, nil)
	f.owner.Do("PUT", "/api/v1/rooms/"+tea.ID+"/managers/"+f.memberID, map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	at := "/api/v1/rooms/" + tea.ID + "/audit"
	var page auditAnswer
	f.owner.Do("GET", at+"?q=gisela", nil).Into(http.StatusOK, &page)
	if len(page.Items) != 2 || page.Items[0].Act != "invitation.revised" || page.Names[card.ID] != "Gisela Ohm" || page.Rooms[tea.ID] != "Tea" || page.Names[f.ownerID] != "Olga Owner" {
		t.Errorf("%+v", page)
	}
	page = auditAnswer{}
	f.admin.Do("GET", "/api/v1/site/audit?act=invitation.issued", nil).Into(http.StatusOK, &page)
	if page.Names[card.ID] != "Gisela Ohm" || page.Rooms[tea.ID] != "Tea" {
		t.Errorf("%+v", page)
	}
	f.member.Do("GET", at, nil).Refused(http.StatusForbidden, "forbidden")
	f.admin.Do("GET", at, nil).Refused(http.StatusNotFound, "not_found")

	var group struct{ ID string }
	f.owner.Do("POST", "/api/v1/site/groups", map[string]any{"name": "Friends"}).Into(http.StatusCreated, &group)
	f.owner.Do("PATCH", "/api/v1/site", map[string]any{"inviters": map[string]any{"role": "admin", "groups": []string{group.ID}}}).Into(http.StatusOK, nil)
	page = auditAnswer{}
	f.admin.Do("GET", "/api/v1/site/audit?act=site.changed", nil).Into(http.StatusOK, &page)
	if len(page.Items) != 1 || page.Names[group.ID] != "Friends" {
		t.Errorf("%+v", page)
	}
}

// An account is erased by typing its address, by nobody below it and by no
// browser that was left open, and cannot be used from then on.
func TestErasure(t *testing.T) {
	f := newSiteFolk(t)
	erase := func(by *apitest.Browser, path string, body map[string]any) *apitest.Answer {
		return by.Do("POST", path, body)
	}
	const site, own = "/api/v1/site/erasures", "/api/v1/account/erasure"
	erase(f.member, site, map[string]any{"confirm": "adam@example.org"}).Refused(http.StatusForbidden, "forbidden")
	erase(f.admin, site, map[string]any{"person": f.memberID, "confirm": "other@example.org"}).Refused(http.StatusUnprocessableEntity, "invalid")
	erase(f.admin, site, map[string]any{"person": f.memberID, "confirm": ""}).Refused(http.StatusUnprocessableEntity, "invalid")
	erase(f.admin, site, map[string]any{"confirm": "owner@example.org"}).Refused(http.StatusForbidden, "forbidden")
	erase(f.owner, own, map[string]any{"confirm": "owner@example.org"}).Refused(http.StatusConflict, "conflict")
	f.server.Clock.Advance(time.Hour)
	erase(f.member, own, map[string]any{"confirm": "mia@example.org"}).Refused(http.StatusUnauthorized, "reauthenticate")
	erase(f.member, own, map[string]any{"confirm": "mia@example.org", "current": "wrong"}).Refused(http.StatusUnprocessableEntity, "invalid")
	erase(f.member, own, map[string]any{"confirm": "mia@example.org", "current": apitest.Password}).Into(http.StatusAccepted, nil)
	f.member.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	erase(f.admin, site, map[string]any{"confirm": "guest@example.org", "current": apitest.Password}).Into(http.StatusAccepted, nil)
	var all []struct{ Person, By string }
	f.owner.Do("GET", site, nil).Into(http.StatusOK, &all)
	if len(all) != 2 {
		t.Errorf("%+v", all)
	}
}
