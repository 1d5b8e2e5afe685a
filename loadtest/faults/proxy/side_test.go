package proxy

import (
	"net"
	"strings"
	"testing"
	"time"
)

// What is done to one side is not felt by the others.
func TestSide(t *testing.T) {
	p := echoFor(t, Options{Who: func(first []byte) string { return strings.TrimSpace(string(first)) }})
	greet := func(name string) peer {
		c := dial(t, p)
		c.say(t, name)
		c.hears(t, name)
		return c
	}
	ada, ben := greet("ada"), greet("ben")

	Sides{p.Side("ben")}.Set(Way{NoDown: true})
	ben.say(t, "three")
	ada.say(t, "four")
	ada.hears(t, "four")
	_ = ben.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if b, err := ben.lines.Peek(1); err == nil {
		t.Errorf("%q came through", b)
	}
	_ = ben.SetReadDeadline(time.Now().Add(patience))
	p.Side("ben").Set(Way{})
	ben.hears(t, "three")

	Sides{p.Side("ben")}.Cut()
	if _, err := ben.lines.ReadString('\n'); err == nil {
		t.Error("ben is still there")
	}
	p.Side("ben").Set(Way{Refuse: true})
	again := dial(t, p)
	again.say(t, "ben")
	if _, err := again.lines.ReadString('\n'); err == nil {
		t.Error("ben is let through")
	}
	greet("cleo")
	ada.say(t, "five")
	ada.hears(t, "five")
}

func TestNarrow(t *testing.T) {
	p := echoFor(t, Options{Buffer: 16 << 10})
	c := dial(t, p)
	_ = c.Conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	_ = c.SetWriteDeadline(time.Now().Add(2 * time.Second))
	sent := 0
	for sent < 64<<20 {
		n, err := c.Write(make([]byte, 64<<10))
		if sent += n; err != nil {
			break
		}
	}
	if sent >= 64<<20 {
		t.Error("nobody reads, and all of 64 MB was taken")
	}
}
