package hub

import (
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Signals to everybody cost as many writes as events to everybody. Where events
// wait for their turn signals go with them, in one write for both.

// signalKind is what a signal to everybody tells; the newest of a kind counts.
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
	if len(f.pending) == 0 {
		f.aside[kind] = byClass{} // an older one is not to come behind this one
		return false
	}
	f.aside[kind] = frames
	return true
}

// takeAside gives what was kept, for each class one behind the other; false:
// nothing.
func (f *fanout) takeAside() (frames [room.Classes][]wire.Frame, some bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, kind := range f.aside {
		for class, frame := range kind {
			if frame != nil {
				frames[class], some = append(frames[class], frame), true
			}
		}
	}
	f.aside = [signalKinds]byClass{}
	return frames, some
}

// signalAll tells each class something volatile.
func (r *liveRoom) signalAll(kind signalKind, frames byClass) {
	if r.fan.put(kind, frames) {
		return
	}
	for _, s := range r.members.all() {
		if frame := frames[s.class()]; frame != nil {
			s.signal(frame)
		}
	}
}

// flushAside tells what no walk has taken along.
func (r *liveRoom) flushAside() {
	frames, some := r.fan.takeAside()
	if !some {
		return
	}
	for _, s := range r.members.all() {
		s.signal(wire.Join(frames[s.class()]))
	}
}
