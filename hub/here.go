package hub

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// seats says by the numbers of seats who is on an instance: the log numbers
// them, so all instances agree. A number that is not known yet is nobody.
type seats struct {
	Inside  bits `json:"inside,omitempty"`
	Waiting bits `json:"waiting,omitempty"`
}

// bits is a set of numbers, one bit each.
type bits []byte

func (b *bits) add(i int) {
	for len(*b) <= i/8 {
		*b = append(*b, 0)
	}
	(*b)[i/8] |= 1 << (i % 8)
}

func (b bits) has(i int) bool { return i/8 < len(b) && b[i/8]&(1<<(i%8)) != 0 }

// differ calls yield for the numbers that are in one of two sets.
func differ(a, b bits, yield func(int)) {
	for i := range max(len(a), len(b)) * 8 {
		if a.has(i) != b.has(i) {
			yield(i)
		}
	}
}

// seatsOf writes down who is here, whatever their number.
func seatsOf(s *room.State, seated map[room.ParticipantID]seat) *seats {
	all := new(seats)
	for id, seat := range seated {
		switch i, known := s.Seat(id); {
		case !known:
		case seat.inside():
			all.Inside.add(i)
		case seat.waits():
			all.Waiting.add(i)
		}
	}
	return all
}

// waits is said of those before the room, not of those who stay behind it.
func (s seat) waits() bool { return !s.inside() && s.phase != room.PhaseOver }

// Here is who is connected to a room, by instance.
type Here []*seats

// Of tells where somebody is, by the number of their seat.
func (h Here) Of(number int) (inside, waiting bool) {
	for _, there := range h {
		inside, waiting = inside || there.Inside.has(number), waiting || there.Waiting.has(number)
	}
	return inside, waiting
}

// lookFor is how long after a question the instances tell each other who is
// where.
const lookFor = 10 * time.Second

// Where tells who is where in a room. If nobody has asked for a while, other
// instances have not told yet: they do within two seconds, and Looks are told
// of the difference.
func (h *Hub) Where(ctx context.Context, id room.ID) (Here, error) {
	r, err := h.live(ctx, id, false)
	if err != nil {
		return nil, err
	}
	return r.presence.where(h.now()), nil
}

func (p *presence) where(now time.Time) Here {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.looksLocked(now) {
		p.told = time.Time{} // the others learn at once that we look
	}
	p.looked = now
	here := Here{p.ownSeats()}
	for _, other := range p.others {
		if other.Seats != nil {
			here = append(here, other.Seats)
		}
	}
	return here
}

// ownSeats is who is here by number. It is made for those who ask, once for
// each count. The caller holds mu.
func (p *presence) ownSeats() *seats {
	if p.seats == nil {
		p.seats = seatsOf(p.room.state.Load(), p.seated)
	}
	return p.seats
}

// looksLocked says whether somebody on this instance wants to know who is
// where. The caller holds mu.
func (p *presence) looksLocked(now time.Time) bool {
	return p.room.looks.len() > 0 || now.Sub(p.looked) < lookFor
}

// asked says whether somebody elsewhere wants to know. The caller holds mu.
func (p *presence) asked() bool {
	for _, other := range p.others {
		if other.Looks {
			return true
		}
	}
	return false
}

// finishing says who may finish and is here, on any instance.
func (p *presence) finishing(id room.ParticipantID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, here := p.seated[id]; here {
		return true
	}
	for _, other := range p.others {
		for _, there := range other.Finishing {
			if there == id {
				return true
			}
		}
	}
	return false
}

// finishGrace is how long somebody who may finish can be away, with a lost
// connection or on the way to another instance, before they count as gone.
const finishGrace = 30 * time.Second

// endFinished ends the invitations of those who were let finish and have left.
// Every instance does; the first one's word counts.
func (r *liveRoom) endFinished(now time.Time) {
	var gone map[room.ParticipantID]time.Time
	for p := range r.state.Load().Finishing {
		if r.presence.finishing(p.ID) {
			continue
		}
		since, known := r.gone[p.ID]
		if !known {
			since = now
		}
		if now.Sub(since) >= finishGrace {
			// A feed that is too busy is asked again in a second.
			_ = r.enqueue(&op{actor: room.Actor{System: true}, command: room.EndFinished{Participant: p.ID}, done: make(chan outcome, 1)})
		}
		if gone == nil {
			gone = map[room.ParticipantID]time.Time{}
		}
		gone[p.ID] = since
	}
	r.gone = gone
}
