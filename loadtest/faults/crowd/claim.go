package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// racers is how many devices claim one link at the same moment.
const racers = 100

// playClaim is one link on many devices over all instances: all open it, which
// binds nothing, and tell the right address at once (D5, D3). Mail scanners have
// looked at the link before, and do so afterwards.
func playClaim(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	p, err := c.invitee(ctx, c.busy(rng))
	if err != nil {
		return err
	}
	p.scan(ctx)
	devices := make([]*Device, racers)
	for n := range devices {
		devices[n] = p.device(c.World.Instances[n%len(c.World.Instances)])
		devices[n].from = net.IPv4(127, 0, 1, byte(1+n))
	}
	rooms := make([]*client.Room, racers)
	_ = each(ctx, 25, devices, func(ctx context.Context, d *Device) error {
		rooms[d.number(devices)] = d.stand(ctx)
		return nil
	})
	var all sync.WaitGroup
	go p.scan(ctx)
	for _, r := range rooms {
		if r != nil {
			all.Go(func() { patient(func(ctx context.Context) { _, _ = r.LobbyCheck(ctx, p.Email) }) })
		}
	}
	all.Wait()
	for _, r := range rooms {
		if r != nil {
			all.Go(r.Close)
		}
	}
	all.Wait()
	return nil
}

func (d *Device) number(all []*Device) int {
	for n, other := range all {
		if other == d {
			return n
		}
	}
	return 0
}

// stand comes before the lobby of the link; nil: what is broken stands in the
// way.
func (d *Device) stand(ctx context.Context) *client.Room {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	c, err := client.Open(ctx, d.person.link(), d.options()...)
	if err != nil {
		return nil
	}
	r, err := c.Join(ctx, "")
	if err != nil {
		return nil
	}
	return r
}

// scan is what mail scanners do to a link: they look, and some run the page's
// script, which opens it.
func (p *Person) scan(ctx context.Context) {
	s := p.scanner()
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		p.look(ctx, s, method)
	}
	opening, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, _ = client.Open(opening, p.link(), s.options()...)
}

// look gets the page of the link as a prefetch would.
func (p *Person) look(ctx context.Context, s *Device, method string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	page, _, _ := strings.Cut(p.link(), "#")
	req, err := http.NewRequestWithContext(ctx, method, page, nil)
	if err != nil {
		return
	}
	req.Header.Set("Sec-Purpose", "prefetch")
	if resp, err := s.transport().RoundTrip(req); err == nil {
		_ = resp.Body.Close()
	}
}

// playDevice is somebody who talks on one device while the link is freed and
// claimed by another one, again and again (D2, D3).
func playDevice(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	p, err := c.guest(ctx, c.busy(rng), "speaker")
	if err != nil {
		return err
	}
	defer p.leave()
	first := p.room()
	for range 2 {
		talking, hush := context.WithCancel(ctx)
		var all sync.WaitGroup
		all.Go(func() { p.babble(talking, first, rng.Uint64()) })
		next, err := p.move(ctx)
		pause(ctx, 700*time.Millisecond)
		hush()
		all.Wait()
		if err != nil {
			return err
		}
		first.Close()
		defer next.Close()
		first = next
	}
	return nil
}

// babble talks on one connection as quickly as that is allowed.
func (p *Person) babble(ctx context.Context, r *client.Room, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for pause(ctx, 220*time.Millisecond) {
		asking, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, _ = r.Post(asking, p.text(rng))
		cancel()
		select {
		case <-r.Done():
			return
		default:
		}
	}
}

// move frees the link and claims it on a new device.
func (p *Person) move(ctx context.Context) (*client.Room, error) {
	pause(ctx, time.Second)
	_, err := persist(ctx, func(ctx context.Context) (client.Invitation, error) {
		return p.house.site.ResetDevice(ctx, p.house.ID, p.invited.ID)
	})
	if err != nil {
		return nil, fmt.Errorf("free the device of %s: %w", p.Name, err)
	}
	_, r, err := p.device(nil).enter(ctx)
	return r, err
}

// sessions is how many browsers guess at one link at the same time; each may be
// wrong five times, all together twenty times.
const sessions = 9

// playGuess is strangers with a link who guess at the address, over all
// instances at once: half of what they try is invited elsewhere (B1, B2).
func playGuess(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	p, err := c.invitee(ctx, c.busy(rng))
	if err != nil {
		return err
	}
	known := c.Houses[0].people[0].Email
	devices := make([]*Device, sessions)
	for n := range devices {
		devices[n] = p.device(c.World.Instances[n%len(c.World.Instances)])
		devices[n].from = net.IPv4(127, 0, 2, byte(1+rng.IntN(200)))
	}
	return each(ctx, sessions, devices, func(ctx context.Context, d *Device) error {
		r := d.stand(ctx)
		if r == nil {
			return nil
		}
		defer r.Close()
		for n := range 6 {
			address := known
			if n%2 == 0 {
				address = fmt.Sprintf("nobody%d.%s@example.org", n, d.name)
			}
			ctx, cancel := context.WithTimeout(ctx, 8*time.Second)
			_, _ = r.Do(ctx, "", room.LobbyCheck{Email: address})
			cancel()
		}
		return nil
	})
}
