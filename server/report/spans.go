package report

import (
	"cmp"
	"slices"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Place is where somebody was.
type Place string

// The places. Early is inside before the doors opened.
const (
	Waiting Place = "waiting"
	Early   Place = "early"
	Inside  Place = "inside"
)

// Span is a time in one place and one role.
type Span struct {
	Place Place
	Role  room.Role
	Since room.Millis
	Until room.Millis
	Now   bool // goes on; Until is when the report was made
}

// Change is a role that somebody has from then on.
type Change struct {
	At   room.Millis
	Role room.Role
}

// between is a stretch of time; now: it goes on.
type between struct {
	since, until room.Millis
	now          bool
}

// times says when a session was what.
type times struct {
	from, opened, closed room.Millis // opened 0: not yet; closed 0: not yet
	now                  room.Millis
}

func (t times) end() room.Millis { return cmp.Or(t.closed, t.now) }

// spansOf merges the visits of one person within one session: spans never
// overlap and come in order. Who is back within store.VisitGap, on any
// instance, was never away. Who was inside in one tab did not wait in another.
func spansOf(stays []store.Stay, roles []Change, first room.Role, sessions []Session, t times) (spans []Span) {
	inside, waiting := make([]between, 0, len(stays)), []between(nil)
	for _, s := range stays {
		b := t.clip(s)
		switch {
		case b.until <= b.since:
		case s.Waiting:
			waiting = append(waiting, b)
		default:
			inside = append(inside, b)
		}
	}
	inside = merge(inside)
	outside := without(merge(waiting), inside)
	spans = make([]Span, 0, len(inside)+len(outside))
	for _, b := range outside {
		spans = inRoles(spans, b, Waiting, roles, first)
	}
	for _, b := range inside {
		spans = byDoor(spans, b, roles, first, sessions)
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.Since, b.Since) })
	return spans
}

// clip cuts a visit to the session. One that nobody has ended goes on if its
// instance is alive, else it ended when that was last alive.
func (t times) clip(s store.Stay) between {
	b := between{max(s.Since, t.from), s.Until, false}
	if s.Until == 0 {
		b.until, b.now = t.now, t.closed == 0
		if s.Alive != 0 && t.now-s.Alive > room.Millis(store.Silence.Milliseconds()) {
			b.until, b.now = s.Alive, false
		}
	}
	if b.until > t.end() {
		b.until, b.now = t.end(), b.now && t.closed == 0
	}
	return b
}

// merge joins what overlaps or is a short break apart, in place.
func merge(all []between) []between {
	slices.SortFunc(all, func(a, b between) int { return cmp.Compare(a.since, b.since) })
	merged := all[:0]
	for _, b := range all {
		last := len(merged) - 1
		if last < 0 || b.since > merged[last].until+room.Millis(store.VisitGap.Milliseconds()) {
			merged = append(merged, b)
			continue
		}
		merged[last].until, merged[last].now = max(merged[last].until, b.until), merged[last].now || b.now
	}
	return merged
}

// without takes the others' times out of each one's. Both are merged.
func without(all, others []between) (left []between) {
	for _, b := range all {
		for _, other := range others {
			if other.until <= b.since || other.since >= b.until {
				continue
			}
			if other.since > b.since {
				left = append(left, between{since: b.since, until: other.since})
			}
			b.since = other.until
		}
		if b.since < b.until {
			left = append(left, b)
		}
	}
	return left
}

// byDoor cuts a time inside where doors opened and closed: before they opened
// it was early, and while they are closed nobody is inside.
func byDoor(spans []Span, b between, roles []Change, first room.Role, sessions []Session) []Span {
	for i, s := range sessions {
		if before := (between{since: b.since, until: min(b.until, cmp.Or(s.Opened, b.until))}); i == 0 && before.since < before.until {
			before.now = b.now && s.Opened == 0
			spans = inRoles(spans, before, Early, roles, first)
		}
		if s.Opened == 0 {
			continue
		}
		open := between{max(b.since, s.Opened), min(b.until, cmp.Or(s.Closed, b.until)), b.now && s.Closed == 0}
		if open.since < open.until {
			spans = inRoles(spans, open, Inside, roles, first)
		}
	}
	return spans
}

// inRoles cuts a time where the role changed.
func inRoles(spans []Span, b between, place Place, roles []Change, first room.Role) []Span {
	role := first
	for _, c := range roles {
		if c.At > b.since && c.At < b.until && c.Role != role {
			spans = append(spans, Span{Place: place, Role: role, Since: b.since, Until: c.At})
			b.since = c.At
		}
		if c.At < b.until {
			role = c.Role
		}
	}
	return append(spans, Span{place, role, b.since, b.until, b.now})
}

// length adds up the spans in a place.
func length(spans []Span, in Place) (sum room.Millis) {
	for _, s := range spans {
		if s.Place == in {
			sum += s.Until - s.Since
		}
	}
	return sum
}
