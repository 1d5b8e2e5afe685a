package socket

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestSlowReader: who does not read holds a bounded number of bytes, is closed with 4001, and
// what did reach it are whole frames, in order, without a hole before the close frame.
func TestSlowReader(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		var n Counters
		c, p := connect(Options{Observer: &n, Outbox: 64 << 10})
		h := newRecorder()
		c.Serve(h)
		pad := strings.Repeat("x", 1000)
		sent := 0
		for ; ; sent++ {
			err := c.Send(AppendFrame(nil, fmt.Appendf(nil, "%d %s", sent, pad)))
			if b := c.Buffered(); b > 64<<10 {
				t.Fatalf("%d bytes buffered", b)
			}
			if err == ErrSlow {
				break
			}
			if err != nil || sent > 100_000 {
				t.Fatalf("%d: %v", sent, err)
			}
		}
		if err := c.Send(AppendFrame(nil, nil)); err != ErrClosed {
			t.Fatalf("after ErrSlow: %v", err)
		}
		code, got := p.code(t)
		if code != CodeSlow {
			t.Fatalf("code %d", code)
		}
		for i, s := range got {
			if want := fmt.Sprintf("%d %s", i, pad); s != want {
				t.Fatalf("frame %d: %.20q", i, s)
			}
		}
		if len(got) > sent {
			t.Fatalf("%d frames came, %d were sent", len(got), sent)
		}
		p.send(t, sayClose(4001))
		p.silent(t)
		if err := h.end(t); err.Code != CodeSlow {
			t.Fatal(err)
		}
		if r := n.Read(); r.Slow != 1 || r.Closed[CodeSlow] != 1 || r.Most == 0 || r.Most > 64<<10 {
			t.Fatalf("%+v", r)
		}
	})
}

// TestNeverReads: the socket of a peer that reads nothing at all is gone after the linger.
func TestNeverReads(t *testing.T) {
	c, _ := newSite(t, Options{Outbox: 64 << 10, Linger: 50 * time.Millisecond}, false).connect(t)
	h := newRecorder()
	c.Serve(h)
	frame := AppendFrame(nil, bytes.Repeat([]byte("x"), 10000))
	for c.Send(frame) == nil {
	}
	if err := h.end(t); err.Code != CodeSlow {
		t.Fatal(err)
	}
	if b := c.Buffered(); b != 0 {
		t.Fatalf("%d bytes are still held", b)
	}
}

// TestStall: 10 s without progress is slow; a byte now and then is not.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := overPipe(t, Options{})
		h := newRecorder()
		c.Serve(h)
		c.Send(AppendFrame(nil, []byte("hello, world")))
		var got []byte
		for range 5 {
			time.Sleep(9 * time.Second)
			var b [1]byte
			io.ReadFull(p.br, b[:]) // bufio takes more than that, but only once
			got = append(got, b[:]...)
		}
		io.ReadFull(p.br, make([]byte, 9))
		synctest.Wait()
		if c.Buffered() != 0 || string(got) != "\x81\x0chel" {
			t.Fatalf("%d buffered, got %q", c.Buffered(), got)
		}
		c.Send(AppendFrame(nil, []byte("one")))
		c.Send(AppendFrame(nil, []byte("two")))
		begin := time.Now()
		err := <-h.closed
		if took := time.Since(begin); took != DefaultStall+DefaultLinger || err.Code != CodeSlow {
			t.Fatalf("%v after %v", err, took)
		}
		p.Close()
	})
}

// TestStallThenRead: a peer that comes back within the linger learns why.
func TestStallThenRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := overPipe(t, Options{})
		h := newRecorder()
		c.Serve(h)
		c.Send(AppendFrame(nil, []byte("one")))
		c.Send(AppendFrame(nil, []byte("two")))
		time.Sleep(DefaultStall + time.Second)
		code, before := p.code(t)
		if code != CodeSlow || len(before) > 2 {
			t.Fatal(code, before)
		}
		go p.Write(sayClose(4001))
		if err := <-h.closed; err.Code != CodeSlow {
			t.Fatal(err)
		}
		p.Close()
	})
}

// TestProgressIsNoStall: the deadline begins anew with every byte that is taken.
func TestProgressIsNoStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := overPipe(t, Options{})
		h := newRecorder()
		c.Serve(h)
		c.Send(AppendFrame(nil, []byte(strings.Repeat("x", 98))))
		var b [1]byte
		for range 100 {
			time.Sleep(9 * time.Second)
			if _, err := p.Conn.Read(b[:]); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if c.Buffered() != 0 {
			t.Fatal(c.Buffered())
		}
		p.Close()
		<-h.closed
	})
}

// TestStallEnds: the deadline of bytes that waited does not outlive them.
func TestStallEnds(t *testing.T) {
	const stall = 500 * time.Millisecond // a busy machine reads late
	c, p := newSite(t, Options{Stall: stall}, false).connect(t)
	h := newRecorder()
	c.Serve(h)
	c.nc.(*net.TCPConn).SetWriteBuffer(16 << 10)
	n := 0
	for ; c.Buffered() == 0; n++ {
		c.Send(AppendFrame(nil, bytes.Repeat([]byte("x"), 10000)))
	}
	for range n {
		p.text(t)
	}
	for begin := time.Now(); time.Since(begin) < 3*stall; {
		if err := c.Send(AppendFrame(nil, []byte("y"))); err != nil {
			t.Fatal(err)
		}
		p.text(t)
	}
	p.Close()
	h.end(t)
}

// TestSheddingKeepsFramesWhole: whatever had begun when the outbox ran over, the peer sees whole
// frames and the reason. Frames come singly and in rows; the peer reads in random pieces.
func TestSheddingKeepsFramesWhole(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			c, p := overPipe(t, Options{Outbox: 2000 + r.IntN(40000)})
			h := newRecorder()
			c.Serve(h)
			var in bytes.Buffer
			read := make(chan struct{})
			go func() {
				defer close(read)
				b := make([]byte, 20000)
				for {
					n, err := p.Conn.Read(b[:1+r.IntN(len(b))])
					in.Write(b[:n])
					if err != nil {
						return
					}
					time.Sleep(time.Duration(r.IntN(20)) * time.Millisecond)
					if bytes.HasSuffix(in.Bytes(), closeFrame(CodeSlow, "slow_consumer")) {
						p.Write(sayClose(CodeSlow))
					}
				}
			}()
			w := rand.New(rand.NewPCG(seed, 2))
			var err error
			next := 0
			for err == nil {
				var frames []byte
				for range 1 + w.IntN(3) {
					frames = AppendFrame(frames, fmt.Appendf(nil, "%d %s", next, strings.Repeat("x", w.IntN(3000))))
					next++
				}
				if err = c.Send(frames); err == nil && w.IntN(4) == 0 {
					time.Sleep(time.Duration(w.IntN(12)) * time.Millisecond)
				}
			}
			if err != ErrSlow {
				t.Fatal(err)
			}
			if e := <-h.closed; e.Code != CodeSlow {
				t.Fatal(e)
			}
			p.Close()
			<-read
			whole(t, in.Bytes())
		})
	}
}

// TestSheddingOverTCP is the same with the kernel's partial writes, made likely by small buffers.
func TestSheddingOverTCP(t *testing.T) {
	s := newSite(t, Options{Outbox: 30000}, false)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3))
		c, p := s.connect(t)
		c.nc.(*net.TCPConn).SetWriteBuffer(16 << 10)
		p.Conn.(*net.TCPConn).SetReadBuffer(64 << 10)
		h := newRecorder()
		c.Serve(h)
		var in bytes.Buffer
		background(t, func() {
			var err error
			for next := 0; err == nil; {
				var frames []byte
				for range 1 + r.IntN(3) {
					frames = AppendFrame(frames, fmt.Appendf(nil, "%d %s", next, strings.Repeat("x", r.IntN(3000))))
					next++
				}
				err = c.Send(frames)
			}
		})
		b := make([]byte, 5000)
		for end := closeFrame(CodeSlow, "slow_consumer"); !bytes.HasSuffix(in.Bytes(), end); {
			n, err := p.Conn.Read(b)
			if in.Write(b[:n]); err != nil {
				t.Fatal(err)
			}
			for range 1000 {
				runtime.Gosched()
			}
		}
		p.send(t, sayClose(CodeSlow))
		h.end(t)
		whole(t, in.Bytes())
	}
}

// TestSlowReadersShareFrames: a broadcast waits once for all who do not read; each has a chunk under
// way and a stack of its own.
func TestSlowReadersShareFrames(t *testing.T) {
	s := newSite(t, Options{}, false)
	const n = 100
	var conns []*Conn
	var peers []*peer
	for range n {
		c, p := s.connect(t)
		c.nc.(*net.TCPConn).SetWriteBuffer(2048)
		p.Conn.(*net.TCPConn).SetReadBuffer(2048)
		conns, peers = append(conns, c), append(peers, p)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 200 {
		frame := AppendFrame(nil, bytes.Repeat([]byte("x"), 1000))
		for _, c := range conns {
			if err := c.Send(frame); err != nil {
				t.Fatal(err)
			}
		}
	}
	held := 0
	for _, c := range conns {
		held += c.Buffered()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n; per > 64<<10 || held < n*100_000 {
		t.Errorf("%d bytes per slow reader, who waits for %d", per, held/n)
	}
	for i, c := range conns {
		peers[i].Close()
		c.Serve(newRecorder())
		c.handler.(*recorder).end(t)
	}
}

// whole checks numbered frames and a close frame 4001 at the end.
func whole(t *testing.T, in []byte) {
	t.Helper()
	for at, want := 0, 0; at < len(in); want++ {
		n := frameLen(in[at:])
		if n == 0 || at+n > len(in) {
			t.Fatalf("a torn frame after %d", want)
		}
		frame := in[at : at+n]
		at += n
		if frame[0] == finBit|opClose {
			if closeCode(frame) != CodeSlow || at != len(in) {
				t.Fatalf("%q, then %d bytes", frame, len(in)-at)
			}
			return
		}
		text := frame[2:]
		if n > 127 {
			text = frame[4:]
		}
		if number, _, _ := strings.Cut(string(text), " "); number != strconv.Itoa(want) {
			t.Fatalf("frame %s, want %d", number, want)
		}
	}
	t.Fatal("no close frame")
}
