package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/apitest"
)

// story is one session from the first link to the end, in the order of what
// people see. Its steps build on each other.
type story struct {
	*testing.T
	server *apitest.Server
	owner  *apitest.Browser
	room   apitest.Room

	anna, bert, mia          *apitest.Browser
	annaCard, bertCard, mias apitest.Invitation
	annas, berts, mods, boss *apitest.Socket
	bertPos                  room.Seq
	epoch                    string
}

func TestStory(t *testing.T) {
	s := &story{T: t, server: apitest.Start(t, apitest.Options{Instances: 2})}
	for _, step := range []struct {
		name string
		run  func(*story)
	}{
		{"0 an empty server gets its owner, a room and invitations", (*story).prepare},
		{"1 the room's page counts down and takes the address early", (*story).countdown},
		{"2 the door opens by a push and the lobby asks", (*story).door},
		{"3 the live room", (*story).live},
		{"4 promotion and back", (*story).promotion},
		{"5 another device", (*story).otherDevice},
		{"6 withdrawn, moved, closed, deleted", (*story).endings},
		{"7 away and back", (*story).away},
	} {
		if !t.Run(step.name, func(t *testing.T) { s.T = t; step.run(s) }) {
			return
		}
	}
}

func (s *story) prepare() {
	s.server.Browser().Do("GET", "/api/v1/rooms", nil).Refused(http.StatusUnauthorized, "not_authenticated")
	s.owner = s.server.Owner()
	if me := s.owner.Me(); me.Person == nil || me.Person.Email != "owner@example.org" || !me.Person.SiteOwner || me.Person.SiteRole != "owner" {
		s.Fatalf("the owner is %+v", me.Person)
	}
	s.owner.Do("POST", "/api/v1/rooms", map[string]any{"title": "Cafe\u0301 \u202etalk", "description": "One.\n\n\nTwo.", "starts_at": s.server.In(time.Hour),
		"ends_at": s.server.In(2 * time.Hour), "speakers": []any{map[string]string{"name": "Mia", "bio": "Speaks."}}}).Into(http.StatusCreated, &s.room)
	if s.room.Title != "Caf\u00e9 talk" || s.room.State != "scheduled" || !s.room.Collaboration || s.room.Right != "owner" || len(s.room.Speakers) != 1 {
		s.Fatalf("the room is %+v", s.room)
	}
	s.annaCard = s.owner.Invite(s.room.ID, "anna@example.org", "viewer")
	s.bertCard = s.owner.Invite(s.room.ID, "bert@b\u00fccher.example", "viewer")
	s.mias = s.owner.Invite(s.room.ID, "mia@example.org", "moderator")
	if c := s.annaCard; c.State != "issued" || c.Type != "viewer" || c.Devices != 1 || !strings.HasPrefix(c.URL, s.server.Public.String()+"/i/") || !strings.Contains(c.URL, "#gri_") {
		s.Fatalf("the invitation is %+v", c)
	}
	s.anna, s.bert, s.mia = s.server.Browser(), s.server.Browser(), s.server.Browser()
}

func (s *story) countdown() {
	opened := s.anna.Open(s.annaCard)
	if opened.Phase != "countdown" || opened.Lobby != "email" || opened.Confirmed || opened.FirstName != "Anna" || opened.Invitation != s.annaCard.ID || opened.Room.ID != s.room.ID {
		s.Fatalf("opened: %+v", opened)
	}
	if ics := s.anna.Do("GET", "/api/v1/rooms/"+s.room.ID+"/calendar", nil).Into(http.StatusOK, nil); !strings.Contains(string(ics.Body), "SUMMARY:Caf\u00e9 talk\r\n") {
		s.Fatalf("calendar: %s", ics.Body)
	}
	var w room.Welcome
	s.annas, w = s.anna.Join(s.room.ID)
	if w.Phase != room.PhaseCountdown || w.You.Confirmed || len(w.You.Rights) != 0 || w.Mode != "snapshot" {
		s.Fatalf("welcome: %+v", w)
	}
	s.epoch = w.Epoch
	s.annas.Signal("countdown", func(data json.RawMessage) bool { return strings.Contains(string(data), `"starts_at"`) })
	var clock struct{ T0, T1, T2 float64 }
	s.annas.Do("time", map[string]any{"t0": 1234.5}, &clock)
	if clock.T0 != 1234.5 || clock.T1 > clock.T2 || clock.T2 > float64(s.server.Clock.Now().UnixMilli()) {
		s.Fatalf("clock: %+v", clock)
	}
	s.annas.Refused("chat.post", map[string]string{"text": "early"}, room.CodeNotOpenYet)

	var ok struct{ Phase string }
	s.annas.Do("lobby.check", map[string]string{"email": " ANNA@Example.org. "}, &ok)
	var changed room.PhaseChanged
	s.annas.Event("phase.changed", &changed)
	if ok.Phase != "countdown" || !changed.You.Confirmed || changed.Phase != room.PhaseCountdown {
		s.Fatalf("confirmed early: %+v, %+v", ok, changed)
	}
	before := s.anna.Cookie("session")
	s.anna.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil)
	if s.anna.Cookie("session") == before {
		s.Fatal("renewal kept the session id")
	}
	if again := s.anna.Open(s.annaCard); again.Lobby != "none" || !again.Confirmed {
		s.Fatalf("opened again: %+v", again)
	}
	s.bert.Open(s.bertCard)
	s.berts, _ = s.bert.Join(s.room.ID)
}

func (s *story) door() {
	s.server.Clock.Advance(time.Hour + time.Second)
	for _, waiting := range []*apitest.Socket{s.annas, s.berts} {
		waiting.Event("room.opened", nil)
	}
	var in, lobby room.PhaseChanged
	s.annas.Event("phase.changed", &in)
	s.berts.Event("phase.changed", &lobby)
	if in.Phase != room.PhaseLive || in.Snapshot == nil || in.Snapshot.Chat == nil || lobby.Phase != room.PhaseLobby {
		s.Fatalf("anna: %+v, bert: %+v", in, lobby)
	}
	for left := 4; left >= 3; left-- {
		if no := s.berts.Refused("lobby.check", map[string]string{"email": "robert@example.org"}, room.CodeLobbyNoMatch); no.TriesLeft == nil || *no.TriesLeft != left {
			s.Fatalf("tries left: %+v", no)
		}
	}
	s.berts.Refused("lobby.check", map[string]string{"email": "not an address"}, room.CodeInvalid)
	s.berts.Refused("chat.post", map[string]string{"text": "from the lobby"}, room.CodeForbidden)
	var ok struct{ Phase string }
	s.berts.Do("lobby.check", map[string]string{"email": "Bert@xn--bcher-kva.EXAMPLE"}, &ok)
	s.berts.Event("phase.changed", &in)
	if ok.Phase != "live" || in.Phase != room.PhaseLive || len(in.You.Rights) == 0 {
		s.Fatalf("bert: %+v, %+v", ok, in)
	}
}

func (s *story) live() {
	s.mia.Open(s.mias)
	s.mods, _ = s.mia.Join(s.room.ID)
	s.mods.Do("lobby.check", map[string]string{"email": "mia@example.org"}, nil)
	s.mods.Event("phase.changed", nil)
	var staged struct{ Name, Role string }
	s.annas.Event("stage.changed", &staged)
	if staged.Name != "Mia Guest" || staged.Role != "moderator" {
		s.Fatalf("stage: %+v", staged)
	}
	var w room.Welcome
	s.boss, w = s.owner.Join(s.room.ID)
	if w.You.Role != "manager" || w.You.Right != "owner" {
		s.Fatalf("the owner is %+v", w.You)
	}
	var said struct {
		ID  string
		Pos room.Seq
	}
	s.annas.Do("chat.post", map[string]string{"text": "Hello e\u0301veryone"}, &said)
	for _, all := range []*apitest.Socket{s.annas, s.berts, s.mods, s.boss} {
		var m room.Posted
		if got := all.Event("chat.posted", &m); m.Text != "Hello \u00e9veryone" || m.ID != said.ID || got.Pos != said.Pos || m.Name != "Anna Guest" || m.Role != "viewer" {
			s.Fatalf("message: %+v at %d, said %+v", m, got.Pos, said)
		}
	}
	s.annas.Refused("backchannel.post", map[string]string{"text": "psst"}, room.CodeForbidden)
	s.annas.Refused("people.page", map[string]any{}, room.CodeForbidden)
	s.mods.Do("backchannel.post", map[string]string{"text": "staff only"}, nil)
	s.boss.Event("backchannel.posted", nil)
	var people room.PeopleList
	s.mods.Do("people.page", map[string]any{"q": "anna"}, &people)
	if people.Total != 1 || people.Items[0].Participant != room.ParticipantID(s.annaCard.Participant) {
		s.Fatalf("people: %+v", people)
	}
	s.annas.Signal("people.count", func(data json.RawMessage) bool { return strings.Contains(string(data), `"inside":4`) })
}

func (s *story) promotion() {
	second, _ := s.anna.Join(s.room.ID) // another tab
	promote := func(by *apitest.Socket, role string) {
		s.Helper()
		by.Do("role.set", map[string]string{"participant": s.annaCard.Participant, "role": role}, nil)
		for _, tab := range []*apitest.Socket{s.annas, second} {
			var me room.MeRole
			tab.Event("me.role", &me)
			if me.Role != role || me.You.Role != role || me.Snapshot == nil || (me.Snapshot.Backchannel != nil) != (role != "viewer") {
				s.Fatalf("me.role: %+v", me)
			}
		}
		s.berts.EventWhere("stage.changed", nil, func(m wire.Message) bool {
			return strings.Contains(string(m.Data), `"role":"`+role+`"`) && strings.Contains(string(m.Data), s.annaCard.Participant)
		})
	}
	promote(s.mods, "speaker")
	s.annas.Do("backchannel.post", map[string]string{"text": "now I may"}, nil)
	promote(s.mods, "viewer")
	second.Refused("backchannel.post", map[string]string{"text": "no more"}, room.CodeForbidden)
	s.mods.Refused("role.set", map[string]string{"participant": s.annaCard.Participant, "role": "moderator"}, room.CodeForbidden)
	promote(s.boss, "moderator")
	s.annas.Refused("role.set", map[string]string{"participant": s.mias.Participant, "role": "viewer"}, room.CodeForbidden)
	promote(s.boss, "viewer")
	// A second invitation to the same address is the same act, by HTTP.
	var again apitest.Invitation
	s.owner.Do("POST", "/api/v1/rooms/"+s.room.ID+"/invitations", map[string]any{"email": "anna@EXAMPLE.org", "first_name": "Anna", "last_name": "Guest", "type": "speaker"}).Into(http.StatusOK, &again)
	if !again.Existing || again.URL != "" || again.ID != s.annaCard.ID || again.Type != "speaker" {
		s.Fatalf("invited again: %+v", again)
	}
	s.annas.Event("me.role", nil)
	s.owner.Do("PATCH", "/api/v1/rooms/"+s.room.ID+"/invitations/"+s.annaCard.ID, map[string]any{"type": "viewer"}).Into(http.StatusOK, nil)
	s.annas.Event("me.role", nil)
}

func (s *story) otherDevice() {
	publicID, secret := s.annaCard.Link()
	other := s.server.Browser()
	if no := other.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device"); no.SinceAt == "" {
		s.Fatalf("refused without since_at: %+v", no)
	}
	if other.Cookie("session") != "" {
		s.Fatal("a refused link left a session")
	}
	var free apitest.Invitation
	s.owner.Do("POST", "/api/v1/rooms/"+s.room.ID+"/invitations/"+s.annaCard.ID+"/device-reset", map[string]any{}).Into(http.StatusOK, &free)
	if free.DevicesUsed != 0 || free.State != "opened" && free.State != "left" { // left: the stay was written already
		s.Fatalf("after the reset: %+v", free)
	}
	s.annas.Closed(wire.CloseDisplaced)
	other.Open(s.annaCard)
	s.annas, _ = other.Join(s.room.ID)
	s.annas.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	s.annas.Event("phase.changed", nil)
	s.anna.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device")
	socket, no := s.anna.Hello(map[string]any{"room": s.room.ID})
	if no.Err == nil || no.Err.Code != room.CodeOtherDevice || no.Err.SinceAt == 0 {
		s.Fatalf("hello of the first browser: %+v", no)
	}
	socket.Closed(wire.CloseOtherDevice)
	s.anna = other
}

func (s *story) endings() {
	began := time.Now()
	s.owner.Do("DELETE", "/api/v1/rooms/"+s.room.ID+"/invitations/"+s.annaCard.ID, map[string]string{"reason": "A mistake."}).Into(http.StatusNoContent, nil)
	var me room.MeRevoked
	s.annas.Event("me.revoked", &me)
	s.annas.Closed(wire.CloseInvitationInvalid)
	if took := time.Since(began); took > apitest.Patience/2 || me.Reason != "A mistake." {
		s.Fatalf("withdrawn after %v: %+v", took, me)
	}
	publicID, secret := s.annaCard.Link()
	if no := s.server.Browser().TryOpen(publicID, secret).Refused(http.StatusGone, "invitation_revoked"); no.Reason != "A mistake." {
		s.Fatalf("opened after: %+v", no)
	}

	next := s.owner.Room("Next", time.Hour)
	guest := s.server.Browser()
	guest.Open(s.owner.Invite(next.ID, "gast@example.org", "viewer"))
	waiting, _ := guest.Join(next.ID)
	s.owner.Patch(next.ID, map[string]any{"starts_at": s.server.In(3 * time.Hour), "reason": "The train is late."}).Into(http.StatusOK, nil)
	var moved room.RoomScheduled
	waiting.Event("room.scheduled", &moved)
	if moved.Reason != "The train is late." {
		s.Fatalf("moved: %+v", moved)
	}
	s.owner.OpenDoors(next.ID)
	waiting.Event("room.opened", nil)
	s.owner.Patch(next.ID, map[string]any{"starts_at": s.server.In(4 * time.Hour)}).Refused(http.StatusConflict, "conflict")
	s.owner.Patch(next.ID, map[string]any{"state": "closed", "reason": "Thank you all."}).Into(http.StatusOK, nil)
	waiting.Event("room.closed", nil)
	var changed room.PhaseChanged
	waiting.EventWhere("phase.changed", &changed, func(m wire.Message) bool { return strings.Contains(string(m.Data), `"over"`) })
	late, no := guest.Hello(map[string]any{"room": next.ID})
	if no.Err == nil || no.Err.Code != room.CodeOver || no.Err.Reason != "Thank you all." {
		s.Fatalf("hello after the end: %+v", no)
	}
	late.Closed(wire.CloseRoomOver)
	s.owner.Do("DELETE", "/api/v1/rooms/"+next.ID, map[string]string{"reason": "Gone."}).Into(http.StatusNoContent, nil)
	waiting.Event("room.deleted", nil)
	waiting.Closed(wire.CloseRoomDeleted)
	if no := s.owner.Do("GET", "/api/v1/rooms/"+next.ID, nil).Refused(http.StatusGone, "room_deleted"); no.Reason != "Gone." {
		s.Fatalf("the room after: %+v", no)
	}
}

func (s *story) away() {
	for _, m := range s.berts.All() {
		s.bertPos = max(s.bertPos, m.Pos)
	}
	s.berts.Close()
	s.mods.Do("chat.post", map[string]string{"text": "while you were away"}, nil)
	s.mods.Do("backchannel.post", map[string]string{"text": "not for you"}, nil)
	s.mods.Do("chat.post", map[string]string{"text": "and again"}, nil)
	socket, reply := s.bert.On(1).Hello(map[string]any{"room": s.room.ID, "resume": map[string]any{"epoch": s.epoch, "pos": s.bertPos}})
	if reply.Err != nil {
		s.Fatalf("resume: %+v", *reply.Err)
	}
	var w room.Welcome
	apitest.Decode(s, reply.OK, &w)
	if w.Mode != "resumed" {
		s.Fatalf("resume at %d gave %+v", s.bertPos, w)
	}
	s.mods.Do("chat.post", map[string]string{"text": "live"}, nil)
	socket.EventWhere("chat.posted", nil, func(m wire.Message) bool { return strings.Contains(string(m.Data), `"live"`) })
	var texts []string
	for _, m := range socket.All() {
		if m.Event == "chat.posted" {
			var p room.Posted
			apitest.Decode(s, m.Data, &p)
			texts = append(texts, p.Text)
		}
		if m.Event == "backchannel.posted" {
			s.Error("a viewer was shown the backchannel")
		}
	}
	if strings.Join(texts, "|") != "while you were away|and again|live" {
		s.Errorf("came: %q", texts)
	}
}
