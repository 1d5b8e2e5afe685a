package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// seeded is somebody with a mark in everything that is kept of them.
type seeded struct {
	*apitest.Browser
	id, mark string
	secrets  []string
}

func seed(t *testing.T, s *apitest.Server, roomID, mark string) seeded {
	owner := s.Owner()
	email := mark + "-mail@example.org"
	b, p := s.Person(email, mark+"-first", mark+"-last")
	owner.Do("PATCH", "/api/v1/site/people/"+p.ID, map[string]any{"verified": true}).Into(http.StatusOK, nil)
	var key struct{ Key string }
	b.Do("POST", "/api/v1/account/keys", map[string]any{"label": mark + "-label", "scope": "read"}).Into(http.StatusCreated, &key)
	if err := s.Store.LinkIdentity(t.Context(), store.Identity{Issuer: "https://" + mark + "-issuer.example.org", Subject: mark + "-subject", Person: room.PersonID(p.ID), Created: s.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	var group struct{ ID string }
	owner.Do("POST", "/api/v1/site/groups", map[string]any{"name": mark + "-group"}).Into(http.StatusCreated, &group)
	owner.Do("PUT", "/api/v1/site/groups/"+group.ID+"/members/"+p.ID, nil).Into(http.StatusOK, nil)
	card := owner.Invite(roomID, email, "moderator")
	guest := s.Browser()
	guest.Open(card)
	socket, _ := guest.Join(roomID)
	socket.Do("lobby.check", map[string]string{"email": email}, nil)
	socket.Event("phase.changed", nil)
	socket.Do("chat.post", map[string]string{"text": mark + "-chat"}, nil)
	socket.Do("backchannel.post", map[string]string{"text": mark + "-backchannel"}, nil)
	_, link := card.Link()
	return seeded{b, p.ID, mark, []string{key.Key, link, b.Cookie("session"), b.Cookie("device"), guest.Cookie("session"), guest.Cookie("device"), apitest.Password, "$argon2id$"}}
}

// T31: an export holds every mark of its person, none of another and no
// secret; who may not ask gets nothing, and each one leaves an audit entry.
func TestPersonExport(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	owner.OpenDoors(id)
	ada, bea := seed(t, s, id, "canaryada"), seed(t, s, id, "canarybea")
	holds := func(got *apitest.Answer, her, other seeded) {
		t.Helper()
		text := string(got.Into(http.StatusOK, nil).Body)
		for _, part := range []string{"-mail@", "-first", "-last", "-label", "-issuer", "-subject", "-group", "-chat", "-backchannel"} {
			if !strings.Contains(text, her.mark+part) {
				t.Errorf("%s%s is missing: %s", her.mark, part, text)
			}
		}
		for _, hidden := range append(append([]string{other.mark, other.id}, her.secrets...), other.secrets...) {
			if strings.Contains(text, hidden) {
				t.Errorf("%s is told", hidden)
			}
		}
	}
	const own, site = "/api/v1/account/export", "/api/v1/site/exports"
	holds(ada.Do("POST", own, map[string]any{}), ada, bea)
	holds(owner.Do("POST", site, map[string]any{"person": bea.id}), bea, ada)
	holds(owner.Do("POST", site, map[string]any{"email": "canaryada-mail@example.org"}), ada, bea)
	ada.Do("POST", site, map[string]any{"person": bea.id}).Refused(http.StatusForbidden, "forbidden")
	s.ScopedKey(apitest.Person{ID: ada.id}, api.ScopeRooms).Do("POST", own, map[string]any{}).Refused(http.StatusForbidden, "forbidden")
	holds(s.ScopedKey(apitest.Person{ID: ada.id}, api.ScopeAll).Do("POST", own, map[string]any{}), ada, bea)
	s.Browser().Do("POST", own, map[string]any{}).Refused(http.StatusUnauthorized, "not_authenticated")
	owner.Do("POST", site, map[string]any{}).Refused(http.StatusUnprocessableEntity, "invalid")
	var page auditAnswer
	owner.Do("GET", "/api/v1/site/audit?act=person.exported", nil).Into(http.StatusOK, &page)
	if len(page.Items) != 4 {
		t.Errorf("audit: %+v", page.Items)
	}

	// An address that is not known to be hers opens nobody's invitations.
	owner.Do("PATCH", "/api/v1/site/people/"+ada.id, map[string]any{"verified": false}).Into(http.StatusOK, nil)
	if got := ada.Do("POST", own, map[string]any{}); strings.Contains(string(got.Body), "-chat") {
		t.Errorf("told: %s", got.Body)
	}
	s.Clock.Advance(time.Hour)
	ada.Do("POST", own, map[string]any{}).Refused(http.StatusUnauthorized, "reauthenticate")
	ada.Do("POST", own, map[string]any{"current": apitest.Password}).Into(http.StatusOK, nil)
}

type exportAnswer struct {
	Rooms []struct {
		Title       string
		Rights      []string
		Invitations []apitest.Invitation
		Mails       []struct{ About, State, At string }
		Visits      []struct{ Since, Until string }
		Messages    []struct{ Kind, At, Text string }
		Roles       []struct{ From, To string }
	}
	Audit []struct {
		Room, Act string
		Own       bool
		Changes   []room.Change
	}
}

// What a room keeps of a person: mails, visits, words, roles; and what was done
// to them and by them, with nothing of others in it.
func TestPersonExportOfARoom(t *testing.T) {
	s, _, owner := mailing(t)
	id := owner.Room("Tea", time.Hour).ID
	card := inviteByMail(owner, id, "anna@example.org")
	deliver(s)
	other := owner.Invite(id, "bert@example.org", "viewer")
	owner.OpenDoors(id)
	anna := s.Browser()
	anna.Open(card)
	socket, _ := anna.Join(id)
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	socket.Event("phase.changed", nil)
	owner.Do("PATCH", "/api/v1/rooms/"+id+"/invitations/"+card.ID, map[string]any{"type": "moderator"}).Into(http.StatusOK, nil)
	socket.Event("me.role", nil)
	socket.Do("chat.post", map[string]string{"text": "from Anna"}, nil)
	socket.Do("role.set", map[string]string{"participant": other.Participant, "role": "speaker"}, nil)
	visited := func(so func(store.Visit) bool) {
		t.Helper()
		eventually(t, "the visit is written", func() bool {
			all, err := s.Store.Roster(t.Context(), room.ID(id), time.Time{})
			return err == nil && len(all.Visits) == 1 && so(all.Visits[0])
		})
	}
	visited(func(store.Visit) bool { return true })
	socket.Close()
	visited(func(v store.Visit) bool { return v.Until > 0 })
	var x exportAnswer
	owner.Do("POST", "/api/v1/site/exports", map[string]any{"email": "anna@example.org"}).Into(http.StatusOK, &x)
	if len(x.Rooms) != 1 || len(x.Rooms[0].Invitations) != 1 || len(x.Rooms[0].Visits) != 1 {
		t.Fatalf("%+v", x)
	}
	in := x.Rooms[0]
	if in.Title != "Tea" || in.Invitations[0].Email != "anna@example.org" || len(in.Mails) != 1 || in.Mails[0].About != "invitation" || in.Mails[0].State != "sent" ||
		in.Visits[0].Since == "" || in.Visits[0].Until == "" || len(in.Messages) != 1 || in.Messages[0].Text != "from Anna" || len(in.Roles) != 1 || in.Roles[0].To != "moderator" {
		t.Errorf("%+v", in)
	}
	own, done := map[string]int{}, map[string]int{}
	for _, a := range x.Audit {
		if a.Own {
			own[a.Act]++
		} else {
			done[a.Act]++
		}
		if a.Own && a.Act == "role.changed" && len(a.Changes) > 0 {
			t.Errorf("Bert's role is told: %+v", a)
		}
		if a.Act == "invitation.issued" && (len(a.Changes) == 0 || a.Changes[0].Field != "type") {
			t.Errorf("her own: %+v", a)
		}
	}
	if own["role.changed"] != 1 || own["invitation.claimed"] != 1 || done["role.changed"] != 1 || done["invitation.issued"] != 1 || done["person.exported"] != 0 {
		t.Errorf("by her %v, to her %v", own, done)
	}
}

// Who asked or answered anonymously is told to nobody, whoever exports: only to
// themselves.
func TestPersonExportKeepsWhatIsAnonymous(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	owner.OpenDoors(id)
	ada, p := s.Person("ada@example.org", "Ada", "L")
	owner.Do("PUT", "/api/v1/rooms/"+id+"/managers/"+p.ID, map[string]string{"right": "co-editor"}).Into(http.StatusOK, nil)
	staff, _ := ada.Join(id)
	var made struct{ ID string }
	staff.Do("interaction.create", map[string]any{"kind": "crowd", "question": "A secret poll?", "anonymous": true}, &made)
	staff.Do("interaction.launch", map[string]string{"id": made.ID}, nil)
	staff.Do("interaction.answer", map[string]any{"id": made.ID, "choices": []int{0}}, nil)
	staff.Do("question.ask", map[string]any{"text": "A secret question?", "anonymous": true}, nil)
	staff.Do("question.ask", map[string]any{"text": "An open question?"}, nil)
	told := func(b *apitest.Browser, path string, body map[string]any, secrets int) {
		t.Helper()
		text := string(b.Do("POST", path, body).Into(http.StatusOK, nil).Body)
		if strings.Count(text, "A secret") != secrets || !strings.Contains(text, "An open question?") {
			t.Errorf("%d secrets wanted: %s", secrets, text)
		}
	}
	told(owner, "/api/v1/site/exports", map[string]any{"person": p.ID}, 0)
	told(owner, "/api/v1/site/exports", map[string]any{"email": "ada@example.org"}, 0)
	told(ada, "/api/v1/account/export", map[string]any{}, 2)
}

// Every address of the site is looked at for an export, so one account cannot
// ask for them without end.
func TestPersonExportsAreLimited(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Exports: 2}})
	b, _ := s.Person("anna@example.org", "Anna", "A")
	for range 2 {
		b.Do("POST", "/api/v1/account/export", map[string]any{}).Into(http.StatusOK, nil)
	}
	if no := b.Do("POST", "/api/v1/account/export", map[string]any{}).Refused(http.StatusTooManyRequests, "slow_down"); no.RetryMS == 0 {
		t.Errorf("%+v", no)
	}
	s.Owner().Do("POST", "/api/v1/site/exports", map[string]any{"email": "anna@example.org"}).Into(http.StatusOK, nil)
	s.Clock.Advance(time.Hour)
	b.Do("POST", "/api/v1/account/export", map[string]any{"current": apitest.Password}).Into(http.StatusOK, nil)
}
