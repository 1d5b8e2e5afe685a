package room

import "slices"

// RenamePerson gives somebody another name, if theirs misleads others.
type RenamePerson struct {
	Participant ParticipantID `json:"participant"`
	FirstName   string        `json:"first_name"`
	LastName    string        `json:"last_name,omitempty"`
	Reason      string        `json:"reason,omitempty"`
}

// Name implements Command.
func (RenamePerson) Name() string { return "participant.rename" }

// Renamed is a new name given by staff. Everything that is kept of the person
// bears it from then on.
type Renamed struct {
	Who                     // after the change
	By         Who          `json:"by"`
	Invitation InvitationID `json:"invitation"`
	FirstName  string       `json:"first_name"`
	LastName   string       `json:"last_name"`
	Admitted   bool         `json:"admitted,omitempty"`
	Reason     string       `json:"reason,omitempty"`
}

// Kind implements Fact.
func (Renamed) Kind() string { return "participant.renamed" }

func (s *State) decideRename(by *Person, c RenamePerson) ([]Fact, *Refusal) {
	p, reason, no := s.measured(by, c.Participant, c.Reason)
	if no != nil {
		return nil, no
	}
	if p.Invitation == "" {
		return nil, refuse(CodeForbidden, "Names are changed on the account's page.")
	}
	first, no := line("first_name", c.FirstName, MaxName, true)
	if no != nil {
		return nil, no
	}
	last, no := line("last_name", c.LastName, MaxName, false)
	if no != nil || first == p.FirstName && last == p.LastName {
		return nil, no
	}
	renamed := *p
	renamed.FirstName, renamed.LastName = first, last
	return []Fact{Renamed{renamed.who(), by.who(), p.Invitation, first, last, p.Admitted(), reason}}, nil
}

func (s *State) foldRenamed(f Renamed) {
	p := s.edit(f.Participant)
	if p.ID == "" {
		return
	}
	p.FirstName, p.LastName = f.FirstName, f.LastName
	id, name := f.Participant, f.Who.Name
	s.chat.rename(id, name)
	s.backchannel.rename(id, name)
	s.questions.rename(id, name, s.by)
	if i, up := s.hands.find(s.seatOfID(id)); up {
		s.hands.own(s.by)
		s.hands.up[i].who.Name = name
	}
	s.renameOrder(id, name)
}

// renameOrder is rename for what the person has announced and pinned.
func (s *State) renameOrder(id ParticipantID, name string) {
	s.announced = slices.Clone(s.announced)
	for i := range s.announced {
		s.announced[i].rename(id, name)
	}
	if s.pin != nil {
		renamed := *s.pin
		renamed.Pin.rename(id, name)
		s.pin = &renamed
	}
}

// rename gives who is named here another name, if it is that person.
func (w *Who) rename(id ParticipantID, name string) {
	if w.Participant == id {
		w.Name = name
	}
}

func (w *WhoView) rename(id ParticipantID, name string) {
	if w != nil && w.Participant == id {
		w.Name = name
	}
}

func (p *Pin) rename(id ParticipantID, name string) {
	p.WhoView.rename(id, name)
	p.By.rename(id, name)
}

func (t *thread) rename(id ParticipantID, name string) {
	t.recent = slices.Clone(t.recent)
	for i, m := range t.recent {
		if m.who.Participant == id {
			renamed := *m
			renamed.who.Name = name
			t.recent[i] = &renamed
		}
	}
}

func (l *questions) rename(id ParticipantID, name string, by *ownership) {
	l.own(by)
	for _, all := range [][]*question{l.open, l.closed} {
		for i, q := range all {
			renamed := *q
			if !q.anonymous {
				renamed.who.rename(id, name)
			}
			renamed.claimed.rename(id, name)
			renamed.end.by.rename(id, name)
			all[i] = &renamed
		}
	}
}

// showRenamed tells those who may know the person.
func showRenamed(f Renamed) []Shown {
	return one("participant.renamed", Measured{f.Who.View(), f.By.View(), "", f.Reason})
}

// renamed gives somebody another name wherever the mirror has it.
func (m *Mirror) renamed(d Measured) {
	id, name := d.Participant, d.Name
	for i := range m.Stage {
		if m.Stage[i].Participant == id {
			m.Stage[i].Name = name
		}
	}
	m.Chat.rename(id, name)
	m.Backchannel.rename(id, name)
	m.renameQueues(id, name)
	for i := range m.Questions.Items {
		m.Questions.Items[i].WhoView.rename(id, name)
		m.Questions.Items[i].Claimed.rename(id, name)
	}
	m.Announcements = slices.Clone(m.Announcements)
	for i := range m.Announcements {
		m.Announcements[i].rename(id, name)
	}
	if m.Pin != nil {
		m.Pin.rename(id, name)
	}
}

// renameQueues is renamed for those who wait for something.
func (m *Mirror) renameQueues(id ParticipantID, name string) {
	m.knocked(Knock{Participant: id, Name: name})
	for i := range m.Offers {
		m.Offers[i].WhoView.rename(id, name)
	}
	if m.Hands == nil {
		return
	}
	for i := range m.Hands.Items {
		m.Hands.Items[i].rename(id, name)
	}
}

func (m *Messages) rename(id ParticipantID, name string) {
	if m == nil {
		return
	}
	for i := range m.Items {
		if m.Items[i].Participant == id {
			m.Items[i].Name = name
		}
	}
}
