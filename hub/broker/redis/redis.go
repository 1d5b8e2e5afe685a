package redis

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"greenroom/hub/broker"
)

// Options of a broker. Address, Key and Log are required.
type Options struct {
	Address Address
	Key     []byte         // the same on all instances, at least MinKey bytes, secret
	Roots   *x509.CertPool // who may sign the server's certificate; nil: whom the machine trusts
	Log     *slog.Logger
	Now     func() time.Time // nil: time.Now

	// Published and Echoed are told how long a batch took to Redis, and how
	// long a probe took there and back. Each may be nil.
	Published func(took time.Duration)
	Echoed    func(took time.Duration)
}

// buckets is how many there are. All instances must agree on it.
const buckets = 64

// Broker implements broker.Broker. All methods may be called from many
// goroutines.
type Broker struct {
	// set once
	Options
	client  goredis.UniversalClient
	sealer  *sealer
	buckets [buckets]*bucket
	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	running sync.WaitGroup // what Close waits for

	counts counts
	closed atomic.Bool
	away   atomic.Bool // the last try to connect has failed
}

var _ broker.Broker = (*Broker)(nil)

// Open starts a broker. A Redis that is away is no error: it is waited for,
// and meanwhile subscriptions are not Sound. One that answers and refuses is:
// ErrDenied or ErrUntrusted.
func Open(ctx context.Context, o Options) (*Broker, error) {
	if len(o.Key) < MinKey {
		return nil, fmt.Errorf("redis: a cluster key of %d bytes, at least %d are needed", len(o.Key), MinKey)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	b := &Broker{Options: o, client: newClient(o.Address, o.Roots), sealer: newSealer(o.Key, o.Now)}
	b.ctx, b.stop = context.WithCancel(context.Background())
	for i := range b.buckets {
		b.buckets[i] = newBucket(b, i)
	}
	if err := b.try(ctx); err != nil {
		if no := hopeless(err); no != nil {
			b.stop()
			return nil, errors.Join(no, b.client.Close())
		}
		b.away.Store(true)
		o.Log.Warn("Redis does not answer; rooms go on, the other instances learn of everything by the store until it is back", "redis", o.Address.String(), "err", err)
	}
	b.running.Go(b.watch)
	return b, nil
}

// try finds out whether this user may do what a broker must.
func (b *Broker) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*answerTime)
	defer cancel()
	err := b.buckets[0].try(ctx, true)
	if unknownCommand(err) {
		err = b.buckets[0].try(ctx, false)
	}
	return err
}

func (b *bucket) try(ctx context.Context, sharded bool) error {
	l := b.newLink(sharded)
	defer l.sub.Close()
	publish := b.broker.client.Publish
	if sharded {
		publish = b.broker.client.SPublish
	}
	if err := publish(ctx, b.probe, "").Err(); err != nil {
		return err
	}
	for _, verb := range []string{"subscribe", "unsubscribe"} {
		if err := l.ask(ctx, verb, b.probe); err != nil {
			return err
		}
		if _, err := l.sub.Receive(ctx); err != nil {
			return err
		}
	}
	return nil
}

// bucketOf is the same on all instances.
func (b *Broker) bucketOf(topic string) *bucket {
	h := fnv.New32a()
	_, _ = h.Write([]byte(topic))
	return b.buckets[h.Sum32()%buckets]
}

// Publish implements broker.Broker: the message leaves with others of its
// bucket as soon as those before it have. While Redis is away it is lost.
func (b *Broker) Publish(ctx context.Context, topic string, msg []byte) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case len(msg) > broker.MaxMessage:
		return broker.ErrTooLarge
	case b.closed.Load():
		return broker.ErrClosed
	}
	return b.bucketOf(topic).publish(ctx, topic, msg)
}

// Subscribe implements broker.Broker.
func (b *Broker) Subscribe(ctx context.Context, topic string) (broker.Subscription, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := b.bucketOf(topic).subscribe(topic)
	if s == nil {
		return nil, broker.ErrClosed
	}
	if err := s.await(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// Close implements broker.Broker. It may be called more than once.
func (b *Broker) Close() error {
	if b.closed.Swap(true) {
		return nil
	}
	for _, bucket := range b.buckets {
		bucket.finish()
	}
	b.stop()
	for _, bucket := range b.buckets {
		bucket.hangUp()
	}
	b.running.Wait()
	return b.client.Close()
}
