package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// One connection may ask five commands a second and a participant may have
// five connections; a little stays free for what else the owner does.
const (
	rolesPerConnection = 4
	maxPromote         = 5 * rolesPerConnection
)

// lookers is about how many say how long others' messages took.
const lookers = 250

// show is one run: a room of our own, its owner, its people.
type show struct {
	c *Config
	p *progress
	m *measures
	t *target

	site    client.Site
	http    *http.Transport
	room    client.RoomInfo
	owner   []*client.Room
	guests  []*guest // those who have got this far
	sources int

	lobby     chan *guest // at the door, unconfirmed
	in        atomic.Int64
	allIn     chan struct{} // closed when everybody is inside
	everybody atomic.Int64  // how many that are; 0: not known yet
	once      sync.Once
	movedAt   atomic.Int64 // when the start was moved, by now()
	opensAt   atomic.Int64 // when the door is to open, by now()
	talks     atomic.Int64 // when the part inside began, by now()
	changes   sync.Map     // roleChange → when it was due, by now()
	cutAt     atomic.Int64 // when Redis was cut off, by now(); 0: it was not
	crashedAt atomic.Int64 // when a server was killed, likewise
	back      atomic.Int64 // who have come back since
	backAnew  atomic.Int64 // of them, to a snapshot
	poll      poll
	events    tally
}

// perform runs the plan that the flags name and cleans up behind it.
func perform(ctx context.Context, c *Config, p *progress, m *measures) error {
	t, err := find(ctx, c, p)
	if err != nil {
		return err
	}
	defer t.stop()
	run := evening
	if c.Events != "" {
		run = flood
	}
	return errors.Join(run(ctx, c, p, m, t), t.died())
}

// evening is one room.
func evening(ctx context.Context, c *Config, p *progress, m *measures, t *target) error {
	s := newShow(c, p, m, t)
	defer s.end()
	if c.Idle {
		return s.idle(ctx)
	}
	return s.play(ctx)
}

func newShow(c *Config, p *progress, m *measures, t *target) *show {
	s := &show{c: c, p: p, m: m, t: t, lobby: make(chan *guest, c.People), allIn: make(chan struct{})}
	s.sources = s.addresses()
	s.http = &http.Transport{DialContext: s.dialer(0), MaxIdleConnsPerHost: c.Parallel, MaxConnsPerHost: c.Parallel, DisableCompression: true}
	s.site = client.Site{URL: strings.TrimSuffix(t.url, "/"), Key: t.key, Transport: s.http}
	return s
}

// addresses is from how many local addresses people come. The server counts
// half-open connections by address, and an address has 28,000 free ports.
func (s *show) addresses() int {
	u, err := url.Parse(s.t.url)
	if err != nil {
		return 1
	}
	ip := net.ParseIP(u.Hostname())
	if ip == nil || !ip.IsLoopback() || ip.To4() == nil {
		return 1
	}
	if s.c.Addresses > 0 {
		return min(s.c.Addresses, 250)
	}
	atOnce := s.c.Parallel
	if s.c.Kill {
		atOnce = s.c.People // come back, each from home
	}
	return min(1+max(s.c.People/5000, atOnce/40), 250)
}

func (s *show) dialer(n int) func(context.Context, string, string) (net.Conn, error) {
	d := &net.Dialer{KeepAlive: -1}
	if s.sources > 1 {
		d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+n%s.sources))}
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		return d.DialContext(ctx, network, s.t.address(s.place(n), address))
	}
}

// options keep a simulated person small.
func (s *show) options(n int) []client.Option {
	return []client.Option{client.WithTransport(s.http), client.WithDialer(s.dialer(n)), client.WithLeanMirror(), client.WithoutClock(),
		client.WithName("loadtest/1")}
}

// play is the whole evening, in order.
func (s *show) play(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.prepare, s.invite, s.join, s.enterOwner, s.confirm, s.open, s.enter, s.talk, s.settle, s.count, s.crash,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if err := errors.Join(ctx.Err(), s.t.died()); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes the room, with a start that is far away until all are there.
func (s *show) prepare(ctx context.Context) error {
	s.p.say("making a room")
	var err error
	s.room, err = s.site.CreateRoom(ctx, client.NewRoom{Title: "Load test", Description: "Simulated people only.", StartsAt: time.Now().Add(time.Hour)})
	if err != nil {
		return fmt.Errorf("make a room: %w", err)
	}
	return nil
}

// invite makes an invitation for everybody.
func (s *show) invite(ctx context.Context) error {
	random := rand.New(rand.NewPCG(s.c.Seed, 0))
	for n := range s.c.People {
		s.guests = append(s.guests, &guest{show: s, n: n, email: fmt.Sprintf("guest%05d@example.org", n), early: random.Float64() < s.c.Early, looks: n%(1+s.c.People/lookers) == 0})
	}
	kind := "viewer"
	if s.c.Events == eventsChat { // who are held back the least
		kind = "speaker"
	}
	return s.each(ctx, "inviting", "invite", func(ctx context.Context, g *guest) error {
		i, err := s.site.Invite(ctx, s.room.ID, client.Invite{Email: g.email, FirstName: "Guest", LastName: fmt.Sprintf("%05d", g.n), Type: kind})
		g.link = i.URL
		return err
	})
}

func (s *show) join(ctx context.Context) error {
	began := time.Now()
	err := s.each(ctx, "joining", "join", func(ctx context.Context, g *guest) error { return g.join(ctx) })
	s.m.joining += time.Since(began)
	return err
}

// enterOwner connects the owner and learns the server's clock.
func (s *show) enterOwner(ctx context.Context) error {
	for range max(1, int(s.c.Promote+rolesPerConnection-1)/rolesPerConnection) {
		c, err := s.site.Client(s.options(0)...)
		if err != nil {
			return err
		}
		r, err := c.Join(ctx, s.room.ID, client.WithHandler(s.ownerEvent))
		if err != nil {
			return fmt.Errorf("the owner: %w", err)
		}
		s.owner = append(s.owner, r)
	}
	_, _, err := s.owner[0].TimeOffset(ctx)
	return err
}

func (s *show) confirm(ctx context.Context) error {
	all := s.guests
	var early, late []*guest
	for _, g := range all {
		if g.early {
			early = append(early, g)
		} else {
			late = append(late, g)
		}
	}
	s.guests = early
	err := s.each(ctx, "confirming early", "confirm", func(ctx context.Context, g *guest) error { return g.confirm(ctx) })
	s.guests = append(s.guests, late...)
	return err
}

// open moves the start to a few seconds from now and waits for the door.
func (s *show) open(ctx context.Context) error {
	offset, _, err := s.owner[0].TimeOffset(ctx)
	if err != nil {
		return err
	}
	s.everybody.Store(int64(len(s.guests)))
	starts := time.Now().Add(offset + s.c.OpensIn).Round(time.Millisecond)
	s.opensAt.Store(now() + int64(time.Until(starts.Add(-offset))))
	s.movedAt.Store(now())
	if _, err := s.site.PatchRoom(ctx, s.room.ID, client.RoomPatch{StartsAt: &starts}); err != nil {
		return fmt.Errorf("move the start: %w", err)
	}
	s.p.showing("counting down", func() string {
		return fmt.Sprintf(" %.1f s", max(0, time.Duration(s.opensAt.Load()-now()).Seconds()))
	})
	return pause(ctx, time.Duration(s.opensAt.Load()-now()))
}

// enter waits until everybody is inside; who is not confirmed says the address
// at the door.
func (s *show) enter(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second+time.Duration(len(s.guests))*2*time.Millisecond)
	defer cancel()
	s.p.counting("entering", s.in.Load, len(s.guests))
	var knocking sync.WaitGroup
	defer knocking.Wait()
	for range s.c.Parallel {
		knocking.Go(func() {
			for {
				select {
				case g := <-s.lobby:
					if err := g.knock(ctx); err != nil && ctx.Err() == nil {
						s.m.fail("lobby", err)
						s.everybody.Add(-1)
						s.entered(nil)
					}
				case <-s.allIn:
					return
				case <-ctx.Done():
					return
				}
			}
		})
	}
	select {
	case <-s.allIn:
	case <-s.owner[0].Done():
		return fmt.Errorf("the owner was sent away: %w", s.owner[0].Err())
	case <-ctx.Done():
		for range s.everybody.Load() - s.in.Load() {
			s.m.fail("enter", ctx.Err())
		}
	}
	return nil
}

// entered counts somebody in.
func (s *show) entered(g *guest) {
	if g != nil {
		s.in.Add(1)
	}
	if all := s.everybody.Load(); all > 0 && s.in.Load() >= all {
		s.once.Do(func() { close(s.allIn) })
	}
}

// end closes everything and leaves nothing behind.
func (s *show) end() {
	s.p.say("cleaning up")
	if s.t.own == nil && s.room.ID != "" {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.site.DeleteRoom(ctx, s.room.ID, ""); err != nil {
			s.m.fail("delete the room", err)
		}
	}
	var closing sync.WaitGroup
	places := make(chan struct{}, 256)
	leave := func(r *client.Room) {
		places <- struct{}{}
		closing.Go(func() {
			r.Close()
			<-places
		})
	}
	for _, g := range s.guests {
		if g.room != nil {
			leave(g.room)
		}
	}
	for _, r := range s.owner {
		leave(r)
	}
	closing.Wait()
	s.http.CloseIdleConnections()
}

// each does something for every guest, so many at a time. Who fails is counted
// and stays behind.
func (s *show) each(ctx context.Context, step, doing string, do func(context.Context, *guest) error) error {
	var finished atomic.Int64
	s.p.counting(step, finished.Load, len(s.guests))
	work := make(chan *guest)
	var workers sync.WaitGroup
	var mu sync.Mutex
	failed := map[*guest]bool{}
	for range min(s.c.Parallel, max(len(s.guests), 1)) {
		workers.Go(func() {
			for g := range work {
				if err := do(ctx, g); err != nil && ctx.Err() == nil {
					s.m.fail(doing, err)
					mu.Lock()
					failed[g] = true
					mu.Unlock()
				}
				finished.Add(1)
			}
		})
	}
	feed(ctx, work, s.guests)
	workers.Wait()
	return s.drop(ctx, doing, failed)
}

func feed(ctx context.Context, work chan<- *guest, guests []*guest) {
	defer close(work)
	for _, g := range guests {
		select {
		case work <- g:
		case <-ctx.Done():
			return
		}
	}
}

// drop goes on without those who failed, as long as anybody is left.
func (s *show) drop(ctx context.Context, doing string, failed map[*guest]bool) error {
	var left []*guest
	for _, g := range s.guests {
		if failed[g] {
			if g.room != nil {
				g.room.Close()
			}
			continue
		}
		left = append(left, g)
	}
	if len(left) == 0 && len(s.guests) > 0 {
		_, kinds := s.m.failures()
		return errors.Join(ctx.Err(), fmt.Errorf("nobody could %s: %s", doing, strings.Join(kinds, ", ")))
	}
	s.guests = left
	return ctx.Err()
}

// pause waits for a time or for the end.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// roleAfter is what somebody becomes next.
func roleAfter(speaker bool) room.Role {
	if speaker {
		return room.Viewer
	}
	return room.Speaker
}
