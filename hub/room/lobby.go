package room

import (
	"cmp"
	"time"
)

// welcome says whether an actor with an opened invitation may go on, to the
// countdown or the lobby at least. Who holds the secret is told the true
// reason. A device that has claimed stays welcome until the room is over.
func (s *State) welcome(p *Person, by Actor, now time.Time) *Refusal {
	if no := s.current(p, by, now); no != nil {
		return no
	}
	_, claimed := p.ClaimOf(by.Device)
	switch {
	case claimed || p.Roomy():
		return nil
	case p.Devices != 1:
		return &Refusal{Code: CodeInvitationUsed, Message: "This link is in use on as many devices as it allows.", Final: true}
	}
	return &Refusal{Code: CodeOtherDevice, Message: "This link is in use on another device.", SinceAt: p.Claims[0].At, Final: true}
}

// current is welcome without regard to how many devices there are.
func (s *State) current(p *Person, by Actor, now time.Time) *Refusal {
	if p.Revoked {
		return p.withdrawn()
	}
	if no := s.barred(p); no != nil {
		return no
	}
	if no := s.unwelcome(p, by); no != nil {
		return no
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return nil
	}
	switch {
	case p.Finishing:
		return p.withdrawn()
	case by.Link != p.Link:
		return &Refusal{Code: CodeInvitationExpired, Message: "A newer link was made for this invitation.", Final: true}
	case Millis(now.UnixMilli()) >= p.ExpiresAt:
		return &Refusal{Code: CodeInvitationExpired, Message: "This link has expired.", At: p.ExpiresAt, Final: true}
	}
	return nil
}

func (p *Person) withdrawn() *Refusal {
	return &Refusal{Code: CodeInvitationRevoked, Message: "An organiser withdrew this invitation.", At: p.rare.endedAt, Reason: p.rare.reason, Final: true}
}

// Open judges the opening of a link: what the holder of the right secret is
// told. It changes nothing.
func (s *State) Open(by Actor, now time.Time) error {
	if no := s.alive(); no != nil {
		return no
	}
	p, ok := s.Invited(by.Invitation)
	if !ok {
		return refuse(CodeNotFound, "There is no such invitation.")
	}
	if p.Finishing { // whoever is inside has no need to
		return p.withdrawn()
	}
	if no := s.welcome(p, by, now); no != nil {
		return no
	}
	return nil
}

func (s *State) decideOpenLink(by Actor) ([]Fact, *Refusal) {
	p, ok := s.Invited(by.Invitation)
	if !ok || p.Opened && p.out != outRemoved || p.Revoked || p.Finishing || by.Link != p.Link {
		return nil, nil
	}
	return []Fact{LinkOpened{p.ID}}, nil
}

func (s *State) decideLobby(p *Person, by Actor, c LobbyCheck, now time.Time) ([]Fact, *Refusal) {
	if no := s.welcome(p, by, now); no != nil {
		return nil, no
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return nil, nil
	}
	if by.Device.IsZero() {
		return nil, refuse(CodeNotAuthenticated, "This browser has no device cookie.")
	}
	if _, retry := p.triesLeft(by.Session, now); retry > 0 {
		return nil, &Refusal{Code: CodeLobbyLocked, Message: "Too many wrong addresses.", Retry: retry}
	}
	if c.Email == "" {
		return nil, invalid("email", "is required")
	}
	if s.spent(p, by, c, now) {
		return nil, errCodesSpent
	}
	if c.Match != p.Match || c.Match.IsZero() {
		if no := s.betrays(c.Match); no != nil {
			return nil, no
		}
		// The refusal is appended to the log as a fact, so that the limit is
		// durable and shared; Answer turns it into the answer.
		return []Fact{Missed{p.ID, by.Session}}, nil
	}
	if no := s.blocked(cmp.Or(p.Domain(), c.Domain)); no != nil {
		return nil, no
	}
	return s.lobbyProof(p, by, c, now)
}

// stillClaimed refuses the commands of a live session whose claim has ended:
// after a reset even the same device's older connections are strangers
// (invariant D2).
func (p *Person) stillClaimed(by Actor) *Refusal {
	if c, held := p.ClaimOf(by.Device); held && c.Generation == by.Claim || p.forgetsDevice() {
		return nil
	}
	no := &Refusal{Code: CodeOtherDevice, Message: "This link belongs to another device now.", Final: true}
	if len(p.Claims) > 0 {
		no.SinceAt = p.Claims[0].At
	}
	return no
}

// miss is one wrong address.
type miss struct {
	session Hash
	at      Millis
}

// triesLeft counts how many wrong addresses are still forgiven to a session
// and to the link, the fewer; with none left it tells how long to wait.
func (p *Person) triesLeft(session Hash, now time.Time) (left int, retry time.Duration) {
	link := window{span: linkWindow, limit: linkTries}
	own := window{span: sessionWindow, limit: sessionTries}
	for _, m := range counting(p.missed()) {
		link.count(m.at, now)
		if m.session == session {
			own.count(m.at, now)
		}
	}
	return min(link.left(), own.left()), max(link.retry(now), own.retry(now))
}

func (p *Person) missed() []miss {
	if p.rare == nil {
		return nil
	}
	return p.rare.misses
}

// window counts what happened within the last span.
type window struct {
	span  time.Duration
	limit int
	seen  int
	first time.Time
}

func (w *window) count(at Millis, now time.Time) {
	t := time.UnixMilli(int64(at))
	if now.Sub(t) >= w.span {
		return
	}
	if w.seen == 0 {
		w.first = t
	}
	w.seen++
}

func (w *window) left() int { return max(w.limit-w.seen, 0) }

func (w *window) retry(now time.Time) time.Duration {
	if w.left() > 0 {
		return 0
	}
	return w.span - now.Sub(w.first)
}

// LobbyLocked says whether guessing has locked the link at a moment.
func (p *Person) LobbyLocked(now time.Time) bool {
	link := window{span: linkWindow, limit: linkTries}
	for _, m := range p.missed() {
		link.count(m.at, now)
	}
	return link.left() == 0
}

// refuses says whether a fact tells of a refusal. The limits of guessing are
// durable and shared because they are in the log.
func refuses(f Fact) bool {
	switch f.(type) {
	case Missed, CodeMissed:
		return true
	}
	return false
}

// Answer tells what somebody is answered to a guess that has been folded: the
// tries left, or that there are none. It is nil for a fact of another kind.
func (s *State) Answer(by Actor, f Fact, now time.Time) *Refusal {
	switch f := f.(type) {
	case Missed:
		return s.missedBy(by, now)
	case CodeMissed:
		p, _ := s.Participant(f.Participant)
		c, live := p.codeOf(f.Device, now)
		if !live {
			return noCode(0)
		}
		return noCode(codeTries - c.misses)
	}
	return nil
}

// missedBy tells the tries left after a wrong address, or that the link or
// session is locked now.
func (s *State) missedBy(by Actor, now time.Time) *Refusal {
	p, ok := s.Who(by)
	if !ok {
		return refuse(CodeLobbyNoMatch, "That is not the address this link was sent to.")
	}
	left, retry := p.triesLeft(by.Session, now)
	if retry > 0 {
		return &Refusal{Code: CodeLobbyLocked, Message: "Too many wrong addresses.", Retry: retry}
	}
	return &Refusal{Code: CodeLobbyNoMatch, Message: "That is not the address this link was sent to.", TriesLeft: left}
}
