package crowd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// playMove is somebody who talks on one device while they open the link on
// another one, read the code that is mailed to them and move there (D2, D3).
// The first device talks on, and wants to come back.
func playMove(ctx context.Context, p *Person, rng *rand.Rand) error {
	first, seed := p.room(), rng.Uint64()
	talking, hush := context.WithCancel(ctx)
	defer hush()
	var all sync.WaitGroup
	all.Go(func() { p.babble(talking, first, seed) })
	next, err := p.movesByCode(ctx, p.device(nil))
	if err == nil {
		defer next.Close()
		all.Go(func() { p.babble(talking, next, seed+1) })
		p.at.knockAgain(ctx, p.opened())
		pause(ctx, time.Second)
	}
	hush()
	all.Wait()
	return err
}

// movesByCode goes the whole way on a new device: the link is taken, a code is
// mailed, a wrong one is typed first.
func (p *Person) movesByCode(ctx context.Context, d *Device) (*client.Room, error) {
	c, err := client.New(p.house.crowd.World.Public, d.options()...)
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context) (client.Opened, error) { return c.Open(ctx, p.link()) }
	if _, err := persist(ctx, open); !errors.Is(err, room.CodeOtherDevice) {
		return nil, fmt.Errorf("the link of %s on a second device: %w", p.Name, err)
	}
	had := len(p.house.crowd.World.Codes(p.Email))
	if _, err := persist(ctx, func(ctx context.Context) (time.Duration, error) { return mailCode(ctx, c, p.link()) }); err != nil {
		return nil, fmt.Errorf("a code for %s: %w", p.Name, err)
	}
	code, err := p.mailedCode(ctx, had)
	if err != nil {
		return nil, err
	}
	for _, typed := range []string{another(code), code} {
		_, err = persist(ctx, func(ctx context.Context) (client.Opened, error) { return c.Move(ctx, p.link(), typed) })
	}
	if err != nil {
		return nil, fmt.Errorf("%s moves: %w", p.Name, err)
	}
	return d.join(ctx, c)
}

// mailCode asks for a code. To be told to wait means that the answer to the
// last attempt was lost: it was sent.
func mailCode(ctx context.Context, c *client.Client, link string) (time.Duration, error) {
	again, err := c.MailCode(ctx, link)
	if errors.Is(err, room.CodeSlowDown) {
		return 0, nil
	}
	return again, err
}

// mailedCode waits for the mail behind those that were there.
func (p *Person) mailedCode(ctx context.Context, had int) (string, error) {
	for pause(ctx, 100*time.Millisecond) {
		if codes := p.house.crowd.World.Codes(p.Email); len(codes) > had {
			return codes[len(codes)-1], nil
		}
	}
	return "", fmt.Errorf("no code was mailed to %s", p.Name)
}

// another is a code of which only the first digit is wrong.
func another(code string) string { return string('0'+(code[0]-'0'+1)%10) + code[1:] }

// knockAgain says hello with the cookies of a device that has lost the link.
func (d *Device) knockAgain(ctx context.Context, c *client.Client) {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	if r, err := c.Join(ctx, d.person.house.ID, d.options()...); err == nil {
		r.Close()
	}
	_, _ = c.Open(ctx, d.person.link())
}
