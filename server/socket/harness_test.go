package socket

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if guestMain() {
		return
	}
	goleak.VerifyTestMain(m)
}

const handshake = "GET /ws HTTP/1.1\r\nHost: room.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
	"Sec-WebSocket-Protocol: greenroom.v1\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

// recorder is a Handler that keeps what it was told.
type recorder struct {
	messages chan string
	closed   chan *CloseError
}

func newRecorder() *recorder {
	return &recorder{make(chan string, 1000), make(chan *CloseError, 2)}
}

func (h *recorder) Message(_ *Conn, text []byte) { h.messages <- string(text) }
func (h *recorder) Closed(_ *Conn, err error)    { h.closed <- err.(*CloseError) }

// next waits for a message; end for the close.
func (h *recorder) next(t *testing.T) string {
	t.Helper()
	select {
	case m := <-h.messages:
		return m
	case err := <-h.closed:
		if len(h.messages) > 0 {
			h.closed <- err
			return <-h.messages
		}
		t.Fatalf("closed: %v", err)
	case <-time.After(20 * time.Second):
		t.Fatal("no message")
	}
	return ""
}

func (h *recorder) end(t *testing.T) *CloseError {
	t.Helper()
	select {
	case err := <-h.closed:
		select {
		case again := <-h.closed:
			t.Fatalf("closed twice: %v, %v", err, again)
		default:
		}
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("never closed")
	}
	return nil
}

// peer is the other end, on the level of frames.
type peer struct {
	net.Conn
	br *bufio.Reader
}

func (p *peer) Read(b []byte) (int, error) { return p.br.Read(b) }

// frame reads one frame of the server.
func (p *peer) frame(t testing.TB) (op byte, payload string) {
	t.Helper()
	op, payload, err := p.tryFrame()
	if err != nil {
		t.Fatalf("reading a frame: %v", err)
	}
	return op, payload
}

func (p *peer) tryFrame() (op byte, payload string, err error) {
	var h [10]byte
	if _, err := io.ReadFull(p.br, h[:2]); err != nil {
		return 0, "", err
	}
	if h[0]&(finBit|rsvBits) != finBit || h[1]&maskBit != 0 {
		return 0, "", errors.New("not a whole unmasked frame")
	}
	n := uint64(h[1])
	switch n {
	case 126:
		io.ReadFull(p.br, h[2:4])
		n = uint64(binary.BigEndian.Uint16(h[2:]))
	case 127:
		io.ReadFull(p.br, h[2:10])
		n = binary.BigEndian.Uint64(h[2:])
	}
	body := make([]byte, n)
	_, err = io.ReadFull(p.br, body)
	return h[0] & 0xf, string(body), err
}

func (p *peer) text(t testing.TB) string {
	t.Helper()
	op, s := p.frame(t)
	if op != opText {
		t.Fatalf("opcode %d %q, want text", op, s)
	}
	return s
}

// code reads up to the close frame, gives its code and checks that nothing follows.
func (p *peer) code(t testing.TB) (code int, before []string) {
	t.Helper()
	for {
		op, s := p.frame(t)
		if op != opClose {
			before = append(before, s)
			continue
		}
		if len(s) < 2 {
			return 1005, before
		}
		return int(binary.BigEndian.Uint16([]byte(s))), before
	}
}

// silent checks that nothing comes any more.
func (p *peer) silent(t testing.TB) {
	t.Helper()
	if rest, _ := io.ReadAll(p.br); len(rest) > 0 {
		t.Fatalf("%d bytes after the close frame: %q", len(rest), rest[:min(len(rest), 50)])
	}
}

func (p *peer) send(t testing.TB, frames ...[]byte) {
	t.Helper()
	if _, err := p.Write(bytes.Join(frames, nil)); err != nil {
		t.Fatalf("writing: %v", err)
	}
}

// masked makes a client's frame; head is FIN, RSV and opcode.
func masked(head byte, payload string) []byte {
	f := appendHeader(nil, 0, len(payload))
	f[0] = head
	f[1] |= maskBit
	key := []byte{0x37, 0xfa, 0x21, 0x3d}
	f = append(f, key...)
	for i := range len(payload) {
		f = append(f, payload[i]^key[i%4])
	}
	return f
}

func say(text string) []byte { return masked(finBit|opText, text) }

func sayClose(code int) []byte {
	return masked(finBit|opClose, string(binary.BigEndian.AppendUint16(nil, uint16(code))))
}

// pipeWriter is what net/http would give, over one end of a pipe.
type pipeWriter struct {
	*httptest.ResponseRecorder
	nc net.Conn
}

func (w *pipeWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.nc, bufio.NewReadWriter(bufio.NewReader(w.nc), bufio.NewWriter(w.nc)), nil
}

// overPipe makes a connection over net.Pipe, which has no kernel behind it: as under TLS, every
// byte goes through the drain goroutine. It works in a synctest bubble.
func overPipe(t testing.TB, o Options) (*Conn, *peer) {
	t.Helper()
	server, client := net.Pipe()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(handshake + "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Accept(&pipeWriter{httptest.NewRecorder(), server}, r, o)
	if err != nil {
		t.Fatal(err)
	}
	return c, &peer{client, bufio.NewReader(client)}
}

// site is a real HTTP server on the loopback that accepts everybody.
type site struct {
	*httptest.Server
	conns chan *Conn
}

func newSite(t testing.TB, o Options, secure bool) *site {
	s := &site{conns: make(chan *Conn, 1)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := CheckUpgrade(r, Policy{}); err != nil {
			http.Error(w, err.Error(), err.(*Refusal).Status)
			return
		}
		c, err := Accept(w, r, o)
		if err != nil {
			t.Errorf("accept: %v", err)
			return
		}
		s.conns <- c
	}))
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// connect makes one connection; early is sent together with the handshake.
func (s *site) connect(t testing.TB, early ...[]byte) (*Conn, *peer) {
	t.Helper()
	nc, err := s.dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	p := &peer{nc, bufio.NewReader(nc)}
	p.send(t, append([][]byte{[]byte(handshake + "\r\n")}, early...)...)
	r, err := http.ReadResponse(p.br, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusSwitchingProtocols || r.Header.Get("Sec-WebSocket-Protocol") != Subprotocol {
		t.Fatalf("%s %v", r.Status, r.Header)
	}
	if x := r.Header.Values("Sec-WebSocket-Extensions"); len(x) > 0 {
		t.Fatalf("compression was negotiated: %q", x)
	}
	return <-s.conns, p
}

func (s *site) dial() (net.Conn, error) {
	addr := s.Listener.Addr().String()
	if s.TLS != nil {
		return tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	}
	return net.Dial("tcp", addr)
}

// transports runs a test over each kind of connection.
func transports(t *testing.T, f func(t *testing.T, connect func(Options) (*Conn, *peer))) {
	t.Run("tcp", func(t *testing.T) {
		f(t, func(o Options) (*Conn, *peer) { return newSite(t, o, false).connect(t) })
	})
	t.Run("tls", func(t *testing.T) {
		f(t, func(o Options) (*Conn, *peer) { return newSite(t, o, true).connect(t) })
	})
	t.Run("pipe", func(t *testing.T) {
		f(t, func(o Options) (*Conn, *peer) {
			c, p := overPipe(t, o)
			t.Cleanup(func() { p.Close() })
			return c, p
		})
	})
}

// background runs f and waits for it at the end of the test.
func background(t *testing.T, f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	t.Cleanup(wg.Wait)
}
