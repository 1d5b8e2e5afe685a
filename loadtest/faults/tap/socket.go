package tap

import (
	"bytes"
	"encoding/json"
	"net"
	"sync"
	"time"

	"greenroom/hub/wire"
	"greenroom/loadtest/faults/history"
)

// Socket is a connection of package client under which a WebSocket is spoken.
// What is read and written passes unchanged.
type Socket struct {
	net.Conn
	tap *Tap
	who Who

	ended chan struct{} // closed with the connection

	mu      sync.Mutex
	up      frames // client to server
	down    frames
	conn    history.Conn // 0: no handshake yet
	epoch   string
	pending map[uint32]history.Op
	greeted uint32 // the id of the hello that is not answered yet
	code    int    // of the server's close frame
	reason  string
	leaving bool // this side says goodbye
	over    bool
	phase   string
	counted int // what people.count said last; -1: nothing
	resumed bool
	slow    bool // at most pace bytes are read in a second
	pace    int
}

// Wrap notes what passes over a fresh connection to an instance.
func (t *Tap) Wrap(nc net.Conn, who Who) *Socket {
	return &Socket{Conn: nc, tap: t, who: who, ended: make(chan struct{}),
		up: frames{masked: true}, pending: map[uint32]history.Op{}, counted: -1}
}

// Number names the connection in the history; 0 before its handshake.
func (s *Socket) Number() history.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// Who says who speaks with which instance.
func (s *Socket) Who() Who { return s.who }

// Counted is what people.count said last on it, -1 if nothing; and the phase of
// whoever is there.
func (s *Socket) Counted() (told int, phase string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counted, s.phase
}

// Resumed says whether its hello was answered by mode resumed.
func (s *Socket) Resumed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resumed
}

// Ended is closed when the connection is over.
func (s *Socket) Ended() <-chan struct{} { return s.ended }

// Slow has at most so many bytes read in a second from now on, for good: the
// others stay with the peer. 0: none.
func (s *Socket) Slow(bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow, s.pace = true, bytes
}

// may waits until something may be read, and gives how much at most; false:
// nothing any more.
func (s *Socket) may(want int) (most int, ok bool) {
	s.mu.Lock()
	slow, pace := s.slow, s.pace
	s.mu.Unlock()
	switch {
	case !slow:
		return want, true
	case pace == 0:
		<-s.ended
		return 0, false
	}
	select {
	case <-s.ended:
	case <-time.After(time.Second):
	}
	return min(want, pace), true
}

// Read implements net.Conn.
func (s *Socket) Read(p []byte) (int, error) {
	most, ok := s.may(len(p))
	if !ok {
		return 0, net.ErrClosed
	}
	n, err := s.Conn.Read(p[:most])
	s.mu.Lock()
	if n > 0 {
		s.down.take(p[:n], s.received)
	}
	s.mu.Unlock()
	if err != nil {
		s.end(false)
	}
	return n, err
}

// Write implements net.Conn. A command counts as asked before its first byte
// leaves.
func (s *Socket) Write(p []byte) (int, error) {
	s.mu.Lock()
	s.up.take(p, s.sent)
	s.mu.Unlock()
	return s.Conn.Write(p)
}

// Close implements net.Conn.
func (s *Socket) Close() error {
	s.end(true)
	return s.Conn.Close()
}

// end notes the end of the connection, once.
func (s *Socket) end(ours bool) {
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.over = true
	close(s.ended)
	if s.conn != 0 {
		for _, op := range s.pending {
			s.tap.Note(&history.Unknown{Op: op, Why: "the connection ended"})
		}
		s.tap.Note(&history.Closed{Conn: s.conn, Code: s.code, Reason: s.reason, Ours: s.leaving || ours && s.code == 0})
	}
	s.mu.Unlock()
	s.tap.alive(s, false)
}

// sent takes a frame of the client's.
func (s *Socket) sent(op byte, text []byte) {
	if op == opClose {
		s.leaving = s.leaving || s.code == 0
	}
	if op != opText {
		return
	}
	var c struct {
		Cmd  string          `json:"cmd"`
		ID   uint32          `json:"id"`
		Key  string          `json:"key"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(text, &c) != nil || c.Cmd == "" || c.Cmd == "time" || s.over {
		return
	}
	number := s.tap.Op()
	s.pending[c.ID] = number
	if c.Cmd == "hello" {
		s.greeted = c.ID
	}
	s.tap.Note(&history.Invoke{Op: number, Conn: s.conn, ID: c.ID, Person: s.who.Person, Instance: s.who.Instance, Room: s.who.Room,
		Device: s.who.Device, Key: c.Key, Cmd: c.Cmd, Data: s.tap.keep(c.Data)})
}

// received takes a frame of the server's, or the end of the handshake.
func (s *Socket) received(op byte, text []byte) {
	switch op {
	case opHandshake:
		if bytes.HasPrefix(text, []byte("HTTP/1.1 101 ")) {
			s.conn = s.tap.Conn()
			s.tap.Note(&history.Opened{Conn: s.conn, Person: s.who.Person, Room: s.who.Room, Instance: s.who.Instance, Device: s.who.Device})
		}
	case opClose:
		if len(text) >= 2 {
			s.code, s.reason = int(text[0])<<8|int(text[1]), string(text[2:])
		}
	case opText:
		at := s.tap.Now()
		for _, line := range wire.Split(text) {
			var m wire.Message
			if json.Unmarshal(line, &m) == nil {
				s.message(at, m)
			}
		}
	}
}

func (s *Socket) message(at history.At, m wire.Message) {
	switch when := history.Instant(at); {
	case m.Event != "":
		s.noteEvent(when, m)
	case m.Signal != "":
		s.noteSignal(when, m)
	case m.Re != 0:
		s.answer(when, m)
	}
}

func (s *Socket) noteEvent(when history.When, m wire.Message) {
	if m.Event == "phase.changed" {
		var d struct{ Phase string }
		_ = json.Unmarshal(m.Data, &d)
		s.phase = d.Phase
	}
	s.tap.Note(&history.Event{When: when, Conn: s.conn, Epoch: s.epoch, Pos: uint64(m.Pos), Name: m.Event, ServerAt: int64(m.At), Data: s.tap.keep(m.Data)})
}

func (s *Socket) noteSignal(when history.When, m wire.Message) {
	if m.Signal == "people.count" {
		d := struct{ Inside int }{-1}
		_ = json.Unmarshal(m.Data, &d)
		s.counted = d.Inside
	}
	s.tap.Note(&history.Signal{When: when, Conn: s.conn, Name: m.Signal, Data: s.tap.keep(m.Data)})
}

func (s *Socket) answer(when history.When, m wire.Message) {
	op, asked := s.pending[m.Re]
	if !asked {
		return // about the clock
	}
	delete(s.pending, m.Re)
	switch {
	case m.Err != nil:
		s.tap.Note(&history.Fail{When: when, Op: op, Code: string(m.Err.Code), RetryMS: m.Err.RetryMS, Data: s.tap.keep(wire.Encode(m.Err))})
	case m.Re == s.greeted:
		s.greet(when, op, m.OK)
	default:
		var ok struct{ Pos uint64 }
		_ = json.Unmarshal(m.OK, &ok)
		s.tap.Note(&history.Ok{When: when, Op: op, Pos: ok.Pos, Again: m.Again, Data: s.tap.keep(m.OK)})
	}
}

func (s *Socket) greet(when history.When, op history.Op, ok json.RawMessage) {
	var w struct {
		Epoch, Mode, Phase string
		Pos                uint64
		You, Snapshot      json.RawMessage
	}
	_ = json.Unmarshal(ok, &w)
	s.greeted, s.epoch, s.phase, s.resumed = 0, w.Epoch, w.Phase, w.Mode == "resumed"
	s.tap.Note(&history.Hello{When: when, Conn: s.conn, Op: op, Epoch: w.Epoch, Pos: w.Pos, Mode: w.Mode, Phase: w.Phase,
		You: s.tap.keep(w.You), Snapshot: s.tap.keep(w.Snapshot)})
	s.tap.alive(s, true)
}
