package hub

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

const (
	sweepEvery     = time.Second
	countdownEvery = 30 // sweeps; spread over the connections
	lastCall       = 10 * time.Second
)

// sweep opens the site's log, and then does once a second, when pulse has
// counted people, for all rooms together what needs the store and would otherwise need a timer each: read
// its clock, open doors, write who came, put empty rooms to sleep. It starts in
// New and ends with Close.
func (h *Hub) sweep(ctx context.Context) {
	h.needSite(ctx)
	for {
		select {
		case <-h.counted:
			h.sweepOnce(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (h *Hub) sweepOnce(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	h.probe(ctx)
	rooms := h.all()
	h.putAttendance(ctx, rooms) // what has just been counted is soon written
	h.readClock(ctx)
	if h.needSite(ctx) {
		h.openDue(ctx)
	}
	rooms = h.all()
	now := h.now()
	sessions := 0
	for _, r := range rooms {
		r.endFinished(now)
		r.attend(now)
		r.tally(ctx)
	}
	h.passTouches(ctx)
	for _, r := range rooms {
		r.looks.tick(h.Now())
		sessions += r.members.len()
		if r.idle(now) {
			r.close()
		}
	}
	h.metrics.sessions.Set(float64(sessions))
}

// readClock asks for the store's clock. What it tells was so at some moment
// between question and answer, which may be far apart on a busy machine: the
// offset that we know stays as long as that allows it, and is never taken for
// more than it surely is. A clock that runs ahead of the store's would come to
// the door before it may open.
func (h *Hub) readClock(ctx context.Context) {
	before := h.now()
	now, err := h.store.Now(ctx)
	if err != nil {
		return
	}
	least, most := now.Sub(h.now()), now.Sub(before)
	if known := time.Duration(h.offset.Load()); known < least || known > most {
		h.offset.Store(int64(least))
	}
}

// openDue wakes the feeds of rooms where something is due, above all the start,
// where nobody is connected too.
func (h *Hub) openDue(ctx context.Context) {
	due, err := h.store.Due(ctx)
	if blind := err != nil; blind != h.blind {
		h.blind = blind
		h.log.Warn("rooms that are due looked for in the store", "works", !blind, "err", err)
	}
	for _, id := range due {
		r, err := h.live(ctx, id, false)
		if err == nil {
			err = r.enqueue(&op{done: make(chan outcome, 1)})
		}
		if err != nil {
			h.log.Warn("cannot open a due room", "room", id, "err", err)
		}
	}
}

func countdownFrame(s *room.State, now room.Millis) wire.Frame {
	return wire.NewFrame(wire.AppendSignal(nil, wire.SignalCountdown, wire.Encode(wire.Countdown{StartsAt: s.StartsAt, Now: now})))
}

// countdown reminds a thirtieth of the waiting of the server's clock, and
// everybody once at ten seconds before the start.
func (r *liveRoom) countdown(round uint64) {
	s := r.state.Load()
	if s.Status != room.StatusScheduled {
		return
	}
	all := r.members.all()
	left := time.UnixMilli(int64(s.StartsAt)).Sub(r.hub.Now())
	if left > lastCall-sweepEvery && left <= lastCall {
		r.sendCountdown(all)
		return
	}
	var turn []*Session
	for _, m := range all {
		if m.slot%countdownEvery == round%countdownEvery {
			turn = append(turn, m)
		}
	}
	r.sendCountdown(turn)
}

func (r *liveRoom) sendCountdown(to []*Session) {
	s := r.state.Load()
	if len(to) == 0 || s.Status != room.StatusScheduled {
		return
	}
	frame := countdownFrame(s, room.Millis(r.hub.Now().UnixMilli()))
	for _, m := range to {
		m.signal(frame)
	}
}
