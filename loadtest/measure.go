package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"

	"greenroom/client"
)

// The latencies that are taken, in the order of the table.
const (
	measureJoin      = "join"      // opening the link and the socket, up to the answer to hello
	measureConfirm   = "confirm"   // an address asked before the start, up to its ok
	measureSchedule  = "schedule"  // a moved start, from the manager's request to each screen
	measureSkew      = "skew"      // the door: from the planned moment to each screen, by the server's clock
	measureOpening   = "opening"   // the door: from its opening on a screen to being inside, for the confirmed
	measureLobby     = "lobby"     // an address asked at the door, up to being inside
	measurePost      = "post"      // a message, from the moment it was due to its ok
	measureMessage   = "message"   // the same to each receiver
	measureRole      = "role"      // a role change, from the owner's command to its ok
	measurePromotion = "promotion" // the same to the new rights at the person
	measureBystander = "bystander" // the same to the stage list of those who look on
	measureEvent     = "event"     // with --events, from the moment it was due to its ok
	measureAnswer    = "answer"    // an answer to the question, from the moment it was due to its ok
	measureReaction  = "reaction"  // likewise

	measureAcross         = "across"          // message, to those on another server than its writer
	measureAcrossStore    = "across_store"    // likewise, while Redis is cut off
	measurePromotedAcross = "promoted_across" // promotion, of those on another server than the owner
	measurePromotedStore  = "promoted_store"  // likewise, while Redis is cut off
	measureBack           = "back"            // a killed server, up to being back on another
)

var latencyNames = []string{measureJoin, measureConfirm, measureSchedule, measureSkew, measureOpening, measureLobby,
	measurePost, measureMessage, measureRole, measurePromotion, measureBystander, measureAnswer, measureReaction}

// severalNames are those that take several servers.
var severalNames = []string{measureAcross, measureAcrossStore, measurePromotedAcross, measurePromotedStore, measureBack}

var allNames = slices.Concat(latencyNames, severalNames, []string{measureEvent})

var meanings = map[string]string{
	measureJoin:      "link opened, socket connected, hello answered",
	measureConfirm:   "address confirmed before the start",
	measureSchedule:  "moved start, on every screen",
	measureSkew:      "door opens: planned moment to every screen",
	measureOpening:   "door opens: screen to inside",
	measureLobby:     "address confirmed at the door, inside",
	measurePost:      "message acknowledged",
	measureMessage:   "message on every screen",
	measureRole:      "role change acknowledged",
	measurePromotion: "new rights on the person's screen",
	measureBystander: "role change in others' stage list",
	measureAnswer:    "answer acknowledged",
	measureReaction:  "reaction acknowledged",
	measureEvent:     "durable event acknowledged",

	measureAcross:         "message from another server, by Redis",
	measureAcrossStore:    "the same with Redis cut off",
	measurePromotedAcross: "new rights given on another server, by Redis",
	measurePromotedStore:  "the same with Redis cut off",
	measureBack:           "server killed: back on another",
}

// measures is what a run has found. Everybody writes to it.
type measures struct {
	began    time.Time
	latency  map[string]*latency
	messages atomic.Int64 // posted and acknowledged
	answered atomic.Int64 // likewise, to the question
	lost     atomic.Int64 // connections that broke and came back
	late     atomic.Int64 // posts that were due while too many were under way

	mu         sync.Mutex // guards the rest
	errors     map[string]int
	missing    int
	received   int64 // messages, at all receivers
	traffic    map[string]Traffic
	resumption *resumption
	events     *Events
	anew       int           // people who came back to a snapshot
	uncounted  int           // answers that were acknowledged and are not in the result
	lasted     time.Duration // of the part inside
	joining    time.Duration
	memory     *memory
	usage      *usage
	greatest   int // people inside at once
}

func newMeasures() *measures {
	m := &measures{began: time.Now(), latency: map[string]*latency{}, errors: map[string]int{}}
	for _, name := range allNames {
		m.latency[name] = newLatency()
	}
	return m
}

func (m *measures) note(name string, d time.Duration) { m.latency[name].note(d) }

// fail counts what went wrong, by what was tried and the server's code.
func (m *measures) fail(doing string, err error) {
	what := "connection"
	var refusal *client.Error
	var closed *client.Closed
	switch {
	case errors.As(err, &refusal):
		what = string(refusal.Code)
	case errors.As(err, &closed):
		what = closed.Code.String()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.errors[doing+": "+what]++
}

// failUnless is fail for what did not end only because the run does.
func (m *measures) failUnless(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		m.fail(doing, err)
	}
}

func (m *measures) failures() (n int, kinds []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, count := range m.errors {
		n += count
	}
	return n, slices.Sorted(maps.Keys(m.errors))
}

// latency is one histogram: microseconds, 1 µs to 10 min, exact to a
// thousandth.
type latency struct {
	mu sync.Mutex
	h  *hdr.Histogram
}

const longest = int64(10 * time.Minute / time.Microsecond)

func newLatency() *latency { return &latency{h: hdr.New(1, longest, 3)} }

func (l *latency) note(d time.Duration) {
	v := min(max(d.Microseconds(), 1), longest)
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.h.RecordValue(v) // it lies in the range
}

func (l *latency) count() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.h.TotalCount()
}

// Latency is one row of the result, in milliseconds.
type Latency struct {
	Count int64   `json:"count"`
	Mean  float64 `json:"mean_ms"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

func (l *latency) row() Latency {
	l.mu.Lock()
	defer l.mu.Unlock()
	ms := func(µs int64) float64 { return float64(µs) / 1000 }
	return Latency{Count: l.h.TotalCount(), Mean: l.h.Mean() / 1000, P50: ms(l.h.ValueAtQuantile(50)),
		P90: ms(l.h.ValueAtQuantile(90)), P99: ms(l.h.ValueAtQuantile(99)), Max: ms(l.h.Max())}
}
