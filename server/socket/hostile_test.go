package socket

import (
	"bytes"
	"compress/flate"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestMalformed feeds what RFC 6455 forbids, whole and byte by byte, after a good message.
func TestMalformed(t *testing.T) {
	join := func(frames ...[]byte) []byte { return bytes.Join(frames, nil) }
	fragments := func(n int) []byte {
		return join(masked(opText, "0"), bytes.Repeat(masked(opContinuation, "x"), n-2), masked(finBit|opContinuation, "1"))
	}
	unmasked := AppendFrame(nil, []byte("hello"))
	for _, c := range []struct {
		name string
		in   []byte
		want int
	}{
		{"RSV1", masked(finBit|0x40|opText, "x"), 1002},
		{"RSV2", masked(finBit|0x20|opText, "x"), 1002},
		{"RSV3", masked(finBit|0x10|opText, "x"), 1002},
		{"RSV1 on a ping", masked(finBit|0x40|0x9, "x"), 1002},
		{"unmasked", unmasked, 1002},
		{"unmasked close", closeFrame(1000, ""), 1002},
		{"reserved opcode 3", masked(finBit|0x3, "x"), 1002},
		{"reserved opcode 11", masked(finBit|0xB, ""), 1002},
		{"reserved opcode 15", masked(finBit|0xF, ""), 1002},
		{"length with the highest bit", []byte("\x81\xff\x80\x00\x00\x00\x00\x00\x00\x01mask"), 1002},
		{"fragmented ping", masked(0x9, "x"), 1002},
		{"long ping", masked(finBit|0x9, strings.Repeat("x", 126)), 1002},
		{"continuation of nothing", masked(finBit|opContinuation, "x"), 1002},
		{"message within a message", join(masked(opText, "x"), say("y")), 1002},
		{"close with one byte", masked(finBit|opClose, "x"), 1002},
		{"close with a code that is none", sayClose(1005), 1002},
		{"close with code 65535", sayClose(65535), 1002},
		{"binary", masked(finBit|0x2, "x"), 1003},
		{"fragmented binary", join(masked(0x2, "x"), masked(finBit|opContinuation, "x")), 1003},
		{"not UTF-8", say("\xff"), 1007},
		{"surrogates", say("\xed\xa0\x80"), 1007},
		{"half a character", join(masked(opText, "ok \xc3"), masked(finBit|opContinuation, "")), 1007},
		{"one byte too long", say(strings.Repeat("x", DefaultReadLimit+1)), 1009},
		{"too long in fragments", join(masked(opText, strings.Repeat("x", DefaultReadLimit)), masked(finBit|opContinuation, "x")), 1009},
		{"too long as declared", masked(finBit|opText, strings.Repeat("x", 1<<20))[:60000], 1009},
		{"65 fragments", fragments(65), 4510},
		{"65 empty fragments", join(masked(opText, ""), bytes.Repeat(masked(opContinuation, ""), 64)), 4510},
		{"flood of pings", bytes.Repeat(masked(finBit|0x9, "p"), 40), 4510},
		{"flood of pongs", bytes.Repeat(masked(finBit|0xA, ""), 40), 4510},
		{"flood of JSON pings", bytes.Repeat(say(`{"ping":1}`), 40), 4510},
		{"flood of JSON pongs", bytes.Repeat(say(`{"pong":1}`), 40), 4510},
		{"close without a code", masked(finBit|opClose, ""), 1005},
		{"good: 64 fragments", join(fragments(64), sayClose(1000)), 1000},
		{"good: characters across fragments", join(masked(opText, "\xc3"), masked(finBit|opContinuation, "\xbc"), sayClose(1000)), 1000},
		{"good: exactly the limit", join(say(strings.Repeat("x", DefaultReadLimit)), sayClose(1000)), 1000},
		{"good: longer length than needed", join([]byte("\x81\xfe\x00\x01\x00\x00\x00\x00x"), sayClose(1000)), 1000},
		{"good: ping within a message", join(masked(opText, "a"), masked(finBit|0x9, "p"), masked(finBit|opContinuation, "b"), sayClose(1000)), 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			transports(t, func(t *testing.T, connect func(Options) (*Conn, *peer)) {
				conn, p := connect(Options{Linger: 2 * time.Second})
				h := newRecorder()
				conn.Serve(h)
				background(t, func() { // errors here only say that the server has closed already
					p.Write(say("good"))
					if len(c.in) < 200 {
						for i := range c.in {
							p.Write(c.in[i : i+1])
						}
					} else {
						p.Write(c.in)
					}
				})
				if c.want != CodeAbuse { // which cuts off what came in the same piece
					if got := h.next(t); got != "good" {
						t.Fatal(got)
					}
				}
				if code, _ := p.code(t); code != c.want {
					t.Errorf("code %d, want %d", code, c.want)
				}
				p.Close()
				if err := h.end(t); err.Code != c.want {
					t.Errorf("closed with %v, want %d", err, c.want)
				}
			})
		})
	}
}

// TestBombs: what a hostile peer declares or compresses costs no memory.
func TestBombs(t *testing.T) {
	var small bytes.Buffer
	w, _ := flate.NewWriter(&small, 9)
	w.Write(bytes.Repeat([]byte("a"), 8<<20))
	w.Flush()
	for name, c := range map[string]struct {
		in   []byte
		want int
	}{
		"compressed":   {masked(finBit|0x40|opText, small.String()), 1002},
		"uncompressed": {say(strings.Repeat("a", 8<<20)), 1009},
		"declared":     {append([]byte("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask"), make([]byte, 8<<20)...), 1009},
	} {
		conn, p := newSite(t, Options{Linger: 2 * time.Second}, false).connect(t)
		h := newRecorder()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		conn.Serve(h)
		background(t, func() { p.Write(c.in) })
		if code, _ := p.code(t); code != c.want {
			t.Errorf("%s: code %d, want %d", name, code, c.want)
		}
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 128<<10 && !underRace {
			t.Errorf("%s: %d bytes allocated", name, got)
		}
		p.Close()
		h.end(t)
	}
}

// TestTrickle: a peer that never finishes a control frame does not hold the connection; the
// library gives up after 5 s.
func TestTrickle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := overPipe(t, Options{})
		h := newRecorder()
		c.Serve(h)
		p.send(t, masked(finBit|0x9, "ping")[:7])
		begin := time.Now()
		err := <-h.closed
		if took := time.Since(begin); took != 5*time.Second || err.Code != CodeLost {
			t.Fatalf("%v after %v", err, took)
		}
		p.Close()
	})
}

// TestHalfMessagesHoldLittle: a peer that stops within a message makes us hold what it has sent.
func TestHalfMessagesHoldLittle(t *testing.T) {
	const n = 200
	s := newSite(t, Options{}, false)
	var peers []*peer
	var handlers []*recorder
	for range n {
		c, p := s.connect(t)
		h := &recorder{make(chan string, 1), make(chan *CloseError, 2)}
		c.Serve(h)
		peers, handlers = append(peers, p), append(handlers, h)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	half := append(say("whole"), masked(finBit|opText, strings.Repeat("x", 16000))[:40]...)
	for i, p := range peers {
		p.send(t, half)
		handlers[i].next(t)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n; per > 2500 {
		t.Errorf("%d bytes per half message", per)
	}
	for i, p := range peers {
		p.Close()
		handlers[i].end(t)
	}
}
