package check

import (
	"slices"

	"greenroom/loadtest/faults/history"
)

type result struct {
	ID      string
	Answers int
	Counts  []int
}

// counts is P1.
func counts(r *Run, v *Verdict) {
	for room, l := range r.Logs {
		for _, e := range l.Kind("interaction.closed") {
			got := read[result](e.Data)
			if got.Counts == nil && got.Answers == 0 {
				continue // words and texts are not counted by number
			}
			r.countsRight(v, room, e, got)
		}
	}
}

// countsRight adds up everybody's last answer before the end, and compares.
func (r *Run) countsRight(v *Verdict, room string, closed *history.Logged, got result) {
	last, unknown := r.answers(room, closed, got.ID)
	if len(last) == 0 || unknown {
		return
	}
	v.Checked++
	want := make([]int, len(got.Counts))
	for _, choices := range last {
		for _, c := range choices {
			if c < len(want) {
				want[c]++
			}
		}
	}
	switch {
	case got.Answers != len(last):
		v.broken(of(closed), "%s closed with %d answers, %d people had answered", got.ID, got.Answers, len(last))
	case len(got.Counts) > 0 && !slices.Equal(got.Counts, want):
		v.broken(of(closed), "%s closed with %v, the last answers are %v", got.ID, got.Counts, want)
	}
	r.acknowledged(v, closed, got.ID, last)
}

// answers gives each person's last answer in the log before the end: what it
// was is in the log or, where it is anonymous, in what was asked with its key.
// unknown: somebody's cannot be told.
func (r *Run) answers(room string, closed *history.Logged, id string) (last map[string][]int, unknown bool) {
	last = map[string][]int{}
	for _, e := range r.Logs[room].between(0, closed.Pos) {
		f := read[struct {
			ID, Participant string
			Choices         []int
		}](e.Data)
		if e.Kind != "interaction.answered" || f.ID != id {
			continue
		}
		if f.Choices == nil {
			ops := r.opsOf(e)
			if len(ops) == 0 {
				return nil, true
			}
			f.Choices = read[struct{ Choices []int }](ops[0].Data).Choices
		}
		last[f.Participant] = f.Choices
	}
	return last, false
}

// acknowledged looks for people whose answer was answered ok before the end and
// who are not counted.
func (r *Run) acknowledged(v *Verdict, closed *history.Logged, id string, last map[string][]int) {
	for _, o := range r.Ops {
		if o.Cmd != "interaction.answer" || o.Room != closed.Room || o.Outcome != OK || o.Pos == 0 || o.Pos >= closed.Pos || read[struct{ ID string }](o.Data).ID != id {
			continue
		}
		if _, counted := last[r.participant(o.Person)]; !counted {
			v.broken(of(o.Invoke, o.Last, closed), "%s was answered ok to an answer to %s and is not counted", o.Person, id)
		}
	}
}
