//go:build !faults

package main

import "time"

// wallClock is this machine's.
func wallClock() func() time.Time { return time.Now }
