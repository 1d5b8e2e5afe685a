package client

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"greenroom/hub/wire"
)

// fed is a connection on which these bytes come in, one at a time if slow.
// end lets the other end hang up.
func fed(t *testing.T, slow bool, bytesIn []byte) (c *conn, end func()) {
	t.Helper()
	here, there := net.Pipe()
	sent, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sent)
		go io.Copy(io.Discard, there)
		var r io.Reader = bytes.NewReader(bytesIn)
		if slow {
			r = iotest.OneByteReader(r)
		}
		io.Copy(there, struct{ io.Reader }{r})
		<-over
		there.Close()
	}()
	c = newConn(here, nil)
	end = sync.OnceFunc(func() { close(over) })
	t.Cleanup(func() {
		c.shut()
		end()
		<-sent
	})
	return c, end
}

func frame(head byte, payload string) []byte {
	switch n := len(payload); {
	case n < 126:
		return append([]byte{head, byte(n)}, payload...)
	case n < 1<<16:
		return append([]byte{head, 126, byte(n >> 8), byte(n)}, payload...)
	default:
		return append([]byte{head, 127, 0, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, payload...)
	}
}

func TestMessagesComeOutWhole(t *testing.T) {
	long, longer := strings.Repeat("l", 300), strings.Repeat("x", wire.MaxServerFrame-1)
	in := bytes.Join([][]byte{
		frame(0x81, "a"), frame(0x89, "ping"), frame(0x81, long), frame(0x81, ""), frame(0x81, longer), frame(0x8a, "unasked"),
		frame(0x01, "frag"), frame(0x89, "between"), frame(0x00, "men"), frame(0x80, "ted"), frame(0x81, "z"),
	}, nil)
	for name, slow := range map[string]bool{"at once": false, "byte by byte": true} {
		t.Run(name, func(t *testing.T) {
			c, end := fed(t, slow, in)
			for i, want := range []string{"a", long, "", longer, "fragmented", "z"} {
				got, err := c.message()
				if err != nil || string(got) != want {
					t.Fatalf("message %d: %d bytes, %v; want %d bytes", i, len(got), err, len(want))
				}
			}
			end()
			if _, err := c.message(); err == nil {
				t.Error("the end was not noticed")
			}
			if c.buf != nil {
				t.Error("a buffer stayed behind")
			}
		})
	}
}

func TestBrokenFramesEndTheConnection(t *testing.T) {
	for name, in := range map[string][]byte{
		"binary":              frame(0x82, "a"),
		"reserved bit":        frame(0xc1, "a"),
		"masked":              {0x81, 0x81, 1, 2, 3, 4, 'a'},
		"unknown opcode":      frame(0x83, "a"),
		"unknown control":     frame(0x8b, "a"),
		"fragmented control":  frame(0x09, "a"),
		"long control":        frame(0x89, strings.Repeat("a", 126)),
		"too long":            frame(0x81, strings.Repeat("a", wire.MaxServerFrame+1)),
		"huge":                {0x81, 127, 255, 255, 255, 255, 255, 255, 255, 255},
		"too long in pieces":  append(frame(0x01, strings.Repeat("a", wire.MaxServerFrame)), frame(0x80, "b")...),
		"continues nothing":   frame(0x80, "a"),
		"begins in the midst": append(frame(0x01, "a"), frame(0x81, "b")...),
		"not UTF-8":           frame(0x81, "\xff"),
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := fed(t, false, in)
			if text, err := c.message(); !errors.Is(err, errNonsense) {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
}

func TestGoodbyeIsRead(t *testing.T) {
	for _, test := range []struct {
		payload string
		code    wire.CloseCode
		reason  string
	}{
		{"", closeNoStatus, ""}, {"\x0f\xa0drain", wire.CloseDrain, "drain"}, {"\x11\x97", wire.CloseInvitationInvalid, ""},
	} {
		c, _ := fed(t, true, frame(0x88, test.payload))
		_, err := c.message()
		var closed *Closed
		if !errors.As(err, &closed) || closed.Code != test.code || closed.Reason != test.reason {
			t.Errorf("%q: %v", test.payload, err)
		}
	}
}

// Both ends in real sockets: what waits holds no buffer.
func TestParkedConnectionHoldsNoBuffer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	here, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	there, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	c := newConn(here, frame(0x81, "early"))
	if c.raw == nil {
		t.Skip("no raw sockets here")
	}
	if text, err := c.message(); string(text) != "early" {
		t.Fatal(string(text), err)
	}
	seen := make(chan string)
	go func() {
		for {
			text, err := c.message()
			if err != nil {
				close(seen)
				return
			}
			seen <- string(text)
		}
	}()
	for _, text := range []string{"one", strings.Repeat("two", 5000), "three"} {
		there.Write(frame(0x81, text))
		if got := <-seen; got != text {
			t.Errorf("got %d bytes, want %d", len(got), len(text))
		}
	}
	here.SetReadDeadline(time.Unix(1, 0))
	<-seen
	if c.buf != nil {
		t.Error("a buffer is held while nothing waits")
	}
	c.shut()
}

func FuzzMessage(f *testing.F) {
	f.Add(frame(0x81, "a"))
	f.Add(append(frame(0x01, "a"), frame(0x80, "b")...))
	f.Add(frame(0x88, "\x0f\xa0drain"))
	f.Add([]byte{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		c, end := fed(t, false, in)
		end()
		for {
			text, err := c.message()
			if err != nil {
				return
			}
			if len(text) > wire.MaxServerFrame {
				t.Fatal("longer than the limit")
			}
		}
	})
}
