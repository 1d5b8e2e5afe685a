package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/crowd"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/world"
)

// What nobody has checked is no success.
func TestNothingCheckedFails(t *testing.T) {
	totals, out := newTotals(), &bytes.Buffer{}
	if totals.add(&history.History{}) {
		t.Error("an empty history breaks something")
	}
	if totals.print(out) {
		t.Error("an empty history is good")
	}
	if n := strings.Count(out.String(), "NOT CHECKED"); n != len(check.Checkers) {
		t.Errorf("%d of %d are not checked:\n%s", n, len(check.Checkers), out)
	}
}

func TestTotalsOfEpisodes(t *testing.T) {
	totals, out := &totals{}, &bytes.Buffer{}
	broken := []check.Verdict{{Invariant: "L1", Promise: "one", Checked: 3, Violations: []check.Witness{{Says: "it is not there"}}}, {Invariant: "L2", Promise: "two"}}
	good := []check.Verdict{{Invariant: "L1", Promise: "one", Checked: 4}, {Invariant: "L2", Promise: "two", Checked: 5}}
	if !totals.sum(broken) || totals.sum(good) || totals.print(out) {
		t.Error("what is broken in one episode is good in the end")
	}
	for _, want := range []string{"L1           7  BROKEN 1 times: one", "it is not there", "L2           5  holds: two"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
}

// A night in which much is broken has as many witnesses as an hour.
func TestTotalsDoNotGrow(t *testing.T) {
	totals, out := &totals{}, &bytes.Buffer{}
	for range 100 {
		totals.sum([]check.Verdict{{Invariant: "L1", Promise: "one", Checked: 1, Violations: make([]check.Witness, 3)}})
	}
	if n := len(totals.verdicts[0].Violations); n != mostShown {
		t.Errorf("%d witnesses are kept", n)
	}
	if totals.print(out); !strings.Contains(out.String(), "L1         100  BROKEN 300 times: one") {
		t.Errorf("said:\n%s", out)
	}
}

// The same seed breaks the same things in the same order, each once before any
// comes again; and what makes no sense with a kind of Redis is left out.
func TestFaultsFollowFromTheSeed(t *testing.T) {
	order := func(seed uint64, kind string, wanted ...string) (names []string) {
		w := &world.World{Options: world.Options{Redis: kind}}
		for _, x := range newBreaker(w, nil, seed, nil).choices(wanted) {
			names = append(names, x.name)
		}
		return names
	}
	if a, b := order(1, world.Single, "all"), order(1, world.Single, "all"); !slices.Equal(a, b) || a[0] != "kill" {
		t.Errorf("one seed gives %v and %v", a, b)
	}
	if a, b := order(1, world.Single, "all"), order(2, world.Single, "all"); slices.Equal(a, b) {
		t.Errorf("two seeds give %v", a)
	}
	if got := order(1, world.Cluster, "all"); !slices.Contains(got, "redis-node") || slices.Contains(got, "redis-failover") || slices.Contains(got, "redis-kill") {
		t.Errorf("with a cluster: %v", got)
	}
	if got := order(1, world.Single, "stop", "redis-node"); !slices.Equal(got, []string{"stop"}) {
		t.Errorf("only what is wanted: %v", got)
	}
	if got := order(1, world.Single, "none"); got != nil {
		t.Errorf("none: %v", got)
	}
}

func TestWhatCannotWorkIsRefused(t *testing.T) {
	good := Config{AtOnce: 1, Instances: 3, Rooms: 2, People: 20, Redis: []string{"single"}, Faults: []string{"kill"}, Scenes: []string{crowd.Scenes[0].Name}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Config){
		"instances": func(c *Config) { c.Instances = 1 },
		"rooms":     func(c *Config) { c.Rooms = 0 },
		"at-once":   func(c *Config) { c.AtOnce = 0 },
		"people":    func(c *Config) { c.People = 3 },
		"redis":     func(c *Config) { c.Redis = []string{"twins"} },
		"faults":    func(c *Config) { c.Faults = []string{"flood"} },
		"scenes":    func(c *Config) { c.Scenes = []string{"tea"} },
	} {
		c := good
		spoil(&c)
		if c.Validate() == nil {
			t.Errorf("--%s is accepted", name)
		}
	}
}
