package report

import (
	"greenroom/hub/room"
)

// Session is one time that a room was open, with the waiting before it.
type Session struct {
	From   room.Millis // when the room was made, or the session before was closed
	Opened room.Millis // 0: not yet
	Closed room.Millis // 0: not yet
	Reason string      // why it was closed
}

// within says whether a time belongs to the session.
func (s Session) within(at room.Millis) bool {
	return at > s.From && (s.Closed == 0 || at <= s.Closed)
}

// Acts is how much somebody did. What nobody shall know of them is not in it:
// questions that were asked anonymously and anonymous answers.
type Acts struct {
	Messages, Questions, Votes, Hands int32
	Answers                           int32 // to interactions with names
	Moves                             int32 // to another device
	Opened                            room.Millis
	freed                             bool // claims that come are moves
}

// Minute is how much happened within a minute.
type Minute struct {
	Messages, Questions, Answers, Hands, Reactions int
}

// Totals is how much happened in all.
type Totals struct {
	Messages, Deleted, Questions, Answered, Dismissed, Votes, Hands, Answers, Reactions, Staff int
}

// tally is what the log says of a room, up to head. It grows with the people
// and the minutes in which something happened, not with what they wrote.
type tally struct {
	head      room.Seq
	sessions  []Session
	want      int // the number of the session that is counted; 0: all
	acts      []Acts
	roles     map[room.ParticipantID][]Change
	first     map[room.ParticipantID]room.Role // before the first change
	answered  map[string]*seatSet              // who has answered the interactions that have names
	minutes   map[room.Millis]*Minute
	totals    Totals
	forgotten room.Millis
}

func newTally(want int) *tally {
	return &tally{want: want, roles: map[room.ParticipantID][]Change{}, first: map[room.ParticipantID]room.Role{}, answered: map[string]*seatSet{}, minutes: map[room.Millis]*Minute{}}
}

// seatSet is a set of seats, one bit each.
type seatSet []uint64

// add says whether the seat is new; nil takes none.
func (x *seatSet) add(seat int) bool {
	if x == nil {
		return false
	}
	if missing := seat/64 + 1 - len(*x); missing > 0 {
		*x = append(*x, make([]uint64, missing)...)
	}
	bit := uint64(1) << (seat % 64)
	is := (*x)[seat/64]&bit != 0
	(*x)[seat/64] |= bit
	return !is
}

// minuteOf is the beginning of a minute.
func minuteOf(at room.Millis) room.Millis { return at - at%60_000 }

// fold takes in an event. s is a state that has it in.
func (t *tally) fold(s *room.State, e room.Event) {
	t.head = e.Seq
	t.foldLife(e)
	t.foldRole(e)
	if f, ok := e.Fact.(room.InteractionLaunched); ok && !f.Anonymous {
		t.answered[f.ID] = new(seatSet)
	}
	if t.want == 0 || t.want == len(t.sessions) {
		t.count(s, e)
	}
}

// foldLife follows the doors. What comes after a close belongs to the next
// session, if there is one.
func (t *tally) foldLife(e room.Event) {
	last := len(t.sessions) - 1
	switch f := e.Fact.(type) {
	case room.Created:
		t.sessions = append(t.sessions, Session{From: e.At - 1})
	case room.Opened:
		switch {
		case last < 0:
		case t.sessions[last].Closed != 0:
			t.sessions = append(t.sessions, Session{From: t.sessions[last].Closed, Opened: e.At})
		case t.sessions[last].Opened == 0:
			t.sessions[last].Opened = e.At
		}
	case room.Closed:
		t.close(last, e.At, f.Reason)
	case room.Deleted:
		t.close(last, e.At, f.Reason)
	case room.Forgotten:
		t.forgotten = e.At
	}
}

func (t *tally) close(last int, at room.Millis, reason string) {
	if last >= 0 && t.sessions[last].Closed == 0 {
		t.sessions[last].Closed, t.sessions[last].Reason = at, reason
	}
}

func (t *tally) foldRole(e room.Event) {
	switch f := e.Fact.(type) {
	case room.RoleChanged:
		if _, known := t.first[f.Who.Participant]; !known {
			t.first[f.Who.Participant] = f.From
		}
		t.roles[f.Who.Participant] = append(t.roles[f.Who.Participant], Change{e.At, f.Who.Role})
	case room.ManagerSet:
		if _, known := t.first[f.Participant]; !known {
			t.first[f.Participant] = f.Right
		}
		t.roles[f.Participant] = append(t.roles[f.Participant], Change{e.At, f.Right})
	}
}

// of gives somebody's acts for writing.
func (t *tally) of(s *room.State, id room.ParticipantID) *Acts {
	seat, known := s.Seat(id)
	if !known {
		return new(Acts)
	}
	if missing := seat + 1 - len(t.acts); missing > 0 {
		t.acts = append(t.acts, make([]Acts, missing)...)
	}
	return &t.acts[seat]
}

func (t *tally) minute(at room.Millis) *Minute {
	m := t.minutes[minuteOf(at)]
	if m == nil {
		m = new(Minute)
		t.minutes[minuteOf(at)] = m
	}
	return m
}

func (t *tally) count(s *room.State, e room.Event) {
	switch f := e.Fact.(type) {
	case room.ChatPosted:
		t.totals.Messages++
		t.minute(e.At).Messages++
		t.of(s, f.Participant).Messages++
	case room.ChatDeleted:
		t.totals.Deleted++
	case room.BackchannelPosted:
		t.totals.Staff++
	case room.HandRaised:
		t.totals.Hands++
		t.minute(e.At).Hands++
		t.of(s, f.Participant).Hands++
	case room.InteractionAnswered:
		t.totals.Answers++
		t.minute(e.At).Answers++
		if seat, known := s.Seat(f.Participant); known && t.answered[f.ID].add(seat) {
			t.of(s, f.Participant).Answers++
		}
	default:
		t.countQuestion(s, e)
		t.countDevice(s, e)
	}
}

func (t *tally) countQuestion(s *room.State, e room.Event) {
	switch f := e.Fact.(type) {
	case room.QuestionAsked:
		t.totals.Questions++
		t.minute(e.At).Questions++
		if !f.Anonymous {
			t.of(s, f.Participant).Questions++
		}
	case room.QuestionVoted:
		by := int32(1)
		if !f.On {
			by = -1
		}
		t.totals.Votes += int(by)
		t.of(s, f.Participant).Votes += by
	case room.QuestionAnswered:
		t.totals.Answered++
	case room.QuestionDismissed:
		t.totals.Dismissed++
	}
}

func (t *tally) countDevice(s *room.State, e room.Event) {
	switch f := e.Fact.(type) {
	case room.LinkOpened:
		if a := t.of(s, f.Participant); a.Opened == 0 {
			a.Opened = e.At
		}
	case room.Freed:
		t.of(s, f.Participant).freed = true
	case room.Claimed:
		a := t.of(s, f.Participant)
		if a.freed || !f.Instead.IsZero() {
			a.Moves++
		}
		a.freed = false
	}
}
