package main

import (
	"fmt"
	"io"

	"greenroom/loadtest/faults/check"
	"greenroom/loadtest/faults/history"
)

// totals is what the checkers said of all episodes together.
type totals struct{ verdicts []check.Verdict }

func newTotals() *totals { return &totals{} }

// add checks a history, and says whether something in it is broken.
func (t *totals) add(h *history.History) (bad bool) { return t.sum(check.All(h)) }

func (t *totals) sum(verdicts []check.Verdict) (bad bool) {
	for i, v := range verdicts {
		bad = bad || len(v.Violations) > 0
		if i == len(t.verdicts) {
			t.verdicts = append(t.verdicts, v)
			continue
		}
		t.verdicts[i].Checked += v.Checked
		t.verdicts[i].Violations = append(t.verdicts[i].Violations, v.Violations...)
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
	for _, v := range t.verdicts {
		good = good && v.Holds()
		fmt.Fprintf(out, "%-4s %9d  %s: %s\n", v.Invariant, v.Checked, judged(v), v.Promise)
		for _, w := range v.Violations[:min(len(v.Violations), mostShown)] {
			fmt.Fprintln(out, "                   ", w.Says)
		}
	}
	return good
}

func judged(v check.Verdict) string {
	switch {
	case len(v.Violations) > 0:
		return fmt.Sprintf("BROKEN %d times", len(v.Violations))
	case !v.Exercised():
		return "NOT CHECKED"
	}
	return "holds"
}
