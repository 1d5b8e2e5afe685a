package socket

import (
	"cmp"
	"context"
	"iter"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// SweeperOptions are the deadlines of a [Sweeper]; the zero value means the protocol's
// (PROTOCOL.md §2, §7).
type SweeperOptions struct {
	Interval time.Duration // between two pings to a connection; 25 s
	Silence  time.Duration // without any frame of the peer, then 4002; 45 s
	Hello    time.Duration // from Accept to Ready, then 4006; 5 s
}

// A connection lies in one of so many buckets. Each tick visits one of them, so that a round
// over all takes a fifth of the interval; every fifth visit sends a ping.
const (
	buckets = 50
	rounds  = 5
)

// Sweeper watches over all connections of a server with one goroutine: it sends one shared ping
// frame to a part of them at each tick, and closes those that are silent or have not said
// hello. Deadlines are kept to within a tenth (Silence) or a fiftieth (Hello) of themselves,
// late rather than early. Write stalls are not its business: Options.Stall is a deadline of the
// socket, set only while bytes wait.
type Sweeper struct {
	tick    time.Duration
	silence int32 // ticks
	hello   int32 // ticks

	clock atomic.Uint32 // ticks since the start
	count atomic.Int64
	next  atomic.Uint32
	sets  [buckets]bucket

	mu    sync.Mutex
	young []newcomer // in order of their deadlines
}

type bucket struct {
	mu    sync.Mutex
	conns []*Conn
}

// newcomer has not said hello yet, as far as we have looked.
type newcomer struct {
	c   *Conn
	due uint32
}

// NewSweeper makes a sweeper; Run makes it work.
func NewSweeper(o SweeperOptions) *Sweeper {
	tick := max(cmp.Or(o.Interval, 25*time.Second)/(buckets*rounds), time.Millisecond)
	ticks := func(d time.Duration) int32 { return int32((d + tick - 1) / tick) }
	return &Sweeper{
		tick:    tick,
		silence: ticks(cmp.Or(o.Silence, 45*time.Second)),
		hello:   ticks(cmp.Or(o.Hello, 5*time.Second)),
	}
}

// Run sweeps until ctx is done. Ticks that come late are not made up for: after a pause of the
// whole machine nobody looks silent who had no chance to speak.
func (s *Sweeper) Run(ctx context.Context) {
	t := time.NewTicker(s.tick)
	defer t.Stop()
	var scratch []*Conn
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			scratch = s.sweep(now, scratch)
		}
	}
}

func (s *Sweeper) sweep(now time.Time, scratch []*Conn) []*Conn {
	tick := s.clock.Add(1)
	s.greet(tick)
	at := tick % buckets
	scratch = s.sets[at].copy(scratch[:0])
	var frame []byte
	if (tick/buckets)%rounds == at%rounds { // the buckets take turns, so that no round is heavy
		frame = pingFrame(now)
	}
	for _, c := range scratch {
		s.visit(c, tick, frame)
	}
	clear(scratch)
	return scratch
}

func (s *Sweeper) visit(c *Conn, tick uint32, ping []byte) {
	if int32(tick-c.seen.Load()) > s.silence {
		c.Close(CodeNoPong, "no_pong")
	} else if ping != nil {
		c.Send(ping)
	}
}

func pingFrame(now time.Time) []byte {
	text := strconv.AppendInt([]byte(`{"ping":`), now.UnixMilli(), 10)
	return AppendFrame(nil, append(text, '}'))
}

// greet closes the newcomers that have been silent for too long.
func (s *Sweeper) greet(tick uint32) {
	for {
		c, ok := s.overdue(tick)
		if !ok {
			return
		}
		if !c.ready.Load() {
			c.Close(CodeHelloTimeout, "hello_timeout")
		}
	}
}

func (s *Sweeper) overdue(tick uint32) (*Conn, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.young) == 0 {
		s.young = nil
		return nil, false
	}
	first := s.young[0]
	if int32(tick-first.due) <= 0 {
		return nil, false
	}
	s.young[0] = newcomer{}
	s.young = s.young[1:]
	return first.c, true
}

func (s *Sweeper) add(c *Conn) {
	now := s.clock.Load()
	c.seen.Store(now)
	c.bucket = int32(s.next.Add(1) % buckets)
	b := &s.sets[c.bucket]
	b.mu.Lock()
	c.place = int32(len(b.conns))
	b.conns = append(b.conns, c)
	b.mu.Unlock()
	s.count.Add(1)

	s.mu.Lock()
	s.young = append(s.young, newcomer{c, now + uint32(s.hello)})
	s.mu.Unlock()
}

func (s *Sweeper) remove(c *Conn) {
	b := &s.sets[c.bucket]
	b.mu.Lock()
	end := len(b.conns) - 1
	b.conns[c.place] = b.conns[end]
	b.conns[c.place].place = c.place
	b.conns[end] = nil
	b.conns = b.conns[:end]
	b.mu.Unlock()
	s.count.Add(-1)
}

// copy gives the connections of the bucket: whoever visits them must not hold its lock, because
// a visit may end a connection.
func (b *bucket) copy(dst []*Conn) []*Conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append(dst, b.conns...)
}

// Len is the number of open connections, those that linger included.
func (s *Sweeper) Len() int { return int(s.count.Load()) }

// All goes over the open connections, for draining and for the debug page. Connections that
// come or go meanwhile may be missed.
func (s *Sweeper) All() iter.Seq[*Conn] {
	return func(yield func(*Conn) bool) {
		for i := range s.sets {
			for _, c := range s.sets[i].copy(nil) {
				if !yield(c) {
					return
				}
			}
		}
	}
}
