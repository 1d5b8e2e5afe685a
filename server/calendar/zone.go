package calendar

import (
	"fmt"
	"time"
)

const wall = "20060102T150405"

// local says whether the times can be written in the event's zone. A time of
// the wall clock that comes twice means the first (RFC 5545 §3.3.5), so the
// second has no name but UTC's.
func (e Event) local() bool {
	return e.Zone != nil && e.Zone != time.UTC && e.Zone.String() != "Local" &&
		!second(e.Starts.In(e.Zone)) && (e.Ends.IsZero() || !second(e.Ends.In(e.Zone)))
}

// second says whether the clock was put back a moment ago and shows the same
// again.
func second(t time.Time) bool {
	from, _ := t.ZoneBounds()
	if from.IsZero() {
		return false
	}
	back := offset(from.Add(-time.Second)) - offset(from)
	return t.Sub(from) < time.Duration(back)*time.Second
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

// at writes parameters and value of a time.
func (e Event) at(t time.Time, local bool) string {
	if !local {
		return ":" + instant(t)
	}
	return ";TZID=" + e.Zone.String() + ":" + t.In(e.Zone).Format(wall)
}

// zone describes the rules of a zone that hold from one moment to another
// (§3.6.5).
func zone(in *time.Location, from, to time.Time) []string {
	lines := []string{"BEGIN:VTIMEZONE", "TZID:" + in.String()}
	for t := from.In(in); ; {
		began, ends := t.ZoneBounds()
		lines = append(lines, rule(t, began)...)
		if ends.IsZero() || ends.After(to) {
			return append(lines, "END:VTIMEZONE")
		}
		t = ends.In(in)
	}
}

// rule is what holds at t, and since when.
func rule(t, began time.Time) []string {
	kind := "STANDARD"
	if t.IsDST() {
		kind = "DAYLIGHT"
	}
	before, since := offset(t), time.Unix(0, 0).UTC()
	if !began.IsZero() {
		before = offset(began.Add(-time.Second))
		since = began.UTC().Add(time.Duration(before) * time.Second) // as the clock showed it before
	}
	name, _ := t.Zone()
	return []string{"BEGIN:" + kind, "DTSTART:" + since.Format(wall), "TZOFFSETFROM:" + shift(before), "TZOFFSETTO:" + shift(offset(t)), "TZNAME:" + name, "END:" + kind}
}

// shift writes a distance from UTC (§3.3.14).
func shift(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
