package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// usage is what the own server took of the machine over a time.
type usage struct {
	CPU  float64 `json:"cpu_seconds"`
	Took float64 `json:"seconds"`
	RSS  int64   `json:"rss_bytes"` // at the end
}

// memory is the result of --idle, in bytes. Before is with everybody invited
// and nobody connected.
type memory struct {
	Connections     int     `json:"connections"`
	Before          int64   `json:"rss_before"`
	Connected       int64   `json:"rss_connected,omitempty"` // after settling; 0: not known
	Collected       int64   `json:"rss_after_gc,omitempty"`  // after a forced collection
	PerConnection   float64 `json:"rss_per_connection"`
	PerConnectionGC float64 `json:"rss_per_connection_after_gc"`
	Heap            int64   `json:"heap_per_connection,omitempty"`
	Stack           int64   `json:"stack_per_connection,omitempty"`
}

// reading is one look at the server: what /proc says, and what the runtime
// says after a collection.
type reading struct {
	rss   int64 // from /proc; 0: not our process
	after collected
}

// collected is the answer of the admin listener to POST /debug/gc.
type collected struct {
	Goroutines int   `json:"goroutines"`
	Heap       int64 `json:"heap_bytes"`
	RSS        int64 `json:"rss_bytes"`
	Stack      int64 `json:"stack_bytes"`
}

// look reads the server's memory.
func (t *target) look(ctx context.Context) (reading, error) {
	var r reading
	if t.own != nil {
		r.rss, _ = rss(t.own.process.Process.Pid)
	}
	if t.admin == "" {
		if r.rss == 0 {
			return r, fmt.Errorf("nothing is known of the server's memory: name its --admin listener")
		}
		return r, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(t.admin, "/")+"/debug/gc", nil)
	if err != nil {
		return r, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return r, fmt.Errorf("collect: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return r, fmt.Errorf("collect: %s", resp.Status)
	}
	return r, json.NewDecoder(resp.Body).Decode(&r.after)
}

// rss is the resident memory of a process, from /proc/<pid>/status.
func rss(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("no VmRSS of %d", pid)
}

// cpu is the processor time of a process so far, from /proc/<pid>/stat, in
// hundredths of a second as Linux counts for everybody.
func cpu(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(text), ") ") // the name may hold blanks
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat cannot be read", pid)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, err
}

// meter measures an own server over a time; nil for somebody else's.
func (t *target) meter() (stop func() *usage) {
	if t.own == nil {
		return func() *usage { return nil }
	}
	pid := t.own.process.Process.Pid
	before, err := cpu(pid)
	began := time.Now()
	return func() *usage {
		after, err2 := cpu(pid)
		if err != nil || err2 != nil {
			return nil
		}
		resident, _ := rss(pid)
		return &usage{CPU: (after - before).Seconds(), Took: time.Since(began).Seconds(), RSS: resident}
	}
}
