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

// sweep opens the site's log, and then does once a second, for all rooms
// together, what would otherwise need a timer each: open doors, find missed
// events, count people, resend the countdown, put empty rooms to sleep. It
// starts in New and ends with Close.
func (h *Hub) sweep(ctx context.Context) {
	defer close(h.stopped)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	h.needSite(ctx)
	for round := uint64(0); ; round++ {
		select {
		case <-tick.C:
			h.sweepOnce(ctx, round)
		case <-ctx.Done():
			return
		}
	}
}

func (h *Hub) sweepOnce(ctx context.Context, round uint64) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	h.readClock(ctx)
	if h.needSite(ctx) {
		h.openDue(ctx)
	}
	rooms := h.all()
	h.checkHeads(ctx, rooms)
	now := h.now()
	sessions := 0
	for _, r := range rooms {
		r.presence.tick(now)
		r.tellSums()
		r.endFinished(now)
	}
	h.putAttendance(ctx, rooms)
	h.passTouches(ctx)
	for _, r := range rooms {
		r.looks.tick(h.Now())
		r.countdown(round)
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

// openDue wakes the feeds of rooms whose start has come, where nobody is
// connected too.
func (h *Hub) openDue(ctx context.Context) {
	due, err := h.store.Due(ctx)
	if err != nil {
		h.log.Warn("cannot look for due rooms", "err", err)
		return
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

// checkHeads finds what the broker has lost: one query for all live rooms.
func (h *Hub) checkHeads(ctx context.Context, rooms []*liveRoom) {
	if len(rooms) == 0 {
		return
	}
	ids := make([]room.ID, len(rooms))
	for i, r := range rooms {
		ids[i] = r.id
	}
	heads, err := h.store.Heads(ctx, ids)
	if err != nil {
		h.log.Warn("cannot check heads", "err", err)
		return
	}
	for _, r := range rooms {
		if heads[r.id] > r.state.Load().Head {
			r.noticeHead(heads[r.id])
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
