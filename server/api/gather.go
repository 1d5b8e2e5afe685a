package api

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"greenroom/hub/store"
)

// gather answers the questions of a crowd with few reads: after an instance was
// killed thousands come to another one within seconds. Whoever comes alone is
// answered at once, and by a read of their own; who comes while two of these are
// under way waits for the end of one, and of many they wait for each other. No
// read of many is asked for before the last who waits for it has come: what it
// finds is as new as if each had asked alone.
type gather[K comparable, V any] struct {
	// set once
	read func(ctx context.Context, keys []K) (map[K]V, error)

	// guarded by mu
	mu    sync.Mutex
	come  tide
	alone int              // reads of one that are under way
	next  *gathering[K, V] // nil: nobody waits
}

// gathering is those who wait for the same read.
type gathering[K comparable, V any] struct {
	since time.Time // the first of them has come
	keys  []K
	timer *time.Timer   // of the read
	done  chan struct{} // closed when found and err are set
	found map[K]V
	err   error
}

func newGather[K comparable, V any](read func(context.Context, []K) (map[K]V, error)) *gather[K, V] {
	return &gather[K, V]{read: read}
}

// ask reads one; store.ErrNotFound where there is none. The error of a read is
// that of all who waited for it. Who leaves does not stop the others.
func (g *gather[K, V]) ask(ctx context.Context, key K) (V, error) {
	waits := g.join(key)
	if waits == nil {
		defer g.answered()
		found, err := g.read(ctx, []K{key})
		return one(found, key, err)
	}
	select {
	case <-waits.done:
		return one(waits.found, key, waits.err)
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// join takes a place in the next read; nil: there is no need to wait for one.
func (g *gather[K, V]) join(key K) *gathering[K, V] {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	wait := g.come.wait(now)
	if g.next == nil && wait == 0 && g.alone < ownReads {
		g.alone++
		return nil
	}
	if g.next == nil {
		those := &gathering[K, V]{since: now, done: make(chan struct{})}
		those.timer = time.AfterFunc(max(wait, tideWait), func() { g.due(those) })
		g.next = those
	}
	g.next.keys = append(g.next.keys, key)
	return g.next
}

// answered notes that somebody's own read has ended: unless they are many, those
// who came meanwhile need not wait any longer.
func (g *gather[K, V]) answered() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.alone--
	if g.next != nil && g.come.still(time.Now()) == 0 {
		g.next.timer.Reset(0)
	}
}

// due reads for those who wait, once, and when they have not become so many
// meanwhile that they wait for more.
func (g *gather[K, V]) due(those *gathering[K, V]) {
	if g.closes(those) {
		g.flush(those)
	}
}

// closes says whether nobody comes to these any more. A timer that was moved may
// ask twice.
func (g *gather[K, V]) closes(those *gathering[K, V]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.next != those {
		return false
	}
	now := time.Now()
	if left := those.since.Add(g.come.still(now)).Sub(now); left > 0 {
		those.timer.Reset(left)
		return false
	}
	g.next = nil
	return true
}

// flush reads for those who have waited. Whoever comes from now on waits for
// another read.
func (g *gather[K, V]) flush(those *gathering[K, V]) {
	defer close(those.done)
	defer func() {
		if p := recover(); p != nil {
			those.err = fmt.Errorf("api: panic in a read of many: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	those.found, those.err = g.read(ctx, those.keys)
}

func one[K comparable, V any](found map[K]V, key K, err error) (V, error) {
	value, ok := found[key]
	if err == nil && !ok {
		err = store.ErrNotFound
	}
	return value, err
}

// ownReads is how many reads of one are under way at once.
const ownReads = 2

// Who is one of many within a span waits a moment for others: not so long that
// it is felt. After the end of an instance a server is busy with thousands for
// seconds, and they wait for it more than for each other.
const (
	tideSpan  = 250 * time.Millisecond
	fewCome   = 128 // half a thousand a second: a database does not feel them
	manyCome  = 256
	allCome   = 512 // as after the end of an instance
	tideWait  = 20 * time.Millisecond
	floodWait = 250 * time.Millisecond
)

// tide counts who has come lately.
type tide struct {
	since     time.Time // the present span began
	now, last int       // in it, and in the one before
}

// wait counts one more, and says how long to wait for others.
func (t *tide) wait(at time.Time) time.Duration {
	t.move(at)
	t.now++
	return t.still(at)
}

// still says how long those who come now wait for others.
func (t *tide) still(at time.Time) time.Duration {
	t.move(at)
	return waitOf(max(t.now, t.last))
}

func (t *tide) move(at time.Time) {
	switch gone := at.Sub(t.since); {
	case gone >= 2*tideSpan:
		t.since, t.now, t.last = at, 0, 0
	case gone >= tideSpan:
		t.since, t.now, t.last = t.since.Add(tideSpan), 0, t.now
	}
}

// waitOf grows with a crowd.
func waitOf(come int) time.Duration {
	if come <= fewCome {
		return 0
	}
	share := float64(min(max(come, manyCome), allCome)-manyCome) / (allCome - manyCome)
	return tideWait + time.Duration(share*float64(floodWait-tideWait))
}

// crowd reads the sessions of sockets that come, together where many do, and
// marks them. It implements sessions.
type crowd struct {
	// set once
	read  *gather[[32]byte, store.Opened]
	touch func(ctx context.Context, ids [][32]byte) error

	// guarded by mu
	mu   sync.Mutex
	seen [][32]byte // to be marked
}

// touchRest is how long marks are gathered: nobody waits for them.
const touchRest = 2 * time.Second

func newCrowd(s store.Store, now func() time.Time) *crowd {
	return &crowd{
		read:  newGather(s.Sessions),
		touch: func(ctx context.Context, ids [][32]byte) error { return s.TouchSessions(ctx, ids, now()) },
	}
}

// Session is that of the store.
func (c *crowd) Session(ctx context.Context, id [32]byte) (store.WebSession, error) {
	o, err := c.read.ask(ctx, id)
	return o.WebSession, err
}

// TouchSession marks it as seen, by and by. A store that takes nothing keeps
// nobody out: the next socket or request of the session marks it.
func (c *crowd) TouchSession(_ context.Context, id [32]byte, _ time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) == 0 {
		time.AfterFunc(touchRest, c.mark)
	}
	c.seen = append(c.seen, id)
	return nil
}

func (c *crowd) mark() {
	c.mu.Lock()
	ids := c.seen
	c.seen = nil
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	_ = c.touch(ctx, ids) // what fails comes again with the next use
}
