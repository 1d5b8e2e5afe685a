// Package crowd is the people of the fault rig: a few rooms full of simulated
// ones, each on the client library as a real program would be, who come back by
// themselves, talk, promote, mute, ask, vote and answer. What they do and are
// told is noted by the tap under them; their own opinion of it does not count.
//
// Start at crowd.go (how they get in), then person.go (one of them), talk.go
// (what they do) and final.go (what is compared in the end).
package crowd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// Options of a crowd.
type Options struct {
	Rooms  int // busy rooms; a quiet one comes on top
	People int // in each of them
	Seed   uint64
}

// Crowd is everybody.
type Crowd struct {
	Options
	World  *world.World
	Tap    *tap.Tap
	Houses []*House

	people atomic.Int64 // so far, for names and addresses
	scenes atomic.Int64
	doors  atomic.Int64

	mu    sync.Mutex
	plain []*House // rooms that scenes have made, whose logs are read in the end, too
}

// House is one room and its people.
type House struct {
	Name  string
	ID    room.ID
	crowd *Crowd
	owner *Person
	site  client.Site

	people []*Person
}

// New makes a crowd that is nowhere yet.
func New(w *world.World, t *tap.Tap, o Options) *Crowd { return &Crowd{Options: o, World: w, Tap: t} }

// Enter makes the rooms, invites everybody, opens the doors and waits until all
// are inside.
func (c *Crowd) Enter(ctx context.Context) error {
	for n := range c.Rooms + 1 {
		name, people := fmt.Sprint("busy", n+1), c.People
		if n == c.Rooms {
			name, people = "quiet", 6
		}
		h, err := c.NewHouse(ctx, name, time.Now().Add(time.Hour))
		if err != nil {
			return err
		}
		c.Houses = append(c.Houses, h)
		if err := h.fill(ctx, people); err != nil {
			return err
		}
	}
	return nil
}

// NewHouse makes a room that starts at a time. Its log is read in the end.
func (c *Crowd) NewHouse(ctx context.Context, name string, starts time.Time) (*House, error) {
	h := &House{Name: name, crowd: c}
	h.owner = c.person(h, "owner@"+name, "owner")
	h.site = client.Site{URL: c.World.Public, Key: c.World.Key, Transport: h.owner.at.transport()}
	made, err := persist(ctx, func(ctx context.Context) (client.RoomInfo, error) {
		return h.site.CreateRoom(ctx, client.NewRoom{Title: "Room " + name, Description: "Of the fault rig.", StartsAt: starts})
	})
	if err != nil {
		return nil, fmt.Errorf("make room %s: %w", name, err)
	}
	h.ID = made.ID
	h.owner.declare()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plain = append(c.plain, h)
	return h, nil
}

// rooms gives all rooms there are.
func (c *Crowd) rooms() []*House {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*House(nil), c.plain...)
}

// roleOf says as what the n-th is invited: two moderators and three speakers
// of many viewers.
func roleOf(n int) string {
	switch {
	case n < 2:
		return "moderator"
	case n < 5:
		return "speaker"
	}
	return "viewer"
}

// fill invites people, lets them prove their address in the countdown, and
// opens the door.
func (h *House) fill(ctx context.Context, people int) error {
	for n := range people {
		h.people = append(h.people, h.crowd.person(h, fmt.Sprintf("%s%02d@%s", roleOf(n), n, h.Name), roleOf(n)))
	}
	if err := each(ctx, 12, h.people, func(ctx context.Context, p *Person) error { return p.arrive(ctx) }); err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	if err := h.owner.joinAsManager(ctx); err != nil {
		return err
	}
	return each(ctx, 12, h.people, func(ctx context.Context, p *Person) error { return p.inside(ctx) })
}

func (h *House) open(ctx context.Context) error {
	_, err := persist(ctx, func(ctx context.Context) (client.RoomInfo, error) {
		return h.site.PatchRoom(ctx, h.ID, client.RoomPatch{State: room.StatusOpen})
	})
	if err != nil {
		return fmt.Errorf("open room %s: %w", h.Name, err)
	}
	return nil
}

// viewers are who was invited as such, behind five who were invited as staff;
// they may have another role by now.
func (h *House) viewers() []*Person { return h.people[min(5, len(h.people)):] }

// random draws from a seed of its own, so that one person's chances do not
// depend on when others drew theirs.
func (c *Crowd) random(what uint64) *rand.Rand { return rand.New(rand.NewPCG(c.Seed, what)) }

// each does something for all, some at a time, and gives the first error.
func each[T any](ctx context.Context, parallel int, all []T, do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var working sync.WaitGroup
	free := make(chan struct{}, parallel)
	for _, one := range all {
		free <- struct{}{}
		working.Go(func() {
			defer func() { <-free }()
			if ctx.Err() != nil {
				return
			}
			if err := do(ctx, one); err != nil {
				cancel(err)
			}
		})
	}
	working.Wait()
	return context.Cause(ctx)
}

// persist asks until there is an answer that is not about the servers' health,
// for at most a minute.
func persist[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		got, err := once(ctx, ask)
		var refusal *client.Error
		if err == nil || errors.As(err, &refusal) && !refusal.Temporary || ctx.Err() != nil {
			return got, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return got, err
		}
	}
}

func once[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return ask(ctx)
}

// Note adds to the history.
func (c *Crowd) Note(e history.Entry) { c.Tap.Note(e) }
