package hub

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// Config is everything a hub needs. All fields but Now are required.
type Config struct {
	Store    store.Store
	Broker   broker.Broker
	Epoch    string // stands behind each room's own; another one when a backup was restored, whose places are not those of before
	Instance string // unique among the instances that share the store
	Log      *slog.Logger
	Metrics  *Metrics
	Now      func() time.Time // this machine's clock, for measuring; nil: time.Now
}

// Conn is the connection of a session. Neither call may block.
type Conn interface {
	// Send queues one whole WebSocket frame (wire.Frame), or several behind
	// each other. An error means that the connection is ending.
	Send(frames []byte) error
	// Close sends a close frame behind what is queued and ends.
	Close(code int, reason string)
}

// Hub runs the rooms that are live on this instance.
type Hub struct {
	// set once
	store    store.Store
	broker   broker.Broker
	epoch    string
	instance string
	log      *slog.Logger
	metrics  *Metrics
	now      func() time.Time
	ctx      context.Context // ends with Close
	stop     context.CancelFunc
	began    time.Time
	loops    sync.WaitGroup // sweep, pulse and watchHeads
	suspects chan struct{}  // capacity 1: the head of some room is to be checked at once
	counted  chan struct{}  // capacity 1: people have been counted, it is the sweep's turn

	offset    atomic.Int64              // store's clock minus ours, nanoseconds
	site      atomic.Pointer[room.Site] // stored by the feed of room.SiteID
	siteKnown chan struct{}             // closed by sited when site is what the log says
	sited     sync.Once
	told      atomic.Pointer[toldSite]

	doubted    atomic.Bool // the store has refused a write since the last probe
	unwritable atomic.Bool // it took nothing from the last one

	// owned by sweep
	alive   time.Time // when the store was last told that this instance runs
	blind   bool      // the last look for due rooms failed
	crowded time.Time // when the comings and goings of a crowd were last written
	unheard bool      // the last try to tell that failed

	// guarded by mu
	mu      sync.Mutex
	rooms   map[room.ID]*liveRoom
	closed  bool
	touched map[room.ID][]room.InvitationID // since the last sweep
	newer   map[room.ID]time.Time           // logs of a newer release, and when to try them again
	leaving sync.WaitGroup                  // the drains of rooms that were given away
}

// ErrClosed answers calls on a hub that has been closed.
var ErrClosed = errors.New("hub: closed")

// New starts a hub. Close ends it.
func New(c Config) *Hub {
	if c.Now == nil {
		c.Now = time.Now
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &Hub{store: c.Store, broker: c.Broker, epoch: c.Epoch, instance: c.Instance, log: c.Log, metrics: c.Metrics, now: c.Now,
		ctx: ctx, stop: stop, began: c.Now(), suspects: make(chan struct{}, 1), counted: make(chan struct{}, 1), siteKnown: make(chan struct{}),
		rooms: map[room.ID]*liveRoom{}, newer: map[room.ID]time.Time{}}
	h.site.Store(room.DefaultSite())
	for _, loop := range []func(context.Context){h.sweep, h.pulse, h.watchHeads} {
		h.loops.Go(func() { loop(ctx) })
	}
	return h
}

// Now is the system's clock, the store's, as this hub knows it.
func (h *Hub) Now() time.Time { return h.now().Add(time.Duration(h.offset.Load())) }

// epochOf is the epoch of a room's places, as people are told it.
func (h *Hub) epochOf(s *room.State) string { return s.Epoch + h.epoch }

// Result is what a command by HTTP did. Events is empty if it was so already.
type Result struct {
	Events []room.Event
	State  *room.State // after it; for reading
}

// Do judges a command of somebody who is not connected. rows may be nil; it
// gives what is written in the same transaction as the events and may be
// called more than once. The error is a *room.Refusal, or the store's.
func (h *Hub) Do(ctx context.Context, id room.ID, by room.Actor, c room.Command, rows func([]room.Event) []store.Row) (Result, error) {
	_, create := c.(room.CreateRoom)
	out, err := h.submit(ctx, id, create, &op{actor: by, command: c, rows: rows})
	if err != nil {
		return Result{}, err
	}
	if create && out.err != nil {
		h.closeEmpty(id)
	}
	return Result{out.events, out.state}, out.err
}

// closeEmpty ends a live room that was opened for a creation that was refused.
// It would linger, and whoever asks for nonsense would fill the memory.
func (h *Hub) closeEmpty(id room.ID) {
	h.mu.Lock()
	r := h.rooms[id]
	h.mu.Unlock()
	if r == nil {
		return
	}
	if s := r.state.Load(); s != nil && s.Head == 0 {
		r.close()
	}
}

// State gives a room as the store has it at a moment after the call began.
func (h *Hub) State(ctx context.Context, id room.ID) (*room.State, error) {
	out, err := h.submit(ctx, id, false, &op{})
	if err != nil {
		return nil, err
	}
	return out.state, out.err
}

// Count tells who is here, on this and on the other instances.
func (h *Hub) Count(id room.ID) room.Count {
	h.mu.Lock()
	r := h.rooms[id]
	h.mu.Unlock()
	if r == nil {
		return room.Count{}
	}
	return r.presence.count()
}

// Here says whether somebody is connected to a room: to this instance, or if on
// stage to any.
func (h *Hub) Here(id room.ID, p room.ParticipantID) bool {
	h.mu.Lock()
	r := h.rooms[id]
	h.mu.Unlock()
	return r != nil && (len(r.members.of(p)) > 0 || r.presence.here()[p])
}

// Join lets a connection in, or refuses it. It answers the hello on the
// connection itself. The error is a *room.Refusal, which the caller tells and
// closes for, or the store's.
func (h *Hub) Join(ctx context.Context, j Join) (*Session, error) {
	s := newSession(j, h.now())
	out, err := h.submit(ctx, j.Room, false, &op{actor: j.Actor, command: room.Enter{}, session: s})
	switch {
	case err != nil:
		return nil, err
	case errors.Is(out.err, errTooManyTabs):
		return nil, s.turnAway(j.ReplyTo)
	case out.err != nil:
		return nil, out.err
	}
	s.welcome(out.state, j)
	return s, nil
}

// submit hands an operation to the room's feed and waits for what came of it.
func (h *Hub) submit(ctx context.Context, id room.ID, create bool, o *op) (outcome, error) {
	o.done = make(chan outcome, 1)
	for {
		r, err := h.live(ctx, id, create)
		if err != nil {
			return outcome{}, err
		}
		switch err := r.enqueue(o); {
		case errors.Is(err, errRoomClosed):
			continue // it fell asleep between our two steps
		case err != nil:
			return outcome{}, err
		}
		return r.await(ctx, o)
	}
}

// live finds the live room, or opens it.
func (h *Hub) live(ctx context.Context, id room.ID, create bool) (*liveRoom, error) {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil, ErrClosed
	}
	if h.surrendered(id) {
		h.mu.Unlock()
		return nil, ErrNewerRelease
	}
	r, ok := h.rooms[id]
	if !ok {
		r = newLiveRoom(h, id)
		h.rooms[id] = r
		h.countRooms()
	}
	h.mu.Unlock()
	if !ok {
		r.open(create || id == room.SiteID)
	}
	select {
	case <-r.opened:
		return r, r.openErr
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// forget takes a room out of the live ones.
func (h *Hub) forget(r *liveRoom) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rooms[r.id] == r {
		delete(h.rooms, r.id)
	}
	h.countRooms()
}

// countRooms tells how many rooms are live; the site is none. The caller holds mu.
func (h *Hub) countRooms() {
	n := len(h.rooms)
	if h.rooms[room.SiteID] != nil {
		n--
	}
	h.metrics.rooms.Set(float64(n))
}

// all lists the live rooms that have opened.
func (h *Hub) all() []*liveRoom {
	h.mu.Lock()
	defer h.mu.Unlock()
	rooms := make([]*liveRoom, 0, len(h.rooms))
	for _, r := range h.rooms {
		select {
		case <-r.opened:
			if r.openErr == nil {
				rooms = append(rooms, r)
			}
		default:
		}
	}
	return rooms
}

// EndWebSession closes the sockets that are bound to a web session.
func (h *Hub) EndWebSession(session room.Hash) {
	for _, r := range h.all() {
		for _, s := range r.members.all() {
			if s.Actor().Session == session {
				s.end(wire.CloseNotAuthenticated)
			}
		}
		r.looks.endIf(wire.CloseNotAuthenticated, func(l *Look) bool { return l.actor.Session == session })
	}
}

// Close ends every session and feed. Call Drain first to be kind.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.stop()
	h.loops.Wait()
	h.leaveAll(ctx)
	for _, r := range h.all() {
		for _, s := range r.members.all() {
			s.end(wire.CloseDrain)
		}
		r.looks.endIf(wire.CloseDrain, everyLook)
		r.presence.farewell()
		r.close()
		select {
		case <-r.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	h.leaving.Wait()
	return nil
}
