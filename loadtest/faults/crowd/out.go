package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// playOut sends somebody out who talks on one tab and only listens on another,
// by each way there is, and who then tries to come in again by the same link
// elsewhere (R5).
func playOut(ctx context.Context, p *Person, rng *rand.Rand) error {
	opened := p.opened()
	tab, err := p.again(ctx, opened)
	if err != nil {
		return err
	}
	defer tab.Close()
	talking, hush := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { p.babble(talking, p.room(), rng.Uint64()) })
	pause(ctx, 500*time.Millisecond)
	err = p.house.sendOut(ctx, p, rng.IntN(3))
	if err == nil {
		p.triesAgain(ctx, opened)
		pause(ctx, 4500*time.Millisecond)
	}
	hush()
	all.Wait()
	return err
}

func (h *House) sendOut(ctx context.Context, p *Person, how int) error {
	owner := h.owner.room()
	if owner == nil {
		return fmt.Errorf("the owner of %s is not there", h.Name)
	}
	switch how {
	case 0:
		return owner.Ban(ctx, p.participant(), room.BanInvitation, "enough")
	case 1:
		return owner.Remove(ctx, p.participant(), "come back another time")
	}
	_, err := persist(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, h.site.Revoke(ctx, h.ID, p.invited.ID)
	})
	return err
}

// triesAgain says hello with the same cookies, on every instance.
func (p *Person) triesAgain(ctx context.Context, c *client.Client) {
	for _, i := range p.house.crowd.World.Instances {
		ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
		if r, err := c.Join(ctx, p.house.ID, p.tab(i).options()...); err == nil {
			r.Close()
		}
		cancel()
	}
}

// playSilence mutes somebody who talks on, and lets them speak again (R6).
func playSilence(ctx context.Context, p *Person, rng *rand.Rand) error {
	owner := p.house.owner
	talking, hush := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { p.babble(talking, p.room(), rng.Uint64()) })
	for range 2 {
		pause(ctx, 700*time.Millisecond)
		patient(func(ctx context.Context) { _ = owner.room().Mute(ctx, p.participant(), "") })
		pause(ctx, 1500*time.Millisecond)
		patient(func(ctx context.Context) { _ = owner.room().Unmute(ctx, p.participant()) })
	}
	hush()
	all.Wait()
	return nil
}
