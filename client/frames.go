package client

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"greenroom/hub/wire"
)

// What RFC 6455 calls the parts of a frame (§5.2) and the codes that never are
// on the wire (§7.4.1).
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA

	closeNormal   = 1000
	closeProtocol = 1002
	closeBinary   = 1003
	closeNoStatus = 1005
	closeLost     = 1006
	closeNotUTF8  = 1007
	closeTooLong  = 1009
)

// A server asks for a sign of life every 25 s; two of them missed mean that
// the line is dead even if TCP has not noticed.
const (
	silence = 60 * time.Second
	recheck = 5 * time.Second // how exact that is; setting a deadline costs
)

// conn is one WebSocket connection after its handshake: frames in and out.
type conn struct {
	// Set once.
	nc  net.Conn
	raw syscall.RawConn // nil: bytes of the wire are not those of the socket (TLS, pipes)

	// Owned by the reader.
	buf      []byte // borrowed; nil while nothing waits
	at, end  int    // the unread part of buf
	whole    []byte // a fragmented message, as far as it has come
	deadline time.Time
	usual    int    // bytes of the last frame: how much the next read asks for
	refusal  *Error // the last one, which may explain the close frame
	ready    bool   // hello is answered

	wmu    sync.Mutex // one frame at a time; before Room.mu
	last   uint32     // guarded by wmu: id of the last command
	closed bool       // guarded by wmu: a close frame was sent

	drainBy time.Time // guarded by Room.mu: the server leaves by then
}

// newConn takes a socket over behind its handshake, with what was read too far.
func newConn(nc net.Conn, early []byte) *conn {
	c := &conn{nc: nc, raw: rawConn(nc)}
	if len(early) > 0 {
		c.buf = borrow(len(early))
		c.end = copy(c.buf, early)
	}
	return c
}

// Buffers are borrowed only while bytes are in them. The small ones hold what
// a busy room says at once, the large ones any frame of the contract.
var (
	small = sync.Pool{New: func() any { return new([4 << 10]byte) }}
	large = sync.Pool{New: func() any { return new([wire.MaxServerFrame + 16]byte) }}
)

func borrow(size int) []byte {
	if size <= 4<<10 {
		return small.Get().(*[4 << 10]byte)[:]
	}
	return large.Get().(*[wire.MaxServerFrame + 16]byte)[:]
}

func giveBack(buf []byte) {
	switch len(buf) {
	case 4 << 10:
		small.Put((*[4 << 10]byte)(buf))
	case wire.MaxServerFrame + 16:
		large.Put((*[wire.MaxServerFrame + 16]byte)(buf))
	}
}

// release gives the buffer back when nothing is left in it.
func (c *conn) release() {
	if c.buf != nil && c.at == c.end {
		giveBack(c.buf)
		c.buf, c.at, c.end = nil, 0, 0
	}
}

// message gives the next text message, valid until the next call. Control
// frames are answered on the way. The error is a *Closed when the server said
// goodbye, else what broke the line.
func (c *conn) message() ([]byte, error) {
	c.whole = nil
	for {
		fin, op, payload, err := c.frame()
		if err != nil {
			return nil, err
		}
		switch op {
		case opPing:
			err = c.write(opPong, payload)
		case opPong:
		case opClose:
			return nil, c.goodbye(payload)
		case opBinary:
			err = c.protest(closeBinary, "binary frame")
		default:
			if fin && op == opText && c.whole == nil {
				return c.checked(payload)
			}
			if fin, err = c.join(fin, op, payload); fin && err == nil {
				return c.checked(c.whole)
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

// join collects fragments. The server sends none, a proxy on the way may.
func (c *conn) join(fin bool, op byte, payload []byte) (bool, error) {
	if (op == opText) != (c.whole == nil) {
		return false, c.protest(closeProtocol, "fragments out of order")
	}
	if len(c.whole)+len(payload) > wire.MaxServerFrame {
		return false, c.protest(closeTooLong, "message too long")
	}
	if c.whole == nil {
		c.whole = make([]byte, 0, 2*len(payload)+1)
	}
	c.whole = append(c.whole, payload...)
	return fin, nil
}

func (c *conn) checked(text []byte) ([]byte, error) {
	if !utf8.Valid(text) {
		return nil, c.protest(closeNotUTF8, "not UTF-8")
	}
	return text, nil
}

// goodbye reads a close frame and answers it (RFC 6455 §5.5.1).
func (c *conn) goodbye(payload []byte) error {
	closed := &Closed{Code: closeNoStatus}
	if len(payload) >= 2 {
		closed.Code = wire.CloseCode(binary.BigEndian.Uint16(payload))
		closed.Reason = string(payload[2:])
	}
	c.farewell(int(closed.Code), "")
	return closed
}

// protest ends the connection because the peer does not keep to the rules.
func (c *conn) protest(code int, what string) error {
	c.farewell(code, what)
	return fmt.Errorf("%w: %s", errNonsense, what)
}

// farewell sends a close frame, once and without patience.
func (c *conn) farewell(code int, reason string) {
	var payload []byte
	if code != closeNoStatus {
		payload = append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
	}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if !c.closed {
		_ = c.writeLocked(opClose, payload, time.Second)
		c.closed = true
	}
}

// frame gives the next frame; its payload is valid until the next call.
func (c *conn) frame() (fin bool, op byte, payload []byte, err error) {
	c.release()
	if err := c.need(2); err != nil {
		return false, 0, nil, err
	}
	head := c.buf[c.at:]
	fin, op = head[0]&0x80 != 0, head[0]&0x0f
	size, length := 2, int(head[1])
	switch {
	case head[0]&0x70 != 0 || length&0x80 != 0:
		return false, 0, nil, c.protest(closeProtocol, "reserved bits or a mask")
	case op >= opClose && (!fin || length > 125):
		return false, 0, nil, c.protest(closeProtocol, "long control frame")
	case op > opBinary && op < opClose || op > opPong:
		return false, 0, nil, c.protest(closeProtocol, "unknown kind of frame")
	case length == 126:
		size = 4
	case length == 127:
		size = 10
	}
	if length, err = c.length(size, length); err != nil {
		return false, 0, nil, err
	}
	if err := c.need(size + length); err != nil {
		return false, 0, nil, err
	}
	payload = c.buf[c.at+size : c.at+size+length]
	c.at += size + length
	c.usual = size + length
	return fin, op, payload, nil
}

// length reads the extended length, if there is one.
func (c *conn) length(size, length int) (int, error) {
	if size == 2 {
		return length, nil
	}
	if err := c.need(size); err != nil {
		return 0, err
	}
	long := uint64(binary.BigEndian.Uint16(c.buf[c.at+2:]))
	if size == 10 {
		long = binary.BigEndian.Uint64(c.buf[c.at+2:])
	}
	if long > wire.MaxServerFrame {
		return 0, c.protest(closeTooLong, "frame too long")
	}
	return int(long), nil
}

// need waits until so many bytes lie in the buffer from c.at on.
func (c *conn) need(size int) error {
	for c.end-c.at < size {
		if c.buf != nil && c.at+size > len(c.buf) {
			c.grow(size)
		}
		if err := c.fill(); err != nil {
			return err
		}
	}
	return nil
}

// grow makes room by moving the unread part to the front, of a larger buffer
// if need be.
func (c *conn) grow(size int) {
	buf := c.buf
	if size > len(buf) {
		buf = borrow(size)
	}
	n := copy(buf, c.buf[c.at:c.end])
	if &buf[0] != &c.buf[0] {
		giveBack(c.buf)
	}
	c.buf, c.at, c.end = buf, 0, n
}

// fill reads once, whatever there is.
func (c *conn) fill() error {
	if now := time.Now(); c.deadline.Before(now.Add(silence)) {
		c.deadline = now.Add(silence + recheck)
		_ = c.nc.SetReadDeadline(c.deadline)
	}
	n, err := c.read()
	if err != nil {
		c.release()
		return err
	}
	c.end += n
	return nil
}

func (c *conn) read() (int, error) {
	if c.raw != nil {
		return c.readRaw()
	}
	if c.buf == nil {
		c.buf = borrow(c.usual)
	}
	n, err := c.nc.Read(c.buf[c.end:])
	if n > 0 {
		return n, nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return 0, err
}

// write sends one frame. An error means that the connection is over: the
// reader is woken to find out.
func (c *conn) write(op byte, payload []byte) error {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	return c.writeLocked(op, payload, wire.WriteDeadline)
}

var errGone = errors.New("client: the connection is closed")

// writeLocked masks and sends, as clients must (RFC 6455 §5.3). The source of
// math/rand/v2 is a ChaCha8 seeded by the system.
func (c *conn) writeLocked(op byte, payload []byte, patience time.Duration) error {
	if c.closed {
		return errGone
	}
	frame := make([]byte, 0, len(payload)+14)
	switch n := len(payload); {
	case n <= 125:
		frame = append(frame, 0x80|op, 0x80|byte(n))
	case n <= 0xffff:
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|op, 0x80|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 0x80|op, 0x80|127), uint64(n))
	}
	mask := rand.Uint32()
	frame = binary.LittleEndian.AppendUint32(frame, mask)
	for i, b := range payload {
		frame = append(frame, b^byte(mask>>(8*(i&3))))
	}
	_ = c.nc.SetWriteDeadline(time.Now().Add(patience))
	if _, err := c.nc.Write(frame); err != nil {
		_ = c.nc.Close()
		return err
	}
	return nil
}

// shut lets go of everything; the reader calls it.
func (c *conn) shut() {
	_ = c.nc.Close()
	c.at = c.end
	c.release()
}
