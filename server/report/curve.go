package report

import (
	"cmp"
	"maps"
	"slices"

	"greenroom/hub/room"
)

// Curve is what a session looked like over time, in equal steps from From on.
// Of people it has the most at once within each step.
type Curve struct {
	From, Step room.Millis
	Inside     []int
	Waiting    []int
	Minutes    []Minute // added up within each step
}

// mostSteps is how many steps a curve has at most.
const mostSteps = 180

// steps are the lengths that a step can have, in minutes; more are whole days.
var steps = []room.Millis{1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440}

// turn is somebody's coming (1) or going (-1).
type turn struct {
	at   room.Millis
	by   int
	wait bool
}

func (r *Report) draw(minutes map[room.Millis]*Minute) {
	turns := r.turns()
	from, until := room.Millis(0), room.Millis(0)
	if len(turns) > 0 {
		from, until = turns[0].at, turns[len(turns)-1].at
	}
	for at := range minutes {
		if from == 0 || at < from {
			from = at
		}
		until = max(until, at)
	}
	if from == 0 {
		return
	}
	r.Curve.begin(minuteOf(from), until)
	for _, at := range slices.Sorted(maps.Keys(minutes)) {
		r.Curve.Minutes[r.Curve.step(at)].add(minutes[at])
	}
	r.count(turns)
}

// begin chooses the length of a step.
func (c *Curve) begin(from, until room.Millis) {
	i := 0
	for i < len(steps)-1 && (until-from)/(steps[i]*60_000) >= mostSteps {
		i++
	}
	c.From, c.Step = from, steps[i]*60_000
	for (until-from)/c.Step >= mostSteps {
		c.Step *= 2
	}
	n := int((until-from)/c.Step) + 1
	c.Inside, c.Waiting, c.Minutes = make([]int, n), make([]int, n), make([]Minute, n)
}

func (c *Curve) step(at room.Millis) int { return int((max(at, c.From) - c.From) / c.Step) }

func (m *Minute) add(other *Minute) {
	m.Messages += other.Messages
	m.Questions += other.Questions
	m.Answers += other.Answers
	m.Hands += other.Hands
	m.Reactions += other.Reactions
}

// turns are all comings and goings, in order; who goes at the moment when
// another comes has gone before.
func (r *Report) turns() (all []turn) {
	for i := range r.People {
		for _, s := range r.People[i].Spans {
			all = append(all, turn{s.Since, 1, s.Place == Waiting}, turn{s.Until, -1, s.Place == Waiting})
		}
	}
	slices.SortFunc(all, func(a, b turn) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	return all
}

// count fills in how many were here at most in each step.
func (r *Report) count(turns []turn) {
	c, inside, waiting, step := &r.Curve, 0, 0, 0
	note := func(i int) {
		c.Inside[i], c.Waiting[i] = max(c.Inside[i], inside), max(c.Waiting[i], waiting)
	}
	for _, t := range turns {
		for ; step < c.step(t.at); step++ {
			note(step + 1)
		}
		if t.wait {
			waiting += t.by
		} else {
			inside += t.by
		}
		note(step)
		if inside > r.Peak {
			r.Peak, r.PeakAt = inside, t.at
		}
	}
}
