package room

import (
	"testing"
	"time"
)

// Five wrong addresses lock a web session for a quarter of an hour.
func TestLobbyLocksASession(t *testing.T) {
	w := newWorld(t)
	by := guest("vera")
	for want := sessionTries - 1; want > 0; want-- {
		if no := w.miss(by); no.Code != CodeLobbyNoMatch || no.TriesLeft != want {
			t.Fatalf("told %+v, want %d left", no, want)
		}
	}
	no := w.miss(by)
	if no.Code != CodeLobbyLocked || no.Retry <= 14*time.Minute || no.Retry > 15*time.Minute {
		t.Fatalf("told %+v", no)
	}
	head := w.s.Head
	w.refused(by, lobby("vera"), CodeLobbyLocked) // the right one, too
	if w.s.Head != head {
		t.Error("a try while locked is counted")
	}
	other := by
	other.Session = HashOf("another browser session")
	if no := w.miss(other); no.Code != CodeLobbyNoMatch {
		t.Errorf("another session is told %+v", no)
	}
	if w.person("vera").LobbyLocked(w.now) {
		t.Error("the link is locked")
	}
	w.later(no.Retry - 4*time.Second)
	w.refused(by, lobby("vera"), CodeLobbyLocked)
	w.later(time.Second)
	w.do(by, lobby("vera"))
}

// Twenty within a day lock the link, from however many sessions and hubs.
func TestLobbyLocksALink(t *testing.T) {
	w := newWorld(t)
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vera", ExpiresAt: ptr(noon + 10*86_400_000)})
	by := guest("vera")
	judged := 0
	for i := range 60 {
		by.Session = HashOf(string(rune('a' + i)))
		no := w.miss(by)
		if judged++; no.Code == CodeLobbyLocked {
			break
		}
	}
	if judged != linkTries || !w.person("vera").LobbyLocked(w.now) {
		t.Fatalf("%d guesses were judged", judged)
	}
	no := w.refused(by, lobby("vera"), CodeLobbyLocked)
	if no.Retry < 23*time.Hour || no.Retry > 24*time.Hour {
		t.Errorf("locked for %s", no.Retry)
	}
	// Durable: a state folded afresh and one restored say the same.
	for name, s := range map[string]*State{"replayed": replay(w.s.ID, w.log), "restored": restore(t, w.s)} {
		if _, err := s.Decide(by, lobby("vera"), "", w.now); codeOf(err) != CodeLobbyLocked {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.later(no.Retry)
	w.do(by, lobby("vera"))
}

func TestAResetUnlocksTheLobby(t *testing.T) {
	for name, c := range map[string]Command{"new link": RenewLink{Invitation: "i_vera"}, "reset": FreeDevices{Invitation: "i_vera"}} {
		w := newWorld(t)
		by := guest("vera")
		for range sessionTries {
			w.miss(by)
		}
		w.refused(by, lobby("vera"), CodeLobbyLocked)
		w.do(manager("paul"), c)
		by.Link = w.person("vera").Link
		if _, err := w.try(by, lobby("vera")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// B2: whether the address is invited elsewhere, unknown or none at all, the
// answer is the same.
func TestLobbyTellsNothing(t *testing.T) {
	answers := map[string]Refusal{}
	for name, match := range map[string]Hash{"other guest": address("vic"), "unknown": address("unknown"), "no address": {}} {
		w := newWorld(t)
		events, err := w.try(guest("vera"), LobbyCheck{Email: "x", Match: match})
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %v %v", name, events, err)
		}
		answers[name] = *w.s.Answer(guest("vera"), Missed{}, w.now)
	}
	for name, a := range answers {
		if a.Code != CodeLobbyNoMatch || a.TriesLeft != 4 || a.Message != answers["unknown"].Message || a.Fields != nil || a.Reason != "" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	w := newWorld(t)
	w.refused(guest("vera"), LobbyCheck{}, CodeInvalid)
	if w.do(manager("ada"), lobby("x")) != nil {
		t.Error("a manager has no lobby")
	}
}

// Who is told other_device learns nothing of the address.
func TestLobbyOnAnotherDevice(t *testing.T) {
	w := newWorld(t)
	w.admit("vera")
	other := guest("vera")
	other.Device = HashOf("other")
	right := w.refused(other, lobby("vera"), CodeOtherDevice)
	wrong := w.refused(other, lobby("vic"), CodeOtherDevice)
	if right.Message != wrong.Message || right.SinceAt != wrong.SinceAt || right.SinceAt == 0 {
		t.Errorf("right %+v, wrong %+v", right, wrong)
	}
	// One browser may hold the links of two people.
	both := guest("vic")
	both.Device = guest("vera").Device
	w.do(both, lobby("vic"))
}

func ptr[T any](v T) *T { return &v }

func restore(t testing.TB, s *State) *State {
	t.Helper()
	restored, err := Restore(s.ID, s.Archive())
	if err != nil {
		t.Fatal(err)
	}
	return restored
}
