package check

import (
	"slices"
	"strings"

	"greenroom/loadtest/faults/history"
)

// breaks is one way to break each promise, or several.
var breaks = []struct {
	invariant, how string
	do             func(*broken)
}{
	{"L1", "an acknowledged message is lost", func(b *broken) {
		_, l := b.acked()
		l.Key, l.Kind = "", "chat.liked"
	}},
	{"L1", "an acknowledged message is there twice", func(b *broken) {
		_, l := b.acked()
		b.append(l.Kind, l.Participant, l.Key, data{"text": "again"})
	}},
	{"L1", "a message is somewhere else than was told", func(b *broken) {
		i, _ := b.acked()
		b.answer(i.Op).Pos++
	}},
	{"L2", "an event that nobody asked for", func(b *broken) {
		_, l := b.acked()
		b.append(l.Kind, l.Participant, "a strange key", data{"text": "boo"})
	}},
	{"L2", "a refused message is in the log", func(b *broken) {
		i, _ := b.acked()
		b.deny(i.Op, "forbidden")
	}},
	{"L2", "something is shown that the log does not have", func(b *broken) {
		e := b.event("chat.posted")
		b.add(&history.Event{Conn: e.Conn, Epoch: "e", Pos: 1 << 40, Name: e.Name, ServerAt: e.ServerAt, Data: e.Data}, b.end())
	}},
	{"L3", "one client was shown other words", func(b *broken) {
		_, l := b.acked()
		pick(b, func(e *history.Event) bool { return e.Pos == l.Pos && e.Name == "chat.posted" }).Data = raw(data{"text": "other words"})
	}},
	{"L3", "one client was shown somebody else", func(b *broken) {
		e := b.event("chat.posted")
		e.Data = raw(data{"text": textOf(e.Data), "participant": "p_nobody"})
	}},
	{"L3", "another time", func(b *broken) { b.event("chat.posted").ServerAt++ }},
	{"L3", "another epoch", func(b *broken) { b.event("chat.posted").Epoch = "f" }},
	{"L4", "a place falls", func(b *broken) {
		e := b.event("chat.posted")
		c := b.r.byConn[e.Conn]
		i := slices.Index(c.Events, e)
		if i == 0 {
			c.Events[1].At, e.At = e.At, c.Events[1].At+1
			b.h.Sort()
			e = c.Events[1]
		}
		e.Pos = c.Hello.Pos - 1
	}},
	{"L4", "an event comes twice", func(b *broken) {
		e := b.event("chat.posted")
		twice := *e
		b.add(&twice, e.At+1)
	}},
	{"L4", "an event comes again after a resume", func(b *broken) {
		c := b.resumed()
		b.add(&history.Event{Conn: c.Conn, Epoch: "e", Pos: c.Resume.Pos, Name: "chat.posted"}, c.Hello.At+1)
	}},
	{"L4", "an event is missing", func(b *broken) {
		e, _ := b.shownLate()
		b.drop(e)
	}},
	{"L5", "a resumed client knows less", func(b *broken) {
		s := pick(b, func(s *history.State) bool { return s.Resumed && s.Source == history.Folded })
		s.State = raw(data{"chat": []string{"a"}, "role": "viewer", "stage": []string{}})
	}},
	{"L5", "a resumed client knows more", func(b *broken) {
		s := pick(b, func(s *history.State) bool { return s.Resumed && s.Source == history.Fresh })
		s.State = raw(data{"chat": []string{"a", "b"}})
	}},
	{"L5", "a state is none", func(b *broken) {
		pick(b, func(s *history.State) bool { return s.Resumed && s.Source == history.Folded }).State = raw("?")
	}},
	{"L5", "neither a resume nor a snapshot", func(b *broken) { pick(b, helloOf("")).Mode = "partly" }},
	{"L5", "a resume with a snapshot", func(b *broken) { pick(b, helloOf("resumed")).Snapshot = raw(data{}) }},
	{"L5", "a snapshot without one", func(b *broken) { pick(b, helloOf("snapshot")).Snapshot = nil }},
	{"L5", "a resume into another epoch", func(b *broken) { pick(b, helloOf("resumed")).Epoch = "f" }},
	{"L7", "somebody stays behind", func(b *broken) {
		s := pick(b, func(s *history.State) bool { return s.Source == history.Folded })
		s.State = raw(data{"chat": []string{"a", "c"}, "role": read[told](s.State).Role, "stage": []string{}})
	}},
	{"L7", "somebody gets no snapshot any more", func(b *broken) {
		b.drop(pick(b, func(s *history.State) bool { return s.Source == history.Fresh }))
	}},
	{"L8", "a message is late", func(b *broken) {
		e, o := b.shownLate()
		late := o.Ended + seconds(1) + history.At(1+b.Int64N(int64(seconds(1))))
		for _, later := range history.Of[*history.Event](b.h) {
			if later.Conn == e.Conn && later.Pos >= e.Pos && later.At < late {
				later.At = late
			}
		}
		b.h.Sort()
	}},
	{"L8", "a message never comes", func(b *broken) {
		e, _ := b.shownLate()
		for _, later := range history.Of[*history.Event](b.h) {
			if later.Conn == e.Conn && later.Pos >= e.Pos {
				b.drop(later)
			}
		}
	}},
	{"R1", "a demoted speaker is shown the backchannel", func(b *broken) {
		b.leak(b.demotion().at.Time())
	}},
	{"R3", "somebody writes as what they were", func(b *broken) {
		i := b.invoked("backchannel.post", func(i *history.Invoke) bool { return i.Person == "speaker" && b.r.refused(i.Op) })
		b.grant(i.Op, 0)
	}},
	{"R3", "a page is answered by what somebody was", func(b *broken) {
		i := b.invoked("backchannel.page", func(i *history.Invoke) bool { return i.Person == "speaker" && b.r.refused(i.Op) })
		b.grant(i.Op, 0)
	}},
	{"R3", "somebody is refused as what they are no longer", func(b *broken) {
		i := b.invoked("backchannel.post", func(i *history.Invoke) bool { return i.Person == "speaker" && !b.r.refused(i.Op) })
		for _, e := range b.r.Logs["room"].Kind("backchannel.posted") {
			if e.Key == i.Key {
				e.Kind = "chat.liked"
			}
		}
		b.deny(i.Op, "forbidden")
	}},
	{"R3", "the log has what a viewer may not", func(b *broken) {
		d := b.demotion()
		for _, e := range b.r.Logs["room"].between(d.from, d.until) {
			if e.Kind == "backchannel.posted" {
				e.Participant = d.person.Participant
			}
		}
	}},
	{"R4", "nobody tells", func(b *broken) {
		b.drop(pick(b, func(e *history.Event) bool { return e.Name == "me.role" && b.r.byConn[e.Conn].seen(e.Pos+1) != never }))
	}},
	{"R5", "somebody who is out is heard", func(b *broken) {
		i := b.invoked("chat.post", func(i *history.Invoke) bool { return strings.HasPrefix(i.Person, "bad-") })
		b.grant(i.Op, 0)
	}},
	{"R5", "somebody who is out comes back", func(b *broken) {
		i := b.invoked("hello", func(i *history.Invoke) bool { return strings.HasPrefix(i.Person, "bad-") && b.r.refused(i.Op) })
		i.Conn = 1000
		b.grant(i.Op, 0)
	}},
	{"R5", "somebody who is out stays", func(b *broken) {
		b.drop(pick(b, func(c *history.Closed) bool { return c.Code == 4507 }))
	}},
	{"R6", "a muted person is heard", func(b *broken) {
		i := b.invoked("chat.post", func(i *history.Invoke) bool { return b.r.refused(i.Op) && b.r.codeOf(i.Op) == "muted" })
		b.drop(b.logged("participant.unmuted"))
		b.append("chat.posted", "p_"+i.Person, i.Key, data{"participant": "p_" + i.Person, "text": "let me speak"})
	}},
	{"R6", "the log has a message of somebody who is muted", func(b *broken) {
		l := b.logged("participant.unmuted")
		l.Kind, l.Data = "chat.posted", raw(data{"participant": read[target](l.Data).Participant, "text": "ha"})
	}},
	{"R7", "a page is answered behind a demotion", func(b *broken) {
		i := b.invoked("backchannel.page", func(i *history.Invoke) bool { return b.r.refused(i.Op) })
		b.grant(i.Op, 0)
	}},
	{"R7", "a snapshot has the backchannel", func(b *broken) {
		h := b.r.Conns[slices.IndexFunc(b.r.Conns, func(c *Conn) bool {
			return c.Person == "speaker" && c.Instance == "b" && c.Hello.At > b.demotion().at.At
		})].Hello
		pick(b, func(e *history.Hello) bool { return e.Conn == h.Conn }).Snapshot = raw(data{"backchannel": data{"items": []int{}}})
	}},
	{"R7", "a resume has the backchannel", func(b *broken) {
		c := b.r.Conns[slices.IndexFunc(b.r.Conns, func(c *Conn) bool { return c.Person == "speaker" && c.Hello.At > b.demotion().at.At })]
		b.add(&history.Event{Conn: c.Conn, Epoch: "e", Pos: c.Hello.Pos + 1, Name: "backchannel.posted", Data: raw(data{"participant": "p_mod"})}, c.Hello.At+1)
	}},
	{"R7", "a file is given behind the end of a right", func(b *broken) {
		b.grant(b.invoked(history.HTTPFile, func(i *history.Invoke) bool { return i.Person == "boss" && b.r.refused(i.Op) }).Op, 0)
	}},
	{"R7", "a guest is given a file", func(b *broken) {
		b.grant(b.invoked(history.HTTPFile, func(i *history.Invoke) bool { return i.Person != "boss" }).Op, 0)
	}},
	{"D2", "the device before a move is heard", func(b *broken) {
		b.invoked("chat.post", func(i *history.Invoke) bool { return i.Device == "m2" }).Device = "mover-1"
	}},
	{"D3", "the device before a move is let in", func(b *broken) {
		i := b.invoked("hello", func(i *history.Invoke) bool { return i.Device == "mover-1" && b.r.refused(i.Op) })
		b.grant(i.Op, 0)
	}},
	{"D3", "a wrong code moves a link", func(b *broken) {
		b.deny(b.invoked(history.HTTPMove, nil).Op, "lobby_no_match")
	}},
	{"D2", "the old device is heard", func(b *broken) {
		i := b.invoked("chat.post", func(i *history.Invoke) bool { return i.Device == "d2" })
		i.Device = "d1"
	}},
	{"D3", "a second device is let in", func(b *broken) {
		i := b.invoked(history.HTTPOpen, func(i *history.Invoke) bool { return i.Device == "d2" })
		b.grant(i.Op, 0)
	}},
	{"D3", "the device that has the link is kept out", func(b *broken) {
		b.deny(b.invoked("lobby.check", func(i *history.Invoke) bool { return i.Person == "racer" && i.Device == "d2" && !b.r.refused(i.Op) }).Op, "other_device")
	}},
	{"D3", "a scanner claims", func(b *broken) {
		r := b.invoked(history.HTTPOpen, func(i *history.Invoke) bool { return i.Device == "scanner" })
		for _, i := range history.Of[*history.Invoke](b.h) {
			if i.Person == r.Person && i.Device != "scanner" {
				b.drop(i)
			}
		}
	}},
	{"D4", "somebody does not come back", func(b *broken) {
		f := pick(b, func(f *history.Fault) bool { return f.On })
		for _, h := range history.Of[*history.Hello](b.h) {
			if h.At > f.At && h.At < f.At+seconds(12) {
				b.drop(h)
			}
		}
	}},
	{"D5", "two devices win", func(b *broken) {
		i := b.invoked("lobby.check", func(i *history.Invoke) bool { return i.Person == "racer" && b.r.refused(i.Op) && i.Device != "d1" })
		b.grant(i.Op, 0)
	}},
	{"D5", "none wins", func(b *broken) {
		b.deny(b.invoked("lobby.check", func(i *history.Invoke) bool { return i.Device == "d1" && !b.r.refused(i.Op) }).Op, "other_device")
		b.drop(pick(b, func(l *history.Logged) bool {
			return l.Kind == claimed && read[target](l.Data).Participant == "p_racer"
		}))
	}},
	{"O1", "the door opens twice", func(b *broken) {
		b.append("room.opened", "", "", data{"spread_ms": 0})
	}},
	{"O1", "the door does not open", func(b *broken) { b.logged("room.opened").Kind = "chat.liked" }},
	{"O2", "the door opens early by the log", func(b *broken) { b.logged("room.opened").StoreAt -= 1500 }},
	{"O2", "the door opens early by people's clocks", func(b *broken) {
		for _, e := range history.Of[*history.Event](b.h) {
			if e.Name == "room.opened" || e.Name == "phase.changed" {
				e.At -= seconds(1.5)
			}
		}
		b.h.Sort()
	}},
	{"O3", "somebody is not told of the opening", func(b *broken) { b.drop(b.event("room.opened")) }},
	{"O3", "somebody is told late", func(b *broken) {
		e := b.event("room.opened")
		for _, later := range history.Of[*history.Event](b.h) {
			if later.Conn == e.Conn && later.At >= e.At {
				later.At += seconds(2.2)
			}
		}
		b.h.Sort()
	}},
	{"O3", "somebody is not let in", func(b *broken) { b.drop(b.event("phase.changed")) }},
	{"O3", "somebody is inside before the door opens", func(b *broken) {
		pick(b, func(h *history.Hello) bool { return h.Phase == "countdown" }).Phase = "live"
	}},
	{"O4", "the old start opens the door", func(b *broken) { b.logged("room.opened").StoreAt -= 3000 }},
	{"I1", "a key makes two events", func(b *broken) {
		_, l := b.acked()
		b.append(l.Kind, l.Participant, l.Key, data{"text": textOf(l.Data)})
	}},
	{"I1", "a key is answered with two places", func(b *broken) {
		o := pick(b, func(o *history.Ok) bool { return o.Again })
		o.Pos++
	}},
	{"I1", "a key is answered with two bodies", func(b *broken) {
		o := pick(b, func(o *history.Ok) bool { return o.Again })
		o.Data = raw(data{"pos": o.Pos, "again": true, "id": "other"})
	}},
	{"I2", "two commands change places", func(b *broken) {
		first, second := b.neighbours()
		x, y := b.answer(first.Op()), b.answer(second.Op())
		x.Pos, y.Pos = y.Pos, x.Pos
		for _, l := range history.Of[*history.Logged](b.h) {
			switch l.Key {
			case first.Key:
				l.Key = second.Key
			case second.Key:
				l.Key = first.Key
			}
		}
	}},
	{"P1", "an answer counts twice", func(b *broken) {
		c := b.logged("interaction.closed")
		got := read[result](c.Data)
		got.Counts[b.IntN(3)]++
		c.Data = raw(data{"id": got.ID, "answers": got.Answers, "counts": got.Counts})
	}},
	{"P1", "a person counts twice", func(b *broken) {
		c := b.logged("interaction.closed")
		got := read[result](c.Data)
		c.Data = raw(data{"id": got.ID, "answers": got.Answers + 1, "counts": got.Counts})
	}},
	{"P1", "an acknowledged answer is lost", func(b *broken) {
		l := b.logged("interaction.answered")
		for _, e := range history.Of[*history.Logged](b.h) {
			if e.Kind == "interaction.answered" && e.Participant == l.Participant {
				e.Kind = "chat.liked"
			}
		}
		c := b.logged("interaction.closed")
		got := read[result](c.Data)
		last, _ := NewRun(b.h).answers("room", c, got.ID)
		counts := make([]int, 3)
		for _, choices := range last {
			counts[choices[0]]++
		}
		c.Data = raw(data{"id": got.ID, "answers": len(last), "counts": counts})
	}},
	{"C1", "somebody who is gone is counted", func(b *broken) {
		pick(b, func(*history.Counted) bool { return true }).Told++
	}},
	{"C2", "each viewer costs a message", func(b *broken) {
		pick(b, func(*history.Messages) bool { return true }).Sent += 200
	}},
	{"B1", "too many guesses are taken", func(b *broken) {
		b.append("invitation.missed", "p_guessed", "", data{"participant": "p_guessed", "session": "new"})
	}},
	{"B1", "one session guesses too often", func(b *broken) {
		for _, l := range history.Of[*history.Logged](b.h) {
			if l.Kind == "invitation.missed" && l.Pos%2 == 0 {
				l.Data = raw(data{"participant": "p_guessed", "session": "0"})
			}
		}
	}},
	{"B1", "a locked link lets in", func(b *broken) {
		b.grant(b.invoked("lobby.check", func(i *history.Invoke) bool { return i.Device == "g9" }).Op, 0)
	}},
	{"B1", "each instance counts for itself", func(b *broken) {
		i := b.invoked("lobby.check", func(i *history.Invoke) bool { return i.Device == "g9" })
		for n := range 3 {
			op := history.Op(10000 + n)
			b.add(&history.Invoke{Op: op, Person: i.Person, Room: i.Room, Device: "g9", Cmd: i.Cmd, Data: raw(data{"email": "x@y"})}, i.At)
			b.add(&history.Fail{Op: op, Code: "lobby_no_match", Data: raw(data{"code": "lobby_no_match", "message": "no"})}, i.At+1)
		}
	}},
	{"B2", "an address that is invited elsewhere is answered otherwise", func(b *broken) {
		i := b.invoked("lobby.check", func(i *history.Invoke) bool {
			return read[target](i.Data).Email == "viewer1@example.org" && b.r.codeOf(i.Op) == "lobby_no_match"
		})
		b.refusal(i.Op).Data = raw(data{"code": "lobby_no_match", "message": "That is somebody else's link."})
	}},
	{"S1", "a stalled reader costs too much", func(b *broken) {
		pick(b, func(*history.Stalled) bool { return true }).Held = 1 << 20
	}},
	{"S1", "a stalled reader delays others", func(b *broken) {
		s := pick(b, func(*history.Stalled) bool { return true })
		for _, e := range history.Of[*history.Event](b.h) {
			if b.r.byConn[e.Conn].Instance == "b" && e.At > s.From && e.At < s.Until {
				e.At = s.Until
			}
		}
		b.h.Sort()
	}},
	{"E1", "a search finds a name", func(b *broken) {
		pick(b, func(*history.Searched) bool { return true }).Found = []string{"Firstforgotten"}
	}},
	{"E1", "the log has a text", func(b *broken) {
		pick(b, func(l *history.Logged) bool { return l.Tombstone }).Data = raw(data{"text": "remember what I said"})
	}},
	{"E1", "a tail has a text", func(b *broken) {
		c := b.resumed()
		for _, other := range b.r.Conns {
			if other.Hello != nil && other.Hello.At > c.Hello.At {
				c = other
			}
		}
		b.add(&history.Event{Conn: c.Conn, Epoch: "e", Pos: c.Hello.Pos + 1, Name: "chat.posted", Data: raw(data{"text": "remember what I said"})}, c.Hello.At+1)
	}},
	{"E1", "a snapshot has a name", func(b *broken) {
		c := b.r.Conns[len(b.r.Conns)-1]
		pick(b, func(h *history.Hello) bool { return h.Conn == c.Conn }).Snapshot = raw(data{"stage": "Lastforgotten"})
	}},
	{"E1", "a place is missing", func(b *broken) {
		b.drop(b.logged("chat.posted"))
	}},
}
