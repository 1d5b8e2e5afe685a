package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"greenroom/hub/broker/redis"
	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/room"
	"greenroom/hub/store/sqlite"
)

// overRedis is two hubs in this process, each with a broker of its own on a
// real Redis, on one store and the real clock. The room is open.
func overRedis(t *testing.T, s *redistest.Server) *world {
	t.Helper()
	opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: opened, room: "room1"}
	address, err := redis.ParseAddress("redis://" + s.Host)
	if err != nil {
		t.Fatal(err)
	}
	var between []*redis.Broker
	for range 2 {
		b, err := redis.Open(t.Context(), redis.Options{Address: address, Key: []byte("a key of thirty-two bytes or more"), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		between, w.broker = append(between, b), b
		w.add(opened)
	}
	t.Cleanup(func() {
		var wrong error
		for i, h := range w.hubs {
			wrong = errors.Join(wrong, h.Close(context.Background()), between[i].Close())
		}
		if wrong = errors.Join(wrong, opened.Close()); wrong != nil {
			t.Error(wrong)
		}
	})
	w.create(time.Hour)
	w.must(w.hubs[0].Do(t.Context(), w.room, manager, room.EditRoom{State: room.StatusOpen}, nil))
	return w
}

// soon waits until something is so and says how long that took.
func soon(t *testing.T, what string, is func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !is() {
		if time.Since(began) > redistest.Patience {
			t.Fatalf("it never came that %s", what)
		}
		time.Sleep(time.Millisecond)
	}
	return time.Since(began)
}

func (g *guest) sees(text string) func() bool {
	return func() bool { return slices.Contains(g.texts("chat.posted"), text) }
}

// A promotion on one instance is there on the other at once; Redis is killed in
// the middle of a talk, comes back, and nothing was lost or shown twice (L4,
// L7, L8, R4).
func TestTwoHubsOverRedis(t *testing.T) {
	server := redistest.Start(t)
	w := overRedis(t, server)
	owner, vera := w.enter(0, manager), w.enter(1, w.invite("Vera", room.Viewer))
	wantOK(t, vera.lobby("Vera"))
	wantOK(t, owner.do(room.SetRole{Participant: vera.session.participant, Role: "moderator"}))
	took := soon(t, "the promotion is seen on the other hub", func() bool { return len(vera.events("me.role")) == 1 })
	t.Logf("a promotion was seen on the other hub after %s", took)
	soon(t, "both are counted", func() bool { return w.hubs[0].Count(w.room).Inside == 2 })

	var said []string
	say := func(text string) {
		said = append(said, text)
		soon(t, "the text is taken", func() bool { // the rate is one's own to keep
			m := owner.do(room.BackchannelPost{Text: text})
			return m.Err == nil
		})
	}
	say("with Redis")
	server.Kill()
	soon(t, "people are told", func() bool { return vera.degraded().On })
	for i := range 5 {
		text := fmt.Sprint("without Redis ", i)
		say(text)
		soon(t, text+" is seen", func() bool { return slices.Contains(vera.texts("backchannel.posted"), text) })
	}
	if d := vera.degraded(); d.Store || d.Staff {
		t.Errorf("told %+v while only Redis is away", d)
	}
	server.Begin()
	soon(t, "people are told that all is well", func() bool { return !vera.degraded().On && !owner.degraded().On })
	say("with Redis again")
	soon(t, "the last one is seen", func() bool { return len(vera.texts("backchannel.posted")) == len(said) })
	if got := vera.texts("backchannel.posted"); !slices.Equal(got, said) {
		t.Errorf("shown %q, said %q", got, said)
	}
	soon(t, "numbers are exact", func() bool { c := w.hubs[1].Count(w.room); return c.Exact && c.Inside == 2 })
	for _, h := range w.hubs {
		for _, err := range h.Check(t.Context()) {
			t.Error(err)
		}
	}
}

// Commands that nobody has given, written into Redis by hand, have no effect.
func TestForgedShouts(t *testing.T) {
	server := redistest.Start(t)
	w := overRedis(t, server)
	vera := w.enter(1, w.invite("Vera", room.Viewer))
	wantOK(t, vera.lobby("Vera"))
	head := vera.pos()
	forged := fmt.Sprintf(`{"from":"hub9","first":%d,"last":%d,"events":[{"seq":%d,"at":1,"kind":"room.closed","fact":{}}],"beat":{"waiting":1000,"by_role":{}}}`, head+1, head+1, head+1)
	for i := range 64 {
		server.Do("SPUBLISH", fmt.Sprintf("gr:{b%02d}:%s", i, topic(w.room)), forged)
	}
	owner := w.enter(0, manager)
	wantOK(t, owner.do(room.ChatPost{Text: "true"}))
	soon(t, "what is true is seen", vera.sees("true"))
	if got := vera.events("room.closed"); len(got) != 0 || w.hubs[1].Count(w.room).Waiting != 0 || vera.closeCode() != 0 {
		t.Errorf("shown %v, count %+v", got, w.hubs[1].Count(w.room))
	}
}
