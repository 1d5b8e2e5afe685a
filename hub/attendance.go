package hub

import (
	"context"
	"sync"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// maxAttendance bounds what one sweep writes: after a door has opened for many,
// their coming is written by and by, and nobody waits for it.
const maxAttendance = 2000

// visits is who came in or left since it was last written. It is no event:
// the sweep writes rows, of all rooms in one transaction.
type visits struct {
	// guarded by mu
	mu  sync.Mutex
	due map[room.ParticipantID]store.Attendance
}

// compare notes what has changed between two looks at the sessions.
func (r *liveRoom) compare(was, is map[room.ParticipantID]seat) {
	now := room.Millis(r.hub.Now().UnixMilli())
	for id, seat := range is {
		if seat.inside() != was[id].inside() {
			r.visits.note(r.attendance(id, now, seat.inside()))
		}
		if old, here := was[id]; !here || old != seat {
			r.looks.stirred(id)
		}
	}
	for id, old := range was {
		if _, stays := is[id]; stays {
			continue
		}
		if old.inside() {
			r.visits.note(r.attendance(id, now, false))
		}
		r.looks.stirred(id)
	}
}

func (r *liveRoom) attendance(id room.ParticipantID, at room.Millis, inside bool) store.Attendance {
	return store.Attendance{Room: r.id, Participant: id, Instance: r.hub.instance, At: at, Inside: inside}
}

func (v *visits) note(a store.Attendance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.due == nil {
		v.due = map[room.ParticipantID]store.Attendance{}
	}
	v.due[a.Participant] = a
}

func (v *visits) take(most int) (all []store.Attendance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id, a := range v.due {
		if len(all) == most {
			break
		}
		all = append(all, a)
		delete(v.due, id)
	}
	return all
}

// again puts back what could not be written, unless there is newer.
func (v *visits) again(a store.Attendance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, newer := v.due[a.Participant]; !newer {
		v.due[a.Participant] = a
	}
}

// putAttendance writes who came and left.
func (h *Hub) putAttendance(ctx context.Context, rooms []*liveRoom) {
	var all []store.Attendance
	of := map[room.ID]*liveRoom{}
	for _, r := range rooms {
		all = append(all, r.visits.take(maxAttendance-len(all))...)
		of[r.id] = r
	}
	if len(all) == 0 {
		return
	}
	if err := h.store.PutAttendance(ctx, all); err != nil {
		h.log.Warn("who came and left is not written yet", "people", len(all), "err", err)
		for _, a := range all {
			of[a.Room].visits.again(a)
		}
	}
}

// leaveAll writes that everybody here leaves, when the hub closes.
func (h *Hub) leaveAll(ctx context.Context) {
	rooms := h.all()
	for _, r := range rooms {
		r.compare(r.presence.nobody(), nil)
	}
	for _, r := range rooms {
		for all := r.visits.take(maxAttendance); len(all) > 0; all = r.visits.take(maxAttendance) {
			if err := h.store.PutAttendance(ctx, all); err != nil {
				h.log.Warn("who left is not written", "room", r.id, "people", len(all), "err", err)
				return
			}
		}
	}
}

// nobody forgets who was here.
func (p *presence) nobody() map[room.ParticipantID]seat {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.seated
	p.seated, p.seats = nil, nil
	return was
}
