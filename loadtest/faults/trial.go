package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/crowd"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// trial is a short episode with few people, in which no more is played and
// broken than some bugs need to show.
type trial struct {
	episode
	many bool // begins with many who come and go, in a world without anybody else
	calm bool // ends with ten seconds of calm and a comparison
}

// What a trial has few of.
const (
	trialRooms  = 1
	trialPeople = 12
	trialBefore = 5 * time.Second
	trialAfter  = 4 * time.Second
	firstFault  = 2500 * time.Millisecond // by then it has begun
	nextFault   = 16 * time.Second        // with the peace before it
)

func newTrial(of *Config, out io.Writer, seed uint64, seeds []check.Seed) *trial {
	c := *of
	c.Rooms, c.People, c.Scenes, c.Faults = trialRooms, trialPeople, nil, nil
	t := &trial{episode: episode{Config: &c, seed: seed, out: out, began: time.Now(), before: trialBefore, after: trialAfter}}
	for _, s := range seeds {
		c.Scenes, c.Faults = with(c.Scenes, s.Scene), with(c.Faults, s.Fault)
		t.calm = t.calm || slices.Contains([]string{"L5", "L7", "C1", "D4"}, s.Invariant)
		t.many = t.many || s.Invariant == "C2"
	}
	t.lasts = t.before + firstFault + time.Duration(max(0, len(c.Faults)-1))*nextFault + t.after
	return t
}

// with adds a name, unless it is none or there already.
func with(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// play gives the verdicts. What a bug keeps people from doing ends no trial:
// what has been noted is judged.
func (t *trial) play(ctx context.Context, w *world.World) ([]check.Verdict, error) {
	noted := t.begin(w)
	c := crowd.New(w, noted, crowd.Options{Rooms: t.Rooms, People: t.People, Seed: t.seed})
	if err := t.act(ctx, c, w, noted); err != nil {
		fmt.Fprintln(t.out, "the trial broke off:", err)
	}
	c.Leave()
	if err := errors.Join(c.ReadLogs(ctx), ctx.Err()); err != nil {
		return nil, err
	}
	return check.All(noted.History()), nil
}

func (t *trial) act(ctx context.Context, c *crowd.Crowd, w *world.World, noted *tap.Tap) error {
	if t.many {
		if err := c.ComeAndGo(ctx); err != nil {
			return err
		}
	}
	if err := c.Enter(ctx); err != nil {
		return err
	}
	if err := t.storm(ctx, c, w, noted); err != nil {
		return err
	}
	if t.calm {
		return c.Compare(ctx, 1, true)
	}
	return nil
}
