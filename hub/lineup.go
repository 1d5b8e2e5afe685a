package hub

import (
	"slices"
	"sync"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// lineup tells those who wait before a locked room where they stand: one frame
// for all of them, at most once a second, however many they are.
type lineup struct {
	// guarded by mu
	mu    sync.Mutex
	of    *room.State // by which it was made
	frame wire.Frame
}

// news gives the frame if it is another one than before.
func (l *lineup) news(s *room.State) wire.Frame {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == s {
		return nil
	}
	l.of = s
	frame := wire.NewFrame(wire.AppendSignal(nil, wire.SignalLineup, wire.Encode(s.Lineup())))
	if slices.Equal(frame, l.frame) {
		return nil
	}
	l.frame = frame
	return frame
}

// tellLineup runs once a second.
func (r *liveRoom) tellLineup() {
	frame := r.lineup.news(r.state.Load())
	if frame == nil {
		return
	}
	for _, s := range r.members.all() {
		if phase, _ := s.standing(); phase == room.PhaseWaiting {
			s.signal(frame)
		}
	}
}

// frameFor gives the newest order to who comes to wait.
func (l *lineup) frameFor(phase room.Phase) wire.Frame {
	if phase != room.PhaseWaiting {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.frame
}
