//go:build race

package socket

// underRace: the race detector makes sync.Pool forget on purpose, so allocations say nothing.
const underRace = true
