package main

import (
	"context"
	"hash/crc32"
	"time"

	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// A machine that has no time for a little work of the rig's own has none for
// the servers: what is to come within a second is not judged then.
const (
	probeEvery = 50 * time.Millisecond
	starved    = 100 * time.Millisecond // for work of about a millisecond
)

// watchMachine notes when the machine was starved, as a fault of all instances,
// until ctx ends.
func watchMachine(ctx context.Context, w *world.World, t *tap.Tap) {
	var hits []string
	for _, i := range w.Instances {
		hits = append(hits, "instance:"+i.Name)
	}
	work := make([]byte, 2<<20)
	for n := 1; pause(ctx, probeEvery); n++ {
		from := t.Now()
		crc32.ChecksumIEEE(work)
		if until := t.Now(); time.Duration(until-from) > starved {
			t.Note(&history.Fault{When: history.Instant(from), ID: -n, Name: "starved", On: true, Hits: hits})
			t.Note(&history.Fault{When: history.Instant(until), ID: -n, Name: "starved", Hits: hits})
		}
	}
}
