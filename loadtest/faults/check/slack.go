package check

import (
	"cmp"
	"slices"

	"greenroom/loadtest/faults/history"
)

// hops is how many programs, at least, have a turn between a command and the
// last one who is shown it: client, server, database, server, Redis, server,
// client, and proxies between them.
const hops = 10

// slack is what a promise to come within a time is given more: the worst that
// the machine came late meanwhile, for each program that has a turn.
func (r *Run) slack(from, until history.At) history.At {
	more := hops * r.late(from, until)
	return hops * r.late(from, until+more)
}

// late is the worst that the machine came late at any moment of a time.
func (r *Run) late(from, until history.At) (worst history.At) {
	i, _ := slices.BinarySearchFunc(r.delays, from, func(d *history.Delayed, t history.At) int { return cmp.Compare(d.At, t) })
	for _, d := range r.delays[i:] {
		if d.At-d.Took > until {
			break // each begins behind the one before
		}
		worst = max(worst, d.Took)
	}
	return worst
}
