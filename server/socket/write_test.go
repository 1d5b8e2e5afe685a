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
	"sync"
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
		if r := n.Read(); r.Slow != 1 || r.Closed[CodeSlow] != 1 {
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

// TestLinger: a closed connection waits for the peer's close frame, but not for long.
func TestLinger(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*peer)
		want time.Duration
	}{
		"answers":       {func(p *peer) { p.Write(sayClose(4000)) }, 0},
		"goes":          {func(p *peer) { p.Close() }, 0},
		"never answers": {func(p *peer) {}, DefaultLinger},
		"goes on talking": {func(p *peer) {
			for _, err := p.Write(say("x")); err == nil; _, err = p.Write(say("x")) {
				time.Sleep(100 * time.Millisecond)
			}
		}, DefaultLinger},
		"talks and answers": {func(p *peer) {
			p.Write(say("x"))
			time.Sleep(time.Second)
			p.Write(append(say("y"), sayClose(4000)...))
		}, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			conn, p := overPipe(t, Options{})
			h := newRecorder()
			conn.Serve(h)
			begin := time.Now()
			conn.Close(4000, "drain")
			conn.Close(4506, "too late")
			if code, _ := p.code(t); code != 4000 {
				t.Fatal(code)
			}
			done := make(chan struct{})
			go func() { c.do(p); close(done) }()
			err := <-h.closed
			if took := time.Since(begin); took != c.want || err.Code != 4000 {
				t.Errorf("%s: %v after %v, want %v", name, err, took, c.want)
			}
			if len(h.messages) != 0 {
				t.Errorf("%s: a message after the close frame", name)
			}
			p.Close()
			<-done
		})
	}
}

// TestConcurrentSendAndClose: from many goroutines, each one's frames come in its order, the
// close frame is last and nothing is torn.
func TestConcurrentSendAndClose(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		c, p := connect(Options{Outbox: 8 << 20})
		h := newRecorder()
		c.Serve(h)
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range 300 {
					text := fmt.Sprintf("%d %d %s", g, i, strings.Repeat("x", (g*i*37)%3000))
					if c.Send(AppendFrame(nil, []byte(text))) == ErrClosed {
						return
					}
					if g == 0 && i == 200 {
						go c.Close(4000, "drain")
						go c.Close(4001, "other")
					}
				}
			})
		}
		code, got := p.code(t)
		if code != 4000 && code != 4001 {
			t.Fatal(code)
		}
		next := map[int]int{}
		for _, s := range got {
			parts := strings.SplitN(s, " ", 3)
			g, _ := strconv.Atoi(parts[0])
			if i, _ := strconv.Atoi(parts[1]); i != next[g] || len(parts[2]) != (g*i*37)%3000 {
				t.Fatalf("goroutine %d: %d came, want %d", g, i, next[g])
			}
			next[g]++
		}
		p.send(t, sayClose(code))
		p.silent(t)
		h.end(t)
		wg.Wait()
	})
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

// TestSlowReadersShareFrames: a broadcast waits once for all who do not read.
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
	if per := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n; per > 16<<10 || held < n*100_000 {
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

// TestEverythingAtOnce: a peer that says everything byte by byte, while broadcasts, heartbeats
// and answers of the library go out between.
func TestEverythingAtOnce(t *testing.T) {
	transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
		c, p := connect(Options{Outbox: 8 << 20})
		h := newRecorder()
		c.Serve(h)
		answered := make(chan struct{}) // a peer that closes is not answered what still waits
		const n = 4                     // 9 control frames: below the limit, whatever the clock does
		background(t, func() {
			for i := range n {
				for _, f := range [][]byte{
					say(fmt.Sprintf("message %d", i)), masked(finBit|0x9, strings.Repeat(strconv.Itoa(i), 125)), say(fmt.Sprintf(`{"ping":%d}`, i)),
					masked(opText, "frag"), masked(finBit|opContinuation, fmt.Sprintf("ment %d", i)),
				} {
					for j := range f {
						p.Write(f[j : j+1])
					}
				}
			}
			<-answered
			p.Write(sayClose(1000))
		})
		stop := make(chan struct{})
		background(t, func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if c.Send(AppendFrame(nil, fmt.Appendf(nil, "broadcast %d %s", i, strings.Repeat("b", i%500)))) != nil {
					return
				}
				if i%100 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		})
		broadcast, pongs, beats := 0, 0, 0
		for {
			op, s := p.frame(t)
			if op == opClose {
				if s != "\x03\xe8" {
					t.Fatalf("closed with %q", s)
				}
				break
			}
			switch {
			case op == 0xA:
				if s != strings.Repeat(strconv.Itoa(pongs), 125) {
					t.Fatalf("pong %q", s)
				}
				pongs++
			case strings.HasPrefix(s, `{"pong":`):
				if s != fmt.Sprintf(`{"pong":%d}`, beats) {
					t.Fatal(s)
				}
				if beats++; beats == n { // the last of all answers
					close(answered)
				}
			default:
				if want := fmt.Sprintf("broadcast %d %s", broadcast, strings.Repeat("b", broadcast%500)); s != want {
					t.Fatalf("%q, want %q", s, want)
				}
				broadcast++
			}
		}
		close(stop)
		p.silent(t)
		if pongs != n || beats != n {
			t.Errorf("%d pongs, %d heartbeats, want %d", pongs, beats, n)
		}
		h.end(t)
		close(h.messages)
		var got []string
		for m := range h.messages {
			got = append(got, m)
		}
		if len(got) != 2*n || got[0] != "message 0" || got[2*n-1] != fmt.Sprintf("fragment %d", n-1) {
			t.Errorf("%q", got)
		}
	})
}
