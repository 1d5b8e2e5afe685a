package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/server/api"
	"greenroom/server/apitest"
)

const proofPath = "/api/v1/account/proof"

// T33: each act that a browser which was left open must not do wants a proof,
// which counts for ten minutes; a key wants none.
func TestActsThatWantAProof(t *testing.T) {
	f := newSiteFolk(t)
	room := f.owner.Room("Tea", 24*time.Hour).ID
	managers := "/api/v1/rooms/" + room + "/managers/"
	f.owner.Do("PUT", managers+f.adminID, map[string]any{"right": "co-owner"}).Into(http.StatusOK, nil)
	acts := []struct {
		method, path string
		body         any
		status       int
	}{
		{"PUT", managers + f.adminID, map[string]any{"right": "owner"}, http.StatusOK},
		{"PUT", managers + f.adminID, map[string]any{"right": "co-owner"}, http.StatusOK},
		{"PUT", managers + f.memberID, map[string]any{"right": "owner"}, http.StatusOK},
		{"DELETE", managers + f.memberID, nil, http.StatusNoContent},
		{"PATCH", "/api/v1/site/people/" + f.adminID, map[string]any{"site_role": "owner"}, http.StatusOK},
		{"PATCH", "/api/v1/site/people/" + f.adminID, map[string]any{"site_role": "admin"}, http.StatusOK},
		{"POST", "/api/v1/people", map[string]any{"email": "second@example.org", "first_name": "S", "last_name": "O", "site_role": "owner"}, http.StatusCreated},
		{"POST", "/api/v1/site/people/" + f.memberID + "/link", nil, http.StatusCreated},
		{"POST", "/api/v1/account/keys", map[string]any{"label": "All", "scope": "all"}, http.StatusCreated},
		{"POST", "/api/v1/account/export", map[string]any{}, http.StatusOK},
		{"POST", "/api/v1/site/exports", map[string]any{"person": f.memberID}, http.StatusOK},
		{"POST", "/api/v1/site/erasures", map[string]any{"confirm": "nobody@example.org"}, http.StatusAccepted},
	}
	for _, act := range acts {
		f.server.Clock.Advance(11 * time.Minute)
		no := f.owner.Do(act.method, act.path, act.body).Refused(http.StatusUnauthorized, "reauthenticate")
		if !slices.Equal(no.Can, []string{"password"}) {
			t.Errorf("%s: %v", act.path, no.Can)
		}
		f.owner.Do("POST", proofPath, map[string]any{"current": apitest.Password}).Into(http.StatusNoContent, nil)
		f.owner.Do(act.method, act.path, act.body).Into(act.status, nil)
	}
	f.server.Clock.Advance(11 * time.Minute)
	for _, free := range []struct {
		method, path string
		body         any
	}{
		{"PUT", managers + f.adminID, map[string]any{"right": "co-editor"}},
		{"PATCH", "/api/v1/site/people/" + f.memberID, map[string]any{"site_role": "admin"}},
		{"PATCH", "/api/v1/site/people/" + f.memberID, map[string]any{"site_role": "member"}},
	} {
		f.owner.Do(free.method, free.path, free.body).Into(http.StatusOK, nil)
	}
	f.owner.Do("POST", "/api/v1/account/keys", map[string]any{"label": "Rooms", "scope": "rooms"}).Into(http.StatusCreated, nil)
	key := f.server.ScopedKey(apitest.Person{ID: f.ownerID}, api.ScopeAll)
	key.Do("PUT", managers+f.memberID, map[string]any{"right": "owner"}).Into(http.StatusOK, nil)
	key.Do("POST", "/api/v1/account/keys", map[string]any{"label": "All", "scope": "all"}).Into(http.StatusCreated, nil)
	key.Do("POST", proofPath, map[string]any{"current": apitest.Password}).Refused(http.StatusForbidden, "forbidden")
}

// A wrong proof proves nothing, guessing is slowed down, and a proof is this
// session's alone and gone with the next sign-in.
func TestProof(t *testing.T) {
	s, box, _ := mailing(t)
	b, _ := s.Person("anna@example.org", "Anna", "A")
	other := signedIn(s, "")
	asks := func(b *apitest.Browser) *apitest.Answer {
		return b.Do("POST", "/api/v1/account/keys", map[string]any{"label": "All", "scope": "all"})
	}
	s.Clock.Advance(11 * time.Minute)
	no := asks(b).Refused(http.StatusUnauthorized, "reauthenticate")
	if !slices.Equal(no.Can, []string{"password", "code"}) {
		t.Errorf("ways: %v", no.Can)
	}
	for _, body := range []map[string]any{{}, {"current": "wrong"}, {"code": "123456"}, {"current": strings.Repeat("x", 2000)}} {
		b.Do("POST", proofPath, body).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	asks(b).Refused(http.StatusUnauthorized, "reauthenticate")
	b.Do("POST", "/api/v1/account/code", nil).Into(http.StatusNoContent, nil)
	deliver(s)
	code := box.Messages()[0].Code
	b.Do("POST", proofPath, map[string]any{"code": code}).Into(http.StatusNoContent, nil)
	asks(b).Into(http.StatusCreated, nil)
	asks(other).Refused(http.StatusUnauthorized, "reauthenticate")
	b.Do("POST", proofPath, map[string]any{"code": code}).Refused(http.StatusUnprocessableEntity, "invalid")
	b.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
	asks(b).Into(http.StatusCreated, nil)
	s.Clock.Advance(11 * time.Minute)
	asks(b).Refused(http.StatusUnauthorized, "reauthenticate")
	for range 30 {
		if got := b.Do("POST", proofPath, map[string]any{"current": "wrong"}); got.Status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("a password may be guessed as often as one likes")
}

// Without a password and without mail, signing in again is the only proof.
func TestProofWithoutAWay(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	var p apitest.Person
	s.Owner().Do("POST", "/api/v1/people", map[string]string{"email": "new@example.org", "first_name": "N", "last_name": "N"}).Into(http.StatusCreated, &p)
	_, secret, _ := strings.Cut(p.Link, "#")
	b := s.Browser()
	b.Do("POST", "/api/v1/session", map[string]string{"link": secret}).Into(http.StatusOK, nil)
	for range 3 { // what proves nothing makes no sign-in younger
		s.Clock.Advance(4 * time.Minute)
		b.Do("POST", proofPath, map[string]any{}).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	no := b.Do("POST", "/api/v1/account/export", map[string]any{}).Refused(http.StatusUnauthorized, "reauthenticate")
	if len(no.Can) != 0 {
		t.Errorf("ways: %v", no.Can)
	}
}
