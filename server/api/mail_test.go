package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// mailing is a site whose mails stay in an outbox.
func mailing(t *testing.T) (*apitest.Server, *mail.Outbox, *apitest.Browser) {
	box := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Mail: box})
	return s, box, s.Owner()
}

func inviteByMail(owner *apitest.Browser, id, email string) (made apitest.Invitation) {
	owner.T.Helper()
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": email, "first_name": "Anna", "last_name": "A",
		"type": "viewer", "send_email": true}).Into(http.StatusCreated, &made)
	return made
}

func deliver(s *apitest.Server) {
	s.T.Helper()
	if err := s.Instances[0].Post.Deliver(s.T.Context()); err != nil {
		s.T.Fatal(err)
	}
}

func TestMail(t *testing.T) {
	s, box, owner := mailing(t)
	if got := owner.Do("GET", "/api/v1/features", nil); !strings.Contains(string(got.Body), `"mail":true`) {
		t.Errorf("features: %s", got.Body)
	}
	id := owner.Room("Room", time.Hour).ID
	made := inviteByMail(owner, id, "Anna@EXAMPLE.org")
	if made.Sent == nil || !*made.Sent || made.Mail == nil || made.Mail.State != "queued" {
		t.Fatalf("queued: %+v %+v", made, made.Mail)
	}
	deliver(s)
	all := box.Messages()
	if len(all) != 1 || all[0].To != "Anna@example.org" || all[0].Link != made.URL || all[0].Method != "REQUEST" || !strings.Contains(all[0].Text, "Olga Owner invited you") {
		t.Fatalf("%d mails: %+v", len(all), all)
	}
	for range 5 { // five a day to one address, in all rooms and however it is written
		made = inviteByMail(owner, owner.Room("Room", time.Hour).ID, "anna@example.org")
	}
	deliver(s)
	if *made.Sent || made.URL == "" || made.Mail.State != "failed" || !strings.HasPrefix(made.Mail.Detail, "limit") || len(box.Messages()) != 5 {
		t.Errorf("the sixth of a day: %+v %+v, %d mails", made, made.Mail, len(box.Messages()))
	}
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations/"+inviteAgain(owner, id).ID+"/email", nil).Refused(http.StatusTooManyRequests, "slow_down")
	s.Clock.Advance(24 * time.Hour)
	owner.SignIn("owner@example.org", apitest.Password).Into(http.StatusOK, nil)
	if made = inviteByMail(owner, owner.Room("Room", time.Hour).ID, "anna@example.org"); !*made.Sent {
		t.Errorf("a day later: %+v", made.Mail)
	}
}

// inviteAgain invites the same address once more: nothing is mailed.
func inviteAgain(owner *apitest.Browser, id string) (same apitest.Invitation) {
	owner.T.Helper()
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "anna@example.org", "first_name": "Anna", "last_name": "A",
		"type": "viewer", "send_email": true}).Into(http.StatusOK, &same)
	return same
}

func TestSendAgain(t *testing.T) {
	s, box, owner := mailing(t)
	id := owner.Room("Room", time.Hour).ID
	first := inviteByMail(owner, id, "anna@example.org")
	at := "/api/v1/rooms/" + id + "/invitations/" + first.ID
	var same, fresh apitest.Invitation
	owner.Do("POST", at+"/email", nil).Into(http.StatusOK, &same)
	if same.URL != "" || same.Mail.State != "queued" {
		t.Errorf("while the mail waits: %+v", same)
	}
	deliver(s)
	if all := box.Messages(); len(all) != 1 || all[0].Link != first.URL {
		t.Fatalf("%d mails: %+v", len(all), all)
	}
	owner.Do("POST", at+"/email", nil).Into(http.StatusOK, &fresh)
	deliver(s)
	if all := box.Messages(); fresh.URL == "" || fresh.URL == first.URL || len(all) != 2 || all[0].Link != fresh.URL || !strings.Contains(all[0].Text, "new link") {
		t.Errorf("again: %+v, %+v", fresh, all)
	}
	publicID, secret := first.Link()
	s.Browser().TryOpen(publicID, secret).Refused(http.StatusGone, "invitation_expired")
	s.Browser().Open(fresh)

	owner.Do("DELETE", at, nil).Into(http.StatusNoContent, nil)
	owner.Do("POST", at+"/email", nil).Refused(http.StatusGone, "invitation_revoked")
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations/none/email", nil).Refused(http.StatusNotFound, "not_found")
	s.Browser().Do("POST", at+"/email", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	byHand := owner.Invite(id, "bert@example.org", "speaker") // without a mail at first
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations/"+byHand.ID+"/email", nil).Into(http.StatusOK, &fresh)
	if fresh.URL == "" || fresh.Mail == nil || fresh.Mail.About != "invitation" {
		t.Errorf("by hand, then by mail: %+v", fresh)
	}
}

func TestWithoutMail(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	made := owner.Invite(id, "anna@example.org", "viewer")
	at := "/api/v1/rooms/" + id + "/invitations"
	owner.Do("POST", at+"/"+made.ID+"/email", nil).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("POST", at, map[string]any{"email": "bert@example.org", "first_name": "B", "last_name": "B", "type": "viewer", "send_email": true}).Refused(http.StatusUnprocessableEntity, "invalid")
	if got := owner.Do("GET", at, nil); strings.Contains(string(got.Body), `"mail"`) {
		t.Errorf("mail: %s", got.Body)
	}
}

// What waits for a domain that is blocked meanwhile is not sent.
func TestNoMailToBlockedDomains(t *testing.T) {
	s, box, owner := mailing(t)
	id := owner.Room("Room", time.Hour).ID
	anna, bert := inviteByMail(owner, id, "anna@evil.example"), inviteByMail(owner, id, "bert@example.org")
	putRule(owner, "evil.example", map[string]any{"rule": "block"}).Into(http.StatusOK, nil)
	deliver(s)
	if all := box.Messages(); len(all) != 1 || all[0].To != "bert@example.org" {
		t.Errorf("sent: %+v", all)
	}
	var list struct{ Items []apitest.Invitation }
	owner.Do("GET", "/api/v1/rooms/"+id+"/invitations", nil).Into(http.StatusOK, &list)
	for _, i := range list.Items {
		if i.ID == anna.ID && (i.Mail == nil || i.Mail.State != "failed" || !strings.Contains(i.Mail.Detail, "evil.example")) || i.ID == bert.ID && i.Mail.State != "sent" {
			t.Errorf("%s: %+v", i.Email, i.Mail)
		}
	}
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations/"+anna.ID+"/email", nil).Refused(http.StatusForbidden, "domain_blocked")
}
