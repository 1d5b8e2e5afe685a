package socket

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppendFrame(t *testing.T) {
	for n, header := range map[int]string{
		0: "\x81\x00", 125: "\x81\x7d", 126: "\x81\x7e\x00\x7e", 65535: "\x81\x7e\xff\xff", 65536: "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00",
	} {
		payload := bytes.Repeat([]byte("p"), n)
		f := AppendFrame([]byte("before"), payload)
		if want := "before" + header + string(payload); string(f) != want {
			t.Errorf("%d: %.20q, want %.20q", n, f, want)
		}
		if got := frameLen(f[6:]); got != len(f)-6 {
			t.Errorf("%d: frameLen %d, want %d", n, got, len(f)-6)
		}
	}
}

func TestFrameEnds(t *testing.T) {
	a, b := AppendFrame(nil, []byte("abc")), AppendFrame(nil, bytes.Repeat([]byte("b"), 300))
	both := append(bytes.Clone(a), b...)
	for _, c := range []struct{ from, to, want int }{
		{0, 0, 0}, {0, 1, len(a)}, {0, len(a), len(a)}, {0, len(a) + 1, len(both)}, {len(a), len(a), len(a)}, {len(a), len(both), len(both)},
	} {
		if got := frameEnd(both, c.from, c.to); got != c.want {
			t.Errorf("frameEnd(%d, %d) = %d, want %d", c.from, c.to, got, c.want)
		}
	}
	if n := countFrames(both); n != 2 {
		t.Errorf("%d frames", n)
	}
	if n := countFrames([]byte("\x81")); n != 1 {
		t.Errorf("junk counts as %d", n)
	}
}

func TestCloseFrame(t *testing.T) {
	for code, want := range map[int]int{1000: 1000, 4001: 4001, 4999: 4999, 999: 1011, 1004: 1011, 1006: 1011, 1015: 1011, 2000: 1011, 5000: 1011, -1: 1011} {
		f := closeFrame(code, "why")
		if got := closeCode(f); got != want || string(f[4:]) != "why" || frameLen(f) != len(f) {
			t.Errorf("%d: %q", code, f)
		}
	}
	if f := closeFrame(1005, "x"); string(f) != "\x88\x00" {
		t.Errorf("1005: %q", f)
	}
	for _, reason := range []string{strings.Repeat("a", 200), strings.Repeat("ü", 100), strings.Repeat("a", 122) + "日本", "bad\xff"} {
		f := closeFrame(4000, reason)
		if got := string(f[4:]); len(got) > 123 || !utf8.ValidString(got) || !strings.HasPrefix(reason, got) || len(got) < min(len(reason), 120)-1 {
			t.Errorf("%q became %q", reason, got)
		}
	}
}

func TestBeats(t *testing.T) {
	for text, want := range map[string]string{
		`{"pong":1795420000123}`: "pong 1795420000123", `{"ping":5}`: "ping 5", `{"pong":0}`: "pong 0", `{"ping":-7}`: "ping -7",
		" {\"pong\":1}": "", "{ \"pong\" : 1 }\n": "pong 1", "{\t\"ping\":\r\n12 } ": "ping 12",
		`{"pong":}`: "", `{"pong":01}`: "", `{"pong":1.5}`: "", `{"pong":1e3}`: "", `{"pong":"1"}`: "", `{"pong":1,"x":2}`: "", `{"pong":1}{}`: "",
		`{"PONG":1}`: "", `{"pong":123456789012345678901}`: "", `{"pong":-}`: "", `{"pong":1`: "", `{"cmd":"chat.post","id":1}`: "", ``: "", `{}`: "", `{"pongs":1}`: "",
		`{"pong":1}` + strings.Repeat(" ", 100): "",
	} {
		kind, digits := parseBeat([]byte(text))
		got := map[beat]string{noBeat: "", ping: "ping ", pong: "pong "}[kind] + string(digits)
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		var room [maxBeat]byte
		frame := append(say(text), "more"...)
		kind2, digits2, n := beatFrame(frame, &room)
		if kind2 != kind || kind != noBeat && (string(digits2) != string(digits) || n != len(frame)-4) {
			t.Errorf("%q as a frame: %v %q %d", text, kind2, digits2, n)
		}
	}
	if f := pongFrame([]byte("42")); string(f) != "\x81\x0b{\"pong\":42}" {
		t.Errorf("%q", f)
	}
}

// TestScanner: the same frames in pieces of every size give the same counts.
func TestScanner(t *testing.T) {
	var in []byte
	for _, f := range [][]byte{
		say("x"), masked(opText, "a"), masked(finBit|0x9, "ping"), masked(opContinuation, strings.Repeat("b", 200)), masked(finBit|opContinuation, ""),
		say(strings.Repeat("c", 70000)), masked(finBit|0xA, ""), sayClose(1000), []byte("junk after the close frame"),
	} {
		in = append(in, f...)
	}
	for size := 1; size < 300; size++ {
		var s scanner
		var sum scanned
		for rest := in; len(rest) > 0; {
			n := min(size, len(rest))
			seen := s.feed(rest[:n])
			sum.frames += seen.frames
			sum.controls += seen.controls
			sum.parts = max(sum.parts, seen.parts)
			rest = rest[n:]
		}
		if want := (scanned{8, 3, 3}); sum != want || !s.closed || s.lost {
			t.Fatalf("pieces of %d: %+v, want %+v, %+v", size, sum, want, s)
		}
	}
}

// FuzzScanner: pieces never matter, and nothing makes it lose its way silently.
func FuzzScanner(f *testing.F) {
	f.Add(append(say("hello"), sayClose(1000)...), 3)
	f.Add(masked(opText, strings.Repeat("x", 200)), 1)
	f.Add([]byte("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"), 2)
	f.Add([]byte("\x81\x05hello"), 2)
	f.Add([]byte("\xf1\x85hello"), 2)
	f.Fuzz(func(t *testing.T, in []byte, size int) {
		var whole, pieces scanner
		a := whole.feed(in)
		var b scanned
		for rest := in; len(rest) > 0; {
			n := min(max(size, 1), len(rest))
			seen := pieces.feed(rest[:n])
			b.frames += seen.frames
			b.controls += seen.controls
			b.parts = max(b.parts, seen.parts)
			rest = rest[n:]
		}
		if a != b || whole != pieces {
			t.Fatalf("%+v %+v, in pieces %+v %+v", a, whole, b, pieces)
		}
		if a.controls > a.frames || whole.between() && whole.left != 0 {
			t.Fatalf("%+v %+v", a, whole)
		}
	})
}

// FuzzFrameEnd: whatever the bytes are, boundaries rise to the end.
func FuzzFrameEnd(f *testing.F) {
	f.Add(append(AppendFrame(nil, []byte("abc")), closeFrame(1000, "x")...))
	f.Add([]byte("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, p []byte) {
		for at := 0; at < len(p); {
			next := frameEnd(p, at, at+1)
			if next <= at || next > len(p) {
				t.Fatalf("from %d to %d of %d", at, next, len(p))
			}
			at = next
		}
		if n := countFrames(p); n > len(p) || n == 0 && len(p) > 0 {
			t.Fatal(n)
		}
	})
}

func FuzzBeat(f *testing.F) {
	f.Add([]byte(`{"pong":17}`))
	f.Add([]byte("{ \"ping\" : -1 }\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		kind, digits := parseBeat(text)
		if kind == noBeat {
			return
		}
		if len(digits) == 0 || len(digits) > 21 || !bytes.Contains(text, digits) || len(pongFrame(digits)) > 40 {
			t.Fatalf("%q: %q", text, digits)
		}
	})
}
