package check

import (
	"fmt"
	"testing"

	"greenroom/loadtest/faults/history"
)

// good tells a run that exercises every promise and keeps it.
func good(seed uint64) *history.History {
	s := newStory(seed)
	r := s.make("room", 8)
	quick := s.make("quick", 3)
	owner, mod := s.people["room-owner"], s.meet(r, "mod", "moderator")
	speaker := s.meet(r, "speaker", "speaker")
	var viewers []*actor
	for i := range 3 + s.IntN(4) {
		viewers = append(viewers, s.meet(r, fmt.Sprintf("viewer%d", i), "viewer"))
	}
	for i, a := range append([]*actor{mod, speaker}, viewers...) {
		s.enter(a, string(rune('a'+i%3)))
	}
	s.doors(r, quick, owner)
	s.talk(append(viewers, speaker, mod))
	s.roles(mod, speaker)
	s.poll(mod, viewers)
	s.measures(r, mod, viewers[0])
	s.devices(r, owner)
	s.moves(r)
	s.files(r, owner, viewers[0])
	s.lobby(r)
	s.dies(viewers)
	s.stalls(r, viewers)
	s.talk(viewers)
	s.erases(r, owner, viewers)
	s.crowd()
	s.settles(append(viewers[1:], speaker, mod))
	return s.history()
}

// doors moves one start in time and opens two doors.
func (s *story) doors(r, quick *room, owner *actor) {
	s.wait(1)
	starts := s.ms() + 9000
	i := s.invoke(owner, "", history.HTTPPatch, "", data{"starts_at": starts})
	s.log(r, "room.scheduled", owner.Participant, "", data{"starts_at": starts})
	s.ok(i, 0, nil)
	s.note(&history.Scheduled{Room: "room", StartsAt: starts, StoreNow: s.ms()})
	s.wait(3)
	quick.open = true
	s.log(quick, "room.opened", "", "", data{"spread_ms": 0})
	s.wait(7)
	r.open = true
	s.log(r, "room.opened", "", "", data{"spread_ms": 0})
	s.wait(3)
}

// talk has people say things; now and then an answer is lost and the key is
// sent again.
func (s *story) talk(people []*actor) {
	for n := range 12 + s.IntN(10) {
		a := people[s.IntN(len(people))]
		text := fmt.Sprintf("%s says %d %x", a.Person.Person, n, s.Uint64())
		switch {
		case n%4 == 0:
			s.twice(a, text, n%8 == 0)
		case n == 5:
			i := s.invoke(a, a.device, "chat.post", s.key(), data{"text": text})
			s.fail(i, "slow_down", data{"code": "slow_down"})
		default:
			s.say(a, text)
		}
		s.wait(0.3)
	}
	s.wait(3)
}

// twice sends a key twice: the first answer is lost, before or after it
// happened.
func (s *story) twice(a *actor, text string, happened bool) {
	key, d := s.key(), data{"text": text}
	first := s.invoke(a, a.device, "chat.post", key, d)
	var pos uint64
	post := func() {
		pos = s.log(s.rooms[a.Room], "chat.posted", a.Participant, key, data{"text": text, "participant": a.Participant})
	}
	if happened {
		post()
	} else {
		s.note(&history.Unknown{Op: first.Op})
	}
	second := s.invoke(a, a.device, "chat.post", key, d)
	if !happened {
		post()
	} else {
		s.note(&history.Ok{Op: first.Op, Pos: pos, Data: raw(data{"pos": pos})})
	}
	s.note(&history.Ok{Op: second.Op, Pos: pos, Again: happened, Data: raw(data{"pos": pos, "again": happened})})
}

// roles makes the speaker a viewer and back, several times.
func (s *story) roles(mod, speaker *actor) {
	for n := range 3 {
		s.act(speaker, "backchannel.post", "backchannel.posted", data{"text": "in between"}, data{"text": "in between"})
		s.setRole(mod, speaker, "viewer")
		s.act(mod, "backchannel.post", "backchannel.posted", data{"text": "among us"}, data{"text": "among us"})
		for _, cmd := range []string{"backchannel.post", "backchannel.page"} {
			s.fail(s.invoke(speaker, speaker.device, cmd, s.key(), data{"text": "still?"}), "forbidden", nil)
		}
		if n == 1 {
			s.hangUp(speaker.conn, 1006)
			s.connect(speaker, "b", 0)
		}
		s.wait(0.5)
		s.setRole(mod, speaker, "speaker")
		s.wait(5)
	}
}

func (s *story) setRole(by, a *actor, role string) {
	key := s.key()
	i := s.invoke(by, by.device, "role.set", key, data{"participant": a.Participant, "role": role})
	a.role = role
	pos := s.log(s.rooms[by.Room], "role.changed", by.Participant, key, data{"participant": a.Participant, "role": role})
	s.ok(i, pos, data{"role": role, "pos": pos})
}

// poll asks everybody, lets some change their minds, and counts.
func (s *story) poll(mod *actor, viewers []*actor) {
	id := s.act(mod, "interaction.create", "interaction.created", data{}, data{})
	last := map[*actor]int{}
	for range 2 {
		for _, a := range viewers {
			last[a] = s.IntN(3)
			d := data{"id": "i1", "choices": []int{last[a]}, "participant": a.Participant}
			s.act(a, "interaction.answer", "interaction.answered", d, d)
		}
	}
	counts := make([]int, 3)
	for _, choice := range last {
		counts[choice]++
	}
	_ = id
	s.log(s.rooms[mod.Room], "interaction.closed", "", "", data{"id": "i1", "answers": len(last), "counts": counts})
}

// measures mutes one, and sends three out in three ways.
func (s *story) measures(r *room, mod, loud *actor) {
	s.act(mod, "participant.mute", "participant.muted", data{"participant": loud.Participant}, data{"participant": loud.Participant})
	s.fail(s.invoke(loud, loud.device, "chat.post", s.key(), data{"text": "let me speak"}), "muted", nil)
	s.act(mod, "participant.unmute", "participant.unmuted", data{"participant": loud.Participant}, data{"participant": loud.Participant})
	s.say(loud, "thank you")
	for _, cmd := range []string{"participant.ban", "participant.remove", history.HTTPRevoke} {
		bad := s.meet(r, "bad-"+cmd, "viewer")
		s.enter(bad, "c")
		s.wait(1)
		d := data{"participant": bad.Participant, "person": bad.Person.Person}
		s.act(mod, cmd, cmd+"ed", d, data{"participant": bad.Participant})
		s.fail(s.invoke(bad, bad.device, "chat.post", s.key(), data{"text": "but why"}), "banned", nil)
		s.hangUp(bad.conn, 4507)
		s.fail(s.invoke(bad, bad.device, "hello", "", data{}), "banned", nil)
		s.wait(6)
	}
}

// devices races for a link, tries it elsewhere, frees it and takes it anew.
func (s *story) devices(r *room, owner *actor) {
	racer := s.meet(r, "racer", "viewer")
	s.fail(s.invoke(racer, "scanner", history.HTTPOpen, "", data{"invitation": racer.Invitation}), "not_found", nil)
	var losers []*history.Invoke
	for n := range 4 {
		losers = append(losers, s.invoke(racer, fmt.Sprint("d", n+2), "lobby.check", s.key(), data{"email": racer.Email}))
	}
	s.claim(racer, "d1")
	for _, i := range losers {
		s.fail(i, "other_device", nil)
	}
	s.connect(racer, "a", 0)
	s.say(racer, "I am from the first device")
	s.fail(s.invoke(racer, "d2", history.HTTPOpen, "", data{}), "other_device", nil)
	i := s.invoke(owner, "", history.HTTPReset, "", data{"person": "racer"})
	s.log(r, freed, owner.Participant, "", data{"participant": racer.Participant})
	s.ok(i, 0, nil)
	s.hangUp(racer.conn, 4505)
	s.claim(racer, "d2")
	s.fail(s.invoke(racer, "d1", "hello", "", data{}), "other_device", nil)
	s.connect(racer, "b", 0)
	s.say(racer, "I am from the second device")
}

// moves takes a link to another device by a mailed code.
func (s *story) moves(r *room) {
	mover := s.meet(r, "mover", "viewer")
	first := s.enter(mover, "a")
	s.say(mover, "I am from the device before the move")
	s.fail(s.invoke(mover, "m2", history.HTTPOpen, "", data{}), "other_device", nil)
	i := s.invoke(mover, "m2", history.HTTPMove, "", data{"person": "mover"})
	s.wait(0.1)
	s.log(r, claimed, mover.Participant, "", data{"participant": mover.Participant})
	s.wait(0.1)
	s.ok(i, 0, nil)
	s.hangUp(first, 4505)
	s.fail(s.invoke(mover, "mover-1", "hello", "", data{}), "other_device", nil)
	mover.device = "m2"
	s.connect(mover, "b", 0)
	s.say(mover, "I am from the device behind the move")
}

// files gives a manager what they ask for until their right ends, and a guest
// nothing.
func (s *story) files(r *room, owner, guest *actor) {
	boss := s.meet(r, "boss", "owner")
	file := func(a *actor) *history.Invoke {
		return s.invoke(a, a.device, history.HTTPFile, "", data{"what": "backchannel", "format": "json"})
	}
	for range 2 {
		s.ok(s.invoke(owner, "", history.HTTPManage, "", data{"person": "boss", "right": "co-editor"}), 0, nil)
		s.ok(file(boss), 0, data{"what": "backchannel"})
		s.fail(file(guest), "not_found", nil)
		s.ok(s.invoke(owner, "", history.HTTPEnd, "", data{"person": "boss"}), 0, nil)
		s.fail(file(boss), "not_found", nil)
	}
}

// lobby guesses at a link until it is locked.
func (s *story) lobby(r *room) {
	g := s.meet(r, "guessed", "viewer")
	for n := range linkTries {
		email := fmt.Sprintf("nobody%d@example.com", n)
		if n%2 == 0 {
			email = "viewer1@example.org"
		}
		i := s.invoke(g, fmt.Sprint("g", n/4), "lobby.check", s.key(), data{"email": email})
		s.log(r, "invitation.missed", g.Participant, "", data{"participant": g.Participant, "session": fmt.Sprint(n / 4)})
		if n == linkTries-1 {
			s.fail(i, "lobby_locked", nil)
		} else {
			s.fail(i, "lobby_no_match", data{"code": "lobby_no_match", "message": "no", "tries_left": 4 - n%4})
		}
	}
	s.wait(2)
	s.fail(s.invoke(g, "g9", "lobby.check", s.key(), data{"email": g.Email}), "lobby_locked", nil)
}

// dies kills an instance; whoever was there resumes on another.
func (s *story) dies(viewers []*actor) {
	s.wait(8)
	pos := s.rooms["room"].pos
	s.fault("kill", 12, func() {
		var left []*actor
		for _, a := range viewers {
			if a.conn.Instance == "c" {
				s.hangUp(a.conn, 0)
				left = append(left, a)
			}
		}
		s.say(viewers[0], "is everybody there?")
		for _, a := range left {
			s.wait(0.2)
			s.connect(a, "b", pos)
		}
	}, "instance:c", "path:c")
	s.wait(8)
}

// stalls has one reader that reads nothing while the others go on.
func (s *story) stalls(r *room, viewers []*actor) {
	slow := s.meet(r, "slow", "viewer")
	c := s.enter(slow, "b")
	from := s.now
	c.phase = "stalled"
	for range 5 {
		s.say(viewers[s.IntN(len(viewers))], "on and on")
	}
	s.wait(2)
	s.hangUp(c, 4001)
	s.note(&history.Stalled{Conn: c.Conn, Held: 200 << 10, Limit: 256 << 10, From: from, Until: s.now, Room: r.name})
}

// erases has somebody forgotten, and asks for the room again.
func (s *story) erases(r *room, owner *actor, viewers []*actor) {
	gone := s.meet(r, "forgotten", "viewer")
	s.enter(gone, "a")
	s.say(gone, "remember what I said")
	s.wait(2)
	i := s.invoke(owner, "", history.HTTPErase, "", data{"person": "forgotten"})
	s.log(r, "person.erased", owner.Participant, "", data{"participant": gone.Participant})
	for _, e := range s.entries {
		if l, ok := e.(*history.Logged); ok && l.Participant == gone.Participant && l.Kind == "chat.posted" {
			l.Data, l.Tombstone = raw(data{"participant": gone.Participant, "text": ""}), true
		}
	}
	s.hangUp(gone.conn, 4506)
	s.ok(i, 0, nil)
	for _, where := range []string{"store", "snapshot", "export"} {
		s.note(&history.Searched{Person: "forgotten", Where: where, Looked: 1000})
	}
	a := viewers[1]
	s.hangUp(a.conn, 1006)
	s.connect(a, "a", r.pos-1)
}

// crowd has many viewers come and go.
func (s *story) crowd() {
	s.note(&history.Messages{Instance: "a", Instances: 3, Came: 100, Went: 100, Sent: 20, Lasted: seconds(10)})
}

// settles compares what everybody knows with the store.
func (s *story) settles(people []*actor) {
	s.wait(15)
	s.note(&history.Quiet{Round: 1, Since: s.now - seconds(12), Final: true})
	for n, a := range people {
		state := raw(data{"chat": []string{"a", "b"}, "role": a.role, "stage": []string{}})
		for _, source := range []string{history.Folded, history.Fresh} {
			s.note(&history.State{Round: 1, Source: source, Person: a.Person.Person, Room: a.Room, Pos: s.rooms[a.Room].pos, Resumed: n%2 == 0, State: state})
		}
		s.note(&history.Counted{Round: 1, Room: a.Room, Conn: a.conn.Conn, Instance: a.conn.Instance, Told: 5, Connected: 5})
	}
	s.wait(5)
	s.note(&history.Quiet{Round: 2, Since: s.now - seconds(1)})
}

// Every promise is exercised by a good history, and kept.
func TestGood(t *testing.T) {
	for seed := range uint64(20) {
		for _, v := range All(good(seed)) {
			if !v.Holds() {
				t.Errorf("seed %d: %s", seed, v)
				for _, w := range v.Violations {
					for _, e := range w.Entries {
						t.Logf("%T %s", e, raw(e))
					}
				}
			}
		}
	}
}

// A history in which nothing happens is no proof of anything.
func TestNotExercised(t *testing.T) {
	for _, v := range All(&history.History{Entries: []history.Entry{&history.Begun{}}}) {
		if v.Exercised() || v.Holds() || len(v.Violations) > 0 {
			t.Errorf("of nothing: %s", v)
		}
	}
}
