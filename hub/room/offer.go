package room

import (
	"slices"
	"time"
)

// Being asked onto the stage, and leaving it. Nobody is put there unasked by
// an offer: whom it is made to accepts it or not.

// Commands of offers.
type (
	// OfferStage asks a viewer to be a speaker; for so many seconds from the
	// moment when they accept, if that is given.
	OfferStage struct {
		Participant ParticipantID `json:"participant"`
		ForS        int           `json:"for_s,omitempty"`
	}
	// WithdrawOffer takes that back.
	WithdrawOffer struct {
		Participant ParticipantID `json:"participant"`
	}
	// AnswerOffer is the answer of who was asked.
	AnswerOffer struct {
		Accept bool `json:"accept"`
	}
	// LeaveStage gives one's role back, for a lower one; if none is given, to be
	// a viewer. Of a role for a time nothing stays beyond that time.
	LeaveStage struct {
		Role string `json:"role,omitempty"`
	}
)

// Name implements Command.
func (OfferStage) Name() string { return "stage.offer" }

// Name implements Command.
func (WithdrawOffer) Name() string { return "stage.withdraw" }

// Name implements Command.
func (AnswerOffer) Name() string { return "stage.answer" }

// Name implements Command.
func (LeaveStage) Name() string { return "stage.leave" }

// Facts of offers.
type (
	// StageOffered asks somebody onto the stage. Who is whom.
	StageOffered struct {
		Who
		By   Who `json:"by"`
		ForS int `json:"for_s,omitempty"`
	}
	// OfferEnded is the end of that.
	OfferEnded struct {
		Participant ParticipantID `json:"participant"`
		Why         OfferEnd      `json:"why"`
		By          Who           `json:"by"`
	}
)

// Kind implements Fact.
func (StageOffered) Kind() string { return "stage.offered" }

// Kind implements Fact.
func (OfferEnded) Kind() string { return "stage.offer_ended" }

// OfferEnd is why an offer does not stand any more.
type OfferEnd string

// The ends of an offer.
const (
	OfferAccepted  OfferEnd = "accepted" // another role has come
	OfferDeclined  OfferEnd = "declined" // by the person
	OfferWithdrawn OfferEnd = "withdrawn"
	OfferLeft      OfferEnd = "left" // the person has to leave
)

// mostOffers bounds those that stand at once.
const mostOffers = 200

// offer is one that stands.
type offer struct {
	seat int32
	by   Who
	at   Millis
	forS int
}

func (s *State) offerTo(id ParticipantID) (offer, bool) {
	seat := s.seatOfID(id)
	i := slices.IndexFunc(s.offers, func(o offer) bool { return o.seat == seat })
	if i < 0 {
		return offer{}, false
	}
	return s.offers[i], true
}

func (s *State) decideOffer(by *Person, c OfferStage, now time.Time) ([]Fact, *Refusal) {
	if c.ForS != 0 {
		if _, no := forSeconds(now, c.ForS); no != nil {
			return nil, no
		}
	}
	p, ok := s.Participant(c.Participant)
	old, stands := s.offerTo(c.Participant)
	switch {
	case !ok || !p.Admitted():
		return nil, refuse(CodeNotFound, "There is no such person in this room.")
	case p.Guest():
		return nil, refuse(CodeForbidden, "Nobody has checked who this guest is. Invite them by their address to give them a role.")
	case p.Role != Viewer:
		return nil, refuse(CodeConflict, "This person is on the stage already.")
	case stands && old.forS == c.ForS:
		return nil, nil
	case !stands && len(s.offers) >= mostOffers:
		return nil, refuse(CodeConflict, "Too many people have been asked onto the stage. Wait for some answers.")
	}
	return []Fact{StageOffered{p.who(), by.who(), c.ForS}}, nil
}

func (s *State) decideWithdrawOffer(by *Person, c WithdrawOffer) ([]Fact, *Refusal) {
	if _, stands := s.offerTo(c.Participant); !stands {
		return nil, nil
	}
	return []Fact{OfferEnded{c.Participant, OfferWithdrawn, by.who()}}, nil
}

func (s *State) decideAnswerOffer(p *Person, c AnswerOffer, now time.Time) ([]Fact, *Refusal) {
	o, stands := s.offerTo(p.ID)
	switch {
	case !c.Accept && !stands:
		return nil, nil
	case !c.Accept:
		return []Fact{OfferEnded{p.ID, OfferDeclined, p.who()}}, nil
	case !stands:
		return nil, refuse(CodeConflict, "You are not asked onto the stage any more.")
	}
	return s.decideGive(o.by, p, Speaker, o.forS, now)
}

// decideGive gives a role that has been judged to be theirs to have.
func (s *State) decideGive(by Who, p *Person, role Role, forS int, now time.Time) ([]Fact, *Refusal) {
	f := roleChange(by, p, role)
	until, no := SetRole{ForS: forS}.until(now)
	if no == nil {
		no = s.lends(&f, p, until)
	}
	if no != nil {
		return nil, no
	}
	return []Fact{f}, nil
}

func (s *State) decideLeaveStage(p *Person, c LeaveStage) ([]Fact, *Refusal) {
	role := Viewer
	if c.Role != "" {
		role = ParseRole(c.Role)
	}
	switch {
	case !role.Invitable() || !p.Role.Outranks(role):
		return nil, invalid("role", "is lower than one's own")
	case p.Role.Manages():
		return nil, refuse(CodeForbidden, "A manager's right is changed on the room's page.")
	}
	f := roleChange(p.who(), p, role)
	if l, lent := s.lending(s.seatOfID(p.ID)); lent && role.Outranks(l.back) {
		f.UntilAt, f.Back = l.until, l.back
	}
	return []Fact{f}, nil
}

// offersEnd ends the offers to those whose standing changes by facts.
func (s *State) offersEnd(facts []Fact) []Fact {
	if len(s.offers) == 0 {
		return facts
	}
	for _, f := range slices.Clip(facts) {
		id, why, by := settles(f)
		for _, o := range s.offers {
			p := s.people.at(int(o.seat))
			switch {
			case p.ID == id && why == HandAccepted:
				facts = append(facts, OfferEnded{id, OfferAccepted, by})
			case p.ID == id:
				facts = append(facts, OfferEnded{id, OfferLeft, by})
			case s.meets(f, o.seat):
				facts = append(facts, OfferEnded{p.ID, OfferLeft, Who{}})
			}
		}
	}
	return facts
}

func (s *State) foldOffer(e Event) {
	switch f := e.Fact.(type) {
	case StageOffered:
		s.dropOffer(f.Participant)
		s.offers = append(slices.Clip(s.offers), offer{s.seatOfID(f.Participant), f.By, e.At, f.ForS})
	case OfferEnded:
		s.dropOffer(f.Participant)
	}
}

func (s *State) dropOffer(id ParticipantID) {
	seat := s.seatOfID(id)
	s.offers = slices.DeleteFunc(slices.Clone(s.offers), func(o offer) bool { return o.seat == seat })
}

// Offer is one that stands, as who was asked and moderators see it.
type Offer struct {
	At   Millis  `json:"at"`
	By   WhoView `json:"by"`
	ForS int     `json:"for_s,omitempty"`
}

// Offered is an offer and to whom it is made.
type Offered struct {
	WhoView
	Offer
}

// MeOffer tells somebody that they are asked onto the stage; At 0: not any
// more, and why.
type MeOffer struct {
	At   Millis   `json:"at"`
	By   *WhoView `json:"by,omitempty"`
	ForS int      `json:"for_s,omitempty"`
	Why  OfferEnd `json:"why,omitempty"`
}

// OfferGone is stage.offer_ended.
type OfferGone struct {
	Participant ParticipantID `json:"participant"`
	Why         OfferEnd      `json:"why"`
	By          *WhoView      `json:"by,omitempty"`
}

func (o offer) view() Offer { return Offer{o.at, o.by.View(), o.forS} }

// shownOffers lists those that stand, oldest first, as many as fit.
func (s *State) shownOffers(bytes int) (shown []Offered) {
	for _, o := range s.offers {
		v := Offered{s.people.at(int(o.seat)).who().View(), o.view()}
		if bytes -= v.bytes(); bytes < 0 || len(shown) == shownWaiting {
			break
		}
		shown = append(shown, v)
	}
	return shown
}

func (o Offered) bytes() int {
	return 240 + jsonBytes(o.Name) + jsonBytes(o.By.Name) + len(o.Participant) + len(o.By.Participant)
}

// myOffer is what stands for somebody.
func (s *State) myOffer(p *Person) *Offer {
	o, stands := s.offerTo(p.ID)
	if !stands {
		return nil
	}
	v := o.view()
	return &v
}

// showOffer is what moderators see of offers.
func showOffer(e Event) []Shown {
	switch f := e.Fact.(type) {
	case StageOffered:
		return one("stage.offered", Offered{f.Who.View(), Offer{e.At, f.By.View(), f.ForS}})
	case OfferEnded:
		return one("stage.offer_ended", OfferGone{f.Participant, f.Why, f.shownBy()})
	}
	return nil
}

// ownOffer is what the person is told.
func ownOffer(e Event) (whose ParticipantID, told []Shown) {
	switch f := e.Fact.(type) {
	case StageOffered:
		by := f.By.View()
		return f.Participant, one("me.offer", MeOffer{At: e.At, By: &by, ForS: f.ForS})
	case OfferEnded:
		return f.Participant, one("me.offer", MeOffer{Why: f.Why, By: f.shownBy()})
	}
	return "", nil
}

// shownBy names who ended an offer, unless it was the person.
func (f OfferEnded) shownBy() *WhoView {
	if f.By.Participant == "" || f.By.Participant == f.Participant {
		return nil
	}
	by := f.By.View()
	return &by
}

func (m *Mirror) offered(o Offered) {
	m.notOffered(o.Participant)
	m.Offers = append(slices.Clip(m.Offers), o)
}

func (m *Mirror) notOffered(id ParticipantID) {
	m.Offers = slices.DeleteFunc(slices.Clone(m.Offers), func(o Offered) bool { return o.Participant == id })
}

// eraseOffers forgets what was offered to somebody, and the name of who
// offered or said something.
func (m *Mirror) eraseOffers(id ParticipantID) {
	m.notOffered(id)
	for i := range m.Offers {
		m.Offers[i].By.rename(id, "")
	}
	if m.You.Offer != nil {
		m.You.Offer.By.rename(id, "")
	}
	if m.You.Told != nil && m.You.Told.By.Participant == id {
		m.You.Told = nil
	}
}

func (w *writer) offers(all []offer) {
	w.uint(uint64(len(all)))
	for _, o := range all {
		w.seat(o.seat)
		w.who(o.by)
		w.int(int64(o.at))
		w.int(int64(o.forS))
	}
}

func (r *reader) offers(s *State) (all []offer) {
	for range r.count() {
		all = append(all, offer{max(r.seat(s), 0), r.who(), Millis(r.int()), int(r.int())})
	}
	return all
}
