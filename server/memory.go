package main

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// sizes are the units of --memory-limit, longest first.
var sizes = []struct {
	unit  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"G", 1e9}, {"M", 1e6}, {"K", 1e3}, {"B", 1}, {"", 1}}

// parseSize reads 512MiB, 2GiB, 1.5G, 1000000.
func parseSize(text string) (int64, error) {
	for _, size := range sizes {
		number, ok := strings.CutSuffix(text, size.unit)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || !(n >= 0 && n*float64(size.bytes) < math.MaxInt64/2) { // not a number, too
			return 0, errors.New("not a size")
		}
		return int64(n * float64(size.bytes)), nil
	}
	return 0, errors.New("not a size")
}

// tuneMemory tells the garbage collector how much there is. Idle connections are nearly all of the
// heap and rarely change, so half as much garbage as usual is let grow; near the limit the
// collector works harder instead of being killed. GOGC and GOMEMLIMIT win if they are set.
func tuneMemory(limit int64) int64 {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return debug.SetMemoryLimit(-1)
	}
	if limit == 0 {
		limit = machineMemory("/") / 10 * 9
	}
	if limit > 0 {
		debug.SetMemoryLimit(limit)
	}
	return limit
}

// machineMemory is the memory of the container or service or, without a limit there, of the
// machine; 0 where nobody says. root is the file system to look in.
func machineMemory(root string) int64 {
	least := memTotal(root)
	for _, file := range limitFiles(root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			continue
		}
		// "max", and a number near 2^63 in the older form, mean no limit.
		n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// limitFiles are where the limits of our control group and of those around it would stand, in the
// older form and in today's. In a container our own group is the root of what can be seen.
func limitFiles(root string) []string {
	files := []string{"sys/fs/cgroup/memory/memory.limit_in_bytes"}
	text, _ := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	for line := range strings.Lines(string(text)) {
		if group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			for dir := filepath.Clean("/" + group); dir != "/"; dir = filepath.Dir(dir) {
				files = append(files, filepath.Join("sys/fs/cgroup", dir, "memory.max"))
			}
		}
	}
	return append(files, "sys/fs/cgroup/memory.max")
}

// memTotal reads the machine's memory from /proc/meminfo.
func memTotal(root string) int64 {
	text, err := os.ReadFile(filepath.Join(root, "proc/meminfo"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "MemTotal:" {
			kib, _ := strconv.ParseInt(fields[1], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// returnMemory gives memory back to the machine when it grows calm after a storm of joins or
// reconnects: thousands of idle connections make no garbage, so the collector would not run for
// hours, and the runtime keeps what lies idle for minutes. It runs until ctx is done.
func returnMemory(ctx context.Context) {
	tick := time.NewTicker(calmEvery)
	defer tick.Stop()
	var c calm
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if c.collects(m.TotalAlloc) {
				debug.FreeOSMemory()
			}
		}
	}
}

const (
	calmEvery = 5 * time.Second
	calmBytes = 4 << 20  // allocated in that time at most, when nobody does much
	worthIt   = 16 << 20 // allocated since the last collection of ours, for another to be worth it
)

// calm notices when allocation has stopped for a while.
type calm struct{ last, collected uint64 }

// collects is given how much has ever been allocated and says whether to collect now.
func (c *calm) collects(total uint64) bool {
	quiet := total-c.last < calmBytes
	c.last = total
	if !quiet || total-c.collected < worthIt {
		return false
	}
	c.collected = total
	return true
}
