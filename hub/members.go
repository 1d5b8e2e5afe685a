package hub

import (
	"slices"
	"sync"

	"greenroom/hub/room"
)

// members is the sessions of a live room.
type members struct {
	// guarded by mu
	mu     sync.RWMutex
	list   []*Session
	shared bool // list has been handed out and must be copied before a removal
	places map[*Session]int
	people map[room.ParticipantID][]*Session
}

func (m *members) add(s *Session) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.places == nil {
		m.places, m.people = map[*Session]int{}, map[room.ParticipantID][]*Session{}
	}
	m.places[s] = len(m.list)
	m.list = append(m.list, s) // readers of the old slice do not see behind its end
	if tabs := m.people[s.participant]; len(tabs) > 0 {
		s.voice = tabs[0].voice
	}
	m.people[s.participant] = append(slices.Clip(m.people[s.participant]), s)
}

// remove says whether the session was there.
func (m *members) remove(s *Session) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ok := m.places[s]
	if !ok {
		return false
	}
	if m.shared {
		m.list, m.shared = slices.Clone(m.list), false
	}
	last := len(m.list) - 1
	m.list[at] = m.list[last]
	m.places[m.list[at]] = at
	m.list[last] = nil
	m.list = m.list[:last]
	delete(m.places, s)
	m.leave(s)
	return true
}

func (m *members) leave(s *Session) {
	rest := slices.DeleteFunc(slices.Clone(m.people[s.participant]), func(x *Session) bool { return x == s })
	if len(rest) == 0 {
		delete(m.people, s.participant)
		return
	}
	m.people[s.participant] = rest
}

// all gives the sessions at this moment. Do not change the slice.
func (m *members) all() []*Session {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.shared = true
	return m.list[:len(m.list):len(m.list)]
}

// of gives one participant's sessions at this moment. Do not change the slice.
func (m *members) of(p room.ParticipantID) []*Session {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.people[p]
}

// tabs counts a participant's sessions of one device: before an invitation is
// claimed, a stranger's or a scanner's must not keep the right person out. Nor
// must those that have ended: who was sent back, as slow or to drain, may be
// here again before the old socket is gone.
func (m *members) tabs(p room.ParticipantID, device room.Hash) (n int) {
	for _, s := range m.of(p) {
		if s.lives(device) {
			n++
		}
	}
	return n
}

func (s *Session) lives(device room.Hash) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.ended && s.actor.Device == device
}

func (m *members) len() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.list)
}
