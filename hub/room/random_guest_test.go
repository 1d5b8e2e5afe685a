package room

import (
	"fmt"

	"pgregory.net/rapid"
)

// Guest links in random rooms.

func (r *randomRoom) guestLink(t *rapid.T) GuestLinkID {
	return GuestLinkID(fmt.Sprint("g", rapid.IntRange(0, r.links).Draw(t, "guest link")))
}

// guestCame knows the two events of a guest who comes: by a living link, as a
// viewer, on one device.
func (r *randomRoom) guestCame(t *rapid.T, e Event, s *State) bool {
	switch f := e.Fact.(type) {
	case Issued:
		if f.Guest == "" {
			return false
		}
		l, ok := s.GuestLink(f.Guest)
		if !ok || l.State(r.now) != "on" || f.Type != Viewer || f.Devices != 1 || !f.Match.IsZero() || f.Participant != e.Participant {
			t.Fatalf("a guest came by %+v: %+v", l, f)
		}
		return true
	case Claimed:
		p, _ := s.Participant(f.Participant)
		return p.Guest() && len(p.Claims) == 0 && p.Generation == 0
	}
	return false
}

func (r *randomRoom) checkGuestLinks(t *rapid.T) {
	joined := map[GuestLinkID]int{}
	for i := range r.s.people.len() {
		if id, ok := r.s.GuestLinkOf(r.s.people.at(i)); ok {
			joined[id]++
		}
	}
	for _, l := range r.s.guestLinks {
		if joined[l.ID] != l.Joined {
			t.Fatalf("%d came by %s, counted %d", joined[l.ID], l.ID, l.Joined)
		}
	}
	if n := len(r.s.GuestLinks()); n > MaxGuestLinks {
		t.Fatalf("%d guest links", n)
	}
}
