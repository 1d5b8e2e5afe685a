package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"

	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/proxy"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// breakage is one way to break something. do breaks it, waits for as long as it
// lasts, and mends it.
type breakage struct {
	name  string
	kinds []string // of Redis where it makes sense; nil: all
	lasts time.Duration
	do    func(*breaker, context.Context) error
}

// breakages is everything that is broken on purpose.
var breakages = []breakage{
	{"kill", nil, 2 * time.Second, (*breaker).kill},
	{"stop", nil, 5 * time.Second, (*breaker).stop},
	{"drain", nil, 3 * time.Second, (*breaker).drain},
	{"clock", nil, 3 * time.Second, (*breaker).wrongClock},
	{"redis-kill", []string{world.Single}, 4 * time.Second, (*breaker).killRedis},
	{"redis-flush", nil, 0, (*breaker).flushRedis},
	{"redis-pubsub", nil, 0, (*breaker).killPubSub},
	{"redis-outbuffer", nil, 3 * time.Second, (*breaker).cutOutputBuffer},
	{"redis-stop", nil, 5 * time.Second, (*breaker).stopRedis},
	{"redis-partition", nil, 4 * time.Second, (*breaker).partRedis},
	{"redis-split", []string{world.Sentinel, world.Cluster}, 6 * time.Second, (*breaker).splitRedis},
	{"redis-failover", []string{world.Sentinel}, 6 * time.Second, (*breaker).failOver},
	{"redis-node", []string{world.Cluster}, 5 * time.Second, (*breaker).killNode},
	{"store-fast", nil, 2 * time.Second, (*breaker).restartStoreFast},
	{"store-crash", nil, 2 * time.Second, (*breaker).crashStore},
	{"store-readonly", nil, 5 * time.Second, (*breaker).lockStore},
	{"store-partition", nil, 4 * time.Second, (*breaker).partStore},
	{"store-latency", nil, 5 * time.Second, (*breaker).slowStore},
	{"people-cut", nil, 1 * time.Second, (*breaker).cutPeople},
	{"people-halfopen", nil, 6 * time.Second, (*breaker).halfOpen},
	{"people-oneway", nil, 5 * time.Second, (*breaker).oneWay},
	{"people-latency", nil, 5 * time.Second, (*breaker).slowPeople},
}

func breakageNames() (names []string) {
	for _, b := range breakages {
		names = append(names, b.name)
	}
	return names
}

// breaker breaks one thing after another, as the seed says. It is used by one
// goroutine.
type breaker struct {
	world *world.World
	tap   *tap.Tap
	rng   *rand.Rand
	say   func(format string, args ...any)

	count int           // of faults so far
	lasts time.Duration // the present one
}

func newBreaker(w *world.World, t *tap.Tap, seed uint64, say func(string, ...any)) *breaker {
	return &breaker{world: w, tap: t, rng: rand.New(rand.NewPCG(seed, 0xb4ea)), say: say}
}

// choices are the wanted ones that make sense here, in an order of the seed's.
func (b *breaker) choices(wanted []string) (all []breakage) {
	for _, x := range breakages {
		if (slices.Contains(wanted, "all") || slices.Contains(wanted, x.name)) && (x.kinds == nil || slices.Contains(x.kinds, b.world.Options.Redis)) {
			all = append(all, x)
		}
	}
	b.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(x, y breakage) int { return cmp.Compare(rank(x), rank(y)) })
	return all
}

// rank puts the death of an instance first: what is checked behind it needs a
// while without other faults.
func rank(x breakage) int {
	if x.name == "kill" {
		return 0
	}
	return 1
}

// run breaks things until ctx ends: each once, in the seed's order, then any.
// Behind each fourth one is a while of peace, in which people must be served as
// if nothing had ever been.
func (b *breaker) run(ctx context.Context, wanted []string) error {
	all := b.choices(wanted)
	if len(all) == 0 {
		return nil
	}
	for n := 0; pause(ctx, b.peace(n)); n++ {
		x := all[n%len(all)]
		b.lasts = x.lasts
		if n >= len(all) {
			x = all[b.rng.IntN(len(all))]
			b.lasts = time.Duration((0.5 + b.rng.Float64()) * float64(x.lasts))
		}
		// What is broken is mended although the time is over.
		if err := x.do(b, context.WithoutCancel(ctx)); err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
	}
	return nil
}

func (b *breaker) peace(n int) time.Duration {
	if n%4 == 1 {
		return 11 * time.Second
	}
	return time.Duration(800+b.rng.IntN(1500)) * time.Millisecond
}

// pause waits; false: ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// during notes a fault around what it does.
func (b *breaker) during(name, detail string, hits []string, do func() error) error {
	b.count++
	id := b.count
	b.say("%s %s", name, detail)
	b.tap.Note(&history.Fault{ID: id, Name: name, On: true, Hits: hits, Detail: detail})
	err := do()
	b.tap.Note(&history.Fault{ID: id, Name: name, Hits: hits, Detail: detail})
	return err
}

func (b *breaker) wait() error {
	time.Sleep(b.lasts)
	return nil
}

func (b *breaker) any() *world.Instance {
	return b.world.Instances[b.rng.IntN(len(b.world.Instances))]
}

// kill is kill −9 of an instance, which comes back.
func (b *breaker) kill(ctx context.Context) error { return b.again(ctx, "kill", b.any()) }

func (b *breaker) again(ctx context.Context, name string, i *world.Instance) error {
	return b.during(name, i.Name, []string{"instance:" + i.Name}, func() error {
		i.Kill()
		_ = b.wait()
		return i.Start(ctx)
	})
}

// wrongClock brings an instance back with a clock that is up to five minutes
// wrong.
func (b *breaker) wrongClock(ctx context.Context) error {
	i, by := b.any(), time.Duration(b.rng.IntN(600)-300)*time.Second
	i.SetClock(by)
	return b.during("clock", fmt.Sprint(i.Name, " ", by), []string{"instance:" + i.Name}, func() error {
		i.Kill()
		return i.Start(ctx)
	})
}

// stop is SIGSTOP for longer than an instance may go on without its store.
func (b *breaker) stop(ctx context.Context) error {
	i := b.any()
	return b.during("stop", i.Name, []string{"instance:" + i.Name}, func() error {
		if err := i.Signal(syscall.SIGSTOP); err != nil {
			return err
		}
		time.Sleep(max(b.lasts, 3500*time.Millisecond))
		return i.Signal(syscall.SIGCONT)
	})
}

// drain is one step of a rolling restart; all of them take it in turn.
func (b *breaker) drain(ctx context.Context) error {
	for _, i := range b.world.Instances {
		err := b.during("drain", i.Name, []string{"instance:" + i.Name}, func() error {
			if err := i.Drain(ctx); err != nil {
				return err
			}
			return i.Start(ctx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *breaker) killRedis(ctx context.Context) error {
	return b.during("redis.kill", "", []string{"redis"}, func() error {
		return b.world.Try(func() error {
			b.world.Redis[0].Kill()
			_ = b.wait()
			b.world.Redis[0].Begin()
			return nil
		})
	})
}

// tell says something to all nodes of Redis.
func (b *breaker) tell(command ...string) error {
	return b.world.Try(func() error {
		for _, r := range b.world.Redis {
			r.Do(command...)
		}
		return nil
	})
}

func (b *breaker) flushRedis(context.Context) error {
	return b.during("redis.flush", "FLUSHALL", []string{"redis"}, func() error { return b.tell("FLUSHALL") })
}

func (b *breaker) killPubSub(context.Context) error {
	return b.during("redis.cut", "CLIENT KILL TYPE pubsub", []string{"redis"}, func() error { return b.tell("CLIENT", "KILL", "TYPE", "pubsub") })
}

// cutOutputBuffer lets Redis throw out subscribers that lag by a few bytes.
func (b *breaker) cutOutputBuffer(context.Context) error {
	return b.during("redis.cut", "client-output-buffer-limit", []string{"redis"}, func() error {
		if err := b.tell("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1 1 1"); err != nil {
			return err
		}
		i := b.any()
		i.Redis.Set(proxy.Way{NoDown: true})
		_ = b.wait()
		i.Redis.Set(proxy.Way{})
		return b.tell("CONFIG", "SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60")
	})
}

// partRedis separates an instance from Redis, every other time from one of its
// servers alone.
func (b *breaker) partRedis(context.Context) error {
	i, what := b.any(), "Redis"
	way := i.Redis
	if n := b.rng.IntN(2 * len(way)); n < len(way) && len(way) > 1 {
		way, what = way[n:n+1], fmt.Sprint("server ", n+1, " of Redis")
	}
	return b.during("partition", i.Name+" from "+what, []string{"redis:" + i.Name}, func() error { return b.part(way) })
}

// splitRedis separates a Redis from its like while instances reach all of them:
// a master from its replica and the Sentinel, so that there are two for a
// while, or a node of a Cluster from the others. Every other time an instance
// does not hear from the Sentinel either that there is a new master.
func (b *breaker) splitRedis(context.Context) error {
	return b.during("redis.split", "", []string{"redis"}, func() error {
		return b.world.Try(func() error {
			apart := proxy.Sides{b.world.Apart(b.world.Redis[b.rng.IntN(len(b.world.Redis))])}
			if b.world.Guard != nil {
				apart = proxy.Sides{b.world.Apart(b.world.Redis[0])}
				if way := b.any().Redis; b.rng.IntN(2) == 0 {
					apart = append(apart, way[len(way)-1])
				}
			}
			err := b.part(apart)
			b.world.SettleRedis()
			return err
		})
	})
}

// stopRedis is SIGSTOP of a Redis; behind a Sentinel of the master, which finds
// another one in its place when it goes on.
func (b *breaker) stopRedis(context.Context) error {
	return b.during("redis.stop", "", []string{"redis"}, func() error {
		return b.world.Try(func() error {
			r := b.world.Redis[0]
			if b.world.Options.Redis == world.Cluster {
				r = b.world.Redis[b.rng.IntN(len(b.world.Redis))]
			}
			r.Signal(syscall.SIGSTOP)
			_ = b.wait()
			r.Signal(syscall.SIGCONT)
			b.world.SettleRedis()
			return nil
		})
	})
}

// line is a way between two programs.
type line interface {
	Set(proxy.Way)
	Cut()
}

// part separates two programs: without a word, or with resets.
func (b *breaker) part(p line) error {
	switch b.rng.IntN(3) {
	case 0:
		p.Set(proxy.Way{NoUp: true, NoDown: true})
	case 1:
		p.Set(proxy.Way{NoDown: true})
	default:
		p.Set(proxy.Way{Refuse: true})
		p.Cut()
	}
	_ = b.wait()
	p.Set(proxy.Way{})
	p.Cut()
	return nil
}

// failOver kills the master; the Sentinel makes the replica one, and the old
// master comes back as its replica.
func (b *breaker) failOver(context.Context) error {
	return b.during("redis.failover", "", []string{"redis"}, func() error {
		return b.world.Try(func() error {
			master := b.world.Redis[0]
			master.Kill()
			b.world.Redis[1].Wait("INFO replication", "role:master")
			_ = b.wait()
			master.Begin()
			b.world.SettleRedis()
			return nil
		})
	})
}

func (b *breaker) killNode(context.Context) error {
	return b.during("redis.node", "", []string{"redis"}, func() error {
		return b.world.Try(func() error {
			n := b.world.Redis[b.rng.IntN(len(b.world.Redis))]
			n.Kill()
			_ = b.wait()
			n.Begin()
			b.world.SettleRedis()
			return nil
		})
	})
}

func (b *breaker) restartStoreFast(context.Context) error { return b.restartStore("fast") }

func (b *breaker) crashStore(context.Context) error { return b.restartStore("immediate") }

func (b *breaker) restartStore(how string) error {
	return b.during("store.restart", how, []string{"store"}, func() error {
		if err := b.world.Store.Stop(how); err != nil {
			return err
		}
		_ = b.wait()
		return b.world.Store.Run()
	})
}

// lockStore has the store be read and not written, as a standby or one whose
// disk is full.
func (b *breaker) lockStore(context.Context) error {
	return b.during("store.readonly", "default_transaction_read_only", []string{"store"}, func() error {
		return b.world.Try(func() error {
			b.world.MayWrite(false)
			_ = b.wait()
			b.world.MayWrite(true)
			return nil
		})
	})
}

func (b *breaker) partStore(context.Context) error {
	i := b.any()
	return b.during("partition", i.Name+" from the store", []string{"store:" + i.Name}, func() error { return b.part(i.Store) })
}

func (b *breaker) slowStore(context.Context) error {
	i := b.any()
	return b.during("latency", i.Name+" to the store", []string{"store:" + i.Name}, func() error {
		i.Store.Set(proxy.Way{Latency: time.Duration(20+b.rng.IntN(80)) * time.Millisecond})
		_ = b.wait()
		i.Store.Set(proxy.Way{})
		return nil
	})
}

func (b *breaker) cutPeople(context.Context) error {
	i := b.any()
	return b.during("partition", "people of "+i.Name, []string{"path:" + i.Name}, func() error {
		i.People.Cut()
		return nil
	})
}

func (b *breaker) halfOpen(context.Context) error {
	i := b.any()
	return b.during("halfopen", "people of "+i.Name, []string{"path:" + i.Name}, func() error {
		i.People.Set(proxy.Way{NoUp: true, NoDown: true})
		_ = b.wait()
		i.People.Set(proxy.Way{})
		return nil
	})
}

func (b *breaker) oneWay(context.Context) error {
	i := b.any()
	return b.during("halfopen", "one way, people of "+i.Name, []string{"path:" + i.Name}, func() error {
		if b.rng.IntN(2) == 0 {
			i.People.Set(proxy.Way{NoUp: true})
		} else {
			i.People.Set(proxy.Way{NoDown: true})
		}
		_ = b.wait()
		i.People.Set(proxy.Way{})
		return nil
	})
}

func (b *breaker) slowPeople(context.Context) error {
	i := b.any()
	return b.during("latency", "people of "+i.Name, []string{"path:" + i.Name}, func() error {
		i.People.Set(proxy.Way{Latency: time.Duration(50+b.rng.IntN(200)) * time.Millisecond})
		_ = b.wait()
		i.People.Set(proxy.Way{})
		return nil
	})
}
