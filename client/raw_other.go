//go:build !unix

package client

import (
	"errors"
	"net"
	"syscall"
)

// rawConn is none: every connection reads through net, as under TLS.
func rawConn(net.Conn) syscall.RawConn { return nil }

func (c *conn) readRaw() (int, error) { return 0, errors.ErrUnsupported }
