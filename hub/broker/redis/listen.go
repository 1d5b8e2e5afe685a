package redis

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"greenroom/hub/broker"
)

// Bounds of the pause before a connection is made again.
const (
	pauseFrom = 50 * time.Millisecond
	pauseMost = 5 * time.Second
)

var (
	errDeaf  = errors.New("redis: this instance did not hear itself")
	errMoved = errors.New("redis: the server has ended a subscription")
)

// link is one subscribed connection of a bucket, from its making to its end.
type link struct {
	// set once
	bucket  *bucket
	sub     *goredis.PubSub
	sharded bool

	asking sync.Mutex // held while channels are asked for, so that Redis hears of each change in order

	// guarded by bucket.mu
	asked  map[string]*asked // by channel
	probes probes
	cause  error // why we ended it ourselves
}

// asked is what the server was told about a channel, and what it has answered.
type asked struct {
	wanted          bool
	told, confirmed int // subscriptions
	left, released  int // and their ends
}

// listen keeps a connection while somebody listens. It starts with the first
// Subscribe and ends with the broker.
func (b *bucket) listen() {
	sharded, tries := true, 0
	for b.needed() {
		l := b.newLink(sharded)
		err := l.run()
		steady := l.steady()
		l.end()
		switch {
		case b.broker.ctx.Err() != nil:
			return
		case b.idle():
			continue
		case sharded && unknownCommand(err):
			sharded = false
			continue
		}
		sharded = true // after an upgrade of the server all must speak alike
		b.broker.away.Store(!steady)
		b.complain(err)
		if steady {
			tries = 0
		}
		if !b.pause(tries) {
			return
		}
		tries++
	}
}

var errIdle = errors.New("redis: nobody listens")

// needed waits until somebody listens; false when the broker ends.
func (b *bucket) needed() bool {
	for b.idle() {
		select {
		case <-b.wake:
		case <-b.broker.ctx.Done():
			return false
		}
	}
	return b.broker.ctx.Err() == nil
}

// pause waits longer with each try, and never as long as others do.
func (b *bucket) pause(tries int) bool {
	most := min(pauseFrom<<min(tries, 10), pauseMost)
	t := time.NewTimer(pauseFrom/2 + rand.N(most))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-b.broker.ctx.Done():
		return false
	}
}

func (b *bucket) complain(err error) {
	b.broker.counts.resubscribes.Add(1)
	text := "subscription to Redis lost, trying again"
	if hopeless(err) != nil {
		text = "Redis does not let this user subscribe; the ACL line is in the README"
	}
	b.broker.complain(text, b.number, err)
}

func (b *bucket) newLink(sharded bool) *link {
	// Without channels nothing is connected yet.
	return &link{bucket: b, sub: b.broker.client.SSubscribe(b.broker.ctx), sharded: sharded, asked: map[string]*asked{}}
}

// run connects, asks for all channels and reads until something fails.
func (l *link) run() error {
	if c, ok := l.bucket.broker.client.(*goredis.ClusterClient); ok {
		c.ReloadState(l.bucket.broker.ctx)
	}
	if err := l.connect(); err != nil {
		return err
	}
	reading := context.WithValue(l.bucket.broker.ctx, receiving{}, true)
	for {
		// Without a deadline: one that passes in the middle of a message would
		// leave half of it behind. A silent connection is ended by watch.
		got, err := l.sub.Receive(reading)
		if err == nil {
			err = l.take(got)
		}
		if err != nil {
			return l.because(err)
		}
	}
}

// connect dials by asking for the probe's channel, and opens the link to
// changes.
func (l *link) connect() error {
	ctx, cancel := context.WithTimeout(l.bucket.broker.ctx, 2*answerTime)
	defer cancel()
	l.bucket.mu.Lock()
	l.note(l.bucket.probe).told++
	l.bucket.mu.Unlock()
	if err := l.ask(ctx, "subscribe", l.bucket.probe); err != nil {
		return err
	}
	if !l.bucket.take(l) {
		return broker.ErrClosed
	}
	l.agree()
	return nil
}

// take makes a link the bucket's own, unless the broker has been closed.
func (b *bucket) take(l *link) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.link = l
	return true
}

// agree tells the server what has changed of what is listened to. Whoever
// changes the topics calls it afterwards; an error ends the link.
func (l *link) agree() {
	l.asking.Lock()
	defer l.asking.Unlock()
	come, leave := l.difference()
	ctx, cancel := context.WithTimeout(context.WithValue(l.bucket.broker.ctx, receiving{}, true), answerTime)
	defer cancel()
	for _, step := range []struct {
		verb     string
		channels []string
	}{{"unsubscribe", leave}, {"subscribe", come}} {
		if len(step.channels) == 0 {
			continue
		}
		if err := l.ask(ctx, step.verb, step.channels...); err != nil {
			l.hangUp(err)
			return
		}
	}
}

// difference notes and gives what is to be asked for, and what no longer.
func (l *link) difference() (come, leave []string) {
	b := l.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	for channel, t := range b.topics {
		switch a := l.note(channel); {
		case !a.wanted:
			a.wanted = true
			a.told++
			come = append(come, channel)
		case a.confirmed == a.told: // left and listened to again before Redis was told
			t.confirm()
		}
	}
	for channel, a := range l.asked {
		if _, listened := b.topics[channel]; !listened && a.wanted {
			a.wanted = false
			a.left++
			leave = append(leave, channel)
		}
	}
	return come, leave
}

func (l *link) note(channel string) *asked {
	a := l.asked[channel]
	if a == nil {
		a = &asked{}
		l.asked[channel] = a
	}
	return a
}

func (l *link) ask(ctx context.Context, verb string, channels ...string) error {
	switch {
	case verb == "subscribe" && l.sharded:
		return l.sub.SSubscribe(ctx, channels...)
	case verb == "subscribe":
		return l.sub.Subscribe(ctx, channels...)
	case l.sharded:
		return l.sub.SUnsubscribe(ctx, channels...)
	}
	return l.sub.Unsubscribe(ctx, channels...)
}

// take looks at what the server has sent. It never waits.
func (l *link) take(got any) error {
	switch m := got.(type) {
	case *goredis.Message:
		l.hear(m)
	case *goredis.Subscription:
		switch m.Kind {
		case "subscribe", "ssubscribe":
			l.confirm(m.Channel)
		case "unsubscribe", "sunsubscribe":
			return l.released(m.Channel)
		}
	}
	return nil
}

func (l *link) hear(m *goredis.Message) {
	b := l.bucket
	msg, err := b.broker.sealer.open(m.Channel, b.number, []byte(m.Payload))
	switch {
	case errors.Is(err, errReplayed):
		b.broker.counts.replayed.Add(1)
	case err != nil:
		b.broker.counts.forged.Add(1)
		b.broker.complain("a message on Redis was not sealed with this cluster's key", b.number, nil)
	case m.Channel == b.probe:
		l.echo(msg)
	default:
		b.broker.counts.received.Add(1)
		b.deliver(m.Channel, msg)
	}
}

// confirm notes an answer; a channel counts when the last question is answered.
func (l *link) confirm(channel string) {
	l.bucket.mu.Lock()
	defer l.bucket.mu.Unlock()
	l.bucket.broker.away.Store(false)
	a := l.note(channel)
	a.confirmed++
	if a.confirmed == a.told && a.wanted {
		l.bucket.topics[channel].confirm()
	}
}

// released notes that a subscription has ended. Unasked, the slot has moved to
// another node.
func (l *link) released(channel string) error {
	l.bucket.mu.Lock()
	defer l.bucket.mu.Unlock()
	a := l.note(channel)
	if a.released++; a.released > a.left {
		return errMoved
	}
	if !a.wanted && a.confirmed == a.told {
		delete(l.asked, channel)
	}
	return nil
}

// steady says whether the link has ever worked.
func (l *link) steady() bool {
	l.bucket.mu.Lock()
	defer l.bucket.mu.Unlock()
	return l.probes.heard > 0
}

// hangUp ends the link from outside; its reader then notices.
func (l *link) hangUp(cause error) {
	l.bucket.mu.Lock()
	if l.cause == nil {
		l.cause = cause
	}
	l.bucket.mu.Unlock()
	_ = l.sub.Close()
}

// because gives the reason for which we have ended the link, if we have.
func (l *link) because(err error) error {
	l.bucket.mu.Lock()
	defer l.bucket.mu.Unlock()
	if l.cause != nil {
		return l.cause
	}
	return err
}

func (l *link) end() {
	l.bucket.doubt()
	_ = l.sub.Close()
}

// hangUp ends the bucket's connection, if there is one.
func (b *bucket) hangUp() {
	b.mu.Lock()
	link := b.link
	b.mu.Unlock()
	if link != nil {
		link.hangUp(context.Canceled)
	}
}
