package room

import (
	"slices"
	"testing"
	"time"
)

func (w *world) asks(name, message string) []Event {
	w.t.Helper()
	return w.do(guest(name), RequestLink{Message: message})
}

func (w *world) asking() (names []string) {
	for _, p := range w.s.Requests() {
		names = append(names, p.FirstName)
	}
	return names
}

// Whoever held a right link may ask, and the managers are told why the person
// was kept out.
func TestRequestSaysWhy(t *testing.T) {
	stranger := func(name string) Actor {
		by := guest(name)
		by.Device, by.Session = HashOf("other"), HashOf("other")
		return by
	}
	for _, c := range []struct {
		why Code
		by  Actor
		do  func(w *world)
	}{
		{CodeInvitationExpired, guest("vera"), func(w *world) { w.later(72 * time.Hour) }},
		{CodeInvitationExpired, guest("vera"), func(w *world) { w.do(manager("ada"), RenewLink{Invitation: "i_vera"}) }},
		{CodeOtherDevice, stranger("vera"), func(w *world) { w.admit("vera") }},
		{CodeInvitationUsed, stranger("two"), func(w *world) {
			c := invitation("two", Viewer)
			c.Devices = ptr(2)
			w.do(manager("ada"), c)
			w.do(guest("two"), lobby("two"))
			second := guest("two")
			second.Device = HashOf("second")
			w.do(second, lobby("two"))
		}},
		{CodeInvitationRevoked, guest("vera"), func(w *world) { w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"}) }},
		{CodeLobbyNoMatch, guest("vera"), func(*world) {}},
		{CodeLobbyLocked, guest("vera"), func(w *world) {
			for range sessionTries {
				w.miss(guest("vera"))
			}
		}},
	} {
		w := newWorld(t)
		c.do(w)
		events := w.do(c.by, RequestLink{Message: " Let\u202e me\nin "})
		if len(events) != 1 {
			t.Fatalf("%s: %d events", c.why, len(events))
		}
		if f := events[0].Fact.(Requested); f.Why != c.why || f.Message != "Let me in" || f.Invitation != c.by.Invitation {
			t.Errorf("%s: %+v", c.why, f)
		}
		if asking := w.s.Requests(); len(asking) != 1 || asking[0].Invitation != c.by.Invitation {
			t.Errorf("%s: %d ask", c.why, len(asking))
		}
	}
}

func TestRequestIsOneAnHour(t *testing.T) {
	w := newWorld(t)
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"})
	if len(w.asks("vera", "one")) != 1 || len(w.asks("vera", "two")) != 0 {
		t.Error("asked twice, or never")
	}
	if p := w.person("vera"); p.AskedAt(w.now) == 0 || p.rare.reason != "" || p.rare.endedAt == 0 {
		t.Errorf("remembered: %+v", p.rare)
	}
	w.do(manager("paul"), DismissRequest{Invitation: "i_vera"})
	if w.asking() != nil || len(w.do(manager("paul"), DismissRequest{Invitation: "i_vera"})) != 0 {
		t.Error("dismissed and still there")
	}
	if w.person("vera").AskedAt(w.now) == 0 || len(w.asks("vera", "three")) != 0 {
		t.Error("who was dismissed is told so")
	}
	w.later(requestWindow)
	if len(w.asks("vera", "four")) != 1 {
		t.Error("an hour later nobody hears")
	}
	w.refused(guest("vera"), RequestLink{Message: longText(MaxRequest + 1)}, CodeInvalid)
}

func longText(n int) string {
	text := make([]rune, n)
	for i := range text {
		text[i] = 'ü'
	}
	return string(text)
}

// What helps the person closes the request.
func TestRequestIsSettled(t *testing.T) {
	later := noon + 100*3_600_000
	three := 3
	for name, c := range map[string]Command{
		"a new link": RenewLink{Invitation: "i_vera"}, "a reset": FreeDevices{Invitation: "i_vera"},
		"more time": ReviseInvitation{Invitation: "i_vera", ExpiresAt: &later}, "more devices": ReviseInvitation{Invitation: "i_vera", Devices: &three},
	} {
		w := newWorld(t)
		w.asks("vera", "")
		if len(w.asking()) != 1 {
			t.Fatal("nobody asks")
		}
		w.do(manager("eva"), c)
		if w.asking() != nil {
			t.Errorf("%s leaves the request open", name)
		}
	}
	w := newWorld(t)
	w.asks("vera", "")
	w.admit("vera")
	if w.asking() != nil {
		t.Error("who is in still asks")
	}
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"})
	w.asks("vera", "")
	again := invitation("vera", Viewer)
	again.Invitation, again.Participant = "i_again", "p_again"
	w.do(manager("ada"), again)
	if w.asking() != nil {
		t.Error("who was invited again still asks")
	}
}

func TestRequestOfStrangers(t *testing.T) {
	w := newWorld(t)
	w.refused(Actor{Invitation: "i_none", Link: 1}, RequestLink{}, CodeNotFound)
	w.refused(Actor{}, RequestLink{}, CodeNotFound)
	w.refused(manager("ada"), RequestLink{}, CodeNotFound)
	w.admit("vic")
	w.refused(guest("vic"), RequestLink{}, CodeConflict)
	w.refused(guest("vic"), DismissRequest{Invitation: "i_vera"}, CodeForbidden)
	w.open()
	w.do(manager("ada"), EditRoom{State: StatusClosed})
	w.refused(guest("vera"), RequestLink{}, CodeOver)
	w.do(manager("ada"), DeleteRoom{})
	w.refused(guest("vera"), RequestLink{}, CodeRoomDeleted)
}

// Who was erased asks no more: nothing of theirs comes back into the log.
func TestTheErasedAskNothing(t *testing.T) {
	w := newWorld(t)
	w.asks("vera", "Let me in")
	w.do(system, ErasePerson{Match: address("vera")})
	if w.asking() != nil {
		t.Error("an erased person still asks")
	}
	w.refused(guest("vera"), RequestLink{Message: "It is me"}, CodeNotFound)
}

// Whoever may answer hears of a request: the managers of now.
func TestWhoAnswersRequests(t *testing.T) {
	w := newWorld(t)
	for name, right := range map[string]Role{"otto": Owner, "cora": CoOwner, "ed": CoEditor, "paul": CoPublisher, "rita": CoEditor} {
		w.do(manager("ada"), SetManager{Participant: ParticipantID("p_" + name), Person: PersonID("a_" + name), FirstName: name, LastName: "X", Right: right})
	}
	w.do(manager("ada"), RemoveManager{Person: "a_rita"})
	got := w.s.Answering()
	slices.Sort(got)
	if want := []PersonID{"a_ada", "a_cora", "a_ed", "a_eva", "a_otto", "a_paul"}; !slices.Equal(got, want) {
		t.Errorf("they answer: %v", got)
	}
}
