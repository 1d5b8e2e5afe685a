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
func playTwice(ctx context.Context, p *Person, rng *rand.Rand) error {
	opened := p.opened()
	var tabs []*client.Room
	for _, i := range p.house.crowd.World.Instances[:2] {
		r, err := persist(ctx, func(ctx context.Context) (*client.Room, error) {
			return opened.Join(ctx, p.house.ID, p.tab(i).options()...)
		})
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
func playOrder(_ context.Context, p *Person, rng *rand.Rand) error {
	var all sync.WaitGroup
	for range 12 {
		text := p.text(rng)
		all.Go(func() { patient(func(ctx context.Context) { _, _ = p.room().Post(ctx, text) }) })
	}
	all.Wait()
	return nil
}
