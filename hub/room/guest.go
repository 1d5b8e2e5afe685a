package room

import (
	"slices"
	"time"
)

// GuestLinkID is one link for everybody who has it.
type GuestLinkID string

// Limits of guest links.
const (
	MaxGuestLinks = 3       // of a room at a time
	MaxGuests     = 100_000 // that one link lets in, where it is limited
	MaxLabel      = 60      // code points

	everGuestLinks = 250  // of a room in its life: a seat keeps the number of its link in a byte
	endedAtOnce    = 1000 // guests sent away by one EndGuests

	guestAlone = "This is a guest, who has no invitation of their own. Invite them by their address."
)

// GuestLink lets in whoever has it, as a viewer, by a name and an address
// that nobody has checked.
type GuestLink struct {
	ID        GuestLinkID
	Label     string
	Most      int    // how many it lets in; 0: any number
	Joined    int    // how many it has let in
	ExpiresAt Millis // 0: as long as the room
	Link      uint32 // generation of its secret
	Off       bool
	Removed   bool
	MadeAt    Millis
}

// State is the name of a guest link's state at a moment: on, off, expired or
// used_up.
func (l *GuestLink) State(now time.Time) string {
	switch {
	case l.Off || l.Removed:
		return "off"
	case l.expired(now):
		return "expired"
	case l.usedUp():
		return "used_up"
	}
	return "on"
}

func (l *GuestLink) expired(now time.Time) bool {
	return l.ExpiresAt != 0 && Millis(now.UnixMilli()) >= l.ExpiresAt
}

func (l *GuestLink) usedUp() bool { return l.Most > 0 && l.Joined >= l.Most }

// Commands about guest links. Managers give the first five by HTTP.
type (
	// MakeGuestLink adds one, switched on.
	MakeGuestLink struct {
		ID        GuestLinkID // made by the caller
		Label     string
		Most      int    // 0: any number
		ExpiresAt Millis // 0: as long as the room
	}
	// ReviseGuestLink changes what is not nil.
	ReviseGuestLink struct {
		ID        GuestLinkID
		Label     *string
		Most      *int
		ExpiresAt *Millis
		Off       *bool
	}
	// RenewGuestLink makes the current secret die; the caller stores a new one
	// of the next generation.
	RenewGuestLink struct{ ID GuestLinkID }
	// RemoveGuestLink takes it off the list for good.
	RemoveGuestLink struct{ ID GuestLinkID }
	// EndGuests sends away who came by a link that is off, at most a thousand
	// at once: it is given again until nothing happens.
	EndGuests struct{ ID GuestLinkID }
	// JoinAsGuest is somebody with the right secret who tells their name. Ids
	// are made by the caller. Whoever has a seat by this link already keeps it.
	JoinAsGuest struct {
		ID          GuestLinkID
		Link        uint32 // generation of the secret
		Invitation  InvitationID
		Participant ParticipantID
		FirstName   string
		LastName    string
		Domain      string // of the address they give, as A-labels
	}
)

// Name implements Command.
func (MakeGuestLink) Name() string { return "guest_link.make" }

// Name implements Command.
func (ReviseGuestLink) Name() string { return "guest_link.revise" }

// Name implements Command.
func (RenewGuestLink) Name() string { return "guest_link.renew" }

// Name implements Command.
func (RemoveGuestLink) Name() string { return "guest_link.remove" }

// Name implements Command.
func (EndGuests) Name() string { return "guest_link.end" }

// Name implements Command.
func (JoinAsGuest) Name() string { return "guest_link.join" }

// Facts about guest links. Who comes by one is an Issued with its id, and a
// Claimed.
type (
	// GuestLinkSet is a guest link after a change, a new one at first.
	GuestLinkSet struct {
		ID        GuestLinkID `json:"id"`
		Label     string      `json:"label"`
		Most      int         `json:"most,omitempty"`
		ExpiresAt Millis      `json:"expires_at,omitempty"`
		Link      uint32      `json:"link"`
		Off       bool        `json:"off,omitempty"`
	}
	// GuestLinkRemoved takes one off the list.
	GuestLinkRemoved struct {
		ID GuestLinkID `json:"id"`
	}
)

// Kind implements Fact.
func (GuestLinkSet) Kind() string { return "guest_link.set" }

// Kind implements Fact.
func (GuestLinkRemoved) Kind() string { return "guest_link.removed" }

// GuestLinks are those on the list, in the order of making.
func (s *State) GuestLinks() []GuestLink {
	return slices.DeleteFunc(slices.Clone(s.guestLinks), func(l GuestLink) bool { return l.Removed })
}

// GuestLink finds one, removed ones too. The result is for reading only.
func (s *State) GuestLink(id GuestLinkID) (*GuestLink, bool) {
	i := s.guestLinkAt(id)
	if i < 0 {
		return nil, false
	}
	return &s.guestLinks[i], true
}

// GuestLinkOf tells by which guest link a person came, if by one.
func (s *State) GuestLinkOf(p *Person) (GuestLinkID, bool) {
	if p.guest == 0 || int(p.guest) > len(s.guestLinks) {
		return "", false
	}
	return s.guestLinks[p.guest-1].ID, true
}

// Guest says that nobody has checked who this is: they came by a guest link.
func (p *Person) Guest() bool { return p.guest != 0 }

func (s *State) guestLinkAt(id GuestLinkID) int {
	return slices.IndexFunc(s.guestLinks, func(l GuestLink) bool { return l.ID == id && id != "" })
}

// listed finds a guest link on the list, for a manager's command.
func (s *State) listed(id GuestLinkID) (*GuestLink, *Refusal) {
	l, ok := s.GuestLink(id)
	if !ok || l.Removed {
		return nil, refuse(CodeNotFound, "There is no such guest link in this room.")
	}
	return l, nil
}

func (s *State) decideMakeGuestLink(c MakeGuestLink, now time.Time) ([]Fact, *Refusal) {
	if !s.Collaboration {
		return nil, refuse(CodeCollaborationOff, "Inviting people is switched off for this room.")
	}
	if s.guestLinkAt(c.ID) >= 0 || c.ID == "" {
		return nil, refuse(CodeConflict, "This id is taken.")
	}
	if len(s.GuestLinks()) >= MaxGuestLinks || len(s.guestLinks) >= everGuestLinks {
		return nil, refuse(CodeConflict, "A room has three guest links at most. Remove one first.")
	}
	f := GuestLinkSet{ID: c.ID, Most: c.Most, ExpiresAt: c.ExpiresAt, Link: 1}
	if no := f.check(c.Label, c.ExpiresAt != 0, now); no != nil {
		return nil, no
	}
	return []Fact{f}, nil
}

// check takes the label in and judges the terms.
func (f *GuestLinkSet) check(label string, expires bool, now time.Time) (no *Refusal) {
	if f.Label, no = line("label", label, MaxLabel, true); no != nil {
		return no
	}
	if f.Most < 0 || f.Most > MaxGuests {
		return invalid("most", "is between 1 and 100,000, or 0 for any number")
	}
	if expires && f.ExpiresAt != 0 {
		return checkExpiry(f.ExpiresAt, now)
	}
	return nil
}

func (s *State) decideReviseGuestLink(c ReviseGuestLink, now time.Time) ([]Fact, *Refusal) {
	l, no := s.listed(c.ID)
	if no != nil {
		return nil, no
	}
	f := l.fact()
	label := f.Label
	set(&label, c.Label)
	set(&f.Most, c.Most)
	set(&f.ExpiresAt, c.ExpiresAt)
	set(&f.Off, c.Off)
	if no := f.check(label, c.ExpiresAt != nil, now); no != nil {
		return nil, no
	}
	if f == l.fact() {
		return nil, nil
	}
	return []Fact{f}, nil
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}

func (l *GuestLink) fact() GuestLinkSet {
	return GuestLinkSet{l.ID, l.Label, l.Most, l.ExpiresAt, l.Link, l.Off}
}

func (s *State) decideRenewGuestLink(c RenewGuestLink) ([]Fact, *Refusal) {
	l, no := s.listed(c.ID)
	if no != nil {
		return nil, no
	}
	f := l.fact()
	f.Link++
	return []Fact{f}, nil
}

func (s *State) decideRemoveGuestLink(c RemoveGuestLink) ([]Fact, *Refusal) {
	if l, ok := s.GuestLink(c.ID); ok && l.Removed {
		return nil, nil
	}
	if _, no := s.listed(c.ID); no != nil {
		return nil, no
	}
	return []Fact{GuestLinkRemoved(c)}, nil
}

func (s *State) decideEndGuests(c EndGuests, now time.Time) ([]Fact, *Refusal) {
	i := s.guestLinkAt(c.ID)
	if i < 0 {
		return nil, refuse(CodeNotFound, "There is no such guest link in this room.")
	}
	if s.guestLinks[i].State(now) == "on" {
		return nil, refuse(CodeConflict, "Switch the guest link off first: people could come again.")
	}
	var facts []Fact
	s.People(func(p *Person) bool {
		if int(p.guest) == i+1 && !p.Revoked {
			facts = append(facts, Revoked{p.who(), p.Admitted(), "", false})
		}
		return len(facts) < endedAtOnce
	})
	return facts, nil
}

// decideJoin judges a guest who comes.
func (s *State) decideJoin(by Actor, c JoinAsGuest, now time.Time) ([]Fact, *Refusal) {
	l, no := s.welcomeGuest(c, now)
	if no != nil {
		return nil, no
	}
	if p, ok := s.Invited(by.Invitation); ok && s.came(p, l.ID) && p.stillHere(by) {
		return nil, nil
	}
	if no := s.blocked(c.Domain); no != nil {
		return nil, no
	}
	if m, is := s.bannedAs(Hash{}, by.Device, c.Domain); is {
		return nil, banned(m)
	}
	if l.usedUp() {
		return nil, &Refusal{Code: CodeInvitationUsed, Message: "This guest link has let in as many as it may.", Final: true}
	}
	if by.Device.IsZero() {
		return nil, refuse(CodeNotAuthenticated, "This browser has no device cookie.")
	}
	f := Issued{Invitation: c.Invitation, Participant: c.Participant, Type: Viewer, Devices: 1, ExpiresAt: s.defaultExpiry(now), Guest: l.ID, Domain: c.Domain}
	if no = s.seatFor(&f, c.FirstName, c.LastName); no != nil {
		return nil, no
	}
	if no = s.welcomeName("first_name", f.FirstName); no == nil {
		no = s.welcomeName("last_name", f.LastName)
	}
	if no != nil {
		return nil, no
	}
	p := &Person{ID: f.Participant, FirstName: f.FirstName, LastName: f.LastName, Role: Viewer, guest: 1}
	return []Fact{f, s.claim(p, by)}, nil
}

func (s *State) came(p *Person, by GuestLinkID) bool {
	id, ok := s.GuestLinkOf(p)
	return ok && id == by
}

// stillHere says that a guest has their seat on this device.
func (p *Person) stillHere(by Actor) bool {
	_, held := p.ClaimOf(by.Device)
	return held && !p.Revoked
}

// welcomeGuest says whether the holder of a right secret may come; the true
// reason, if not.
func (s *State) welcomeGuest(c JoinAsGuest, now time.Time) (*GuestLink, *Refusal) {
	l, ok := s.GuestLink(c.ID)
	switch {
	case !ok:
		return nil, refuse(CodeNotFound, "There is no such guest link.")
	case s.Status == StatusClosed:
		return nil, s.over()
	case l.Removed || l.Off:
		return nil, &Refusal{Code: CodeInvitationRevoked, Message: "This guest link is switched off.", Final: true}
	case c.Link != l.Link:
		return nil, &Refusal{Code: CodeInvitationExpired, Message: "A newer guest link was made.", Final: true}
	case l.expired(now):
		return nil, &Refusal{Code: CodeInvitationExpired, Message: "This guest link has expired.", At: l.ExpiresAt, Final: true}
	}
	return l, nil
}

// OpenGuestLink judges the opening of a guest link: what the holder of the
// right secret is told. seated: this device has its seat by it already. It
// changes nothing.
func (s *State) OpenGuestLink(by Actor, id GuestLinkID, link uint32, now time.Time) (seated bool, err error) {
	if no := s.alive(); no != nil {
		return false, no
	}
	p, ok := s.Invited(by.Invitation)
	if ok && s.came(p, id) && p.stillHere(by) {
		return true, nil
	}
	l, no := s.welcomeGuest(JoinAsGuest{ID: id, Link: link}, now)
	if no == nil && l.usedUp() {
		no = &Refusal{Code: CodeInvitationUsed, Message: "This guest link has let in as many as it may.", Final: true}
	}
	if no != nil {
		return false, no
	}
	return false, nil
}

func (s *State) foldGuestLinkSet(e Event, f GuestLinkSet) {
	s.guestLinks = slices.Clone(s.guestLinks)
	i := s.guestLinkAt(f.ID)
	if i < 0 {
		i = len(s.guestLinks)
		s.guestLinks = append(s.guestLinks, GuestLink{ID: f.ID, MadeAt: e.At})
	}
	l := &s.guestLinks[i]
	l.Label, l.Most, l.ExpiresAt, l.Link, l.Off = f.Label, f.Most, f.ExpiresAt, f.Link, f.Off
}

func (s *State) foldGuestLinkRemoved(f GuestLinkRemoved) {
	s.guestLinks = slices.Clone(s.guestLinks)
	if i := s.guestLinkAt(f.ID); i >= 0 {
		s.guestLinks[i].Removed = true
	}
}

// foldGuest counts a guest and gives the number of their link.
func (s *State) foldGuest(id GuestLinkID) uint8 {
	i := s.guestLinkAt(id)
	if i < 0 {
		return 0
	}
	s.guestLinks = slices.Clone(s.guestLinks)
	s.guestLinks[i].Joined++
	return uint8(i + 1)
}
