package hub

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Hellos that come in crowds, above all of those whose instance was killed,
// mostly write nothing: they need only a reading of the log that began after
// they came. It is one statement, without the lock of the log, for all of them
// who wait; and while a crowd comes, they wait for each other.
const (
	manyHellos = 8                      // of one turn: a crowd comes
	crowdLasts = 500 * time.Millisecond // since the last such turn
	crowdWaits = 20 * time.Millisecond  // for each other
)

// hello says whether an op is one.
func (o *op) hello() bool { return o.session != nil }

// hellos says whether there is nothing else among them.
func hellos(ops []*op) bool {
	for _, o := range ops {
		if !o.hello() {
			return false
		}
	}
	return len(ops) > 0
}

// ready gives what waits, at most one turn of it; nothing as long as it is
// hellos that wait for others.
func (r *liveRoom) ready() []*op {
	if left := r.gathers(); left > 0 {
		r.gathered.Reset(left)
		return nil
	}
	return r.take()
}

// gathers is for how long those who wait may wait for others.
func (r *liveRoom) gathers() time.Duration {
	now := r.hub.now()
	if now.Sub(r.crowdAt) > crowdLasts {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) >= maxTurn || !hellos(r.queue) {
		return 0
	}
	return crowdWaits - now.Sub(r.queue[0].queued)
}

// arrive lets a crowd in if nothing is to be written for that, and says whether
// it has: otherwise they are judged by a commit.
func (r *liveRoom) arrive(ops []*op) bool {
	if !hellos(ops) {
		return false
	}
	now := r.hub.now()
	if len(ops) >= manyHellos {
		r.crowdAt = now
	}
	if now.Sub(r.crowdAt) > crowdLasts || r.follow() != nil || r.soonDue() {
		return false
	}
	t := &turn{room: r, ops: ops}
	if !t.idle() {
		return false
	}
	r.advance(t.step, nil)
	t.answer()
	return true
}

// soonDue says that something may be due by the store's clock, which we know
// to be at ours or later.
func (r *liveRoom) soonDue() bool {
	next := r.state.Load().NextDue()
	return next != 0 && int64(next) <= r.hub.Now().Add(time.Second).UnixMilli()
}

// idle judges operations by the state and says whether nothing is to be written
// for them. What is, is given up; so is what panics, for the commit to say.
func (t *turn) idle() (idle bool) {
	defer func() {
		if recover() != nil {
			idle = false
		}
		if !idle && t.step != nil {
			t.step.Abandon()
		}
	}()
	now := t.room.hub.Now()
	if last := time.UnixMilli(int64(t.room.state.Load().LastAt)); now.Before(last) {
		now = last
	}
	batch, err := t.decide(now.UTC(), nil)
	return err == nil && len(batch.Events)+len(batch.Rows) == 0
}

// follow reads and takes in what others have appended.
func (r *liveRoom) follow() error {
	ctx, cancel := context.WithTimeout(r.ctx, openTimeout)
	defer cancel()
	var missed []room.Event
	var failed error
	asked := r.hub.since()
	for e, err := range r.hub.store.Since(ctx, r.id, r.state.Load().Head) {
		if err != nil {
			failed = err // what came is good; the next head check tries again
			break
		}
		missed = append(missed, e)
	}
	if len(missed) > 0 {
		r.takeIn(missed)
	}
	if failed == nil {
		r.confirm(asked)
	}
	return failed
}
