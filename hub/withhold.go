package hub

import "greenroom/hub/wire"

// maxWithheld is how many bytes of a staff connection's stream are kept while
// the store does not confirm the room, as many as its outbox holds.
const maxWithheld = 256 << 10

// withholds says whether the session's stream is to stop here: it shows what
// only staff may see, and nobody knows whether the person still is (fail
// closed). What is withheld stays in order. The caller holds mu.
func (s *Session) withholds(stale bool) bool {
	return stale && s.role.Staff() || len(s.withheld) > 0
}

// withhold keeps a batch for later. The caller holds mu.
func (s *Session) withhold(b *batch) {
	if s.ended {
		return
	}
	if s.leaves(b) {
		return
	}
	s.room.withholds.Store(true)
	s.withheld = append(s.withheld, b)
	if s.withheldBytes += b.bytes(); s.withheldBytes > maxWithheld {
		s.withheld = nil
		s.endLocked(wire.CloseResync)
	}
}

// leaves ends a session whose ground is gone: that needs no confirmation. The
// caller holds mu.
func (s *Session) leaves(b *batch) bool {
	for _, d := range b.deliveries {
		if !d.concerns(s.participant) || d.event.Seq <= s.pos {
			continue
		}
		if p, ok := d.after.Participant(s.participant); ok && s.over(d, p) {
			return true
		}
	}
	return false
}

// release shows what was withheld, each event with the rights of then.
func (s *Session) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.withheld {
		s.show(b)
	}
	s.withheld, s.withheldBytes = nil, 0
}

// releaseStaff goes on with the streams that were withheld, once the store has
// confirmed the room. It runs on the fan-out goroutine, between batches.
func (r *liveRoom) releaseStaff() {
	if !r.withholds.Load() || r.stale() {
		return
	}
	r.withholds.Store(false)
	for _, s := range r.members.all() {
		s.release()
	}
}

func (s *Session) isStaff() bool { return s.Role().Staff() }
