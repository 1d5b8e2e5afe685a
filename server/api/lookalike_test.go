package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"greenroom/server/apitest"
)

func TestLookalikes(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	type domain = apitest.Domain
	for _, row := range []struct {
		email    string
		domain   *domain
		warnings []string
	}{
		{"anna@paypal.com", nil, nil},
		{"bert@paypal.com", nil, nil},
		{"anna@bücher.example", &domain{ASCII: "xn--bcher-kva.example", Unicode: "bücher.example"}, nil},
		{"anna@раypal.com", &domain{ASCII: "xn--ypal-43d9g.com"}, []string{"mixed_script", "looks_like:paypal.com"}},
		{"anna@paypa1.com", nil, []string{"looks_like:paypal.com"}},
		{"anna@exаmple.org", &domain{ASCII: "xn--exmple-4nf.org"}, []string{"mixed_script"}},
		{"anna@example.org", nil, []string{"looks_like:xn--exmple-4nf.org"}},
		{"anna@xn--80ak6aa92e.com", &domain{ASCII: "xn--80ak6aa92e.com", Unicode: "аррӏе.com"}, nil},
		{"anna@apple.com", nil, []string{"looks_like:xn--80ak6aa92e.com"}},
	} {
		made := owner.Invite(id, row.email, "viewer") // a new one each time: no address is another one
		if !same(made.Domain, row.domain) || !slices.Equal(made.Warnings, row.warnings) {
			t.Errorf("%s: %+v %q", row.email, made.Domain, made.Warnings)
		}
		var listed apitest.Invitation
		list(t, owner, id, "?ids="+made.ID, &listed)
		if !same(listed.Domain, row.domain) || listed.Warnings != nil {
			t.Errorf("%s listed: %+v", row.email, listed)
		}
	}
	var again apitest.Invitation
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "anna@xn--ypal-43d9g.com", "first_name": "Anna", "last_name": "Guest", "type": "viewer"}).Into(http.StatusOK, &again)
	if len(again.Warnings) != 2 {
		t.Errorf("%+v", again)
	}
}

func same(a, b *apitest.Domain) bool { return a == b || a != nil && b != nil && *a == *b }
