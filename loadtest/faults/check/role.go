package check

import (
	"encoding/json"

	"greenroom/loadtest/faults/history"
)

// Events and commands of staff alone, and those of them that show what only
// staff may see.
var (
	staffEvents = map[string]bool{
		"backchannel.posted": true, "question.asked": true, "question.claimed": true, "hand.raised": true,
		"participant.muted": true, "participant.unmuted": true, "participant.removed": true, "participant.banned": true,
		"participant.unbanned": true, "knocked": true, "knock.ended": true, "admitted": true, "denied": true,
		"chat.reported": true, "report.settled": true, "invitation.requested": true,
	}
	staffPages    = map[string]bool{"backchannel.page": true, "people.page": true, "moderation.page": true, "admit.page": true, "interaction.answers": true}
	staffCommands = map[string]bool{"backchannel.post": true, "backchannel.page": true, "people.page": true}
)

// What a person is told of a measure against them is theirs.
func (d demotion) theirs(e *history.Event) bool {
	return read[struct{ Participant string }](e.Data).Participant == d.person.Participant
}

// demotedSeesNothing is R1.
func demotedSeesNothing(r *Run, v *Verdict) {
	for _, d := range r.demotions() {
		secrets := 0
		for _, e := range r.Logs[d.person.Room].between(d.from, d.until) {
			if e.Kind == "backchannel.posted" {
				secrets++
			}
		}
		for _, c := range r.connsOf(d.person.Person) {
			if c.Hello != nil && c.Hello.Pos < d.from && c.seen(d.from) != never {
				v.Checked += secrets // the connection went through it
			}
			for _, e := range c.Events {
				if e.Pos > d.from && e.Pos < d.until && staffEvents[e.Name] && !d.theirs(e) {
					v.broken(of(d.at, c.Opened, e), "%s at %d reached %s, demoted at %d", e.Name, e.Pos, c.Person, d.from)
				}
			}
		}
	}
}

// toldRole is R4.
func toldRole(r *Run, v *Verdict) {
	for _, p := range r.known() {
		roles := r.rolesOf(p.Room, p.Participant)
		for i := 1; i < len(roles); i++ {
			if roles[i].role != roles[i-1].role && roles[i].e.Kind == "role.changed" {
				r.hears(v, p, roles[i])
			}
		}
	}
}

// hears looks for the news of a role on each connection that was open before it
// and long enough behind it.
func (r *Run) hears(v *Verdict, p *history.Person, s stand) {
	for _, c := range r.connsOf(p.Person) {
		if c.Hello == nil || c.Hello.Pos >= s.pos || !inside(at(c.standings(), s.pos-1).phase) {
			continue
		}
		happened := r.rig(s.e.StoreAt)
		until := happened + seconds(4)
		until += r.slack(happened, until)
		if later := c.seen(s.pos); later == never && (!c.open(happened, until) || until > r.End || !r.reachable(c.Instance, happened-recovery, until)) {
			continue
		}
		v.Checked++
		if !c.toldAt(s.pos) {
			v.broken(of(s.e, c.Opened), "%s became %s at %d and was not told so on an open connection", p.Person, s.role, s.pos)
		}
	}
}

func (c *Conn) toldAt(pos uint64) bool {
	for _, e := range c.Events {
		if e.Pos == pos && (e.Name == "me.role" || e.Name == "phase.changed" || e.Name == "me.removed" || e.Name == "me.revoked") {
			return true
		}
	}
	return false
}

// period is a time in which somebody surely was something: from the answer to
// what made them so until the next attempt to change that.
type period struct {
	person      *history.Person
	made        *Op
	from, until history.At
}

// during lists the operations that a person invoked in a period.
func (r *Run) during(p period) (all []*Op) {
	for _, o := range r.byWhom[p.person.Person] {
		if o.At > p.from && o.Ended < p.until {
			all = append(all, o)
		}
	}
	return all
}

type target struct {
	Participant string
	Person      string
	Role        string
	Email       string
}

// target says whom an operation of somebody else is about.
func (r *Run) target(o *Op) *history.Person {
	t := o.about
	if t.Participant != "" {
		return r.byPart[who{o.Room, t.Participant}]
	}
	return r.Persons[t.Person]
}

// setsRole says whether an operation may change the role of a person, and to
// what, if that is known.
func (r *Run) setsRole(o *Op, p *history.Person) (role string, may bool) {
	switch o.Cmd {
	case "role.set", history.HTTPRole:
		t := r.target(o)
		return o.about.Role, t != nil && t.Person == p.Person
	case history.HTTPInvite: // the same address again is another type
		return read[struct{ Type string }](o.Data).Type, o.Room == p.Room && o.about.Email == p.Email && p.Email != ""
	}
	return "", false
}

// viewerPeriods lists when somebody surely was a viewer by a demotion.
func (r *Run) viewerPeriods() (all []period) {
	for _, p := range r.known() {
		var open *period
		for _, o := range r.Ops {
			role, may := r.setsRole(o, p)
			if !may {
				continue
			}
			if open != nil && (staff(role) || role == "") && o.Outcome != Refused {
				open.until = min(open.until, o.At)
				all, open = append(all, *open), nil
			}
			if role == "viewer" && o.Outcome == OK && open == nil && !r.contested(o, p) {
				open = &period{p, o, o.Ended, never}
			}
		}
		if open != nil {
			all = append(all, *open)
		}
	}
	return all
}

// contested says whether another operation might have given the person a role
// of staff while one ran, or is of unknown outcome and may come yet.
func (r *Run) contested(o *Op, p *history.Person) bool {
	for _, other := range r.Ops {
		if other == o || other.Outcome == Refused || other.At > o.Ended || other.Ended < o.At {
			continue
		}
		if role, may := r.setsRole(other, p); may && (staff(role) || role == "") && !r.settledBefore(other, o) {
			return true
		}
	}
	return false
}

// settledBefore says that an operation of unknown outcome surely did not happen
// behind another one: the log has its key before, or not at all.
func (r *Run) settledBefore(unknown, o *Op) bool {
	if unknown.Outcome != Unknown || unknown.Key == "" || r.Logs[o.Room] == nil {
		return false
	}
	made := r.made(unknown)
	return len(made) == 0 || made[0].Pos < o.Pos
}

// demotedReadsNothing is R7.
func demotedReadsNothing(r *Run, v *Verdict) {
	for _, p := range r.viewerPeriods() {
		for _, o := range r.during(p) {
			switch {
			case staffPages[o.Cmd] && o.Outcome != Unknown:
				v.Checked++
				if o.Outcome == OK {
					v.broken(of(p.made.Invoke, p.made.Last, o.Invoke, o.Last), "%s of %s was answered behind their demotion", o.Cmd, o.Person)
				}
			case o.Outcome == OK && (o.Cmd == history.HTTPExport || o.Cmd == "hello"):
				v.Checked++
				if name := secret(r.shownBy(o)); name != "" {
					v.broken(of(p.made.Invoke, p.made.Last, o.Invoke, o.Last), "%s of %s behind their demotion holds %s", o.Cmd, o.Person, name)
				}
			}
		}
		r.resumedDemoted(v, p)
	}
	r.filesGiven(v)
}

// shownBy is what came with an answer: a hello has its snapshot.
func (r *Run) shownBy(o *Op) json.RawMessage {
	if h, ok := o.Last.(*history.Hello); ok {
		return h.Snapshot
	}
	return o.Answer
}

// secret names a part of an answer that only staff has, if it is there and not
// empty.
func secret(data json.RawMessage) string {
	parts := read[map[string]json.RawMessage](data)
	for _, name := range []string{"backchannel", "hands", "knocking", "reports"} {
		if part := string(parts[name]); part != "" && part != "null" && part != "[]" && part != "{}" {
			return name
		}
	}
	return ""
}

// resumedDemoted looks at what a connection that began as a viewer's was shown
// while they were one.
func (r *Run) resumedDemoted(v *Verdict, p period) {
	for _, c := range r.connsOf(p.person.Person) {
		if c.Asked == nil || c.Asked.At <= p.from {
			continue
		}
		for _, e := range c.Events {
			if e.At < p.until && staffEvents[e.Name] && read[struct{ Participant string }](e.Data).Participant != p.person.Participant {
				v.broken(of(p.made.Invoke, p.made.Last, c.Hello, e), "%s at %d came to %s by a hello behind their demotion", e.Name, e.Pos, c.Person)
			}
		}
	}
}
