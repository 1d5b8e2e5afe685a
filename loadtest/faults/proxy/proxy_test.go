package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

const patience = 20 * time.Second

// echo is a server that says every line back, and a proxy before it.
func echo(t *testing.T) *Proxy { return echoFor(t, Options{}) }

func echoFor(t *testing.T, o Options) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer nc.Close(); _, _ = io.Copy(nc, nc) }()
		}
	}()
	p, err := Start(l.Addr().String(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

type peer struct {
	net.Conn
	lines *bufio.Reader
}

func dial(t *testing.T, p *Proxy) peer {
	t.Helper()
	nc, err := net.Dial("tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(patience))
	return peer{nc, bufio.NewReader(nc)}
}

func (c peer) say(t *testing.T, text string) {
	t.Helper()
	if _, err := fmt.Fprintln(c, text); err != nil {
		t.Fatal(err)
	}
}

func (c peer) hears(t *testing.T, text string) {
	t.Helper()
	if got, err := c.lines.ReadString('\n'); err != nil || got != text+"\n" {
		t.Fatalf("heard %q and %v, want %q", got, err, text)
	}
}

func TestEverythingPasses(t *testing.T) {
	p := echo(t)
	c := dial(t, p)
	c.say(t, "one")
	c.hears(t, "one")
	_ = c.Conn.(*net.TCPConn).CloseWrite()
	if rest, err := io.ReadAll(c.lines); err != nil || len(rest) > 0 {
		t.Errorf("after the end: %q, %v", rest, err)
	}
}

func TestCut(t *testing.T) {
	p := echo(t)
	c := dial(t, p)
	c.say(t, "one")
	c.hears(t, "one")
	p.Cut()
	if _, err := c.lines.ReadString('\n'); err == nil {
		t.Error("the line is still there")
	}
	p.Set(Way{Refuse: true})
	if _, err := dial(t, p).lines.ReadString('\n'); err == nil {
		t.Error("somebody is let through")
	}
}

// What is held comes when it may, in order and whole.
func TestHalfOpen(t *testing.T) {
	for _, way := range []Way{{NoUp: true}, {NoDown: true}} {
		p := echo(t)
		c := dial(t, p)
		p.Set(way)
		c.say(t, "one")
		c.say(t, "two")
		_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if b, err := c.lines.Peek(1); err == nil {
			t.Errorf("%+v: %q came through", way, b)
		}
		_ = c.SetReadDeadline(time.Now().Add(patience))
		p.Set(Way{})
		c.hears(t, "one")
		c.hears(t, "two")
	}
}

func TestLatency(t *testing.T) {
	p := echo(t)
	c := dial(t, p)
	p.Set(Way{Latency: 30 * time.Millisecond})
	began := time.Now()
	c.say(t, "one")
	c.hears(t, "one")
	if took := time.Since(began); took < 60*time.Millisecond {
		t.Errorf("there and back took %s", took)
	}
}
