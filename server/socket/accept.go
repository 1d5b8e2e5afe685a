package socket

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// Defaults of [Options] (PROTOCOL.md §7).
const (
	DefaultReadLimit = 16 << 10
	DefaultOutbox    = 256 << 10
	DefaultStall     = 10 * time.Second
	DefaultLinger    = 3 * time.Second
)

// Options of a connection; the zero value means the defaults. One value serves all connections.
type Options struct {
	ReadLimit int           // longest message taken, in bytes; a longer one closes with 1009
	Outbox    int           // bytes that may wait for a peer; more closes with 4001
	Stall     time.Duration // how long waiting bytes may make no progress before 4001
	Linger    time.Duration // how long a closed connection may take for its last bytes and the peer's close frame
	Sweeper   *Sweeper      // pings and deadlines; nil: none
	Observer  Observer      // counts; nil: nobody
}

// The library's buffers. Its reader is filled from memory (reader_goroutine.go) and payloads
// longer than the buffer go past it; its writer only ever writes control frames, and the door
// puts together what comes in pieces. bufio allows no reader below 16 bytes.
const (
	readerSize = 32
	writerSize = 16
)

// Accept upgrades a request that [CheckUpgrade] and the caller's own checks (session, limits)
// have let pass. On success the HTTP handler should return at once: the connection needs neither
// its goroutine nor the request any more, and bytes that net/http had read too early are kept.
// The caller then calls Serve, or Close.
//
// On error the refusal has been written to w, except where the connection itself was lost.
// Compression is never negotiated (SECURITY.md T21). The hello deadline of Options.Sweeper
// starts here.
func Accept(w http.ResponseWriter, r *http.Request, o Options) (*Conn, error) {
	if !hasToken(r.Header, "Sec-Websocket-Protocol", Subprotocol, sameBytes) {
		http.Error(w, ErrSubprotocol.Reason, ErrSubprotocol.Status)
		return nil, ErrSubprotocol
	}
	o = o.withDefaults()
	c := newConn(o)
	ws, err := websocket.Accept(&upgrader{ResponseWriter: w, c: c}, r, &websocket.AcceptOptions{
		Subprotocols:       []string{Subprotocol},
		InsecureSkipVerify: true, // CheckUpgrade is stricter
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	ws.SetReadLimit(int64(o.ReadLimit))
	c.ws = ws
	c.br.Reset((*door)(c)) // drops what the library wrapped around us for early bytes: we keep those
	c.opened()
	return c, nil
}

func (o Options) withDefaults() Options {
	o.ReadLimit = cmp.Or(o.ReadLimit, DefaultReadLimit)
	o.Outbox = cmp.Or(o.Outbox, DefaultOutbox)
	o.Stall = cmp.Or(o.Stall, DefaultStall)
	o.Linger = cmp.Or(o.Linger, DefaultLinger)
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	return o
}

// upgrader is the http.Hijacker that the library sees: it gives it our door instead of the
// socket, and buffers of a few bytes instead of net/http's twice 4 KiB.
type upgrader struct {
	http.ResponseWriter
	c *Conn
}

// Unwrap is not offered on purpose: the library would find the real Hijacker behind us.

func (u *upgrader) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	nc, rw, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, err := rw.Reader.Peek(rw.Reader.Buffered())
	if err != nil || len(early) > inputSize {
		nc.Close()
		return nil, nil, errors.New("socket: more early bytes than a handshake can leave behind")
	}
	u.c.attach(nc, early)
	d := (*door)(u.c)
	u.c.br = bufio.NewReaderSize(d, readerSize)
	return d, bufio.NewReadWriter(u.c.br, bufio.NewWriterSize(d, writerSize)), nil
}
