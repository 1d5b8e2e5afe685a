package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// assertion is one condition on a result: promotion.p99<250ms, errors==0.
type assertion struct {
	name, stat string // stat is empty for plain numbers
	op         string
	value      float64 // milliseconds for latencies
}

var shape = regexp.MustCompile(`^([a-z_]+)(?:\.([a-z0-9]+))?\s*(<=|>=|==|<|>)\s*(\S+)$`)

// numbers are the parts of a result that are no latencies.
var numbers = map[string]func(Result) float64{
	"errors":     func(r Result) float64 { return float64(r.Errors) },
	"missing":    func(r Result) float64 { return float64(r.Missing) },
	"lost":       func(r Result) float64 { return float64(r.Lost) },
	"late":       func(r Result) float64 { return float64(r.Late) },
	"inside":     func(r Result) float64 { return float64(r.Inside) },
	"answered":   func(r Result) float64 { return float64(r.Answered) },
	"uncounted":  func(r Result) float64 { return float64(r.Uncounted) },
	"away":       func(r Result) float64 { return stillAway(r) },
	"messages":   func(r Result) float64 { return float64(r.Messages) },
	"received":   func(r Result) float64 { return float64(r.Received) },
	"events":     func(r Result) float64 { return perSecond(r).PerSecond },  // in all
	"per_room":   func(r Result) float64 { return perSecond(r).Least },      // in the room with the fewest
	"connection": func(r Result) float64 { return perConnection(r, false) }, // bytes, after settling
	"collected":  func(r Result) float64 { return perConnection(r, true) },  // bytes, after a collection
}

// stillAway is how many have not come back after a server was killed.
func stillAway(r Result) float64 {
	if r.Resumption == nil {
		return 0
	}
	return float64(r.Resumption.People - r.Resumption.Back)
}

func perSecond(r Result) Events {
	if r.Events == nil {
		return Events{}
	}
	return *r.Events
}

func perConnection(r Result, collected bool) float64 {
	switch {
	case r.Memory == nil:
		return 0
	case collected:
		return r.Memory.PerConnectionGC
	}
	return r.Memory.PerConnection
}

// sizes are the stats of what a viewer was sent in a second.
var sizes = map[string]func(Traffic) float64{
	"count": func(t Traffic) float64 { return float64(t.Count) },
	"mean":  func(t Traffic) float64 { return t.Mean },
	"p50":   func(t Traffic) float64 { return t.P50 },
	"p90":   func(t Traffic) float64 { return t.P90 },
	"p99":   func(t Traffic) float64 { return t.P99 },
	"max":   func(t Traffic) float64 { return t.Max },
}

var stats = map[string]func(Latency) float64{
	"count": func(l Latency) float64 { return float64(l.Count) },
	"mean":  func(l Latency) float64 { return l.Mean },
	"p50":   func(l Latency) float64 { return l.P50 },
	"p90":   func(l Latency) float64 { return l.P90 },
	"p99":   func(l Latency) float64 { return l.P99 },
	"max":   func(l Latency) float64 { return l.Max },
}

// parseAssertion reads a condition. Durations need a unit.
func parseAssertion(text string) (assertion, error) {
	m := shape.FindStringSubmatch(text)
	if m == nil {
		return assertion{}, fmt.Errorf("--assert %q: a condition looks like promotion.p99<250ms or errors==0", text)
	}
	a := assertion{name: m[1], stat: m[2], op: m[3]}
	_, plain := numbers[a.name]
	_, known := stats[a.stat]
	var err error
	switch {
	case plain && a.stat == "", slices.Contains(trafficNames, a.name) && known:
		a.value, err = strconv.ParseFloat(m[4], 64)
	case !slices.Contains(allNames, a.name) || !known:
		return assertion{}, fmt.Errorf("--assert %q: nothing of that name is measured", text)
	case a.stat == "count":
		a.value, err = strconv.ParseFloat(m[4], 64)
	default:
		var d time.Duration
		d, err = time.ParseDuration(m[4])
		a.value = float64(d) / float64(time.Millisecond)
	}
	if err != nil {
		return assertion{}, fmt.Errorf("--assert %q: %w", text, err)
	}
	return a, nil
}

// holds judges a result. What was never measured fails, whatever the number.
func (a assertion) holds(r Result) (got float64, ok bool) {
	if number, plain := numbers[a.name]; plain {
		got = number(r)
	} else if slices.Contains(trafficNames, a.name) {
		t := r.Traffic[a.name]
		if got = sizes[a.stat](t); t.Count == 0 && a.stat != "count" {
			return got, false
		}
	} else {
		l := r.Latency[a.name]
		if got = stats[a.stat](l); l.Count == 0 && a.stat != "count" {
			return got, false
		}
	}
	switch a.op {
	case "<":
		return got, got < a.value
	case "<=":
		return got, got <= a.value
	case ">":
		return got, got > a.value
	case ">=":
		return got, got >= a.value
	}
	return got, got == a.value
}

// holds gives the exit status for all conditions and says which do not hold.
func holds(texts []string, r Result, errs io.Writer) (status int) {
	for _, text := range texts {
		a, err := parseAssertion(text)
		if err != nil {
			fmt.Fprintln(errs, "loadtest:", err)
			return 1
		}
		if got, ok := a.holds(r); !ok {
			fmt.Fprintf(errs, "loadtest: %s does not hold: it is %.6g\n", text, got)
			status = 1
		}
	}
	return status
}
