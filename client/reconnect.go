package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"greenroom/hub/wire"
)

// Back-off of PROTOCOL §5.
const (
	minBackoff = 250 * time.Millisecond
	maxBackoff = 20 * time.Second
)

// join makes the first connection. It tries again only where the server asks
// for that; a host that is not there is the caller's to know.
func (r *Room) join(ctx context.Context) error {
	for {
		err := r.connect(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("client: join: %w", errors.Join(ctx.Err(), err))
		}
		var closed *Closed
		var refusal *Error
		if final(err) || !errors.As(err, &closed) && !errors.As(err, &refusal) {
			return err
		}
		if err := r.sleep(ctx, r.delay(err)); err != nil {
			return err
		}
	}
}

// run keeps the room connected until it ends.
func (r *Room) run() {
	defer close(r.done)
	for {
		err := r.serve()
		for err != nil {
			if over := r.lost(err); over != nil {
				r.end(over)
				return
			}
			err = r.connect(r.ctx)
		}
	}
}

// serve takes frames in until the connection ends.
func (r *Room) serve() error {
	c := r.connection()
	defer c.shut()
	for {
		text, err := c.message()
		if err != nil {
			return r.explained(c, err)
		}
		if err := r.take(c, text); err != nil {
			return err
		}
	}
}

func (r *Room) connection() *conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conn
}

// explained adds to a close frame the refusal that it follows. A refused hello
// counts even if the line breaks before the close frame.
func (r *Room) explained(c *conn, err error) error {
	if c.refusal == nil {
		return err
	}
	var closed *Closed
	switch isClosed := errors.As(err, &closed); {
	case isClosed && (!c.ready || wire.CloseFor(c.refusal.Code) == closed.Code):
		closed.Err = c.refusal
	case !isClosed && !c.ready:
		return c.refusal
	}
	return err
}

// lost notes that the connection is gone and waits until it is time to try
// again. It returns an error if there is no use in that.
func (r *Room) lost(err error) error {
	r.mu.Lock()
	was := r.conn
	r.conn = nil
	for _, k := range r.calls {
		k.on = nil
	}
	r.calls = withoutSamples(r.calls)
	if errors.Is(err, errNonsense) {
		r.place = wire.Resume{}
	}
	r.mu.Unlock()
	switch {
	case r.ctx.Err() != nil:
		return ErrLeft
	case final(err):
		return err
	case was == nil:
		return r.sleep(r.ctx, r.delay(err))
	}
	r.mu.Lock()
	r.publish(Event{Name: Lost, Err: err})
	r.mu.Unlock()
	r.tell(Event{Name: Lost, Err: err})
	// Each second that the connection lasted takes one step of the back-off
	// back: who is thrown out at once keeps waiting longer.
	r.attempt = max(0, r.attempt-int(time.Since(r.since)/time.Second))
	return r.sleep(r.ctx, r.delay(err)+r.spread(was, err))
}

// withoutSamples drops the questions about the clock, which will be asked anew.
func withoutSamples(calls []*call) []*call {
	kept := calls[:0]
	for _, k := range calls {
		if k.reply != nil {
			kept = append(kept, k)
		}
	}
	clear(calls[len(kept):])
	return kept
}

// delay is how long to wait before the next attempt: full jitter, and at least
// what the server asked for.
func (r *Room) delay(err error) time.Duration {
	wait := jitter(r.attempt)
	r.attempt++
	var refusal *Error
	if errors.As(err, &refusal) {
		wait += min(time.Duration(refusal.RetryMS)*time.Millisecond, time.Minute)
	}
	return wait
}

// spread is a draining server's due: if it closed earlier than announced by
// the signal, it let everybody go at once, and the rest of that time is there
// to come back at different moments.
func (r *Room) spread(c *conn, err error) time.Duration {
	var closed *Closed
	if !errors.As(err, &closed) || closed.Code != wire.CloseDrain {
		return 0
	}
	r.mu.Lock()
	left := time.Until(c.drainBy)
	r.mu.Unlock()
	if left <= 0 {
		return 0
	}
	return rand.N(left)
}

// sleep waits; an error says that ctx or the room ended first.
func (r *Room) sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-r.ctx.Done():
		return ErrLeft
	case <-r.done:
		return r.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end makes err the reason why the room ended.
func (r *Room) end(err error) {
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

// connect makes one attempt: handshake, hello and its answer.
func (r *Room) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	address := r.client.base.JoinPath("ws").String()
	c, err := upgrade(ctx, &r.o, address, r.client.headers())
	if err != nil {
		return err
	}
	release := hurry(ctx, c.nc)
	err = r.greet(c)
	if !release() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		c.shut()
	}
	return err
}

// greet says hello and reads until it is answered.
func (r *Room) greet(c *conn) error {
	hello := wire.Hello{Room: r.id, Invitation: r.o.invitation, Client: r.o.name, Takeover: r.o.takeover}
	r.mu.Lock()
	if r.place.Epoch != "" {
		place := r.place
		hello.Resume = &place
	}
	r.mu.Unlock()
	text, err := wire.EncodeCommand(1, "", hello)
	if err != nil {
		return err
	}
	c.last = 1
	if err := c.write(opText, text); err != nil {
		return err
	}
	for !c.ready {
		text, err := c.message()
		if err != nil {
			return r.explained(c, err)
		}
		if err := r.take(c, text); err != nil {
			return err
		}
	}
	return nil
}

// sendAgain sends what waits for an answer, in its old order, over a new
// connection.
func (r *Room) sendAgain() {
	r.mu.Lock()
	waiting := slices.Clone(r.calls)
	r.mu.Unlock()
	for _, k := range waiting {
		r.send(k)
	}
}
