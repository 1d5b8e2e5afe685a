package check

import (
	"greenroom/loadtest/faults/history"
)

type door struct {
	StartsAt int64 `json:"starts_at"`
	Spread   int64 `json:"spread_ms"`
	State    string
}

// byHand counts the operations that may have opened a room, up to a moment.
func (r *Run) byHand(room string, until history.At) (n int) {
	for _, o := range r.Ops {
		if o.Cmd == history.HTTPPatch && o.Room == room && o.Outcome != Refused && o.At <= until && read[door](o.Data).State == "open" {
			n++
		}
	}
	return n
}

// rooms lists the rooms whose log there is and that were made.
func (r *Run) rooms() (all []string) {
	for room, l := range r.Logs {
		if len(l.Kind("room.created")) > 0 {
			all = append(all, room)
		}
	}
	return all
}

// startAt is the start that was planned before a place.
func (l *Log) startAt(pos uint64) (start int64, by *history.Logged) {
	for _, e := range l.Kind("room.created", "room.scheduled") {
		if e.Pos < pos {
			start, by = read[door](e.Data).StartsAt, e
		}
	}
	return start, by
}

// late is how long after its start a room has opened for sure, in seconds.
const late = 10

// opensOnce is O1.
func opensOnce(r *Run, v *Verdict) {
	for _, room := range r.rooms() {
		l := r.Logs[room]
		opened := l.Kind("room.opened")
		start, by := l.startAt(^uint64(0))
		ended := len(l.Kind("room.closed", "room.deleted")) > 0
		due := r.Began != nil && start+late*1000 < r.wall(r.End) && r.calm(r.End-seconds(late), r.End)
		if len(opened) > 0 || due && !ended {
			v.Checked++
		}
		switch allowed := 1 + r.byHand(room, never); {
		case len(opened) > allowed:
			v.broken(of(by, opened[0], opened[len(opened)-1]), "the door of %s opened %d times", room, len(opened))
		case len(opened) == 0 && due && !ended:
			v.broken(of(by), "the door of %s did not open at its time", room)
		}
	}
}

// clocks is how far the rig's clock, read once, and the store's may be apart, in
// milliseconds, though it is one machine's.
const clocks = 50

// neverEarly is O2.
func neverEarly(r *Run, v *Verdict) {
	for _, room := range r.rooms() {
		l := r.Logs[room]
		for _, e := range l.Kind("room.opened") {
			start, by := l.startAt(e.Pos)
			if r.byHand(room, r.rig(e.StoreAt)+seconds(1)) > 0 {
				continue
			}
			v.Checked++
			if e.StoreAt < start {
				v.broken(of(by, e), "the door of %s opened %d ms before its time", room, start-e.StoreAt)
			}
			r.seenEarly(v, room, e, start)
		}
	}
}

// seenEarly looks at when people were told, by the clock of the machine: the
// place's own time may be what is wrong.
func (r *Run) seenEarly(v *Verdict, room string, opened *history.Logged, start int64) {
	for _, c := range r.Conns {
		if at := c.toldOpened(room, opened.Pos); at != nil && r.Began != nil && r.wall(at.At)+clocks < start {
			v.broken(of(opened, at), "%s was told that the door of %s is open %d ms before its time", c.Person, room, start-r.wall(at.At))
			return
		}
		if h := c.Hello; c.Room == room && h != nil && h.Pos >= opened.Pos && r.Began != nil && r.wall(h.At)+clocks < start {
			v.broken(of(opened, h), "%s came into %s, whose door was open %d ms before its time", c.Person, room, start-r.wall(h.At))
			return
		}
	}
}

func (c *Conn) toldOpened(room string, pos uint64) *history.Event {
	if c.Room != room {
		return nil
	}
	for _, e := range c.Events {
		if e.Name == "room.opened" && e.Pos == pos {
			return e
		}
	}
	return nil
}

// letIn is O3.
func letIn(r *Run, v *Verdict) {
	for _, room := range r.rooms() {
		opened := r.Logs[room].Kind("room.opened")
		if len(opened) == 0 || r.Began == nil {
			continue
		}
		first := opened[0]
		for _, c := range r.Conns {
			if c.Room == room && c.Hello != nil && c.Hello.Pos < first.Pos {
				c.notBefore(v, first)
				r.enters(v, c, first)
			}
		}
	}
}

// notBefore looks whether somebody was inside before the door opened.
func (c *Conn) notBefore(v *Verdict, opened *history.Logged) {
	for _, s := range c.standings() {
		if s.pos < opened.Pos && s.phase == "live" {
			v.broken(of(c.Opened, c.Hello, opened), "%s was inside at %d, before the door opened at %d", c.Person, s.pos, opened.Pos)
			return
		}
	}
}

// enters looks whether somebody who waited was told of the opening, and let in,
// in time.
func (r *Run) enters(v *Verdict, c *Conn, opened *history.Logged) {
	from := r.rig(opened.StoreAt)
	news := from + seconds(2)
	news += r.slack(from, news)
	entry := news + history.At(read[door](opened.Data).Spread)*seconds(0.001)
	if !c.open(from, entry) || entry > r.End || !r.reachable(c.Instance, from-recovery, entry) || !r.healthy(from-recovery, entry, "redis", "redis:"+c.Instance) {
		return
	}
	v.Checked++
	at := c.toldOpened(c.Room, opened.Pos)
	switch {
	case at == nil || at.At > news:
		v.broken(of(opened, c.Opened, c.Hello), "%s waited before the door and was not told of its opening within 2 s", c.Person)
	case !c.turned(opened.Pos, entry):
		v.broken(of(opened, c.Opened, at), "%s waited before the door and did not come to the lobby or inside in time", c.Person)
	}
}

// turned says whether the connection came to another phase behind a place, in
// time.
func (c *Conn) turned(pos uint64, until history.At) bool {
	for _, e := range c.Events {
		if e.Pos >= pos && e.At <= until && e.Name == "phase.changed" {
			return true
		}
	}
	return false
}

// moved is O4.
func moved(r *Run, v *Verdict) {
	plans := map[string][]*history.Scheduled{}
	for _, s := range history.Of[*history.Scheduled](r.h) {
		plans[s.Room] = append(plans[s.Room], s)
	}
	for room, plan := range plans {
		for i := 1; i < len(plan); i++ {
			was, is := plan[i-1], plan[i]
			if is.StoreNow >= was.StartsAt || is.StartsAt <= was.StartsAt {
				continue // too late, or to an earlier start
			}
			v.Checked++
			for _, e := range r.Logs[room].Kind("room.opened") {
				if !r.replanned(plan[i+1:], e) && e.StoreAt < is.StartsAt && r.byHand(room, r.rig(e.StoreAt)+seconds(1)) == 0 {
					v.broken(of(was, is, e), "the door of %s opened at its old start, %d ms before the new one", room, is.StartsAt-e.StoreAt)
				}
			}
		}
	}
}

// replanned says whether a later plan allows an opening, or was under way.
func (r *Run) replanned(later []*history.Scheduled, opened *history.Logged) bool {
	for _, s := range later {
		if s.StartsAt <= opened.StoreAt {
			return true
		}
	}
	return false
}
