package room

import (
	"slices"
	"time"
)

// Roles for a time: "speaker for ten minutes". The log has when the role goes
// back, and goes back it does by a fact of its own, at that time by the store's
// clock, whoever is here then.

// RolesDue is the system's: take back the roles whose time is up.
type RolesDue struct{}

// Name implements Command.
func (RolesDue) Name() string { return "roles.due" }

// Bounds of what is lent.
const (
	LongestLent = 24 * time.Hour
	mostLent    = 500 // at once; a state is small
)

// lent is a role that goes back by itself.
type lent struct {
	seat  int32
	until Millis
	back  Role // what the person is then
}

// lending finds what was lent to somebody.
func (s *State) lending(seat int32) (lent, bool) {
	i := slices.IndexFunc(s.lent, func(l lent) bool { return l.seat == seat })
	if i < 0 {
		return lent{}, false
	}
	return s.lent[i], true
}

// untilOf is when somebody's role goes back; 0: it does not.
func (s *State) untilOf(id ParticipantID) Millis {
	l, _ := s.lending(s.seatOfID(id))
	return l.until
}

// lend replaces what was lent to somebody; a role without an end is not lent.
func (s *State) lend(l lent) {
	if _, known := s.lending(l.seat); !known && l.until == 0 {
		return
	}
	s.lent = slices.DeleteFunc(slices.Clone(s.lent), func(x lent) bool { return x.seat == l.seat })
	if l.until != 0 {
		s.lent = append(s.lent, l)
	}
}

// nextReturn is when the next role goes back; 0: none does.
func (s *State) nextReturn() (at Millis) {
	if s.Status == StatusDeleted {
		return 0
	}
	for _, l := range s.lent {
		at = earliest(at, l.until)
	}
	return at
}

// RolesEnd says whether a role goes back at now.
func (s *State) RolesEnd(now time.Time) bool {
	at := s.nextReturn()
	return at != 0 && at <= Millis(now.UnixMilli())
}

func (s *State) decideRolesDue(by Actor, now time.Time) (facts []Fact, no *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "Time is not yours.")
	}
	for _, l := range s.lent {
		if l.until <= Millis(now.UnixMilli()) && len(facts) < mostReturned {
			facts = append(facts, roleChange(Who{}, s.people.at(int(l.seat)), l.back))
		}
	}
	return facts, nil
}

// mostReturned is how many roles go back in one step; the rest follows at once.
const mostReturned = 100

// until judges for how long a role is given: 0 is without an end.
func (c SetRole) until(now time.Time) (Millis, *Refusal) {
	at := Millis(now.UnixMilli())
	most := at + Millis(LongestLent.Milliseconds())
	switch {
	case c.UntilAt == 0 && c.ForS == 0:
		return 0, nil
	case c.UntilAt != 0 && c.ForS != 0:
		return 0, invalid("for_s", "is given without until_at")
	case c.ForS != 0:
		return forSeconds(now, c.ForS)
	case c.UntilAt <= at || c.UntilAt > most:
		return 0, invalid("until_at", "lies within the next 24 hours")
	}
	return c.UntilAt, nil
}

// forSeconds is the moment so many seconds from now, 24 hours at most.
func forSeconds(now time.Time, seconds int) (Millis, *Refusal) {
	if seconds < 1 || seconds > int(LongestLent.Seconds()) {
		return 0, invalid("for_s", "is between 1 and 86,400")
	}
	return Millis(now.Add(time.Duration(seconds) * time.Second).UnixMilli()), nil
}

// lends makes a change of role one that goes back: to what the person is
// without what is lent to them; to a viewer, if it is what they are anyway.
func (s *State) lends(f *RoleChanged, p *Person, until Millis) *Refusal {
	l, lent := s.lending(s.seatOfID(p.ID))
	back := p.Role
	if lent {
		back = l.back
	}
	if back == f.Role {
		back = Viewer
	}
	switch {
	case until == 0:
		return nil
	case !f.Role.Outranks(back):
		return invalid("role", "for a time is higher than the one before")
	case !lent && len(s.lent) >= mostLent:
		return refuse(CodeConflict, "Too many people have a role for a time already.")
	}
	f.UntilAt, f.Back = until, back
	return nil
}

// RoleSet says whose role a fact sets, be it only for how long: they are told.
func RoleSet(f Fact) ParticipantID {
	if f, ok := f.(RoleChanged); ok {
		return f.Participant
	}
	return ""
}

func (w *writer) lent(all []lent) {
	w.uint(uint64(len(all)))
	for _, l := range all {
		w.seat(l.seat)
		w.int(int64(l.until))
		w.uint(uint64(l.back))
	}
}

func (r *reader) lent(s *State) (all []lent) {
	for range r.count() {
		all = append(all, lent{max(r.seat(s), 0), Millis(r.int()), Role(min(r.uint(), uint64(Owner)))})
	}
	return all
}
