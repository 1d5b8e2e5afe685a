package check

import (
	"greenroom/loadtest/faults/history"
)

// counted is C1.
func counted(r *Run, v *Verdict) {
	quiet := map[int]*history.Quiet{}
	for _, q := range history.Of[*history.Quiet](r.h) {
		quiet[q.Round] = q
	}
	for _, c := range history.Of[*history.Counted](r.h) {
		if q := quiet[c.Round]; q != nil && !r.calm(q.At-seconds(settling), q.At) {
			continue
		}
		v.Checked++
		if c.Told != c.Connected {
			v.broken(of(c), "on %s people were told that %d are inside, and %d were connected", c.Instance, c.Told, c.Connected)
		}
	}
}

// Messages about people of one instance: one beat a second at most, one every
// two seconds at least, and some that are under way at both ends: limits and
// heads of rooms go the same way. One for each person would be far more.
const (
	beatsPerSecond = 1
	beatsSlack     = 12
)

// fewMessages is C2.
func fewMessages(r *Run, v *Verdict) {
	for _, m := range history.Of[*history.Messages](r.h) {
		allowed := m.Instances * (int((m.Lasted+seconds(1)-1)/seconds(1))*beatsPerSecond + beatsSlack)
		if m.Came+m.Went <= allowed {
			continue // one for each would not show
		}
		v.Checked++
		if m.Sent > allowed {
			v.broken(of(m), "%d people who came and %d who went cost %d messages, at most %d are right", m.Came, m.Went, m.Sent, allowed)
		}
	}
}
