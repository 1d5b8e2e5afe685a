package room

import (
	"cmp"
	"slices"
)

// The waiting room: while the room is locked, viewers who come knock, and
// moderators let them in. Staff pass the lock, and so does who has been inside.

// Commands of the waiting room.
type (
	// GrantEntry lets people in.
	GrantEntry struct {
		Participants Knockers `json:"participants"`
	}
	// DenyEntry sends people away; they may come back by their link.
	DenyEntry struct {
		Participants Knockers `json:"participants"`
		Reason       string   `json:"reason,omitempty"`
	}
	// KnockPage lists who waits, longest first.
	KnockPage struct {
		After ParticipantID `json:"after,omitempty"`
		Limit int           `json:"limit,omitempty"`
	}
)

// Name implements Command.
func (GrantEntry) Name() string { return "admit.grant" }

// Name implements Command.
func (DenyEntry) Name() string { return "admit.deny" }

// Name implements Command.
func (KnockPage) Name() string { return "admit.page" }

// Facts of the waiting room. Who knocks is a Claimed that waits.
type (
	// Granted let people in.
	Granted struct {
		Who                          // who decided
		Participants []ParticipantID `json:"participants,omitempty"`
		All          bool            `json:"all,omitempty"`
	}
	// Denied sent people away.
	Denied struct {
		Who                          // who decided
		Participants []ParticipantID `json:"participants,omitempty"`
		All          bool            `json:"all,omitempty"`
		Reason       string          `json:"reason,omitempty"`
	}
)

// Kind implements Fact.
func (Granted) Kind() string { return "admit.granted" }

// Kind implements Fact.
func (Denied) Kind() string { return "admit.denied" }

// Knock is somebody in the waiting room.
type Knock struct {
	Participant ParticipantID `json:"participant"`
	Name        string        `json:"name"`
	Guest       bool          `json:"guest,omitempty"`
	At          Millis        `json:"at"` // since when

	Verified  bool   `json:"verified,omitempty"`   // has shown that the invited mailbox is theirs; in admit.page only
	InvitedBy string `json:"invited_by,omitempty"` // a name; a guest link's label. In admit.page only
}

// Knocks is those who wait, longest first; Total is how many there are.
type Knocks struct {
	Items []Knock       `json:"items"`
	Total int           `json:"total"`
	Next  ParticipantID `json:"next,omitempty"`
}

// mostKnockers bounds those named in one command.
const mostKnockers = 100

// shut says whether somebody who comes has to knock.
func (s *State) shut(p *Person) bool {
	return s.Settings().Locked && s.Status == StatusOpen && !p.Role.Staff() && (p.Waits || len(p.Claims) == 0)
}

// claim ties p to the actor's device.
func (s *State) claim(p *Person, by Actor) Claimed {
	return Claimed{Who: p.who(), Device: by.Device, Generation: p.Generation + 1, Waits: s.shut(p), UntilAt: s.untilOf(p.ID)}
}

// knockersOf gives those of a command who do wait, or says who was quicker.
func (s *State) knockersOf(given Knockers) ([]ParticipantID, *Refusal) {
	switch {
	case given.All:
		return nil, nil
	case len(given.IDs) == 0:
		return nil, invalid("participants", "is a list of people, or all")
	case len(given.IDs) > mostKnockers:
		return nil, invalid("participants", "names more than 100; say all")
	}
	var waiting []ParticipantID
	for _, id := range given.IDs {
		p, ok := s.Participant(id)
		if !ok {
			return nil, refuse(CodeNotFound, "There is no such person in this room.")
		}
		if p.Waits && !slices.Contains(waiting, id) {
			waiting = append(waiting, id)
		}
	}
	return waiting, nil
}

func (s *State) decideGrant(by *Person, c GrantEntry) ([]Fact, *Refusal) {
	ids, no := s.knockersOf(c.Participants)
	switch {
	case no != nil:
		return nil, no
	case c.Participants.All && s.waits.n > 0:
		return []Fact{Granted{Who: by.who(), All: true}}, nil
	case len(ids) > 0:
		return []Fact{Granted{Who: by.who(), Participants: ids}}, nil
	}
	return nil, s.decidedOtherwise(c.Participants, false)
}

func (s *State) decideDeny(by *Person, c DenyEntry) ([]Fact, *Refusal) {
	reason := cleanLine(c.Reason)
	if no := checkReason(reason); no != nil {
		return nil, no
	}
	ids, no := s.knockersOf(c.Participants)
	switch {
	case no != nil:
		return nil, no
	case c.Participants.All && s.waits.n > 0:
		return []Fact{Denied{Who: by.who(), All: true, Reason: reason}}, nil
	case len(ids) > 0:
		return []Fact{Denied{Who: by.who(), Participants: ids, Reason: reason}}, nil
	}
	return nil, s.decidedOtherwise(c.Participants, true)
}

// decidedOtherwise refuses the second of two decisions, unless they agree.
func (s *State) decidedOtherwise(given Knockers, denied bool) *Refusal {
	for _, id := range given.IDs {
		p, _ := s.Participant(id)
		if gone := p.out != 0 || p.Revoked || len(p.Claims) == 0; gone != denied {
			return refuse(CodeConflict, "Somebody else has decided this already.")
		}
	}
	return nil
}

// waiting lists who waits, longest first.
func (s *State) waiting() []*Person {
	all := make([]*Person, 0, s.waits.n)
	for seat := range s.waits.all {
		all = append(all, s.people.at(int(seat)))
	}
	slices.SortStableFunc(all, func(a, b *Person) int {
		return cmp.Or(cmp.Compare(a.knockedAt(), b.knockedAt()), cmp.Compare(a.Since, b.Since))
	})
	return all
}

// knockedAt is since when somebody waits.
func (p *Person) knockedAt() Millis {
	if n := len(p.Claims); n > 0 {
		return p.Claims[n-1].At
	}
	return 0
}

// startWaiting puts somebody behind those who wait.
func (s *State) startWaiting(p *Person) {
	p.Waits = true
	s.waits = s.waits.with(s.seatOfID(p.ID), true)
}

func (s *State) leaveWaiting(p *Person) {
	p.Waits = false
	s.waits = s.waits.with(s.seatOfID(p.ID), false)
}

func (s *State) letIn(all []*Person, at Seq) {
	for _, p := range all {
		s.change(p.ID, at, s.leaveWaiting)
	}
}

// named gives those of a fact who wait.
func (s *State) named(ids []ParticipantID, all bool) (those []*Person) {
	if all {
		return s.waiting()
	}
	for _, id := range ids {
		if p, ok := s.Participant(id); ok && p.Waits {
			those = append(those, p)
		}
	}
	return those
}

func (s *State) foldGranted(e Event, f Granted) { s.letIn(s.named(f.Participants, f.All), e.Seq) }

func (s *State) foldDenied(e Event, f Denied) {
	for _, p := range s.named(f.Participants, f.All) {
		s.expel(p.ID, e.Seq, outRemoved)
	}
}

// shutOut makes those wait who confirmed before the doors opened on a locked
// room.
func (s *State) shutOut(at Seq) {
	for p := range s.People {
		if s.Settings().Locked && len(p.Claims) > 0 && !p.Role.Staff() {
			s.change(p.ID, at, s.startWaiting)
		}
	}
}

func knock(p *Person) Knock {
	return Knock{Participant: p.ID, Name: p.Name(), Guest: p.Guest(), At: p.knockedAt()}
}

func (k Knock) bytes() int {
	return 120 + jsonBytes(k.Name) + jsonBytes(k.InvitedBy) + len(k.Participant)
}

// knocks lists who waits behind somebody, as many as fit.
func (s *State) knocks(after ParticipantID, limit, bytes int, view func(*Person) Knock) Knocks {
	list := Knocks{Items: []Knock{}, Total: s.waits.n}
	rest := s.waiting()
	if i := slices.IndexFunc(rest, func(p *Person) bool { return p.ID == after }); i >= 0 {
		rest = rest[i+1:]
	}
	for _, p := range rest {
		k := view(p)
		if bytes -= k.bytes(); bytes < 0 || len(list.Items) == limit {
			list.Next = list.Items[len(list.Items)-1].Participant
			return list
		}
		list.Items = append(list.Items, k)
	}
	return list
}

// KnockPage answers admit.page.
func (s *State) KnockPage(c KnockPage) Knocks {
	return s.knocks(c.After, pageLimit(c.Limit), pageBytes, func(p *Person) Knock {
		k := knock(p)
		k.Verified, k.InvitedBy = p.Proven, s.invitedBy(p)
		return k
	})
}

// invitedBy names who invited somebody; of a guest, by which link they came.
func (s *State) invitedBy(p *Person) string {
	switch {
	case p.guest > 0 && int(p.guest) <= len(s.guestLinks):
		return s.guestLinks[p.guest-1].Label
	case p.inviter > 0 && int(p.inviter) <= s.people.len():
		return s.people.at(int(p.inviter - 1)).Name()
	}
	return ""
}

// Lineup is the waiting room as all who wait are told: when somebody's turn is,
// each finds by when they came. It names nobody.
type Lineup struct {
	Waiting int      `json:"waiting"` // rounded above 100
	Step    int      `json:"step"`    // 1: the numbers are exact
	From    Millis   `json:"from"`    // when the first came
	After   []Millis `json:"after"`   // how long after From each Step-th one came, in order
}

// lineupMarks bounds After.
const lineupMarks = 50

// Lineup gives the order of those who wait.
func (s *State) Lineup() Lineup {
	all := s.waiting()
	l := Lineup{Waiting: Rounded(len(all)), Step: max(1, (len(all)+lineupMarks-1)/lineupMarks), After: []Millis{}}
	for i := 0; i < len(all); i += l.Step {
		if i == 0 {
			l.From = all[0].knockedAt()
		}
		l.After = append(l.After, all[i].knockedAt()-l.From)
	}
	return l
}

// Rounded is a number as those are told who wait: above 100 in tens.
func Rounded(n int) int {
	if n > 100 {
		return (n + 5) / 10 * 10
	}
	return n
}
