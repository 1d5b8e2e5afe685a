package room

import (
	"testing"
	"time"
)

var digits, wrongDigits = HashOf("123456"), HashOf("000000")

// phone is the same person's other device.
func phone(name string) Actor {
	by := guest(name)
	by.Device, by.Session = HashOf("phone of "+name), HashOf("phone session of "+name)
	return by
}

// wrong types a wrong code; the answer is as the hub makes it.
func (w *world) wrong(by Actor) *Refusal {
	w.t.Helper()
	events := w.do(by, MoveDevice{Code: wrongDigits})
	if len(events) != 1 || events[0].Key != "" {
		w.t.Fatalf("a wrong code gives %+v", events)
	}
	return w.s.Answer(by, events[0].Fact, w.now)
}

func TestMoveByCode(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	inside := guest("vera")
	inside.Claim = 1
	w.do(inside, ChatPost{Text: "here"})
	w.refused(phone("vera"), Enter{}, CodeOtherDevice)
	w.do(phone("vera"), SendCode{Code: digits})
	w.do(inside, ChatPost{Text: "a code alone changes nothing"})

	events := w.do(phone("vera"), MoveDevice{Code: digits})
	if f := events[0].Fact.(Claimed); f.Instead != inside.Device || f.Generation != 2 || f.Proof != ProofCode {
		t.Errorf("moved: %+v", f)
	}
	if p := w.person("vera"); len(p.Claims) != 1 || !p.Proven || p.Generation != 2 {
		t.Errorf("moved: %+v", p)
	}
	w.refused(inside, ChatPost{Text: "still here?"}, CodeOtherDevice) // D2
	w.refused(guest("vera"), Enter{}, CodeOtherDevice)                // D3
	w.do(phone("vera"), ChatPost{Text: "now here"})
	if events := w.do(phone("vera"), MoveDevice{Code: digits}); events != nil {
		t.Error("moved twice")
	}
	w.do(guest("vera"), SendCode{Code: digits})
	w.do(guest("vera"), MoveDevice{Code: digits})
	w.refused(phone("vera"), Enter{}, CodeOtherDevice)
}

// A code opens for the device that asked, ten minutes long, and not after five
// wrong ones. Whoever is inside notices nothing of it.
func TestCodeLimits(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	if no := w.refused(phone("vera"), MoveDevice{Code: digits}, CodeLobbyNoMatch); no.TriesLeft != 0 || no.Final {
		t.Errorf("no code was sent: %+v", no)
	}
	w.refused(phone("vera"), MoveDevice{}, CodeForbidden)
	w.do(phone("vera"), SendCode{Code: digits})
	thief := phone("vera")
	thief.Device = HashOf("thief")
	w.refused(thief, MoveDevice{Code: digits}, CodeLobbyNoMatch)
	if no := w.refused(thief, SendCode{Code: digits}, CodeSlowDown); no.Retry <= 0 || no.Retry > codePause {
		t.Errorf("the next code after %s", no.Retry)
	}
	for left := codeTries - 1; left >= 0; left-- {
		if no := w.wrong(phone("vera")); no.Code != CodeLobbyNoMatch || no.TriesLeft != left {
			t.Fatalf("%+v, want %d tries left", no, left)
		}
	}
	w.refused(phone("vera"), MoveDevice{Code: digits}, CodeLobbyNoMatch)
	inside := guest("vera")
	inside.Claim = 1
	w.do(inside, ChatPost{Text: "not locked"})

	w.later(codePause)
	w.do(phone("vera"), SendCode{Code: digits})
	w.later(codeLife)
	w.refused(phone("vera"), MoveDevice{Code: digits}, CodeLobbyNoMatch)
	for range codesInDay - 2 {
		w.do(thief, SendCode{Code: digits})
		w.later(codePause)
	}
	if no := w.refused(phone("vera"), SendCode{Code: digits}, CodeSlowDown); no.Retry < 23*time.Hour {
		t.Errorf("the next code after %s", no.Retry)
	}
	w.later(codeDay)
	w.do(manager("ada"), RenewLink{Invitation: "i_vera"})
	fresh := phone("vera")
	fresh.Link = 2
	w.do(fresh, SendCode{Code: digits})
	w.do(fresh, MoveDevice{Code: digits})
}

func TestMoveByAccount(t *testing.T) {
	w := newWorld(t)
	w.admit("vera")
	account := Actor{Account: "a_vera", Verified: address("vera"), Device: HashOf("tablet")}
	w.refused(account, Enter{}, CodeOtherDevice)
	f := w.do(account, MoveDevice{})[0].Fact.(Claimed)
	if f.Proof != ProofAccount || f.Instead != guest("vera").Device {
		t.Errorf("moved: %+v", f)
	}
	w.do(account, Enter{})
	other := account
	other.Verified, other.Device = address("vic"), HashOf("vics")
	if f := w.do(other, MoveDevice{})[0].Fact.(Claimed); f.Participant != "p_vic" || !f.Instead.IsZero() {
		t.Errorf("vic: %+v", f)
	}
	w.refused(Actor{Account: "a_vera", Device: HashOf("x")}, MoveDevice{}, CodeNotFound)
	w.refused(manager("ada"), MoveDevice{}, CodeNotFound)
}

func TestMoveIsRefused(t *testing.T) {
	for _, c := range []struct {
		want Code
		do   func(w *world)
	}{
		{CodeInvitationRevoked, func(w *world) { w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"}) }},
		{CodeInvitationExpired, func(w *world) { w.later(72 * time.Hour) }},
		{CodeInvitationExpired, func(w *world) { w.do(manager("ada"), RenewLink{Invitation: "i_vera"}) }},
		{CodeOver, func(w *world) { w.open(); w.do(manager("ada"), EditRoom{State: StatusClosed}) }},
		{CodeRoomDeleted, func(w *world) { w.do(manager("ada"), DeleteRoom{}) }},
	} {
		w := newWorld(t)
		w.admit("vera")
		w.do(phone("vera"), SendCode{Code: digits})
		c.do(w)
		w.refused(phone("vera"), SendCode{Code: digits}, c.want)
		w.refused(phone("vera"), MoveDevice{Code: digits}, c.want)
	}
	w := newWorld(t)
	w.refused(Actor{Invitation: "i_vera", Link: 1}, SendCode{Code: digits}, CodeNotAuthenticated)
}

// Where several devices may enter, the oldest one makes room.
func TestMoveOfMany(t *testing.T) {
	w := newWorld(t)
	two := 2
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vera", Devices: &two})
	w.admit("vera")
	for i, device := range []string{"second", "third"} {
		by := guest("vera")
		by.Device = HashOf(device)
		w.later(codePause)
		w.do(by, SendCode{Code: digits})
		f := w.do(by, MoveDevice{Code: digits})[0].Fact.(Claimed)
		if freed := !f.Instead.IsZero(); freed != (i == 1) {
			t.Errorf("%s: %+v", device, f)
		}
	}
	if p := w.person("vera"); len(p.Claims) != 2 || p.Claims[0].Device != HashOf("second") {
		t.Errorf("left: %+v", p.Claims)
	}
}

// wantsCodes makes the site ask viewers for a code.
func (w *world) wantsCodes() {
	site := *DefaultSite()
	site.Lobby.Viewer = ProofCode
	w.s.Under(&site)
}

func lobbyWith(name string, code Hash) LobbyCheck {
	c := lobby(name)
	c.Code = code
	return c
}

// Where the site wants codes, the right address is answered with one; the
// address alone opens nothing.
func TestLobbyCode(t *testing.T) {
	w := newWorld(t)
	w.wantsCodes()
	w.miss(guest("vera"))
	w.refused(guest("vera"), LobbyCode{Hash: digits}, CodeLobbyNoMatch)
	events := w.do(guest("vera"), lobbyWith("vera", digits))
	if f, sent := events[0].Fact.(CodeSent); !sent || f.Code != digits || events[0].Key == "" {
		t.Fatalf("the right address: %+v", events)
	}
	if waits, next := w.s.CodeWaits(w.person("vera"), guest("vera"), w.now); !waits || next != codePause {
		t.Errorf("waits %t, next after %s", waits, next)
	}
	if events := w.do(guest("vera"), lobbyWith("vera", wrongDigits)); events != nil {
		t.Error("the address again, at once: another code")
	}
	w.open()
	w.do(guest("vera"), lobbyWith("vera", digits)) // the one before has run out
	w.refused(guest("vera"), ChatPost{Text: "in?"}, CodeForbidden)
	events = w.do(guest("vera"), LobbyCode{Hash: wrongDigits})
	if no := w.s.Answer(guest("vera"), events[0].Fact, w.now); no.Code != CodeLobbyNoMatch || no.TriesLeft != codeTries-1 {
		t.Errorf("a wrong code: %+v", no)
	}
	f := w.do(guest("vera"), LobbyCode{Hash: digits})[0].Fact.(Claimed)
	if f.Proof != ProofCode || !w.person("vera").Proven {
		t.Errorf("in: %+v", f)
	}
	w.do(guest("vera"), ChatPost{Text: "in"})
	if events := w.do(guest("vera"), LobbyCode{Hash: digits}); events != nil {
		t.Error("in twice")
	}
	w.admit("mod") // the others as ever
	if w.person("mod").Proven {
		t.Error("an address is no proof")
	}
	account := Actor{Account: "a_vic", Verified: address("vic"), Device: HashOf("vics")}
	if f := w.do(account, lobby("vic"))[0].Fact.(Claimed); f.Proof != ProofAccount {
		t.Errorf("an account: %+v", f)
	}
}

func TestLobbyCodeLimits(t *testing.T) {
	w := newWorld(t)
	w.wantsCodes()
	w.refused(guest("vera"), lobby("vera"), CodeForbidden) // mail is not set up
	for range codesInDay {
		w.do(guest("vera"), lobbyWith("vera", digits))
		w.later(codePause)
	}
	if events := w.do(guest("vera"), lobbyWith("vera", digits)); events != nil {
		t.Error("a sixth code")
	}
	w.later(codeLife)
	w.refused(guest("vera"), lobbyWith("vera", digits), CodeSlowDown)

	w = newWorld(t)
	w.wantsCodes()
	w.do(guest("vera"), lobbyWith("vera", digits))
	w.do(phone("vera"), LobbyCheck{Email: "x", Match: HashOf("wrong")})
	w.later(codePause)
	w.do(phone("vera"), lobbyWith("vera", wrongDigits))
	w.do(phone("vera"), LobbyCode{Hash: wrongDigits})
	w.refused(guest("vera"), LobbyCode{Hash: digits}, CodeOtherDevice) // the lobby moves nothing
	w.do(manager("ada"), EditRoom{State: StatusOpen})
	w.do(manager("ada"), EditRoom{State: StatusClosed})
	w.refused(guest("vic"), LobbyCode{Hash: digits}, CodeOver)
}
