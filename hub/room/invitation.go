package room

import (
	"time"
)

// Commands about invitations. Managers give the first six by HTTP.
type (
	// Invite asks somebody in. Ids are made by the caller. The same address
	// again changes names and type of the living invitation.
	Invite struct {
		Invitation  InvitationID
		Participant ParticipantID
		FirstName   string
		LastName    string
		Type        Role
		Match       Hash   // keyed hash of the canonical address
		ExpiresAt   Millis // 0: 24 h from now or the room's end, the later
		Devices     int    // 0: one
	}
	// ReviseInvitation changes what is not nil.
	ReviseInvitation struct {
		Invitation InvitationID
		FirstName  *string
		LastName   *string
		Type       *Role
		ExpiresAt  *Millis
		Devices    *int
	}
	// RenewLink makes the current link die; the caller stores a new one of the
	// next generation.
	RenewLink struct{ Invitation InvitationID }
	// FreeDevices forgets every claim, so that the link works elsewhere.
	FreeDevices struct{ Invitation InvitationID }
	// RevokeInvitation ends it and its live sessions.
	RevokeInvitation struct {
		Invitation InvitationID
		Reason     string
	}
	// OpenLink notes that somebody with the right secret looked. It ties
	// nothing: mail scanners open links too.
	OpenLink struct{}
	// LobbyCheck compares an address with the invited one and, if it is that
	// one, ties the invitation to the actor's device.
	LobbyCheck struct {
		Email string `json:"email"`
		Match Hash   `json:"-"` // of Email; filled in by the server, zero if it is no address
	}
	// Enter is what every hello asks: is this actor welcome now? It ties the
	// invitation of a signed-in invited account to the device, once the doors
	// are open.
	Enter struct{}
)

// Name implements Command.
func (Invite) Name() string { return "invitation.issue" }

// Name implements Command.
func (ReviseInvitation) Name() string { return "invitation.revise" }

// Name implements Command.
func (RenewLink) Name() string { return "invitation.renew" }

// Name implements Command.
func (FreeDevices) Name() string { return "invitation.free" }

// Name implements Command.
func (RevokeInvitation) Name() string { return "invitation.revoke" }

// Name implements Command.
func (OpenLink) Name() string { return "invitation.open" }

// Name implements Command.
func (LobbyCheck) Name() string { return "lobby.check" }

// Name implements Command.
func (Enter) Name() string { return "hello" }

// Facts about invitations. Mail addresses and link secrets are rows beside the
// log; Match is a keyed hash.
type (
	// Issued is a new invitation and the seat that belongs to it.
	Issued struct {
		Invitation  InvitationID  `json:"invitation"`
		Participant ParticipantID `json:"participant"`
		FirstName   string        `json:"first_name"`
		LastName    string        `json:"last_name"`
		Type        Role          `json:"type"`
		Match       Hash          `json:"match"`
		ExpiresAt   Millis        `json:"expires_at"`
		Devices     int           `json:"devices"`
	}
	// Revised holds all changeable fields after the change; the type is a
	// RoleChanged of its own.
	Revised struct {
		Participant ParticipantID `json:"participant"`
		FirstName   string        `json:"first_name"`
		LastName    string        `json:"last_name"`
		ExpiresAt   Millis        `json:"expires_at"`
		Devices     int           `json:"devices"`
	}
	// LinkOpened is the first opening of a link.
	LinkOpened struct {
		Participant ParticipantID `json:"participant"`
	}
	// Claimed ties an invitation to a device.
	Claimed struct {
		Who
		Device     Hash   `json:"device"`
		Generation uint32 `json:"generation"`
	}
	// Missed is a wrong address in the lobby.
	Missed struct {
		Participant ParticipantID `json:"participant"`
		Session     Hash          `json:"session"`
	}
	// Renewed makes the older links die and unlocks the lobby.
	Renewed struct {
		Participant ParticipantID `json:"participant"`
		Link        uint32        `json:"link"`
		ExpiresAt   Millis        `json:"expires_at"`
	}
	// Freed forgets the devices and unlocks the lobby.
	Freed struct{ Who }
	// Revoked ends an invitation.
	Revoked struct {
		Who
		Reason string `json:"reason,omitempty"`
	}
)

// Kind implements Fact.
func (Issued) Kind() string { return "invitation.issued" }

// Kind implements Fact.
func (Revised) Kind() string { return "invitation.revised" }

// Kind implements Fact.
func (LinkOpened) Kind() string { return "invitation.opened" }

// Kind implements Fact.
func (Claimed) Kind() string { return "invitation.claimed" }

// Kind implements Fact.
func (Missed) Kind() string { return "invitation.missed" }

// Kind implements Fact.
func (Renewed) Kind() string { return "invitation.renewed" }

// Kind implements Fact.
func (Freed) Kind() string { return "invitation.freed" }

// Kind implements Fact.
func (Revoked) Kind() string { return "invitation.revoked" }

// InvitationState is the name of an invitation's state at a moment: issued,
// opened, confirmed (tied to a device before the doors opened), claimed,
// expired or revoked.
func (s *State) InvitationState(p *Person, now time.Time) string {
	switch {
	case p.Revoked:
		return "revoked"
	case len(p.Claims) > 0 && p.Early && s.Status == StatusScheduled:
		return "confirmed"
	case len(p.Claims) > 0:
		return "claimed"
	case Millis(now.UnixMilli()) >= p.ExpiresAt:
		return "expired"
	case p.Opened:
		return "opened"
	}
	return "issued"
}

// LobbyLocked says whether guessing has locked the link at a moment.
func (p *Person) LobbyLocked(now time.Time) bool {
	_, retry := p.triesLeft(Hash{}, now)
	return retry > 0
}

func (s *State) decideInvite(by *Person, c Invite, now time.Time) ([]Fact, *Refusal) {
	if !s.Collaboration {
		return nil, refuse(CodeCollaborationOff, "Inviting people is switched off for this room.")
	}
	if p, ok := s.InvitedAs(c.Match); ok {
		return s.decideRevise(by, ReviseInvitation{Invitation: p.Invitation, FirstName: &c.FirstName, LastName: &c.LastName, Type: &c.Type}, now)
	}
	f := Issued{Invitation: c.Invitation, Participant: c.Participant, Type: c.Type, Match: c.Match, ExpiresAt: c.ExpiresAt, Devices: c.Devices}
	var no *Refusal
	if f.FirstName, no = line("first_name", c.FirstName, MaxName, true); no != nil {
		return nil, no
	}
	if f.LastName, no = line("last_name", c.LastName, MaxName, true); no != nil {
		return nil, no
	}
	if no = checkType(by, c.Type); no != nil {
		return nil, no
	}
	if f.ExpiresAt == 0 {
		f.ExpiresAt = s.defaultExpiry(now)
	}
	if f.Devices == 0 {
		f.Devices = 1
	}
	if no = checkTerms(f.ExpiresAt, f.Devices, now); no != nil {
		return nil, no
	}
	return []Fact{f}, nil
}

func checkType(by *Person, t Role) *Refusal {
	if !t.Invitable() {
		return invalid("type", "is viewer, speaker or moderator")
	}
	if !by.Role.Outranks(t) {
		return refuse(CodeForbidden, "You cannot give a role as high as your own.")
	}
	return nil
}

func checkTerms(expires Millis, devices int, now time.Time) *Refusal {
	switch {
	case expires <= Millis(now.UnixMilli()):
		return invalid("expires_at", "lies in the past")
	case expires > Millis(now.Add(farFuture).UnixMilli()):
		return invalid("expires_at", "lies more than five years ahead")
	case devices < 1 || devices > MaxDevices:
		return invalid("devices", "is between 1 and 100")
	}
	return nil
}

// defaultExpiry is 24 hours from now or, if later, the room's end; a room
// without an end lasts a day.
func (s *State) defaultExpiry(now time.Time) Millis {
	end := s.EndsAt
	if end == 0 {
		end = s.StartsAt + Millis(linkLife.Milliseconds())
	}
	return max(Millis(now.Add(linkLife).UnixMilli()), end)
}

// invited finds a living invitation for a manager's command.
func (s *State) invited(id InvitationID) (*Person, *Refusal) {
	p, ok := s.Invited(id)
	switch {
	case !ok:
		return nil, refuse(CodeNotFound, "There is no such invitation in this room.")
	case p.Revoked:
		return nil, refuse(CodeInvitationRevoked, "This invitation was withdrawn.")
	}
	return p, nil
}

func (s *State) decideRevise(by *Person, c ReviseInvitation, now time.Time) ([]Fact, *Refusal) {
	p, no := s.invited(c.Invitation)
	if no != nil {
		return nil, no
	}
	f := Revised{Participant: p.ID, FirstName: p.FirstName, LastName: p.LastName, ExpiresAt: p.ExpiresAt, Devices: p.Devices}
	old := f
	if c.FirstName != nil {
		if f.FirstName, no = line("first_name", *c.FirstName, MaxName, true); no != nil {
			return nil, no
		}
	}
	if c.LastName != nil {
		if f.LastName, no = line("last_name", *c.LastName, MaxName, true); no != nil {
			return nil, no
		}
	}
	if c.ExpiresAt != nil {
		f.ExpiresAt = *c.ExpiresAt
	}
	if c.Devices != nil {
		f.Devices = *c.Devices
	}
	if c.ExpiresAt != nil || c.Devices != nil {
		if no = checkTerms(f.ExpiresAt, f.Devices, now); no != nil {
			return nil, no
		}
	}
	var facts []Fact
	if f != old {
		facts = append(facts, f)
	}
	if c.Type == nil || *c.Type == p.Role {
		return facts, nil
	}
	if no = checkType(by, *c.Type); no != nil {
		return nil, no
	}
	renamed := *p
	renamed.FirstName, renamed.LastName = f.FirstName, f.LastName
	return append(facts, roleChange(by, &renamed, *c.Type)), nil
}

func (s *State) decideRenew(c RenewLink, now time.Time) ([]Fact, *Refusal) {
	p, no := s.invited(c.Invitation)
	if no != nil {
		return nil, no
	}
	return []Fact{Renewed{Participant: p.ID, Link: p.Link + 1, ExpiresAt: max(p.ExpiresAt, s.defaultExpiry(now))}}, nil
}

func (s *State) decideFree(c FreeDevices) ([]Fact, *Refusal) {
	p, no := s.invited(c.Invitation)
	if no != nil {
		return nil, no
	}
	return []Fact{Freed{p.who()}}, nil
}

func (s *State) decideRevoke(by *Person, c RevokeInvitation) ([]Fact, *Refusal) {
	p, ok := s.Invited(c.Invitation)
	if !ok {
		return nil, refuse(CodeNotFound, "There is no such invitation in this room.")
	}
	if p.Revoked {
		return nil, nil
	}
	if !by.Role.Outranks(p.Role) {
		return nil, refuse(CodeForbidden, "You cannot act on somebody of your rank or above.")
	}
	reason := cleanLine(c.Reason)
	if no := checkReason(reason); no != nil {
		return nil, no
	}
	return []Fact{Revoked{p.who(), reason}}, nil
}

// welcome says whether an actor with an opened invitation may go on, to the
// countdown or the lobby at least. Who holds the secret is told the true
// reason. A device that has claimed stays welcome until the room is over.
func (s *State) welcome(p *Person, by Actor, now time.Time) *Refusal {
	if p.Revoked {
		return &Refusal{Code: CodeInvitationRevoked, Message: "An organiser withdrew this invitation.", At: p.EndedAt, Reason: p.Reason, Final: true}
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return nil
	}
	switch {
	case by.Link != p.Link:
		return &Refusal{Code: CodeInvitationExpired, Message: "A newer link was made for this invitation.", Final: true}
	case Millis(now.UnixMilli()) >= p.ExpiresAt:
		return &Refusal{Code: CodeInvitationExpired, Message: "This link has expired.", At: p.ExpiresAt, Final: true}
	case len(p.Claims) < p.Devices:
		return nil
	case p.Devices > 1:
		return &Refusal{Code: CodeInvitationUsed, Message: "This link is in use on as many devices as it allows.", Final: true}
	}
	return &Refusal{Code: CodeOtherDevice, Message: "This link is in use on another device.", SinceAt: p.Claims[0].At, Final: true}
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
	if no := s.welcome(p, by, now); no != nil {
		return no
	}
	return nil
}

func (s *State) decideOpenLink(by Actor) ([]Fact, *Refusal) {
	p, ok := s.Invited(by.Invitation)
	if !ok || p.Opened || p.Revoked {
		return nil, nil
	}
	return []Fact{LinkOpened{p.ID}}, nil
}

// claim ties p to the actor's device.
func claim(p *Person, by Actor) Claimed {
	return Claimed{Who: p.who(), Device: by.Device, Generation: p.Generation + 1}
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
	if c.Match != p.Match || c.Match.IsZero() {
		// The refusal is appended to the log as a fact, so that the limit is
		// durable and shared; MissedBy turns it into the answer.
		return []Fact{Missed{p.ID, by.Session}}, nil
	}
	return []Fact{claim(p, by)}, nil
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
	for _, m := range p.misses {
		link.count(m.at, now)
		if m.session == session {
			own.count(m.at, now)
		}
	}
	return min(link.left(), own.left()), max(link.retry(now), own.retry(now))
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

func (s *State) foldIssued(e Event, f Issued) {
	p := s.seat(Person{ID: f.Participant, Invitation: f.Invitation, Match: f.Match, FirstName: f.FirstName, LastName: f.LastName,
		Role: f.Type, IssuedAt: e.At, ExpiresAt: f.ExpiresAt, Devices: f.Devices, Link: 1})
	p.Since = e.Seq
}

func (s *State) foldRevised(f Revised) {
	p := s.edit(f.Participant)
	p.FirstName, p.LastName, p.ExpiresAt, p.Devices = f.FirstName, f.LastName, f.ExpiresAt, f.Devices
}

func (s *State) foldClaimed(e Event, f Claimed) {
	early := s.Status == StatusScheduled
	s.change(f.Participant, e.Seq, func(p *Person) {
		p.Claims = append(p.Claims[:len(p.Claims):len(p.Claims)], Claim{f.Device, f.Generation, e.At})
		p.Generation, p.Early, p.misses = f.Generation, early, nil
	})
}

func (s *State) foldMissed(e Event, f Missed) {
	p := s.edit(f.Participant)
	kept := make([]miss, 0, len(p.misses)+1)
	for _, m := range p.misses {
		if e.At-m.at < Millis(linkWindow.Milliseconds()) {
			kept = append(kept, m)
		}
	}
	p.misses = append(kept, miss{f.Session, e.At})
}

func (s *State) foldRenewed(e Event, f Renewed) {
	p := s.edit(f.Participant)
	p.Link, p.ExpiresAt, p.misses = f.Link, f.ExpiresAt, nil
	p.Since = e.Seq
}
