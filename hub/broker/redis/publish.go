package redis

import (
	"context"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"greenroom/hub/broker"
)

// Bounds of what waits for a bucket's connection, and of one batch.
const (
	maxQueued     = 4096
	maxQueuedSize = 4 << 20
	maxBatch      = 256
	maxBatchSize  = 512 << 10
	queueTime     = 250 * time.Millisecond // how long a publisher is held up at most
)

// queue is what a bucket has to say. All but room is guarded by bucket.mu.
type queue struct {
	messages []sealed
	size     int
	number   uint64        // of the last message, for the seal
	flushing bool          // flush runs
	classic  bool          // the server knows no sharded pub/sub
	failing  bool          // the last batch did not arrive
	room     chan struct{} // capacity 1: something has left
}

type sealed struct{ channel, text string }

// publish queues a message. It waits a moment if too much is queued.
func (b *bucket) publish(ctx context.Context, topic string, msg []byte) error {
	var timeout <-chan time.Time
	for {
		taken, err := b.enqueue(b.prefix+topic, msg, false)
		if taken || err != nil {
			return err
		}
		if timeout == nil {
			t := time.NewTimer(queueTime)
			defer t.Stop()
			timeout = t.C
		}
		select {
		case <-b.queue.room:
		case <-timeout:
			b.broker.counts.lost.Add(1)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// enqueue gives false if there is no room. While Redis is away only what tries
// it again is taken.
func (b *bucket) enqueue(channel string, msg []byte, again bool) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := &b.queue
	switch {
	case b.closed:
		return false, broker.ErrClosed
	case q.failing && !again:
		b.broker.counts.lost.Add(1)
		return true, nil
	case len(q.messages) >= maxQueued || q.size > maxQueuedSize:
		return false, nil
	}
	q.number++
	text := string(b.broker.sealer.seal(channel, q.number, msg))
	q.messages = append(q.messages, sealed{channel, text})
	q.size += len(text)
	if !q.flushing {
		q.flushing = true
		b.broker.running.Go(b.flush)
	}
	return true, nil
}

// flush sends what waits, batch after batch: what comes while one is under way
// leaves with the next. It ends when nothing waits.
func (b *bucket) flush() {
	for batch := b.batch(); batch != nil; batch = b.batch() {
		err := b.send(batch)
		b.sent(err)
		if err != nil {
			b.broker.counts.lost.Add(uint64(len(batch)))
			if b.broker.ctx.Err() == nil {
				b.broker.complain("not published to Redis; the store tells the others", b.number, err)
			}
			continue
		}
		b.broker.counts.published.Add(uint64(len(batch)))
		b.broker.counts.batches.Add(1)
	}
}

// batch takes what leaves together; nil ends the flush.
func (b *bucket) batch() []sealed {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := &b.queue
	n, size := 0, 0
	for n < len(q.messages) && n < maxBatch && (n == 0 || size+len(q.messages[n].text) <= maxBatchSize) {
		size += len(q.messages[n].text)
		n++
	}
	if n == 0 {
		q.flushing, q.messages = false, nil
		return nil
	}
	batch := q.messages[:n:n]
	q.messages, q.size = q.messages[n:], q.size-size
	select {
	case q.room <- struct{}{}:
	default:
	}
	return batch
}

// send publishes a batch in one pipeline.
func (b *bucket) send(batch []sealed) error {
	// Close lets what is queued leave, so this is bound by time alone.
	ctx, cancel := context.WithTimeout(context.Background(), 2*answerTime)
	defer cancel()
	began := time.Now()
	err := b.pipeline(ctx, batch)
	if unknownCommand(err) {
		b.setClassic(!b.isClassic())
		err = b.pipeline(ctx, batch)
	}
	if err == nil && b.broker.Published != nil {
		b.broker.Published(time.Since(began))
	}
	return err
}

func (b *bucket) pipeline(ctx context.Context, batch []sealed) error {
	classic := b.isClassic()
	_, err := b.broker.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for _, m := range batch {
			if classic {
				p.Publish(ctx, m.channel, m.text)
			} else {
				p.SPublish(ctx, m.channel, m.text)
			}
		}
		return nil
	})
	return err
}

func (b *bucket) isClassic() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.queue.classic
}

func (b *bucket) setClassic(to bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue.classic = to
}

// sent notes what came of a batch. When it fails, what waits is old by the time
// Redis is back: the log has it.
func (b *bucket) sent(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := &b.queue
	if q.failing = err != nil; q.failing {
		b.broker.counts.lost.Add(uint64(len(q.messages)))
		q.messages, q.size = nil, 0
	}
}
