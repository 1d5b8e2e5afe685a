package room

import (
	"hash/fnv"
	"maps"
	"slices"
	"sync"
)

// keys remembers the idempotency keys of at least the last hour. One set is
// shared by all states of a room, because a copy for every step would cost too
// much: a step notes its keys in a list of its own, and they join the shared
// set when the step itself is stepped, which only a committed one is.
type keys struct {
	mu   sync.Mutex
	ring keyring
	upTo Seq // keys of events up to here have joined
}

// note is a key that has not joined the shared set yet. Notes never change.
type note struct {
	hash   uint64
	place  Seq
	at     Millis
	before *note
}

// keyring keeps a stable 64-bit hash of each key with its event's place, in
// windows of half an hour by event time: the newest first. The third falls out
// when its youngest key is an hour old.
type keyring struct {
	window  int64
	windows [3]map[uint64]Seq
}

const keyWindow = keyLife / 2

func keyHash(p ParticipantID, k Key) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(k))
	return h.Sum64()
}

func (r *keyring) add(n note) {
	window := int64(n.at) / keyWindow.Milliseconds()
	for range min(window-r.window, int64(len(r.windows))) {
		r.windows[2], r.windows[1], r.windows[0] = r.windows[1], r.windows[0], nil
	}
	r.window = max(r.window, window)
	if r.windows[0] == nil {
		r.windows[0] = map[uint64]Seq{}
	}
	r.windows[0][n.hash] = n.place
}

func (r *keyring) find(hash uint64) (Seq, bool) {
	for _, w := range r.windows {
		if at, ok := w[hash]; ok {
			return at, true
		}
	}
	return 0, false
}

// noteKey remembers the key of an event that is being folded.
func (s *State) noteKey(e Event) {
	n := note{keyHash(e.Participant, e.Key), e.Seq, e.At, s.noted}
	if s.steps {
		s.noted = &n
		return
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	s.keys.ring.add(n)
	s.keys.upTo = e.Seq
}

// findKey finds the place of a key's event, as this state knows it.
func (s *State) findKey(p ParticipantID, k Key) (Seq, bool) {
	hash := keyHash(p, k)
	for n := s.noted; n != nil; n = n.before {
		if n.hash == hash {
			return n.place, true
		}
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	at, ok := s.keys.ring.find(hash)
	return at, ok && at <= s.Head // what came after s is no business of s
}

// share lets a committed step's keys join the others.
func (s *State) share() {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for _, n := range s.notes() {
		if n.place > s.keys.upTo {
			s.keys.ring.add(*n)
			s.keys.upTo = n.place
		}
	}
}

// notes lists what is noted, oldest first.
func (s *State) notes() []*note {
	var all []*note
	for n := s.noted; n != nil; n = n.before {
		all = append(all, n)
	}
	slices.Reverse(all)
	return all
}

// heldKeys gives all keys this state knows.
func (s *State) heldKeys() keyring {
	s.keys.mu.Lock()
	r := s.keys.ring
	for i, w := range r.windows {
		r.windows[i] = maps.Clone(w)
		maps.DeleteFunc(r.windows[i], func(_ uint64, at Seq) bool { return at > s.Head })
	}
	s.keys.mu.Unlock()
	for _, n := range s.notes() {
		r.add(*n)
	}
	return r
}
