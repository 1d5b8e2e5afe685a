package socket

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// reader is the way in which connections wait for input. There is one: a goroutine each. One
// that parks many sockets in one epoll would stand beside it and call admit and message, too.
type reader interface {
	serve(c *Conn) // starts; the end is Conn.readerEnded, once
}

var reading reader = goroutines{}

// Limits on what the library does not count (SECURITY.md T22). More is abuse: close 4510.
const (
	maxControls = 10 // control frames, and heartbeats of the peer, in one second of the clock
	maxParts    = 64 // fragments of one message
)

// inputSize is what is read at once: as much as net/http may leave behind.
const inputSize = 4 << 10

// input holds bytes between the socket and the library. It is borrowed while there are some.
type input struct {
	b    [inputSize]byte
	r, w int // b[r:w] is unread
}

var inputs = sync.Pool{New: func() any { return new(input) }}

func newInput(p []byte) *input {
	in := inputs.Get().(*input)
	in.r, in.w = 0, copy(in.b[:], p)
	return in
}

func (c *Conn) dropInput() {
	if c.in != nil {
		inputs.Put(c.in)
		c.in = nil
	}
}

func (c *Conn) takeInput(p []byte) (n int) {
	if c.in == nil {
		return 0
	}
	n = copy(p, c.in.b[c.in.r:c.in.w])
	if c.in.r += n; c.in.r == c.in.w {
		c.dropInput()
	}
	return n
}

// goroutines is the reader with one goroutine per connection.
type goroutines struct{}

func (goroutines) serve(c *Conn) {
	go func() {
		if c.in != nil {
			c.admit() // bytes that came with the handshake
		}
		c.read()
	}()
}

// read is the reader's loop. A plain socket parks here, at the bottom of a small stack, and not
// inside the library. A message makes the stack grow, and it would stay so until the garbage
// collector looks at it: so a new goroutine goes on and the grown stack is given back at once
// (BenchmarkIdle: 2.1 KB of stack per connection instead of 4.1, connecting costs no more).
func (c *Conn) read() {
	var err error
	for err == nil && !c.closing.Load() {
		if c.raw != nil && !c.holdsInput() {
			err = c.wait()
			continue
		}
		err = c.message()
		if err == nil && c.raw != nil && !c.holdsInput() {
			go c.read()
			return
		}
	}
	c.endRead(err)
}

func (c *Conn) holdsInput() bool { return c.in != nil || c.br.Buffered() > 0 }

// wait parks until bytes come, and admits them.
func (c *Conn) wait() error {
	if err := c.raw.Read(c.readable); err != nil {
		c.readErr = err
	}
	if c.readErr != nil {
		return c.readErr
	}
	c.admit()
	return nil
}

// admit looks at fresh input before the library does: heartbeats that stand alone end here
// without waking anything, the rest is counted and left for the library.
func (c *Conn) admit() {
	for c.in != nil && c.scan.between() {
		var text [maxBeat]byte
		kind, digits, n := beatFrame(c.in.b[c.in.r:c.in.w], &text)
		if n == 0 {
			break
		}
		if c.in.r += n; c.in.r == c.in.w {
			c.dropInput()
		}
		c.heard(1)
		c.beat(kind, digits)
	}
	if c.in != nil {
		c.scanned(c.in.b[c.in.r:c.in.w])
	}
}

// scanned counts what has come, in whatever pieces. A flood is cut off here, before the library
// sees it, with the messages that came in the same piece.
func (c *Conn) scanned(p []byte) {
	seen := c.scan.feed(p)
	if seen.frames > 0 {
		c.heard(seen.frames)
	}
	c.controls(seen.controls)
	if seen.parts > maxParts {
		c.Close(CodeAbuse, "abuse")
	}
}

// heard notes that the peer lives: any frame counts (PROTOCOL.md §2).
func (c *Conn) heard(frames int) {
	if c.sweeper != nil {
		c.seen.Store(c.sweeper.clock.Load())
	}
	c.observer.Received(frames)
}

// beat takes a heartbeat; a ping is answered.
func (c *Conn) beat(kind beat, digits []byte) {
	c.controls(1)
	if kind == ping {
		c.Send(pongFrame(digits))
	}
}

func (c *Conn) controls(n int) {
	if n == 0 {
		return
	}
	if now := uint32(time.Now().Unix()); now != c.second {
		c.second, c.control = now, 0
	}
	c.control = uint8(min(int(c.control)+n, maxControls+1))
	if c.control > maxControls {
		c.Close(CodeAbuse, "abuse")
	}
}

// errRefused ends the reader after a close frame of ours.
var errRefused = errors.New("socket: message refused")

// message lets the library read one message and hands it on. It blocks until the message is
// whole.
func (c *Conn) message() error {
	kind, r, err := c.ws.Reader(context.Background())
	if err != nil {
		return err
	}
	if kind != websocket.MessageText {
		return c.refuse(CodeBinary, "binary")
	}
	buf := texts.Get().(*[]byte)
	defer func() { texts.Put(buf) }()
	text, err := readText(r, buf, int(c.limit))
	if err != nil {
		return err
	}
	if !utf8.Valid(text) {
		return c.refuse(CodeNotUTF8, "not UTF-8")
	}
	if kind, digits := parseBeat(text); kind != noBeat {
		c.beat(kind, digits)
	} else if !c.closing.Load() {
		c.handler.Message(c, text)
	}
	return nil
}

func (c *Conn) refuse(code int, reason string) error {
	c.Close(code, reason)
	return errRefused
}

// texts holds buffers for messages. They begin small: a peer that lets us wait within a message
// holds no more than it has sent, and a pool that serves short messages stays short.
var texts = sync.Pool{New: func() any { b := make([]byte, 1<<10); return &b }}

// readText reads a message to its end into *buf, which it may replace by a longer one.
func readText(r io.Reader, buf *[]byte, limit int) ([]byte, error) {
	b := *buf
	n := 0
	for {
		k, err := r.Read(b[n:])
		n += k
		if err == io.EOF {
			return b[:n], nil
		}
		if err != nil {
			return nil, err
		}
		if n == len(b) { // the library fails one byte after the limit, if it is asked for more
			b = append(make([]byte, 0, min(4*n, limit+2)), b...)
			b = b[:cap(b)]
			*buf = b
		}
	}
}

// endRead ends the reader: it says why, waits for the peer's close frame and leaves the rest to
// the drain, if there is one.
func (c *Conn) endRead(err error) {
	if c.readErr == nil { // else there is nobody to tell
		c.Close(CodeProtocol, "protocol error") // where the library just gives up: an unmasked frame
	}
	peerClosed := c.discard()
	if c.readErr != nil {
		err = c.readErr
	}
	c.readerEnded(peerClosed, err)
}

// discard reads on after the connection began to close, so that the kernel does not answer
// unread bytes with a reset, which would overtake our close frame (RFC 1122 §4.2.2.13). It says
// whether the peer's close frame has come.
func (c *Conn) discard() bool {
	for {
		c.dropInput()
		if c.scan.closed || c.readErr != nil {
			return c.scan.closed
		}
		if c.raw != nil {
			c.wait()
		} else {
			c.readAside()
		}
	}
}

func (c *Conn) readAside() {
	in := inputs.Get().(*input)
	defer inputs.Put(in)
	n, err := c.nc.Read(in.b[:])
	c.scanned(in.b[:n])
	c.readErr = err
}

// readerEnded is the reader's last step. If the peer has closed, a drain may still bring it our
// answer; otherwise nobody is there to take anything.
func (c *Conn) readerEnded(peerClosed bool, err error) {
	c.mu.Lock()
	c.reading = false
	if !peerClosed {
		c.breakLocked(err)
	}
	last := c.lastLocked()
	c.mu.Unlock()
	if last {
		c.shut()
	}
}
