package check

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"greenroom/loadtest/faults/history"
)

// broken is a good history in which one thing is changed.
type broken struct {
	*rand.Rand
	*testing.T
	h *history.History
	r *Run // of the good one
}

// pick gives one of the entries that fit, at random.
func pick[T history.Entry](b *broken, fits func(T) bool) T {
	b.Helper()
	all := slices.DeleteFunc(history.Of[T](b.h), func(e T) bool { return !fits(e) })
	if len(all) == 0 {
		b.Fatalf("the good history has no such %T", *new(T))
	}
	return all[b.IntN(len(all))]
}

func (b *broken) drop(gone history.Entry) {
	b.h.Entries = slices.DeleteFunc(b.h.Entries, func(e history.Entry) bool { return e == gone })
}

func (b *broken) add(e history.Entry, t history.At) {
	reset(e, t)
	b.h.Entries = append(b.h.Entries, e)
	b.h.Sort()
}

func (b *broken) end() history.At { return b.h.Entries[len(b.h.Entries)-1].Time() }

func (b *broken) logged(kind string) *history.Logged {
	return pick(b, func(e *history.Logged) bool { return e.Kind == kind && e.Room == "room" && !e.Tombstone })
}

func (b *broken) event(name string) *history.Event {
	return pick(b, func(e *history.Event) bool { return e.Name == name })
}

func (b *broken) invoked(cmd string, fits func(*history.Invoke) bool) *history.Invoke {
	return pick(b, func(e *history.Invoke) bool { return e.Cmd == cmd && (fits == nil || fits(e)) })
}

// answer gives the ok of an operation.
func (b *broken) answer(op history.Op) *history.Ok {
	return pick(b, func(e *history.Ok) bool { return e.Op == op })
}

func (b *broken) refusal(op history.Op) *history.Fail {
	return pick(b, func(e *history.Fail) bool { return e.Op == op })
}

// grant turns a refusal into an ok.
func (b *broken) grant(op history.Op, pos uint64) {
	f := b.refusal(op)
	b.drop(f)
	b.add(&history.Ok{Op: op, Pos: pos, Data: raw(data{"pos": pos})}, f.At)
}

// deny turns an ok into a refusal.
func (b *broken) deny(op history.Op, code string) {
	o := b.answer(op)
	b.drop(o)
	b.add(&history.Fail{Op: op, Code: code}, o.At)
}

// append adds to the end of a room's log.
func (b *broken) append(kind, participant, key string, d data) *history.Logged {
	last := b.r.Logs["room"].Entries[len(b.r.Logs["room"].Entries)-1]
	e := &history.Logged{Room: "room", Epoch: "e", Pos: last.Pos + 1, StoreAt: b.r.wall(b.end()), Participant: participant, Key: key, Kind: kind, Data: raw(d)}
	b.add(e, b.end())
	return e
}

// acked gives a message that was answered ok, as sent once, and its place.
func (b *broken) acked() (*history.Invoke, *history.Logged) {
	l := pick(b, func(e *history.Logged) bool {
		return e.Kind == "chat.posted" && e.Room == "room" && !e.Tombstone && len(b.r.opsOf(e)) == 1 && b.r.opsOf(e)[0].Outcome == OK
	})
	return b.r.opsOf(l)[0].Invoke, l
}

// shownLate gives a message and a connection that it reached, where there was
// time for it.
func (b *broken) shownLate() (*history.Event, *Op) {
	for range 1000 {
		i, l := b.acked()
		e := pick(b, func(e *history.Event) bool { return e.Name == "chat.posted" && e.Pos == l.Pos })
		o := b.r.Ops[slices.IndexFunc(b.r.Ops, func(o *Op) bool { return o.Op() == i.Op })]
		if c := b.r.byConn[e.Conn]; c.open(o.At, o.Ended+seconds(1)) && b.r.entitled(c, o, seconds(1)) && c.Events[len(c.Events)-1].Pos != e.Pos {
			return e, o
		}
	}
	b.Fatal("no such message")
	return nil, nil
}

// Op is the number of the operation.
func (o *Op) Op() history.Op { return o.Invoke.Op }

func (r *Run) opOf(op history.Op) *Op {
	return r.Ops[slices.IndexFunc(r.Ops, func(o *Op) bool { return o.Op() == op })]
}

func (r *Run) refused(op history.Op) bool  { return r.opOf(op).Outcome == Refused }
func (r *Run) codeOf(op history.Op) string { return r.opOf(op).Code }

func helloOf(mode string) func(*history.Hello) bool {
	return func(h *history.Hello) bool { return mode == "" || h.Mode == mode }
}

func (b *broken) resumed() *Conn {
	return b.r.byConn[pick(b, helloOf("resumed")).Conn]
}

func (b *broken) demotion() demotion { return b.r.demotions()[0] }

// leak shows the speaker's connection what was said among staff.
func (b *broken) leak(history.At) {
	d := b.demotion()
	for _, e := range b.r.Logs["room"].between(d.from, d.until) {
		if e.Kind != "backchannel.posted" {
			continue
		}
		c := b.r.connsOf("speaker")[0]
		b.add(&history.Event{Conn: c.Conn, Epoch: "e", Pos: e.Pos, Name: e.Kind, ServerAt: e.StoreAt, Data: raw(data{"participant": "p_mod", "text": "among us"})}, e.At+1)
	}
}

// neighbours gives two commands of one connection behind each other.
func (b *broken) neighbours() (*Op, *Op) {
	last := map[history.Conn]*Op{}
	var pairs [][2]*Op
	for _, o := range b.r.Ops {
		if o.Conn == 0 || o.Outcome != OK || o.Again || o.Key == "" || len(b.r.byKey[who{o.Person, o.Key}]) > 1 {
			continue
		}
		if before := last[o.Conn]; before != nil {
			pairs = append(pairs, [2]*Op{before, o})
		}
		last[o.Conn] = o
	}
	p := pairs[b.IntN(len(pairs))]
	return p[0], p[1]
}

// Whatever breaks a promise in a good history, its checker objects.
func TestBroken(t *testing.T) {
	covered := map[string]bool{}
	var goods []*history.History
	for seed := range uint64(6) {
		goods = append(goods, good(seed))
	}
	for _, way := range breaks {
		covered[way.invariant] = true
		t.Run(way.invariant+" "+way.how, func(t *testing.T) {
			checker, _ := Of(way.invariant)
			for seed, whole := range goods {
				seed, h := uint64(seed), again(whole)
				b := &broken{rand.New(rand.NewPCG(seed, 2)), t, h, NewRun(h)}
				way.do(b)
				v := checker.On(NewRun(h))
				if v.Holds() || len(v.Violations) == 0 {
					t.Errorf("seed %d: the checker says %s", seed, v)
				}
			}
		})
	}
	for _, c := range Checkers {
		if !covered[c.Invariant] {
			t.Errorf("no history breaks %s", c.Invariant)
		}
	}
}

// breakIn gives a good history in which one promise was broken in one way.
func breakIn(t *testing.T, invariant, how string) *broken {
	t.Helper()
	h := good(1)
	b := &broken{rand.New(rand.NewPCG(1, 2)), t, h, NewRun(h)}
	for _, way := range breaks {
		if way.invariant == invariant && way.how == how {
			way.do(b)
			return b
		}
	}
	t.Fatalf("%s is not broken so: %s", invariant, how)
	return nil
}

// A register that fails can be looked at.
func TestPicture(t *testing.T) {
	h := good(1)
	b := &broken{rand.New(rand.NewPCG(1, 2)), t, h, NewRun(h)}
	b.grant(b.invoked("backchannel.page", func(i *history.Invoke) bool { return b.r.refused(i.Op) }).Op, 0)
	checker, _ := Of("R3")
	if v := checker.On(NewRun(h)); !bytes.Contains(v.Picture, []byte("<html")) || !strings.Contains(v.String(), "BROKEN") {
		t.Errorf("%s, with a picture of %d bytes", v, len(v.Picture))
	}
}
