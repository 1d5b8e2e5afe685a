package main

import (
	"context"
	"hash/crc32"
	"time"

	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/tap"
)

// A machine that comes late to a little work of the rig's own comes late to the
// servers' as well. What is to come within a time is given as much more.
const (
	probeEvery = 50 * time.Millisecond
	noticed    = 20 * time.Millisecond // less is not noted
)

// watchMachine notes how late the machine comes until ctx ends, and gives the
// worst.
func watchMachine(ctx context.Context, t *tap.Tap) (worst time.Duration) {
	work := make([]byte, 2<<20)
	for {
		due := t.Now() + history.At(probeEvery)
		if !pause(ctx, probeEvery) {
			return worst
		}
		crc32.ChecksumIEEE(work)
		if late := t.Now() - due; late > history.At(noticed) {
			worst = max(worst, time.Duration(late))
			t.Note(&history.Delayed{Took: late})
		}
	}
}
