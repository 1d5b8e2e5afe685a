package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// actless are the routes that change something and are no acts of managing,
// with the reason. Whoever adds a route says here or in the table below what
// the audit log has of it.
var actless = map[string]string{
	"POST /api/v1/session":                                "signing in",
	"POST /api/v1/session/renew":                          "signing in",
	"POST /api/v1/session/code":                           "signing in",
	"POST /api/v1/session/provider":                       "signing in",
	"POST /api/v1/session/provider/finish":                "signing in; what it links or verifies is told (provider_test.go)",
	"DELETE /api/v1/session":                              "signing out",
	"POST /api/v1/account/code":                           "a mail to oneself",
	"POST /api/v1/account/proof":                          "signing in once more",
	"POST /api/v1/invitations/open":                       "what guests do for themselves",
	"POST /api/v1/invitations/code":                       "what guests do for themselves",
	"POST /api/v1/invitations/move":                       "what guests do for themselves; the claim is told",
	"POST /api/v1/invitations/request-link":               "what guests do for themselves",
	"POST /api/v1/guest-links/open":                       "what guests do for themselves",
	"POST /api/v1/site/mail/templates/{language}/preview": "changes nothing",
	"POST /api/v1/site/mail/templates/{language}/test":    "a mail to oneself",
	"POST /api/v1/setup":                                  "told as owner.created (below, of the set-up itself)",
}

// T30: every act of managing over HTTP leaves at least one row in the audit
// log, of a kind that says what was done and by the one who did it.
func TestRoutesLeaveAuditRows(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Mail: new(mail.Outbox), Deliver: true})
	owner := s.Owner()
	me := owner.Me().Person.ID
	if rows := auditOf(t, s); len(rows) != 1 || rows[0].Act != "owner.created" || rows[0].Who != me {
		t.Errorf("the set-up left %+v", rows)
	}
	made := owner.Room("Room", time.Hour)
	card, spare, claimed := owner.Invite(made.ID, "anna@example.org", "viewer"), owner.Invite(made.ID, "bert@example.org", "viewer"), owner.Invite(made.ID, "cleo@example.org", "viewer")
	cleo := s.Browser()
	cleo.Open(claimed)
	socket, _ := cleo.Join(made.ID)
	socket.Do("lobby.check", map[string]string{"email": "cleo@example.org"}, nil)
	s.Browser().Ask(card.Holds(), "").Into(http.StatusOK, nil)
	var link guestLink
	owner.Do("POST", "/api/v1/rooms/"+made.ID+"/guest-links", map[string]any{"label": "Press"}).Into(http.StatusCreated, &link)
	come := link.secret()
	come["email"], come["first_name"], come["last_name"] = "gil@example.org", "G", "V"
	_, mia := s.Person("mia@example.org", "Mia", "M")
	s.Browser().SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
	var sessions struct {
		Items []struct {
			ID      string
			Current bool
		}
	}
	owner.Do("GET", "/api/v1/account/sessions", nil).Into(http.StatusOK, &sessions)
	i := slices.IndexFunc(sessions.Items, func(one struct {
		ID      string
		Current bool
	}) bool {
		return !one.Current
	})
	other := sessions.Items[i].ID
	var key, group struct{ ID string }
	owner.Do("POST", "/api/v1/account/keys", map[string]any{"label": "L", "scope": "read"}).Into(http.StatusCreated, &key)
	owner.Do("POST", "/api/v1/site/groups", map[string]any{"name": "One"}).Into(http.StatusCreated, &group)
	fill := strings.NewReplacer("{link}", link.ID, "{room}", made.ID, "{invitation}", card.ID, "{person}", mia.ID, "{group}", group.ID, "{domain}", "evil.example",
		"{language}", "de", "{session}", other, "{key}", key.ID)
	template := map[string]any{"subject": "{title}", "html": "<p>{link}</p>", "text": "{link}"}
	const invitation = "/api/v1/rooms/{room}/invitations/{invitation}"
	asked := map[string]bool{}
	for _, ask := range []struct {
		pattern string
		body    any
		act     string
	}{
		{"POST /api/v1/people", map[string]any{"email": "new@example.org", "first_name": "N", "last_name": "N"}, "person.created"},
		{"PATCH /api/v1/site/people/{person}", map[string]any{"site_role": "admin"}, "person.changed"},
		{"POST /api/v1/site/people/{person}/link", nil, "person.link"},
		{"POST /api/v1/site/groups", map[string]any{"name": "Two"}, "group.created"},
		{"PATCH /api/v1/site/groups/{group}", map[string]any{"name": "Three"}, "group.renamed"},
		{"PUT /api/v1/site/groups/{group}/members/{person}", nil, "group.added"},
		{"DELETE /api/v1/site/groups/{group}/members/{person}", nil, "group.removed"},
		{"DELETE /api/v1/site/groups/{group}", nil, "group.deleted"},
		{"POST /api/v1/account/keys", map[string]any{"label": "M", "scope": "read"}, "key.created"},
		{"DELETE /api/v1/account/keys/{key}", nil, "key.ended"},
		{"PATCH /api/v1/account", map[string]any{"last_name": "Other"}, "person.changed"},
		{"DELETE /api/v1/account/sessions/{session}", nil, "session.ended"},
		{"DELETE /api/v1/account/sessions", nil, "session.others_ended"},
		{"POST /api/v1/account/password", map[string]any{"password": "another long one", "current": apitest.Password}, "person.password_set"},
		{"PATCH /api/v1/site", map[string]any{"link_minutes": 77}, "site.changed"},
		{"PUT /api/v1/site/logo", logo(), "site.changed"},
		{"DELETE /api/v1/site/logo", nil, "site.changed"},
		{"PUT /api/v1/site/domains/{domain}", map[string]any{"rule": "block"}, "site.domain_set"},
		{"DELETE /api/v1/site/domains/{domain}", nil, "site.domain_removed"},
		{"PATCH /api/v1/site/mail", map[string]any{"zone": "Europe/Berlin"}, "site.mail_changed"},
		{"PUT /api/v1/site/mail/templates/{language}", template, "site.template_set"},
		{"DELETE /api/v1/site/mail/templates/{language}", nil, "site.template_removed"},
		{"POST /api/v1/rooms", map[string]any{"title": "T", "starts_at": s.In(time.Hour)}, "room.created"},
		{"PATCH /api/v1/rooms/{room}", map[string]any{"title": "Other"}, "room.edited"},
		{"POST /api/v1/rooms/{room}/duplicate", map[string]any{"starts_at": s.In(time.Hour)}, "room.created"},
		{"PUT /api/v1/rooms/{room}/managers/{person}", map[string]any{"right": "co-owner"}, "manager.set"},
		{"DELETE /api/v1/rooms/{room}/managers/{person}", nil, "manager.removed"},
		{"POST /api/v1/rooms/{room}/invitations", map[string]any{"email": "carl@example.org", "first_name": "C", "last_name": "C", "type": "viewer"}, "invitation.issued"},
		{"POST /api/v1/rooms/{room}/invitations/batch", good, "invitation.issued"},
		{"PATCH " + invitation, map[string]any{"type": "speaker"}, "role.changed"},
		{"DELETE /api/v1/rooms/{room}/requests/{invitation}", nil, "invitation.dismissed"},
		{"POST " + invitation + "/link", nil, "invitation.renewed"},
		{"POST " + invitation + "/email", nil, "invitation.renewed"},
		{"POST /api/v1/rooms/{room}/invitations/email", map[string]any{"ids": []string{spare.ID}}, "invitation.renewed"},
		{"DELETE " + invitation, map[string]any{"sessions": "finish"}, "invitation.revoked"},
		{"POST " + invitation + "/restore", nil, "invitation.restored"},
		{"POST " + invitation + "/device-reset", nil, "invitation.freed"},
		{"POST /api/v1/rooms/{room}/invitations/revoke", map[string]any{"ids": []string{spare.ID}}, "invitation.revoked"},
		{"POST /api/v1/rooms/{room}/guest-links", map[string]any{"label": "Two"}, "guest_link.set"},
		{"PATCH /api/v1/rooms/{room}/guest-links/{link}", map[string]any{"label": "Three"}, "guest_link.set"},
		{"POST /api/v1/guest-links/join", come, "invitation.issued"},
		{"POST /api/v1/rooms/{room}/guest-links/{link}/link", nil, "guest_link.set"},
		{"DELETE /api/v1/rooms/{room}/guest-links/{link}", nil, "guest_link.removed"},
		{"POST /api/v1/rooms/{room}/exports", map[string]any{"what": "chat", "format": "csv"}, "report.exported"},
		{"DELETE /api/v1/rooms/{room}", nil, "room.deleted"},
		{"POST /api/v1/account/export", map[string]any{}, "person.exported"},
		{"POST /api/v1/site/exports", map[string]any{"person": mia.ID}, "person.exported"},
		{"POST /api/v1/site/erasures", map[string]any{"confirm": "nobody@example.org"}, "person.erased"},
		{"POST /api/v1/account/erasure", map[string]any{"confirm": "second@example.org"}, "person.erased"},
	} {
		asked[ask.pattern] = true
		before := auditOf(t, s)
		who, by := owner, me
		switch {
		case ask.pattern == "POST /api/v1/guest-links/join":
			who, by = s.Browser(), "" // a participant
		case ask.pattern == "POST /api/v1/account/erasure":
			gone, p := s.Person("second@example.org", "S", "S")
			before, who, by = auditOf(t, s), gone, p.ID
		case strings.HasSuffix(ask.pattern, "/batch"):
			who.Header = http.Header{"Content-Type": {"text/csv"}}
		case strings.HasSuffix(ask.pattern, "/logo") && ask.body != nil:
			who.Header = http.Header{"Content-Type": {"image/png"}}
		case ask.act == "invitation.freed", ask.act == "invitation.restored", strings.HasPrefix(ask.pattern, "DELETE "+invitation):
			ask.pattern = strings.Replace(ask.pattern, "{invitation}", claimed.ID, 1)
		case strings.HasSuffix(ask.pattern, "/{invitation}/email"):
			eventually(t, "no mail waits", func() bool { return len(pageOf(owner, made.ID, "state=queued").Items) == 0 })
		}
		method, path, _ := strings.Cut(ask.pattern, " ")
		got := who.Do(method, fill.Replace(path), ask.body)
		owner.Header = http.Header{}
		if got.Status >= 300 {
			t.Errorf("%s: %d %s", ask.pattern, got.Status, got.Body)
			continue
		}
		rows := auditOf(t, s)[len(before):]
		if !slices.ContainsFunc(rows, func(e store.AuditEntry) bool { return e.Act == ask.act && (by == "" || e.Who == by) }) {
			t.Errorf("%s leaves no %s by its doer: %+v", ask.pattern, ask.act, rows)
		}
	}
	for _, pattern := range api.Routes() {
		if method(pattern) != http.MethodGet && !asked[pattern] && actless[pattern] == "" {
			t.Errorf("%s: which act is it, or why is it none? (acts_test.go)", pattern)
		}
	}
}

// logo is a picture.
func logo() []byte {
	var to bytes.Buffer
	if err := png.Encode(&to, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return to.Bytes()
}

// auditOf gives all rows, the oldest first.
func auditOf(t *testing.T, s *apitest.Server) []store.AuditEntry {
	t.Helper()
	all, err := s.Store.Audit(t.Context(), store.AuditFilter{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(all)
	return all
}
