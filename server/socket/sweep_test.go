package socket

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// swept runs f in a bubble with a sweeper that is stopped at the end.
func swept(t *testing.T, f func(t *testing.T, s *Sweeper)) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSweeper(SweeperOptions{})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { s.Run(ctx); close(done) }()
		f(t, s)
		stop()
		<-done
		if s.Len() != 0 {
			t.Errorf("%d connections are left", s.Len())
		}
	})
}

func TestPings(t *testing.T) {
	swept(t, func(t *testing.T, s *Sweeper) {
		time.Sleep(107 * time.Second) // who comes late is not silent
		c, p := overPipe(t, Options{Sweeper: s})
		h := newRecorder()
		c.Serve(h)
		c.Ready()
		last := time.Now()
		for i := range 20 {
			var ms int64
			if _, err := fmt.Sscanf(p.text(t), `{"ping":%d}`, &ms); err != nil || ms != time.Now().UnixMilli() {
				t.Fatal(ms, err)
			}
			if gap := time.Since(last); gap > 25*time.Second || i > 0 && gap != 25*time.Second {
				t.Fatalf("ping %d after %v", i, gap)
			}
			last = time.Now()
			p.send(t, say(fmt.Sprintf(`{"pong":%d}`, ms)))
		}
		if len(h.messages) != 0 {
			t.Fatal("a heartbeat reached the handler")
		}
		p.Close()
		<-h.closed
	})
}

// TestSilence: 45 s without a frame, of whatever kind, and not a moment earlier.
func TestSilence(t *testing.T) {
	for name, frame := range map[string][]byte{
		"nothing": nil, "message": say("x"), "pong": say(`{"pong":1}`), "fragment": masked(opText, "x"), "empty": say(""),
		"WebSocket pong": masked(finBit|0xA, ""),
	} {
		swept(t, func(t *testing.T, s *Sweeper) {
			c, p := overPipe(t, Options{Sweeper: s})
			h := newRecorder()
			c.Serve(h)
			c.Ready()
			var last atomic.Pointer[time.Time]
			heard := func() { now := time.Now(); last.Store(&now) }
			heard()
			go func() {
				for i := 0; frame != nil && i < 4; i++ {
					time.Sleep(40 * time.Second)
					p.Write(frame)
					heard()
					if frame[0] == opText {
						frame = masked(opContinuation, "x")
					}
				}
			}()
			code, _ := p.code(t)
			if took := time.Since(*last.Load()); code != CodeNoPong || took < 45*time.Second || took > 51*time.Second {
				t.Errorf("%s: %d after %v", name, code, took)
			}
			p.Close()
			<-h.closed
		})
	}
}

// TestHelloDeadline: 5 s from Accept, whatever is said, unless Ready; served or not.
func TestHelloDeadline(t *testing.T) {
	swept(t, func(t *testing.T, s *Sweeper) {
		for _, serve := range []bool{true, false} {
			c, p := overPipe(t, Options{Sweeper: s})
			h := newRecorder()
			if serve {
				c.Serve(h)
				p.send(t, say("not a hello"))
			}
			begin := time.Now()
			code, _ := p.code(t)
			if took := time.Since(begin); code != CodeHelloTimeout || took < 5*time.Second || took > 5200*time.Millisecond {
				t.Errorf("%d after %v", code, took)
			}
			p.Close()
			if serve {
				<-h.closed
			}
			synctest.Wait()
		}
		c, p := overPipe(t, Options{Sweeper: s})
		h := newRecorder()
		c.Serve(h)
		time.Sleep(4 * time.Second)
		c.Ready()
		go p.code(t)
		time.Sleep(20 * time.Second)
		if len(h.closed) != 0 {
			t.Error("closed although ready")
		}
		c.Close(1000, "")
		<-h.closed
		p.Close()
	})
}

// TestSweeperCount: connections come and go in any order, and the sweeper knows which are there.
func TestSweeperCount(t *testing.T) {
	s := NewSweeper(SweeperOptions{})
	there := map[*Conn]bool{}
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		if r.IntN(5) < 3 {
			c := newConn(Options{}.withDefaults())
			s.add(c)
			there[c] = true
		} else {
			for c := range there {
				s.remove(c)
				delete(there, c)
				break
			}
		}
	}
	n := 0
	for c := range s.All() {
		if !there[c] {
			t.Fatal("one that has gone")
		}
		n++
	}
	if n != len(there) || s.Len() != n {
		t.Fatalf("%d seen, %d counted, %d there", n, s.Len(), len(there))
	}
	for range s.All() {
		break
	}
}

// TestPauseIsNoSilence: ticks that were missed do not count.
func TestPauseIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSweeper(SweeperOptions{})
		c, p := overPipe(t, Options{Sweeper: s})
		h := newRecorder()
		c.Serve(h)
		c.Ready()
		time.Sleep(time.Hour) // nobody sweeps
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		go func() { p.tryFrame(); p.tryFrame() }()
		s.Run(ctx)
		if len(h.closed) != 0 {
			t.Fatal("closed")
		}
		p.Close()
		<-h.closed
	})
}
