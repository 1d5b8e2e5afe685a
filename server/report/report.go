package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Store is what a report is computed from.
type Store interface {
	store.Log
	Stays(ctx context.Context, id room.ID, each func(store.Stay)) error
	Reactions(ctx context.Context, id room.ID) ([]store.Reactions, error)
}

// Report is what was in a room, in one session or in all of them. It is not
// for writing.
type Report struct {
	At        room.Millis // when it was made
	Session   int         // 0: all
	Sessions  []Session
	Forgotten room.Millis // when everything written and everybody invited was forgotten; 0: not
	Totals    Totals
	People    []Person // by the number of their seat
	Curve     Curve
	Peak      int // most people inside at once
	PeakAt    room.Millis
}

// Person is what the report tells of one seat.
type Person struct {
	Acts
	Spans []Span
	Roles []Change  // that they got while the room lived
	First room.Role // before the first of them
}

// Length is how long somebody was in a place.
func (p *Person) Length(in Place) room.Millis { return length(p.Spans, in) }

// Came says whether somebody was inside while the doors were open.
func (p *Person) Came() bool {
	return slices.ContainsFunc(p.Spans, func(s Span) bool { return s.Place == Inside })
}

// Joined is when somebody first was inside, and Left when they last were; now:
// they are still.
func (p *Person) Joined() (joined, left room.Millis, now bool) {
	for _, s := range p.Spans {
		if s.Place != Waiting {
			joined, left, now = cmp.Or(joined, s.Since), s.Until, s.Now
		}
	}
	return joined, left, now
}

// Joins is how often somebody came in, but for short breaks.
func (p *Person) Joins() (n int) {
	end := room.Millis(0)
	for _, s := range p.Spans {
		if s.Place != Waiting {
			if s.Since != end {
				n++
			}
			end = s.Until
		}
	}
	return n
}

// RoleAt is the role that somebody had at a time.
func (p *Person) RoleAt(at room.Millis) room.Role {
	role := p.First
	for _, c := range p.Roles {
		if c.At <= at {
			role = c.Role
		}
	}
	return role
}

// ErrNoSession is told for the number of a session that there is not.
var ErrNoSession = errors.New("report: there is no such session")

// Maker makes reports of one room, of the same session. It goes on where it
// stopped reading the log.
type Maker struct {
	// guarded by mu
	mu    sync.Mutex
	tally *tally
	last  *Report
}

// NewMaker begins with a session; 0: all.
func NewMaker(session int) *Maker { return &Maker{tally: newTally(session)} }

// Make gives the report as of now; if nothing has happened since, one that is
// not older than fresh. s has the newest events in.
func (m *Maker) Make(ctx context.Context, from Store, s *room.State, now time.Time, fresh time.Duration) (*Report, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := room.Millis(now.UnixMilli())
	if m.last != nil && m.tally.head >= s.Head && at-m.last.At < room.Millis(fresh.Milliseconds()) {
		return m.last, nil
	}
	if err := m.read(ctx, from, s); err != nil {
		return nil, err
	}
	r, err := m.tally.report(ctx, from, s, at)
	if err == nil {
		m.last = r
	}
	return r, err
}

// read folds what the log has beyond the tally.
func (m *Maker) read(ctx context.Context, from Store, s *room.State) error {
	for e, err := range from.Since(ctx, s.ID, m.tally.head) {
		if err != nil {
			return fmt.Errorf("read the log for a report: %w", err)
		}
		if e.Seq > s.Head {
			break
		}
		m.tally.fold(s, e)
	}
	return nil
}

func (t *tally) report(ctx context.Context, from Store, s *room.State, now room.Millis) (*Report, error) {
	if t.want > len(t.sessions) || t.want < 0 {
		return nil, ErrNoSession
	}
	r := &Report{At: now, Session: t.want, Sessions: slices.Clone(t.sessions), Forgotten: t.forgotten, Totals: t.totals}
	if err := t.people(ctx, from, s, r); err != nil {
		return nil, err
	}
	reacted, err := from.Reactions(ctx, s.ID)
	if err != nil {
		return nil, fmt.Errorf("read reactions for a report: %w", err)
	}
	r.draw(t.minutesWith(reacted, r))
	return r, nil
}

// window is the times of the session, or of all.
func (t *tally) window(now room.Millis) times {
	w := times{now: now}
	for i, s := range t.sessions {
		if t.want != 0 && t.want != i+1 {
			continue
		}
		if w.closed = s.Closed; w.opened == 0 {
			w.from, w.opened = s.From, s.Opened
		}
	}
	return w
}

// chosen is the sessions that the report is about.
func (t *tally) chosen() []Session {
	if t.want == 0 {
		return t.sessions
	}
	return t.sessions[t.want-1 : t.want]
}

// people reads the visits and makes spans.
func (t *tally) people(ctx context.Context, from Store, s *room.State, r *Report) error {
	var all visits
	err := from.Stays(ctx, s.ID, func(stay store.Stay) {
		if seat, known := s.Seat(stay.Participant); known {
			all.add(seat, stay)
		}
	})
	if err != nil {
		return fmt.Errorf("read visits for a report: %w", err)
	}
	w, seat, stays := t.window(r.At), -1, []store.Stay(nil)
	r.People = make([]Person, 0, len(all.last))
	s.People(func(p *room.Person) bool {
		seat++
		one := Person{First: p.Role, Roles: t.roles[p.ID]}
		if first, changed := t.first[p.ID]; changed {
			one.First = first
		}
		if seat < len(t.acts) {
			one.Acts = t.acts[seat]
		}
		if stays = all.of(seat, stays[:0]); len(stays) > 0 {
			one.Spans = spansOf(stays, one.Roles, one.First, t.chosen(), w)
		}
		r.People = append(r.People, one)
		return true
	})
	return nil
}

// minutesWith adds the reactions of the session to what the log tells.
func (t *tally) minutesWith(reacted []store.Reactions, r *Report) map[room.Millis]*Minute {
	all := maps.Clone(t.minutes)
	for _, one := range reacted {
		if !slices.ContainsFunc(t.chosen(), func(s Session) bool { return one.Minute+60_000 > s.Opened && s.within(max(one.Minute, s.Opened)) }) {
			continue
		}
		m := Minute{}
		if all[one.Minute] != nil {
			m = *all[one.Minute]
		}
		m.Reactions += one.N
		all[one.Minute] = &m
		r.Totals.Reactions += one.N
	}
	return all
}
