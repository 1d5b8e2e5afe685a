package redis

import (
	"context"
	"fmt"
	"sync"
	"time"

	"greenroom/hub/broker"
)

const (
	waiting       = 1024            // messages that a listener may be behind
	subscribeTime = 2 * time.Second // for Redis to confirm; later it is not Sound at first
)

// bucket is a sixty-fourth of the topics: one slot of a Cluster, one connection.
type bucket struct {
	// set once
	broker *Broker
	number int
	prefix string        // of its channels
	probe  string        // the channel on which it hears itself
	wake   chan struct{} // capacity 1: somebody listens

	// guarded by mu
	mu        sync.Mutex
	topics    map[string]*topic // by channel
	link      *link             // nil: not connected
	listening bool              // listen runs
	closed    bool
	queue     queue
}

// topic is what somebody here listens to.
type topic struct {
	confirmed bool // Redis has said that it will be delivered
	subs      map[*subscription]struct{}
}

func newBucket(b *Broker, number int) *bucket {
	prefix := fmt.Sprintf("gr:{b%02d}:", number)
	return &bucket{broker: b, number: number, prefix: prefix, probe: fmt.Sprintf("%sprobe:%x", prefix, b.sealer.self),
		wake: make(chan struct{}, 1), topics: map[string]*topic{}, queue: queue{room: make(chan struct{}, 1)}}
}

// subscribe adds a listener, nil when the broker is closed.
func (b *bucket) subscribe(name string) *subscription {
	s := &subscription{bucket: b, channel: b.prefix + name, messages: make(chan []byte, waiting),
		gaps: make(chan struct{}, 1), ready: make(chan struct{})}
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return nil
	}
	t := b.topics[s.channel]
	if t == nil {
		t = &topic{subs: map[*subscription]struct{}{}}
		b.topics[s.channel] = t
	}
	t.subs[s] = struct{}{}
	if t.confirmed {
		close(s.ready)
	}
	link := b.link
	if !b.listening {
		b.listening = true
		b.broker.running.Go(b.listen)
	}
	b.mu.Unlock()
	b.nudge()
	if link != nil {
		link.agree()
	}
	return s
}

func (b *bucket) nudge() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// remove takes a listener out.
func (b *bucket) remove(s *subscription) {
	b.mu.Lock()
	t := b.topics[s.channel]
	if t == nil {
		b.mu.Unlock()
		return
	}
	if _, here := t.subs[s]; !here {
		b.mu.Unlock()
		return
	}
	delete(t.subs, s)
	close(s.messages)
	last := len(t.subs) == 0
	if last {
		delete(b.topics, s.channel)
	}
	link := b.link
	b.mu.Unlock()
	if last && link != nil {
		link.agree()
	}
}

// finish ends all listeners and lets nobody else in.
func (b *bucket) finish() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for channel, t := range b.topics {
		for s := range t.subs {
			close(s.messages)
		}
		delete(b.topics, channel)
	}
}

// deliver hands a message to who listens. A listener that is full loses it and
// is told.
func (b *bucket) deliver(channel string, msg []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.topics[channel]
	if t == nil {
		return
	}
	for s := range t.subs {
		select {
		case s.messages <- msg:
		default:
			b.broker.counts.dropped.Add(1)
			s.lose()
		}
	}
}

// confirm notes that the topic is delivered from now on. What was published
// before may be lost to those who have listened for longer. The caller holds mu.
func (t *topic) confirm() {
	if t == nil || t.confirmed {
		return
	}
	t.confirmed = true
	for s := range t.subs {
		s.confirm()
	}
}

// doubt notes that nothing is delivered now.
func (b *bucket) doubt() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.link = nil
	for _, t := range b.topics {
		t.confirmed = false
	}
}

func (b *bucket) idle() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.topics) == 0
}

// subscription is one listener; its channel is closed under the bucket's mu.
type subscription struct {
	// set once
	bucket   *bucket
	channel  string
	messages chan []byte
	gaps     chan struct{} // capacity 1
	ready    chan struct{} // closed when first confirmed

	// guarded by bucket.mu
	late bool // Subscribe has returned without being confirmed, or was confirmed before
}

var _ broker.Subscription = (*subscription)(nil)

// await waits until Redis has confirmed, or for a while.
func (s *subscription) await(ctx context.Context) error {
	defer s.settle()
	if s.bucket.away() {
		return nil
	}
	timeout := time.NewTimer(subscribeTime)
	defer timeout.Stop()
	select {
	case <-s.ready:
	case <-timeout.C:
	case <-s.bucket.broker.ctx.Done():
		return broker.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// away says that Redis is known not to answer.
func (b *bucket) away() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.link == nil && b.broker.away.Load()
}

// settle ends the time in which a confirmation is news of no loss.
func (s *subscription) settle() {
	s.bucket.mu.Lock()
	defer s.bucket.mu.Unlock()
	s.late = true
}

// confirm is called with bucket.mu held.
func (s *subscription) confirm() {
	select {
	case <-s.ready:
	default:
		close(s.ready)
	}
	if s.late {
		s.lose()
	}
}

// C implements broker.Subscription.
func (s *subscription) C() <-chan []byte { return s.messages }

// Gaps implements broker.Subscription.
func (s *subscription) Gaps() <-chan struct{} { return s.gaps }

// Sound implements broker.Subscription.
func (s *subscription) Sound() bool {
	b := s.bucket
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.topics[s.channel]
	return t != nil && t.confirmed && !b.queue.failing
}

// Close implements broker.Subscription.
func (s *subscription) Close() error {
	s.bucket.remove(s)
	return nil
}

func (s *subscription) lose() {
	select {
	case s.gaps <- struct{}{}:
	default:
	}
}
