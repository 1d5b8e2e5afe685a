package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Room is one person in one room: a connection that comes back by itself, and
// what is known of the room. It is safe for concurrent use.
type Room struct {
	// Set once.
	client *Client
	id     room.ID
	o      options
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	done   chan struct{} // closed when run has returned

	// Owned by run (and by Join before it).
	attempt int // step of the back-off
	since   time.Time

	mu      sync.Mutex // guards what follows; after conn.wmu
	mirror  room.Mirror
	limits  room.Limits
	place   wire.Resume // where to go on after a loss
	head    room.Seq    // of the last hello; place may lag until the missed events have come
	conn    *conn       // nil while away
	calls   []*call     // unanswered, oldest first
	subs    []*subscription
	changed chan struct{} // closed at the next change of the mirror; nil: nobody waits
	clock   clock
	err     error
}

func newRoom(c *Client, id room.ID, o options) *Room {
	ctx, cancel := context.WithCancel(context.Background())
	return &Room{client: c, id: id, o: o, ctx: ctx, cancel: cancel, done: make(chan struct{}), clock: newClock(time.Now())}
}

// ID is the room's id.
func (r *Room) ID() room.ID { return r.id }

// Read shows what is known of the room to f, between two frames of the server.
// Only f's call may use the mirror; copy what is to be kept. Events wait
// meanwhile, so be quick, and ask no commands there.
func (r *Room) Read(f func(*room.Mirror)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.mirror)
}

// Phase is where this person stands: countdown, lobby, live or over.
func (r *Room) Phase() room.Phase {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mirror.Phase
}

// You is everything personal: name, role, rights.
func (r *Room) You() room.You {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mirror.You
}

// Limits are those that the server told at hello.
func (r *Room) Limits() room.Limits {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.limits
}

// Until waits until the mirror fulfils a condition, which is asked under lock
// as in [Room.Read], first at once and then after every frame. The error is
// ctx's, or says why the room ended.
func (r *Room) Until(ctx context.Context, fulfilled func(*room.Mirror) bool) error {
	for {
		r.mu.Lock()
		if fulfilled(&r.mirror) {
			r.mu.Unlock()
			return nil
		}
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-r.done:
			return r.Err()
		}
	}
}

// Done is closed when the room has ended for this person.
func (r *Room) Done() <-chan struct{} { return r.done }

// Err says why the room ended: a *Closed or an *Error from the server,
// [ErrLeft] after Close, nil while it lasts.
func (r *Room) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Close leaves the room and waits until everything of it is gone; at most a
// second, for the server's goodbye. Not from a handler ([WithHandler]).
func (r *Room) Close() {
	r.cancel()
	r.mu.Lock()
	c := r.conn
	r.mu.Unlock()
	if c != nil {
		impatient := time.AfterFunc(time.Second, func() { _ = c.nc.Close() })
		defer impatient.Stop()
		c.farewell(closeNormal, "")
	}
	<-r.done
}

// errNonsense says that a frame cannot be understood: all is asked anew.
var errNonsense = errors.New("client: a frame of the server makes no sense")

// take takes in one frame: first all of it into the mirror under one lock,
// then whoever wants to know is told.
func (r *Room) take(c *conn, text []byte) error {
	if r.o.weigh != nil {
		r.o.weigh(r, len(text))
	}
	var few [4]wire.Message
	read := parse
	if r.o.lean && len(text) >= worthSharing {
		read = alike.parse
	}
	batch, err := read(few[:0], text)
	if err != nil {
		return errors.Join(errNonsense, err)
	}
	todo, err := r.fold(c, batch)
	if err != nil {
		return err
	}
	for _, m := range batch {
		if err := r.pass(c, m, todo); err != nil {
			return err
		}
	}
	if todo.greeted {
		r.sendAgain()
	}
	if todo.measure {
		r.sendSample()
	}
	return nil
}

// next is what a frame asks for beyond being taken in.
type next struct {
	greeted bool // hello was answered
	back    bool // not for the first time
	fresh   bool // by a snapshot
	measure bool // the server's clock
}

func (r *Room) fold(c *conn, batch []wire.Message) (todo next, err error) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.ready && r.clock.slept(now) {
		todo.measure = r.remeasure()
	}
	for _, m := range batch {
		switch {
		case m.Event != "":
			err = r.foldEvent(m)
		case m.Signal != "":
			var off bool
			off, err = r.foldSignal(c, m, now)
			todo.measure = todo.measure || off && r.remeasure()
		case m.Re == 1 && !c.ready:
			todo, err = r.foldHello(c, m, now)
		case m.Re != 0:
			todo.measure = r.foldReply(c, m, now) || todo.measure
		case m.Ping != 0:
			off := r.clock.tell(m.Ping, now)
			todo.measure = todo.measure || off && r.remeasure()
		}
		if err != nil {
			return todo, errors.Join(errNonsense, err)
		}
	}
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
	return todo, nil
}

// contents are the events that concern messages and lists only.
var contents = map[string]bool{"chat.posted": true, "chat.liked": true, "chat.deleted": true, "backchannel.posted": true, "stage.changed": true}

func (r *Room) foldEvent(m wire.Message) error {
	r.place.Pos = max(r.place.Pos, m.Pos)
	if r.o.lean && contents[m.Event] {
		r.mirror.Pos = max(r.mirror.Pos, m.Pos)
	} else if err := r.mirror.Event(m.Event, m.Pos, m.At, m.Data); err != nil {
		return err
	}
	r.forgetContents()
	r.publish(Event{Name: m.Event, Pos: m.Pos, At: m.At, Data: m.Data})
	return nil
}

func (r *Room) forgetContents() {
	if r.o.lean {
		r.mirror.Stage, r.mirror.Chat, r.mirror.Backchannel, r.mirror.Here = nil, room.Messages{}, nil, nil
	}
}

func (r *Room) foldSignal(c *conn, m wire.Message, now time.Time) (clockIsOff bool, err error) {
	switch m.Signal {
	case wire.SignalDrain:
		var d wire.Drain
		err = json.Unmarshal(m.Data, &d)
		c.drainBy = now.Add(min(time.Duration(d.AfterMS)*time.Millisecond, maxBackoff))
	case wire.SignalCountdown:
		var d wire.Countdown
		if err = json.Unmarshal(m.Data, &d); d.Now != 0 {
			clockIsOff = r.clock.tell(int64(d.Now), now)
		}
	default:
		if !r.o.lean {
			err = r.mirror.Signal(m.Signal, m.Data)
		}
	}
	if err != nil {
		return false, fmt.Errorf("signal %s: %w", m.Signal, err)
	}
	r.publish(Event{Name: m.Signal, Signal: true, Data: m.Data})
	return clockIsOff, nil
}

// foldHello takes in the answer to hello. A refusal is kept: the close frame
// that follows says what it means for us.
func (r *Room) foldHello(c *conn, m wire.Message, now time.Time) (next, error) {
	if m.Err != nil {
		c.refusal = (*Error)(m.Err)
		return next{}, nil
	}
	w, err := r.welcome(m.OK)
	if err != nil {
		return next{}, fmt.Errorf("hello: %w", err)
	}
	back := r.head != 0 || r.place.Epoch != ""
	fresh := w.Mode != "resumed"
	if fresh {
		r.place = wire.Resume{Epoch: w.Epoch, Pos: w.Pos}
	}
	r.head, r.limits = w.Pos, w.Limits
	r.mirror.Hello(w)
	r.forgetContents()
	r.conn, c.ready, r.since = c, true, now
	r.clock.told(int64(w.Now), now)
	if back {
		r.publish(Event{Name: Back})
	}
	if fresh {
		r.publish(Event{Name: Fresh, Pos: w.Pos})
	}
	return next{greeted: true, back: back, fresh: fresh, measure: r.remeasure()}, nil
}

// welcome decodes the ok of hello; for a lean mirror without its contents,
// which are most of it.
func (r *Room) welcome(ok json.RawMessage) (room.Welcome, error) {
	if !r.o.lean {
		var w room.Welcome
		err := json.Unmarshal(ok, &w)
		return w, err
	}
	var lean struct {
		room.Welcome
		Snapshot *struct {
			Room room.RoomView `json:"room"`
		} `json:"snapshot"`
	}
	if err := json.Unmarshal(ok, &lean); err != nil {
		return room.Welcome{}, err
	}
	if lean.Snapshot != nil {
		lean.Welcome.Snapshot = &room.Snapshot{Room: lean.Snapshot.Room}
	}
	return lean.Welcome, nil
}

// foldReply hands an answer on; true if it was about the clock and another
// question is to follow.
func (r *Room) foldReply(c *conn, m wire.Message, now time.Time) (another bool) {
	// Commands are answered after hello is done with: by now all missed events
	// have come, and the place may move to the head of then.
	r.place.Pos = max(r.place.Pos, r.head)
	if m.Err != nil {
		c.refusal = (*Error)(m.Err)
	}
	k := r.answered(c, m)
	if k == nil || k.reply != nil || r.clock.asked == 0 {
		return false
	}
	s, fits := sampleOf(k.left, r.clock.local(now), m.OK)
	if !fits {
		r.clock.asked = 0 // refused: what was told must do
		return false
	}
	return !r.clock.take(s)
}

// remeasure begins to measure the clock, unless that is under way or unwanted.
func (r *Room) remeasure() bool { return !r.o.noClock && r.clock.asked == 0 }

// sendSample asks for the server's time once more.
func (r *Room) sendSample() {
	now := time.Now()
	r.mu.Lock()
	r.clock.asked++
	k := &call{left: r.clock.local(now)}
	k.command = wire.Time{T0: k.left}
	r.calls = append(r.calls, k)
	r.mu.Unlock()
	r.send(k)
}

// pass answers pings and tells the handler.
func (r *Room) pass(c *conn, m wire.Message, todo next) error {
	switch {
	case m.Ping != 0:
		return c.write(opText, append(strconv.AppendInt([]byte(`{"pong":`), m.Ping, 10), '}'))
	case m.Event != "":
		r.tell(Event{Name: m.Event, Pos: m.Pos, At: m.At, Data: m.Data})
	case m.Signal != "":
		r.tell(Event{Name: m.Signal, Signal: true, Data: m.Data})
	case m.Re == 1 && todo.back:
		r.tell(Event{Name: Back})
	}
	if m.Re == 1 && todo.fresh {
		r.tell(Event{Name: Fresh, Pos: r.head})
	}
	return nil
}

func (r *Room) tell(ev Event) {
	if r.o.handler != nil {
		r.o.handler(r, ev)
	}
}
