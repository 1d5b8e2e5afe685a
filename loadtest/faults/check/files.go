package check

import "greenroom/loadtest/faults/history"

// filesGiven is the part of R7 about files of a room: managers get them, guests
// never, and nobody whose right has ended.
func (r *Run) filesGiven(v *Verdict) {
	for _, o := range r.Ops {
		p := r.Persons[o.Person]
		if o.Cmd == history.HTTPFile && o.Outcome != Unknown && p != nil && p.Invitation != "" {
			v.Checked++
			if o.Outcome == OK {
				v.broken(of(p, o.Invoke, o.Last), "%s, a guest, was given a file of the room", o.Person)
			}
		}
	}
	for _, p := range r.endedRights() {
		for _, o := range r.during(p) {
			if o.Cmd != history.HTTPFile || o.Outcome == Unknown {
				continue
			}
			v.Checked++
			if o.Outcome == OK {
				v.broken(of(p.made.Invoke, p.made.Last, o.Invoke, o.Last), "%s was given a file of the room behind the end of their right", o.Person)
			}
		}
	}
}

// endedRights lists when somebody surely was no manager any more. A right whose
// answer was lost may come at any time: nothing is sure behind it.
func (r *Run) endedRights() (all []period) {
	open, unsure := map[*history.Person]*period{}, map[*history.Person]bool{}
	for _, o := range r.Ops {
		p := r.target(o)
		if p == nil {
			continue
		}
		was := open[p]
		switch {
		case o.Cmd == history.HTTPManage && o.Outcome != Refused:
			unsure[p] = unsure[p] || o.Outcome == Unknown
			if was != nil {
				was.until = min(was.until, o.At)
				all = append(all, *was)
				delete(open, p)
			}
		case o.Cmd == history.HTTPEnd && o.Outcome == OK && was == nil && !unsure[p]:
			open[p] = &period{p, o, o.Ended, never}
		}
	}
	for _, p := range open {
		all = append(all, *p)
	}
	return all
}
