package hub

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Signals to everybody cost as many writes as events to everybody. Where events
// wait for their turn signals go with them, in one write for both.

// signalKind is what a signal to everybody tells. Of tallies and numbers of
// people the newest holds all; sums tell what is new, so that none is dropped.
type signalKind int

const (
	ofSums signalKind = iota
	ofTally
	ofPresence
	signalKinds
)

// byClass is the frame of each class; nil: nothing for it.
type byClass [room.Classes]wire.Frame

// put keeps a signal for the next walk, which comes while something is pending.
func (f *fanout) put(kind signalKind, frames byClass) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kind != ofSums {
		f.aside[kind] = nil
	}
	if len(f.pending) == 0 {
		return false
	}
	f.aside[kind] = append(f.aside[kind], frames)
	return true
}

// takeAside gives what was kept, for each class one behind the other; false:
// nothing.
func (f *fanout) takeAside() (frames [room.Classes][]wire.Frame, some bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for kind := range f.aside {
		for _, one := range f.aside[kind] {
			for class, frame := range one {
				if frame != nil {
					frames[class], some = append(frames[class], frame), true
				}
			}
		}
		f.aside[kind] = nil
	}
	return frames, some
}

// signalAll tells each class something volatile. What is told by itself comes
// behind what was kept before.
func (r *liveRoom) signalAll(kind signalKind, frames byClass) {
	r.fan.telling.Lock()
	defer r.fan.telling.Unlock()
	if r.fan.put(kind, frames) {
		return
	}
	r.tellAside()
	for _, s := range r.members.all() {
		if frame := frames[s.class()]; frame != nil {
			s.signal(frame)
		}
	}
}

// flushAside tells what no walk has taken along.
func (r *liveRoom) flushAside() {
	r.fan.telling.Lock()
	defer r.fan.telling.Unlock()
	r.tellAside()
}

func (r *liveRoom) tellAside() {
	frames, some := r.fan.takeAside()
	if !some {
		return
	}
	for _, s := range r.members.all() {
		s.signal(wire.Join(frames[s.class()]))
	}
}

// bare is the batch without the signals that go with it: who is shown it later
// will have been told newer ones.
func (b *batch) bare() *batch {
	return &batch{deliveries: b.deliveries, after: b.after, added: b.added}
}
