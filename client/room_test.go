package client

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func TestJoinFillsTheMirrorAndEventsFollow(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join(WithName("test/1"))
		if got := p.header.Get("Authorization"); got != "Bearer grk_test" {
			t.Errorf("Authorization: %q", got)
		}
		if r.Phase() != room.PhaseLive || r.You().Name != "Ada Byron" {
			t.Errorf("phase %s, you %+v", r.Phase(), r.You())
		}
		got := names(t, r, "12 two", func() { p.say(posted(11, "one")); p.say(posted(12, "two")) })
		if want := []string{Fresh, "11 one", "12 two"}; !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		if got := texts(r); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("mirror %q", got)
		}
	})
}

func TestAFrameIsTakenInWhole(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		role := room.MeRole{Role: "speaker", Rights: room.Speaker.Rights(), You: room.You{Participant: "p1", Name: "Ada Byron", Role: "speaker"}}
		stage := room.StageChanged{WhoView: room.WhoView{Participant: "p1", Name: "Ada Byron", Role: "speaker"}}
		go p.say(wire.AppendEvent(nil, "me.role", 11, 1, wire.Encode(role)), wire.AppendEvent(nil, "stage.changed", 11, 1, wire.Encode(stage)))
		err := r.Until(t.Context(), func(m *room.Mirror) bool {
			if (m.You.Role == "speaker") != (len(m.Stage) == 1) {
				t.Errorf("half a promotion is seen: role %s, stage %v", m.You.Role, m.Stage)
			}
			return m.You.Role == "speaker"
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestHandlerSeesEverythingInOrder(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		var seen []string
		_, p := s.join(WithHandler(func(_ *Room, ev Event) { seen = append(seen, ev.Name) }))
		p.say(posted(11, "one"), wire.AppendSignal(nil, "people.count", []byte(`{"inside":3}`)))
		synctest.Wait()
		p.cut()
		next := s.peer()
		next.hello()
		next.ok(1, welcome(11, "resumed"))
		synctest.Wait()
		if want := []string{Fresh, "chat.posted", "people.count", Lost, Back}; !slices.Equal(seen, want) {
			t.Errorf("handler saw %q, want %q", seen, want)
		}
	})
}

func TestLeanMirrorKeepsNoContents(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join(WithLeanMirror())
		got := names(t, r, "11 one", func() { p.say(posted(11, "one")) })
		if len(got) != 2 || len(texts(r)) != 0 {
			t.Errorf("events %q, mirror %q", got, texts(r))
		}
		r.Read(func(m *room.Mirror) {
			if m.Pos != 11 || m.Room.Title != "Engines" {
				t.Errorf("lean mirror: %+v", m)
			}
		})
	})
}

func TestWhoIsTooSlowReadsTheMirrorAnew(t *testing.T) {
	for name, option := range map[string]Option{"events": WithQueue(8), "bytes": WithQueue(1 << 20)} {
		t.Run(name, func(t *testing.T) {
			perform(t, func(t *testing.T, s *stage) {
				r, p := s.join(option)
				text := string(make([]byte, 1000))
				var got []string
				for ev, err := range r.Events(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					if got = append(got, ev.Name); len(got) == 1 {
						for pos := range room.Seq(300) {
							p.say(posted(11+pos, text))
						}
						synctest.Wait() // the loop's body takes its time
					}
					if ev.Pos == 310 {
						break
					}
				}
				if len(got) < 3 && name == "events" || got[1] != Fresh || len(got) > 300 {
					t.Errorf("%d events: %q", len(got), got[:min(len(got), 10)])
				}
				if len(texts(r)) != 300 {
					t.Errorf("the mirror holds %d of 300 messages", len(texts(r)))
				}
			})
		})
	}
}

func TestPingIsAnswered(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		_, p := s.join()
		p.say([]byte(`{"ping":1795420000123}`))
		if got := <-p.pongs; got != `{"pong":1795420000123}` {
			t.Errorf("answer %s", got)
		}
	})
}

func TestCloseSaysGoodbye(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		ended := make(chan error, 1)
		go func() {
			for _, err := range r.Events(t.Context()) {
				if err != nil {
					ended <- err
				}
			}
			ended <- nil
		}()
		synctest.Wait()
		r.Close()
		if err := <-p.gone; closeCode(err) != closeNormal {
			t.Errorf("the server saw %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("the iterator ended with %v", err)
		}
		if _, err := r.Post(t.Context(), "late"); !errors.Is(err, ErrLeft) || !errors.Is(r.Err(), ErrLeft) {
			t.Errorf("a command after Close: %v", err)
		}
	})
}

func TestEventsEndWithTheContext(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, _ := s.join()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var last error
		for _, err := range r.Events(ctx) {
			last = err
		}
		if !errors.Is(last, context.DeadlineExceeded) {
			t.Errorf("ended with %v", last)
		}
		if len(r.subs) != 0 {
			t.Error("the queue stayed behind")
		}
	})
}

func TestClockIsTheServersWhateverTheLocalOneSays(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		const ahead = 26*time.Hour + 137*time.Millisecond
		client := s.client()
		client.o.noClock = false
		joined := make(chan *Room, 1)
		go func() {
			r, err := client.Join(t.Context(), "r1")
			if err != nil {
				t.Error(err)
			}
			joined <- r
		}()
		p := s.peer()
		p.hello()
		time.Sleep(700 * time.Millisecond) // the hello comes late, so what it tells is wrong
		w := welcome(10, "snapshot")
		w.Now = room.Millis(time.Now().Add(ahead - 700*time.Millisecond).UnixMilli())
		p.ok(1, w)
		r := <-joined
		defer r.Close()
		for i := range samples {
			q := p.expect()
			time.Sleep(time.Duration(i%3*40) * time.Millisecond) // there: slow at times
			now := float64(time.Now().Add(ahead).UnixMicro()) / 1000
			p.ok(q.ID, map[string]float64{"t0": q.Command.(wire.Time).T0, "t1": now, "t2": now})
		}
		synctest.Wait()
		if off := r.Now().Sub(time.Now().Add(ahead)).Abs(); off > 2*time.Millisecond {
			t.Errorf("the clock is off by %v", off)
		}
		synctest.Wait()
		select {
		case q := <-p.heard:
			t.Errorf("a sixth question: %+v", q)
		default:
		}

		// A server that says another time later is asked again.
		p.say([]byte(`{"ping":` + "1795420000123" + `}`))
		if _, ok := p.expect().Command.(wire.Time); !ok {
			t.Error("no new measurement")
		}
	})
}

func TestTimeOffset(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		go func() {
			for i := range samples {
				q := p.expect()
				now := float64(time.Now().Add(-time.Hour).UnixMicro()) / 1000
				time.Sleep(time.Duration(10-i) * time.Millisecond)
				p.ok(q.ID, map[string]float64{"t0": q.Command.(wire.Time).T0, "t1": now, "t2": now})
			}
		}()
		offset, roundTrip, err := r.TimeOffset(t.Context())
		if err != nil || (offset+time.Hour+3*time.Millisecond).Abs() > time.Millisecond || roundTrip != 6*time.Millisecond {
			t.Errorf("offset %v, round trip %v, %v", offset, roundTrip, err)
		}
	})
}
