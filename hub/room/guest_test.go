package room

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// stranger is somebody with the secret of a guest link at their own device.
func stranger(name string) Actor {
	return Actor{Device: HashOf("device " + name), Session: HashOf("session " + name)}
}

func join(link GuestLinkID, name string) JoinAsGuest {
	return JoinAsGuest{ID: link, Link: 1, Invitation: InvitationID("i_" + name), Participant: ParticipantID("p_" + name), FirstName: name, LastName: "Guest"}
}

func worldOfGuests(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.do(manager("ada"), MakeGuestLink{ID: "g_1", Label: "Press"})
	w.open()
	return w
}

func TestGuestComesAsAViewer(t *testing.T) {
	w := worldOfGuests(t)
	w.do(stranger("gil"), join("g_1", "gil"))
	p, _ := w.s.Invited("i_gil")
	if got := w.s.Phase(p, guest("gil")); got != PhaseLive || p.Role != Viewer || !p.Guest() {
		t.Fatalf("%s as %s, guest %v", got, p.Role, p.Guest())
	}
	w.do(guest("gil"), ChatPost{Text: "Hello"})
	said := w.s.Snapshot(Audience).Chat.Items[0]
	if !said.Guest || said.Name != "gil Guest" {
		t.Errorf("the message is by %+v", said)
	}
	if again := w.do(Actor{Invitation: "i_gil", Device: HashOf("device gil")}, join("g_1", "gil2")); len(again) != 0 {
		t.Errorf("the same browser came twice: %v", again)
	}
	w.refused(Actor{Invitation: "i_gil", Link: 1, Device: HashOf("another")}, Enter{}, CodeOtherDevice)
}

// A guest's address is nobody's: neither does it find an invitation, nor is it
// found by one.
func TestGuestIsNotTheInvited(t *testing.T) {
	w := worldOfGuests(t)
	w.do(stranger("gil"), join("g_1", "gil"))
	w.refused(manager("ada"), SetRole{Participant: "p_gil", Role: "speaker"}, CodeForbidden)
	speaker := Speaker
	w.refused(manager("ada"), ReviseInvitation{Invitation: "i_gil", Type: &speaker}, CodeConflict)
	w.refused(manager("ada"), RenewLink{"i_gil"}, CodeConflict)
	w.refused(manager("ada"), FreeDevices{"i_gil"}, CodeConflict)
	w.refused(Actor{Account: "a_x", Verified: Hash{}}, Enter{}, CodeNotFound)
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_gil"})
	w.refused(guest("gil"), Enter{}, CodeInvitationRevoked)
}

func TestGuestLinkRefuses(t *testing.T) {
	w := worldOfGuests(t)
	soon := Millis(w.now.Add(time.Hour).UnixMilli())
	w.do(manager("ada"), ReviseGuestLink{ID: "g_1", Most: ptr(1), ExpiresAt: &soon})
	w.refused(stranger("x"), join("g_0", "x"), CodeNotFound)
	w.refused(Actor{}, join("g_1", "x"), CodeNotAuthenticated)
	nameless := join("g_1", "x")
	nameless.FirstName = " \u200b"
	w.refused(stranger("x"), nameless, CodeInvalid)
	w.do(stranger("one"), join("g_1", "one"))
	w.refused(stranger("two"), join("g_1", "two"), CodeInvitationUsed)
	w.do(manager("ada"), ReviseGuestLink{ID: "g_1", Most: ptr(0)})
	w.do(manager("ada"), RenewGuestLink{"g_1"})
	w.refused(stranger("two"), join("g_1", "two"), CodeInvitationExpired)
	fresh := join("g_1", "two")
	fresh.Link = 2
	w.do(manager("ada"), ReviseGuestLink{ID: "g_1", Off: ptr(true)})
	w.refused(stranger("two"), fresh, CodeInvitationRevoked)
	w.do(manager("ada"), ReviseGuestLink{ID: "g_1", Off: ptr(false)})
	w.do(stranger("two"), fresh)
	w.now = w.now.Add(2 * time.Hour)
	fresh.Invitation, fresh.Participant = "i_three", "p_three"
	if no := w.refused(stranger("three"), fresh, CodeInvitationExpired); no.At != soon {
		t.Errorf("expired at %d, want %d", no.At, soon)
	}
	w.do(manager("ada"), RemoveGuestLink{"g_1"})
	w.refused(stranger("three"), fresh, CodeInvitationRevoked)
	if _, err := w.s.OpenGuestLink(stranger("three"), "g_1", 2, w.now); !errors.Is(err, CodeInvitationRevoked) {
		t.Errorf("opening says %v", err)
	}
}

func TestGuestLinkTerms(t *testing.T) {
	w := newWorld(t)
	past := Millis(w.now.UnixMilli())
	for name, c := range map[string]MakeGuestLink{
		"no label": {ID: "g", Label: "  "}, "a long label": {ID: "g", Label: fmt.Sprintf("%061d", 0)},
		"less than nobody": {ID: "g", Label: "L", Most: -1}, "too many": {ID: "g", Label: "L", Most: MaxGuests + 1},
		"in the past": {ID: "g", Label: "L", ExpiresAt: past},
	} {
		t.Run(name, func(t *testing.T) { w.t = t; w.refused(manager("ada"), c, CodeInvalid) })
	}
	w.t = t
	for n := range MaxGuestLinks {
		w.do(manager("ada"), MakeGuestLink{ID: GuestLinkID(fmt.Sprint("g", n)), Label: "L"})
	}
	w.refused(manager("ada"), MakeGuestLink{ID: "g9", Label: "L"}, CodeConflict)
	w.do(manager("ada"), RemoveGuestLink{"g0"})
	w.refused(manager("ada"), MakeGuestLink{ID: "g0", Label: "L"}, CodeConflict)
	w.do(manager("ada"), MakeGuestLink{ID: "g9", Label: "L"})
}

// Switching off keeps who is inside; ending is an act of its own.
func TestGuestsAreEndedOrKept(t *testing.T) {
	w := worldOfGuests(t)
	for n := range endedAtOnce + 5 {
		name := fmt.Sprint("g", n)
		w.do(stranger(name), join("g_1", name))
	}
	w.refused(manager("ada"), EndGuests{"g_1"}, CodeConflict)
	w.do(manager("ada"), ReviseGuestLink{ID: "g_1", Off: ptr(true)})
	w.do(guest("g7"), ChatPost{Text: "Still here"})
	for _, want := range []int{endedAtOnce, 5, 0} {
		if got := len(w.do(manager("ada"), EndGuests{"g_1"})); got != want {
			t.Fatalf("%d were sent away, want %d", got, want)
		}
	}
	w.refused(guest("g7"), Enter{}, CodeInvitationRevoked)
}
