package crowd

import (
	"context"
	"fmt"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/loadtest/faults/history"
)

// comers is how many people come and go.
const comers = 60

// ComeAndGo lets viewers come into a room and go, when nobody else is anywhere
// any more, and counts what the instances tell each other meanwhile (C2).
func (c *Crowd) ComeAndGo(ctx context.Context) error {
	h, err := c.NewHouse(ctx, "coming", time.Now().Add(time.Hour))
	if err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	for n := range comers {
		h.people = append(h.people, c.person(h, fmt.Sprintf("comer%02d@%s", n, h.Name), "viewer"))
	}
	// Everybody has been there once: what is counted is coming back.
	err = each(ctx, 12, h.people, func(ctx context.Context, p *Person) error {
		if err := p.arrive(ctx); err != nil {
			return err
		}
		p.leave()
		return nil
	})
	if err != nil {
		return err
	}
	pause(ctx, 3*time.Second)
	// Rooms of before live on for a while, and tell each other that nobody is there.
	idle, lasted, err := c.toldDuring(ctx, func() error { pause(ctx, 4*time.Second); return nil })
	if err != nil {
		return err
	}
	perSecond := float64(idle) / lasted.Seconds()
	sent, lasted, err := c.toldDuring(ctx, func() error { return h.comeAndGo(ctx) })
	if err != nil {
		return err
	}
	sent = max(0, sent-int64(perSecond*lasted.Seconds()))
	c.Note(&history.Messages{Instances: len(c.World.Instances), Came: comers, Went: comers, Sent: int(sent), Lasted: history.At(lasted)})
	return nil
}

// comeAndGo brings everybody in within some seconds and lets them go again.
func (h *House) comeAndGo(ctx context.Context) error {
	rooms := make(chan *client.Room, comers)
	err := each(ctx, 12, h.people, func(ctx context.Context, p *Person) error {
		r, err := persist(ctx, func(ctx context.Context) (*client.Room, error) { return p.client.Join(ctx, h.ID, p.at.options()...) })
		if err == nil {
			rooms <- r
			pause(ctx, 400*time.Millisecond)
		}
		return err
	})
	close(rooms)
	var all sync.WaitGroup
	for r := range rooms {
		all.Go(r.Close)
		pause(ctx, 30*time.Millisecond)
	}
	all.Wait()
	return err
}

// toldDuring is how many messages the instances tell each other meanwhile.
func (c *Crowd) toldDuring(ctx context.Context, do func() error) (n int64, lasted time.Duration, err error) {
	before, err := c.told(ctx)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := do(); err != nil {
		return 0, 0, err
	}
	lasted = time.Since(began)
	after, err := c.told(ctx)
	return after - before, lasted, err
}

// told is how many messages the instances have told each other.
func (c *Crowd) told(ctx context.Context) (sum int64, err error) {
	for _, i := range c.World.Instances {
		text, err := persist(ctx, i.Metrics)
		if err != nil {
			return 0, fmt.Errorf("metrics of %s: %w", i.Name, err)
		}
		sum += gauge(text, `greenroom_broker_messages_total\{fate="published"\}`)
	}
	return sum, nil
}
