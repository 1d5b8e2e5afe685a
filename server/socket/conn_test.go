package socket

import (
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"
)

func TestMessagesBothWays(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		var n Counters
		c, p := connect(Options{Observer: &n})
		h := newRecorder()
		c.Serve(h)
		for i := range 20 {
			in := fmt.Sprintf(`{"cmd":"chat.post","id":%d,"data":{"text":"%s"}}`, i, strings.Repeat("ü", i*i*10))
			background(t, func() { p.send(t, say(in)) })
			if got := h.next(t); got != in {
				t.Fatalf("got %.60q, want %.60q", got, in)
			}
			out := strings.Repeat("x", i*4000)
			if err := c.Send(AppendFrame(nil, []byte(out))); err != nil {
				t.Fatal(err)
			}
			if got := p.text(t); got != out {
				t.Fatalf("got %d bytes, want %d", len(got), len(out))
			}
		}
		c.Close(4506, "removed")
		if code, _ := p.code(t); code != 4506 {
			t.Fatalf("code %d", code)
		}
		p.send(t, sayClose(4506))
		p.silent(t)
		if err := h.end(t); err.Code != 4506 || err.Peer {
			t.Fatal(err)
		}
		if err := c.Send([]byte{0x81, 0}); err != ErrClosed {
			t.Fatalf("Send after the end: %v", err)
		}
		if r := n.Read(); r.Opened != 1 || r.Closed[4506] != 1 || r.FramesOut != 21 || r.FramesIn != 21 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestPeerCloses(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		c, p := connect(Options{})
		h := newRecorder()
		c.Serve(h)
		background(t, func() { p.send(t, say("one"), sayClose(1001)) })
		if got := h.next(t); got != "one" {
			t.Fatal(got)
		}
		if code, _ := p.code(t); code != 1001 {
			t.Fatalf("answered with %d", code)
		}
		p.silent(t)
		if err := h.end(t); err.Code != 1001 || !err.Peer {
			t.Fatal(err)
		}
	})
}

func TestPeerVanishes(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		c, p := connect(Options{})
		h := newRecorder()
		c.Serve(h)
		p.Close()
		if err := h.end(t); err.Code != CodeLost || err.Err == nil {
			t.Fatal(err)
		}
	})
}

func TestEarlyBytesAreKept(t *testing.T) {
	for _, secure := range []bool{false, true} {
		var n Counters
		s := newSite(t, Options{Observer: &n}, secure)
		long := strings.Repeat("y", 2000)
		c, p := s.connect(t, say(`{"pong":1}`), say("first"), say(`{"ping": 77}`), say(long), say("cut")[:5])
		h := newRecorder()
		c.Serve(h)
		if a, b := h.next(t), h.next(t); a != "first" || b != long {
			t.Fatalf("%q %q", a, b)
		}
		if got := p.text(t); got != `{"pong":77}` {
			t.Fatal(got)
		}
		p.send(t, say("cut")[5:])
		if got := h.next(t); got != "cut" {
			t.Fatal(got)
		}
		c.Close(1000, "")
		p.code(t)
		p.Close()
		h.end(t)
		if got := n.Read().FramesIn; got != 5 {
			t.Fatalf("%d frames were seen", got)
		}
	}
}

func TestCloseBeforeServe(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		c, p := connect(Options{})
		c.Close(4007, "overloaded")
		if code, _ := p.code(t); code != 4007 {
			t.Fatal(code)
		}
		p.silent(t)
		h := newRecorder()
		c.Serve(h)
		if err := h.end(t); err.Code != 4007 {
			t.Fatal(err)
		}
	})
}

// TestBrokenPipe: a peer that reset the connection is noticed by Send, served or not.
func TestBrokenPipe(t *testing.T) {
	for _, serve := range []bool{true, false} {
		var n Counters
		c, p := newSite(t, Options{Observer: &n}, false).connect(t)
		h := newRecorder()
		if serve {
			c.Serve(h)
		}
		p.Conn.(*net.TCPConn).SetLinger(0)
		p.Close()
		for c.Send(AppendFrame(nil, []byte("x"))) != ErrClosed {
			runtime.Gosched()
		}
		if !serve {
			c.Serve(h)
		}
		if err := h.end(t); err.Code != CodeLost || errors.Unwrap(err) == nil {
			t.Fatal(err)
		}
		if r := n.Read(); r.Closed[CodeLost] != 1 {
			t.Fatalf("%+v", r)
		}
	}
}

// TestClosedConnIsCollected: the library's Conn has a finalizer and is part of a cycle with
// ours; both must be free after the end, whichever way it came.
func TestClosedConnIsCollected(t *testing.T) {
	for name, end := range map[string]func(*Conn, *peer){
		"peer closes": func(c *Conn, p *peer) { p.Write(sayClose(1000)) },
		"peer goes":   func(c *Conn, p *peer) { p.Close() },
		"we close":    func(c *Conn, p *peer) { c.Close(4000, "drain"); p.Write(sayClose(4000)) },
		"abuse":       func(c *Conn, p *peer) { p.Write(AppendFrame(nil, nil)); p.Close() },
	} {
		c, p := newSite(t, Options{Sweeper: NewSweeper(SweeperOptions{})}, false).connect(t)
		h := newRecorder()
		c.Serve(h)
		gone := weak.Make(c)
		end(c, p)
		h.end(t)
		c.sweeper.young = nil // it looks at newcomers for 5 s
		c = nil
		for late := time.Now().Add(10 * time.Second); gone.Value() != nil; runtime.GC() {
			if time.Now().After(late) {
				t.Fatalf("%s: still held", name)
			}
			runtime.Gosched()
		}
	}
}

func TestErrorsTellTheStory(t *testing.T) {
	for want, err := range map[string]error{
		`socket: closed: 4001 "slow_consumer"`:              &CloseError{Code: CodeSlow, Reason: "slow_consumer"},
		`socket: closed by peer: 1001 ""`:                   &CloseError{Code: 1001, Peer: true},
		`socket: connection lost: EOF`:                      &CloseError{Code: CodeLost, Err: io.EOF},
		`socket: this origin may not connect`:               ErrOrigin,
		`socket: the subprotocol greenroom.v1 is required`:  ErrSubprotocol,
		`socket: only WebSocket version 13 is spoken here`:  ErrVersion,
		`socket: Sec-WebSocket-Key is missing or malformed`: ErrKey,
		`socket: not a WebSocket handshake over HTTP/1.1`:   ErrNotUpgrade,
		`socket: only pages of this site may connect`:       ErrCrossSite,
		`socket: a WebSocket handshake is a GET`:            ErrMethod,
		`socket: a WebSocket handshake has no body`:         ErrBody,
		`socket: slow consumer`:                             ErrSlow,
	} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
}
