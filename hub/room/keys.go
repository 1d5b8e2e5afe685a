package room

import (
	"hash/fnv"
	"sync"
)

// keys remembers the idempotency keys of the last hour by event time, in two
// half-hour maps of a stable 64-bit hash. It is shared by a state and its
// steps, so that a step costs nothing; undo takes a given-up step's keys out.
type keys struct {
	mu        sync.Mutex
	old, new  map[uint64]Seq
	turned    Millis
	uncertain []uint64 // added since begin
}

func newKeys() *keys {
	return &keys{old: map[uint64]Seq{}, new: map[uint64]Seq{}}
}

func keyHash(p ParticipantID, k Key) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(k))
	return h.Sum64()
}

func (k *keys) begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.uncertain = k.uncertain[:0]
}

func (k *keys) undo() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, h := range k.uncertain {
		delete(k.new, h)
		delete(k.old, h)
	}
	k.uncertain = k.uncertain[:0]
}

func (k *keys) add(p ParticipantID, key Key, at Seq, now Millis) {
	k.mu.Lock()
	defer k.mu.Unlock()
	const half = Millis(keyLife / 2 / 1e6)
	switch age := now - k.turned; {
	case age > 2*half:
		k.old, k.new, k.turned = map[uint64]Seq{}, map[uint64]Seq{}, now
	case age > half:
		// One more half hour is kept than needed at most, never less.
		k.old, k.new, k.turned = k.new, make(map[uint64]Seq, len(k.new)/2), now
	}
	h := keyHash(p, key)
	k.new[h] = at
	k.uncertain = append(k.uncertain, h)
}

func (k *keys) find(p ParticipantID, key Key) (Seq, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := keyHash(p, key)
	if at, ok := k.new[h]; ok {
		return at, true
	}
	at, ok := k.old[h]
	return at, ok
}
