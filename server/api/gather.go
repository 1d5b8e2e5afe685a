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
// answered at once, and by a read of their own. No read of many is asked for before
// the last who waits for it has come: what it finds is as new as if each had asked
// alone.
type gather[K comparable, V any] struct {
	// set once
	read func(ctx context.Context, keys []K) (map[K]V, error)

	// guarded by mu
	mu   sync.Mutex
	come tide
	next *gathering[K, V] // nil: nobody waits
}

// gathering is those who wait for the same read.
type gathering[K comparable, V any] struct {
	keys  []K
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
	wait := g.come.wait(time.Now())
	if g.next == nil && wait == 0 {
		return nil
	}
	if g.next == nil {
		g.next = &gathering[K, V]{done: make(chan struct{})}
		time.AfterFunc(wait, g.flush)
	}
	g.next.keys = append(g.next.keys, key)
	return g.next
}

// flush reads for those who wait. Whoever comes from now on waits for another
// read.
func (g *gather[K, V]) flush() {
	g.mu.Lock()
	those := g.next
	g.next = nil
	g.mu.Unlock()
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

// Who is one of many within a span waits a moment for others: not so long that
// it is felt, nor that those who are let go together look like a flood to doors.
const (
	tideSpan = 250 * time.Millisecond
	fewCome  = 128 // half a thousand a second: a database does not feel them
	tideWait = 20 * time.Millisecond
)

// tide counts who has come lately.
type tide struct {
	since     time.Time // the present span began
	now, last int       // in it, and in the one before
}

// wait counts one more, and says how long to wait for others.
func (t *tide) wait(at time.Time) time.Duration {
	switch gone := at.Sub(t.since); {
	case gone >= 2*tideSpan:
		t.since, t.now, t.last = at, 0, 0
	case gone >= tideSpan:
		t.since, t.now, t.last = t.since.Add(tideSpan), 0, t.now
	}
	t.now++
	if max(t.now, t.last) <= fewCome {
		return 0
	}
	return tideWait
}

// crowd reads and marks the sessions of sockets that come, together where many
// do. It implements sessions.
type crowd struct {
	read  *gather[[32]byte, store.Opened]
	touch *gather[[32]byte, struct{}]
}

func newCrowd(s store.Store, now func() time.Time) *crowd {
	return &crowd{
		read: newGather(s.Sessions),
		touch: newGather(func(ctx context.Context, ids [][32]byte) (map[[32]byte]struct{}, error) {
			return nil, s.TouchSessions(ctx, ids, now())
		}),
	}
}

// Session is that of the store.
func (c *crowd) Session(ctx context.Context, id [32]byte) (store.WebSession, error) {
	o, err := c.read.ask(ctx, id)
	return o.WebSession, err
}

// TouchSession marks it as seen now; store.ErrNotFound, whether it is there or
// not.
func (c *crowd) TouchSession(ctx context.Context, id [32]byte, _ time.Time) error {
	_, err := c.touch.ask(ctx, id)
	return err
}
