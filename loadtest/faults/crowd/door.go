package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"greenroom/client"
	"greenroom/loadtest/faults/history"
)

// playDoor is a room that opens by itself in some seconds, before which people
// wait: most have proved their address, one has not. In every other one the
// start is moved, in time, to a later one (O1–O4).
func playDoor(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	n := c.doors.Add(1)
	starts := time.Now().Add(time.Duration(6000+rng.IntN(2000)) * time.Millisecond)
	h, err := c.NewHouse(ctx, fmt.Sprint("door", n), starts)
	if err != nil {
		return err
	}
	h.planned(starts)
	defer h.leave()
	for i := range 6 {
		h.people = append(h.people, c.person(h, fmt.Sprintf("waiting%d@%s", i, h.Name), "viewer"))
	}
	if err := each(ctx, 6, h.people, func(ctx context.Context, p *Person) error { return p.waits(ctx, p != h.people[0]) }); err != nil {
		return err
	}
	if n%2 == 1 {
		if starts, err = h.postpone(ctx, starts); err != nil {
			return err
		}
	}
	pause(ctx, time.Until(starts)+4*time.Second)
	return nil
}

// waits comes before the door, in the countdown.
func (p *Person) waits(ctx context.Context, proves bool) error {
	if proves {
		return p.arrive(ctx)
	}
	if err := p.invite(ctx); err != nil {
		return err
	}
	opened, err := p.at.open(ctx)
	if err != nil {
		return err
	}
	r, err := persist(ctx, func(ctx context.Context) (*client.Room, error) { return opened.Join(ctx, p.house.ID) })
	if err == nil {
		p.settle(opened, r)
	}
	return err
}

// postpone moves the start while it is still to come.
func (h *House) postpone(ctx context.Context, starts time.Time) (time.Time, error) {
	pause(ctx, time.Until(starts)-1500*time.Millisecond)
	later := starts.Add(5 * time.Second)
	_, err := persist(ctx, func(ctx context.Context) (client.RoomInfo, error) {
		return h.site.PatchRoom(ctx, h.ID, client.RoomPatch{StartsAt: &later})
	})
	if err != nil {
		return starts, nil // it was too late: the door has opened
	}
	h.planned(later)
	return later, nil
}

// planned notes a plan that was answered ok just now. The store runs on this
// machine, so that its clock is ours.
func (h *House) planned(starts time.Time) {
	h.crowd.Note(&history.Scheduled{Room: string(h.ID), StartsAt: starts.UnixMilli(), StoreNow: time.Now().UnixMilli()})
}

func (h *House) leave() {
	for _, p := range h.people {
		p.leave()
	}
}
