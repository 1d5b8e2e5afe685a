package socket

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/coder/websocket"
)

// echo sends every message back.
type echo struct{ left sync.WaitGroup }

func (e *echo) Message(c *Conn, text []byte) { c.Send(AppendFrame(nil, text)) }
func (e *echo) Closed(*Conn, error)          { e.left.Done() }

// TestAgainstTheLibrary: many clients of the library at once, with its own pings and its own
// close handshake, and compression offered in vain.
func TestAgainstTheLibrary(t *testing.T) {
	for _, secure := range []bool{false, true} {
		e := new(echo)
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, err := Accept(w, r, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			e.left.Add(1)
			c.Serve(e)
		}))
		if secure {
			s.StartTLS()
		} else {
			s.Start()
		}
		var wg sync.WaitGroup
		for g := range uint64(20) {
			wg.Go(func() {
				if err := talk(t.Context(), s, rand.New(rand.NewPCG(g, 1))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s.Client().CloseIdleConnections()
		s.Close()
		e.left.Wait()
	}
}

func talk(ctx context.Context, s *httptest.Server, r *rand.Rand) error {
	ws, _, err := websocket.Dial(ctx, s.URL, &websocket.DialOptions{
		HTTPClient: s.Client(), Subprotocols: []string{Subprotocol}, CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		return err
	}
	defer ws.CloseNow()
	for i := range 50 {
		text := fmt.Sprint(i, strings.Repeat("ä", r.IntN(1<<uint(r.IntN(13)))))
		if err := ws.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			return err
		}
		if _, got, err := ws.Read(ctx); err != nil || string(got) != text {
			return fmt.Errorf("%d: %.20q, want %.20q, %v", i, got, text, err)
		}
	}
	ws.CloseRead(ctx)
	if err := ws.Ping(ctx); err != nil {
		return err
	}
	return ws.Close(websocket.StatusGoingAway, "bye")
}

// TestRequestGoes: nothing of the HTTP request outlives the handler.
func TestRequestGoes(t *testing.T) {
	requests := make(chan weak.Pointer[http.Request], 1)
	conns := make(chan *Conn, 1)
	s := &site{Server: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := Accept(w, r, Options{})
		if err != nil {
			t.Error(err)
		}
		requests <- weak.Make(r)
		conns <- c
	})), conns: conns}
	defer s.Close()
	c, p := s.connect(t)
	h := newRecorder()
	c.Serve(h)
	r := <-requests
	for end := time.Now().Add(10 * time.Second); r.Value() != nil; runtime.GC() {
		if time.Now().After(end) {
			t.Fatal("the request is still held")
		}
		runtime.Gosched()
	}
	p.send(t, say("still there"))
	if got := h.next(t); got != "still there" {
		t.Fatal(got)
	}
	p.Close()
	h.end(t)
}

func TestRemoteAddr(t *testing.T) {
	c, p := newSite(t, Options{}, false).connect(t)
	if got, want := c.RemoteAddr().String(), p.LocalAddr().String(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	c.Close(1000, "")
	piped, q := overPipe(t, Options{})
	if got := piped.RemoteAddr(); got.IsValid() {
		t.Errorf("a pipe has the address %s", got)
	}
	q.Close()
	piped.Close(1000, "")
}
