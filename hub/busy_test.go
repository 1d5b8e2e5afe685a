package hub

import (
	"cmp"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// People enter although the room never falls quiet.
func TestABusyRoomStillLetsPeopleIn(t *testing.T) {
	w := newStress(t, time.Hour)
	by := w.invite("ana", room.Viewer)
	ana := &guest{t: t, id: 1}
	for _, c := range []Conn{ana, slowConn{&guest{t: t}}} {
		s, err := w.hubs[0].Join(t.Context(), Join{Room: w.room, Actor: by, Conn: c, Hello: wire.Hello{Room: w.room}, ReplyTo: 1})
		if err != nil {
			t.Fatal(err)
		}
		ana.session = cmp.Or(ana.session, s)
	}
	wantOK(t, ana.lobby("ana"))
	w.crowd(2000)
	if err := w.byManager(room.EditRoom{State: room.StatusOpen}); err != nil {
		t.Fatal(err)
	}
	fan := &w.hubs[0].live0().fan
	for i, began := 0, time.Now(); ana.last("phase.changed")["phase"] != "live"; i++ {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("not in after 20 s, with %d batches waiting", fan.len())
		}
		if fan.len() < 10 {
			w.must(w.hubs[0].Do(t.Context(), w.room, manager, room.EditRoom{Title: new(fmt.Sprint("Title ", i))}, nil))
		}
		time.Sleep(time.Millisecond)
	}
}

// Where telling everybody takes longer than the commits, one write tells of
// several, and nothing is left out.
func TestTheFanOutCatchesUp(t *testing.T) {
	w := newStress(t, 300*time.Millisecond)
	if err := w.byManager(room.EditRoom{State: room.StatusOpen}); err != nil {
		t.Fatal(err)
	}
	c := &gatedConn{guest: &guest{t: t}, open: make(chan struct{}), waits: make(chan struct{}, 1)}
	s, err := w.hubs[0].Join(t.Context(), Join{Room: w.room, Actor: manager, Conn: c, Hello: wire.Hello{Room: w.room}, ReplyTo: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Leave()
	c.gated.Store(true)
	const posts = 200
	for i := range posts {
		w.must(w.hubs[0].Do(t.Context(), w.room, manager, room.ChatPost{Text: fmt.Sprint(i)}, nil))
		if i == 0 {
			<-c.waits
		}
	}
	close(c.open)
	for fan := &w.hubs[0].live0().fan; fan.len() > 0; {
		time.Sleep(time.Millisecond)
	}
	if n := len(c.events("chat.posted")); n != posts {
		t.Errorf("%d of %d messages were shown", n, posts)
	}
	if n := c.sends.Load(); n > posts/10 {
		t.Errorf("%d writes for %d messages", n, posts)
	}
}

// gatedConn takes frames when its gate is open.
type gatedConn struct {
	*guest
	gated atomic.Bool
	sends atomic.Int32
	waits chan struct{} // a first frame waits
	open  chan struct{}
}

func (c *gatedConn) Send(frames []byte) error {
	if c.gated.Load() {
		c.sends.Add(1)
		select {
		case c.waits <- struct{}{}:
		default:
		}
		<-c.open
	}
	return c.guest.Send(frames)
}

// live0 is the only room, the site apart.
func (h *Hub) live0() *liveRoom {
	return slices.DeleteFunc(h.all(), func(r *liveRoom) bool { return r.id == room.SiteID })[0]
}

// slowConn takes 20 ms for each frame.
type slowConn struct{ *guest }

func (c slowConn) Send(frames []byte) error {
	time.Sleep(20 * time.Millisecond)
	return c.guest.Send(frames)
}
