package main

import (
	"io"
	"slices"
	"testing"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/crowd"
)

// What a bug needs to show can be played and broken.
func TestSeedsCanBePlayed(t *testing.T) {
	for _, s := range check.Seeds {
		if s.Scene != "" && !slices.ContainsFunc(crowd.Scenes, func(x crowd.Scene) bool { return x.Name == s.Scene }) {
			t.Errorf("%s shows in %s, which is no scene", s.Bug, s.Scene)
		}
		if s.Fault != "" && !slices.Contains(breakageNames(), s.Fault) {
			t.Errorf("%s shows in %s, which is no fault", s.Bug, s.Fault)
		}
	}
}

func TestWhichBugsAreWanted(t *testing.T) {
	if all, err := wanted([]string{"all"}); err != nil || len(all) != len(check.Seeds) {
		t.Errorf("all are %d, %v", len(all), err)
	}
	if some, err := wanted([]string{"gossip", "ghosts"}); err != nil || len(some) != 2 || some[1].Bug != "ghosts" {
		t.Errorf("two are %v, %v", some, err)
	}
	if _, err := wanted([]string{"moths"}); err == nil {
		t.Error("a bug that there is not is wanted")
	}
}

// A bug is caught by the checker of its own promise alone; without one, its
// promise has to be checked.
func TestWhatATrialShows(t *testing.T) {
	seeds := []check.Seed{{Bug: "ghosts", Invariant: "C1"}}
	held, broken, missed := check.Verdict{Invariant: "C1", Checked: 2}, check.Verdict{Invariant: "C1", Checked: 2, Violations: make([]check.Witness, 1)}, check.Verdict{Invariant: "C1"}
	other := check.Verdict{Invariant: "L1", Checked: 1, Violations: make([]check.Witness, 1)}
	for _, x := range []struct {
		verdict      check.Verdict
		caught, kept bool
	}{{held, false, true}, {broken, true, false}, {missed, false, false}} {
		verdicts := []check.Verdict{other, x.verdict}
		caught, kept := len(still(io.Discard, seeds, verdicts, check.Verdict.Broken)) == 0, len(still(io.Discard, seeds, verdicts, check.Verdict.Holds)) == 0
		if caught != x.caught || kept != x.kept {
			t.Errorf("%v: caught %t, kept %t", x.verdict, caught, kept)
		}
	}
}
