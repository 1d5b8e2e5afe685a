package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// page is a page of invitations as HTTP tells it.
type page struct {
	Items  []apitest.Invitation
	Next   string
	Total  int
	Before int
	Counts map[string]int
	Types  map[string]int
}

func pageOf(b *apitest.Browser, id, query string) (p page) {
	b.T.Helper()
	b.Do("GET", "/api/v1/rooms/"+id+"/invitations?"+query, nil).Into(http.StatusOK, &p)
	return p
}

func (p page) names() (all []string) {
	for _, i := range p.Items {
		all = append(all, i.FirstName)
	}
	return all
}

// eventually asks again until it is so: presence is told once a second.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(apitest.Patience); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never %s", what)
		}
	}
}

func TestInvitationsSearchedAndSorted(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	for _, who := range [][4]string{
		{"Åsa", "Lindström", "asa@example.org", "speaker"}, {"José", "Álvarez", "jose.alvarez@example.org", "viewer"}, {"Zoë", "Groß", "zoe@example.net", "moderator"},
		{"Işıl", "Yılmaz", "isil@example.org", "viewer"}, {"ana", "Ferreira", "Ana.Ferreira@Example.org", "viewer"}, {"100%", "_under", "percent@example.org", "viewer"},
	} {
		owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"first_name": who[0], "last_name": who[1], "email": who[2], "type": who[3]}).Into(http.StatusCreated, nil)
	}
	for query, want := range map[string]string{
		"":                       "Åsa José Zoë Işıl ana 100%",
		"sort=name":              "100% ana Åsa Işıl José Zoë",
		"sort=-name":             "Zoë José Işıl Åsa ana 100%",
		"sort=-issued":           "100% ana Işıl Zoë José Åsa",
		"sort=email":             "ana Åsa Işıl José 100% Zoë",
		"sort=type&q=example":    "Zoë Åsa José Işıl ana 100%",
		"q=lindstrom":            "Åsa",
		"q=ASA":                  "Åsa",
		"q=" + esc("ÅSA LIND"):   "Åsa",
		"q=lind+asa":             "Åsa",
		"q=gross":                "Zoë",
		"q=" + esc("groß"):       "Zoë",
		"q=yilmaz":               "Işıl",
		"q=" + esc("IŞIL"):       "Işıl",
		"q=ferreira%40example":   "ana",
		"q=%25":                  "100%",
		"q=_":                    "100%",
		"q=alvarez+nobody":       "",
		"q=jos%C3%A8":            "José", // whatever the accent
		"type=viewer&sort=name":  "100% ana Işıl José",
		"type=speaker,moderator": "Åsa Zoë",
		"state=issued&q=zoe":     "Zoë",
		"state=revoked":          "",
		"state=locked,inside":    "",
		"limit=2&sort=name":      "100% ana",
	} {
		if got := strings.Join(pageOf(owner, id, query).names(), " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	p := pageOf(owner, id, "type=speaker&q=example.org")
	if p.Total != 1 || p.Counts["issued"] != 1 || p.Types["viewer"] != 4 || p.Types["moderator"] != 0 || p.Counts["inside"] != 0 {
		t.Errorf("counts: %+v", p)
	}
	for _, bad := range []string{"sort=age", "sort=--name", "state=claimed", "state=issued,", "type=owner", "limit=0", "limit=201", "limit=x", "after=x.%24", "ids=" + strings.Repeat("a,", 200) + "a"} {
		owner.Do("GET", "/api/v1/rooms/"+id+"/invitations?"+bad, nil).Refused(http.StatusUnprocessableEntity, "invalid")
	}
	if p := pageOf(owner, id, "after=unknown"); len(p.Items) != 0 || p.Total != 6 {
		t.Errorf("behind nobody: %+v", p)
	}
	all := pageOf(owner, id, "")
	if p := pageOf(owner, id, "q=nobody&ids="+all.Items[4].ID+","+all.Items[1].ID+",none"); strings.Join(p.names(), " ") != "José ana" {
		t.Errorf("by id: %v", p.names())
	}
}

func esc(text string) string { return url.QueryEscape(text) }

// Every order walks through all, once each, though rows change on the way.
func TestInvitationPages(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	const total = 47
	for i := range total {
		owner.Invite(id, fmt.Sprintf("%c%02d@example.org", 'a'+i*7%26, i), []string{"viewer", "speaker"}[i%2])
	}
	for _, order := range []string{"issued", "-issued", "name", "-name", "email", "type", "-type", "state", "-state"} {
		seen := map[string]bool{}
		before := 0
		for after := ""; ; {
			p := pageOf(owner, id, "limit=9&sort="+order+"&after="+after)
			if p.Total != total || p.Before != before {
				t.Fatalf("%s: %d before of %d, want %d", order, p.Before, p.Total, before)
			}
			for _, i := range p.Items {
				if seen[i.ID] {
					t.Fatalf("%s: twice", order)
				}
				seen[i.ID] = true
			}
			before += len(p.Items)
			if after = p.Next; after == "" {
				break
			}
		}
		if len(seen) != total {
			t.Errorf("%s: %d", order, len(seen))
		}
	}
	first := pageOf(owner, id, "limit=9&sort=name")
	last := first.Items[8]
	owner.Do("PATCH", "/api/v1/rooms/"+id+"/invitations/"+last.ID, map[string]any{"first_name": "Zzz"}).Into(http.StatusOK, nil)
	if p := pageOf(owner, id, "limit=9&sort=name&after="+first.Next); p.Before != 8 || slices.ContainsFunc(first.Items, func(i apitest.Invitation) bool { return i.ID == p.Items[0].ID }) {
		t.Errorf("the last of the page was renamed: %d before", p.Before)
	}
}

// One person's way, as the list on both instances tells it.
func TestInvitationStates(t *testing.T) {
	outbox := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Instances: 2, Mail: outbox})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	var card apitest.Invitation
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "anna@example.org", "first_name": "Anna", "last_name": "A", "type": "viewer", "send_email": true}).Into(http.StatusCreated, &card)
	state := func(want string) {
		t.Helper()
		for i := range 2 {
			on := owner.On(i)
			eventually(t, fmt.Sprintf("%s on instance %d, and since when", want, i), func() bool {
				p := pageOf(on, id, "")
				seen := p.Items[0]
				_, err := time.Parse(time.RFC3339, seen.StateAt) // who came and went is written by and by
				return seen.State == want && p.Counts[want] == 1 && (err == nil || want == "opened" || want == "waiting")
			})
		}
	}
	if card.State != "queued" {
		t.Errorf("invited: %+v", card)
	}
	state("queued")
	if err := s.Instances[1].Post.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	state("sent")
	anna := s.Browser()
	anna.Open(card)
	state("opened")
	socket, _ := anna.On(1).Join(id)
	state("waiting")
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	state("waiting")
	socket.Close()
	state("confirmed")
	owner.OpenDoors(id)
	socket, _ = anna.On(1).Join(id)
	state("inside")
	socket.Close()
	state("left")
	host, _ := owner.Join(id)
	whom := map[string]any{"participant": card.Participant}
	host.Do("participant.remove", whom, nil)
	state("removed")
	anna.Open(card)
	socket, _ = anna.On(1).Join(id)
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	state("inside")
	host.Do("participant.ban", whom, nil)
	state("banned")
	owner.Do("DELETE", "/api/v1/rooms/"+id+"/invitations/"+card.ID, nil).Into(http.StatusNoContent, nil)
	state("revoked")
}

func TestInvitationExpires(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "anna@example.org", "first_name": "Anna", "last_name": "A", "type": "viewer", "expires_at": s.In(time.Minute)}).Into(http.StatusCreated, nil)
	look, reply := lookAt(owner, id)
	if reply.Err != nil {
		t.Fatal(reply.Err.Code)
	}
	s.Clock.Advance(time.Minute)
	look.Signal(wire.SignalInvitationsChanged, func(json.RawMessage) bool { return true })
	if p := pageOf(owner, id, "state=expired"); p.Total != 1 {
		t.Errorf("%+v", p)
	}
}

// lookAt is a manager's page that looks.
func lookAt(b *apitest.Browser, id string) (*apitest.Socket, wire.Message) {
	b.T.Helper()
	s := b.Dial()
	return s, s.Ask("invitations.look", map[string]string{"room": id})
}

func TestLookOverTheSocket(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	card := owner.Invite(id, "anna@example.org", "viewer")
	guest := s.Browser()
	guest.Open(card)
	mia, _ := s.Person("mia@example.org", "Mia", "M")
	for who, want := range map[*apitest.Browser]room.Code{guest: room.CodeNotAuthenticated, mia: room.CodeNotFound, s.Browser(): room.CodeNotAuthenticated} {
		look, no := lookAt(who, id)
		if no.Err == nil || no.Err.Code != want {
			t.Errorf("looks: %+v, want %s", no, want)
		}
		if look.CloseCode() < 4500 {
			t.Error("may come back")
		}
	}
	if _, no := lookAt(owner, "none"); no.Err == nil || no.Err.Code != room.CodeNotFound {
		t.Errorf("no room: %+v", no)
	}
	look, ok := lookAt(owner.On(1), id)
	if ok.Err != nil {
		t.Fatalf("%+v", ok.Err)
	}
	look.Refused("chat.post", map[string]string{"text": "x"}, room.CodeForbidden)
	look.Refused("hello", map[string]string{"room": id}, room.CodeForbidden)
	look.Do("time", map[string]int{"t0": 1}, nil)
	changed := func(want string) {
		t.Helper()
		look.Signal(wire.SignalInvitationsChanged, func(data json.RawMessage) bool {
			var told wire.InvitationsChanged
			apitest.Decode(t, data, &told)
			return told.All || slices.Contains(told.IDs, room.InvitationID(want))
		})
	}
	socket, _ := guest.On(0).Join(id)
	changed(card.ID)
	var told apitest.Room
	owner.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &told)
	if *told.Inside != 0 || *told.Waiting != 1 {
		t.Errorf("who looks is counted: %d inside, %d waiting", *told.Inside, *told.Waiting)
	}
	socket.Close()
	changed(card.ID)
	bert := owner.Invite(id, "bert@example.org", "viewer")
	changed(bert.ID)
	eva, _ := s.Person("eva@example.org", "Eva", "E")
	owner.Do("PUT", "/api/v1/rooms/"+id+"/managers/eva@example.org", map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	evas, _ := lookAt(eva.On(1), id)
	owner.Do("DELETE", "/api/v1/rooms/"+id+"/managers/eva@example.org", nil).Into(http.StatusNoContent, nil)
	evas.Closed(wire.CloseRemoved)
	owner.Do("DELETE", "/api/v1/session", nil).Into(http.StatusNoContent, nil)
	if code := look.CloseCode(); code != int(wire.CloseNotAuthenticated) && code != int(wire.CloseSessionRefresh) {
		t.Errorf("signed out: closed with %d", code)
	}
}

func TestRevokeLetsFinish(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.OpenDoors(id)
	path := "/api/v1/rooms/" + id + "/invitations/"
	enter := func(email string) (apitest.Invitation, *apitest.Browser, *apitest.Socket) {
		t.Helper()
		card := owner.Invite(id, email, "viewer")
		b := s.Browser()
		b.Open(card)
		socket, _ := b.Join(id)
		socket.Do("lobby.check", map[string]string{"email": email}, nil)
		return card, b, socket
	}
	card, anna, socket := enter("anna@example.org")
	owner.Do("DELETE", path+card.ID, map[string]string{"sessions": "later"}).Refused(http.StatusUnprocessableEntity, "invalid")
	owner.Do("DELETE", path+card.ID, map[string]string{"sessions": "finish", "reason": "Full"}).Into(http.StatusNoContent, nil)
	socket.Do("chat.post", map[string]string{"text": "still here"}, nil)
	anna.TryOpen(card.Link()).Refused(http.StatusGone, "invitation_revoked")
	s.Browser().TryOpen(card.Link()).Refused(http.StatusGone, "invitation_revoked")
	eventually(t, "inside and finishing", func() bool {
		seen := pageOf(owner, id, "state=inside").Items
		return len(seen) == 1 && seen[0].Finishing
	})
	owner.Do("POST", path+card.ID+"/link", nil).Refused(http.StatusGone, "invitation_revoked")
	again, _ := anna.Join(id) // a lost connection
	again.Close()
	owner.Do("POST", path+card.ID+"/restore", nil).Into(http.StatusOK, nil)
	anna.TryOpen(card.Link()).Into(http.StatusOK, nil)
	owner.Do("DELETE", path+card.ID, map[string]string{"sessions": "finish"}).Into(http.StatusNoContent, nil)
	socket.Close()
	s.Clock.Advance(10 * time.Second)
	eventually(t, "revoked for good", func() bool {
		s.Clock.Advance(5 * time.Second)
		seen := pageOf(owner, id, "state=revoked").Items
		return len(seen) == 1 && !seen[0].Finishing
	})
	if _, no := anna.Hello(map[string]any{"room": id}); no.Err == nil || no.Err.Code != room.CodeInvitationRevoked {
		t.Errorf("came back: %+v", no)
	}
	owner.Do("POST", path+card.ID+"/restore", nil).Refused(http.StatusGone, "invitation_revoked")
	bert, _, berts := enter("bert@example.org")
	owner.Do("DELETE", path+bert.ID, map[string]string{"sessions": "end"}).Into(http.StatusNoContent, nil)
	berts.Closed(wire.CloseInvitationInvalid)
}

func TestManyAtOnce(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Mail: new(mail.Outbox), Limits: api.Limits{MailRecipient: 1}})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	path := "/api/v1/rooms/" + id + "/invitations/"
	var ids []string
	for i := range 5 {
		ids = append(ids, owner.Invite(id, fmt.Sprintf("g%d@example.org", i), "viewer").ID)
	}
	type result struct {
		ID    string
		OK    bool
		Error *struct{ Code, Detail string }
	}
	many := func(act string, body map[string]any) (got []result) {
		t.Helper()
		var told struct{ Items []result }
		owner.Do("POST", path+act, body).Into(http.StatusOK, &told)
		return told.Items
	}
	owner.Do("DELETE", path+ids[4], nil).Into(http.StatusNoContent, nil)
	sent := many("email", map[string]any{"ids": append(ids, ids[0], "none")})
	if len(sent) != 6 || !sent[0].OK || !sent[3].OK || sent[4].Error.Code != "invitation_revoked" || sent[5].Error.Code != "not_found" {
		t.Errorf("sent: %+v", sent)
	}
	if p := pageOf(owner, id, "state=queued"); p.Total != 4 {
		t.Errorf("queued: %+v", p.Counts)
	}
	if err := s.Instances[0].Post.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sent = many("email", map[string]any{"ids": ids[:1]}); sent[0].OK || sent[0].Error.Code != "slow_down" {
		t.Errorf("over the limit: %+v", sent)
	}
	gone := many("revoke", map[string]any{"ids": ids[1:], "reason": "Full"})
	if len(gone) != 4 || !gone[0].OK || !gone[3].OK { // the last is so already
		t.Errorf("revoked: %+v", gone)
	}
	if p := pageOf(owner, id, ""); p.Counts["revoked"] != 4 || p.Counts["sent"] != 1 {
		t.Errorf("afterwards: %+v", p.Counts)
	}
	for _, bad := range []map[string]any{{}, {"ids": []string{}}, {"ids": make([]string, 201)}, {"ids": "all"}, {"ids": ids, "sessions": "x"}, {"ids": ids, "reason": strings.Repeat("x", 501)}} {
		if got := owner.Do("POST", path+"revoke", bad); got.Status != http.StatusUnprocessableEntity && (bad["reason"] == nil || got.Status != http.StatusOK) {
			t.Errorf("%v: %d", bad, got.Status)
		}
	}
}

// The list of a room with 10,000 invitations, as managers ask for it: a page
// deep inside, searched, sorted, while people come and go.
func BenchmarkInvitationList(b *testing.B) {
	s := apitest.Start(b, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	tenThousand(b, s, id)
	s.Clock.Advance(time.Minute) // what has just been written is read again
	queries := []string{"", "sort=name", "q=guest+77", "state=issued,sent&sort=-state", "type=viewer&sort=email&limit=200", "q=example&sort=-name"}
	path := "/api/v1/rooms/" + id + "/invitations?"
	owner.Do("GET", path, nil).Into(http.StatusOK, nil)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		owner.Do("GET", path+queries[i%len(queries)], nil).Into(http.StatusOK, nil)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// tenThousand writes invitations with mails and visits past the API, which
// takes them one by one.
func tenThousand(t testing.TB, s *apitest.Server, id string) {
	t.Helper()
	owner := room.Actor{Account: room.PersonID(s.Owner().Me().Person.ID), SiteRole: room.SiteOwner}
	var came []store.Attendance
	for i := range 10_000 {
		inv, p := room.InvitationID(fmt.Sprintf("inv%05d", i)), room.ParticipantID(fmt.Sprintf("par%05d", i))
		c := room.Invite{Invitation: inv, Participant: p, FirstName: fmt.Sprintf("Guest %d", i*7919%10_000), LastName: "Müller", Type: room.Viewer, Match: room.HashOf(string(inv))}
		_, err := s.Instances[0].Hub.Do(t.Context(), room.ID(id), owner, c, func([]room.Event) []store.Row {
			return []store.Row{store.AddressRow{Room: room.ID(id), Invitation: inv, Email: fmt.Sprintf("guest%d@example.org", i), FirstName: c.FirstName, LastName: c.LastName},
				store.MailRow{ID: string(inv), Room: room.ID(id), Invitation: inv, Kind: store.MailInvitation, Generation: 1, Recipient: c.Match}}
		})
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			came = append(came, store.Attendance{Room: room.ID(id), Participant: p, Instance: "x", At: 1, Inside: true})
		}
	}
	if err := s.Store.PutAttendance(t.Context(), came); err != nil {
		t.Fatal(err)
	}
}
