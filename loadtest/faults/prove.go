package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/world"
)

// shows is what has to be broken for a sown bug to show; nothing, for most.
var shows = map[string][]string{
	"early-ok":       {"kill"},
	"doubled-resume": {"people-cut"},
	"short-resume":   {"people-cut"},
	"local-clock":    {"clock"},
	"ghosts":         {"kill"},
}

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

// prove plays an episode with servers that have a bug on purpose, for each of
// the bugs, and one with none. It says whether each bug broke the promise that
// it is made for, and whether none of these was broken without.
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
	p := &proof{Config: c, work: work, out: out, program: c.Server, seed: c.Seed}
	if p.seed == 0 {
		p.seed = rand.Uint64N(1 << 40)
	}
	if p.program == "" {
		fmt.Fprintln(out, "building ./server with the tag seeded")
		if p.program, err = world.Build(ctx, work, append(c.Tags, "seeded")...); err != nil {
			return false, err
		}
	}
	return p.all(ctx, seeds)
}

// proof is what the episodes of one call share.
type proof struct {
	*Config
	work    string
	out     io.Writer
	program string
	seed    uint64
}

func (p *proof) all(ctx context.Context, seeds []check.Seed) (good bool, err error) {
	good = true
	var needed []string
	for _, s := range seeds {
		needed = append(needed, shows[s.Bug]...)
		verdicts, err := p.play(ctx, s.Bug, shows[s.Bug])
		if err != nil {
			return false, fmt.Errorf("%s: %w", s.Bug, err)
		}
		good = p.judge(s, verdicts) && good
	}
	verdicts, err := p.play(ctx, "", needed)
	if err != nil {
		return false, err
	}
	return p.without(seeds, verdicts) && good, nil
}

// play gives the verdicts on an episode with a bug; empty: with none.
func (p *proof) play(ctx context.Context, bug string, faults []string) ([]check.Verdict, error) {
	c := *p.Config
	c.Env = append(slices.Clip(c.Env), "GREENROOM_SEEDED_BUG="+bug)
	if c.Faults = faults; len(faults) == 0 {
		c.Faults = []string{"none"}
	}
	e := &episode{Config: &c, seed: p.seed, kind: world.Single, program: p.program, out: p.out, began: time.Now(), lasts: c.Episode}
	e.folder = filepath.Join(p.work, "episode-"+bug)
	fmt.Fprintf(p.out, "episode with %q: --seed %d\n", bug, p.seed)
	h, err := e.play(ctx)
	if err != nil {
		return nil, err
	}
	return check.All(h), os.RemoveAll(e.folder)
}

// judge says whether the bug broke the promise that it is made for.
func (p *proof) judge(s check.Seed, verdicts []check.Verdict) bool {
	i := slices.IndexFunc(verdicts, func(v check.Verdict) bool { return v.Invariant == s.Invariant })
	caught, word := len(verdicts[i].Violations) > 0, "NOT CAUGHT"
	if caught {
		word = "caught"
	}
	fmt.Fprintf(p.out, "%-17s %-11s %s\n", s.Bug, word, verdicts[i])
	return caught
}

// without says whether the same promises hold without a bug.
func (p *proof) without(seeds []check.Seed, verdicts []check.Verdict) (good bool) {
	good = true
	for _, v := range verdicts {
		if slices.ContainsFunc(seeds, func(s check.Seed) bool { return s.Invariant == v.Invariant }) {
			good = good && v.Holds()
			fmt.Fprintf(p.out, "%-17s %-11s %s\n", "no bug", "", v)
		}
	}
	return good
}
