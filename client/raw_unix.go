//go:build unix

package client

import (
	"io"
	"net"
	"syscall"
)

// rawConn is set only for sockets whose bytes are the wire's bytes, never for
// a wrapper, which may have buffered or encrypted.
func rawConn(nc net.Conn) syscall.RawConn {
	var sc syscall.Conn
	switch nc := nc.(type) {
	case *net.TCPConn:
		sc = nc
	case *net.UnixConn:
		sc = nc
	default:
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil // closed already: the first read will say so
	}
	return raw
}

// readRaw waits without holding a buffer: it borrows one when bytes are there.
func (c *conn) readRaw() (n int, err error) {
	waited := c.raw.Read(func(fd uintptr) bool {
		if c.buf == nil {
			c.buf = borrow(c.usual)
		}
		for {
			n, err = syscall.Read(int(fd), c.buf[c.end:])
			if err != syscall.EINTR {
				break
			}
		}
		if err == syscall.EAGAIN {
			c.release()
			return false
		}
		return true
	})
	switch {
	case waited != nil:
		return 0, waited
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
