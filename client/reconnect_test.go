package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func closeCode(err error) int { return int(websocket.CloseStatus(err)) }

func TestResumeMissesNothingAndDoublesNothing(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		got := names(t, r, "14 four", func() {
			p.say(posted(11, "one"))
			p.close(wire.CloseSlowConsumer)
			p = s.peer()
			if h := p.hello(); h.Resume == nil || *h.Resume != (wire.Resume{Epoch: "e1", Pos: 11}) {
				t.Errorf("resume %+v", h.Resume)
			}
			p.say(wire.AppendOK(nil, 1, wire.Encode(welcome(13, "resumed")), false), posted(12, "two"), posted(13, "three"))
			p.say(posted(14, "four"))
		})
		if want := []string{Fresh, "11 one", Lost, Back, "12 two", "13 three", "14 four"}; !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		if got := texts(r); !slices.Equal(got, []string{"one", "two", "three", "four"}) {
			t.Errorf("mirror %q", got)
		}
	})
}

// The answer to hello names the head; the missed events come behind it. A
// connection that breaks between them must not lose them.
func TestResumePlaceMovesOnlyWithWhatHasCome(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		p.cut()
		p = s.peer()
		p.hello()
		p.ok(1, welcome(15, "resumed"))
		p.say(posted(12, "two"))
		synctest.Wait()
		p.cut()
		p = s.peer()
		if h := p.hello(); h.Resume == nil || h.Resume.Pos != 12 {
			t.Fatalf("resume %+v, want from 12", h.Resume)
		}
		p.ok(1, welcome(15, "resumed"))
		p.say(posted(13, "three"))
		go r.Post(t.Context(), "four")
		p.ok(p.expect().ID, Receipt{Pos: 16}) // an answer comes behind all that was missed
		synctest.Wait()
		p.cut()
		p = s.peer()
		if h := p.hello(); h.Resume == nil || h.Resume.Pos != 15 {
			t.Fatalf("resume %+v, want from the head of the last hello", h.Resume)
		}
		p.ok(1, welcome(15, "resumed"))
	})
}

func TestSnapshotInsteadOfResumeIsToldAsFresh(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		p.say(posted(11, "old"))
		synctest.Wait()
		got := names(t, r, "901 new", func() {
			p.close(wire.CloseResync)
			p = s.peer()
			p.welcome(900)
			p.say(posted(901, "new"))
		})
		if want := []string{Fresh, Lost, Back, Fresh, "901 new"}; !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		if got := texts(r); !slices.Equal(got, []string{"new"}) {
			t.Errorf("mirror %q", got)
		}
	})
}

func TestNonsenseIsAnsweredByAFreshStart(t *testing.T) {
	for name, frame := range map[string]string{
		"not JSON":      `{"event":`,
		"does not fold": `{"event":"chat.posted","pos":11,"at":1,"data":{"id":7}}`,
	} {
		t.Run(name, func(t *testing.T) {
			perform(t, func(t *testing.T, s *stage) {
				_, p := s.join()
				p.say([]byte(frame))
				p = s.peer()
				if h := p.welcome(20); h.Resume != nil {
					t.Errorf("resumes from %+v", *h.Resume)
				}
			})
		})
	}
}

func TestFinalCloseEndsTheRoom(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		p.say(wire.AppendEvent(nil, "me.revoked", 11, 1, []byte(`{"reason":"by mistake"}`)))
		go p.close(wire.CloseInvitationInvalid)
		var last error
		for _, err := range r.Events(t.Context()) {
			last = err
		}
		var closed *Closed
		if !errors.As(last, &closed) || closed.Code != wire.CloseInvitationInvalid || closed.Reason != "invitation_invalid" {
			t.Errorf("ended with %v", last)
		}
		if _, err := r.Post(t.Context(), "late"); !errors.As(err, &closed) {
			t.Errorf("a command afterwards: %v", err)
		}
		<-r.Done()
	})
}

func TestRefusedHelloIsTyped(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		go func() {
			p := s.peer()
			p.hello()
			p.refuse(1, wire.Error{Code: room.CodeOtherDevice, Message: "In use elsewhere.", SinceAt: 77})
			p.close(wire.CloseOtherDevice)
		}()
		_, err := s.client().Join(t.Context(), "r1")
		var closed *Closed
		var refusal *Error
		if !errors.Is(err, room.CodeOtherDevice) || !errors.As(err, &closed) || !errors.As(err, &refusal) || refusal.SinceAt != 77 {
			t.Errorf("join: %v", err)
		}
	})
}

func TestRefusedHelloCountsWithoutACloseFrame(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		go func() {
			p := s.peer()
			p.hello()
			p.refuse(1, wire.Error{Code: room.CodeNotFound})
			synctest.Wait()
			p.cut()
		}()
		if _, err := s.client().Join(t.Context(), "r1"); !errors.Is(err, room.CodeNotFound) {
			t.Errorf("join: %v", err)
		}
	})
}

func TestJoinOverTLS(t *testing.T) {
	s := &stage{t: t, peers: make(chan *peer, 1)}
	server := httptest.NewTLSServer(s)
	defer server.Close()
	go func() { s.peer().welcome(10) }()
	c, err := New(server.URL, WithKey("grk_test"), WithoutClock(), WithTLS(server.Client().Transport.(*http.Transport).TLSClientConfig))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Join(t.Context(), "r1")
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	stranger, err := New(server.URL, WithKey("grk_test"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Join(t.Context(), "r1"); err == nil {
		t.Error("an unknown certificate was accepted")
	}
}

func TestJoinWaitsWhileTheServerAsksForIt(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		go func() {
			p := s.peer()
			p.hello()
			p.refuse(1, wire.Error{Code: room.CodeBusy, Temporary: true, RetryMS: 3000})
			p.close(wire.CloseOverloaded)
			at := time.Now()
			p = s.peer()
			if wait := time.Since(at); wait < 3*time.Second || wait > 4*time.Second {
				t.Errorf("came again after %v", wait)
			}
			p.welcome(1)
		}()
		r, err := s.client().Join(t.Context(), "r1")
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	})
}

func TestJoinTellsWhenNobodyIsThere(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		c := s.client(WithDialer(func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route") }))
		if _, err := c.Join(t.Context(), "r1"); err == nil {
			t.Error("joined")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() { <-s.peers }() // accepts, and never answers hello
		if _, err := s.client().Join(ctx, "r1"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a silent server: %v", err)
		}
	})
}

func TestBackoffGrowsWithFullJitter(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		var at []time.Time
		down := false
		dial := func(ctx context.Context, network, address string) (net.Conn, error) {
			if down {
				if at = append(at, time.Now()); len(at) == 200 {
					down = false
				}
				return nil, errors.New("refused")
			}
			return s.dial(ctx, network, address)
		}
		_, p := s.join(WithDialer(dial))
		lost := time.Now()
		down = true
		p.cut()
		s.patientPeer().welcome(20)
		window, longest := minBackoff, time.Duration(0)
		for _, next := range at {
			wait := next.Sub(lost)
			if wait > window {
				t.Fatalf("waited %v, the window is %v", wait, window)
			}
			longest = max(longest, wait)
			lost, window = next, min(2*window, maxBackoff)
		}
		if longest < maxBackoff/2 {
			t.Errorf("200 tries and never longer than %v", longest)
		}
	})
}

// patientPeer waits for the next connection through a long back-off.
func (s *stage) patientPeer() *peer {
	s.t.Helper()
	select {
	case p := <-s.peers:
		return p
	case <-time.After(3 * time.Hour):
		s.t.Fatal("nobody connected")
		return nil
	}
}

func TestDrainSpreadsTheReturn(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		const people = 40
		var peers []*peer
		for range people {
			_, p := s.join()
			peers = append(peers, p)
		}
		for _, p := range peers {
			p.say(wire.AppendSignal(nil, "drain", []byte(`{"after_ms":10000}`)))
			p.close(wire.CloseDrain)
		}
		start, soon := time.Now(), 0
		for range people {
			s.peer().welcome(10)
			if since := time.Since(start); since < 5*time.Second {
				soon++
			} else if since > 10*time.Second+minBackoff {
				t.Errorf("came back only after %v", since)
			}
		}
		if soon < people/8 || soon > people*7/8 {
			t.Errorf("%d of %d came back in the first half", soon, people)
		}
	})
}

func TestSilenceMeansThatTheLineIsDead(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		_, p := s.join()
		for range 4 { // pinged, it stays
			time.Sleep(25 * time.Second)
			p.say([]byte(`{"ping":1}`))
		}
		at := time.Now()
		next := s.patientPeer()
		if wait := time.Since(at); wait < silence-time.Second || wait > silence+2*recheck {
			t.Errorf("noticed after %v", wait)
		}
		next.welcome(10)
	})
}

// A session that was renewed between upgrade and hello is known by its new id.
func TestSessionRefreshComesBackWithTheNewCookie(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		s.http = sessions(t)
		c, err := Open(t.Context(), "http://stage.test/i/inv1#secret", WithDialer(s.dial), WithoutClock())
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			p := s.peer()
			p.hello()
			if err := c.Renew(t.Context()); err != nil {
				t.Error(err)
			}
			p.close(wire.CloseSessionRefresh)
			p = s.peer()
			if got := p.header.Get("Cookie"); got != "greenroom-device-80=d1; greenroom-80=s2" {
				t.Errorf("cookies of the second connection: %q", got)
			}
			p.welcome(1)
		}()
		r, err := c.Join(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	})
}
