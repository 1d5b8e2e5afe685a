package room

import (
	"cmp"
	"slices"
	"time"
)

// Commands about asking for help.
type (
	// RequestLink asks the managers for a way in. Whoever holds a link whose
	// secret was right once may, whatever became of the link.
	RequestLink struct{ Message string }
	// DismissRequest is a manager's: seen, and nothing follows.
	DismissRequest struct{ Invitation InvitationID }
)

// Name implements Command.
func (RequestLink) Name() string { return "invitation.request" }

// Name implements Command.
func (DismissRequest) Name() string { return "invitation.dismiss" }

// Facts about asking for help.
type (
	// Requested tells the managers that somebody asks for a way in.
	Requested struct {
		Who
		Invitation InvitationID `json:"invitation"`
		Why        Code         `json:"why"` // what kept the person out
		Message    string       `json:"message,omitempty"`
	}
	// Dismissed closes a request without an answer.
	Dismissed struct {
		Participant ParticipantID `json:"participant"`
	}
)

// Kind implements Fact.
func (Requested) Kind() string { return "invitation.requested" }

// Kind implements Fact.
func (Dismissed) Kind() string { return "invitation.dismissed" }

// Request is somebody's wish for a way in, as long as nobody has answered it.
type Request struct {
	At      Millis
	Why     Code
	Message string
}

// request is what is remembered of the last one.
type request struct {
	Request
	open bool
}

// Request gives what a person has asked and nobody has answered.
func (p *Person) Request() (Request, bool) {
	if p.rare == nil || !p.rare.request.open {
		return Request{}, false
	}
	return p.rare.request.Request, true
}

// AskedAt says when a person asked for a way in, if that was so lately that
// asking again would change nothing; it does not tell whether it was dismissed.
func (p *Person) AskedAt(now time.Time) Millis {
	if p.rare == nil || Millis(now.UnixMilli())-p.rare.request.At >= Millis(requestWindow.Milliseconds()) {
		return 0
	}
	return p.rare.request.At
}

// Requests lists everybody who waits for an answer, longest first.
func (s *State) Requests() (asking []*Person) {
	s.People(func(p *Person) bool {
		if _, open := p.Request(); open {
			asking = append(asking, p)
		}
		return true
	})
	slices.SortStableFunc(asking, func(a, b *Person) int { return cmp.Compare(a.rare.request.At, b.rare.request.At) })
	return asking
}

// Answering lists the accounts of those who may answer a request.
func (s *State) Answering() (accounts []PersonID) {
	s.People(func(p *Person) bool {
		if p.Account != "" && !p.Revoked && p.Role.May(ActManageInvitation) {
			accounts = append(accounts, p.Account)
		}
		return true
	})
	return accounts
}

// decideRequest is asked before any seat: who asks is mostly not welcome. The
// same wish within the hour is one.
func (s *State) decideRequest(by Actor, c RequestLink, now time.Time) (ParticipantID, []Fact, *Refusal) {
	p, ok := s.Invited(by.Invitation)
	switch {
	case !ok || p.Erased():
		return "", nil, refuse(CodeNotFound, "There is no such invitation.")
	case p.Guest():
		return "", nil, refuse(CodeConflict, guestAlone)
	case s.Status == StatusClosed:
		return "", nil, s.over()
	}
	why, no := s.trouble(p, by, now)
	if no != nil {
		return "", nil, no
	}
	message, no := line("message", c.Message, MaxRequest, false)
	if no != nil {
		return "", nil, no
	}
	if p.AskedAt(now) != 0 {
		return p.ID, nil, nil
	}
	return p.ID, []Fact{Requested{Who: p.who(), Invitation: p.Invitation, Why: why, Message: message}}, nil
}

// trouble says what keeps somebody out.
func (s *State) trouble(p *Person, by Actor, now time.Time) (Code, *Refusal) {
	if no := s.welcome(p, by, now); no != nil {
		return no.Code, nil
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return "", refuse(CodeConflict, "Your link works on this device.")
	}
	if _, retry := p.triesLeft(by.Session, now); retry > 0 {
		return CodeLobbyLocked, nil
	}
	return CodeLobbyNoMatch, nil
}

func (s *State) decideDismiss(c DismissRequest) ([]Fact, *Refusal) {
	p, ok := s.Invited(c.Invitation)
	if !ok {
		return nil, refuse(CodeNotFound, "There is no such invitation in this room.")
	}
	if _, open := p.Request(); !open {
		return nil, nil
	}
	return []Fact{Dismissed{p.ID}}, nil
}

func (s *State) foldRequested(e Event, f Requested) {
	r := s.edit(f.Participant).seldom()
	r.request = request{Request{e.At, f.Why, f.Message}, true}
}

// settle closes an open request: something was done for the person.
func (p *Person) settle() {
	if _, open := p.Request(); open {
		p.seldom().request.open = false
	}
}
