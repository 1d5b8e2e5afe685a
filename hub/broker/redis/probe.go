package redis

import (
	"encoding/binary"
	"time"
)

const (
	probeEvery = time.Second
	maxMissed  = 3  // probes, before a connection is given up
	maxIdle    = 30 // probes that a connection is kept for when nobody listens
)

// probes is what a link has said to itself and heard.
type probes struct {
	sent, heard uint64
	at          time.Time // of the last one sent
	missed      int       // in a row
	idle        int       // in a row, with nobody listening
}

// watch has every connection say something to itself each second. It starts in
// Open and ends with Close.
func (b *Broker) watch() {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			return
		}
		for _, bucket := range b.buckets {
			bucket.look()
		}
		if round%60 == 0 {
			b.sealer.sweep()
		}
	}
}

// look gives up a connection that has not heard itself for too long, and sends
// the next probe. Without a connection it is what finds out that Redis is back.
func (b *bucket) look() {
	b.mu.Lock()
	l, failing := b.link, b.queue.failing
	var probe []byte
	var over error
	if l != nil {
		probe, over = l.nextProbe(time.Now())
	}
	b.mu.Unlock()
	switch {
	case over != nil:
		l.hangUp(over)
	case l != nil || failing:
		_, _ = b.enqueue(b.probe, probe, true)
	}
}

// nextProbe gives what to say, or why the link is to end. The caller holds
// bucket.mu.
func (l *link) nextProbe(now time.Time) (probe []byte, over error) {
	p := &l.probes
	if p.idle++; len(l.bucket.topics) > 0 {
		p.idle = 0
	}
	if p.sent > p.heard {
		p.missed++
		l.bucket.broker.counts.missed.Add(1)
	} else {
		p.missed = 0
	}
	switch {
	case p.missed >= maxMissed:
		l.bucket.broker.counts.rebuilds.Add(1)
		return nil, errDeaf
	case p.idle > maxIdle:
		return nil, errIdle
	}
	p.sent++
	p.at = now
	return binary.BigEndian.AppendUint64(nil, p.sent), nil
}

// echo notes that the instance has heard itself. What an earlier link has said
// may still come and says nothing of this one.
func (l *link) echo(msg []byte) {
	l.bucket.mu.Lock()
	defer l.bucket.mu.Unlock()
	p := &l.probes
	if len(msg) != 8 {
		return
	}
	number := binary.BigEndian.Uint64(msg)
	if number <= p.heard || number > p.sent {
		return
	}
	p.heard = number
	if number == p.sent && l.bucket.broker.Echoed != nil {
		l.bucket.broker.Echoed(time.Since(p.at))
	}
}
