package hub

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// history is one connection as its client sees it.
type history struct {
	w       *stress
	by      room.Actor
	session *Session
	mirror  *room.Mirror // goes on over resumes
	resumes room.Seq     // from here, if asked to
	was     room.Class   // what the client saw there
	id      uint32
	counted bool // guarded by w.mu

	mu     sync.Mutex
	got    [][]wire.Message // by frame
	closed int
}

func (c *history) Send(frames []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed != 0 {
		return errors.New("closed")
	}
	for len(frames) > 0 {
		head, size := 2, int(frames[1])
		switch size {
		case 126:
			size, head = int(frames[2])<<8|int(frames[3]), 4
		case 127:
			size, head = int(frames[6])<<24|int(frames[7])<<16|int(frames[8])<<8|int(frames[9]), 10
		}
		var all []wire.Message
		for _, object := range wire.Split(frames[head : head+size]) {
			var m wire.Message
			if err := json.Unmarshal(object, &m); err != nil {
				c.w.t.Errorf("frame %q: %v", object, err)
			}
			all = append(all, m)
		}
		c.got = append(c.got, all)
		frames = frames[head+size:]
	}
	return nil
}

func (c *history) Close(code int, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == 0 {
		c.closed = code
	}
}

func (c *history) frames() ([][]wire.Message, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.got), c.closed
}

func (c *history) pos() (at room.Seq) {
	frames, _ := c.frames()
	for _, frame := range frames {
		for _, m := range frame {
			at = max(at, m.Pos)
			if m.Re == 1 && m.OK != nil {
				at = max(at, posOf(c.w.t, m))
			}
		}
	}
	return at
}

// come joins; after is the connection that it goes on from, or nil.
func (w *stress) come(by room.Actor, after *history) *history {
	c := &history{w: w, by: by, id: 1, mirror: new(room.Mirror)}
	hello := wire.Hello{Room: w.room}
	if after != nil {
		c.resumes = after.pos()
		hello.Resume = &wire.Resume{Epoch: "epoch1", Pos: c.resumes}
		c.mirror, c.was = after.mirror, classOf(after.mirror.Phase, after.mirror.You.Role)
	}
	ctx := w.t.Context()
	if rand.IntN(20) == 0 { // a socket that breaks during its hello
		hurried, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(3000))*time.Microsecond)
		defer cancel()
		ctx = hurried
	}
	s, err := w.hubs[rand.IntN(2)].Join(ctx, Join{Room: w.room, Actor: by, Conn: c, Hello: hello, ReplyTo: 1})
	if err != nil {
		return nil
	}
	c.session = s
	w.mu.Lock()
	w.all = append(w.all, c)
	w.mu.Unlock()
	return c
}

// leave ends the connection and folds what it saw into the client's mirror.
func (c *history) leave() {
	c.session.Leave()
	c.mu.Lock()
	if c.closed == 0 {
		c.closed = 1006
	}
	c.mu.Unlock()
	c.fold()
}

func (c *history) fold() {
	frames, _ := c.frames()
	for _, frame := range frames {
		for _, m := range frame {
			switch {
			case m.Event != "":
				if err := c.mirror.Event(m.Event, m.Pos, m.At, m.Data); err != nil {
					c.w.t.Error(err)
				}
			case m.Re == 1 && m.OK != nil:
				var hello room.Welcome
				decode(c.w.t, m.OK, &hello)
				c.mirror.Hello(hello)
				c.noteHello(hello.Mode)
			}
		}
	}
}

// ask sends a command and gives the reply, if there is one.
func (c *history) ask(command room.Command, key room.Key) (wire.Message, bool) {
	c.id++
	c.session.Do(c.w.t.Context(), wire.Request{ID: c.id, Key: key, Command: command})
	frames, _ := c.frames()
	for _, frame := range slices.Backward(frames) {
		for _, m := range frame {
			if m.Re == c.id {
				return m, true
			}
		}
	}
	return wire.Message{}, false
}

func (c *history) gone() bool {
	_, closed := c.frames()
	return closed != 0
}

// noteHello counts the connections that went on, each once, however often it
// is left.
func (c *history) noteHello(mode string) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if mode == "resumed" && !c.counted {
		c.counted = true
		c.w.resumed++
	}
}
