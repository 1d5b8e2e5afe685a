package check

import (
	"cmp"
	"slices"

	"greenroom/loadtest/faults/history"
)

// Facts that tie a link to a device and that free it.
const (
	claimed = "invitation.claimed"
	freed   = "invitation.freed"
)

// holding is which device a link belongs to behind a place; empty: none.
type holding struct {
	pos    uint64
	device string
	known  bool // which device it is
	e      *history.Logged
}

// holdings tells from the log whose a link was: the device that sent the key of
// the claim, was answered with its place, or moved just then.
func (r *Run) holdings(p *history.Person) (all []holding) {
	for _, e := range r.Logs[p.Room].Kind(claimed, freed) {
		if read[target](e.Data).Participant != p.Participant {
			continue
		}
		h := holding{e.Pos, "", true, e}
		if e.Kind == claimed {
			h.device, h.known = r.claimer(p, e)
		}
		all = append(all, h)
	}
	return all
}

func (r *Run) claimer(p *history.Person, e *history.Logged) (device string, known bool) {
	if ops := r.opsOf(e); len(ops) > 0 {
		return ops[0].Device, true
	}
	for _, o := range r.Ops {
		if o.Person == p.Person && o.Cmd == "lobby.check" && o.Outcome == OK && o.Pos == e.Pos {
			return o.Device, true
		}
	}
	for _, o := range r.byWhom[p.Person] {
		if o.Cmd == history.HTTPMove && o.Outcome != Refused && r.Began != nil && r.within(o, e) {
			return o.Device, true
		}
	}
	return "", false
}

// within says whether an entry came into the log while an operation was under
// way, by the clock of the store, which counts milliseconds.
func (r *Run) within(o *Op, e *history.Logged) bool {
	const tick = 0.002
	return r.rig(e.StoreAt) >= o.At-seconds(tick) && (o.Ended == never || r.rig(e.StoreAt) <= o.Ended+seconds(tick))
}

// oldDevice is D2.
func oldDevice(r *Run, v *Verdict) {
	for _, p := range r.known() {
		held := r.holdings(p)
		if len(held) < 2 {
			continue // one generation only
		}
		for _, e := range r.Logs[p.Room].between(held[0].pos, ^uint64(0)) {
			ops := r.opsOf(e)
			if e.Participant != p.Participant || len(ops) == 0 || e.Kind == claimed || e.Kind == freed {
				continue
			}
			h := holderAt(held, e.Pos)
			if !h.known || ops[0].Device == "" {
				continue
			}
			v.Checked++
			if !slices.ContainsFunc(ops, func(o *Op) bool { return o.Device == h.device }) {
				v.broken(of(h.e, ops[0].Invoke, ops[0].Last, e), "%s at %d was done by device %s of %s; since %d the link is of %q", e.Kind, e.Pos, ops[0].Device, p.Person, h.pos, h.device)
			}
		}
	}
}

func holderAt(held []holding, pos uint64) (h holding) {
	for _, next := range held {
		if next.pos > pos {
			break
		}
		h = next
	}
	return h
}

// ownerRegister is D3: claims, frees and attempts with a link are one register,
// and no look at a link by a scanner changes it.
func ownerRegister(r *Run, v *Verdict) {
	for _, p := range r.known() {
		if p.Invitation == "" {
			continue
		}
		if g := r.ownerOf(p); g.contested() && !g.tooManyOwners(v) {
			g.check(v, "the device")
		}
	}
	for _, e := range r.claims() {
		v.Checked++
		p := r.byPart[who{e.Room, read[target](e.Data).Participant}]
		if p != nil && !r.askedToClaim(p, e) {
			v.broken(of(e), "the link of %s was claimed at %d, and nobody's device asked for that", p.Person, e.Pos)
		}
	}
}

// tooManyOwners counts before it searches: a link that was freed so often has
// one owner more at most. Of many claims at once the search would not end.
func (g register) tooManyOwners(v *Verdict) bool {
	owners, frees := map[string]bool{}, 0
	for _, o := range g.ops {
		in := o.Input.(input)
		if in.set && (in.value == "" || in.op.Cmd == history.HTTPMove) {
			frees++
		}
		if in.set && in.value != "" && in.op.Outcome == OK {
			owners[in.value] = true
		}
	}
	if len(owners) <= frees+1 {
		return false
	}
	v.Checked++
	v.broken(g.entries(), "the link of %s was freed %d times, and %d devices have had it", g.of.Person, frees, len(owners))
	return true
}

// contested says whether more than one device had to do with the link.
func (g register) contested() bool {
	devices := map[string]bool{}
	for _, o := range g.ops {
		devices[o.Input.(input).op.Device] = true
	}
	return len(devices) > 1
}

func (r *Run) claims() (all []*history.Logged) {
	for _, l := range r.Logs {
		all = append(all, l.Kind(claimed)...)
	}
	return all
}

// askedToClaim says whether an address was given, or a signed-in person said
// hello, before a claim came into the log.
func (r *Run) askedToClaim(p *history.Person, e *history.Logged) bool {
	return slices.ContainsFunc(r.Ops, func(o *Op) bool {
		return o.Person == p.Person && o.Device != "scanner" && (o.Cmd == "lobby.check" || o.Cmd == "lobby.code" || o.Cmd == "hello" || o.Cmd == history.HTTPMove) &&
			(r.Began == nil || o.At <= r.rig(e.StoreAt)+seconds(1))
	})
}

// ownerOf collects what was tried with somebody's link.
func (r *Run) ownerOf(p *history.Person) register {
	g := register{of: p}
	for _, o := range r.Ops {
		if t := r.target(o); o.Cmd == history.HTTPReset && t != nil && t.Person == p.Person && o.Outcome != Refused {
			g.add(o, true, "", output{outcomeOf(o), anything})
			continue
		}
		if o.Person != p.Person || o.Device == "" {
			continue
		}
		mine := func(owner string) bool { return owner == "" || owner == o.Device }
		switch {
		case o.Cmd == history.HTTPMove && o.Outcome != Refused:
			g.add(o, true, o.Device, output{outcomeOf(o), anything})
		case o.Cmd == "lobby.check" && o.Outcome == OK:
			g.add(o, true, o.Device, output{"ok", mine})
		case o.Cmd == "lobby.check" && o.Outcome == Unknown && r.claimedBy(p, o):
			g.add(o, true, o.Device, output{"unknown", mine})
		case (o.Cmd == history.HTTPOpen || o.Cmd == "hello") && o.Outcome == OK:
			g.add(o, false, "", output{"ok", mine})
		case o.Outcome == Refused && o.Code == "other_device" && (o.Cmd == history.HTTPOpen || o.Cmd == "hello" || o.Cmd == "lobby.check"):
			g.add(o, false, "", output{"other_device", func(owner string) bool { return owner != "" && owner != o.Device }})
		}
	}
	return g
}

// claimedBy says whether a lobby's unanswered check may have claimed: the log
// has its key, or a claim that nobody else's is.
func (r *Run) claimedBy(p *history.Person, o *Op) bool {
	if len(r.made(o)) > 0 {
		return true
	}
	return slices.ContainsFunc(r.holdings(p), func(h holding) bool { return !h.known })
}

// backIn is how long after its instance died somebody may take, in seconds.
const backIn = 10

// comesBack is D4.
func comesBack(r *Run, v *Verdict) {
	for _, f := range r.faults {
		until := f.At + seconds(backIn)
		until += r.slack(f.At, until)
		if f.Name != "kill" || r.othersOn(f) || until > r.End {
			continue
		}
		for _, c := range r.Conns {
			if !slices.Contains(f.Hits, "instance:"+c.Instance) || !c.confirmed() || !c.open(f.At, f.At) || c.Closed != nil && c.Closed.Ours {
				continue
			}
			if r.leaves(c, f.At, until) {
				continue
			}
			v.Checked++
			if !r.helloBetween(c, f.At, until) {
				v.broken(of(f.Fault, c.Opened, c.Hello), "%s was on %s when that was killed and was not back within %d s", c.Person, c.Instance, backIn)
			}
		}
	}
}

// confirmed says whether the person was past the lobby.
func (c *Conn) confirmed() bool {
	all := c.standings()
	return len(all) > 0 && inside(all[len(all)-1].phase)
}

// othersOn says whether another fault stood in the way of coming back.
func (r *Run) othersOn(kill *outage) bool {
	return slices.ContainsFunc(r.faults, func(f *outage) bool {
		return f != kill && f.At < kill.At+seconds(backIn) && (f.until == never || f.until+recovery > kill.At)
	})
}

func (r *Run) helloBetween(was *Conn, from, until history.At) bool {
	return slices.ContainsFunc(r.connsOf(was.Person), func(c *Conn) bool {
		return c != was && c.Device == was.Device && c.Hello != nil && c.Hello.At > from && c.Hello.At <= until
	})
}

// leaves says whether the person goes meanwhile, or hangs up on any tab of the
// device.
func (r *Run) leaves(was *Conn, from, until history.At) bool {
	goes := func(e *history.Left) bool { return e.Person == was.Person && e.At > from && e.At <= until }
	return slices.ContainsFunc(r.left, goes) || slices.ContainsFunc(r.connsOf(was.Person), func(c *Conn) bool {
		return c.Device == was.Device && c.Closed != nil && c.Closed.Ours && c.Closed.At > from && c.Closed.At <= until
	})
}

// oneWins is D5.
func oneWins(r *Run, v *Verdict) {
	for _, p := range r.known() {
		for _, race := range r.races(p) {
			race.judge(v, p, r.heldBefore(p, race[0]))
		}
	}
}

// races groups the checks of the lobby of one link that ran at once, from
// different devices.
func (r *Run) races(p *history.Person) (all []race) {
	var ops []*Op
	for _, o := range r.Ops {
		if o.Person == p.Person && o.Cmd == "lobby.check" && o.Code != "lobby_no_match" && o.Code != "lobby_locked" {
			ops = append(ops, o)
		}
	}
	slices.SortFunc(ops, func(a, b *Op) int { return cmp.Compare(a.At, b.At) })
	for len(ops) > 0 {
		n, until := 1, ops[0].over()
		for n < len(ops) && ops[n].At <= until {
			until = max(until, ops[n].over())
			n++
		}
		all, ops = append(all, ops[:n]), ops[n:]
	}
	return slices.DeleteFunc(all, func(c race) bool { return len(c.devices(func(*Op) bool { return true })) < 2 })
}

// over is when nobody waited for the answer any more.
func (o *Op) over() history.At {
	if o.Ended == never && o.Last != nil {
		return o.Last.Time()
	}
	return o.Ended
}

type race []*Op

func (c race) devices(fits func(*Op) bool) map[string]bool {
	all := map[string]bool{}
	for _, o := range c {
		if fits(o) {
			all[o.Device] = true
		}
	}
	return all
}

// heldBefore says whether a link may have had its device when an operation was
// sent.
func (r *Run) heldBefore(p *history.Person, o *Op) (held bool) {
	for _, h := range r.holdings(p) {
		if r.Began == nil || r.rig(h.e.StoreAt) <= o.At {
			held = h.e.Kind == claimed
		}
	}
	return held
}

func (c race) judge(v *Verdict, p *history.Person, taken bool) {
	v.Checked++
	winners := c.devices(func(o *Op) bool { return o.Outcome == OK })
	open := c.devices(func(o *Op) bool { return o.Outcome == Unknown || o.Outcome == Refused && o.Code != "other_device" })
	var entries []history.Entry
	for _, o := range c {
		entries = append(entries, o.Invoke, o.Last)
	}
	switch {
	case len(winners) > 1:
		v.broken(entries, "%d of %d devices that claimed the link of %s at once have it", len(winners), len(c), p.Person)
	case len(winners) == 0 && len(open) == 0 && !taken:
		v.broken(entries, "none of %d devices that claimed the link of %s at once has it", len(c), p.Person)
	}
}
