package socket

import (
	"sync"
	"sync/atomic"
)

// Observer counts. Its methods are called often, from many goroutines, some with locks held:
// they must neither block nor call back.
type Observer interface {
	Opened()
	Closed(code int)        // the code sent or received; 1006 where the connection just broke
	Sent(frames, bytes int) // taken for sending, control frames included
	Received(frames int)    // of any kind
	Slow(held int)          // an outbox ran over or made no progress; that many bytes waited in it
	Held(bytes int)         // so many wait in an outbox that was not empty
}

type nobody struct{}

func (nobody) Opened()       {}
func (nobody) Closed(int)    {}
func (nobody) Sent(_, _ int) {}
func (nobody) Received(int)  {}
func (nobody) Slow(int)      {}
func (nobody) Held(int)      {}

// Counters is an [Observer] that just counts; ready to use as it is.
type Counters struct {
	opened, frames, bytes, received, slow, held, most atomic.Int64

	mu     sync.Mutex
	closed map[int]int64
}

// Counts is one reading of [Counters].
type Counts struct {
	Opened, FramesOut, BytesOut, FramesIn, Slow int64
	SlowHeld                                    int64         // bytes that waited for one that was slow, at most
	Most                                        int64         // bytes that waited in an outbox that was not empty, at most
	Closed                                      map[int]int64 // by close code
}

func (n *Counters) Opened() { n.opened.Add(1) }

func (n *Counters) Closed(code int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed == nil {
		n.closed = make(map[int]int64)
	}
	if !sendable(code) && code != 1005 && code != 1006 {
		code = 0 // peers choose codes; they do not choose how many rows we keep
	}
	if _, known := n.closed[code]; !known && len(n.closed) >= 64 {
		code = 0
	}
	n.closed[code]++
}

func (n *Counters) Sent(frames, bytes int) {
	n.frames.Add(int64(frames))
	n.bytes.Add(int64(bytes))
}

func (n *Counters) Received(frames int) { n.received.Add(int64(frames)) }

func (n *Counters) Slow(held int) {
	n.slow.Add(1)
	raise(&n.held, held)
}

func (n *Counters) Held(bytes int) { raise(&n.most, bytes) }

// raise makes a mark at least as high.
func raise(mark *atomic.Int64, to int) {
	for most := mark.Load(); int64(to) > most && !mark.CompareAndSwap(most, int64(to)); most = mark.Load() {
	}
}

// Read gives the counts so far.
func (n *Counters) Read() Counts {
	n.mu.Lock()
	defer n.mu.Unlock()
	closed := make(map[int]int64, len(n.closed))
	for code, k := range n.closed {
		closed[code] = k
	}
	return Counts{n.opened.Load(), n.frames.Load(), n.bytes.Load(), n.received.Load(), n.slow.Load(), n.held.Load(), n.most.Load(), closed}
}
