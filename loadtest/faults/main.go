// Command faults is the fault rig: several real servers on a real PostgreSQL
// and a real Redis, hundreds of people, and everything that can break broken on
// purpose while they talk. It notes what everybody asked and was told, and
// checks every invariant that must hold whatever fails.
//
//	go run ./loadtest/faults                        one short episode
//	go run ./loadtest/faults --for 2h --people 100  one episode after another
//	go run ./loadtest/faults --check FILE           once more what was kept
//	go run ./loadtest/faults --prove all            do the checkers catch what they are for?
//
// An episode is a world of its own: fresh processes, a fresh database, one kind
// of Redis. Which faults come when follows from the seed, which is printed. The
// history of an episode that fails is kept, with the logs of the servers.
//
// It needs Go, redis-server and PostgreSQL, and talks to nobody but what it
// starts. Start at episode.go (what happens, in order), then faults.go (what
// is broken), crowd (the people), world (the processes), tap and history (what
// is noted), check (what must be true), prove.go (is that found?).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"greenroom/loadtest/faults/crowd"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/world"
)

// Config is every flag.
type Config struct {
	For       time.Duration `default:"60s" placeholder:"TIME" help:"How long in all. Default: ${default}."`
	Episode   time.Duration `default:"60s" placeholder:"TIME" help:"How long people talk and things break in one episode, at most. Default: ${default}."`
	Seed      uint64        `default:"0" placeholder:"N" help:"Of what is broken when, and of what people do; 0: chosen and printed."`
	Instances int           `default:"3" placeholder:"N" help:"Server processes. Default: ${default}."`
	Rooms     int           `default:"2" placeholder:"N" help:"Busy rooms; a quiet one comes on top. Default: ${default}."`
	People    int           `default:"40" placeholder:"N" help:"People in each busy room. Default: ${default}."`
	Redis     []string      `default:"single,sentinel,cluster" placeholder:"KIND" help:"Kinds of Redis, which episodes take in turn: single, sentinel, cluster. Default: ${default}."`
	Faults    []string      `default:"all" placeholder:"NAME" help:"What is broken: names of the list that --help begins with; all or none. Default: ${default}."`
	Scenes    []string      `default:"all" placeholder:"NAME" help:"What is played beside the talk: all, none or names. Default: ${default}."`
	Tags      []string      `placeholder:"TAG" help:"More build tags of the server, such as seeded."`
	Env       []string      `placeholder:"NAME=VALUE" sep:"none" help:"More environment of the servers; may be repeated."`
	Server    string        `placeholder:"FILE" help:"A server that is built already, with the tag faults."`
	Keep      string        `placeholder:"DIR" help:"Where histories and logs of failed episodes go, of the first twenty. Default: a new folder among the temporary ones."`
	KeepAll   bool          `help:"Keep those of good episodes, too."`
	Prove     []string      `placeholder:"BUG" help:"Prove the checkers: play a trial with each of these bugs, sown into the servers on purpose, and one without; all or names."`
	AtOnce    int           `default:"3" placeholder:"N" help:"How many trials of --prove run at once. Default: ${default}."`
	Check     string        `placeholder:"FILE" help:"Only check a history that was kept."`
}

// Validate is asked by kong: it refuses what cannot work.
func (c *Config) Validate() error {
	for _, kind := range c.Redis {
		if !slices.Contains([]string{world.Single, world.Sentinel, world.Cluster}, kind) {
			return fmt.Errorf("--redis: %s is not a kind of Redis", kind)
		}
	}
	for _, name := range c.Faults {
		if name != "all" && name != "none" && !slices.ContainsFunc(breakages, func(b breakage) bool { return b.name == name }) {
			return fmt.Errorf("--faults: there is no %s", name)
		}
	}
	for _, name := range c.Scenes {
		if name != "all" && name != "none" && !slices.ContainsFunc(crowd.Scenes, func(s crowd.Scene) bool { return s.Name == name }) {
			return fmt.Errorf("--scenes: there is no %s", name)
		}
	}
	switch {
	case c.Instances < 2:
		return errors.New("--instances must be at least 2")
	case c.People < 12:
		return errors.New("--people must be at least 12")
	case c.Rooms < 1:
		return errors.New("--rooms must be at least 1")
	case c.AtOnce < 1:
		return errors.New("--at-once must be at least 1")
	}
	return nil
}

func main() {
	runtime.LockOSThread() // processes are told to end with the thread that started them
	var c Config
	kong.Parse(&c, kong.Name("faults"), kong.Description("greenroom's fault rig. Faults: "+strings.Join(breakageNames(), ", ")+"."), kong.ShortUsageOnError())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	os.Exit(run(ctx, &c, os.Stdout))
}

// run gives the exit status: 0 when every invariant was checked and holds, 1
// when not, 2 when the rig itself could not work, 130 after Ctrl-C.
func run(ctx context.Context, c *Config, out io.Writer) int {
	if c.Check != "" {
		return recheck(c.Check, out)
	}
	play := perform
	if len(c.Prove) > 0 {
		play = prove
	}
	good, err := play(ctx, c, out)
	switch {
	case ctx.Err() != nil:
		return 130
	case err != nil:
		fmt.Fprintln(out, "faults:", err)
		return 2
	case !good:
		return 1
	}
	return 0
}

func recheck(name string, out io.Writer) int {
	file, err := os.Open(name)
	if err != nil {
		fmt.Fprintln(out, "faults:", err)
		return 2
	}
	defer file.Close()
	h, err := history.Read(file)
	if err != nil {
		fmt.Fprintln(out, "faults:", err)
		return 2
	}
	totals := newTotals()
	totals.add(h)
	if !totals.print(out) {
		return 1
	}
	return 0
}
