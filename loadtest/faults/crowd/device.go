package crowd

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// Device is one browser of somebody, which claims a link as one.
type Device struct {
	person *Person
	name   string
	home   *world.Instance // where it goes as long as that answers
	strict bool            // it goes nowhere else
	from   net.IP

	mu   sync.Mutex
	last *tap.Socket
}

// device gives the person one more. With a home it goes there alone.
func (p *Person) device(home *world.Instance) *Device {
	n := p.devices.Add(1)
	d := &Device{person: p, name: fmt.Sprint("device", n), home: home, strict: home != nil, from: p.from}
	if home == nil {
		d.home = p.home
	}
	return d
}

// tab is another tab of the first device, at one instance alone.
func (p *Person) tab(i *world.Instance) *Device {
	return &Device{person: p, name: p.at.name, home: i, strict: true, from: p.from}
}

// scanner is a program that looks at links in mails.
func (p *Person) scanner() *Device {
	d := p.device(nil)
	d.name = "scanner"
	return d
}

func (d *Device) instance() *world.Instance {
	if d.strict {
		return d.home
	}
	return d.person.house.crowd.World.Balancer.Pick(d.home)
}

func (d *Device) who(i *world.Instance) tap.Who {
	return tap.Who{Person: d.person.Name, Room: string(d.person.house.ID), Instance: i.Name, Device: d.name}
}

// dial connects a socket.
func (d *Device) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	i := d.instance()
	nc, err := i.Dial(ctx, d.from)
	if err != nil {
		return nil, err
	}
	s := d.person.house.crowd.Tap.Wrap(nc, d.who(i))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = s
	return s, nil
}

// socket is the last connection that was made; nil: none.
func (d *Device) socket() *tap.Socket {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// transport carries HTTP requests, each over a connection of its own.
func (d *Device) transport() *tap.Transport {
	return &tap.Transport{Tap: d.person.house.crowd.Tap, Who: func() (tap.Who, http.RoundTripper) {
		i := d.instance()
		return d.who(i), &http.Transport{DisableKeepAlives: true, DisableCompression: true, ResponseHeaderTimeout: 8 * time.Second,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return i.Dial(ctx, d.from) }}
	}}
}

func (d *Device) options(more ...client.Option) []client.Option {
	return append([]client.Option{client.WithTransport(d.transport()), client.WithDialer(d.dial), client.WithoutClock(), client.WithName("faults/1")}, more...)
}

// open opens the person's link here.
func (d *Device) open(ctx context.Context) (*client.Client, error) {
	return persist(ctx, func(ctx context.Context) (*client.Client, error) {
		return client.Open(ctx, d.person.link(), d.options()...)
	})
}

// enter opens the link, joins and tells the address.
func (d *Device) enter(ctx context.Context) (*client.Client, *client.Room, error) {
	c, err := d.open(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("%s opens the link on %s: %w", d.person.Name, d.name, err)
	}
	r, err := d.join(ctx, c)
	return c, r, err
}

// join connects and, if that is asked, tells the address.
func (d *Device) join(ctx context.Context, c *client.Client) (*client.Room, error) {
	r, err := persist(ctx, func(ctx context.Context) (*client.Room, error) { return c.Join(ctx, d.person.house.ID, d.options()...) })
	if err != nil {
		return nil, fmt.Errorf("%s joins on %s: %w", d.person.Name, d.name, err)
	}
	if !r.You().Confirmed {
		if _, err := persist(ctx, func(ctx context.Context) (client.Entry, error) { return r.LobbyCheck(ctx, d.person.Email) }); err != nil {
			r.Close()
			return nil, fmt.Errorf("%s at the door on %s: %w", d.person.Name, d.name, err)
		}
	}
	return r, nil
}
