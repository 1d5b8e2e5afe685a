package check

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"

	"greenroom/loadtest/faults/history"
)

// Commands that always make an event when they are answered ok. Others may be
// told that it is so already.
var always = map[string]string{
	"chat.post":          "chat.posted",
	"backchannel.post":   "backchannel.posted",
	"question.ask":       "question.asked",
	"announcement.post":  "announced",
	"interaction.create": "interaction.created",
}

// durable is L1.
func durable(r *Run, v *Verdict) {
	for _, o := range r.Ops {
		if o.Outcome != OK || always[o.Cmd] == "" || o.Key == "" {
			continue
		}
		v.Checked++
		made := r.made(o)
		switch {
		case len(made) == 0:
			v.broken(of(o.Invoke, o.Last), "%s of %s was answered ok at %d and is not in the log", o.Cmd, o.Person, o.Pos)
		case len(made) > 1:
			v.broken(of(o.Invoke, o.Last, made[0], made[1]), "%s of %s is in the log %d times", o.Cmd, o.Person, len(made))
		case o.Pos != 0 && made[0].Pos != o.Pos:
			v.broken(of(o.Invoke, o.Last, made[0]), "%s of %s was answered ok at %d and is at %d", o.Cmd, o.Person, o.Pos, made[0].Pos)
		}
	}
}

// noPhantom is L2.
func noPhantom(r *Run, v *Verdict) {
	for _, l := range r.Logs {
		for _, e := range l.Entries {
			if p := r.byPart[who{e.Room, e.Participant}]; p != nil && e.Key != "" {
				v.Checked++
				r.wasAsked(v, e)
			}
		}
	}
	for _, c := range r.Conns {
		for _, e := range c.Events {
			if len(r.Logs[c.Room].all()) == 0 {
				continue
			}
			v.Checked++
			if r.Logs[c.Room].At(e.Pos) == nil {
				v.broken(of(c.Opened, e), "%s was shown at %d, where the log has nothing", e.Name, e.Pos)
			}
		}
	}
}

func (l *Log) all() []*history.Logged {
	if l == nil {
		return nil
	}
	return l.Entries
}

func (r *Run) wasAsked(v *Verdict, e *history.Logged) {
	ops := r.opsOf(e)
	if len(ops) == 0 {
		v.broken(of(e), "%s at %d of %s was asked for by nobody", e.Kind, e.Pos, e.Participant)
		return
	}
	if !slices.ContainsFunc(ops, func(o *Op) bool { return o.Outcome != Refused }) {
		last := ops[len(ops)-1]
		v.broken(of(last.Invoke, last.Last, e), "%s of %s was refused (%s) and is in the log at %d", last.Cmd, last.Person, last.Code, e.Pos)
	}
}

// Events whose data is the same for everybody who sees them, apart from the
// words in which one's own is told.
var common = map[string]bool{
	"chat.posted": true, "backchannel.posted": true, "chat.liked": true, "chat.deleted": true, "chat.cleared": true,
	"room.opened": true, "room.closed": true, "room.scheduled": true, "stage.changed": true, "announced": true,
	"pinned": true, "unpinned": true, "stage.sourced": true, "hand.raised": true, "question.asked": true,
	"question.claimed": true, "question.answered": true,
}

// Events whose words are those of the fact.
var said = map[string]bool{"chat.posted": true, "backchannel.posted": true, "announced": true, "question.asked": true}

type place struct {
	room, epoch string
	pos         uint64
	name        string
}

// agreement is L3.
func agreement(r *Run, v *Verdict) {
	first := map[place]*history.Event{}
	for _, c := range r.Conns {
		for _, e := range c.Events {
			r.agrees(v, c, e)
			if !common[e.Name] {
				continue
			}
			v.Checked++
			at := place{c.Room, e.Epoch, e.Pos, e.Name}
			if other := first[at]; other == nil {
				first[at] = e
			} else if logged := r.Logs[c.Room].At(e.Pos); (logged == nil || !logged.Tombstone) && !sameJSON(other.Data, e.Data) {
				v.broken(of(other, e), "two clients were shown different %s at %d", e.Name, e.Pos)
			}
		}
	}
}

// agrees compares an event with the store's.
func (r *Run) agrees(v *Verdict, c *Conn, e *history.Event) {
	logged := r.Logs[c.Room].At(e.Pos)
	if logged == nil {
		return // a phantom (L2)
	}
	v.Checked++
	switch {
	case e.Epoch != "" && e.Epoch != logged.Epoch:
		v.broken(of(c.Opened, e, logged), "%s at %d is of the epoch %s, the log is of %s", e.Name, e.Pos, e.Epoch, logged.Epoch)
	case e.ServerAt != logged.StoreAt:
		v.broken(of(c.Opened, e, logged), "%s at %d was shown as of %d, the log has %d", e.Name, e.Pos, e.ServerAt, logged.StoreAt)
	case !logged.Tombstone && e.Name == logged.Kind && said[e.Name] && textOf(e.Data) != textOf(logged.Data):
		v.broken(of(c.Opened, e, logged), "%s at %d was shown with other words than the log has", e.Name, e.Pos)
	}
}

func textOf(data json.RawMessage) string { return read[struct{ Text string }](data).Text }

// sameJSON compares two values whatever the order of their fields.
func sameJSON(a, b json.RawMessage) bool {
	return bytes.Equal(a, b) || bytes.Equal(normal(a), normal(b))
}

func normal(data json.RawMessage) []byte {
	var value any
	if json.Unmarshal(data, &value) != nil {
		return data
	}
	text, err := json.Marshal(value)
	if err != nil {
		return data
	}
	return text
}

// order is L4.
func order(r *Run, v *Verdict) {
	for _, c := range r.Conns {
		if c.Hello == nil || len(c.Events) == 0 {
			continue
		}
		c.rises(v)
		r.lacks(v, c)
	}
}

// rises looks for places that fall and for what comes twice.
func (c *Conn) rises(v *Verdict) {
	seen, from := map[place]*history.Event{}, c.Hello.Pos
	if c.Hello.Mode == "resumed" {
		from = c.Resume.Pos
	}
	last := from
	for _, e := range c.Events {
		if e.At < c.Hello.At {
			continue // before the hello there is none
		}
		v.Checked++
		at := place{pos: e.Pos, name: e.Name}
		switch before := seen[at]; {
		case before != nil:
			v.broken(of(c.Hello, before, e), "%s at %d came twice on one connection", e.Name, e.Pos)
		case e.Pos < last:
			v.broken(of(c.Hello, e), "%s at %d came behind %d", e.Name, e.Pos, last)
		case e.Pos <= from && c.Hello.Mode == "resumed":
			v.broken(of(c.Asked.entry(), c.Hello, e), "%s at %d came again after a resume from %d", e.Name, e.Pos, from)
		}
		seen[at], last = e, max(last, e.Pos)
	}
}

func (o *Op) entry() history.Entry {
	if o == nil {
		return nil
	}
	return o.Invoke
}

// lacks looks for what the connection may see between its hello and the last
// that it saw, and was not shown.
func (r *Run) lacks(v *Verdict, c *Conn) {
	l, told := r.Logs[c.Room], c.standings()
	first, last := told[0].pos, c.stayedUntil()
	has, deleted := map[uint64]bool{}, l.deleted()
	for _, e := range c.Events {
		has[e.Pos] = true
	}
	for _, e := range l.between(first, last) {
		public, private := e.Kind == "chat.posted", e.Kind == "backchannel.posted"
		if !public && !private {
			continue
		}
		stands := at(told, e.Pos)
		if stands.phase != "live" || private && !staff(stands.role) || stands.pos == e.Pos {
			continue
		}
		if gone, ok := deleted[e.Pos]; e.Tombstone || ok && gone <= c.Hello.Pos {
			continue // told as deleted only
		}
		v.Checked++
		if !has[e.Pos] {
			v.broken(of(c.Opened, c.Hello, e), "%s at %d was not shown to %s, who saw %d and %d", e.Kind, e.Pos, c.Person, first, last)
		}
	}
}

// stayedUntil gives the last place that the connection was shown before a
// goodbye. That does not wait for what is withheld from staff as long as the
// store does not answer.
func (c *Conn) stayedUntil() (pos uint64) {
	for _, e := range slices.Backward(c.Events) {
		if e.Name != "me.removed" && e.Name != "me.revoked" && e.Name != "room.deleted" {
			return e.Pos
		}
	}
	return 0
}

// between gives the entries behind one place and before another.
func (l *Log) between(first, last uint64) []*history.Logged {
	all := l.all()
	from, _ := slices.BinarySearchFunc(all, first+1, placeOf)
	until, _ := slices.BinarySearchFunc(all, last, placeOf)
	return all[from:max(from, until)]
}

func placeOf(e *history.Logged, pos uint64) int { return cmp.Compare(e.Pos, pos) }

// deleted says where each message was deleted.
func (l *Log) deleted() map[uint64]uint64 {
	gone := map[uint64]uint64{}
	for _, e := range l.Kind("chat.deleted", "chat.cleared", "person.erased", "content.forgotten") {
		if e.Kind == "chat.deleted" {
			gone[messagePlace(read[struct{ ID string }](e.Data).ID)] = e.Pos
			continue
		}
		by := read[struct{ Participant string }](e.Data).Participant
		for _, m := range l.between(0, e.Pos) {
			if _, before := gone[m.Pos]; !before && (e.Kind != "person.erased" || m.Participant == by) {
				gone[m.Pos] = e.Pos
			}
		}
	}
	return gone
}

// messagePlace reads the place out of a message's id: m and the place in
// base 36.
func messagePlace(id string) uint64 {
	if len(id) < 2 || id[0] != 'm' {
		return 0
	}
	pos, err := strconv.ParseUint(id[1:], 36, 64)
	if err != nil {
		return 0
	}
	return pos
}
