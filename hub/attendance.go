package hub

import (
	"context"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// maxAttendance bounds what one sweep writes: after a door has opened for many,
// their coming is written by and by, and nobody waits for it. When so many come
// that it is a crowd, a few seconds of them are written together; what a kill
// loses of it is less than aliveEvery.
const (
	maxAttendance = 4096
	crowd         = 256
	crowdRest     = 4 * time.Second
)

// maxDue bounds what is kept of one person while the store is away: of more
// comings and goings the last one takes the place of the one before.
const maxDue = 8

// aliveEvery is how often an instance tells the store that it runs. As long is
// the error of a visit whose instance was killed.
const aliveEvery = 10 * time.Second

// visits is who came, waited or left since it was last written, and how many
// reactions there were. It is no event: the sweep writes rows, of all rooms in
// one transaction.
type visits struct {
	// guarded by mu
	mu      sync.Mutex
	due     map[room.ParticipantID][]store.Attendance // in the order of happening
	reacted map[room.Millis]int                       // by minute
}

// compare notes what has changed between two looks at the sessions.
func (r *liveRoom) compare(was, is map[room.ParticipantID]seat) {
	now := room.Millis(r.hub.Now().UnixMilli())
	for id, seat := range is {
		if before, here := was[id]; !here || seat.inside() != before.inside() || seat.waits() != before.waits() {
			r.visits.note(r.attendance(id, now, seat))
		}
		if old, here := was[id]; !here || old != seat {
			r.looks.stirred(id)
		}
	}
	for id := range was {
		if _, stays := is[id]; !stays {
			r.visits.note(r.attendance(id, now, nowhere))
			r.looks.stirred(id)
		}
	}
}

// nowhere is where somebody is who has left.
var nowhere = seat{phase: room.PhaseOver}

func (r *liveRoom) attendance(id room.ParticipantID, at room.Millis, there seat) store.Attendance {
	return store.Attendance{Room: r.id, Participant: id, Instance: r.hub.instance, At: at, Inside: there.inside(), Waiting: there.waits()}
}

// resay notes again where everybody is: the store has thought us dead.
func (r *liveRoom) resay() {
	now := room.Millis(r.hub.Now().UnixMilli())
	r.presence.mu.Lock()
	seated := r.presence.seated
	r.presence.mu.Unlock()
	for id, seat := range seated {
		r.visits.note(r.attendance(id, now, seat))
	}
}

func (v *visits) note(a store.Attendance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.noteLocked(a)
}

func (v *visits) noteLocked(a store.Attendance) {
	if v.due == nil {
		v.due = map[room.ParticipantID][]store.Attendance{}
	}
	due := v.due[a.Participant]
	if len(due) == maxDue {
		due = due[:maxDue-1]
	}
	v.due[a.Participant] = append(due, a)
}

func (v *visits) take(most int) (all []store.Attendance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id, due := range v.due {
		if len(all)+len(due) > most {
			break
		}
		all = append(all, due...)
		delete(v.due, id)
	}
	return all
}

// again puts back what could not be written, before what is newer.
func (v *visits) again(all []store.Attendance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	newer := v.due
	v.due = nil
	for _, a := range all {
		v.noteLocked(a)
	}
	for _, due := range newer {
		for _, a := range due {
			v.noteLocked(a)
		}
	}
}

// written says whether nothing waits to be written.
func (v *visits) written() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.due)+len(v.reacted) == 0
}

// react counts reactions into their minute.
func (v *visits) react(at room.Millis, n int) {
	const minute = 60_000
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.reacted == nil {
		v.reacted = map[room.Millis]int{}
	}
	v.reacted[at-at%minute] += n
}

func (v *visits) takeReactions(id room.ID) (all []store.Reactions) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for minute, n := range v.reacted {
		all = append(all, store.Reactions{Room: id, Minute: minute, N: n})
	}
	v.reacted = nil
	return all
}

// sayAlive tells the store now and then that this instance runs, before it
// writes a visit and while somebody is here. It says whether the store knows.
func (h *Hub) sayAlive(ctx context.Context, rooms []*liveRoom) bool {
	now := h.now()
	inUse := func(r *liveRoom) bool { return r.members.len() > 0 || !r.visits.written() }
	if !slices.ContainsFunc(rooms, inUse) || !h.alive.IsZero() && now.Sub(h.alive) < aliveEvery {
		return !h.alive.IsZero()
	}
	known, err := h.store.Alive(ctx, h.instance)
	h.refused(err)
	if unheard := err != nil; unheard != h.unheard {
		h.unheard = unheard
		h.log.Warn("the store told that this instance runs", "works", !unheard, "err", err)
	}
	if err != nil {
		return !h.alive.IsZero()
	}
	if !known && !h.alive.IsZero() {
		for _, r := range rooms {
			r.resay()
		}
	}
	h.alive = now
	return true
}

// putAttendance writes who came and left, and how many reactions there were.
func (h *Hub) putAttendance(ctx context.Context, rooms []*liveRoom) {
	if h.unwritable.Load() || !h.sayAlive(ctx, rooms) {
		return
	}
	if all := h.takeVisits(rooms); len(all) > 0 {
		if err := h.store.PutAttendance(ctx, all); err != nil {
			h.refused(err)
			h.log.Warn("who came and left is not written yet", "people", len(all), "err", err)
			for _, r := range rooms {
				r.visits.again(slices.DeleteFunc(slices.Clone(all), func(a store.Attendance) bool { return a.Room != r.id }))
			}
		}
	}
	h.putReactions(ctx, rooms)
}

// takeVisits gives what is to be written now.
func (h *Hub) takeVisits(rooms []*liveRoom) (all []store.Attendance) {
	now := h.now()
	if now.Sub(h.crowded) < crowdRest {
		return nil
	}
	for _, r := range rooms {
		all = append(all, r.visits.take(maxAttendance-len(all))...)
	}
	if len(all) >= crowd {
		h.crowded = now
	}
	return all
}

func (h *Hub) putReactions(ctx context.Context, rooms []*liveRoom) {
	var all []store.Reactions
	of := map[room.ID]*liveRoom{}
	for _, r := range rooms {
		all = append(all, r.visits.takeReactions(r.id)...)
		of[r.id] = r
	}
	if len(all) == 0 {
		return
	}
	if err := h.store.AddReactions(ctx, all); err != nil {
		h.refused(err)
		h.log.Warn("how many reactions there were is not written yet", "err", err)
		for _, one := range all {
			of[one.Room].visits.react(one.Minute, one.N)
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
