package check

import (
	"greenroom/loadtest/faults/history"
)

// Commands that send somebody out, and those that may let them in again.
var (
	sendsOut = map[string]bool{"participant.ban": true, "participant.remove": true, history.HTTPRevoke: true}
	letsIn   = map[string]bool{"participant.unban": true, history.HTTPInvite: true, history.HTTPLink: true}
)

// outPeriods lists when somebody was surely out.
func (r *Run) outPeriods() (all []period) {
	for _, p := range r.known() {
		var open *period
		for _, o := range r.Ops {
			t := r.target(o)
			mine := t != nil && t.Person == p.Person || o.Cmd == history.HTTPInvite && o.Room == p.Room && o.about.Email == p.Email
			switch {
			case sendsOut[o.Cmd] && mine && o.Outcome == OK && open == nil:
				open = &period{p, o, o.Ended, never}
			case open == nil:
			case letsIn[o.Cmd] && mine && o.Outcome != Refused,
				o.Person == p.Person && o.Cmd == history.HTTPOpen && open.made.Cmd == "participant.remove": // by the link they may come back
				open.until = min(open.until, o.At)
				all, open = append(all, *open), nil
			}
		}
		if open != nil {
			all = append(all, *open)
		}
	}
	return all
}

// closesIn is how long a connection of somebody who is out may stay, in seconds.
const closesIn = 4

// sentOut is R5.
func sentOut(r *Run, v *Verdict) {
	for _, p := range r.outPeriods() {
		for _, o := range r.during(p) {
			if o.Conn == 0 || o.Outcome == Unknown || o.Cmd == "time" {
				continue
			}
			v.Checked++
			if o.Outcome == OK {
				v.broken(of(p.made.Invoke, p.made.Last, o.Invoke, o.Last), "%s of %s was answered ok behind %s", o.Cmd, o.Person, p.made.Cmd)
			}
		}
		for _, c := range r.connsOf(p.person.Person) {
			until := p.from + seconds(closesIn)
			until += r.slack(p.made.At, until)
			if c.Hello == nil || c.Hello.At > p.made.At || c.Closed != nil && c.Closed.At < p.made.At || until > min(r.End, p.until) || !r.reachable(c.Instance, p.made.At-recovery, until) {
				continue
			}
			v.Checked++
			if c.Closed == nil || c.Closed.At > until {
				v.broken(of(p.made.Invoke, p.made.Last, c.Opened), "a connection of %s was open %d s behind %s", c.Person, closesIn, p.made.Cmd)
			}
		}
	}
}

// muted is R6.
func muted(r *Run, v *Verdict) {
	for _, p := range r.known() {
		r.silentInLog(v, p)
		var by *Op
		for _, o := range r.Ops {
			t := r.target(o)
			mine := t != nil && t.Person == p.Person
			switch {
			case o.Cmd == "participant.mute" && mine && o.Outcome == OK:
				by = o
			case o.Cmd == "participant.unmute" && mine && o.Outcome != Refused:
				by = nil
			case by != nil && o.Person == p.Person && o.Cmd == "chat.post" && o.At > by.Ended && r.firstTry(o, by.Ended):
				v.Checked++
				if made := r.made(o); len(made) > 0 && made[0].Pos < r.unmuted(p, by.Pos) {
					v.broken(of(by.Invoke, by.Last, o.Invoke, made[0]), "%s was muted and what they said then is in the log at %d", p.Person, made[0].Pos)
				}
			}
		}
	}
}

// firstTry says whether a key was not sent before a moment.
func (r *Run) firstTry(o *Op, before history.At) bool {
	return o.Key == "" || r.byKey[who{o.Person, o.Key}][0].At > before
}

// unmuted is where somebody may speak again, behind a place.
func (r *Run) unmuted(p *history.Person, behind uint64) uint64 {
	for _, e := range r.Logs[p.Room].Kind("participant.unmuted") {
		if e.Pos > behind && read[target](e.Data).Participant == p.Participant {
			return e.Pos
		}
	}
	return ^uint64(0)
}

// silentInLog looks for messages of somebody between being muted and unmuted.
func (r *Run) silentInLog(v *Verdict, p *history.Person) {
	var by *history.Logged
	for _, e := range r.Logs[p.Room].Kind("participant.muted", "participant.unmuted", "chat.posted") {
		if read[target](e.Data).Participant != p.Participant {
			continue
		}
		switch {
		case e.Kind == "participant.muted":
			by = e
		case e.Kind == "participant.unmuted":
			by = nil
		case by != nil:
			v.broken(of(by, e), "%s was muted at %d and has a message at %d", p.Person, by.Pos, e.Pos)
		}
	}
}
