package socket

import (
	"bytes"
	"net"
	"time"
)

// door is the net.Conn that the library gets instead of the socket: the only way to the wire.
// It is the Conn itself under another name, so it costs nothing. Only the reader goroutine
// calls Read and Write, because only there the library runs.
type door Conn

// Read gives the library what the reader has taken already, then what comes. Once the
// connection is closing, the library sees no more: Read waits for the peer's close frame, the
// end of the stream or the linger deadline, and fails.
func (d *door) Read(p []byte) (int, error) {
	c := (*Conn)(d)
	if n := c.takeInput(p); n > 0 && !c.closing.Load() {
		return n, nil
	}
	for !c.closing.Load() {
		n, err := c.nc.Read(p)
		c.scanned(p[:n])
		if err != nil {
			c.readErr = err
			return 0, err
		}
		if n > 0 && !c.closing.Load() {
			return n, nil
		}
	}
	c.discard()
	return 0, net.ErrClosed
}

// Write takes the library's frames (pong, close), which come in pieces, and sends them whole.
// It never fails: what cannot be sent any more need not be.
func (d *door) Write(p []byte) (int, error) {
	c := (*Conn)(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begins = append(c.begins, p...)
	for {
		n := frameLen(c.begins)
		if n == 0 || n > len(c.begins) {
			return len(p), nil
		}
		frame := bytes.Clone(c.begins[:n]) // the outbox may keep it
		if c.begins = c.begins[n:]; len(c.begins) == 0 {
			c.begins = nil
		}
		c.frameOfLibrary(frame)
	}
}

// frameOfLibrary sends one frame of the library. Its close frame is an answer, or its verdict on
// what the peer sent; a peer that closes wants nothing of what is still queued.
func (c *Conn) frameOfLibrary(frame []byte) {
	switch {
	case c.closing.Load():
	case frame[0]&0xf == opClose:
		if c.scan.closed {
			c.shedLocked()
		}
		c.closeLocked(frame, &CloseError{Code: closeCode(frame), Reason: string(frame[min(4, len(frame)):]), Peer: c.scan.closed})
	case int(c.queued)+len(frame) > int(c.outbox):
		c.slowLocked()
	default:
		c.putLocked(frame)
	}
}

// Close only wakes the reader, which ends the connection when the outbox is empty.
func (d *door) Close() error { return d.nc.SetReadDeadline(past) }

func (d *door) LocalAddr() net.Addr                { return d.nc.LocalAddr() }
func (d *door) RemoteAddr() net.Addr               { return d.nc.RemoteAddr() }
func (d *door) SetDeadline(t time.Time) error      { return d.nc.SetDeadline(t) }
func (d *door) SetReadDeadline(t time.Time) error  { return d.nc.SetReadDeadline(t) }
func (d *door) SetWriteDeadline(t time.Time) error { return d.nc.SetWriteDeadline(t) }
