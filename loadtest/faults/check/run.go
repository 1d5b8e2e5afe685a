package check

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"

	"greenroom/loadtest/faults/history"
)

// Run is a history, put in order for the checkers.
type Run struct {
	Began   *history.Begun // nil: not noted
	End     history.At     // of the last entry
	Ops     []*Op          // as invoked
	Conns   []*Conn        // as opened
	Persons map[string]*history.Person
	Logs    map[string]*Log // by room

	byKey  map[who][]*Op
	byConn map[history.Conn]*Conn
	byRoom map[string][]*Conn
	byWhom map[string][]*Op        // by person
	byPart map[who]*history.Person // room and participant
	faults []*outage
	delays []*history.Delayed // in order
	left   []*history.Left
	h      *history.History
}

// who is somebody's key, or a participant of a room.
type who struct{ of, what string }

// Outcome is what is known of an operation in the end.
type Outcome int

// The outcomes. Unknown: it may have happened at any time since, or never.
const (
	Unknown Outcome = iota
	OK
	Refused
)

// Op is one sending of a command or an HTTP request, with what came of it.
type Op struct {
	*history.Invoke
	Outcome Outcome
	Ended   history.At // never, for an unknown outcome
	Pos     uint64
	Again   bool
	Code    string          // of a refusal
	Answer  json.RawMessage // of an ok or a refusal
	Last    history.Entry   // nil: still under way at the end
	about   target          // whom the request names
}

// never is the end of what did not end.
const never = history.At(math.MaxInt64)

// Conn is one connection, with what came over it.
type Conn struct {
	*history.Opened
	Hello  *history.Hello // nil: never answered ok
	Asked  *Op            // the hello
	Resume struct {       // what the hello asked for
		Epoch string
		Pos   uint64
	}
	Events  []*history.Event
	Signals []*history.Signal
	Closed  *history.Closed // nil: open to the end

	stood []standing // once asked for
}

// Log is a room's log in the store at the end.
type Log struct {
	Entries []*history.Logged
	byPos   map[uint64]*history.Logged
	byKey   map[who][]*history.Logged
}

type outage struct {
	*history.Fault
	until history.At
}

// NewRun puts a history in order.
func NewRun(h *history.History) *Run {
	r := &Run{h: h, Persons: map[string]*history.Person{}, Logs: map[string]*Log{},
		byKey: map[who][]*Op{}, byConn: map[history.Conn]*Conn{}, byRoom: map[string][]*Conn{}, byWhom: map[string][]*Op{}, byPart: map[who]*history.Person{}}
	ops, faults := map[history.Op]*Op{}, map[int]*outage{}
	for _, e := range h.Entries {
		r.End = max(r.End, e.Time())
		switch e := e.(type) {
		case *history.Begun:
			r.Began = e
		case *history.Person:
			r.meet(e)
		case *history.Invoke:
			ops[e.Op] = r.invoke(e)
		case *history.Ok:
			ops[e.Op].ok(e, e.At, e.Pos, e.Data)
			ops[e.Op].again(e)
		case *history.Hello:
			ops[e.Op].ok(e, e.At, e.Pos, nil)
			r.welcome(e, ops[e.Op])
		case *history.Fail:
			ops[e.Op].fail(e)
		case *history.Unknown:
			if o := ops[e.Op]; o != nil {
				o.Last = e
			}
		case *history.Opened:
			c := &Conn{Opened: e}
			r.Conns, r.byConn[e.Conn] = append(r.Conns, c), c
			r.byRoom[e.Room] = append(r.byRoom[e.Room], c)
		case *history.Logged:
			r.logOf(e.Room).add(e)
		case *history.Fault:
			r.fault(faults, e)
		case *history.Delayed:
			r.delays = append(r.delays, e)
		case *history.Left:
			r.left = append(r.left, e)
		default:
			r.receive(e)
		}
	}
	for _, l := range r.Logs {
		slices.SortStableFunc(l.Entries, func(a, b *history.Logged) int { return cmp.Compare(a.Pos, b.Pos) })
	}
	return r
}

func (r *Run) meet(p *history.Person) {
	r.Persons[p.Person] = p
	if p.Participant != "" {
		r.byPart[who{p.Room, p.Participant}] = p
	}
}

func (r *Run) invoke(e *history.Invoke) *Op {
	o := &Op{Invoke: e, Ended: never, about: read[target](e.Data)}
	r.Ops, r.byWhom[e.Person] = append(r.Ops, o), append(r.byWhom[e.Person], o)
	if e.Key != "" {
		k := who{e.Person, e.Key}
		r.byKey[k] = append(r.byKey[k], o)
	}
	return o
}

func (o *Op) ok(e history.Entry, at history.At, pos uint64, answer json.RawMessage) {
	if o != nil {
		o.Outcome, o.Ended, o.Pos, o.Answer, o.Last = OK, at, pos, answer, e
	}
}

func (o *Op) again(e *history.Ok) {
	if o != nil {
		o.Again = e.Again
	}
}

// fail notes a refusal. Of "unavailable" nobody knows whether it happened.
func (o *Op) fail(e *history.Fail) {
	if o == nil {
		return
	}
	o.Code, o.Answer, o.Last = e.Code, e.Data, e
	if e.Code != "unavailable" {
		o.Outcome, o.Ended = Refused, e.At
	}
}

func (r *Run) welcome(e *history.Hello, asked *Op) {
	c := r.byConn[e.Conn]
	if c == nil {
		return
	}
	c.Hello, c.Asked = e, asked
	if asked == nil {
		return
	}
	var hello struct {
		Resume *struct {
			Epoch string
			Pos   uint64
		}
	}
	if json.Unmarshal(asked.Data, &hello) == nil && hello.Resume != nil {
		c.Resume = *hello.Resume
	}
}

func (r *Run) receive(e history.Entry) {
	switch e := e.(type) {
	case *history.Event:
		if c := r.byConn[e.Conn]; c != nil {
			c.Events = append(c.Events, e)
		}
	case *history.Signal:
		if c := r.byConn[e.Conn]; c != nil {
			c.Signals = append(c.Signals, e)
		}
	case *history.Closed:
		if c := r.byConn[e.Conn]; c != nil {
			c.Closed = e
		}
	}
}

func (r *Run) fault(open map[int]*outage, e *history.Fault) {
	if e.On {
		o := &outage{e, never}
		r.faults, open[e.ID] = append(r.faults, o), o
	} else if o := open[e.ID]; o != nil {
		o.until = e.At
	}
}

func (r *Run) logOf(room string) *Log {
	if r.Logs[room] == nil {
		r.Logs[room] = &Log{byPos: map[uint64]*history.Logged{}, byKey: map[who][]*history.Logged{}}
	}
	return r.Logs[room]
}

func (l *Log) add(e *history.Logged) {
	l.Entries = append(l.Entries, e)
	l.byPos[e.Pos] = e
	if e.Key != "" {
		k := who{e.Participant, e.Key}
		l.byKey[k] = append(l.byKey[k], e)
	}
}

// At gives what is at a place; nil: nothing.
func (l *Log) At(pos uint64) *history.Logged {
	if l == nil {
		return nil
	}
	return l.byPos[pos]
}

// Kind gives the entries of a kind, in order.
func (l *Log) Kind(kinds ...string) []*history.Logged {
	if l == nil {
		return nil
	}
	var all []*history.Logged
	for _, e := range l.Entries {
		if slices.Contains(kinds, e.Kind) {
			all = append(all, e)
		}
	}
	return all
}

// participant is who a person of the rig is in the room.
func (r *Run) participant(person string) string {
	if p := r.Persons[person]; p != nil {
		return p.Participant
	}
	return ""
}

// made gives what an operation's key has made, in the end.
func (r *Run) made(o *Op) []*history.Logged {
	l := r.Logs[o.Room]
	if l == nil || o.Key == "" {
		return nil
	}
	return l.byKey[who{r.participant(o.Person), o.Key}]
}

// opsOf gives the sendings of an entry's key.
func (r *Run) opsOf(e *history.Logged) []*Op {
	p := r.byPart[who{e.Room, e.Participant}]
	if p == nil || e.Key == "" {
		return nil
	}
	return r.byKey[who{p.Person, e.Key}]
}

// recovery is how long after a fault something may still be on its mend.
const recovery = history.At(5 * time.Second)

// healthy says whether nothing of this was broken, or mending, at any moment
// of a time. Hits are as in history.Fault; "store" is broken with "store:a" for
// who asks for that alone.
func (r *Run) healthy(from, until history.At, hits ...string) bool {
	for _, f := range r.faults {
		if f.At > until || f.until != never && f.until+recovery < from {
			continue
		}
		if slices.ContainsFunc(f.Hits, func(h string) bool { return slices.Contains(hits, h) }) {
			return false
		}
	}
	return true
}

// reachable says whether an instance could do what it should for its clients.
func (r *Run) reachable(instance string, from, until history.At) bool {
	return r.healthy(from, until, "instance:"+instance, "path:"+instance, "store", "store:"+instance)
}

// wall is a time of the rig as unix milliseconds.
func (r *Run) wall(at history.At) int64 {
	if r.Began == nil {
		return 0
	}
	return r.Began.UnixMS + int64(at)/int64(time.Millisecond)
}

// rig is a time in unix milliseconds by the rig's clock.
func (r *Run) rig(ms int64) history.At {
	if r.Began == nil {
		return 0
	}
	return history.At((ms - r.Began.UnixMS) * int64(time.Millisecond))
}

// open says whether a connection was past its hello and not ended at any moment
// of a time.
func (c *Conn) open(from, until history.At) bool {
	return c.Hello != nil && c.Hello.At < from && (c.Closed == nil || c.Closed.At > until)
}

// seen gives when the connection was shown a place, or what lies behind it;
// never if it was not.
func (c *Conn) seen(pos uint64) history.At {
	i, _ := slices.BinarySearchFunc(c.Events, pos, func(e *history.Event, pos uint64) int { return cmp.Compare(e.Pos, pos) })
	if i == len(c.Events) {
		return never
	}
	return c.Events[i].At
}

// read reads some fields of a JSON object; what does not fit stays empty.
func read[T any](data json.RawMessage) (fields T) {
	_ = json.Unmarshal(data, &fields)
	return fields
}

// shown writes a time for people.
func shown(t history.At) string { return time.Duration(t).Round(time.Millisecond).String() }

// seconds is a number of seconds on the rig's clock.
func seconds(n float64) history.At { return history.At(n * float64(time.Second)) }
