package room

import (
	"pgregory.net/rapid"
)

// stage is a command about coming onto the stage or leaving it.
func (r *randomRoom) stage(t *rapid.T, p *Person) Command {
	return pick[Command](t, "stage", OfferStage{p.ID, 0}, OfferStage{p.ID, 600}, OfferStage{p.ID, -1}, WithdrawOffer{p.ID},
		AnswerOffer{true}, AnswerOffer{true}, AnswerOffer{false}, LeaveStage{}, LeaveStage{"speaker"}, LeaveStage{"owner"}, HandPage{})
}

// checkOffers: an offer stands to a viewer who is inside, once.
func (r *randomRoom) checkOffers(t *rapid.T) {
	seen := map[int32]bool{}
	for _, o := range r.s.offers {
		if p := r.s.people.at(int(o.seat)); seen[o.seat] || p.Role != Viewer || !p.Admitted() || r.s.Status != StatusOpen {
			t.Fatalf("offered to %+v: %+v", p, o)
		}
		seen[o.seat] = true
	}
	for _, x := range r.s.told {
		if x.seat < 0 || !r.s.people.at(int(x.seat)).Waits {
			t.Fatalf("told to nobody who waits: %+v", x)
		}
	}
	for _, h := range r.s.hands.up {
		if p := r.s.people.at(int(h.seat)); p.Revoked || p.Invitation != "" && !p.Admitted() {
			t.Fatalf("a hand of somebody who is not here: %+v", p)
		}
	}
}
