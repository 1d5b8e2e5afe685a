package room

import (
	"slices"
	"unique"
)

// Info is what a room says of itself.
type Info struct {
	ID            ID
	Title         string
	Description   string
	StartsAt      Millis
	EndsAt        Millis // 0: open end
	Speakers      []Presenter
	Collaboration bool // without it nobody is invited
	LobbyCode     bool // the lobby asks everybody for a mailed code, whatever the site says
	Organiser     string
	Epoch         string       // made with the room
	HostAbsent    *AbsenceRule // nil: as the site says
	After         Afterwards
}

// Presenter is somebody announced on the room's page.
type Presenter struct {
	Name string `json:"name"`
	Bio  string `json:"bio,omitempty"`
}

// Status is where a room stands in its life.
type Status string

// The life of a room. A closed room can be opened again; a deleted one stays.
const (
	StatusScheduled Status = "scheduled"
	StatusOpen      Status = "open"
	StatusClosed    Status = "closed"
	StatusDeleted   Status = "deleted"
)

// State is the fold of a room's log. It is not for concurrent writing; a state
// that is no longer written may be read by any number of goroutines.
type State struct {
	Info
	Status    Status
	Backstage bool // staff are let in before the doors open
	Head      Seq
	LastAt    Millis // time of the last event
	OpenedAt  Millis
	ClosedAt  Millis
	Reason    string // of the last close or delete
	TurnedAt  Seq    // last place where the phase of many changed
	turnedBy  Seq    // version of the site's settings by which Backstage was judged
	edits     edits

	people        list[Person]
	byParticipant index[ParticipantID]
	byInvitation  index[InvitationID]
	byMatch       index[Hash]     // the newest invitation of an address
	byPerson      index[PersonID] // the newest seat of an account
	stage         []int32         // admitted staff, by order of admission; replaced, never changed in place
	admitted      int             // how many people have been admitted
	owners        int
	finishing     int // how many were withdrawn and may finish

	lent   []lent   // in the order of lending; these three are replaced, never changed in place
	offers []offer  // of the stage
	told   []saying // to who waits

	guestLinks []GuestLink // in the order of making, removed ones too; replaced, never changed in place

	settings  *Settings // nil: as every room begins; never changed in place
	words     []string  // of the filter, as they are compared; replaced, never changed in place
	waits     seatSet   // the waiting room
	measures  []measure
	reports   []report    // these four are replaced, never changed in place
	announced []announced // oldest first
	pin       *pin
	source    string   // what is on the stage
	pause     *Pause   // nil: it goes on; never changed in place
	absence   *absence // nil: somebody runs the room; never changed in place
	hostsAt   Millis   // when the log last had it that somebody runs the room
	liveAt    Millis   // end of the countdown to the opening, or to a pause's end; 0: none runs
	forgotten Seq      // content up to here is forgotten
	flow      flow     // of what is written

	chat        thread
	backchannel thread
	questions   questions
	hands       hands

	interactions []*interaction // by place of the draft; replaced, never changed in place

	keys  *keys // shared by all states of the room
	noted *note // what this step adds to them
	steps bool  // follows another state
	site  *Site // nil: as nobody has set it up
	by    *ownership
}

// New gives the empty state, which only Created can follow.
func New(id ID) *State {
	return &State{Info: Info{ID: id}, keys: new(keys), by: new(ownership),
		byParticipant: index[ParticipantID]{key: func(p *Person) ParticipantID { return p.ID }},
		byInvitation:  index[InvitationID]{key: func(p *Person) InvitationID { return p.Invitation }},
		byMatch:       index[Hash]{key: func(p *Person) Hash { return p.Match }},
		byPerson:      index[PersonID]{key: func(p *Person) PersonID { return p.Account }}}
}

// Step gives a state that continues s: events folded into it do not show in s.
// s must be durable and is not written any more: the keys that it has seen are
// now known to all later states. Only one step of a state may live on; the
// others are given up with Abandon.
func (s *State) Step() *State {
	s.share()
	step := *s
	step.by, step.noted, step.steps = new(ownership), nil, true
	return &step
}

// Freeze gives the state as it is now, for reading, while s goes on being
// written: what somebody sees at one event of a batch.
func (s *State) Freeze() *State {
	frozen := *s
	s.by = new(ownership)
	return &frozen
}

// Abandon gives a step up. Nothing of it is left.
func (s *State) Abandon() { s.noted = nil }

// Person is one person in one room: invited, or a manager. There may be 100,000
// of them: what is small stands together, so that nothing is wasted between.
type Person struct {
	ID         ParticipantID
	Invitation InvitationID // empty: a manager
	Account    PersonID     // empty: invited
	FirstName  string
	LastName   string
	Match      Hash // keyed hash of the invited address
	IssuedAt   Millis
	ExpiresAt  Millis // ends opening and claiming
	wrote      Millis // last, while slow mode is on
	Since      Seq    // last change of what this person may see
	Claims     []Claim
	Devices    int    // how many devices may claim; 0: any number, see Roomy
	Link       uint32 // generation of the current link
	Generation uint32 // of the last claim
	Role       Role
	Opened     bool // the current link has been opened
	Early      bool // confirmed before the doors opened
	Entered    bool // a manager has been inside
	handUp     bool
	Proven     bool // has shown that the invited mailbox is theirs
	Revoked    bool
	guest      uint8 // number of the guest link by which they came, from 1
	Muted      bool  // may not write into the chat
	Waits      bool  // in the waiting room of a locked room
	out        outside
	inviter    int32 // seat of who invited them, from 1; 0: not known
	Finishing  bool  // withdrawn, but whoever has claimed may stay until they leave
	domain     unique.Handle[string]
	rare       *rare // replaced, never changed in place
}

// Domain is that of the invited address, as A-labels; empty: not known, as in
// old logs.
func (p *Person) Domain() string {
	if p.domain == (unique.Handle[string]{}) {
		return ""
	}
	return p.domain.Value()
}

// domainOf keeps a domain once, however many people have it.
func domainOf(domain string) (h unique.Handle[string]) {
	if domain != "" {
		h = unique.Make(domain)
	}
	return h
}

// rare is what few people have.
type rare struct {
	endedAt Millis
	reason  string
	misses  []miss
	request request
	codes   []code
}

// seldom gives a person's rare part for writing.
func (p *Person) seldom() *rare {
	r := rare{}
	if p.rare != nil {
		r = *p.rare
	}
	p.rare = &r
	return p.rare
}

// Ended tells when and why a person's invitation or right ended.
func (p *Person) Ended() (at Millis, reason string) {
	if p.rare == nil {
		return 0, ""
	}
	return p.rare.endedAt, p.rare.reason
}

func (p *Person) end(at Millis, reason string) {
	p.Revoked, p.Finishing, p.Claims, p.Entered = true, false, nil, false
	p.rare = &rare{endedAt: at, reason: reason}
}

// Claim ties an invitation to one device.
type Claim struct {
	Device     Hash
	Generation uint32
	At         Millis
}

// Name is the display name.
func (p *Person) Name() string {
	if p.LastName == "" {
		return p.FirstName
	}
	return p.FirstName + " " + p.LastName
}

// Admitted says whether the person has been let in: confirmed by a device and
// past the lock, or a manager who came.
func (p *Person) Admitted() bool {
	return !p.Revoked && !p.Waits && (len(p.Claims) > 0 || p.Entered)
}

// ClaimOf finds the claim of a device.
func (p *Person) ClaimOf(device Hash) (Claim, bool) {
	for _, c := range p.Claims {
		if c.Device == device && !device.IsZero() {
			return c, true
		}
	}
	return Claim{}, false
}

// who is how events name somebody, as they are at that moment.
func (p *Person) who() Who {
	return Who{Participant: p.ID, Name: p.Name(), Role: p.Role, Guest: p.Guest()}
}

// Participant finds a person by id. The result is for reading only.
func (s *State) Participant(id ParticipantID) (*Person, bool) {
	i, ok := s.byParticipant.get(&s.people, id)
	return s.person(i, ok)
}

// Invited finds a person by invitation, revoked ones too.
func (s *State) Invited(id InvitationID) (*Person, bool) {
	i, ok := s.byInvitation.get(&s.people, id)
	return s.person(i, ok)
}

// InvitedAs finds the living invitation of an address.
func (s *State) InvitedAs(match Hash) (*Person, bool) {
	i, ok := s.byMatch.get(&s.people, match)
	p, ok := s.person(i, ok && !match.IsZero())
	return p, ok && !p.Revoked
}

// Manager finds the manager who has this account.
func (s *State) Manager(account PersonID) (*Person, bool) {
	if account == "" {
		return nil, false
	}
	i, ok := s.byPerson.get(&s.people, account)
	p, ok := s.person(i, ok)
	return p, ok && !p.Revoked
}

// seatOfID gives the number of a seat, or -1.
func (s *State) seatOfID(id ParticipantID) int32 {
	if i, ok := s.byParticipant.get(&s.people, id); ok {
		return i
	}
	return -1
}

func (s *State) person(i int32, ok bool) (*Person, bool) {
	if !ok {
		return nil, false
	}
	return s.people.at(int(i)), true
}

// Seat gives the number of somebody's seat: the place in the order of People,
// the same wherever the log is folded.
func (s *State) Seat(id ParticipantID) (number int, ok bool) {
	i := s.seatOfID(id)
	return int(i), i >= 0
}

// Seated finds who has a seat of this number.
func (s *State) Seated(number int) (*Person, bool) {
	if number < 0 || number >= s.people.len() {
		return nil, false
	}
	return s.people.at(number), true
}

// People calls yield for everybody who ever had a seat, in order of seats.
func (s *State) People(yield func(*Person) bool) {
	for i := range s.people.len() {
		if !yield(s.people.at(i)) {
			return
		}
	}
}

// Finishing gives those who were withdrawn and may finish.
func (s *State) Finishing(yield func(*Person) bool) {
	if s.finishing == 0 {
		return
	}
	for p := range s.People {
		if p.Finishing && !yield(p) {
			return
		}
	}
}

// Invitations counts the living invitations.
func (s *State) Invitations() (living int) {
	s.People(func(p *Person) bool {
		if p.Invitation != "" && !p.Revoked {
			living++
		}
		return true
	})
	return living
}

// edit gives a person for writing.
func (s *State) edit(id ParticipantID) *Person {
	i, ok := s.byParticipant.get(&s.people, id)
	if !ok {
		return new(Person) // the log is never judged: an event about nobody changes nothing
	}
	return s.people.edit(int(i), s.by)
}

// seat adds a person, or gives the one who has the id already.
func (s *State) seat(p Person) *Person {
	if i, ok := s.byParticipant.get(&s.people, p.ID); ok {
		return s.people.edit(int(i), s.by)
	}
	i := int32(s.people.push(p, s.by))
	s.byParticipant.set(&s.people, i, s.by)
	if p.Invitation != "" {
		s.byInvitation.set(&s.people, i, s.by)
	}
	if !p.Match.IsZero() {
		s.byMatch.set(&s.people, i, s.by)
	}
	if p.Account != "" {
		s.byPerson.set(&s.people, i, s.by)
	}
	return s.people.edit(int(i), s.by)
}

// restage puts somebody on the stage list or takes them off, after a change of
// role or admission, and keeps the counts.
func (s *State) restage(p *Person, wasAdmitted bool) {
	i, _ := s.byParticipant.get(&s.people, p.ID)
	at := slices.Index(s.stage, i)
	switch on := p.Admitted() && p.Role.Staff(); {
	case on && at < 0:
		s.stage = append(slices.Clone(s.stage), i)
	case !on && at >= 0:
		s.stage = slices.Delete(slices.Clone(s.stage), at, at+1)
		s.questions.release(p.ID, s.by)
	}
	if p.Admitted() != wasAdmitted {
		s.admitted++
		if wasAdmitted {
			s.admitted -= 2
		}
	}
}
