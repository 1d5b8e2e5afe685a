// Package local is the broker of a single instance: messages go from hand to
// hand inside the process. Several hubs in one process may share one, as tests
// do.
package local

import (
	"context"
	"sync"
	"sync/atomic"

	"greenroom/hub/broker"
)

// waiting is how many messages a listener may be behind when New is not told.
const waiting = 1024

// Broker implements broker.Broker. All methods may be called from many
// goroutines.
type Broker struct {
	// set once
	buffer int

	dropped atomic.Uint64

	// guarded by mu. Publishing holds it for reading, so a channel is never
	// closed during a send; no send waits.
	mu     sync.RWMutex
	topics map[string]map[*subscription]struct{}
	closed bool
}

var _ broker.Broker = (*Broker)(nil)

// New makes a broker whose subscriptions each hold at most buffer messages
// that were not yet read; 0: 1,024.
func New(buffer int) *Broker {
	if buffer <= 0 {
		buffer = waiting
	}
	return &Broker{buffer: buffer, topics: map[string]map[*subscription]struct{}{}}
}

// Publish implements broker.Broker. A full listener loses this message.
func (b *Broker) Publish(ctx context.Context, topic string, msg []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(msg) > broker.MaxMessage {
		return broker.ErrTooLarge
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return broker.ErrClosed
	}
	for s := range b.topics[topic] {
		select {
		case s.messages <- msg:
		default:
			b.dropped.Add(1)
			s.lose()
		}
	}
	return nil
}

// Dropped counts the messages that full listeners lost.
func (b *Broker) Dropped() uint64 { return b.dropped.Load() }

// Subscribe implements broker.Broker.
func (b *Broker) Subscribe(ctx context.Context, topic string) (broker.Subscription, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, broker.ErrClosed
	}
	s := &subscription{broker: b, topic: topic, messages: make(chan []byte, b.buffer), gaps: make(chan struct{}, 1)}
	if b.topics[topic] == nil {
		b.topics[topic] = map[*subscription]struct{}{}
	}
	b.topics[topic][s] = struct{}{}
	return s, nil
}

// Close implements broker.Broker. It may be called more than once.
func (b *Broker) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, listeners := range b.topics {
		for s := range listeners {
			b.end(s)
		}
	}
	return nil
}

// end is called with mu held for writing.
func (b *Broker) end(s *subscription) {
	listeners := b.topics[s.topic]
	if _, open := listeners[s]; !open {
		return
	}
	delete(listeners, s)
	if len(listeners) == 0 {
		delete(b.topics, s.topic)
	}
	close(s.messages)
}

// subscription is one listener; its channel is closed under the broker's mu.
type subscription struct {
	broker   *Broker
	topic    string
	messages chan []byte
	gaps     chan struct{} // capacity 1
}

// C implements broker.Subscription. What was delivered before Close can still
// be read.
func (s *subscription) C() <-chan []byte { return s.messages }

// Gaps implements broker.Subscription.
func (s *subscription) Gaps() <-chan struct{} { return s.gaps }

// Sound implements broker.Subscription: inside a process nothing is ever away.
func (s *subscription) Sound() bool { return true }

func (s *subscription) lose() {
	select {
	case s.gaps <- struct{}{}:
	default:
	}
}

// Close implements broker.Subscription.
func (s *subscription) Close() error {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	s.broker.end(s)
	return nil
}
