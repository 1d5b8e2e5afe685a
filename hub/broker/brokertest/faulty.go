package brokertest

import (
	"context"
	"sync"

	"greenroom/hub/broker"
)

// Faulty gives a broker that loses messages, as every broker may: drop is
// asked for each message that is published through it, n being 1 for the
// first of its topic. It is not called by two goroutines at once.
func Faulty(b broker.Broker, drop func(topic string, n int) bool) broker.Broker {
	return &faulty{Broker: b, drop: drop, count: map[string]int{}}
}

type faulty struct {
	broker.Broker
	drop func(topic string, n int) bool

	// guarded by mu
	mu    sync.Mutex
	count map[string]int
}

// Publish says yes to a message that it loses.
func (f *faulty) Publish(ctx context.Context, topic string, msg []byte) error {
	f.mu.Lock()
	f.count[topic]++
	lost := f.drop(topic, f.count[topic])
	f.mu.Unlock()
	if lost {
		return ctx.Err()
	}
	return f.Broker.Publish(ctx, topic, msg)
}
