package brokertest

import (
	"context"
	"sync"
	"sync/atomic"

	"greenroom/hub/broker"
)

// Switched is a broker that a test sends away and calls back, as a server that
// is down for a while. Away, it loses everything and says that it is not sound;
// back, it tells every listener of a gap.
type Switched struct {
	broker.Broker
	away atomic.Bool

	// guarded by mu
	mu   sync.Mutex
	subs []*switched
}

// Switch wraps a broker.
func Switch(b broker.Broker) *Switched { return &Switched{Broker: b} }

// Away sends it away or calls it back.
func (s *Switched) Away(away bool) {
	s.away.Store(away)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subs {
		if !away {
			sub.lose()
		}
	}
}

// Publish loses the message while away.
func (s *Switched) Publish(ctx context.Context, topic string, msg []byte) error {
	if s.away.Load() {
		return ctx.Err()
	}
	return s.Broker.Publish(ctx, topic, msg)
}

// Subscribe works while away, too.
func (s *Switched) Subscribe(ctx context.Context, topic string) (broker.Subscription, error) {
	inner, err := s.Broker.Subscribe(ctx, topic)
	if err != nil {
		return nil, err
	}
	sub := &switched{Subscription: inner, away: &s.away, gaps: make(chan struct{}, 1), messages: make(chan []byte, 1024)}
	go sub.pass()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subs = append(s.subs, sub)
	return sub, nil
}

type switched struct {
	broker.Subscription
	away     *atomic.Bool
	gaps     chan struct{} // capacity 1
	messages chan []byte
}

// pass hands over what comes while the broker is there. It ends with the inner
// subscription.
func (s *switched) pass() {
	defer close(s.messages)
	for msg := range s.Subscription.C() {
		if s.away.Load() {
			continue
		}
		select {
		case s.messages <- msg:
		default:
			s.lose()
		}
	}
}

func (s *switched) C() <-chan []byte      { return s.messages }
func (s *switched) Gaps() <-chan struct{} { return s.gaps }
func (s *switched) Sound() bool           { return !s.away.Load() }

func (s *switched) lose() {
	select {
	case s.gaps <- struct{}{}:
	default:
	}
}
