package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Scene is something that a few people of its own play beside the talk, again
// and again.
type Scene struct {
	Name  string
	pause time.Duration // between two of them
	play  func(ctx context.Context, c *Crowd, rng *rand.Rand) error
}

// Scenes is all of them.
var Scenes = []Scene{
	{"door", 500 * time.Millisecond, playDoor},
	{"claim", 4 * time.Second, playClaim},
	{"device", time.Second, playDevice},
	{"move", time.Second, as("speaker", playMove)},
	{"guess", 3 * time.Second, playGuess},
	{"out", 500 * time.Millisecond, as("viewer", playOut)},
	{"silence", time.Second, as("viewer", playSilence)},
	{"rights", time.Second, as("speaker", playRights)},
	{"poll", 2 * time.Second, as("moderator", playPoll)},
	{"files", 2 * time.Second, as("moderator", playFiles)},
	{"twice", time.Second, as("speaker", playTwice)},
	{"order", 2 * time.Second, as("moderator", playOrder)},
	{"stall", 5 * time.Second, as("viewer", slowly(stops))},
	{"trickle", 5 * time.Second, as("viewer", slowly(trickles))},
	{"erase", 2 * time.Second, as("moderator", playErase)},
}

// as is a scene of somebody new in a busy room.
func as(role string, play func(ctx context.Context, p *Person, rng *rand.Rand) error) func(context.Context, *Crowd, *rand.Rand) error {
	return func(ctx context.Context, c *Crowd, rng *rand.Rand) error {
		p, err := c.guest(ctx, c.busy(rng), role)
		if err != nil {
			return err
		}
		defer p.leave()
		return play(ctx, p, rng)
	}
}

// Play plays the named scenes until ctx ends. A scene that cannot go on because
// of what is broken is over, and begins anew; only what the rig itself does
// wrong is an error.
func (c *Crowd) Play(ctx context.Context, names []string, say func(string, ...any)) {
	var all sync.WaitGroup
	for n, s := range Scenes {
		if !slices.Contains(names, "all") && !slices.Contains(names, s.Name) {
			continue
		}
		all.Go(func() {
			rng := c.random(uint64(1000 + n))
			for pause(ctx, time.Duration((0.5+rng.Float64())*float64(s.pause))) {
				scene, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
				if err := s.play(scene, c, rng); err != nil {
					say("scene %s broke off: %v", s.Name, err)
				}
				cancel()
			}
		})
	}
	all.Wait()
}

// guest brings somebody new into a busy room.
func (c *Crowd) guest(ctx context.Context, h *House, role string) (*Person, error) {
	p := c.person(h, fmt.Sprintf("guest%d@%s", c.scenes.Add(1), h.Name), role)
	if err := p.arrive(ctx); err != nil {
		return nil, err
	}
	return p, p.inside(ctx)
}

// busy gives one of the busy rooms.
func (c *Crowd) busy(rng *rand.Rand) *House { return c.Houses[rng.IntN(c.Rooms)] }

// invitee is somebody new who has a link and is nowhere yet.
func (c *Crowd) invitee(ctx context.Context, h *House) (*Person, error) {
	p := c.person(h, fmt.Sprintf("invitee%d@%s", c.scenes.Add(1), h.Name), "viewer")
	return p, p.invite(ctx)
}
