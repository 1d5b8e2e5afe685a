package socket

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/coder/websocket"
)

// Close codes that this package sends by itself (PROTOCOL.md §5, RFC 6455 §7.4.1).
const (
	CodeProtocol     = 1002
	CodeBinary       = 1003
	CodeLost         = 1006 // never on the wire: the connection broke
	CodeNotUTF8      = 1007
	CodeTooLong      = 1009
	CodeSlow         = 4001
	CodeNoPong       = 4002
	CodeHelloTimeout = 4006
	CodeAbuse        = 4510
)

// Errors of Send.
var (
	ErrClosed = errors.New("socket: connection is closed")
	ErrSlow   = errors.New("socket: slow consumer")
)

// Handler is told what comes in. One value may serve many connections.
type Handler interface {
	// Message is called for each whole text message, UTF-8 checked and at most
	// Options.ReadLimit bytes, heartbeats excepted; one at a time per connection. text is valid
	// only during the call. While it runs, nothing is read: TCP slows the peer down. A panic is
	// not caught here.
	Message(c *Conn, text []byte)

	// Closed is called exactly once, after the last Message has returned and the socket is
	// closed. err is a *CloseError.
	Closed(c *Conn, err error)
}

// CloseError says how a connection ended.
type CloseError struct {
	Code   int    // of the close frame sent or received; 1006 where there was none
	Reason string // of the close frame
	Peer   bool   // the peer closed it
	Err    error  // what broke the connection, with code 1006
}

func (e *CloseError) Error() string {
	switch {
	case e.Err != nil:
		return fmt.Sprintf("socket: connection lost: %v", e.Err)
	case e.Peer:
		return fmt.Sprintf("socket: closed by peer: %d %q", e.Code, e.Reason)
	}
	return fmt.Sprintf("socket: closed: %d %q", e.Code, e.Reason)
}

func (e *CloseError) Unwrap() error { return e.Err }

// Conn is one WebSocket connection, made by [Accept]. Its methods are safe for concurrent use.
type Conn struct {
	// Set before the connection is used, then constant.
	nc       net.Conn
	raw      syscall.RawConn // nil where the kernel does not take our bytes itself (TLS, pipes)
	ws       *websocket.Conn
	observer Observer
	sweeper  *Sweeper
	outbox   int32
	limit    int32 // ReadLimit
	stall    int32 // milliseconds
	linger   int32 // milliseconds

	// Owned by the reader.
	br      *bufio.Reader // between the door and the library
	in      *input        // bytes that were read and not yet shown to the library
	readErr error
	scan    scanner
	second  uint32 // of the clock, in which
	control uint8  // control frames have come

	reading  bool // mu: a reader runs
	draining bool // mu: a drain goroutine runs and owns the socket's write side
	over     bool // mu: shut was called
	told     bool // mu: shut took note of the handler
	dropped  bool // mu: bytes of a frame that had begun will never be sent

	mu      sync.Mutex
	handler Handler
	cause   *CloseError
	queue   [][]byte // whole frames, but for the first, of which a part may have been sent
	queued  int32    // bytes in queue
	begun   int32    // bytes at the head of queue that belong to frames that may have begun; a boundary
	begins  []byte   // the library's frame as far as it was written to the door

	closing atomic.Bool // a close frame was queued or the connection is lost; set under mu
	ready   atomic.Bool
	seen    atomic.Uint32 // the sweeper's tick at the last frame

	// Owned by the sweeper, under the lock of the bucket.
	bucket int32
	place  int32
}

func newConn(o Options) *Conn {
	return &Conn{
		observer: o.Observer,
		sweeper:  o.Sweeper,
		outbox:   int32(min(o.Outbox, 1<<30)),
		limit:    int32(min(o.ReadLimit, 1<<30)),
		stall:    int32(o.Stall.Milliseconds()),
		linger:   int32(o.Linger.Milliseconds()),
	}
}

// attach takes the socket over from net/http, with the bytes it had read beyond the handshake.
func (c *Conn) attach(nc net.Conn, early []byte) {
	c.nc = nc
	if tcp, ok := nc.(*net.TCPConn); ok {
		// Left alone the kernel lets a peer that does not read pin 4 MB; what
		// does not fit here waits in the outbox, which has a limit.
		_ = tcp.SetWriteBuffer(kernelBuffer)
	}
	c.raw = rawConn(nc)
	if len(early) > 0 {
		c.in = newInput(early)
	}
}

const kernelBuffer = 64 << 10 // Linux reserves twice as much

// rawConn is set only for sockets whose bytes are the wire's bytes: never for a wrapper, which
// may have buffered or encrypted.
func rawConn(nc net.Conn) syscall.RawConn {
	var sc syscall.Conn
	switch nc := nc.(type) {
	case *net.TCPConn:
		sc = nc
	case *net.UnixConn:
		sc = nc
	}
	if sc == nil || !haveRaw {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil // closed already: the first use will say so
	}
	return raw
}

func (c *Conn) opened() {
	c.observer.Opened()
	if c.sweeper != nil {
		c.sweeper.add(c)
	}
}

// Serve starts reading and returns at once. It is called at most once.
func (c *Conn) Serve(h Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handler != nil {
		panic("socket: Serve was called twice")
	}
	c.handler = h
	if !c.over {
		c.reading = true
		reading.serve(c)
	} else if c.told {
		go h.Closed(c, c.cause)
	}
}

// Ready ends the hello deadline of the [Sweeper].
func (c *Conn) Ready() { c.ready.Store(true) }

// RemoteAddr is the other end of the socket, which may be a proxy; the zero value if it has no
// address and port.
func (c *Conn) RemoteAddr() netip.AddrPort {
	if a, ok := c.nc.RemoteAddr().(*net.TCPAddr); ok {
		p := a.AddrPort()
		return netip.AddrPortFrom(p.Addr().Unmap(), p.Port())
	}
	return netip.AddrPort{}
}

// Buffered is the number of bytes that wait because the peer does not take them.
func (c *Conn) Buffered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.queued)
}

// Close sends a close frame after what is queued and returns at once; Options.Linger later at
// most the socket is closed, as soon as the peer's close frame has come. Only the first Close
// counts, and nothing is sent after it. reason is cut to 123 bytes.
func (c *Conn) Close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(closeFrame(code, reason), &CloseError{Code: code, Reason: reason})
}

// closeLocked queues the close frame; the deadline bounds the drain and the wait for the peer.
func (c *Conn) closeLocked(frame []byte, cause *CloseError) {
	if c.closing.Load() {
		return
	}
	c.closing.Store(true)
	c.cause = cause
	c.nc.SetDeadline(time.Now().Add(time.Duration(c.linger) * time.Millisecond))
	c.putLocked(frame)
	if c.lastLocked() { // nobody reads yet
		go c.shut()
	}
}

// breakLocked gives the connection up: nothing more is sent, and whoever waits in the socket is
// woken by a deadline that has passed. The last of them closes it.
func (c *Conn) breakLocked(err error) {
	c.closing.Store(true)
	if c.cause == nil {
		c.cause = &CloseError{Code: CodeLost, Err: err}
	}
	c.dropped = c.dropped || c.queued > 0
	c.queue, c.queued, c.begun = nil, 0, 0
	c.nc.SetDeadline(past)
}

// past is a deadline that is over on every clock; the zero time would mean none.
var past = time.Unix(1, 0)

// lastLocked says, once, that nobody uses the socket any more: the caller shuts it.
func (c *Conn) lastLocked() bool {
	if c.over || c.reading || c.draining || !c.closing.Load() {
		return false
	}
	c.over = true
	return true
}

// shut ends the connection. It may block for a moment under TLS, so mu is not held.
func (c *Conn) shut() {
	if tcp, ok := c.nc.(*net.TCPConn); ok && c.dropped {
		tcp.SetLinger(0) // the kernel need not keep for minutes what nobody takes
	}
	c.nc.Close()
	c.ws.CloseNow() // takes the library's finalizer away: it sits in a cycle
	c.dropInput()
	if c.sweeper != nil {
		c.sweeper.remove(c)
	}
	c.observer.Closed(c.cause.Code)

	c.mu.Lock()
	c.told = true
	h := c.handler
	c.mu.Unlock()
	if h != nil {
		h.Closed(c, c.cause)
	}
}
