package main

import (
	"io"
	"net"
	"net/url"
	"sync"
)

// line is the way from the servers to Redis. It can be cut.
type line struct {
	listener net.Listener
	to       string

	mu     sync.Mutex // guards the rest
	closed bool
	open   map[net.Conn]bool
}

// lay makes a way to Redis and gives its URL for the servers.
func lay(redis string) (*line, string, error) {
	u, err := url.Parse(redis)
	if err != nil {
		return nil, "", err
	}
	l := &line{to: u.Host, open: map[net.Conn]bool{}}
	if l.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, "", err
	}
	u.Host = l.listener.Addr().String()
	go l.serve()
	return l, u.String(), nil
}

func (l *line) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.to)
		if err != nil || !l.keep(near, far) {
			_ = near.Close()
			continue
		}
		go l.carry(near, far)
		go l.carry(far, near)
	}
}

// keep says whether the way is still there.
func (l *line) keep(both ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range both {
		if l.closed {
			_ = c.Close()
			continue
		}
		l.open[c] = true
	}
	return !l.closed
}

func (l *line) carry(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	_, _ = from.Close(), to.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, from)
}

// cut ends all that goes this way; nothing comes through any more.
func (l *line) cut() {
	_ = l.listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for c := range l.open {
		_ = c.Close()
	}
}
