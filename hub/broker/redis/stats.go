package redis

import (
	"sync"
	"sync/atomic"
	"time"
)

// counts is what a broker has done since Open.
type counts struct {
	published, batches, lost            atomic.Uint64
	received, dropped, forged, replayed atomic.Uint64
	resubscribes, missed, rebuilds      atomic.Uint64
	complaints                          complaints
}

// Stats is a look at a broker.
type Stats struct {
	Buckets   int // in use here
	Connected int // of these
	Sound     int // and hear themselves, and can publish
	Topics    int
	Classic   bool // the server knows no sharded pub/sub

	Published, Batches, Lost            uint64 // messages; batches; messages that did not leave
	Received, Dropped, Forged, Replayed uint64 // messages; those a full listener lost, that did not open, that were old
	Resubscribes, MissedProbes          uint64
	Rebuilds                            uint64 // connections given up because they were deaf

	Pool Pool
}

// Pool is go-redis' pool of connections for publishing.
type Pool struct {
	Hits, Misses, Timeouts, Stale uint64
	Total, Idle                   int
}

// Stats counts. It is cheap enough for every scrape.
func (b *Broker) Stats() Stats {
	c := &b.counts
	s := Stats{Published: c.published.Load(), Batches: c.batches.Load(), Lost: c.lost.Load(), Received: c.received.Load(),
		Dropped: c.dropped.Load(), Forged: c.forged.Load(), Replayed: c.replayed.Load(), Resubscribes: c.resubscribes.Load(),
		MissedProbes: c.missed.Load(), Rebuilds: c.rebuilds.Load()}
	for _, bucket := range b.buckets {
		bucket.count(&s)
	}
	if p := b.client.PoolStats(); p != nil {
		s.Pool = Pool{Hits: uint64(p.Hits), Misses: uint64(p.Misses), Timeouts: uint64(p.Timeouts), Stale: uint64(p.StaleConns),
			Total: int(p.TotalConns), Idle: int(p.IdleConns)}
	}
	return s
}

func (b *bucket) count(s *Stats) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.topics) == 0 {
		return
	}
	s.Buckets++
	s.Topics += len(b.topics)
	s.Classic = s.Classic || b.queue.classic
	if b.link != nil {
		s.Connected++
		if !b.queue.failing && b.link.probes.missed == 0 {
			s.Sound++
		}
	}
}

// complaints keeps the log readable: each sentence is said once in a while,
// with how often it would have been.
type complaints struct {
	// guarded by mu
	mu   sync.Mutex
	last map[string]complaint
}

type complaint struct {
	at     time.Time
	unsaid int
}

const complainEvery = 10 * time.Second

func (b *Broker) complain(text string, bucket int, err error) {
	c := &b.counts.complaints
	c.mu.Lock()
	if c.last == nil {
		c.last = map[string]complaint{}
	}
	was := c.last[text]
	if now := time.Now(); now.Sub(was.at) >= complainEvery {
		c.last[text] = complaint{at: now}
	} else {
		was.unsaid++
		c.last[text] = was
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	b.Log.Warn(text, "redis", b.Address.String(), "bucket", bucket, "before", was.unsaid, "err", err)
}
