package main

import (
	"fmt"
	"io"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/history"
)

// totals is what the checkers said of all episodes together. It does not grow
// with them: of what is broken it has the number and the first witnesses' words.
type totals struct {
	verdicts []check.Verdict
	broken   []int // as verdicts
}

func newTotals() *totals { return &totals{} }

// add checks a history, and says whether something in it is broken.
func (t *totals) add(h *history.History) (bad bool) { return t.sum(check.All(h)) }

func (t *totals) sum(verdicts []check.Verdict) (bad bool) {
	for i, v := range verdicts {
		bad = bad || len(v.Violations) > 0
		if i == len(t.verdicts) {
			t.verdicts, t.broken = append(t.verdicts, check.Verdict{Invariant: v.Invariant, Promise: v.Promise}), append(t.broken, 0)
		}
		sum := &t.verdicts[i]
		sum.Checked += v.Checked
		t.broken[i] += len(v.Violations)
		for _, w := range v.Violations[:min(len(v.Violations), mostShown-len(sum.Violations))] {
			sum.Violations = append(sum.Violations, check.Witness{Says: w.Says})
		}
	}
	return bad
}

// mostShown is how many witnesses of one invariant are printed.
const mostShown = 5

// print prints a line for each invariant, and says whether all were checked and
// hold.
func (t *totals) print(out io.Writer) (good bool) {
	good = len(t.verdicts) > 0
	fmt.Fprintf(out, "\n%-4s %9s  %s\n", "", "checked", "verdict")
	for i, v := range t.verdicts {
		good = good && v.Holds()
		fmt.Fprintf(out, "%-4s %9d  %s: %s\n", v.Invariant, v.Checked, judged(v, t.broken[i]), v.Promise)
		for _, w := range v.Violations {
			fmt.Fprintln(out, "                   ", w.Says)
		}
	}
	return good
}

func judged(v check.Verdict, broken int) string {
	switch {
	case broken > 0:
		return fmt.Sprintf("BROKEN %d times", broken)
	case !v.Exercised():
		return "NOT CHECKED"
	}
	return "holds"
}
