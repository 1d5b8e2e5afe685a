package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"greenroom/loadtest/faults/history"
)

// pair is what somebody's client knew and what a fresh hello was told, with
// nothing going on.
type pair struct {
	folded, fresh *history.State
}

// pairs gives the states of a round, by person.
func (r *Run) pairs(fits func(round int) bool) (all []pair) {
	type of struct {
		round  int
		person string
	}
	fresh := map[of]*history.State{}
	states := history.Of[*history.State](r.h)
	for _, s := range states {
		if s.Source == history.Fresh {
			fresh[of{s.Round, s.Person}] = s
		}
	}
	for _, s := range states {
		if s.Source == history.Folded && fits(s.Round) {
			all = append(all, pair{s, fresh[of{s.Round, s.Person}]})
		}
	}
	return all
}

// resumed is L5.
func resumed(r *Run, v *Verdict) {
	for _, c := range r.Conns {
		if c.Hello != nil {
			c.allOrNothing(v)
		}
	}
	v.Checked = 0 // a case is a state after a resume
	for _, p := range r.pairs(func(int) bool { return true }) {
		if p.folded.Resumed && p.fresh != nil {
			p.compare(v)
		}
	}
}

// allOrNothing says that an answer to a hello is one of the two that there are.
func (c *Conn) allOrNothing(v *Verdict) {
	h := c.Hello
	switch whole := len(h.Snapshot) > 0 && string(h.Snapshot) != "null"; {
	case h.Mode != "resumed" && h.Mode != "snapshot":
		v.broken(of(c.Opened, h), "a hello was answered with the mode %q", h.Mode)
	case whole == (h.Mode == "resumed"):
		v.broken(of(c.Opened, h), "a hello was answered with the mode %s, and a snapshot: %t", h.Mode, whole)
	case h.Mode == "resumed" && (h.Epoch != c.Resume.Epoch || h.Pos < c.Resume.Pos):
		v.broken(of(c.Asked.entry(), h), "a resume from %s/%d was answered from %s/%d", c.Resume.Epoch, c.Resume.Pos, h.Epoch, h.Pos)
	}
}

func (p pair) compare(v *Verdict) {
	v.Checked++
	if different := differences(p.folded.State, p.fresh.State); len(different) > 0 {
		v.broken(of(p.folded, p.fresh), "%s knows other %s at %d than a fresh snapshot at %d", p.folded.Person, strings.Join(different, ", "), p.folded.Pos, p.fresh.Pos)
	}
}

// differences names the parts in which two states differ.
func differences(a, b json.RawMessage) (parts []string) {
	x, y := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return []string{"what is no object"}
	}
	for part := range x {
		if !sameJSON(x[part], y[part]) {
			parts = append(parts, part)
		}
	}
	for part := range y {
		if _, both := x[part]; !both {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	return parts
}

// settling is how long after the last fault everybody has to be at one.
const settling = 10

// convergence is L7.
func convergence(r *Run, v *Verdict) {
	final := map[int]bool{}
	for _, q := range history.Of[*history.Quiet](r.h) {
		final[q.Round] = final[q.Round] || q.Final && r.calm(q.At-seconds(settling), q.At)
	}
	for _, p := range r.pairs(func(round int) bool { return final[round] }) {
		if p.fresh == nil {
			v.broken(of(p.folded), "%s got no fresh snapshot %s", p.folded.Person, fmt.Sprintf("%d s after the last fault", settling))
			continue
		}
		p.compare(v)
	}
}

// calm says whether no fault was on at any moment of a time.
func (r *Run) calm(from, until history.At) bool {
	return !slices.ContainsFunc(r.faults, func(f *outage) bool { return f.At <= until && f.until > from })
}
