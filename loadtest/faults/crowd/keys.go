package crowd

import (
	"context"
	"math/rand/v2"
	"sync"

	"greenroom/client"
	"greenroom/hub/room"
)

// playTwice gives one command with one key on two tabs, at two instances, at
// once and once more afterwards (I1).
func playTwice(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	p, err := c.guest(ctx, c.busy(rng), "speaker")
	if err != nil {
		return err
	}
	defer p.leave()
	p.mu.Lock()
	opened := p.client
	p.mu.Unlock()
	var tabs []*client.Room
	for _, i := range c.World.Instances[:2] {
		tab := &Device{person: p, name: p.at.name, home: i, strict: true, from: p.from}
		r, err := persist(ctx, func(ctx context.Context) (*client.Room, error) { return opened.Join(ctx, p.house.ID, tab.options()...) })
		if err != nil {
			return err
		}
		defer r.Close()
		tabs = append(tabs, r)
	}
	for range 3 {
		key, command := client.NewKey(), room.ChatPost{Text: p.text(rng)}
		var all sync.WaitGroup
		for _, r := range tabs {
			all.Go(func() { patient(func(ctx context.Context) { _, _ = r.Do(ctx, key, command) }) })
		}
		all.Wait()
		patient(func(ctx context.Context) { _, _ = p.room().Do(ctx, key, command) })
	}
	return nil
}

// playOrder sends commands without waiting for the answers (I2).
func playOrder(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	p, err := c.guest(ctx, c.busy(rng), "moderator")
	if err != nil {
		return err
	}
	defer p.leave()
	var all sync.WaitGroup
	for range 12 {
		text := p.text(rng)
		all.Go(func() { patient(func(ctx context.Context) { _, _ = p.room().Post(ctx, text) }) })
	}
	all.Wait()
	return nil
}
