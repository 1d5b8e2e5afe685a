package apitest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Socket is a raw connection. It answers heartbeats and keeps every message
// until a Wait takes it.
type Socket struct {
	T testing.TB

	ws     *websocket.Conn
	lastID uint32
	keys   int

	// guarded by mu
	mu      sync.Mutex
	changed chan struct{} // closed and replaced at each change
	kept    []wire.Message
	all     []wire.Message
	closed  *websocket.CloseError
	err     error
}

// TryDial dials and gives the handshake's refusal, if there is one.
func (b *Browser) TryDial() (*Socket, *http.Response, error) {
	b.T.Helper()
	header := http.Header{"Origin": {b.Server.Public.String()}}
	if b.Key != "" {
		header = http.Header{"Authorization": {"Bearer " + b.Key}}
	}
	for name, values := range b.Header {
		header[name] = values
	}
	ctx, cancel := context.WithTimeout(b.T.Context(), Patience)
	defer cancel()
	ws, response, err := websocket.Dial(ctx, strings.Replace(b.Base, "http", "ws", 1)+"/ws",
		&websocket.DialOptions{HTTPClient: b.client, HTTPHeader: header, Subprotocols: []string{wire.Subprotocol}, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return nil, response, err
	}
	ws.SetReadLimit(wire.MaxServerFrame)
	s := &Socket{T: b.T, ws: ws, changed: make(chan struct{})}
	go s.read()
	b.T.Cleanup(func() { _ = ws.CloseNow() })
	return s, response, nil
}

// Dial dials.
func (b *Browser) Dial() *Socket {
	b.T.Helper()
	s, _, err := b.TryDial()
	if err != nil {
		b.T.Fatal(err)
	}
	return s
}

// Hello dials and says hello; whatever the answer is.
func (b *Browser) Hello(hello map[string]any) (*Socket, wire.Message) {
	b.T.Helper()
	s := b.Dial()
	return s, s.Ask("hello", hello)
}

// Join dials and must be let in, to whatever phase.
func (b *Browser) Join(id string) (*Socket, room.Welcome) {
	b.T.Helper()
	s, reply := b.Hello(map[string]any{"room": id})
	if reply.Err != nil {
		b.T.Fatalf("hello: %+v", *reply.Err)
	}
	var w room.Welcome
	Decode(b.T, reply.OK, &w)
	return s, w
}

// Decode reads JSON that must fit.
func Decode(t testing.TB, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func (s *Socket) read() {
	for {
		_, frame, err := s.ws.Read(context.Background())
		if err != nil {
			s.end(err)
			return
		}
		for _, object := range wire.Split(frame) {
			var m wire.Message
			if err := json.Unmarshal(object, &m); err != nil {
				s.T.Errorf("frame of the server: %v in %s", err, object)
				continue
			}
			if m.Ping != 0 {
				_ = s.ws.Write(context.Background(), websocket.MessageText, []byte(`{"pong":`+strconv.FormatInt(m.Ping, 10)+`}`))
				continue
			}
			s.keep(m)
		}
	}
}

func (s *Socket) keep(m wire.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept, s.all = append(s.kept, m), append(s.all, m)
	s.wakeLocked()
}

func (s *Socket) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		s.closed = &closed
	}
	s.wakeLocked()
}

func (s *Socket) wakeLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Write sends a text frame as it is.
func (s *Socket) Write(text string) {
	s.T.Helper()
	s.WriteFrame(websocket.MessageText, []byte(text))
}

// WriteFrame sends a frame. A connection that is ending is no failure: what
// comes back is what a test looks at.
func (s *Socket) WriteFrame(kind websocket.MessageType, text []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	_ = s.ws.Write(ctx, kind, text)
}

// Send sends a command with a new key and gives its id.
func (s *Socket) Send(command string, data any) uint32 {
	s.T.Helper()
	s.keys++
	return s.SendKey(command, "key-"+strconv.Itoa(s.keys)+"-"+strconv.FormatInt(time.Now().UnixNano(), 36), data)
}

// SendKey sends a command with a key.
func (s *Socket) SendKey(command, key string, data any) uint32 {
	s.T.Helper()
	s.lastID++
	text, err := json.Marshal(map[string]any{"cmd": command, "id": s.lastID, "key": key, "data": data})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Write(string(text))
	return s.lastID
}

// Ask sends a command and waits for its reply.
func (s *Socket) Ask(command string, data any) wire.Message {
	s.T.Helper()
	return s.Reply(s.Send(command, data))
}

// Reply waits for the reply to a command.
func (s *Socket) Reply(id uint32) wire.Message {
	s.T.Helper()
	return s.Wait("reply "+strconv.FormatUint(uint64(id), 10), func(m wire.Message) bool { return m.Re == id })
}

// Try asks and takes the end of the connection for an answer, too: then the
// message is empty and CloseCode tells more.
func (s *Socket) Try(command string, data any) wire.Message {
	s.T.Helper()
	id := s.Send(command, data)
	return s.wait("reply to "+command, true, func(m wire.Message) bool { return m.Re == id })
}

// Do asks and demands an ok, which it decodes unless into is nil.
func (s *Socket) Do(command string, data, into any) {
	s.T.Helper()
	m := s.Ask(command, data)
	if m.Err != nil {
		s.T.Fatalf("%s: %+v", command, *m.Err)
	}
	if into != nil {
		Decode(s.T, m.OK, into)
	}
}

// Refused asks and demands a refusal.
func (s *Socket) Refused(command string, data any, code room.Code) wire.Error {
	s.T.Helper()
	m := s.Ask(command, data)
	if m.Err == nil {
		s.T.Fatalf("%s: ok %s, want %s", command, m.OK, code)
	}
	if m.Err.Code != code {
		s.T.Fatalf("%s: %+v, want %s", command, *m.Err, code)
	}
	return *m.Err
}

// Event waits for the next event of a name and decodes its data.
func (s *Socket) Event(name string, into any) wire.Message {
	s.T.Helper()
	return s.EventWhere(name, into, func(wire.Message) bool { return true })
}

// EventWhere is Event for the one that fits.
func (s *Socket) EventWhere(name string, into any, fits func(wire.Message) bool) wire.Message {
	s.T.Helper()
	m := s.Wait("event "+name, func(m wire.Message) bool { return m.Event == name && fits(m) })
	if into != nil {
		Decode(s.T, m.Data, into)
	}
	return m
}

// Signal waits for a signal that fits.
func (s *Socket) Signal(name string, fits func(data json.RawMessage) bool) {
	s.T.Helper()
	s.Wait("signal "+name, func(m wire.Message) bool { return m.Signal == name && fits(m.Data) })
}

// Wait takes the first kept message that fits, or waits for one.
func (s *Socket) Wait(what string, fits func(wire.Message) bool) wire.Message {
	s.T.Helper()
	return s.wait(what, false, fits)
}

func (s *Socket) wait(what string, mayEnd bool, fits func(wire.Message) bool) wire.Message {
	s.T.Helper()
	deadline := time.After(Patience)
	for {
		m, ok, changed, err := s.take(fits)
		switch {
		case ok:
			return m
		case err != nil && mayEnd:
			return wire.Message{}
		case err != nil:
			s.T.Fatalf("%s: the connection ended: %v; came before: %s", what, err, s.Dump())
		}
		select {
		case <-changed:
		case <-deadline:
			s.T.Fatalf("%s did not come; came: %s", what, s.Dump())
		}
	}
}

func (s *Socket) take(fits func(wire.Message) bool) (wire.Message, bool, chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, m := range s.kept {
		if fits(m) {
			s.kept = append(s.kept[:i:i], s.kept[i+1:]...)
			return m, true, nil, nil
		}
	}
	return wire.Message{}, false, s.changed, s.err
}

// All is every message so far, heartbeats aside.
func (s *Socket) All() []wire.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]wire.Message(nil), s.all...)
}

// Dump is All in words.
func (s *Socket) Dump() string {
	var b strings.Builder
	for _, m := range s.All() {
		text, _ := json.Marshal(m)
		b.Write(append(text, '\n'))
	}
	return b.String()
}

// Closed waits for the server's close frame and demands its code.
func (s *Socket) Closed(code wire.CloseCode) {
	s.T.Helper()
	if got := s.CloseCode(); got != int(code) {
		s.T.Fatalf("closed with %d, want %d (%s); came before: %s", got, code, code, s.Dump())
	}
}

// CloseCode waits for the end; 1006 where there was no close frame.
func (s *Socket) CloseCode() int {
	s.T.Helper()
	deadline := time.After(Patience)
	for {
		s.mu.Lock()
		err, closed, changed := s.err, s.closed, s.changed
		s.mu.Unlock()
		switch {
		case closed != nil:
			return int(closed.Code)
		case err != nil:
			return 1006
		}
		select {
		case <-changed:
		case <-deadline:
			s.T.Fatalf("the connection did not end; came: %s", s.Dump())
		}
	}
}

// Close hangs up.
func (s *Socket) Close() { _ = s.ws.Close(websocket.StatusNormalClosure, "") }
