package socket

import (
	"errors"
	"os"
	"sync"
	"time"
)

// Send sends whole, already framed messages: one frame or several in a row (see [AppendFrame]).
// It never blocks: what the kernel does not take at once waits in the outbox, in order, for a
// goroutine that lives only meanwhile.
//
// The outbox keeps frames itself, not copies, so that a thousand slow readers of one broadcast
// hold it once: frames must not be changed after the call, even if it failed.
//
// ErrSlow says that the outbox would have run over. The connection then closes itself with 4001:
// what has not begun to be sent is dropped, and the peer resumes. ErrClosed says that nothing
// can be sent any more. Either way Handler.Closed follows and the caller has nothing to do.
func (c *Conn) Send(frames []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waitLocked()
	switch {
	case c.closing.Load():
		return ErrClosed
	case len(frames) == 0:
		return nil
	case c.overLocked(len(frames)):
		c.slowLocked()
		return ErrSlow
	case c.queued > 0:
		c.observer.Held(int(c.queued) + len(frames))
	}
	return c.putLocked(frames)
}

// overLocked says whether so many bytes more are too many. A frame of any length
// fits into an empty outbox.
func (c *Conn) overLocked(more int) bool {
	return c.queued > 0 && int(c.queued)+more > int(c.outbox) && !c.boundless()
}

// putLocked writes frames or queues them. Only an empty queue is passed by.
func (c *Conn) putLocked(frames []byte) error {
	if c.draining || c.raw == nil {
		c.queueLocked(frames)
	} else {
		n, err := tryWrite(c.raw, frames)
		if err != nil {
			c.breakLocked(err)
			if c.lastLocked() { // nobody reads yet
				go c.shut()
			}
			return ErrClosed
		}
		if n < len(frames) {
			c.begun = int32(frameEnd(frames, 0, n) - n)
			c.queueLocked(frames[n:])
		}
	}
	c.observer.Sent(countFrames(frames), len(frames))
	return nil
}

func (c *Conn) queueLocked(frames []byte) {
	c.queue = append(c.queue, frames)
	c.queued += int32(len(frames))
	if !c.draining {
		c.draining = true
		go c.drain()
	}
}

// slowLocked drops what can be dropped and says 4001 behind the rest.
func (c *Conn) slowLocked() {
	c.observer.Slow(int(c.queued))
	c.shedLocked()
	c.closeLocked(closeFrame(CodeSlow, "slow_consumer"), &CloseError{Code: CodeSlow, Reason: "slow_consumer"})
}

// shedLocked drops the frames of which nothing can have been sent yet.
func (c *Conn) shedLocked() {
	keep := int(c.begun)
	for i, frames := range c.queue {
		if keep <= len(frames) {
			c.queue[i] = frames[:keep]
			clear(c.queue[i+1:])
			c.queue = c.queue[:i+1]
			break
		}
		keep -= len(frames)
	}
	c.queued = c.begun
}

// chunkSize is what the drain goroutine hands over at once: one TLS record.
const chunkSize = 16 << 10

var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// drain empties the outbox, while others may add to it. It waits in the socket: without a buffer
// where the kernel can be asked, else in a blocking write.
func (c *Conn) drain() {
	for {
		done, last := c.emptied()
		if last {
			c.shut()
		}
		if done {
			return
		}
		if c.raw != nil {
			c.drainRaw()
		} else {
			c.drainChunk()
		}
	}
}

// emptied ends the drain if nothing is left to do.
func (c *Conn) emptied() (done, last bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queued > 0 {
		return false, false
	}
	c.queue, c.draining = nil, false
	if !c.closing.Load() {
		c.nc.SetWriteDeadline(time.Time{})
	}
	return true, c.lastLocked()
}

func (c *Conn) drainChunk() {
	chunk := chunks.Get().(*[chunkSize]byte)
	defer chunks.Put(chunk)
	n, err := c.nc.Write(chunk[:c.gather(chunk[:])])
	c.drained(n, err)
}

// gather copies the next bytes of the outbox, many frames for one system call, and begins their
// time. A closing connection has a deadline already.
func (c *Conn) gather(chunk []byte) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, frames := range c.queue {
		n += copy(chunk[n:], frames)
	}
	c.beginLocked(n)
	if n > 0 && !c.closing.Load() {
		c.nc.SetWriteDeadline(time.Now().Add(time.Duration(c.stall) * time.Millisecond))
	}
	return n
}

// beginLocked moves begun to the first boundary at or after n.
func (c *Conn) beginLocked(n int) {
	at := 0 // where frames lies in the queue
	for _, frames := range c.queue {
		if int(c.begun) >= n {
			return
		}
		if from := int(c.begun) - at; from < len(frames) {
			c.begun = int32(at + frameEnd(frames, from, min(n-at, len(frames))))
		}
		at += len(frames)
	}
}

// drained takes what was written off the outbox and judges an error: a deadline with progress
// is none, one without is a slow consumer, and all others are the end.
func (c *Conn) drained(n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.takeLocked(n)
	switch {
	case err == nil:
	case c.closing.Load() || !errors.Is(err, os.ErrDeadlineExceeded):
		c.breakLocked(err)
	case n == 0:
		c.slowLocked()
	}
}

func (c *Conn) takeLocked(n int) {
	if c.queued == 0 {
		return // given up meanwhile
	}
	c.queued -= int32(n)
	c.begun = max(c.begun-int32(n), 0)
	for n > 0 || len(c.queue) > 0 && len(c.queue[0]) == 0 {
		k := min(n, len(c.queue[0]))
		c.queue[0] = c.queue[0][k:]
		n -= k
		if len(c.queue[0]) == 0 {
			c.queue[0] = nil
			c.queue = c.queue[1:]
		}
	}
}
