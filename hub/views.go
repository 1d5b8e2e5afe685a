package hub

import (
	"sync"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// views keeps the newest encoded snapshot of each class: the same bytes serve
// everybody who comes at the same place.
type views struct {
	// guarded by mu
	mu    sync.Mutex
	of    [room.Classes]*room.State
	bytes [room.Classes][]byte
}

func (v *views) snapshot(s *room.State, to room.Class) []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.of[to] != s {
		v.of[to], v.bytes[to] = s, wire.Encode(s.Snapshot(to))
	}
	return v.bytes[to]
}

// forget drops what is kept.
func (v *views) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.of[:])
	clear(v.bytes[:])
}
