package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// lobby opens a link on a new device and waits in the lobby of an instance.
func lobby(s *apitest.Server, card apitest.Invitation, id string, instance int) (*apitest.Browser, *apitest.Socket) {
	b := s.Browser().On(instance)
	b.Open(card)
	socket, _ := b.Join(id)
	return b, socket
}

// T6: 100 devices claim one link in the same moment, on two instances: exactly
// one wins, the others are told why.
func TestHundredClaims(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2, Limits: api.Limits{HalfOpen: 1000, FreshSessions: 1000}})
	id := s.Owner().Room("Room", time.Hour).ID
	card := s.Owner().Invite(id, "anna@example.org", "viewer")
	s.Owner().OpenDoors(id)
	const devices = 100
	outcomes := make(chan string, devices)
	var ready sync.WaitGroup
	start := make(chan struct{})
	for i := range devices {
		b := s.Browser().On(i % 2)
		ready.Add(1)
		go func() {
			b.Open(card)
			ready.Done()
			<-start
			outcome := "failed" // a helper may end this goroutine
			defer func() { outcomes <- outcome }()
			outcome = claim(b, id)
		}()
	}
	ready.Wait()
	close(start)
	count := map[string]int{}
	for range devices {
		count[<-outcomes]++
	}
	if count["in"] != 1 || count["other_device"] != devices-1 {
		t.Errorf("outcomes: %v", count)
	}
	var seen apitest.Invitation
	if list(t, s.Owner(), id, "", &seen); seen.DevicesUsed != 1 || !slices.Contains([]string{"waiting", "confirmed", "inside"}, seen.State) { // by what was counted last
		t.Errorf("afterwards: %+v", seen)
	}
}

// claim says hello and gives the right address; the result is the code. Who
// still waits when another device wins is told by the close code.
func claim(b *apitest.Browser, id string) string {
	socket, reply := b.Hello(map[string]any{"room": id})
	if reply.Err == nil {
		reply = socket.Try("lobby.check", map[string]string{"email": "anna@example.org"})
	}
	switch {
	case reply.OK != nil:
		return "in"
	case reply.Err != nil:
		socket.CloseCode() // every refusal of this kind is final
		return string(reply.Err.Code)
	}
	return wire.CloseCode(socket.CloseCode()).String()
}

// As many devices as were allowed come in, and then no more.
func TestSeveralDevices(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	var card apitest.Invitation
	s.Owner().Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "anna@example.org", "first_name": "A", "last_name": "B", "type": "viewer", "devices": 2}).Into(http.StatusCreated, &card)
	s.Owner().OpenDoors(id)
	third, thirds := lobby(s, card, id, 0)
	for range 2 {
		_, socket := lobby(s, card, id, 0)
		socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
		socket.Event("phase.changed", nil)
	}
	thirds.Closed(wire.CloseOtherDevice) // nothing is left to wait for
	third.TryOpen(card.Link()).Refused(http.StatusGone, "invitation_used")
	s.Owner().Do("PATCH", "/api/v1/rooms/"+id+"/invitations/"+card.ID, map[string]any{"devices": 3}).Into(http.StatusOK, nil)
	third.Open(card)
	again, _ := third.Join(id)
	again.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
}

// T9: five wrong addresses lock a web session, twenty the link, on whatever
// instance, durably. A new link or a reset unlocks it; who is inside stays.
func TestLobbyLimits(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	id := s.Owner().Room("Room", time.Hour).ID
	card := s.Owner().Invite(id, "anna@example.org", "viewer")
	s.Owner().OpenDoors(id)
	wrong := func(socket *apitest.Socket, code room.Code) wire.Error {
		t.Helper()
		return socket.Refused("lobby.check", map[string]string{"email": "wrong@example.org"}, code)
	}
	first, socket := lobby(s, card, id, 0)
	for left := 4; left >= 1; left-- {
		if no := wrong(socket, room.CodeLobbyNoMatch); no.TriesLeft == nil || *no.TriesLeft != left {
			t.Fatalf("tries left: %+v", no)
		}
	}
	if no := wrong(socket, room.CodeLobbyLocked); no.RetryMS <= 0 || !no.Temporary {
		t.Fatalf("locked: %+v", no)
	}
	first.Do("POST", "/api/v1/session/renew", nil).Into(http.StatusOK, nil) // a new id is not a new session
	elsewhere, _ := first.On(1).Join(id)
	elsewhere.Refused("lobby.check", map[string]string{"email": "anna@example.org"}, room.CodeLobbyLocked)
	s.Clock.Advance(15*time.Minute + time.Second)
	for session := range 3 {
		_, socket := lobby(s, card, id, session%2)
		for range 4 {
			wrong(socket, room.CodeLobbyNoMatch)
		}
		wrong(socket, room.CodeLobbyLocked)
		socket.Close()
	}
	_, last := lobby(s, card, id, 1)
	last.Refused("lobby.check", map[string]string{"email": "anna@example.org"}, room.CodeLobbyLocked)
	var seen apitest.Invitation
	if list(t, s.Owner(), id, "", &seen); !seen.Locked {
		t.Errorf("not shown as locked: %+v", seen)
	}
	seen = apitest.Invitation{}
	s.Owner().Do("POST", "/api/v1/rooms/"+id+"/invitations/"+card.ID+"/device-reset", nil).Into(http.StatusOK, &seen)
	if seen.Locked {
		t.Errorf("the reset did not unlock: %+v", seen)
	}
	last.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
}

// Promotion on one instance is seen on the other, demotion on one is judged on
// the other at once; withdrawal ends sockets on both within a second.
func TestTwoInstancesAgree(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	card := owner.Invite(id, "anna@example.org", "viewer")
	owner.OpenDoors(id)
	boss, _ := owner.Join(id)
	anna, here := lobby(s, card, id, 0)
	here.Do("lobby.check", map[string]string{"email": "anna@example.org"}, nil)
	here.Event("phase.changed", nil)
	there, _ := anna.On(1).Join(id)
	for round := range 10 {
		boss.Do("role.set", map[string]string{"participant": card.Participant, "role": "speaker"}, nil)
		here.Event("me.role", nil)
		there.Event("me.role", nil)
		there.Do("backchannel.post", map[string]string{"text": "I may"}, nil)
		boss.Do("role.set", map[string]string{"participant": card.Participant, "role": "viewer"}, nil)
		// Before the news has come there: it is judged at the head of the log.
		there.Refused("backchannel.post", map[string]string{"text": fmt.Sprint("no more ", round)}, room.CodeForbidden)
		there.Event("me.role", nil)
	}
	began := time.Now()
	owner.On(1).Do("DELETE", "/api/v1/rooms/"+id+"/invitations/"+card.ID, map[string]string{}).Into(http.StatusNoContent, nil)
	here.Closed(wire.CloseInvitationInvalid)
	there.Closed(wire.CloseInvitationInvalid)
	if took := time.Since(began); took > apitest.Patience/2 {
		t.Errorf("withdrawn after %v", took)
	}
	for _, m := range boss.All() {
		if strings.Contains(string(m.Data), "no more") {
			t.Errorf("a demoted person was heard: %s", m.Data)
		}
	}
}

// The same key twice, on two instances, is one message.
func TestReplays(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.OpenDoors(id)
	here, _ := owner.Join(id)
	there, _ := owner.On(1).Join(id)
	first := here.Reply(here.SendKey("chat.post", "samekey", map[string]string{"text": "once"}))
	again := there.Reply(there.SendKey("chat.post", "samekey", map[string]string{"text": "once"}))
	if first.Err != nil || again.Err != nil || string(first.OK) != string(again.OK) || !again.Again || first.Again {
		t.Errorf("%s %v and %s %v", first.OK, first.Again, again.OK, again.Again)
	}
	here.Do("chat.post", map[string]string{"text": "last"}, nil)
	there.EventWhere("chat.posted", nil, func(m wire.Message) bool { return strings.Contains(string(m.Data), `"last"`) })
	seen := 0
	for _, m := range there.All() {
		if m.Event == "chat.posted" && strings.Contains(string(m.Data), `"once"`) {
			seen++
		}
	}
	if seen != 1 {
		t.Errorf("shown %d times", seen)
	}
}
