package check

import (
	"greenroom/loadtest/faults/history"
)

// How long what was answered ok may take to everybody, in seconds.
const (
	withRedis    = 1
	withoutRedis = 2
)

// staleness is L8.
func staleness(r *Run, v *Verdict) {
	stalled := r.stalledConns()
	for _, o := range r.Ops {
		if o.Outcome == OK && o.Cmd == "chat.post" && !o.Again && o.Pos != 0 {
			r.reaches(v, o, func(c *Conn) bool { return !stalled[c.Conn] })
		}
	}
}

// reaches looks at when a message was shown to each connection that it ought to
// reach.
func (r *Run) reaches(v *Verdict, o *Op, fits func(*Conn) bool) {
	for _, c := range r.byRoom[o.Room] {
		limit := r.limit(c.Instance, o.Instance, o.Ended)
		limit += r.slack(o.At, o.Ended+limit)
		if !c.open(o.At, o.Ended+limit) || !r.entitled(c, o, limit) || !fits(c) {
			continue
		}
		v.Checked++
		if at := c.seen(o.Pos); at > o.Ended+limit {
			took := "is not there at all"
			if at != never {
				took = "took " + shown(at-o.Ended)
			}
			v.broken(of(o.Invoke, o.Last, c.Opened), "a message of %s at %d %s to %s on %s", o.Person, o.Pos, took, c.Person, c.Instance)
		}
	}
}

// entitled says whether a connection is inside, and nothing stood in the way.
func (r *Run) entitled(c *Conn, o *Op, limit history.At) bool {
	if c.Hello.Pos >= o.Pos || at(c.standings(), o.Pos).phase != "live" {
		return false
	}
	from, until := o.At-recovery, o.Ended+limit
	return until <= r.End && r.reachable(c.Instance, from, until) && r.reachable(o.Instance, from, until)
}

// limit is the time allowed: more where Redis is away or only just back.
func (r *Run) limit(to, from string, at history.At) history.At {
	if r.healthy(at-seconds(withoutRedis), at+seconds(withoutRedis), "redis", "redis:"+to, "redis:"+from) {
		return seconds(withRedis)
	}
	return seconds(withoutRedis)
}

func (r *Run) stalledConns() map[history.Conn]bool {
	all := map[history.Conn]bool{}
	for _, s := range history.Of[*history.Stalled](r.h) {
		all[s.Conn] = true
	}
	return all
}

// stalled is S1.
func stalled(r *Run, v *Verdict) {
	own := r.stalledConns()
	for _, s := range history.Of[*history.Stalled](r.h) {
		if s.Held > s.Limit {
			v.broken(of(s), "%d bytes were held for a reader that reads nothing; the limit is %d", s.Held, s.Limit)
		}
		if r.delaysNobody(v, s, own) && s.Held > 0 {
			v.Checked++ // it was felt, and there was somebody to be delayed
		}
	}
}

// delaysNobody looks at what others on the instance were shown meanwhile, and
// says whether there was anything.
func (r *Run) delaysNobody(v *Verdict, s *history.Stalled, own map[history.Conn]bool) (looked bool) {
	slow := r.byConn[s.Conn]
	if slow == nil {
		return false
	}
	others := Verdict{}
	for _, o := range r.Ops {
		if o.Outcome == OK && o.Cmd == "chat.post" && !o.Again && o.Pos != 0 && o.Room == s.Room && o.Ended >= s.From && o.Ended <= s.Until {
			r.reaches(&others, o, func(c *Conn) bool { return c.Instance == slow.Instance && !own[c.Conn] })
		}
	}
	for _, w := range others.Violations {
		v.broken(append(w.Entries, s), "beside a reader that reads nothing %s", w.Says)
	}
	return others.Checked > 0
}
