package check

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"greenroom/loadtest/faults/history"
)

const unixMS = 1_795_000_000_000 // at the time 0

// story makes up a run of one room on three instances in which every promise is
// kept.
type story struct {
	*rand.Rand
	now      history.At
	entries  []history.Entry
	people   map[string]*actor
	conns    []*socket
	lastOp   history.Op
	lastConn history.Conn
	lastID   int // of faults
	rooms    map[string]*room
}

type room struct {
	name string
	pos  uint64
	open bool
}

type actor struct {
	history.Person
	device string // that has the link
	role   string
	conn   *socket
}

type socket struct {
	history.Opened
	actor *actor
	phase string
	ended bool
}

func newStory(seed uint64) *story {
	s := &story{Rand: rand.New(rand.NewPCG(seed, 1)), now: seconds(1), people: map[string]*actor{}, rooms: map[string]*room{}}
	s.note(&history.Begun{Seed: seed, Instances: []string{"a", "b", "c"}, UnixMS: unixMS})
	return s
}

// tick lets a moment pass.
func (s *story) tick() history.At {
	s.now += history.At(1+s.IntN(4)) * history.At(time.Millisecond)
	return s.now
}

func (s *story) wait(sec float64) { s.now += seconds(sec) }

func (s *story) ms() int64 { return unixMS + int64(s.now)/int64(time.Millisecond) }

func (s *story) note(e history.Entry) {
	s.tick()
	reset(e, s.now)
	s.entries = append(s.entries, e)
}

// reset gives an entry another time.
func reset(e history.Entry, t history.At) {
	reflect.ValueOf(e).Elem().FieldByName("When").Set(reflect.ValueOf(history.Instant(t)))
}

func raw(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

type data = map[string]any

// make adds a room, and somebody who owns it.
func (s *story) make(name string, startsIn float64) *room {
	r := &room{name: name}
	s.rooms[name] = r
	starts := s.ms() + int64(startsIn*1000)
	s.log(r, "room.created", "", "", data{"starts_at": starts, "epoch": "e"})
	owner := s.meet(r, name+"-owner", "owner")
	owner.role = "manager"
	s.log(r, "manager.set", "", "", data{"participant": owner.Participant, "right": "owner"})
	s.note(&history.Scheduled{Room: name, StartsAt: starts, StoreNow: s.ms()})
	return r
}

func (s *story) meet(r *room, name, role string) *actor {
	a := &actor{Person: history.Person{Person: name, Room: r.name, Participant: "p_" + name, Role: role, Email: name + "@example.org", First: "First" + name, Last: "Last" + name}, role: role}
	if role != "owner" {
		a.Invitation = "i_" + name
		s.log(r, "invitation.issued", "", "", data{"participant": a.Participant, "type": role})
	}
	s.people[name] = a
	s.note(&a.Person)
	return a
}

// log appends to a room's log and shows it to whom it concerns.
func (s *story) log(r *room, kind, participant, key string, fact data) uint64 {
	r.pos++
	s.tick()
	at := s.ms()
	s.entries = append(s.entries, &history.Logged{When: history.Instant(s.now), Room: r.name, Epoch: "e", Pos: r.pos, StoreAt: at, Participant: participant, Key: key, Kind: kind, Data: raw(fact)})
	s.show(r, kind, at, fact)
	return r.pos
}

func (s *story) show(r *room, kind string, at int64, fact data) {
	for _, c := range s.conns {
		switch {
		case c.ended || c.Room != r.name:
			continue
		case kind == "room.opened":
			s.event(c, r.pos, kind, at, fact)
			if c.phase == "countdown" {
				c.phase = "live"
				s.event(c, r.pos, "phase.changed", at, data{"phase": "live", "you": data{"role": c.actor.role}})
			}
		case c.phase != "live":
		case kind == "role.changed":
			if fact["participant"] == c.actor.Participant {
				s.event(c, r.pos, "me.role", at, data{"role": fact["role"], "you": data{"role": fact["role"]}})
			}
		case kind == "backchannel.posted":
			if staff(c.actor.role) {
				s.event(c, r.pos, kind, at, fact)
			}
		case kind == "chat.posted", kind == "chat.deleted":
			s.event(c, r.pos, kind, at, fact)
		}
	}
}

func (s *story) event(c *socket, pos uint64, name string, at int64, fact data) {
	s.note(&history.Event{Conn: c.Conn, Epoch: "e", Pos: pos, Name: name, ServerAt: at, Data: raw(fact)})
}

// invoke sends a command or a request.
func (s *story) invoke(a *actor, device, cmd, key string, d data) *history.Invoke {
	s.lastOp++
	i := &history.Invoke{Op: s.lastOp, Person: a.Person.Person, Instance: "a", Room: a.Room, Device: device, Key: key, Cmd: cmd, Data: raw(d)}
	if c := a.conn; c != nil && !c.ended && c.Device == device {
		i.Conn, i.Instance = c.Conn, c.Instance
	}
	s.note(i)
	return i
}

func (s *story) ok(i *history.Invoke, pos uint64, d data) {
	s.note(&history.Ok{Op: i.Op, Pos: pos, Data: raw(d)})
}

func (s *story) fail(i *history.Invoke, code string, d data) {
	s.note(&history.Fail{Op: i.Op, Code: code, Data: raw(d)})
}

// key makes an idempotency key.
func (s *story) key() string { return fmt.Sprintf("k%016x", s.Uint64()) }

// act is a command that makes a fact and is answered ok.
func (s *story) act(a *actor, cmd, kind string, d data, fact data) uint64 {
	key := s.key()
	i := s.invoke(a, a.device, cmd, key, d)
	if fact["participant"] == nil {
		fact["participant"] = a.Participant
	}
	pos := s.log(s.rooms[a.Room], kind, a.Participant, key, fact)
	s.ok(i, pos, data{"pos": pos})
	return pos
}

// connect opens a socket; resume is the place that it asks for, 0 for none.
func (s *story) connect(a *actor, instance string, resume uint64) *socket {
	r := s.rooms[a.Room]
	s.lastConn++
	c := &socket{Opened: history.Opened{Conn: s.lastConn, Person: a.Person.Person, Room: a.Room, Instance: instance, Device: a.device}, actor: a, phase: "countdown"}
	if r.open {
		c.phase = "live"
	}
	s.note(&c.Opened)
	hello := data{"room": a.Room}
	if resume > 0 {
		hello["resume"] = data{"epoch": "e", "pos": resume}
	}
	a.conn = c
	i := s.invoke(a, a.device, "hello", "", hello)
	h := &history.Hello{Conn: c.Conn, Op: i.Op, Epoch: "e", Pos: r.pos, Mode: "snapshot", Phase: c.phase, You: raw(data{"role": a.role}), Snapshot: raw(data{"room": data{}})}
	if resume > 0 {
		h.Mode, h.Snapshot = "resumed", nil
	}
	s.note(h)
	if resume > 0 {
		s.missed(c, resume)
	}
	s.conns = append(s.conns, c)
	return c
}

// missed shows what came behind a place.
func (s *story) missed(c *socket, pos uint64) {
	for _, e := range slices.Clone(s.entries) {
		if l, ok := e.(*history.Logged); ok && l.Room == c.Room && l.Pos > pos && l.Kind == "chat.posted" {
			s.note(&history.Event{Conn: c.Conn, Epoch: "e", Pos: l.Pos, Name: l.Kind, ServerAt: l.StoreAt, Data: l.Data})
		}
	}
}

func (s *story) hangUp(c *socket, code int) {
	if !c.ended {
		c.ended = true
		s.note(&history.Closed{Conn: c.Conn, Code: code})
	}
}

// enter claims a link with a device and opens a socket.
func (s *story) enter(a *actor, instance string) *socket {
	a.device = a.Person.Person + "-1"
	s.claim(a, a.device)
	return s.connect(a, instance, 0)
}

func (s *story) claim(a *actor, device string) {
	key := s.key()
	i := s.invoke(a, device, "lobby.check", key, data{"email": a.Email})
	pos := s.log(s.rooms[a.Room], claimed, a.Participant, key, data{"participant": a.Participant})
	a.device = device
	s.ok(i, pos, data{"phase": "live", "pos": pos})
}

func (s *story) say(a *actor, text string) {
	s.act(a, "chat.post", "chat.posted", data{"text": text}, data{"text": text})
}

// fault breaks something for a while.
func (s *story) fault(name string, sec float64, meanwhile func(), hits ...string) {
	s.lastID++
	s.note(&history.Fault{ID: s.lastID, Name: name, On: true, Hits: hits})
	meanwhile()
	s.wait(sec)
	s.note(&history.Fault{ID: s.lastID, Name: name, Hits: hits})
}

func (s *story) history() *history.History {
	h := &history.History{Entries: slices.Clone(s.entries)}
	h.Sort()
	return h
}

// again gives a copy whose entries may be changed.
func again(h *history.History) *history.History {
	same := &history.History{Entries: make([]history.Entry, len(h.Entries))}
	for i, e := range h.Entries {
		entry := reflect.New(reflect.TypeOf(e).Elem())
		entry.Elem().Set(reflect.ValueOf(e).Elem())
		same.Entries[i] = entry.Interface().(history.Entry)
	}
	return same
}
