package hub

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

const (
	maxQueue    = 8192             // operations waiting for one feed
	maxTurn     = 1024             // operations of one commit
	linger      = time.Minute      // how long an empty room stays live
	openTimeout = 30 * time.Second // for reading a room from the store
)

var errRoomClosed = errors.New("hub: live room has closed")

// liveRoom is one room on this instance: a replica that the feed moves
// forward, the sessions, and what they are shown.
type liveRoom struct {
	// set once
	hub     *Hub
	id      room.ID
	ctx     context.Context // ends with the room
	cancel  context.CancelFunc
	opened  chan struct{} // open has ended, openErr is set
	openErr error
	sub     broker.Subscription
	wake    chan struct{} // capacity 1: something waits for the feed
	done    chan struct{} // the feed and the fan-out have ended

	state    atomic.Pointer[room.State] // committed; replaced by the feed alone
	members  members
	fan      fanout
	tail     tail
	presence presence
	views    views
	looks    looks
	visits   visits
	sums     sums
	tallies  tallies
	lineup   lineup

	saving    saving
	confirmed atomic.Int64                  // since Hub.began, nanoseconds: the state was the store's then
	suspect   atomic.Bool                   // messages may have been lost
	degraded  atomic.Pointer[wire.Degraded] // what people were told; nil: nothing yet
	withholds atomic.Bool                   // a staff session's stream waits for the store

	// guarded by mu
	mu       sync.Mutex
	queue    []*op
	closed   bool
	lastUsed time.Time
	behind   room.Seq // a head seen elsewhere that the feed must catch up with

	// owned by feed
	archived room.Seq    // place of the last stored snapshot
	heeded   *room.Site  // the settings that who is here has been held to
	alarm    *time.Timer // the start
	alarmFor room.Millis
	judgedAt time.Time   // of the last commit, by the store's clock
	crowdAt  time.Time   // of the last turn of many hellos
	gathered *time.Timer // those who wait for others have waited long enough

	// owned by the sweep
	hostless time.Time                        // since when we see no host on any instance
	gone     map[room.ParticipantID]time.Time // since when nobody is here who may finish
}

func newLiveRoom(h *Hub, id room.ID) *liveRoom {
	ctx, cancel := context.WithCancel(context.Background())
	r := &liveRoom{hub: h, id: id, ctx: ctx, cancel: cancel, opened: make(chan struct{}), wake: make(chan struct{}, 1),
		done: make(chan struct{}), lastUsed: h.now()}
	r.fan.wake = make(chan struct{}, 1)
	r.presence.init(r)
	r.looks.room = r
	return r
}

// open subscribes first and then reads the log, so that nothing falls between.
func (r *liveRoom) open(create bool) {
	defer close(r.opened)
	if r.openErr = r.load(create); r.openErr != nil {
		r.surrender(r.openErr)
		r.hub.forget(r)
		r.mu.Lock()
		r.closed = true
		r.mu.Unlock()
		r.cancel()
		if r.sub != nil {
			_ = r.sub.Close()
		}
		close(r.done)
		return
	}
	var running sync.WaitGroup
	running.Go(r.feed)
	running.Go(r.runFanout)
	go func() {
		running.Wait()
		close(r.done)
	}()
}

func (r *liveRoom) load(create bool) (err error) {
	ctx, cancel := context.WithTimeout(r.ctx, openTimeout)
	defer cancel()
	if r.sub, err = r.hub.broker.Subscribe(ctx, topic(r.id)); err != nil {
		return fmt.Errorf("subscribe to room %s: %w", r.id, err)
	}
	if err := r.awaitSite(ctx); err != nil {
		return err
	}
	state, err := r.restore(ctx)
	if err != nil {
		return err
	}
	from, asked := state.Head, r.hub.since()
	for e, err := range r.hub.store.Since(ctx, r.id, from) {
		if err != nil {
			return fmt.Errorf("read the log of room %s after %d: %w", r.id, state.Head, err)
		}
		state.Fold(e)
		r.tail.add(e)
	}
	if state.Head == 0 && !create {
		return &room.Refusal{Code: room.CodeNotFound, Message: "There is no such room.", Final: true}
	}
	if err := r.fillTail(ctx, from); err != nil {
		return err
	}
	if state.Forgets() {
		r.tail.redact(state) // the log may not be redacted yet
	}
	r.keep(state)
	r.confirm(asked)
	r.gathered = time.NewTimer(0) // and at who has come meanwhile
	r.alarm = time.NewTimer(0)    // the feed's first round looks at the start
	return nil
}

// keep makes a state the committed one.
func (r *liveRoom) keep(state *room.State) {
	if r.id != room.SiteID {
		state.Under(r.hub.Site())
	}
	r.state.Store(state)
	if r.id == room.SiteID && state.Head > 0 {
		r.hub.learn(state)
	}
}

// restore starts from the stored snapshot if there is a good one.
func (r *liveRoom) restore(ctx context.Context) (*room.State, error) {
	seq, data, err := r.hub.store.Snapshot(ctx, r.id)
	if err != nil {
		return nil, fmt.Errorf("read the snapshot of room %s: %w", r.id, err)
	}
	if len(data) == 0 {
		return room.New(r.id), nil
	}
	state, err := room.Restore(r.id, data)
	if err != nil || state.Head != seq {
		r.hub.log.Warn("stored snapshot is of no use, replaying the log", "room", r.id, "seq", seq, "err", err)
		return room.New(r.id), nil
	}
	r.archived = seq
	return state, nil
}

// fillTail reads what resumes may ask for and the snapshot covers already.
func (r *liveRoom) fillTail(ctx context.Context, from room.Seq) error {
	if from == 0 || r.tail.len() >= wire.ResumeTail {
		return nil
	}
	var older []room.Event
	for e, err := range r.hub.store.Since(ctx, r.id, from-min(from, wire.ResumeTail)) {
		if err != nil {
			return fmt.Errorf("read the tail of room %s: %w", r.id, err)
		}
		if e.Seq > from {
			break
		}
		older = append(older, e)
	}
	r.tail.prepend(older)
	return nil
}

// enqueue hands operations to the feed: all or, with an error, none.
func (r *liveRoom) enqueue(ops ...*op) error {
	now := r.hub.now()
	for _, o := range ops {
		o.queued = now
	}
	r.mu.Lock()
	switch {
	case r.closed:
		r.mu.Unlock()
		return errRoomClosed
	case len(r.queue) >= maxQueue:
		r.mu.Unlock()
		return &room.Refusal{Code: room.CodeBusy, Message: "This room is very busy.", Retry: time.Second}
	}
	r.queue = append(r.queue, ops...)
	r.lastUsed = now
	r.mu.Unlock()
	r.poke()
	return nil
}

// poke wakes the feed.
func (r *liveRoom) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// await gives what came of an operation. A caller that gives up leaves the
// operation in the queue: it may still happen, as with any lost answer.
func (r *liveRoom) await(ctx context.Context, o *op) (outcome, error) {
	select {
	case out := <-o.done:
		return out, nil
	case <-ctx.Done():
		if o.session != nil {
			o.session.Leave()
		}
		return outcome{}, ctx.Err()
	case <-r.done:
		select {
		case out := <-o.done:
			return out, nil
		default:
			return outcome{}, ErrClosed
		}
	}
}

// close stops the feed and the fan-out.
func (r *liveRoom) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.hub.forget(r)
	r.cancel()
}

// idle says whether nobody has needed the room for a while.
func (r *liveRoom) idle(now time.Time) bool {
	for range r.state.Load().Finishing {
		return false // somebody's leaving is to be noted
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.id != room.SiteID && len(r.queue) == 0 && r.members.len() == 0 && r.looks.len() == 0 && r.visits.written() && now.Sub(r.lastUsed) > linger
}

func (r *liveRoom) queued() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queue)
}
