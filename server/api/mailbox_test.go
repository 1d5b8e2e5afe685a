package api_test

import (
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

var sixDigits = regexp.MustCompile(`(?m)^\s*(\d{3} ?\d{3})\s*$`)

// mailed waits until so many codes have been sent and gives the last one.
func mailed(t *testing.T, out *mail.Outbox, codes int) string {
	t.Helper()
	for end := time.Now().Add(apitest.Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var found []string
		for _, m := range out.Messages() {
			if code := sixDigits.FindStringSubmatch(m.Text); code != nil && m.Link == "" {
				found = append(found, code[1])
			}
		}
		if len(found) > codes {
			t.Fatalf("%d codes were sent, want %d", len(found), codes)
		}
		if len(found) == codes {
			return found[0] // the newest comes first
		}
	}
	t.Fatal("no code was sent")
	return ""
}

func with(holds map[string]any, name string, value any) map[string]any {
	all := map[string]any{name: value}
	for n, v := range holds {
		all[n] = v
	}
	return all
}

const codePath, movePath = "/api/v1/invitations/code", "/api/v1/invitations/move"

// Somebody moves to another device by a code to the invited mailbox: the first
// one is signed out with the new claim, by another instance (D2, D3).
func TestMovingByCode(t *testing.T) {
	out := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Instances: 2, Mail: out, Deliver: true})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	owner.OpenDoors(talk.ID)
	laptop := s.Browser()
	socket := settleIn(laptop, talk.ID, card)
	phone := s.Browser().On(1)
	publicID, secret := card.Link()
	if no := phone.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device"); len(no.Can) != 2 || no.Can[0] != "code" {
		t.Errorf("told: %+v", no)
	}
	phone.Do("POST", movePath, with(card.Holds(), "code", "123456")).Refused(http.StatusUnauthorized, "not_authenticated")
	var sent struct {
		AgainMS int64 `json:"again_ms"`
	}
	phone.Do("POST", codePath, card.Holds()).Into(http.StatusOK, &sent)
	if sent.AgainMS <= 0 || sent.AgainMS > 60_000 {
		t.Errorf("again after %d ms", sent.AgainMS)
	}
	code := mailed(t, out, 1)
	if no := phone.Do("POST", codePath, card.Holds()).Refused(http.StatusTooManyRequests, "slow_down"); no.RetryMS <= 0 {
		t.Errorf("at once again: %+v", no)
	}
	for left := 4; left >= 3; left-- {
		no := phone.Do("POST", movePath, with(card.Holds(), "code", wrongOf(code))).Refused(http.StatusUnprocessableEntity, "lobby_no_match")
		if no.TriesLeft == nil || *no.TriesLeft != left {
			t.Errorf("a wrong code: %+v", no)
		}
	}
	phone.Do("POST", movePath, with(card.Holds(), "code", "12345x")).Refused(http.StatusUnprocessableEntity, "invalid")
	thief := s.Browser()
	thief.Do("POST", codePath, card.Holds()).Refused(http.StatusTooManyRequests, "slow_down")
	thief.Do("POST", movePath, with(card.Holds(), "code", code)).Refused(http.StatusUnprocessableEntity, "lobby_no_match")
	socket.Do("chat.post", map[string]string{"text": "Guessing does not lock me"}, nil)

	var opened apitest.Opened
	phone.Do("POST", movePath, with(card.Holds(), "code", code)).Into(http.StatusOK, &opened)
	if !opened.Confirmed || opened.Phase != "live" || opened.Room.ID != talk.ID {
		t.Errorf("moved: %+v", opened)
	}
	socket.Closed(wire.CloseDisplaced)
	moved, _ := phone.Join(talk.ID)
	moved.Do("chat.post", map[string]string{"text": "Here now"}, nil)
	laptop.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device")

	// and back, by the session alone
	s.Clock.Advance(time.Minute)
	held := map[string]any{"room": talk.ID}
	laptop.Do("POST", codePath, held).Into(http.StatusOK, nil)
	laptop.Do("POST", movePath, with(held, "code", mailed(t, out, 2))).Into(http.StatusOK, nil)
	moved.Closed(wire.CloseDisplaced)
	s.Browser().Do("POST", codePath, held).Refused(http.StatusUnauthorized, "not_authenticated")
}

func wrongOf(code string) string {
	if code == "000000" || code == "000 000" {
		return "000001"
	}
	return "000000"
}

// D5: of many browsers with the same right code in the same cookie jar, and
// others without, one claim comes.
func TestOneCodeMovesOnce(t *testing.T) {
	out := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Instances: 2, Mail: out, Deliver: true})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	settleIn(s.Browser(), talk.ID, card)
	phone := s.Browser()
	phone.Do("POST", codePath, card.Holds()).Into(http.StatusOK, nil)
	code := mailed(t, out, 1)
	var wg sync.WaitGroup
	for i := range 20 {
		b := phone.Copy().On(i % 2)
		wg.Go(func() { b.Do("POST", movePath, with(card.Holds(), "code", code)).Into(http.StatusOK, nil) })
	}
	wg.Wait()
	claims := 0
	for e, err := range s.Store.Since(t.Context(), room.ID(talk.ID), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if _, is := e.Fact.(room.Claimed); is {
			claims++
		}
	}
	if claims != 2 {
		t.Errorf("%d claims", claims)
	}
}

// The lobby asks for a code where the site says so: in the countdown as behind
// the door, and marks who has shown one.
func TestLobbyAsksForCodes(t *testing.T) {
	out := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Mail: out, Deliver: true})
	owner := s.Owner()
	owner.Do("PATCH", "/api/v1/site", map[string]any{"lobby": map[string]any{"viewer": "code"}}).Into(http.StatusOK, nil)
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	anna := s.Browser()
	anna.Open(card)
	socket, _ := anna.Join(talk.ID)
	socket.Refused("lobby.check", map[string]string{"email": "eve@example.org"}, room.CodeLobbyNoMatch)
	var entry struct {
		Phase, Verify string
		AgainMS       int64 `json:"again_ms"`
	}
	socket.Do("lobby.check", map[string]string{"email": "Anna@Example.org"}, &entry)
	if entry.Phase != "countdown" || entry.Verify != "code" || entry.AgainMS <= 0 {
		t.Errorf("the right address: %+v", entry)
	}
	code := mailed(t, out, 1)
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, &entry)
	if entry.Verify != "code" {
		t.Errorf("again: %+v", entry)
	}
	socket.Refused("lobby.code", map[string]string{"code": "12 34"}, room.CodeInvalid)
	if no := socket.Refused("lobby.code", map[string]string{"code": wrongOf(code)}, room.CodeLobbyNoMatch); no.TriesLeft == nil || *no.TriesLeft != 4 {
		t.Errorf("a wrong code: %+v", no)
	}
	entry.Verify = ""
	socket.Do("lobby.code", map[string]string{"code": code}, &entry)
	if entry.Phase != "countdown" || entry.Verify != "" {
		t.Errorf("confirmed: %+v", entry)
	}
	var seen apitest.Invitation
	list(t, owner, talk.ID, "", &seen)
	if seen.State != "confirmed" && seen.State != "waiting" || !seen.Verified { // by whether they were counted here yet
		t.Errorf("listed: %+v", seen)
	}
	mailed(t, out, 1)
	speaker := owner.Invite(talk.ID, "sam@example.org", "speaker")
	settleIn(s.Browser(), talk.ID, speaker)
}

// A room may want codes where the site does not, live; never fewer than the
// site.
func TestLobbyCodesOfOneRoom(t *testing.T) {
	out := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Mail: out, Deliver: true})
	owner := s.Owner()
	talk := owner.Room("Talk", time.Hour)
	if talk.LobbyCode {
		t.Error("a new room wants codes by itself")
	}
	at := "/api/v1/rooms/" + talk.ID
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	anna := s.Browser()
	anna.Open(card)
	socket, _ := anna.Join(talk.ID)
	var seen apitest.Room
	owner.Do("PATCH", at, map[string]any{"lobby_code": true}).Into(http.StatusOK, &seen)
	if !seen.LobbyCode || seen.Title != "Talk" {
		t.Errorf("changed: %+v", seen)
	}
	var entry struct{ Verify string }
	socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, &entry)
	if entry.Verify != "code" {
		t.Errorf("entered without a code: %+v", entry)
	}
	mailed(t, out, 1)
	var copied apitest.Room
	owner.Do("POST", at+"/duplicate", map[string]any{"starts_at": s.Clock.Now().Add(time.Hour).Format(time.RFC3339)}).Into(http.StatusCreated, &copied)
	if !copied.LobbyCode {
		t.Error("a copy forgets it")
	}
	owner.Do("PATCH", at, map[string]any{"title": "Other"}).Into(http.StatusOK, &seen)
	if !seen.LobbyCode {
		t.Error("another edit forgets it")
	}
	owner.Do("PATCH", at, map[string]any{"lobby_code": false}).Into(http.StatusOK, &seen)
	settleIn(s.Browser(), talk.ID, owner.Invite(talk.ID, "bert@example.org", "viewer"))
	owner.Do("PATCH", "/api/v1/site", map[string]any{"lobby": map[string]any{"viewer": "code"}}).Into(http.StatusOK, nil)
	carla := s.Browser()
	carla.Open(owner.Invite(talk.ID, "carla@example.org", "viewer"))
	other, _ := carla.Join(talk.ID)
	other.Do("lobby.check", map[string]string{"email": "carla@example.org"}, &entry)
	if entry.Verify != "code" {
		t.Errorf("a room lets in with less than the site wants: %+v", entry)
	}
	bare := apitest.Start(t, apitest.Options{}).Owner()
	bare.Do("POST", "/api/v1/rooms", map[string]any{"title": "T", "starts_at": time.Now().Add(time.Hour).Format(time.RFC3339), "lobby_code": true}).Refused(http.StatusUnprocessableEntity, "invalid")
	bare.Do("PATCH", "/api/v1/rooms/"+bare.Room("T", time.Hour).ID, map[string]any{"lobby_code": true}).Refused(http.StatusUnprocessableEntity, "invalid")
}

// Whose mailbox has had the codes of a day is told so, whatever address they
// type: nothing is learned of the right one, and no try is lost.
func TestCodesOfADayAreSpent(t *testing.T) {
	out := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Mail: out, Deliver: true, Limits: api.Limits{CodesRecipient: 2}})
	owner := s.Owner()
	owner.Do("PATCH", "/api/v1/site", map[string]any{"lobby": map[string]any{"viewer": "code"}}).Into(http.StatusOK, nil)
	join := func() (*apitest.Browser, *apitest.Socket, apitest.Invitation) {
		talk := owner.Room("Talk", time.Hour)
		card := owner.Invite(talk.ID, "anna@example.org", "viewer")
		b := s.Browser()
		b.Open(card)
		socket, _ := b.Join(talk.ID)
		return b, socket, card
	}
	var entry struct{ Verify string }
	_, first, _ := join()
	for _, socket := range []*apitest.Socket{first, func() *apitest.Socket { _, other, _ := join(); return other }()} {
		socket.Do("lobby.check", map[string]string{"email": "anna@example.org"}, &entry)
	}
	mailed(t, out, 2)
	_, third, card := join()
	right := third.Refused("lobby.check", map[string]string{"email": "anna@example.org"}, room.CodeSlowDown)
	wrong := third.Refused("lobby.check", map[string]string{"email": "eve@example.org"}, room.CodeSlowDown)
	if right.RetryMS < 60_000 || right.RetryMS != wrong.RetryMS || right.Message != wrong.Message || wrong.TriesLeft != nil {
		t.Errorf("told %+v and %+v", right, wrong)
	}
	entry.Verify = ""
	first.Do("lobby.check", map[string]string{"email": "anna@example.org"}, &entry)
	if entry.Verify != "code" {
		t.Error("the code that was sent is good no more")
	}
	s.Browser().Do("POST", codePath, card.Holds()).Refused(http.StatusTooManyRequests, "slow_down")
	mailed(t, out, 2)
}

// Without mail nobody can ask for codes, and the site says so.
func TestCodesNeedMail(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	no := owner.Do("PATCH", "/api/v1/site", map[string]any{"lobby": map[string]any{"moderator": "code"}}).Refused(http.StatusUnprocessableEntity, "invalid")
	if no.Fields["lobby.moderator"] == "" {
		t.Errorf("told: %+v", no)
	}
	owner.Do("PATCH", "/api/v1/site", map[string]any{"lobby": map[string]any{"moderator": "none"}}).Into(http.StatusOK, nil)
	talk := owner.Room("Talk", time.Hour)
	card := owner.Invite(talk.ID, "anna@example.org", "viewer")
	settleIn(s.Browser(), talk.ID, card)
	publicID, secret := card.Link()
	b := s.Browser()
	if no := b.TryOpen(publicID, secret).Refused(http.StatusLocked, "other_device"); len(no.Can) != 1 || no.Can[0] != "ask" {
		t.Errorf("told: %+v", no)
	}
	b.Do("POST", codePath, card.Holds()).Refused(http.StatusUnprocessableEntity, "invalid")
	b.Do("POST", codePath, map[string]any{"invitation": publicID, "secret": "gri_wrong"}).Refused(http.StatusNotFound, "not_found")
	b.Do("POST", movePath, map[string]any{"invitation": publicID, "secret": "gri_wrong", "code": "123456"}).Refused(http.StatusNotFound, "not_found")
	if b.Cookie("session") != "" {
		t.Error("a session for nothing")
	}
}
