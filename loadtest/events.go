package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/hub/room"
)

// What people do again and again with --events.
const (
	eventsAnswers = "answers" // change their answer to a question: facts that nobody is told singly
	eventsChat    = "chat"    // speak in the chat: facts that everybody in the room is told
)

// eventsPerConnection is how many commands a second a connection may send.
const eventsPerConnection = 5

// tally is what became of one room's events.
type tally struct {
	count       atomic.Int64 // acknowledged, so durable
	first, last atomic.Int64 // their places in the room's log
}

// note counts an event at its place.
func (t *tally) note(pos room.Seq) {
	t.count.Add(1)
	place := int64(pos)
	for was := t.first.Load(); (was == 0 || place < was) && !t.first.CompareAndSwap(was, place); was = t.first.Load() {
	}
	for was := t.last.Load(); place > was && !t.last.CompareAndSwap(was, place); was = t.last.Load() {
	}
}

// judge says if fewer places of the log were taken than events acknowledged.
func (t *tally) judge() error {
	if n := t.count.Load(); n > 0 && t.last.Load()-t.first.Load()+1 < n {
		return fmt.Errorf("%d events were acknowledged, at places %d to %d", n, t.first.Load(), t.last.Load())
	}
	return nil
}

// flood fills rooms with people who all do something as often as a connection
// may, at the same time, through the whole path: socket, commit, fan-out.
func flood(ctx context.Context, c *Config, p *progress, m *measures, t *target) error {
	var rooms []*show
	defer func() {
		for _, s := range rooms {
			s.end()
		}
	}()
	for n := range c.Rooms {
		s := newShow(c.share(n), p, m, t)
		rooms = append(rooms, s)
		for _, step := range []func(context.Context) error{s.prepare, s.invite, s.openAtOnce, s.join, s.knockAll, s.enterOwner, s.launch} {
			if err := step(ctx); err != nil {
				return err
			}
		}
	}
	return pour(ctx, c, rooms)
}

// share is the part of the flags for one of the rooms.
func (c *Config) share(n int) *Config {
	one := *c
	if one.People = c.People / c.Rooms; n < c.People%c.Rooms {
		one.People++
	}
	if c.Events == eventsAnswers {
		one.Answers = one.People
	}
	return &one
}

// knockAll lets everybody in and waits until they are.
func (s *show) knockAll(ctx context.Context) error {
	if err := s.each(ctx, "entering", "lobby", func(ctx context.Context, g *guest) error { return g.knock(ctx) }); err != nil {
		return err
	}
	until := time.Now().Add(patience)
	for len(s.inside()) < len(s.guests) && time.Now().Before(until) && pause(ctx, 5*time.Millisecond) == nil {
	}
	if out := len(s.guests) - len(s.inside()); out > 0 {
		return cmp.Or(ctx.Err(), fmt.Errorf("%d of %d people are not let in", out, len(s.guests)))
	}
	return nil
}

// pour is the time in which everybody does what they do.
func pour(ctx context.Context, c *Config, rooms []*show) error {
	m, t := rooms[0].m, rooms[0].t
	rooms[0].p.showing("pouring", func() string {
		n := int64(0)
		for _, s := range rooms {
			n += s.events.count.Load()
		}
		return fmt.Sprintf(": %d events", n)
	})
	ctx, cancel := context.WithTimeout(ctx, c.For+patience)
	defer cancel()
	stop, began := t.meter(), now()
	var all sync.WaitGroup
	for i, s := range rooms {
		m.greatest += len(s.guests)
		for n, g := range s.guests { // not all in the same moment
			offset := int64(time.Second) / eventsPerConnection * int64(n*len(rooms)+i) / int64(c.People)
			all.Go(func() { s.repeat(ctx, g, began+offset, began+int64(c.For)) })
		}
	}
	all.Wait()
	m.lasted, m.usage = time.Duration(now()-began), stop()
	for _, s := range rooms {
		if err := s.drained(ctx); err != nil {
			return err
		}
	}
	m.events = sum(c, rooms, m.lasted)
	return nil
}

// repeat is one person. Who is answered too late for the next one does it at
// once, and its time counts from when it was due.
func (s *show) repeat(ctx context.Context, g *guest, due, until int64) {
	for i := 0; due < until; i++ {
		if pause(ctx, time.Duration(due-now())) != nil {
			return
		}
		pos, err := s.happen(ctx, g, i, due)
		if err != nil {
			s.m.failUnless(ctx, "event", err)
			return
		}
		s.events.note(pos)
		s.m.note(measureEvent, time.Duration(now()-due))
		due += int64(time.Second) / eventsPerConnection
	}
}

// happen is one event; answers are each another than the one before.
func (s *show) happen(ctx context.Context, g *guest, i int, due int64) (room.Seq, error) {
	if s.c.Events == eventsAnswers {
		receipt, err := g.room.Answer(ctx, s.poll.id, i%2)
		return receipt.Pos, err
	}
	receipt, err := g.room.Post(ctx, text(due, g.place(), s.c.TextBytes))
	if err == nil {
		s.m.messages.Add(1)
	}
	return receipt.Pos, err
}

// drained waits until everybody in the room has been told everything.
func (s *show) drained(ctx context.Context) error {
	behind := func() (n int64) {
		for _, g := range s.guests {
			if s.c.Events == eventsChat && !g.anew.Load() {
				n += s.events.count.Load() - g.received.Load()
			}
		}
		return n
	}
	for until := time.Now().Add(patience); behind() > 0 && time.Now().Before(until) && pause(ctx, 5*time.Millisecond) == nil; {
	}
	s.m.missing += int(max(0, behind()))
	s.m.received += s.received()
	return s.events.judge()
}

// Events is how many became durable in a second: in all, and in a room.
type Events struct {
	Kind      string  `json:"kind"`
	Rooms     int     `json:"rooms"`
	Count     int64   `json:"count"`
	PerSecond float64 `json:"per_second"`
	Least     float64 `json:"least_per_room"`
	Median    float64 `json:"median_per_room"`
	Most      float64 `json:"most_per_room"`
}

func sum(c *Config, rooms []*show, took time.Duration) *Events {
	e := &Events{Kind: c.Events, Rooms: len(rooms)}
	var each []float64
	for _, s := range rooms {
		n := s.events.count.Load()
		e.Count += n
		each = append(each, float64(n)/took.Seconds())
	}
	slices.Sort(each)
	e.PerSecond = float64(e.Count) / took.Seconds()
	e.Least, e.Median, e.Most = each[0], each[len(each)/2], each[len(each)-1]
	return e
}

func (e *Events) String() string {
	if e.Rooms == 1 {
		return fmt.Sprintf("durable events (%s): %.0f a second in one room", e.Kind, e.PerSecond)
	}
	return fmt.Sprintf("durable events (%s): %.0f a second in all; in each of %d rooms %.0f, from %.0f to %.0f", e.Kind, e.PerSecond, e.Rooms, e.Median, e.Least, e.Most)
}
