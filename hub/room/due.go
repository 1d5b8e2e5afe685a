package room

import "time"

// What happens by itself, by the store's clock. The door is apart: it is told
// how many wait (OpenDue).

// NextDue is when something next happens by itself: staff are let in, the door
// opens, a pause ends, an interaction closes, a role that was lent goes back. 0: nothing does.
func (s *State) NextDue() Millis {
	return earliest(s.nextDoor(), s.nextByItself())
}

// Wakes is when the room has to be awake though nobody is here; 0: there is
// nothing to be done. The start has a list of its own (store.Log.Due), and early
// entry is for who is here.
func (s *State) Wakes() Millis { return earliest(s.nextByItself(), s.absenceDue()) }

// nextByItself is when the log alone says that something happens.
func (s *State) nextByItself() Millis {
	return earliest(s.nextInteractionEnd(), s.nextReturn(), s.liveAt)
}

// Overdue gives what the program has to ask for at now, each for itself.
func (s *State) Overdue(now time.Time) (all []Command) {
	if s.TurnsBackstage(now) {
		all = append(all, BackstageDue{})
	}
	if s.InteractionsEnd(now) {
		all = append(all, InteractionsDue{})
	}
	if s.Resumes(now) {
		all = append(all, ResumeDue{})
	}
	if s.RolesEnd(now) {
		all = append(all, RolesDue{})
	}
	return all
}

// nextDoor is when staff, or everybody, are next let in.
func (s *State) nextDoor() Millis {
	switch at := s.early(); {
	case s.Status != StatusScheduled:
		return 0
	case at != 0 && !s.Backstage && !s.outdated():
		return min(at, s.OpensAt())
	}
	return s.OpensAt()
}

// earliest is the first of some moments, of which 0 is none.
func earliest(all ...Millis) (first Millis) {
	for _, at := range all {
		if at != 0 && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}
