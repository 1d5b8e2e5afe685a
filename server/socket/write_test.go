package socket

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestNothingAfterClose: not even what the library has to say to bytes it had already.
func TestNothingAfterClose(t *testing.T) {
	c, p := newSite(t, Options{}, false).connect(t)
	h := newRecorder()
	c.Close(4000, "drain")
	for _, frame := range [][]byte{appendHeader(nil, 0xA, 0), closeFrame(1000, "bye")} {
		for i := range frame { // as its small buffer may cut it
			if n, err := (*door)(c).Write(frame[i : i+1]); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}
	}
	if code, before := p.code(t); code != 4000 || len(before) > 0 {
		t.Fatal(code, before)
	}
	p.silent(t)
	c.Serve(h)
	h.end(t)
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
