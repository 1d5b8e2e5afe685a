package hub

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

const (
	pulseEvery = 250 * time.Millisecond
	checkEvery = time.Second            // heads are checked, of all live rooms together
	checkQuick = 250 * time.Millisecond // of rooms that the broker does not serve now
	checkTime  = 2 * time.Second
	storeGrace = 2 * time.Second // unconfirmed for so long: people are told
	staffGrace = 3 * time.Second // and nothing more is shown to staff
)

// watchHeads finds what the broker has lost: each second for all live rooms,
// at once where something may be missing, and in quick succession where the
// broker is away. It starts in New and ends with Close.
func (h *Hub) watchHeads(ctx context.Context) {
	tick := time.NewTicker(checkQuick)
	defer tick.Stop()
	var last time.Time
	failing := false
	for {
		select {
		case <-tick.C:
		case <-h.suspects:
		case <-ctx.Done():
			return
		}
		now := h.now()
		all := now.Sub(last) >= checkEvery-checkQuick/2
		if all {
			last = now
		}
		rooms := h.uncertain(all)
		if len(rooms) == 0 {
			continue // nothing was asked, so nothing is known of the store
		}
		err := h.checkHeads(ctx, rooms)
		if failing != (err != nil) && ctx.Err() == nil {
			failing = err != nil
			h.log.Warn("heads of rooms checked against the store", "works", !failing, "err", err)
		}
	}
}

// uncertain gives the rooms whose heads are to be checked.
func (h *Hub) uncertain(all bool) (rooms []*liveRoom) {
	for _, r := range h.all() {
		if suspect := r.suspect.Swap(false); all || suspect || !r.sub.Sound() {
			rooms = append(rooms, r)
		}
	}
	return rooms
}

// checkHeads asks with one query where the logs of rooms end.
func (h *Hub) checkHeads(ctx context.Context, rooms []*liveRoom) error {
	ids := make([]room.ID, len(rooms))
	for i, r := range rooms {
		ids[i] = r.id
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	asked := h.since()
	heads, err := h.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if heads[r.id] > r.state.Load().Head && !deaf() {
			r.noticeHead(heads[r.id]) // the feed confirms it by reading
		} else {
			r.confirm(asked)
		}
	}
	return nil
}

// since is the time since New by a clock that nobody sets.
func (h *Hub) since() time.Duration { return h.now().Sub(h.began) }

// confirm notes that at a time the room's state was all that the store had.
func (r *liveRoom) confirm(at time.Duration) {
	for {
		was := r.confirmed.Load()
		if int64(at) <= was || r.confirmed.CompareAndSwap(was, int64(at)) {
			break
		}
	}
	if r.withholds.Load() && !r.stale() {
		r.fan.nudge()
	}
}

// unconfirmed is how long ago the state was last known to be the store's.
func (r *liveRoom) unconfirmed() time.Duration {
	return r.hub.since() - time.Duration(r.confirmed.Load())
}

// stale says that somebody may have lost their rights without our knowing.
func (r *liveRoom) stale() bool { return r.unconfirmed() > staffGrace }

// doubt has the head checked at once: messages may have been lost.
func (r *liveRoom) doubt() {
	r.suspect.Store(true)
	select {
	case r.hub.suspects <- struct{}{}:
	default:
	}
}

// pulse does what needs no store, for all rooms together: count people, resend
// the countdown, tell people what is degraded. It starts in New and ends with
// Close.
func (h *Hub) pulse(ctx context.Context) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for round := uint64(1); ; round++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		rooms, degraded := h.all(), 0
		for _, r := range rooms {
			if r.tellDegraded() && r.id != room.SiteID {
				degraded++
			}
		}
		h.metrics.degraded.Set(float64(degraded))
		if round%perSweep == 0 {
			h.tick(rooms, round/perSweep)
		}
	}
}

const perSweep = uint64(sweepEvery / pulseEvery)

// tick is what pulse does once a second; then it is the sweep's turn.
func (h *Hub) tick(rooms []*liveRoom, round uint64) {
	for _, r := range rooms {
		r.presence.tick(h.now())
		r.tellSums()
		r.tellLineup()
		r.countdown(round)
	}
	select {
	case h.counted <- struct{}{}:
	default: // still at the last one
	}
}

// degradation is what of a room works less well than it should.
func (r *liveRoom) degradation() wire.Degraded {
	long := r.unconfirmed()
	d := wire.Degraded{Store: long > storeGrace || r.unsaved(), Staff: long > staffGrace}
	d.On = d.Store || !r.sub.Sound()
	return d
}

// tellDegraded tells everybody if that has changed.
func (r *liveRoom) tellDegraded() bool {
	is := r.degradation()
	if was := r.degraded.Load(); was == nil && !is.On || was != nil && *was == is {
		return is.On
	}
	r.degraded.Store(new(is))
	r.presence.touch() // numbers are exact, or no longer
	for _, s := range r.members.all() {
		s.signal(degradedFrame(is, s.isStaff()))
	}
	return is.On
}

// degradedFrame says nothing of staff to others.
func degradedFrame(d wire.Degraded, toStaff bool) wire.Frame {
	d.Staff = d.Staff && toStaff
	return wire.NewFrame(wire.AppendSignal(nil, wire.SignalDegraded, wire.Encode(d)))
}
