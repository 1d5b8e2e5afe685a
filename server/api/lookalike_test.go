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

// The rows of a list are warned of as the window warns: of what is in the room,
// and of what stands above.
func TestLookalikesOnList(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.Invite(id, "anna@paypal.com", "viewer")
	sheet := "email,first_name,last_name,type\na@paypa1.com,A,A,viewer\nb@paypal.com,B,B,viewer\nc@exаmple.org,C,C,viewer\nd@example.org,D,D,viewer\ne@example.org,E,E,viewer\nf@bücher.example,F,F,viewer\ng@paypa1.com,,G,viewer\n"
	owner.Header = http.Header{"Content-Type": {"text/csv"}}
	type row struct {
		Email    string
		OK       bool
		ID       string
		Domain   *apitest.Domain
		Warnings []string
	}
	want := [][]string{{"looks_like:paypal.com"}, {"looks_like:paypa1.com"}, {"mixed_script"}, {"looks_like:xn--exmple-4nf.org"}, {"looks_like:xn--exmple-4nf.org"}, nil, {"looks_like:paypal.com"}}
	for _, dry := range []string{"true", "false"} {
		var told struct{ Items []row }
		owner.Do("POST", "/api/v1/rooms/"+id+"/invitations/batch?dry_run="+dry, sheet).Into(http.StatusOK, &told)
		for i, got := range told.Items {
			if !slices.Equal(got.Warnings, want[i]) || got.OK != (i < 6) {
				t.Errorf("dry_run %s: %s: %q", dry, got.Email, got.Warnings)
			}
		}
		if d := told.Items[5].Domain; d == nil || d.Unicode != "bücher.example" {
			t.Errorf("domain %+v", d)
		}
	}
}

func same(a, b *apitest.Domain) bool { return a == b || a != nil && b != nil && *a == *b }
