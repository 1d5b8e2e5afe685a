package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/server/apitest"
)

// Somebody is written to in the language said, else in the inviter's own, and
// told times in their zone.
func TestReaders(t *testing.T) {
	s, box, owner := mailing(t)
	id := owner.Room("Room", 30*time.Hour).ID
	at := "/api/v1/rooms/" + id + "/invitations"
	person := func(email string, more map[string]any) map[string]any {
		body := map[string]any{"email": email, "first_name": "Anna", "last_name": "A", "type": "viewer", "send_email": true}
		for name, value := range more {
			body[name] = value
		}
		return body
	}
	var made, changed apitest.Invitation
	owner.Do("POST", at, person("anna@example.org", map[string]any{"language": "de-at", "zone": "Europe/Vienna"})).Into(http.StatusCreated, &made)
	if made.Language != "de-AT" || made.Zone != "Europe/Vienna" {
		t.Errorf("made: %q %q", made.Language, made.Zone)
	}
	deliver(s)
	if m := box.Messages()[0]; m.Language != "de" || !strings.Contains(m.Text, "Guten Tag Anna") || !strings.Contains(m.Text, "MEZ (Europe/Vienna)") {
		t.Errorf("in %s:\n%s", m.Language, m.Text)
	}
	owner.Do("PATCH", at+"/"+made.ID, map[string]any{"language": "en"}).Into(http.StatusOK, &changed)
	if changed.Language != "en" || changed.Zone != "Europe/Vienna" {
		t.Errorf("changed: %q %q", changed.Language, changed.Zone)
	}
	owner.Do("POST", at, person("anna@example.org", map[string]any{"last_name": "B", "zone": "Asia/Tokyo"})).Into(http.StatusOK, &changed)
	if changed.Language != "en" || changed.Zone != "Asia/Tokyo" || changed.LastName != "B" {
		t.Errorf("invited again: %+v", changed)
	}
	owner.Header.Set("Accept-Language", "de-DE,de;q=0.9,en;q=0.8")
	var own apitest.Invitation
	owner.Do("POST", at, person("cleo@example.org", nil)).Into(http.StatusCreated, &own)
	if own.Language != "de-DE" || own.Zone != "" {
		t.Errorf("as the inviter: %q %q", own.Language, own.Zone)
	}
	for field, values := range map[string][]string{"language": {"x", "german", "und", "de\r\nBcc: x", strings.Repeat("de-", 20)}, "zone": {"Local", "Europe/Nowhere", "../etc/passwd", "/etc/passwd"}} {
		for _, value := range values {
			owner.Do("POST", at, person("bert@example.org", map[string]any{field: value})).Refused(http.StatusUnprocessableEntity, "invalid")
			owner.Do("PATCH", at+"/"+made.ID, map[string]any{field: value}).Refused(http.StatusUnprocessableEntity, "invalid")
		}
	}
}
