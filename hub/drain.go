package hub

import (
	"cmp"
	"context"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Drain asks every client to come back, elsewhere or later, and closes the
// connections one after another over the given time, so that they do not all
// return at once. Nobody new should be let in meanwhile. It returns early with
// the context's error.
func (h *Hub) Drain(ctx context.Context, over time.Duration) error {
	var sessions []*Session
	for _, r := range h.all() {
		sessions = append(sessions, r.members.all()...)
		r.looks.endIf(wire.CloseDrain, everyLook)
	}
	return h.drain(ctx, sessions, over)
}

// drain closes sessions over a time. When ctx ends it closes the rest at once.
func (h *Hub) drain(ctx context.Context, sessions []*Session, over time.Duration) error {
	sessions = slices.SortedFunc(slices.Values(sessions), func(a, b *Session) int { return cmp.Compare(a.slot, b.slot) })
	began := h.now()
	for i, s := range sessions {
		s.signal(wire.NewFrame(wire.AppendSignal(nil, wire.SignalDrain, wire.Encode(wire.Drain{AfterMS: drainAt(i, len(sessions), over).Milliseconds()}))))
	}
	for i, s := range sessions {
		if err := pause(ctx, drainAt(i, len(sessions), over)-h.now().Sub(began)); err != nil {
			return err
		}
		s.end(wire.CloseDrain)
	}
	return nil
}

func drainAt(i, n int, over time.Duration) time.Duration {
	return over * time.Duration(i) / time.Duration(n)
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// RoomStatus is a live room on the debug page.
type RoomStatus struct {
	ID       room.ID
	Title    string
	Status   room.Status
	Head     room.Seq
	Behind   room.Seq // a head seen elsewhere; above Head while catching up
	Archived room.Seq // place of the last stored snapshot
	Sessions int
	Count    room.Count
	Queued   int  // commands waiting for the feed
	Pending  int  // commits not yet shown to everybody
	Tail     int  // events kept for resumes
	Degraded bool // the broker or the store does not serve it now
}

// Rooms lists what is live here, by id.
func (h *Hub) Rooms() []RoomStatus {
	var all []RoomStatus
	for _, r := range h.all() {
		if r.id == room.SiteID {
			continue
		}
		s := r.state.Load()
		r.mu.Lock()
		behind := r.behind
		r.mu.Unlock()
		all = append(all, RoomStatus{ID: r.id, Title: s.Title, Status: s.Status, Head: s.Head, Behind: behind,
			Sessions: r.members.len(), Count: r.presence.count(), Queued: r.queued(), Pending: r.fan.len(), Tail: r.tail.len(), Degraded: r.degradation().On})
	}
	slices.SortFunc(all, func(a, b RoomStatus) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
