package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

type site struct {
	Version      uint64
	Name         string
	Accent       string
	Theme        map[string]string
	Invitations  bool
	LinkMinutes  int `json:"link_minutes"`
	Devices      int
	EarlyMinutes int `json:"early_minutes"`
	Lobby        map[string]string
	ContentDays  int `json:"content_days"`
	IPDays       int `json:"ip_days"`
	Creators     struct {
		Role   string
		People []string
	}
}

func TestSiteSettings(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2, Mail: new(mail.Outbox)})
	owner := s.Owner()
	var now site
	owner.Do("GET", "/api/v1/site", nil).Into(http.StatusOK, &now)
	if !now.Invitations || now.LinkMinutes != 1440 || now.Devices != 1 || now.Creators.Role != "member" || now.ContentDays != 90 || now.Lobby["viewer"] != "none" {
		t.Fatalf("a new site is %+v", now)
	}
	owner.Do("PATCH", "/api/v1/site", map[string]any{"version": now.Version, "name": "Tea\u0301 rooms", "accent": "#0a5c8f", "lobby": map[string]any{"speaker": "code"}, "ip_days": 3}).
		Into(http.StatusOK, &now)
	if now.Name != "Teá rooms" || now.Theme["accent"] == "" || now.Lobby["speaker"] != "code" || now.Lobby["viewer"] != "none" || now.IPDays != 3 || now.ContentDays != 90 {
		t.Errorf("after the change it is %+v", now)
	}
	owner.Do("PATCH", "/api/v1/site", map[string]any{"version": now.Version - 1, "name": "Other"}).Refused(http.StatusConflict, "conflict")
	var there site
	owner.On(1).Do("GET", "/api/v1/site", nil).Into(http.StatusOK, &there)
	if there.Name != now.Name || there.Version != now.Version {
		t.Errorf("the other instance says %+v", there)
	}
	for field, value := range map[string]any{"accent": "#ffffff", "devices": 101, "link_minutes": 0, "ip_days": 0, "early_minutes": -5, "lobby": map[string]any{"viewer": "password"},
		"creators": map[string]any{"role": "king"}, "inviters": map[string]any{"people": []string{""}}} {
		if no := owner.Do("PATCH", "/api/v1/site", map[string]any{field: value}).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields[field] == "" {
			t.Errorf("%s: %v", field, no.Fields)
		}
	}
	for _, wrong := range []string{`{"devices":"1"}`, `{"devices":1.5}`, `{"name":1}`, `{"invitations":"no"}`, `{"creators":[]}`, `{"version":-1}`} {
		owner.Do("PATCH", "/api/v1/site", wrong).Refused(http.StatusUnprocessableEntity, "invalid")
	}
}

func TestWhoSeesTheSite(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	s.Owner()
	member, _ := s.Person("mia@example.org", "Mia", "M")
	for who, status := range map[*apitest.Browser]int{member: http.StatusForbidden, s.Browser(): http.StatusUnauthorized} {
		code := map[int]string{http.StatusForbidden: "forbidden", http.StatusUnauthorized: "not_authenticated"}[status]
		who.Do("GET", "/api/v1/site", nil).Refused(status, code)
		who.Do("GET", "/api/v1/site/domains", nil).Refused(status, code)
		who.Do("PATCH", "/api/v1/site", map[string]any{"name": "Mine"}).Refused(status, code)
		who.Do("PUT", "/api/v1/site/domains/evil.example", map[string]any{"rule": "block"}).Refused(status, code)
		who.Do("DELETE", "/api/v1/site/domains/evil.example", nil).Refused(status, code)
	}
	// The site's log is no room, for nobody.
	s.Owner().Do("GET", "/api/v1/rooms/site", nil).Refused(http.StatusNotFound, "not_found")
	member.Do("GET", "/api/v1/rooms/site", nil).Refused(http.StatusNotFound, "not_found")
}

func TestWhoCreatesRooms(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	mia, person := s.Person("mia@example.org", "Mia", "M")
	zoe, _ := s.Person("zoe@example.org", "Zoe", "Z")
	mia.Room("Allowed", time.Hour)
	owner.Do("PATCH", "/api/v1/site", map[string]any{"creators": map[string]any{"role": "", "people": []string{person.ID}}}).Into(http.StatusOK, nil)
	mia.Room("Named", time.Hour)
	owner.Room("Always", time.Hour)
	zoe.Do("POST", "/api/v1/rooms", map[string]any{"title": "T", "starts_at": s.In(time.Hour)}).Refused(http.StatusForbidden, "forbidden")
}

type domainRule struct {
	ID     string
	Domain string
	Shown  string
	Exact  bool
	Rule   string
}

func putRule(b *apitest.Browser, id string, body map[string]any) *apitest.Answer {
	return b.Do("PUT", "/api/v1/site/domains/"+url.PathEscape(id), body)
}

func TestDomainRules(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	block, allow := map[string]any{"rule": "block"}, map[string]any{"rule": "allow"}
	for id, want := range map[string]domainRule{
		"Evil.Example.":  {"evil.example", "evil.example", "evil.example", false, "block"},
		"=evil.example":  {"=evil.example", "evil.example", "evil.example", true, "block"},
		"bücher.example": {"xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example", false, "block"},
		"*":              {"*", "", "", false, "block"},
		"=co.uk":         {"=co.uk", "co.uk", "co.uk", true, "block"},
		"ｅｖｉｌ。ｏｒｇ":       {"evil.org", "evil.org", "evil.org", false, "block"},
	} {
		var got domainRule
		if putRule(owner, id, block).Into(http.StatusOK, &got); got != want {
			t.Errorf("%s became %+v", id, got)
		}
	}
	for _, suffix := range []string{"com", "co.uk", "github.io"} {
		if no := putRule(owner, suffix, block).Refused(http.StatusUnprocessableEntity, "invalid"); no.Fields["domain"] != "is a public suffix" {
			t.Errorf("%s: %v", suffix, no.Fields)
		}
		putRule(owner, suffix, map[string]any{"rule": "block", "force": true}).Into(http.StatusOK, nil)
	}
	for _, wrong := range []string{"a b.example", "-x.example", "user@evil.example", "=", "==evil.example", "evil..example", "192.0.2.1", "\u202eevil.example", "*.evil.example"} {
		putRule(owner, wrong, block).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	putRule(owner, "good.evil.example", map[string]any{"rule": "maybe"}).Refused(http.StatusUnprocessableEntity, "invalid")
	putRule(owner, "good.evil.example", allow).Into(http.StatusOK, nil)
	var list struct {
		Items []domainRule
		Total int
		Next  string
	}
	owner.Do("GET", "/api/v1/site/domains?q=EVIL.ex", nil).Into(http.StatusOK, &list)
	if got := fmt.Sprint(list.Items); got != "[{evil.example evil.example evil.example false block} {=evil.example evil.example evil.example true block} {good.evil.example good.evil.example good.evil.example false allow}]" {
		t.Errorf("found %s", got)
	}
	owner.Do("DELETE", "/api/v1/site/domains/"+url.PathEscape("=evil.example"), nil).Into(http.StatusNoContent, nil)
	owner.Do("DELETE", "/api/v1/site/domains/"+url.PathEscape("=evil.example"), nil).Refused(http.StatusNotFound, "not_found")
	for i := range 120 {
		putRule(owner, fmt.Sprintf("d%d.example.net", i), block).Into(http.StatusOK, nil)
	}
	seen := map[string]bool{}
	for after := ""; ; after = list.Next {
		list.Next = ""
		owner.Do("GET", "/api/v1/site/domains?after="+url.QueryEscape(after), nil).Into(http.StatusOK, &list)
		for _, r := range list.Items {
			if seen[r.ID] {
				t.Fatalf("%s is listed twice", r.ID)
			}
			seen[r.ID] = true
		}
		if list.Next == "" {
			break
		}
	}
	if len(seen) != list.Total || list.Total != 129 {
		t.Errorf("%d of %d are listed", len(seen), list.Total)
	}
}

// Invitations off holds in the same moment on every instance, and managers are
// told why.
func TestInvitationsOff(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	owner.Do("PATCH", "/api/v1/site", map[string]any{"invitations": false}).Into(http.StatusOK, nil)
	fresh := map[string]any{"email": "bert@example.org", "first_name": "B", "last_name": "B", "type": "viewer"}
	for i := range s.Instances {
		there := owner.On(i)
		eventually(t, "the new setting", func() bool {
			return there.Do("POST", "/api/v1/rooms/"+talk.ID+"/invitations", fresh).Status == http.StatusForbidden
		})
		there.Do("POST", "/api/v1/rooms/"+talk.ID+"/invitations", fresh).Refused(http.StatusForbidden, "collaboration_off")
		there.Do("POST", "/api/v1/rooms/"+talk.ID+"/invitations/"+card.ID+"/link", nil).Refused(http.StatusForbidden, "collaboration_off")
		var seen struct {
			Inviting struct {
				Allowed bool
				Reason  string
			}
		}
		there.Do("GET", "/api/v1/rooms/"+talk.ID, nil).Into(http.StatusOK, &seen)
		if seen.Inviting.Allowed || seen.Inviting.Reason != "collaboration_off" {
			t.Errorf("instance %d says %+v", i, seen.Inviting)
		}
	}
	s.Browser().Open(card) // what is out works
}

func TestLinkTermsOfTheSite(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	talk := owner.Room("Talk", 48*time.Hour)
	owner.Do("PATCH", "/api/v1/site", map[string]any{"link_minutes": 90, "link_fixed": true, "devices": 3}).Into(http.StatusOK, nil)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	ends, err := time.Parse(time.RFC3339, card.ExpiresAt)
	if left := ends.Sub(s.Clock.Now()); err != nil || left < 80*time.Minute || left > 90*time.Minute || card.Devices != 3 {
		t.Errorf("%s left, %d devices, %v", left, card.Devices, err)
	}
}

// A blocked domain is told to inviters, and to guests only when their address
// matched; who is inside is closed with 4512 on every instance.
func TestBlockedDomain(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	owner.OpenDoors(talk.ID)
	anna, bert := s.Browser(), s.Browser().On(1)
	anna.Open(owner.Invite(talk.ID, "anna@mail.evil.example", "viewer"))
	bert.Open(owner.Invite(talk.ID, "bert@evil.example", "viewer"))
	inside, _ := bert.Join(talk.ID)
	inside.Do("lobby.check", map[string]any{"email": "bert@evil.example"}, nil)
	waiting, _ := anna.Join(talk.ID)
	putRule(owner, "evil.example", map[string]any{"rule": "block"}).Into(http.StatusOK, nil)
	inside.Closed(wire.CloseDomainBlocked)
	no := owner.Do("POST", "/api/v1/rooms/"+talk.ID+"/invitations", map[string]any{"email": "new@evil.example", "first_name": "N", "last_name": "N", "type": "viewer"}).
		Refused(http.StatusForbidden, "domain_blocked")
	if no.Domain != "evil.example" {
		t.Errorf("told %+v", no)
	}
	waiting.Refused("lobby.check", map[string]any{"email": "other@evil.example"}, room.CodeLobbyNoMatch)
	if no := waiting.Refused("lobby.check", map[string]any{"email": "anna@mail.evil.example"}, room.CodeDomainBlocked); no.Domain != "mail.evil.example" {
		t.Errorf("told %+v", no)
	}
	waiting.Closed(wire.CloseDomainBlocked)
}
