package world

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Balancer knows which instances answer /readyz, as the one in front of a real
// site does, and sends people there.
type Balancer struct {
	instances []*Instance
	over      chan struct{}
	all       sync.WaitGroup

	mu sync.Mutex
	up map[*Instance]bool
}

const balancing = 300 * time.Millisecond

func newBalancer(instances []*Instance) *Balancer {
	b := &Balancer{instances: instances, over: make(chan struct{}), up: map[*Instance]bool{}}
	for _, i := range instances {
		b.up[i] = true
		b.all.Go(func() { b.watch(i) })
	}
	return b
}

func (b *Balancer) watch(i *Instance) {
	tick := time.NewTicker(balancing)
	defer tick.Stop()
	for {
		is := i.healthy()
		b.mu.Lock()
		b.up[i] = is
		b.mu.Unlock()
		select {
		case <-tick.C:
		case <-b.over:
			return
		}
	}
}

// Pick gives an instance that answers: the one at home, if it is one of them,
// else any. If none does, it is any.
func (b *Balancer) Pick(home *Instance) *Instance {
	b.mu.Lock()
	defer b.mu.Unlock()
	if home != nil && b.up[home] {
		return home
	}
	var up []*Instance
	for _, i := range b.instances {
		if b.up[i] {
			up = append(up, i)
		}
	}
	if len(up) == 0 {
		up = b.instances
	}
	return up[rand.IntN(len(up))]
}

func (b *Balancer) end() {
	close(b.over)
	b.all.Wait()
}
