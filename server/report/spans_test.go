package report

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const minute = 60_000

// at is a visit in minutes; until 0: goes on.
func at(since, until float64) store.Stay {
	return store.Stay{Since: room.Millis(since * minute), Until: room.Millis(until * minute)}
}

func waits(since, until float64) store.Stay {
	s := at(since, until)
	s.Waiting = true
	return s
}

// lost is a visit whose instance was last alive at a time.
func lost(since, alive float64) store.Stay {
	s := at(since, 0)
	s.Alive = room.Millis(alive * minute)
	return s
}

func told(spans []Span) string {
	var all []string
	for _, s := range spans {
		text := fmt.Sprintf("%s %s %g-%g", s.Place, s.Role, float64(s.Since)/minute, float64(s.Until)/minute)
		if s.Now {
			text += " now"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestSpans(t *testing.T) {
	open := []Session{{From: -1, Opened: 10 * minute}}
	closed := []Session{{From: -1, Opened: 10 * minute, Closed: 70 * minute}}
	again := append(closed[:1:1], Session{From: 70 * minute, Opened: 100 * minute, Closed: 130 * minute})
	for name, c := range map[string]struct {
		stays    []store.Stay
		roles    []Change
		sessions []Session
		now      float64
		want     string
	}{
		"nobody":                           {nil, nil, closed, 200, ""},
		"one visit":                        {[]store.Stay{at(20, 30)}, nil, closed, 200, "inside viewer 20-30"},
		"a short break is none":            {[]store.Stay{at(20, 30), at(31, 40)}, nil, closed, 200, "inside viewer 20-40"},
		"a longer one is one":              {[]store.Stay{at(20, 30), at(31.1, 40)}, nil, closed, 200, "inside viewer 20-30, inside viewer 31.1-40"},
		"two tabs on two instances":        {[]store.Stay{at(20, 50), at(30, 40)}, nil, closed, 200, "inside viewer 20-50"},
		"tabs that overlap":                {[]store.Stay{at(20, 40), at(30, 60), at(35, 36)}, nil, closed, 200, "inside viewer 20-60"},
		"waited, then came in":             {[]store.Stay{at(10, 30), waits(5, 10)}, nil, closed, 200, "waiting viewer 5-10, inside viewer 10-30"},
		"waited in another tab":            {[]store.Stay{at(10, 30), waits(5, 50)}, nil, closed, 200, "waiting viewer 5-10, inside viewer 10-30, waiting viewer 30-50"},
		"early, before the doors":          {[]store.Stay{at(2, 30)}, nil, closed, 200, "early viewer 2-10, inside viewer 10-30"},
		"early, and gone again":            {[]store.Stay{at(2, 5)}, nil, closed, 200, "early viewer 2-5"},
		"here now":                         {[]store.Stay{at(20, 0)}, nil, open, 60, "inside viewer 20-60 now"},
		"early now":                        {[]store.Stay{at(2, 0)}, nil, []Session{{From: -1}}, 8, "early viewer 2-8 now"},
		"until the close":                  {[]store.Stay{at(20, 70.02)}, nil, closed, 200, "inside viewer 20-70"},
		"killed without leaving":           {[]store.Stay{lost(20, 45)}, nil, open, 60, "inside viewer 20-45"},
		"heard of just now":                {[]store.Stay{lost(20, 59.5)}, nil, open, 60, "inside viewer 20-60 now"},
		"killed, and back elsewhere":       {[]store.Stay{lost(20, 45), at(45.5, 60)}, nil, open, 90, "inside viewer 20-60"},
		"left open by an older release":    {[]store.Stay{at(20, 0)}, nil, closed, 200, "inside viewer 20-70"},
		"promoted":                         {[]store.Stay{at(20, 60)}, []Change{{30 * minute, room.Speaker}, {40 * minute, room.Viewer}}, closed, 200, "inside viewer 20-30, inside speaker 30-40, inside viewer 40-60"},
		"promoted at the moment of coming": {[]store.Stay{at(20, 60)}, []Change{{20 * minute, room.Speaker}}, closed, 200, "inside speaker 20-60"},
		"promoted at the moment of going":  {[]store.Stay{at(20, 60)}, []Change{{60 * minute, room.Speaker}}, closed, 200, "inside viewer 20-60"},
		"promoted while away":              {[]store.Stay{at(20, 30), at(40, 60)}, []Change{{35 * minute, room.Speaker}}, closed, 200, "inside viewer 20-30, inside speaker 40-60"},
		"the same role again":              {[]store.Stay{at(20, 60)}, []Change{{30 * minute, room.Viewer}}, closed, 200, "inside viewer 20-60"},
		"opened again":                     {[]store.Stay{at(20, 70), waits(90, 100), at(100, 0)}, nil, again, 200, "inside viewer 20-70, waiting viewer 90-100, inside viewer 100-130"},
		"a time of no length":              {[]store.Stay{at(20, 20)}, nil, closed, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := times{from: c.sessions[0].From, opened: c.sessions[0].Opened, closed: c.sessions[len(c.sessions)-1].Closed, now: room.Millis(c.now * minute)}
			if got := told(spansOf(c.stays, c.roles, room.Viewer, c.sessions, w)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// Whatever visits there are: spans come in order, never overlap, and nobody is
// longer inside than the doors were open.
func TestSpansNeverOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Int64Range(1, 100*minute)
		var stays []store.Stay
		for range rapid.IntRange(0, 12).Draw(t, "visits") {
			s := store.Stay{Since: room.Millis(moment.Draw(t, "since")), Waiting: rapid.Bool().Draw(t, "waits")}
			switch rapid.IntRange(0, 3).Draw(t, "end") {
			case 0:
				s.Alive = room.Millis(moment.Draw(t, "alive"))
			case 1:
			default:
				s.Until = s.Since + room.Millis(moment.Draw(t, "long"))
			}
			stays = append(stays, s)
		}
		var roles []Change
		for at := int64(0); len(roles) < rapid.IntRange(0, 4).Draw(t, "changes"); {
			at += moment.Draw(t, "later")
			roles = append(roles, Change{room.Millis(at), room.Role(rapid.IntRange(int(room.Viewer), int(room.Owner)).Draw(t, "role"))})
		}
		opened := room.Millis(moment.Draw(t, "opened"))
		sessions, now := []Session{{From: 0, Opened: opened}}, 2*opened+100*minute
		if rapid.Bool().Draw(t, "over") {
			sessions[0].Closed = opened + room.Millis(moment.Draw(t, "length"))
		}
		w := times{opened: opened, closed: sessions[0].Closed, now: now}
		spans, last := spansOf(stays, roles, room.Viewer, sessions, w), room.Millis(0)
		for _, s := range spans {
			if s.Since < last || s.Until <= s.Since || s.Until > w.end() {
				t.Fatalf("%s of %+v", told(spans), stays)
			}
			last = s.Until
		}
		if length(spans, Inside) > w.end()-opened {
			t.Fatalf("%s is longer than the session", told(spans))
		}
	})
}
