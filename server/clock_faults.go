//go:build faults

package main

import (
	"os"
	"time"
)

// wallClock is this machine's, wrong by what the fault rig says. Faking the C
// library's clock does not reach Go. No release is built with the tag.
func wallClock() func() time.Time {
	wrong, err := time.ParseDuration(os.Getenv("GREENROOM_FAULTS_CLOCK"))
	if err != nil {
		return time.Now
	}
	return func() time.Time { return time.Now().Add(wrong) }
}
