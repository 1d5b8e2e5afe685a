//go:build unix

package socket

import (
	"io"
	"sync"
	"syscall"
)

// haveRaw says that sockets can be read and written here without waiting.
const haveRaw = true

// writeOp is one attempt to write. Its closure is made once and kept with it: a closure per
// Send would be an allocation per recipient of a broadcast.
type writeOp struct {
	try func(fd uintptr) bool
	p   []byte
	n   int
	err error
}

var writeOps = sync.Pool{New: func() any {
	op := new(writeOp)
	op.try = op.write
	return op
}}

// write tells the poller that it is done, whatever came of it: nobody waits here.
func (op *writeOp) write(fd uintptr) bool {
	op.n, op.err = noWait(syscall.Write, fd, op.p)
	if op.err == syscall.EAGAIN {
		op.err = nil
	}
	return true
}

// tryWrite writes what the kernel takes at once; 0 without an error if it takes nothing.
func tryWrite(raw syscall.RawConn, p []byte) (int, error) {
	op := writeOps.Get().(*writeOp)
	op.p = p
	err := raw.Write(op.try)
	if err == nil {
		err = op.err
	}
	n := op.n
	op.p, op.n, op.err = nil, 0, nil
	writeOps.Put(op)
	return n, err
}

// drainRaw writes from the outbox what the kernel takes, and parks until it takes more or the
// deadline has come. Parked, it holds no buffer: there may be thousands of slow readers.
func (c *Conn) drainRaw() {
	err := c.raw.Write(func(fd uintptr) bool {
		chunk := chunks.Get().(*[chunkSize]byte)
		defer chunks.Put(chunk)
		for {
			n := c.gather(chunk[:])
			if n == 0 {
				return true
			}
			n, err := noWait(syscall.Write, fd, chunk[:n])
			if err == syscall.EAGAIN {
				return false
			}
			if c.drained(n, err); err != nil {
				return true
			}
		}
	})
	if err != nil {
		c.drained(0, err)
	}
}

// noWait is one system call on a socket; net's sockets never block.
func noWait(call func(int, []byte) (int, error), fd uintptr, p []byte) (int, error) {
	for {
		n, err := call(int(fd), p)
		if err == nil {
			return n, nil
		}
		if err != syscall.EINTR {
			return 0, err
		}
	}
}

// readable takes what has come; false parks the reader until something does. A parked reader
// holds no buffer.
func (c *Conn) readable(fd uintptr) bool {
	in := inputs.Get().(*input)
	n, err := noWait(syscall.Read, fd, in.b[:])
	if n > 0 {
		in.r, in.w = 0, n
		c.in = in
		return true
	}
	inputs.Put(in)
	switch err {
	case syscall.EAGAIN:
		return false
	case nil:
		err = io.EOF
	}
	c.readErr = err
	return true
}
