// Package history is what a run of the fault rig leaves behind: everything that
// clients asked and were told, what was broken when, and what the store, the
// clients and fresh snapshots held in the end. The checkers read nothing else.
//
// A history is a list of entries in the order of one monotonic clock, that of
// the rig's process. It is kept as lines of JSON, one entry each (file.go), so
// that a failure can be looked at afterwards and checked again.
//
// It imports the standard library alone. Start at entry.go.
package history

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// History is the entries in order of time. Entries of one time are in the order
// in which they were noted.
type History struct {
	Entries []Entry
}

// Sort puts the entries into the order of time.
func (h *History) Sort() {
	slices.SortStableFunc(h.Entries, func(a, b Entry) int { return cmp.Compare(a.Time(), b.Time()) })
}

// Of gives the entries of one type, in order.
func Of[T Entry](h *History) []T {
	var all []T
	for _, e := range h.Entries {
		if t, ok := e.(T); ok {
			all = append(all, t)
		}
	}
	return all
}

// Recorder notes entries as they happen. It is safe for concurrent use.
type Recorder struct {
	began time.Time

	mu      sync.Mutex
	entries []Entry
	ops     Op
	conns   Conn
}

// NewRecorder starts the clock.
func NewRecorder() *Recorder { return &Recorder{began: time.Now()} }

// Now is the time since the start, by the monotonic clock.
func (r *Recorder) Now() At { return At(time.Since(r.began)) }

// Note adds an entry; one whose time is not set is of now.
func (r *Recorder) Note(e Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.Time() == 0 {
		e.setTime(max(1, r.Now()))
	}
	r.entries = append(r.entries, e)
}

// Op gives the next number of an operation.
func (r *Recorder) Op() Op {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ops++
	return r.ops
}

// Conn gives the next number of a connection.
func (r *Recorder) Conn() Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns++
	return r.conns
}

// History is everything noted so far, in order of time.
func (r *Recorder) History() *History {
	r.mu.Lock()
	h := &History{Entries: slices.Clone(r.entries)}
	r.mu.Unlock()
	h.Sort()
	return h
}
