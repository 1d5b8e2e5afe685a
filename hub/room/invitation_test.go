package room

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func (w *world) state(name string) InvitationState {
	return InvitationStateOf(w.person(name), Standing{}, w.now)
}

func TestInvitationLife(t *testing.T) {
	w := newWorld(t)
	steps := []struct {
		what string
		do   func()
		want InvitationState
	}{
		{"issued", func() {}, "issued"},
		{"a scanner opens it", func() { w.do(guest("vera"), OpenLink{}) }, "opened"},
		{"it opens it again", func() {
			if events := w.do(guest("vera"), OpenLink{}); len(events) != 0 {
				t.Error("noted twice")
			}
		}, "opened"},
		{"hello in the countdown ties nothing", func() { w.do(guest("vera"), Enter{}) }, "opened"},
		{"the address in the countdown", func() { w.do(guest("vera"), lobby("vera")) }, "confirmed"},
		{"the doors open", func() { w.open() }, "confirmed"},
		{"a new link: the device stays", func() { w.do(manager("paul"), RenewLink{Invitation: "i_vera"}) }, "confirmed"},
		{"freed", func() { w.do(manager("paul"), FreeDevices{Invitation: "i_vera"}) }, "issued"},
		{"time goes by", func() { w.later(48 * time.Hour) }, "expired"},
		{"a new link again", func() { w.do(manager("paul"), RenewLink{Invitation: "i_vera"}) }, "issued"},
		{"revoked", func() { w.do(manager("paul"), RevokeInvitation{Invitation: "i_vera", Reason: "Wrong\nVera"}) }, "revoked"},
	}
	for _, step := range steps {
		step.do()
		if got := w.state("vera"); got != step.want {
			t.Fatalf("%s: %s, want %s", step.what, got, step.want)
		}
	}
	again := guest("vera")
	again.Link = 3
	no := w.refused(again, Enter{}, CodeInvitationRevoked)
	if at, reason := w.person("vera").Ended(); reason != "Wrong Vera" || no.Reason != reason || no.At != at || !no.Final {
		t.Errorf("told %+v", no)
	}
}

func TestExpiry(t *testing.T) {
	w := newWorld(t)
	if got := w.person("vera").ExpiresAt; got < noon+3_600_000 || got < Millis(w.now.Add(23*time.Hour).UnixMilli()) {
		t.Errorf("expires at %d", got)
	}
	openEnd, far := Millis(0), noon+30*86_400_000
	w.do(manager("ada"), EditRoom{StartsAt: &far, EndsAt: &openEnd})
	w.do(manager("ada"), invitation("late", Viewer))
	if got := w.person("late").ExpiresAt; got != far+86_400_000 {
		t.Errorf("a room without end: expires at %d", got)
	}
	w.admit("vic")
	w.later(25 * time.Hour)
	for _, c := range []Command{Enter{}, lobby("vera")} {
		if no := w.refused(guest("vera"), c, CodeInvitationExpired); no.At != w.person("vera").ExpiresAt {
			t.Errorf("told %+v", no)
		}
	}
	w.do(guest("vic"), Enter{}) // the device that has claimed stays welcome
	w.do(guest("late"), Enter{})
}

func TestAnOlderLinkIsDead(t *testing.T) {
	w := newWorld(t)
	w.do(manager("eva"), RenewLink{Invitation: "i_vera"})
	w.refused(guest("vera"), lobby("vera"), CodeInvitationExpired)
	if events := w.do(guest("vera"), OpenLink{}); events != nil {
		t.Error("a dead link was opened")
	}
	fresh := guest("vera")
	fresh.Link = 2
	w.do(fresh, lobby("vera"))
	w.do(guest("vera"), Enter{}) // the same device, whatever link
}

func TestTheSameAddressAgain(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	c := invitation("second", Speaker)
	c.Match, c.FirstName, c.LastName = address("vera"), "Véra", "Nová"
	events := w.do(manager("paul"), c)
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	if f := events[1].Fact.(RoleChanged); f.Name != "Véra Nová" || f.Role != Speaker || !f.Admitted {
		t.Errorf("changed to %+v", f)
	}
	if _, seat := w.s.Participant("p_second"); seat {
		t.Error("a second seat")
	}
	if again := w.do(manager("paul"), c); again != nil {
		t.Errorf("asked again: %v", again)
	}
	c.Type = Owner
	w.refused(manager("paul"), c, CodeInvalid)
}

func TestRevokedAndInvitedAgain(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	w.do(manager("paul"), RevokeInvitation{Invitation: "i_vera"})
	c := invitation("vera2", Viewer)
	c.Match = address("vera")
	w.do(manager("paul"), c)
	if p, ok := w.s.InvitedAs(address("vera")); !ok || p.ID != "p_vera2" {
		t.Fatalf("the address is %+v", p)
	}
	w.refused(guest("vera"), Enter{}, CodeInvitationRevoked)
	by := guest("vera2")
	by.Device = guest("vera").Device
	w.do(by, LobbyCheck{Email: "vera@example.org", Match: address("vera")})
	w.do(by, ChatPost{Text: "back"})
	account := Actor{Account: "a_vera", Verified: address("vera"), Device: by.Device}
	w.do(account, ChatPost{Text: "the same by account"})
}

func TestTakenIds(t *testing.T) {
	w := newWorld(t)
	for _, c := range []Invite{
		{Invitation: "i_vera", Participant: "p_new"}, {Invitation: "i_new", Participant: "p_vera"}, {Invitation: "i_new"}, {Participant: "p_new"},
	} {
		c.FirstName, c.LastName, c.Type, c.Match = "A", "B", Viewer, address("new")
		w.refused(manager("ada"), c, CodeConflict)
	}
	w.refused(manager("ada"), SetManager{Participant: "p_vera", Person: "a_new", Right: CoEditor}, CodeConflict)
	w.refused(manager("ada"), SetManager{Participant: "p_new", Right: CoEditor}, CodeConflict)
	w.refused(manager("ada"), Invite{Invitation: "i_n", Participant: "p_n", FirstName: "A", LastName: "B", Type: Viewer}, CodeInvalid)
}

func TestTermsOfAnInvitation(t *testing.T) {
	w := newWorld(t)
	past, far, negative := noon-7_200_000, noon+6*366*86_400_000, Millis(-1<<63)
	most, zero, many, minus := Millis(1<<63-1), 0, 101, -1
	none, long := " \u200b", string(make([]byte, 0))
	for range MaxName + 1 {
		long += "ä"
	}
	owner := Owner
	for _, c := range []ReviseInvitation{
		{ExpiresAt: &past}, {ExpiresAt: &far}, {ExpiresAt: &negative}, {ExpiresAt: &most}, {Devices: &zero}, {Devices: &many}, {Devices: &minus},
		{FirstName: &none}, {LastName: &long}, {Type: &owner},
	} {
		c.Invitation = "i_vera"
		w.refused(manager("ada"), c, CodeInvalid)
	}
	w.do(manager("ada"), EditRoom{Collaboration: new(bool)})
	w.refused(manager("ada"), invitation("fresh", Viewer), CodeCollaborationOff)
	w.do(manager("ada"), RenewLink{Invitation: "i_vera"}) // who is invited stays so
}

func TestASignedInInvitedAccount(t *testing.T) {
	w := newWorld(t)
	by := Actor{Account: "a_vera", Verified: address("vera"), Device: HashOf("device"), Session: HashOf("s")}
	if events := w.do(by, Enter{}); events != nil {
		t.Error("claimed in the countdown")
	}
	w.open()
	if events := w.do(by, Enter{}); len(events) != 1 {
		t.Fatalf("entry gives %v", events)
	}
	w.do(by, ChatPost{Text: "in"})
	other := by
	other.Device = HashOf("other")
	w.refused(other, Enter{}, CodeOtherDevice)
	w.refused(Actor{Account: "a_wim", Verified: address("wim"), Device: HashOf("x")}, Enter{}, CodeNotFound)
	without := guest("vic")
	without.Verified = address("vera") // of somebody else: the lobby asks
	if events := w.do(without, Enter{}); events != nil {
		t.Error("another's verified address let somebody in")
	}
}

func TestDevices(t *testing.T) {
	w := newWorld(t)
	w.open()
	two := 2
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vera", Devices: &two})
	first, second, third := guest("vera"), guest("vera"), guest("vera")
	second.Device, third.Device = HashOf("second"), HashOf("third")
	w.do(first, lobby("vera"))
	w.do(first, lobby("vera")) // another tab: settled
	w.do(second, lobby("vera"))
	w.refused(third, lobby("vera"), CodeInvitationUsed)
	w.refused(Actor{Invitation: "i_vera", Link: 1}, lobby("vera"), CodeInvitationUsed)
	if p := w.person("vera"); len(p.Claims) != 2 || p.Generation != 2 || w.s.admitted != 1 {
		t.Fatalf("%+v", p)
	}
	one := 1
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vera", Devices: &one})
	w.do(first, ChatPost{Text: "who is in stays in"})
	no := w.refused(third, Enter{}, CodeOtherDevice)
	if no.SinceAt != w.person("vera").Claims[0].At || !no.Final {
		t.Errorf("told %+v", no)
	}
	w.refused(Actor{Invitation: "i_vic", Link: 1, Session: HashOf("s")}, lobby("vic"), CodeNotAuthenticated) // no device cookie
}

// A link works on any number of devices only where the site says so, and goes
// on doing so when the site has changed its mind.
func TestAnyNumberOfDevices(t *testing.T) {
	w := newWorld(t)
	w.open()
	none, one, three := 0, 1, 3
	free := invitation("free", Viewer)
	free.Devices = &none
	w.refused(manager("ada"), free, CodeInvalid)
	w.refused(manager("ada"), ReviseInvitation{Invitation: "i_vera", Devices: &none}, CodeInvalid)
	w.s.Under(&Site{Invitations: true, LinkMinutes: 1440, Devices: 0, Inviters: Circle{Role: SiteMember}})
	w.do(manager("ada"), free)
	w.do(manager("ada"), invitation("usual", Viewer))
	if p := w.person("usual"); p.Devices != 0 {
		t.Errorf("the site's own number: %d", p.Devices)
	}
	few := invitation("few", Viewer)
	few.Devices = &three
	w.do(manager("ada"), few)
	w.s.Under(DefaultSite())
	for i := range mostClaims {
		one := guest("free")
		one.Device = HashOf(fmt.Sprint("device", i))
		w.do(one, lobby("free"))
	}
	last := guest("free")
	last.Device = HashOf("one too many")
	w.refused(last, lobby("free"), CodeInvitationUsed)
	later := w.person("free").ExpiresAt + 1
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_free", ExpiresAt: &later}) // the number stays
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_free", Devices: &one})
	w.refused(last, lobby("free"), CodeOtherDevice)
}

// Invariant D2: after a reset, commands of the older generation are refused,
// even if the same device has claimed again.
func TestDeviceGeneration(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	old := guest("vera")
	old.Claim = w.person("vera").Claims[0].Generation
	w.do(old, ChatPost{Text: "one"})
	w.do(manager("ada"), FreeDevices{Invitation: "i_vera"})
	if w.do(manager("ada"), FreeDevices{Invitation: "i_vera"}) != nil {
		t.Error("freed twice")
	}
	w.refused(old, ChatPost{Text: "two"}, CodeOtherDevice)
	w.refused(old, lobby("vera"), CodeOtherDevice)
	w.admit("vera")
	w.refused(old, ChatPost{Text: "three"}, CodeOtherDevice)
	fresh := old
	fresh.Claim = w.person("vera").Claims[0].Generation
	if fresh.Claim == old.Claim {
		t.Fatal("the generation did not rise")
	}
	w.do(fresh, ChatPost{Text: "four"})
	thief := fresh
	thief.Device = HashOf("stolen session, other device")
	w.refused(thief, ChatPost{Text: "five"}, CodeOtherDevice)
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"})
	w.refused(fresh, ChatPost{Text: "six"}, CodeInvitationRevoked)
}

func TestPhases(t *testing.T) {
	w := newWorld(t)
	w.admit("vic")
	phase := func(by Actor) Phase {
		p, ok := w.s.Who(by)
		if !ok {
			t.Fatal("nobody")
		}
		return w.s.Phase(p, by)
	}
	check := func(vera, vic, ada Phase) {
		t.Helper()
		if a, b, c := phase(guest("vera")), phase(guest("vic")), phase(manager("ada")); a != vera || b != vic || c != ada {
			t.Errorf("vera %s, vic %s, ada %s", a, b, c)
		}
	}
	check(PhaseCountdown, PhaseCountdown, PhaseCountdown)
	w.refused(guest("vic"), ChatPost{Text: "early"}, CodeNotOpenYet)
	w.open()
	check(PhaseLobby, PhaseLive, PhaseLive)
	w.refused(guest("vera"), ChatPost{Text: "from the lobby"}, CodeForbidden)
	w.do(manager("ada"), EditRoom{State: StatusClosed, Reason: "Thanks"})
	check(PhaseOver, PhaseOver, PhaseOver)
	if no := w.refused(guest("vera"), Enter{}, CodeOver); no.Reason != "Thanks" || !no.Final {
		t.Errorf("told %+v", no)
	}
	w.refused(guest("vera"), lobby("vera"), CodeOver)
	w.do(manager("ada"), EditRoom{State: StatusOpen})
	check(PhaseLobby, PhaseLive, PhaseLive)
	w.do(manager("ada"), DeleteRoom{Reason: "Moved"})
	if no := w.refused(guest("vera"), Enter{}, CodeRoomDeleted); no.Reason != "Moved" {
		t.Errorf("told %+v", no)
	}
	if err := w.s.Open(guest("vera"), w.now); !errors.Is(err, CodeRoomDeleted) {
		t.Errorf("opening: %v", err)
	}
}

// A key made an event once; its participant is given it again, others and the
// refused are not.
func TestKeys(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera", "vic")
	e := w.do(guest("vera"), ChatPost{Text: "once"})[0]
	if at, ok := w.s.Repeated(guest("vera"), e.Key); !ok || at != e.Seq {
		t.Errorf("repeated: %d %t", at, ok)
	}
	for name, by := range map[string]Actor{"vic": guest("vic"), "ada": manager("ada"), "nobody": {}} {
		if _, ok := w.s.Repeated(by, e.Key); ok {
			t.Errorf("%s has vera's key", name)
		}
	}
	if _, ok := w.s.Repeated(guest("vera"), ""); ok {
		t.Error("no key is a key")
	}
	// By HTTP and by socket a manager is one participant.
	m := w.do(manager("eva"), ChatPost{Text: "by socket"})[0]
	if at, ok := w.s.Repeated(Actor{Account: "a_eva", Session: HashOf("http")}, m.Key); !ok || at != m.Seq {
		t.Error("by HTTP the key is unknown")
	}
	w.later(59 * time.Minute)
	w.do(manager("ada"), ChatPost{Text: "later"})
	if _, ok := w.s.Repeated(guest("vera"), e.Key); !ok {
		t.Error("forgotten within the hour")
	}
	for range 4 {
		w.later(31 * time.Minute)
		w.do(manager("ada"), ChatPost{Text: "much later"})
	}
	if _, ok := w.s.Repeated(guest("vera"), e.Key); ok {
		t.Error("kept for ever")
	}
	last := w.do(guest("vera"), ChatPost{Text: "last"})[0]
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"})
	if _, ok := w.s.Repeated(guest("vera"), last.Key); ok {
		t.Error("who was sent away is answered ok")
	}
}

// However the events lie in time, a key is held for an hour.
func TestKeysAreKeptAnHour(t *testing.T) {
	for first := range 120 {
		for gap := range 61 {
			var r keyring
			r.add(note{hash: 1, place: 1, at: Millis(first) * 60_000})
			for at := first; at < first+gap; at += 7 {
				r.add(note{hash: 3, place: 2, at: Millis(at) * 60_000})
			}
			r.add(note{hash: 2, place: 3, at: Millis(first+gap) * 60_000})
			if _, ok := r.find(1); !ok {
				t.Fatalf("from minute %d it is forgotten after %d", first, gap)
			}
		}
	}
}
