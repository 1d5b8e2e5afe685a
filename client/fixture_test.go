package client

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage is a server of which the test says every word. It lives in memory, so
// that time can be testing/synctest's.
type stage struct {
	t     *testing.T
	lines chan net.Conn
	peers chan *peer
	http  http.HandlerFunc // answers all but /ws
	shut  chan struct{}
}

// perform runs a test on a stage, by a clock that goes on when all wait.
func perform(t *testing.T, act func(t *testing.T, s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{t: t, lines: make(chan net.Conn), peers: make(chan *peer, 100), shut: make(chan struct{})}
		server := &http.Server{Handler: s}
		served := make(chan error, 1)
		go func() { served <- server.Serve(s) }()
		defer func() {
			server.Close()
			<-served
		}()
		act(t, s)
	})
}

func (s *stage) Accept() (net.Conn, error) {
	select {
	case c := <-s.lines:
		return c, nil
	case <-s.shut:
		return nil, net.ErrClosed
	}
}

func (s *stage) Close() error {
	select {
	case <-s.shut:
	default:
		close(s.shut)
	}
	return nil
}

func (s *stage) Addr() net.Addr { return &net.UnixAddr{Name: "stage"} }

func (s *stage) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case s.lines <- there:
		return here, nil
	case <-s.shut:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/ws" {
		s.http(w, r)
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{wire.Subprotocol}, InsecureSkipVerify: true})
	if err != nil {
		s.t.Error(err)
		return
	}
	p := &peer{t: s.t, ws: ws, header: r.Header, heard: make(chan wire.Request, 100), gone: make(chan error, 1), pongs: make(chan string, 10)}
	s.peers <- p
	p.listen()
}

// client gives one that reaches this stage alone.
func (s *stage) client(opts ...Option) *Client {
	s.t.Helper()
	c, err := New("http://stage.test", append([]Option{WithDialer(s.dial), WithKey("grk_test"), WithoutClock()}, opts...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// join brings a client in: the test goes on with both ends.
func (s *stage) join(opts ...Option) (*Room, *peer) {
	s.t.Helper()
	joined := make(chan *Room, 1)
	go func() {
		r, err := s.client(opts...).Join(s.t.Context(), "r1")
		if err != nil {
			s.t.Error(err)
		}
		joined <- r
	}()
	p := s.peer()
	p.welcome(10)
	r := <-joined
	if r == nil {
		s.t.FailNow()
	}
	s.t.Cleanup(r.Close)
	return r, p
}

// peer is the next connection, which has said nothing yet.
func (s *stage) peer() *peer {
	s.t.Helper()
	select {
	case p := <-s.peers:
		return p
	case <-time.After(time.Minute):
		s.t.Fatal("nobody connected for a minute")
		return nil
	}
}

// peer is the server's end of a connection.
type peer struct {
	t      *testing.T
	ws     *websocket.Conn
	header http.Header
	heard  chan wire.Request
	pongs  chan string
	gone   chan error
}

func (p *peer) listen() {
	for {
		_, text, err := p.ws.Read(context.Background())
		if err != nil {
			p.gone <- err
			return
		}
		if len(text) > 8 && string(text[:8]) == `{"pong":` {
			p.pongs <- string(text)
			continue
		}
		request, err := wire.DecodeCommand(text)
		if err != nil {
			p.t.Errorf("the client said %s: %v", text, err)
		}
		p.heard <- request
	}
}

// expect gives the next command.
func (p *peer) expect() wire.Request {
	p.t.Helper()
	select {
	case request := <-p.heard:
		return request
	case <-time.After(time.Minute):
		p.t.Fatal("no command for a minute")
		return wire.Request{}
	}
}

func (p *peer) hello() wire.Hello {
	p.t.Helper()
	request := p.expect()
	hello, ok := request.Command.(wire.Hello)
	if !ok || request.ID != 1 {
		p.t.Fatalf("the first command is %d %T, not hello", request.ID, request.Command)
	}
	return hello
}

// say sends one frame of these objects.
func (p *peer) say(objects ...[]byte) {
	p.t.Helper()
	frame := wire.NewFrame(objects...)
	if err := p.ws.Write(context.Background(), websocket.MessageText, frame.Payload()); err != nil {
		p.t.Error(err)
	}
}

func (p *peer) ok(re uint32, ok any) {
	p.t.Helper()
	p.say(wire.AppendOK(nil, re, wire.Encode(ok), false))
}

func (p *peer) refuse(re uint32, e wire.Error) {
	p.t.Helper()
	p.say(wire.AppendError(nil, re, e))
}

// close says goodbye and waits until the client has heard it.
func (p *peer) close(code wire.CloseCode) {
	p.ws.Close(websocket.StatusCode(code), code.String())
}

// cut breaks the line without a word.
func (p *peer) cut() { p.ws.CloseNow() }

// welcome answers hello with a snapshot at a place.
func (p *peer) welcome(pos room.Seq) wire.Hello {
	p.t.Helper()
	hello := p.hello()
	p.ok(1, welcome(pos, "snapshot"))
	return hello
}

func welcome(pos room.Seq, mode string) room.Welcome {
	w := room.Welcome{Epoch: "e1", Pos: pos, Phase: room.PhaseLive, Mode: mode, Now: room.Millis(time.Now().UnixMilli()),
		You: room.You{Participant: "p1", Name: "Ada Byron", Role: "viewer", Rights: room.Viewer.Rights()}}
	if mode == "snapshot" {
		w.Snapshot = &room.Snapshot{Room: room.RoomView{ID: "r1", Title: "Engines", State: room.StatusOpen}, Chat: &room.Messages{Items: []room.Message{}}}
	}
	return w
}

func posted(pos room.Seq, text string) []byte {
	data := room.Posted{ID: room.MessageID(pos), WhoView: room.WhoView{Participant: "p2", Name: "Bo", Role: "viewer"}, Text: text}
	return wire.AppendEvent(nil, "chat.posted", pos, 1000+room.Millis(pos), wire.Encode(data))
}

// texts are the messages that the mirror holds.
func texts(r *Room) (all []string) {
	r.Read(func(m *room.Mirror) {
		for _, message := range m.Chat.Items {
			all = append(all, message.Text)
		}
	})
	return all
}

// names collects events until one of that name has come.
func names(t *testing.T, r *Room, last string, meanwhile func()) (all []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for ev, err := range r.Events(ctx) {
		if err != nil {
			t.Fatalf("after %v: %v", all, err)
		}
		name := ev.Name
		if ev.Name == "chat.posted" {
			var d room.Posted
			if err := ev.Decode(&d); err != nil {
				t.Fatal(err)
			}
			name = fmt.Sprintf("%d %s", ev.Pos, d.Text)
		}
		if all = append(all, name); name == last {
			return all
		}
		if ev.Name == Fresh && meanwhile != nil {
			go meanwhile()
			meanwhile = nil
		}
	}
	return all
}
