package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/world"
)

// wanted gives the bugs of these names; all: every one.
func wanted(names []string) (seeds []check.Seed, err error) {
	for _, name := range names {
		i := slices.IndexFunc(check.Seeds, func(s check.Seed) bool { return s.Bug == name })
		switch {
		case name == "all":
			return check.Seeds, nil
		case i < 0:
			return nil, fmt.Errorf("--prove: there is no %s", name)
		}
		seeds = append(seeds, check.Seeds[i])
	}
	return seeds, nil
}

// prove plays a trial with servers that have no bug, and one for each of the
// bugs, with servers that have it on purpose. It says whether each bug broke the
// promise that it is made for, and whether all of these were checked and kept
// without.
func prove(ctx context.Context, c *Config, out io.Writer) (good bool, err error) {
	seeds, err := wanted(c.Prove)
	if err != nil {
		return false, err
	}
	work, err := os.MkdirTemp("", "greenroom-prove-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(work)
	program := c.Server
	if program == "" {
		fmt.Fprintln(out, "building ./server with the tag seeded")
		if program, err = world.Build(ctx, work, append(c.Tags, "seeded")...); err != nil {
			return false, err
		}
	}
	w, err := world.Start(ctx, world.Options{Program: program, Folder: work, Instances: c.Instances, Redis: world.Single, Env: c.Env, Clocks: clocks})
	if err != nil {
		return false, err
	}
	defer w.End()
	p := &proof{Config: c, world: w, out: out, seed: cmp.Or(c.Seed, rand.Uint64N(1<<40))}
	return p.all(ctx, seeds)
}

// proof is what the trials of one call share: the world, too, which is made
// anew for each.
type proof struct {
	*Config
	world *world.World
	out   io.Writer
	seed  uint64
}

// Each bug is tried with as many seeds: chance may keep it from showing, and a
// machine without time from being judged.
const tries = 3

func (p *proof) all(ctx context.Context, seeds []check.Seed) (good bool, err error) {
	good, err = p.attempts(ctx, "", seeds, p.keeps)
	for _, s := range seeds {
		if err != nil {
			return false, err
		}
		caught := false
		caught, err = p.attempts(ctx, s.Bug, []check.Seed{s}, p.breaks)
		good = good && caught
	}
	return good, err
}

// attempts plays a trial until it shows what it should.
func (p *proof) attempts(ctx context.Context, bug string, seeds []check.Seed, shows func([]check.Seed, []check.Verdict) bool) (good bool, err error) {
	for n := range uint64(tries) {
		began := time.Now()
		t := newTrial(p, p.seed+n, seeds)
		if err := p.world.Anew(ctx, append(slices.Clip(p.Env), "GREENROOM_SEEDED_BUG="+bug)); err != nil {
			return false, err
		}
		verdicts, err := t.play(ctx, p.world)
		if err != nil {
			return false, err
		}
		good = shows(seeds, verdicts)
		fmt.Fprintf(p.out, "%-17s %s, %.0f s, --seed %d\n", cmp.Or(bug, "no bug"), said(good), time.Since(began).Seconds(), p.seed+n)
		if good {
			return true, nil
		}
	}
	return false, nil
}

func said(good bool) string {
	if good {
		return "as it should be"
	}
	return "NOT as it should be"
}

// breaks says whether the bug broke the promise that it is made for.
func (p *proof) breaks(seeds []check.Seed, verdicts []check.Verdict) bool {
	v := verdicts[slices.IndexFunc(verdicts, func(v check.Verdict) bool { return v.Invariant == seeds[0].Invariant })]
	fmt.Fprintf(p.out, "%-17s %s\n", seeds[0].Bug, v)
	return len(v.Violations) > 0
}

// keeps says whether all of the promises were checked and kept.
func (p *proof) keeps(seeds []check.Seed, verdicts []check.Verdict) (good bool) {
	good = true
	for _, v := range verdicts {
		if slices.ContainsFunc(seeds, func(s check.Seed) bool { return s.Invariant == v.Invariant }) {
			good = good && v.Holds()
			fmt.Fprintf(p.out, "%-17s %s\n", "no bug", strings.TrimSpace(v.String()))
		}
	}
	return good
}
