//go:build !unix

package socket

import (
	"errors"
	"syscall"
)

// haveRaw is false: every connection reads and writes through net, as under TLS.
const haveRaw = false

func tryWrite(syscall.RawConn, []byte) (int, error) { return 0, errors.ErrUnsupported }

func (c *Conn) readable(uintptr) bool { return true }

func (c *Conn) drainRaw() {}
