package room

// decideEnter judges a hello.
func (s *State) decideEnter(p *Person, by Actor) ([]Fact, *Refusal) {
	if s.Status == StatusClosed {
		return nil, s.over()
	}
	if p.Invitation == "" {
		if p.Entered || !s.letsIn(p) {
			return s.hostsBack(), nil
		}
		return []Fact{ManagerEntered{p.who()}}, nil
	}
	_, claimed := p.ClaimOf(by.Device)
	if claimed && p.Role.Hosts() {
		return s.hostsBack(), nil
	}
	if claimed || !s.letsIn(p) || by.Verified != p.Match || by.Verified.IsZero() || by.Device.IsZero() {
		return nil, nil
	}
	f := s.claim(p, by)
	f.Proof = ProofAccount
	return []Fact{f}, nil
}

func (s *State) over() *Refusal {
	return &Refusal{Code: CodeOver, Message: "This session is over.", At: s.ClosedAt, Reason: s.Reason, Final: true}
}

// inside refuses what only people inside may do.
func (s *State) inside(p *Person, by Actor, c Command) *Refusal {
	switch s.Phase(p, by) {
	case PhaseBackstage:
		if !worksEarly(c) {
			return refuse(CodeNotOpenYet, "The doors are still closed.")
		}
		return nil
	case PhaseLive:
		return nil
	case PhaseCountdown:
		return refuse(CodeNotOpenYet, "The doors are still closed.")
	case PhaseOver:
		return refuse(CodeOver, "This session is over.")
	}
	return refuse(CodeForbidden, "Enter the room first.")
}

// Phase is a person's place between invitation and end.
type Phase string

// The phases this release has.
const (
	PhaseCountdown Phase = "countdown"
	PhaseLobby     Phase = "lobby"
	PhaseWaiting   Phase = "waiting"   // before a locked room, until somebody lets them in
	PhaseBackstage Phase = "backstage" // staff, before the doors open
	PhaseLive      Phase = "live"
	PhaseOver      Phase = "over"
)

// Phase says where a person stands on the actor's device.
func (s *State) Phase(p *Person, by Actor) Phase {
	switch {
	case s.Status == StatusClosed || s.Status == StatusDeleted:
		return PhaseOver
	case s.Status == StatusScheduled && s.letsIn(p) && s.Confirmed(p, by):
		return PhaseBackstage
	case s.Status == StatusScheduled:
		return PhaseCountdown
	case s.Confirmed(p, by) && p.Waits:
		return PhaseWaiting
	case p.Invitation == "" || s.Confirmed(p, by):
		return PhaseLive
	}
	return PhaseLobby
}

// Inside says whether somebody in this phase is in the room.
func (p Phase) Inside() bool { return p == PhaseLive || p == PhaseBackstage }

// Confirmed says whether the person has shown on this device to be the
// invited one: managers have by signing in.
func (s *State) Confirmed(p *Person, by Actor) bool {
	if p.Invitation == "" {
		return true
	}
	_, ok := p.ClaimOf(by.Device)
	return ok || by.Claim != 0 && p.forgetsDevice()
}
