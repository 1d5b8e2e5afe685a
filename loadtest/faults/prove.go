package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
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
	p := &proof{Config: c, work: work, program: c.Server, out: out, seed: cmp.Or(c.Seed, rand.Uint64N(1<<40))}
	if p.program == "" {
		fmt.Fprintln(out, "building ./server with the tag seeded")
		if p.program, err = world.Build(ctx, work, append(c.Tags, "seeded")...); err != nil {
			return false, err
		}
	}
	return p.all(ctx, seeds)
}

// proof is what the trials of one call share.
type proof struct {
	*Config
	work    string
	program string
	seed    uint64

	mu  sync.Mutex
	out io.Writer
}

// Each bug is tried with as many seeds: chance may keep it from showing, and a
// machine without time from being judged.
const tries = 3

// all begins without a bug and with nothing else on the machine: promises about
// time have to hold then.
func (p *proof) all(ctx context.Context, seeds []check.Seed) (good bool, err error) {
	good, err = p.prover(ctx, "right", func(w *world.World) (bool, error) { return p.shown(ctx, w, "", seeds, check.Verdict.Holds) })
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue, caught := make(chan check.Seed, len(seeds)), atomic.Int64{}
	for _, s := range seeds {
		queue <- s
	}
	close(queue)
	var all sync.WaitGroup
	for n := range min(p.AtOnce, len(seeds)) {
		all.Go(func() {
			if _, err := p.prover(ctx, fmt.Sprint("wrong", n), func(w *world.World) (bool, error) { return true, p.catch(ctx, w, queue, &caught) }); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return good && int(caught.Load()) == len(seeds), context.Cause(ctx)
}

// prover has a world of its own, which is made anew for each trial. Processes
// are told to end with the thread that started them.
func (p *proof) prover(ctx context.Context, name string, do func(*world.World) (bool, error)) (bool, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	folder := filepath.Join(p.work, name)
	if err := os.Mkdir(folder, 0o755); err != nil {
		return false, err
	}
	w, err := world.Start(ctx, world.Options{Program: p.program, Folder: folder, Instances: p.Instances, Redis: world.Single, Env: p.Env, Clocks: clocks})
	if err != nil {
		return false, err
	}
	defer w.End()
	return do(w)
}

func (p *proof) catch(ctx context.Context, w *world.World, queue <-chan check.Seed, caught *atomic.Int64) error {
	for s := range queue {
		is, err := p.shown(ctx, w, s.Bug, []check.Seed{s}, check.Verdict.Broken)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Bug, err)
		}
		if is {
			caught.Add(1)
		}
	}
	return nil
}

// shown plays trials with a bug, or with none, until the promises of all seeds
// have shown themselves as they should.
func (p *proof) shown(ctx context.Context, w *world.World, bug string, seeds []check.Seed, should func(check.Verdict) bool) (all bool, err error) {
	for n := uint64(0); n < tries && len(seeds) > 0; n++ {
		began, said := time.Now(), &bytes.Buffer{}
		if err := w.Anew(ctx, append(slices.Clip(p.Env), "GREENROOM_SEEDED_BUG="+bug)); err != nil {
			return false, err
		}
		verdicts, err := newTrial(p.Config, said, p.seed+n, seeds).play(ctx, w)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(said, "%s: %.0f s, --seed %d\n", cmp.Or(bug, "no bug"), time.Since(began).Seconds(), p.seed+n)
		seeds = still(said, seeds, verdicts, should)
		p.print(said)
	}
	return len(seeds) == 0, nil
}

// print prints what there is to say of a trial at its end, in one piece.
func (p *proof) print(said io.WriterTo) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = said.WriteTo(p.out)
}

// still gives the seeds whose promises have not shown themselves as they should.
func still(out io.Writer, seeds []check.Seed, verdicts []check.Verdict, should func(check.Verdict) bool) (bad []check.Seed) {
	for _, s := range seeds {
		v := verdicts[slices.IndexFunc(verdicts, func(v check.Verdict) bool { return v.Invariant == s.Invariant })]
		word := "as it should"
		if !should(v) {
			bad, word = append(bad, s), "NOT AS IT SHOULD"
		}
		fmt.Fprintf(out, "  %-16s %s\n", word, v)
	}
	return bad
}
