package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"greenroom/loadtest/faults/crowd"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// perform plays episodes until the time is over, and says whether every
// invariant was checked in one of them and holds in all.
func perform(ctx context.Context, c *Config, out io.Writer) (good bool, err error) {
	seed := c.Seed
	if seed == 0 {
		seed = rand.Uint64N(1 << 40)
	}
	work, err := os.MkdirTemp("", "greenroom-faults-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(work)
	program := c.Server
	if program == "" {
		fmt.Fprintln(out, "building ./server")
		if program, err = world.Build(ctx, work, c.Tags...); err != nil {
			return false, err
		}
	}
	totals, until, kept := newTotals(), time.Now().Add(c.For), 0
	for n := 0; n == 0 || time.Now().Before(until); n++ {
		e := &episode{Config: c, seed: seed + uint64(n), kind: c.Redis[n%len(c.Redis)], program: program, out: out, began: time.Now(), before: before, after: after}
		e.folder = filepath.Join(work, fmt.Sprint("episode", n+1))
		e.lasts = max(min(c.Episode, time.Until(until)), 30*time.Second)
		fmt.Fprintf(out, "episode %d: --seed %d --redis %s\n", n+1, e.seed, e.kind)
		h, err := e.play(ctx)
		if err != nil {
			return false, errors.Join(err, e.keep(h))
		}
		if bad := totals.add(h); (bad || c.KeepAll) && kept < mostKept {
			if err := e.keep(h); err != nil {
				return false, err
			}
			kept++
		}
		if err := os.RemoveAll(e.folder); err != nil {
			return false, err
		}
	}
	return totals.print(out), nil
}

// mostKept is of how many episodes the history and the logs are kept, so that
// what fails a whole night long does not fill the disk. The others' seeds are
// printed.
const mostKept = 20

// episode is one world from its beginning to its end.
type episode struct {
	*Config
	seed    uint64
	kind    string
	program string
	folder  string
	lasts   time.Duration // in all, with
	before  time.Duration // the first fault, and
	after   time.Duration // the last one
	out     io.Writer
	began   time.Time
	late    time.Duration // that the machine came, at worst
}

func (e *episode) say(format string, args ...any) {
	fmt.Fprintf(e.out, "%7.1f s  %s\n", time.Since(e.began).Seconds(), fmt.Sprintf(format, args...))
}

// clocks of the first three instances: right, and as wrong as may be (O2).
var clocks = []time.Duration{0, 5 * time.Minute, -5 * time.Minute}

// play gives the history; also of an episode that could not be played to its
// end.
func (e *episode) play(ctx context.Context) (*history.History, error) {
	if err := os.Mkdir(e.folder, 0o755); err != nil {
		return nil, err
	}
	w, err := world.Start(ctx, world.Options{Program: e.program, Folder: e.folder, Instances: e.Instances, Redis: e.kind, Env: e.Env, Clocks: clocks})
	if err != nil {
		return nil, err
	}
	defer w.End()
	t := e.begin(w)
	err = e.act(ctx, w, t)
	return t.History(), err
}

// begin begins the history.
func (e *episode) begin(w *world.World) *tap.Tap {
	t := tap.New(history.NewRecorder())
	var names []string
	for _, i := range w.Instances {
		names = append(names, i.Name)
	}
	t.Note(&history.Begun{When: history.Instant(1), Seed: e.seed, Instances: names, Arguments: os.Args[1:], UnixMS: time.Now().UnixMilli() - int64(t.Now())/1e6})
	return t
}

func (e *episode) act(ctx context.Context, w *world.World, t *tap.Tap) error {
	c := crowd.New(w, t, crowd.Options{Rooms: e.Rooms, People: e.People, Seed: e.seed})
	defer c.Leave()
	e.say("%d people come", (e.People*e.Rooms)+6)
	if err := c.Enter(ctx); err != nil {
		return err
	}
	if err := e.storm(ctx, c, w, t); err != nil {
		return err
	}
	e.say("quiet")
	if err := c.Compare(ctx, 1, true); err != nil {
		return err
	}
	c.Leave()
	if err := c.ComeAndGo(ctx); err != nil {
		return err
	}
	if err := c.ReadLogs(ctx); err != nil {
		return err
	}
	e.say("done; the machine came late by %s at worst", e.late.Round(time.Millisecond))
	return ctx.Err()
}

// Before the first fault and after the last one people talk undisturbed, so that
// what is checked only then is checked in any case.
const (
	before = 8 * time.Second
	after  = 8 * time.Second
)

// storm is when everything happens at once.
func (e *episode) storm(ctx context.Context, c *crowd.Crowd, w *world.World, t *tap.Tap) error {
	watch, rest := context.WithCancel(ctx)
	defer rest()
	var watching sync.WaitGroup
	watching.Go(func() { e.late = watchMachine(watch, t) })
	talk, hush := context.WithCancel(ctx)
	defer hush()
	var all sync.WaitGroup
	all.Go(func() { c.Talk(talk) })
	all.Go(func() { c.Play(talk, e.Scenes, e.say) })
	pause(ctx, e.before)
	storm, cancel := context.WithTimeout(ctx, e.lasts-e.before-e.after)
	defer cancel()
	err := newBreaker(w, t, e.seed, e.say).run(storm, e.Faults)
	if err == nil {
		pause(ctx, e.after)
	}
	hush()
	all.Wait() // scenes are played to their end
	rest()
	watching.Wait()
	return cmp.Or(err, ctx.Err())
}

// keep moves what is known of an episode to where it stays.
func (e *episode) keep(h *history.History) error {
	if h == nil {
		return nil
	}
	folder := e.Keep
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp("", "greenroom-faults-kept-"); err != nil {
			return err
		}
	}
	folder = filepath.Join(folder, fmt.Sprintf("seed%d-%s", e.seed, e.kind))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(folder, "history.ndjson"))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := h.Write(file); err != nil {
		return err
	}
	logs, err := filepath.Glob(filepath.Join(e.folder, "instance-*.log"))
	if err != nil {
		return err
	}
	for _, log := range slices.Sorted(slices.Values(logs)) {
		text, err := os.ReadFile(log)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(log)), text, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintln(e.out, "kept in", folder)
	return nil
}
