package redis

import (
	"context"
	"encoding/binary"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
)

// people is two brokers that hear each other on a few topics.
type people struct {
	here, there *Broker
	at          []*listener // of there
}

func meet(t *testing.T, address string) *people {
	t.Helper()
	p := &people{here: open(t, address), there: open(t, address)}
	for _, topic := range []string{"room.a", "room.b", "room.c", "room.d"} {
		l := listen(t, p.there, topic)
		l.want("hello", p.here)
		p.at = append(p.at, l)
	}
	return p
}

// recover waits until everybody is told of a gap and everything arrives again.
func (p *people) recover() {
	for _, l := range p.at {
		l.t.Helper()
		l.gap()
		l.sound(true)
		l.again(p.here)
	}
}

func TestServerKilledAndBack(t *testing.T) {
	s := redistest.Start(t)
	p := meet(t, "redis://"+s.Host)
	s.Kill()
	for _, l := range p.at {
		l.sound(false)
	}
	if err := p.here.Publish(t.Context(), "room.a", []byte("lost")); err != nil {
		t.Errorf("publishing while Redis is away: %v", err)
	}
	opened := listen(t, p.there, "room.new") // a room opens while Redis is away
	if opened.Sound() {
		t.Error("a subscription is sound without a server")
	}
	s.Begin()
	p.recover()
	opened.gap()
	opened.again(p.here)
	if stats := p.there.Stats(); stats.Resubscribes == 0 {
		t.Errorf("%+v", stats)
	}
}

func TestStartsWithoutServer(t *testing.T) {
	s := redistest.Start(t)
	s.Kill()
	b := open(t, "redis://"+s.Host)
	l := listen(t, b, "room")
	s.Begin()
	l.gap()
	l.again(b)
}

func TestConnectionsCut(t *testing.T) {
	s := redistest.Start(t)
	p := meet(t, "redis://"+s.Host)
	for range 3 {
		s.Do("CLIENT", "KILL", "TYPE", "pubsub")
		p.recover()
	}
	s.Do("CLIENT", "KILL", "TYPE", "normal") // those that publish
	for _, l := range p.at {
		l.again(p.here)
	}
}

func TestFlushAllChangesNothing(t *testing.T) {
	s := redistest.Start(t)
	p := meet(t, "redis://"+s.Host)
	if said := s.Do("DBSIZE"); said != "0\n" {
		t.Errorf("Redis holds keys: %s", said)
	}
	s.Do("FLUSHALL")
	for _, l := range p.at {
		l.want("still", p.here)
	}
}

// A server that cuts those who fall behind: told, and connected again.
func TestOutputBufferCut(t *testing.T) {
	s := redistest.Start(t)
	p := meet(t, "redis://"+s.Host)
	s.Do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1 1 1")
	l := p.at[0]
	until(t, "the connection is cut", func() bool {
		if err := p.here.Publish(t.Context(), l.topic, make([]byte, 60<<10)); err != nil {
			t.Fatal(err)
		}
		return p.there.Stats().Resubscribes > 0
	})
	s.Do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60")
	for empty := false; !empty; {
		select {
		case <-l.C():
		default:
			empty = true
		}
	}
	l.gap()
	l.sound(true)
}

// A server that stands still answers nobody and closes nothing.
func TestServerStandsStill(t *testing.T) {
	s := redistest.Start(t)
	p := meet(t, "redis://"+s.Host)
	s.Signal(syscall.SIGSTOP)
	defer func() {
		if t.Failed() {
			s.Signal(syscall.SIGCONT)
		}
	}()
	for _, l := range p.at {
		l.sound(false)
	}
	until(t, "the deaf connections are given up", func() bool { return p.there.Stats().Rebuilds > 0 })
	s.Signal(syscall.SIGCONT)
	p.recover()
}

func TestSentinelFailover(t *testing.T) {
	sentinel, master, replica := redistest.StartSentinel(t)
	p := meet(t, "redis+sentinel://"+sentinel.Host+"/main")
	master.Kill()
	replica.Wait("INFO replication", "role:master")
	p.recover()
}

// A slot that moves to another node takes its subscriptions' ends along.
func TestClusterNodeLost(t *testing.T) {
	nodes := redistest.StartCluster(t)
	p := meet(t, "redis+cluster://"+nodes[0].Host+","+nodes[1].Host+","+nodes[2].Host)
	for _, n := range nodes {
		n.Kill()
		n.Begin()
		n.Wait("CLUSTER INFO", "cluster_state:ok")
	}
	for _, l := range p.at {
		l.sound(true)
		l.again(p.here)
	}
}

// Slots move to other nodes, there and on, while everybody talks: whoever
// listened is told of the gap and hears again, and nothing comes twice or out
// of order.
func TestSlotsMoveDuringTraffic(t *testing.T) {
	nodes := redistest.StartCluster(t)
	p := meet(t, "redis+cluster://"+nodes[0].Host+","+nodes[1].Host+","+nodes[2].Host)
	talk, end := context.WithCancel(t.Context())
	var talking sync.WaitGroup
	for _, l := range p.at {
		talking.Go(func() { speakOn(talk, p.here, l.topic) })
	}
	for range 2 {
		for _, l := range p.at {
			before := p.there.Stats().Resubscribes
			redistest.MoveSlot(t, nodes, nodes[0].Slot(l.Subscription.(*subscription).bucket.prefix))
			until(t, "the move is noticed", func() bool { return p.there.Stats().Resubscribes > before })
			l.gap()
			l.sound(true)
			rising(l, 100)
		}
	}
	end()
	talking.Wait()
	if s := p.there.Stats(); s.Replayed != 0 || s.Forged != 0 {
		t.Errorf("%+v", s)
	}
}

// speakOn publishes numbers until ctx ends.
func speakOn(ctx context.Context, b *Broker, topic string) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := uint64(1); ctx.Err() == nil; n++ {
		_ = b.Publish(ctx, topic, binary.BigEndian.AppendUint64([]byte("number "), n))
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// rising reads so many numbers, of which each is above the one before.
func rising(l *listener, count int) {
	l.t.Helper()
	for last := uint64(0); count > 0; {
		text, isNumber := strings.CutPrefix(l.next(), "number ")
		if !isNumber {
			continue
		}
		n := binary.BigEndian.Uint64([]byte(text))
		if n <= last {
			l.t.Fatalf("%d comes after %d", n, last)
		}
		last = n
		count--
	}
}

// A user whose right to the channels is taken away while it listens is cut off
// by Redis, is told so, and comes back with the right.
func TestPermissionWithdrawn(t *testing.T) {
	s := redistest.Start(t)
	allow := func(rights ...string) {
		t.Helper()
		if said := s.Do(append([]string{"ACL", "SETUSER", "greenroom", ">pw"}, rights...)...); said != "OK\n" {
			t.Fatal(said)
		}
	}
	allow(strings.Fields(ACL)...)
	p := meet(t, "redis://greenroom:pw@"+s.Host)
	allow("resetchannels", "&other:*")
	for _, l := range p.at {
		l.sound(false)
	}
	allow("resetchannels", "&gr:*")
	p.recover()
}
