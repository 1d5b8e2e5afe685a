package room

import (
	"slices"
	"time"
)

// Commands of a room's life. Managers give them by HTTP.
type (
	// CreateRoom is the first command of a room; Owner is who asked.
	CreateRoom struct {
		Title         string
		Description   string
		StartsAt      Millis
		EndsAt        Millis
		Speakers      []Presenter
		Collaboration bool
		LobbyCode     bool
		HostAbsent    *AbsenceRule
		After         Afterwards
		Epoch         string
		Owner         SetManager
		Managers      []SetManager // beside the owner: of the room that this one is a copy of
	}

	// EditRoom changes what is not nil. State opens or closes. An edit of
	// another version than the room's is a conflict.
	EditRoom struct {
		Version       Seq // that the edit was made of; 0: whatever there is
		Title         *string
		Description   *string
		StartsAt      *Millis
		EndsAt        *Millis // to 0: open end
		Speakers      *[]Presenter
		Collaboration *bool
		LobbyCode     *bool
		HostAbsent    *AbsenceRule // the zero rule: as the site says
		Results       *bool
		ClosingWords  *string
		ClosingLink   *string
		State         Status
		Reason        string
		Waiting       int // people before the door, if it is to open; filled in by the server
	}

	// DeleteRoom ends a room for good.
	DeleteRoom struct{ Reason string }

	// OpenDue is the system's: open the door when the start has come.
	OpenDue struct{ Waiting int }
)

// Name of each command in logs and metrics.
func (CreateRoom) Name() string { return "room.create" }

// Name implements Command.
func (EditRoom) Name() string { return "room.edit" }

// Name implements Command.
func (DeleteRoom) Name() string { return "room.delete" }

// Name implements Command.
func (OpenDue) Name() string { return "room.open_due" }

// Facts of a room's life.
type (
	// Created is always the first event.
	Created struct {
		Title         string       `json:"title"`
		Description   string       `json:"description,omitempty"`
		StartsAt      Millis       `json:"starts_at"`
		EndsAt        Millis       `json:"ends_at,omitempty"`
		Speakers      []Presenter  `json:"speakers,omitempty"`
		Collaboration bool         `json:"collaboration"`
		LobbyCode     bool         `json:"lobby_code,omitempty"`
		HostAbsent    *AbsenceRule `json:"host_absent,omitempty"`
		After         Afterwards   `json:"after,omitzero"`
		Organiser     string       `json:"organiser,omitempty"`
		Epoch         string       `json:"epoch"`
	}
	// Edited holds the room as it is shown after the change.
	Edited struct {
		Room          RoomView     `json:"room"`
		Collaboration bool         `json:"collaboration"`
		LobbyCode     bool         `json:"lobby_code,omitempty"`
		HostAbsent    *AbsenceRule `json:"host_absent,omitempty"`
		After         Afterwards   `json:"after,omitzero"`
	}
	// Scheduled moves start or end.
	Scheduled struct {
		StartsAt Millis `json:"starts_at"`
		EndsAt   Millis `json:"ends_at,omitempty"`
		Reason   string `json:"reason,omitempty"`
	}
	// Opened opens the door; entry is spread over Spread milliseconds.
	Opened struct {
		Spread Millis `json:"spread_ms"`
	}
	// Closed ends the session; people stay, in phase over.
	Closed struct {
		Reason string `json:"reason,omitempty"`
	}
	// Deleted ends the room for good.
	Deleted struct {
		Reason string `json:"reason,omitempty"`
	}
)

// Kind of each fact in the log.
func (Created) Kind() string { return "room.created" }

// Kind implements Fact.
func (Edited) Kind() string { return "room.edited" }

// Kind implements Fact.
func (Scheduled) Kind() string { return "room.scheduled" }

// Kind implements Fact.
func (Opened) Kind() string { return "room.opened" }

// Kind implements Fact.
func (Closed) Kind() string { return "room.closed" }

// Kind implements Fact.
func (Deleted) Kind() string { return "room.deleted" }

// Due says whether the door ought to open by itself at now.
func (s *State) Due(now time.Time) bool {
	return s.Status == StatusScheduled && now.UnixMilli() >= int64(s.OpensAt())
}

// Spread is over how many milliseconds the waiting enter: nobody waits below
// 1,000, the last of 100,000 waits five seconds.
func Spread(waiting int) Millis {
	if waiting < 1000 {
		return 0
	}
	return min(Millis(waiting)/20, 5000)
}

func (s *State) decideOpenDue(by Actor, c OpenDue, now time.Time) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "The door opens by itself.")
	}
	if !s.Due(now) {
		return nil, nil
	}
	return []Fact{Opened{Spread: Spread(c.Waiting)}}, nil
}

func (s *State) decideCreate(by Actor, c CreateRoom, now time.Time) ([]Fact, *Refusal) {
	switch {
	case !s.Site().Creators.Includes(by):
		return nil, refuse(CodeForbidden, "You may not create rooms on this site.")
	case s.Head != 0 || c.Owner.Participant == "" || c.Owner.Person == "":
		return nil, refuse(CodeConflict, "This room exists already.")
	}
	f := Created{StartsAt: c.StartsAt, EndsAt: c.EndsAt, Collaboration: c.Collaboration, LobbyCode: c.LobbyCode, HostAbsent: c.HostAbsent, Epoch: c.Epoch,
		Organiser: cleanLine(c.Owner.FirstName + " " + c.Owner.LastName)}
	var no *Refusal
	if f.Title, no = line("title", c.Title, MaxTitle, true); no != nil {
		return nil, no
	}
	if f.Description, no = paragraph("description", c.Description, MaxDescription, false); no != nil {
		return nil, no
	}
	if f.Speakers, no = presenters(c.Speakers); no != nil {
		return nil, no
	}
	if c.HostAbsent != nil {
		if no = c.HostAbsent.check(); no != nil {
			return nil, no
		}
	}
	if f.After, no = c.After.cleaned(); no != nil {
		return nil, no
	}
	if no = checkSchedule(f.StartsAt, f.EndsAt, now); no != nil {
		return nil, no
	}
	facts := []Fact{f}
	for i, m := range append([]SetManager{c.Owner}, c.Managers...) {
		right := m.Right
		switch {
		case i == 0:
			right = Owner
		case m.Person == c.Owner.Person || !right.Manages():
			continue
		}
		facts = append(facts, ManagerSet{Participant: m.Participant, Person: m.Person, FirstName: cleanLine(m.FirstName), LastName: cleanLine(m.LastName), Right: right})
	}
	return facts, nil
}

func presenters(given []Presenter) ([]Presenter, *Refusal) {
	if len(given) > MaxSpeakers {
		return nil, invalid("speakers", "at most 50 are shown")
	}
	var clean []Presenter
	bytes := presentersBytes
	for _, g := range given {
		name, no := line("speakers", g.Name, MaxName, true)
		if no != nil {
			return nil, no
		}
		bio, no := line("speakers", g.Bio, MaxBio, false)
		if no != nil {
			return nil, no
		}
		if bytes -= jsonBytes(name) + jsonBytes(bio); bytes < 0 {
			return nil, invalid("speakers", "are too long together")
		}
		clean = append(clean, Presenter{name, bio})
	}
	return clean, nil
}

// checkSchedule refuses what is surely a typing error. A minute of grace
// covers the time a form takes.
func checkSchedule(starts, ends Millis, now time.Time) *Refusal {
	switch at := time.UnixMilli(int64(starts)); {
	case at.Before(now.Add(-time.Minute)):
		return invalid("starts_at", "lies in the past")
	case at.After(now.Add(farFuture)):
		return invalid("starts_at", "lies more than five years ahead")
	}
	return checkEnd(starts, ends)
}

func checkEnd(starts, ends Millis) *Refusal {
	switch {
	case ends == 0:
		return nil
	case ends <= starts:
		return invalid("ends_at", "lies before the start")
	case ends-starts > Millis(longestRoom.Milliseconds()):
		return invalid("ends_at", "lies more than 31 days after the start")
	}
	return nil
}

func (s *State) decideEdit(role Role, c EditRoom, now time.Time) ([]Fact, *Refusal) {
	var facts []Fact
	edited, changed, no := s.editInfo(c)
	if no != nil {
		return nil, no
	}
	if changed {
		if !role.May(ActEditRoom) {
			return nil, refuse(CodeForbidden, "Your role may not edit this room.")
		}
		facts = append(facts, edited)
	}
	move, no := s.decideMove(role, c, now)
	if no != nil {
		return nil, no
	}
	if changed || len(move) > 0 {
		if no := s.untouched(c.Version); no != nil {
			return nil, no
		}
	}
	door, no := s.decideDoor(role, c)
	if no != nil {
		return nil, no
	}
	return append(append(facts, move...), door...), nil
}

func (s *State) editInfo(c EditRoom) (f Edited, changed bool, no *Refusal) {
	f = s.asEdited()
	if c.Title != nil {
		if f.Room.Title, no = line("title", *c.Title, MaxTitle, true); no != nil {
			return f, false, no
		}
	}
	if c.Description != nil {
		if f.Room.Description, no = paragraph("description", *c.Description, MaxDescription, false); no != nil {
			return f, false, no
		}
	}
	if c.Speakers != nil {
		if f.Room.Speakers, no = presenters(*c.Speakers); no != nil {
			return f, false, no
		}
	}
	if c.Collaboration != nil {
		f.Collaboration = *c.Collaboration
	}
	put(&f.LobbyCode, c.LobbyCode)
	if no = f.editLife(c); no != nil {
		return f, false, no
	}
	changed = f.Room.Title != s.Title || f.Room.Description != s.Description || f.Collaboration != s.Collaboration || f.LobbyCode != s.LobbyCode ||
		f.After != s.After || !sameRule(f.HostAbsent, s.HostAbsent) || !slices.Equal(f.Room.Speakers, s.Speakers)
	return f, changed, nil
}

func (s *State) decideMove(role Role, c EditRoom, now time.Time) ([]Fact, *Refusal) {
	f := Scheduled{StartsAt: s.StartsAt, EndsAt: s.EndsAt, Reason: cleanLine(c.Reason)}
	if c.StartsAt != nil {
		f.StartsAt = *c.StartsAt
	}
	if c.EndsAt != nil {
		f.EndsAt = *c.EndsAt
	}
	moved := f.StartsAt != s.StartsAt
	if !moved && f.EndsAt == s.EndsAt {
		return nil, nil
	}
	if !role.May(ActScheduleRoom) {
		return nil, refuse(CodeForbidden, "Your role may not move this room.")
	}
	if moved && s.Status != StatusScheduled {
		return nil, refuse(CodeConflict, "The doors have opened already; the start can no longer move.")
	}
	if moved {
		if no := checkSchedule(f.StartsAt, f.EndsAt, now); no != nil {
			return nil, no
		}
	}
	if no := checkEnd(f.StartsAt, f.EndsAt); no != nil {
		return nil, no
	}
	if no := checkReason(f.Reason); no != nil {
		return nil, no
	}
	return []Fact{f}, nil
}

func checkReason(reason string) *Refusal {
	_, no := checked("reason", reason, MaxReason, false)
	return no
}

func (s *State) decideDoor(role Role, c EditRoom) ([]Fact, *Refusal) {
	reason := cleanLine(c.Reason)
	if no := checkReason(reason); no != nil {
		return nil, no
	}
	switch c.State {
	case "", s.Status:
		return nil, nil
	case StatusOpen:
		if !role.May(ActOpenRoom) {
			return nil, refuse(CodeForbidden, "Your role may not open this room.")
		}
		return []Fact{Opened{Spread(c.Waiting)}}, nil
	case StatusClosed:
		if !role.May(ActCloseRoom) {
			return nil, refuse(CodeForbidden, "Your role may not close this room.")
		}
		return []Fact{Closed{reason}}, nil
	}
	return nil, invalid("state", "is either open or closed")
}

func (s *State) decideDelete(c DeleteRoom) ([]Fact, *Refusal) {
	reason := cleanLine(c.Reason)
	if no := checkReason(reason); no != nil {
		return nil, no
	}
	return []Fact{Deleted{reason}}, nil
}

func (s *State) foldCreated(f Created) {
	s.Status = StatusScheduled
	s.Title, s.Description, s.Speakers = f.Title, f.Description, f.Speakers
	s.StartsAt, s.EndsAt, s.Collaboration, s.LobbyCode = f.StartsAt, f.EndsAt, f.Collaboration, f.LobbyCode
	s.Organiser, s.Epoch = f.Organiser, f.Epoch
	s.HostAbsent, s.After = f.HostAbsent, f.After
}

func (s *State) foldEdited(f Edited) {
	s.Title, s.Description, s.Speakers = f.Room.Title, f.Room.Description, f.Room.Speakers
	s.Collaboration, s.LobbyCode = f.Collaboration, f.LobbyCode
	s.HostAbsent, s.After = f.HostAbsent, f.After
}

func (s *State) foldOpened(e Event) {
	s.Status, s.TurnedAt, s.ClosedAt, s.Reason = StatusOpen, e.Seq, 0, ""
	s.liveAt, s.absence, s.hostsAt = 0, nil, e.At
	if s.OpenedAt == 0 {
		s.OpenedAt = e.At
		s.shutOut(e.Seq)
	}
}

func (s *State) foldScheduled(f Scheduled) {
	if f.StartsAt != s.StartsAt {
		s.liveAt = 0
	}
	s.StartsAt, s.EndsAt = f.StartsAt, f.EndsAt
}

func (s *State) foldEnded(e Event, status Status, reason string) {
	s.Status, s.ClosedAt, s.Reason, s.TurnedAt = status, e.At, reason, e.Seq
	s.pause, s.liveAt, s.offers, s.absence = nil, 0, nil, nil
	s.dropHands()
}

// asEdited is the room as an edit that changes nothing.
func (s *State) asEdited() Edited {
	return Edited{Room: s.View(), Collaboration: s.Collaboration, LobbyCode: s.LobbyCode, HostAbsent: s.HostAbsent, After: s.After}
}

// editLife changes what happens without a host, and what remains at the end.
func (f *Edited) editLife(c EditRoom) (no *Refusal) {
	switch {
	case c.HostAbsent == nil:
	case *c.HostAbsent == AbsenceRule{}:
		f.HostAbsent = nil
	default:
		if no = c.HostAbsent.check(); no != nil {
			return no
		}
		f.HostAbsent = c.HostAbsent
	}
	put(&f.After.Results, c.Results)
	put(&f.After.Words, c.ClosingWords)
	put(&f.After.Link, c.ClosingLink)
	f.After, no = f.After.cleaned()
	f.Room.Results = f.After.Results
	return no
}

func sameRule(a, b *AbsenceRule) bool {
	return a == b || a != nil && b != nil && *a == *b
}
