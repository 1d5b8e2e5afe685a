package room

import (
	"errors"
	"testing"
)

// withdrawn lets Vera in and withdraws her invitation, but lets her finish.
func withdrawn(t *testing.T) (w *world, vera Actor) {
	w = newWorld(t)
	w.open()
	w.admit("vera", "vic")
	vera = guest("vera")
	vera.Claim = w.person("vera").Claims[0].Generation
	if events := w.do(manager("paul"), RevokeInvitation{Invitation: "i_vera", Reason: "Full", Finish: true}); len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	return w, vera
}

// letFinish is somebody who has confirmed and may finish.
func (w *world) letFinish(name string) {
	w.invite(name, Viewer)
	w.admit(name)
	w.do(manager("ada"), RevokeInvitation{Invitation: InvitationID("i_" + name), Finish: true})
}

func TestFinishLetsTheClaimedDeviceStay(t *testing.T) {
	w, vera := withdrawn(t)
	w.do(vera, ChatPost{Text: "still here"})
	w.do(guest("vera"), Enter{}) // a lost connection comes back
	if w.do(manager("paul"), RevokeInvitation{Invitation: "i_vera", Finish: true}) != nil {
		t.Error("withdrawn twice")
	}
	other := guest("vera")
	other.Device = HashOf("another device")
	for _, c := range []Command{Enter{}, lobby("vera")} {
		if no := w.refused(other, c, CodeInvitationRevoked); no.Reason != "Full" || !no.Final || no.At == 0 {
			t.Errorf("told %+v", no)
		}
	}
	signedIn := Actor{Account: "a_vera", Verified: address("vera"), Device: HashOf("signed in elsewhere")}
	w.refused(signedIn, Enter{}, CodeInvitationRevoked)
	for _, by := range []Actor{guest("vera"), other} {
		if err := w.s.Open(by, w.now); !errors.Is(err, CodeInvitationRevoked) {
			t.Errorf("opening: %v", err)
		}
		if w.do(by, OpenLink{}) != nil {
			t.Error("noted as opened")
		}
	}
	w.refused(manager("paul"), RenewLink{Invitation: "i_vera"}, CodeInvitationRevoked)
	w.refused(manager("paul"), FreeDevices{Invitation: "i_vera"}, CodeInvitationRevoked)
}

func TestFinishEnds(t *testing.T) {
	w, vera := withdrawn(t)
	w.refused(manager("paul"), EndFinished{"p_vera"}, CodeForbidden)
	if w.do(system, EndFinished{"p_vic"}) != nil || w.do(system, EndFinished{"p_nobody"}) != nil {
		t.Error("ended somebody who was not withdrawn")
	}
	w.do(system, EndFinished{"p_vera"})
	if no := w.refused(vera, ChatPost{Text: "too late"}, CodeInvitationRevoked); no.Reason != "Full" {
		t.Errorf("told %+v", no)
	}
	w.refused(manager("paul"), RestoreInvitation{Invitation: "i_vera"}, CodeInvitationRevoked)
	if w.do(system, EndFinished{"p_vera"}) != nil {
		t.Error("ended twice")
	}

	w, vera = withdrawn(t)
	w.do(manager("paul"), RevokeInvitation{Invitation: "i_vera", Reason: "Now"})
	if no := w.refused(vera, ChatPost{Text: "too late"}, CodeInvitationRevoked); no.Reason != "Now" {
		t.Errorf("told %+v", no)
	}

	w, vera = withdrawn(t)
	w.do(manager("paul"), EditRoom{State: StatusClosed})
	w.refused(vera, ChatPost{Text: "too late"}, CodeOver)
}

// Who has not confirmed has nothing to finish.
func TestFinishWithoutAClaim(t *testing.T) {
	w := newWorld(t)
	w.do(manager("paul"), RevokeInvitation{Invitation: "i_vera", Finish: true})
	if p := w.person("vera"); !p.Revoked || p.Finishing {
		t.Errorf("%+v", p)
	}
}

func TestRestore(t *testing.T) {
	w, vera := withdrawn(t)
	w.refused(guest("vic"), RestoreInvitation{Invitation: "i_vera"}, CodeForbidden)
	w.do(manager("paul"), RestoreInvitation{Invitation: "i_vera"})
	if w.do(manager("paul"), RestoreInvitation{Invitation: "i_vera"}) != nil {
		t.Error("restored twice")
	}
	w.do(vera, ChatPost{Text: "again"})
	if err := w.s.Open(guest("vera"), w.now); err != nil {
		t.Errorf("opening: %v", err)
	}
	w.do(manager("paul"), RenewLink{Invitation: "i_vera"})

	w, vera = withdrawn(t)
	again := invitation("second", Speaker)
	again.Match = address("vera")
	events := w.do(manager("paul"), again)
	if len(events) < 2 || events[0].Fact.Kind() != "invitation.restored" {
		t.Fatalf("invited again: %v", events)
	}
	if p := w.person("vera"); p.Finishing || p.Role != Speaker {
		t.Errorf("%+v", p)
	}
	w.do(vera, BackchannelPost{Text: "as a speaker"})
}
