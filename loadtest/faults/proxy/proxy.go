// Package proxy stands between two programs on this machine and spoils what
// they hear of each other: it cuts, swallows one direction or both, and delays.
// It imports the standard library alone.
package proxy

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Way is how the proxy treats what passes. The zero Way lets everything
// through at once.
type Way struct {
	Refuse  bool          // new connections end at once
	NoUp    bool          // nothing passes to the server: it waits here, as on a line that is dead without a word
	NoDown  bool          // nothing passes from the server
	Latency time.Duration // of each piece, in both directions
}

// and is what comes of two ways, one behind the other.
func (w Way) and(o Way) Way {
	return Way{w.Refuse || o.Refuse, w.NoUp || o.NoUp, w.NoDown || o.NoDown, w.Latency + o.Latency}
}

// Options of a proxy.
type Options struct {
	Who    func(first []byte) string // names who connects, for Side, by what they say first; nil: nobody has a name
	Buffer int                       // bytes that the system keeps of each direction of a connection, about; 0: as it likes
}

// Proxy listens on a free port and passes connections on.
type Proxy struct {
	Options
	to       string
	listener net.Listener
	all      sync.WaitGroup

	mu      sync.Mutex
	way     Way            // of all
	ways    map[string]Way // of single ones, on top
	changed chan struct{}  // closed and renewed when a way changes
	lines   map[*line]struct{}
	closed  bool
}

// line is one connection: both of its ends.
type line struct {
	client, server net.Conn
	who            string // guarded by Proxy.mu
}

func (l *line) cut() {
	for _, nc := range []net.Conn{l.client, l.server} {
		if tcp, ok := nc.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset, as a firewall that forgets sends it
		}
		_ = nc.Close()
	}
}

// Start begins to pass connections on to an address.
func Start(to string, o Options) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{Options: o, to: to, listener: listener, ways: map[string]Way{}, changed: make(chan struct{}), lines: map[*line]struct{}{}}
	p.all.Go(p.accept)
	return p, nil
}

// Address is where it listens.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Set changes how it treats what passes from now on; what waited goes on when
// it may.
func (p *Proxy) Set(w Way) { p.set(func() { p.way = w }) }

func (p *Proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	close(p.changed)
	p.changed = make(chan struct{})
}

// Cut breaks all present connections.
func (p *Proxy) Cut() { p.cut(func(*line) bool { return true }) }

func (p *Proxy) cut(fits func(*line) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.lines {
		if fits(l) {
			l.cut()
		}
	}
}

// Close ends everything and waits for it.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.Set(Way{Refuse: true})
	_ = p.listener.Close()
	p.Cut()
	p.all.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // out of files: some will be closed
			continue
		}
		p.all.Go(func() { p.serve(client) })
	}
}

// serve connects as the client's own address, which servers count by.
func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	if w, _ := p.now(&line{}); w.Refuse {
		return
	}
	p.narrow(client)
	d := net.Dialer{Timeout: 5 * time.Second}
	if from, ok := client.RemoteAddr().(*net.TCPAddr); ok && from.IP.IsLoopback() {
		d.LocalAddr = &net.TCPAddr{IP: from.IP}
	}
	server, err := d.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer server.Close()
	p.narrow(server)
	l := &line{client: client, server: server}
	if !p.add(l) {
		return
	}
	defer p.remove(l)
	var both sync.WaitGroup
	both.Go(func() { p.pass(l, server, client, func(w Way) bool { return w.NoUp }) })
	both.Go(func() { p.pass(l, client, server, func(w Way) bool { return w.NoDown }) })
	both.Wait()
}

// meet names the one on the line by the first piece; false: they are refused.
func (p *Proxy) meet(l *line, first []byte) bool {
	if p.Who == nil {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l.who = p.Who(first)
	return !p.ways[l.who].Refuse
}

// narrow bounds what the system keeps of a connection, so that who does not
// read is felt by who writes.
func (p *Proxy) narrow(nc net.Conn) {
	if tcp, ok := nc.(*net.TCPConn); ok && p.Buffer > 0 {
		_ = tcp.SetReadBuffer(p.Buffer)
		_ = tcp.SetWriteBuffer(p.Buffer)
	}
}

func (p *Proxy) add(l *line) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines[l] = struct{}{}
	return !p.closed
}

func (p *Proxy) remove(l *line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.lines, l)
}

func (p *Proxy) now(l *line) (Way, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.way.and(p.ways[l.who]), p.changed
}

// pass copies until either end is over, and ends its direction of the other.
func (p *Proxy) pass(l *line, to, from net.Conn, held func(Way) bool) {
	buf := make([]byte, 32<<10)
	for met := from == l.server; ; met = true {
		n, err := from.Read(buf)
		if n > 0 && !met && !p.meet(l, buf[:n]) {
			l.cut()
			return
		}
		if n > 0 && !p.hold(l, held) {
			break
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				_ = from.Close()
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = to.Close()
				return
			}
			break
		}
	}
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// hold waits until a piece may go on; false when the proxy ends first.
func (p *Proxy) hold(l *line, held func(Way) bool) bool {
	w, changed := p.now(l)
	if w.Latency > 0 {
		time.Sleep(w.Latency)
	}
	for held(w) {
		<-changed
		w, changed = p.now(l)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.closed
}
