package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
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
	good, err = p.shown(ctx, "", seeds, check.Verdict.Holds)
	for _, s := range seeds {
		if err != nil {
			return false, err
		}
		caught := false
		caught, err = p.shown(ctx, s.Bug, []check.Seed{s}, check.Verdict.Broken)
		good = good && caught
	}
	return good, err
}

// shown plays trials with a bug, or with none, until the promises of all seeds
// have shown themselves as they should.
func (p *proof) shown(ctx context.Context, bug string, seeds []check.Seed, should func(check.Verdict) bool) (all bool, err error) {
	for n := uint64(0); n < tries && len(seeds) > 0; n++ {
		began := time.Now()
		if err := p.world.Anew(ctx, append(slices.Clip(p.Env), "GREENROOM_SEEDED_BUG="+bug)); err != nil {
			return false, err
		}
		verdicts, err := newTrial(p, p.seed+n, seeds).play(ctx, p.world)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(p.out, "%s: %.0f s, --seed %d\n", cmp.Or(bug, "no bug"), time.Since(began).Seconds(), p.seed+n)
		seeds = p.still(seeds, verdicts, should)
	}
	return len(seeds) == 0, nil
}

// still gives the seeds whose promises have not shown themselves as they should.
func (p *proof) still(seeds []check.Seed, verdicts []check.Verdict, should func(check.Verdict) bool) (bad []check.Seed) {
	for _, s := range seeds {
		v := verdicts[slices.IndexFunc(verdicts, func(v check.Verdict) bool { return v.Invariant == s.Invariant })]
		word := "as it should"
		if !should(v) {
			bad, word = append(bad, s), "NOT AS IT SHOULD"
		}
		fmt.Fprintf(p.out, "  %-16s %s\n", word, v)
	}
	return bad
}
