package room

import (
	"cmp"
	"slices"
)

// Hands, in the order in which they were raised. The staff sees the queue,
// everybody their own hand.

// Commands of hands.
type (
	// HandRaise raises one's hand.
	HandRaise struct{}
	// HandLower lowers one's own hand, or with the right hand.clear somebody's:
	// then the person is told, with the reason.
	HandLower struct {
		Participant ParticipantID `json:"participant,omitempty"`
		Reason      string        `json:"reason,omitempty"`
	}
	// HandClear lowers all hands.
	HandClear struct{}
	// HandPage lists raised hands, the first raised first.
	HandPage struct {
		After ParticipantID `json:"after,omitempty"`
		Limit int           `json:"limit,omitempty"`
	}
)

// Name implements Command.
func (HandRaise) Name() string { return "hand.raise" }

// Name implements Command.
func (HandLower) Name() string { return "hand.lower" }

// Name implements Command.
func (HandClear) Name() string { return "hand.clear" }

// Name implements Command.
func (HandPage) Name() string { return "hand.page" }

// Facts of hands.
type (
	// HandRaised is somebody's wish to speak.
	HandRaised struct{ Who }
	// HandLowered is its end.
	HandLowered struct {
		Participant ParticipantID `json:"participant"`
		Why         HandEnd       `json:"why"`
		By          Who           `json:"by"`
		Reason      string        `json:"reason,omitempty"`
	}
	// HandsCleared is the end of all.
	HandsCleared struct{ Who }
)

// Kind implements Fact.
func (HandsCleared) Kind() string { return "hands.cleared" }

// Kind implements Fact.
func (HandRaised) Kind() string { return "hand.raised" }

// Kind implements Fact.
func (HandLowered) Kind() string { return "hand.lowered" }

// HandMode is what a raised hand does.
type HandMode string

// The modes.
const (
	HandsByRequest HandMode = ""       // staff decides; on the way in "request"
	HandsOpen      HandMode = "open"   // it makes a viewer a speaker, while there is room
	HandsByOffer   HandMode = "invite" // none is raised: staff asks people up
)

// Bounds of the open stage.
const (
	DefaultHandsMost = 10
	MaxHandsMost     = 200
)

// hands reads what a command sets of them.
func (c SetSettings) hands(x *Settings) *Refusal {
	if c.Hands != nil {
		switch mode := HandMode(*c.Hands); mode {
		case "request", HandsByRequest:
			x.Hands = HandsByRequest
		case HandsOpen, HandsByOffer:
			x.Hands = mode
		default:
			return invalid("hands", "is open, request or invite")
		}
	}
	if c.HandsMost != nil {
		if x.HandsMost = *c.HandsMost; x.HandsMost < 0 || x.HandsMost > MaxHandsMost {
			return invalid("hands_most", "is between 0 and 200")
		}
	}
	return nil
}

// roomOnStage says whether a raised hand takes the stage.
func (s *State) roomOnStage() bool {
	most := cmp.Or(s.Settings().HandsMost, DefaultHandsMost)
	return s.Settings().Hands == HandsOpen && count(s.stage, func(seat int32) bool { return s.people.at(int(seat)).Role == Speaker }) < most
}

// HandEnd is why a hand is down again.
type HandEnd string

// The ends of a raised hand.
const (
	HandOwn      HandEnd = "own"      // by the person
	HandDeclined HandEnd = "declined" // by staff
	HandCleared  HandEnd = "cleared"  // by staff, with all others
	HandAccepted HandEnd = "accepted" // another role has come
	HandLeft     HandEnd = "left"     // the person has to leave
)

// hands are the raised hands, the first on top.
type hands struct {
	up []hand
	by *ownership // whose the slice is
}

type hand struct {
	seat int32
	at   Millis
	who  Who
}

func (h *hands) own(by *ownership) {
	if h.by != by {
		h.up, h.by = slices.Clone(h.up), by
	}
}

func (h *hands) find(seat int32) (int, bool) {
	i := slices.IndexFunc(h.up, func(x hand) bool { return x.seat == seat })
	return i, i >= 0
}

func (s *State) decideRaise(p *Person) ([]Fact, *Refusal) {
	switch viewer := p.Role == Viewer; {
	case p.handUp:
		return nil, nil
	case viewer && s.Settings().Hands == HandsByOffer:
		return nil, refuse(CodeClosed, "The stage is by invitation: the hosts ask people up.")
	case viewer && !p.Guest() && !p.Muted && s.roomOnStage():
		return []Fact{roleChange(p.who(), p, Speaker)}, nil
	}
	return []Fact{HandRaised{p.who()}}, nil
}

func (s *State) decideLower(p *Person, c HandLower) ([]Fact, *Refusal) {
	if c.Participant == "" || c.Participant == p.ID {
		if !p.handUp {
			return nil, nil
		}
		return []Fact{HandLowered{p.ID, HandOwn, p.who(), ""}}, nil
	}
	if !p.Role.May(ActHandClear) {
		return nil, refuse(CodeForbidden, "You can only lower your own hand.")
	}
	other, ok := s.Participant(c.Participant)
	if !ok || other.Revoked {
		return nil, refuse(CodeNotFound, "There is no such person in this room.")
	}
	reason, no := line("reason", c.Reason, MaxReason, false)
	if no != nil || !other.handUp {
		return nil, no
	}
	return []Fact{HandLowered{other.ID, HandDeclined, p.who(), reason}}, nil
}

func (s *State) decideClearHands(p *Person) ([]Fact, *Refusal) {
	if len(s.hands.up) == 0 {
		return nil, nil
	}
	return []Fact{HandsCleared{p.who()}}, nil
}

// handsDown lowers the hands of those whose standing changes by facts: they
// have got what they wanted, or have to leave.
func (s *State) handsDown(facts []Fact) []Fact {
	if len(s.hands.up) == 0 {
		return facts
	}
	for _, f := range slices.Clip(facts) {
		id, why, by := settles(f)
		if p, ok := s.Participant(id); ok && p.handUp && id != "" {
			facts = append(facts, HandLowered{id, why, by, ""})
		}
		for _, h := range s.hands.up {
			if s.meets(f, h.seat) {
				facts = append(facts, HandLowered{h.who.Participant, HandLeft, Who{}, ""})
			}
		}
	}
	return facts
}

// meets says whether somebody is sent out by a ban of somebody else.
func (s *State) meets(f Fact, seat int32) bool {
	ban, is := f.(Banned)
	p := s.people.at(int(seat))
	return is && p.ID != ban.Participant && !p.Revoked && ban.meets(p)
}

// settles says whose wish to speak a fact ends.
func settles(f Fact) (whose ParticipantID, why HandEnd, by Who) {
	switch f := f.(type) {
	case RoleChanged:
		if f.Role.Staff() {
			return f.Participant, HandAccepted, f.By
		}
	case ManagerSet:
		return f.Participant, HandAccepted, f.By
	case Revoked:
		if !f.Finish {
			return f.Participant, HandLeft, Who{}
		}
	case Removed:
		return f.Participant, HandLeft, Who{}
	case Banned:
		return f.Participant, HandLeft, Who{}
	case Freed:
		return f.Participant, HandLeft, Who{}
	case ManagerRemoved:
		return f.Participant, HandLeft, Who{}
	case Erased:
		return f.Participant, HandLeft, Who{}
	}
	return "", "", Who{}
}

func (s *State) foldHand(e Event) {
	switch f := e.Fact.(type) {
	case HandRaised:
		if p := s.edit(f.Participant); p.ID != "" && !p.handUp {
			p.handUp = true
			s.hands.own(s.by)
			s.hands.up = append(s.hands.up, hand{s.seatOfID(p.ID), e.At, f.Who})
		}
	case HandLowered:
		s.dropHand(f.Participant)
	case HandsCleared:
		s.dropHands()
	}
}

func (s *State) dropHand(id ParticipantID) {
	i, up := s.hands.find(s.seatOfID(id))
	if !up {
		return
	}
	s.hands.own(s.by)
	s.hands.up = slices.Delete(s.hands.up, i, i+1)
	s.edit(id).handUp = false
}

// dropHands lowers all: the room has closed, or has forgotten everything.
func (s *State) dropHands() {
	for len(s.hands.up) > 0 {
		s.dropHand(s.hands.up[len(s.hands.up)-1].who.Participant)
	}
}

// Hand is a raised hand as staff sees it.
type Hand struct {
	At Millis `json:"at"`
	WhoView
}

// Hands is a part of the queue; Total counts all of it.
type Hands struct {
	Items []Hand        `json:"items"`
	Total int           `json:"total"`
	Next  ParticipantID `json:"next,omitempty"` // in hand.page: go on behind it
}

func (s *State) shownHands(bytes int) *Hands {
	list := handsOf(s.hands.up, shownHands, bytes)
	list.Next = ""
	return &list
}

// HandPage answers hand.page. Behind a hand that is down by now it begins anew.
func (s *State) HandPage(c HandPage) Hands {
	rest := s.hands.up
	if i, up := s.hands.find(s.seatOfID(c.After)); up {
		rest = rest[i+1:]
	}
	list := handsOf(rest, pageLimit(c.Limit), pageBytes)
	list.Total = len(s.hands.up)
	return list
}

// handsOf lists raised hands, as many as fit.
func handsOf(all []hand, most, bytes int) Hands {
	list := Hands{Items: []Hand{}, Total: len(all)}
	for _, h := range all {
		v := Hand{h.at, h.who.View()}
		if bytes -= 130 + jsonBytes(v.Name) + len(v.Participant); bytes < 0 || len(list.Items) == most {
			list.Next = list.Items[len(list.Items)-1].Participant
			break
		}
		list.Items = append(list.Items, v)
	}
	return list
}

// handOf is since when somebody's hand is up; 0: it is down.
func (s *State) handOf(p *Person) Millis {
	if i, up := s.hands.find(s.seatOfID(p.ID)); p.handUp && up {
		return s.hands.up[i].at
	}
	return 0
}
