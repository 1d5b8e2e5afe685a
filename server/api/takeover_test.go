package api_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/apitest"
)

// takeOver says hello and asks for the seat.
func takeOver(b *apitest.Browser, id string) (*apitest.Socket, wire.Message) {
	b.T.Helper()
	return b.Hello(map[string]any{"room": id, "takeover": true})
}

// Somebody signed in with the invited, verified address goes straight in, and
// moves the seat from one device to another: the old one's sockets end with
// 4505, and it can move back.
func TestTakeover(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	id := s.Owner().Room("Room", time.Hour).ID
	s.Owner().Invite(id, "vera@example.org", "viewer")
	s.Owner().OpenDoors(id)
	desk := verified(t, s, "vera@example.org")
	phone := verifiedAgain(t, s, "vera@example.org")

	first, w := desk.Join(id)
	if w.Phase != room.PhaseLive {
		t.Fatalf("the verified address skips the lobby: %+v", w)
	}
	refused, no := phone.On(1).Hello(map[string]any{"room": id})
	if no.Err == nil || no.Err.Code != room.CodeOtherDevice {
		t.Fatalf("without takeover: %+v", no)
	}
	refused.Closed(wire.CloseOtherDevice)
	second, ok := takeOver(phone.On(1), id)
	if ok.Err != nil {
		t.Fatalf("takeover: %+v", ok.Err)
	}
	first.Closed(wire.CloseDisplaced)
	second.Do("chat.post", map[string]string{"text": "from the phone"}, nil)

	back, ok := takeOver(desk, id)
	if ok.Err != nil {
		t.Fatalf("moving back: %+v", ok.Err)
	}
	second.Closed(wire.CloseDisplaced)
	back.Do("chat.post", map[string]string{"text": "from the desk"}, nil)
	again, ok := takeOver(desk, id) // from where it is already: nothing ends
	if ok.Err != nil {
		t.Fatalf("again: %+v", ok.Err)
	}
	again.Close()
	back.Do("time", map[string]any{"t0": 1}, nil)
}

// Nobody else moves a seat: not with the link alone, not with an address that
// is not verified, not with another one.
func TestTakeoverNeedsTheVerifiedAddress(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	id := s.Owner().Room("Room", time.Hour).ID
	card := s.Owner().Invite(id, "vera@example.org", "viewer")
	s.Owner().OpenDoors(id)
	vera := verified(t, s, "vera@example.org")
	seat, _ := vera.Join(id)

	thief := s.Browser()
	other := verified(t, s, "other@example.org")
	unverified, _ := s.Person("una@example.org", "Una", "U")
	own := s.Owner().Invite(id, "una@example.org", "viewer")
	for what, b := range map[string]*apitest.Browser{"the link alone": thief, "another address": other} {
		b.TryOpen(card.Link())
		socket, no := takeOver(b, id)
		if no.Err == nil {
			t.Errorf("%s: let in", what)
		}
		socket.Close()
	}
	unverified.Open(own)
	_, lobby := takeOver(unverified, id)
	if lobby.Err != nil || !strings.Contains(string(lobby.OK), `"phase":"lobby"`) {
		t.Errorf("an unverified address skips the lobby: %s", lobby.OK)
	}
	seat.Do("time", map[string]any{"t0": 1}, nil)
	owner, ok := takeOver(s.Owner(), id) // a manager has nothing to move
	if ok.Err != nil {
		t.Errorf("a manager: %+v", ok.Err)
	}
	owner.Close()
}

// D1, D2: however many devices claim the seat at once, one has it in the end,
// and nobody else can speak.
func TestTakeoverRace(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	id := s.Owner().Room("Room", time.Hour).ID
	s.Owner().Invite(id, "vera@example.org", "viewer")
	s.Owner().OpenDoors(id)
	verified(t, s, "vera@example.org")
	const n = 6
	spoke := make(chan bool, n)
	var all sync.WaitGroup
	for i := range n {
		b := verifiedAgain(t, s, "vera@example.org").On(i % 2)
		all.Go(func() {
			socket := b.Dial()
			socket.Try("hello", map[string]any{"room": id, "takeover": true})
			if socket.Try("chat.post", map[string]string{"text": "here"}).OK == nil {
				socket.CloseCode()
				spoke <- false
				return
			}
			spoke <- true
		})
	}
	all.Wait()
	last, ok := takeOver(verifiedAgain(t, s, "vera@example.org"), id)
	if ok.Err != nil {
		t.Fatalf("the last: %+v", ok.Err)
	}
	last.Do("chat.post", map[string]string{"text": "the last one"}, nil)
	var seen apitest.Invitation
	list(t, s.Owner(), id, "", &seen)
	if seen.DevicesUsed != 1 {
		t.Errorf("%d devices hold the seat", seen.DevicesUsed)
	}
	close(spoke)
	first := false
	for one := range spoke {
		first = first || one
	}
	if !first {
		t.Error("nobody could speak")
	}
}

// verifiedAgain is another device of somebody with an account.
func verifiedAgain(t *testing.T, s *apitest.Server, email string) *apitest.Browser {
	t.Helper()
	p, err := s.Store.PersonByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return signedInAs(t, s, p.ID)
}
