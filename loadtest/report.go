package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// schema is the version of the JSON result; fields are only added.
const schema = 1

// Result is what a run has found. Latencies are in milliseconds.
type Result struct {
	Schema      int                `json:"schema"`
	When        time.Time          `json:"when"`
	Go          string             `json:"go"`
	CPUs        int                `json:"cpus"`
	Idle        bool               `json:"idle,omitempty"`
	Interrupted bool               `json:"interrupted,omitempty"`
	People      int                `json:"people"`
	Inside      int                `json:"inside"`
	Seconds     float64            `json:"seconds"`         // of the whole run
	Joining     float64            `json:"joining_seconds"` // until all had joined
	Talking     float64            `json:"talking_seconds"`
	Messages    int64              `json:"messages"`
	Received    int64              `json:"received"`
	Lost        int64              `json:"connections_lost"`
	Anew        int                `json:"told_anew"` // came back to a snapshot instead of the missed events
	Late        int64              `json:"late"`      // left out because too much was under way
	Missing     int                `json:"missing"`   // never reached somebody inside
	Answered    int64              `json:"answered,omitempty"`
	Uncounted   int                `json:"uncounted"` // answers that were acknowledged and are not in the result
	Errors      int                `json:"errors"`
	ErrorKinds  map[string]int     `json:"error_kinds,omitempty"`
	Latency     map[string]Latency `json:"latency"`
	Traffic     map[string]Traffic `json:"traffic,omitempty"` // of one viewer, a second
	Server      *usage             `json:"server,omitempty"`  // of an own server: while joining (--idle) or talking
	Memory      *memory            `json:"memory,omitempty"`
	Resumption  *resumption        `json:"resumption,omitempty"`
	Events      *Events            `json:"events,omitempty"`
}

func (m *measures) result(c *Config) Result {
	count, _ := m.failures()
	r := Result{Schema: schema, When: time.Now().UTC(), Go: runtime.Version(), CPUs: runtime.NumCPU(), Idle: c.Idle, People: c.People,
		Inside: m.greatest, Seconds: time.Since(m.began).Seconds(), Joining: m.joining.Seconds(), Talking: m.lasted.Seconds(),
		Messages: m.messages.Load(), Received: m.received, Lost: m.lost.Load(), Anew: m.anew, Late: m.late.Load(), Missing: m.missing,
		Answered: m.answered.Load(), Uncounted: m.uncounted, Traffic: m.traffic, Resumption: m.resumption, Events: m.events,
		Errors: count, ErrorKinds: m.errors, Latency: map[string]Latency{}, Server: m.usage, Memory: m.memory}
	for name, l := range m.latency {
		if row := l.row(); row.Count > 0 {
			r.Latency[name] = row
		}
	}
	return r
}

// print writes the table.
func (r Result) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "milliseconds\tcount\tp50\tp90\tp99\tmax\t")
	for _, name := range allNames {
		if l, ok := r.Latency[name]; ok {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t  %s\n", name, l.Count, ms(l.P50), ms(l.P90), ms(l.P99), ms(l.Max), meanings[name])
		}
	}
	_ = w.Flush()
	r.printTraffic(out)
	fmt.Fprintln(out)
	fmt.Fprintln(out, r.summary())
	if r.Events != nil {
		fmt.Fprintln(out, r.Events)
	}
	if r.Errors > 0 {
		fmt.Fprintf(out, "errors: %s\n", kinds(r.ErrorKinds))
	}
	if r.Server != nil {
		fmt.Fprintf(out, "server: %.2f s of processor in %.1f s%s, %.1f MiB resident\n", r.Server.CPU, r.Server.Took, r.perDelivery(), mib(r.Server.RSS))
	}
	if x := r.Resumption; x != nil {
		fmt.Fprintf(out, "a server killed: %d of its %d people back in %.2f s (%d by a snapshot), %d statements to the database, about %d of them as at rest\n", x.Back, x.People, x.Seconds, x.Anew, x.Statements, x.Resting)
	}
	if m := r.Memory; m != nil {
		m.print(out)
	}
	if r.Interrupted {
		fmt.Fprintln(out, "interrupted: this is what was found until then")
	}
}

// printTraffic writes what a viewer was sent.
func (r Result) printTraffic(out io.Writer) {
	if r.Traffic == nil {
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\na second\tcount\tp50\tp90\tp99\tmax\t")
	for _, name := range trafficNames {
		t := r.Traffic[name]
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t  %s\n", name, t.Count, t.P50, t.P90, t.P99, t.Max, trafficMeanings[name])
	}
	_ = w.Flush()
}

// print leaves out what could not be seen: /proc of somebody else's server, or
// a collection without the admin listener.
func (m *memory) print(out io.Writer) {
	fmt.Fprintf(out, "server memory with %d connections: before %.1f MiB", m.Connections, mib(m.Before))
	if m.Connected > 0 {
		fmt.Fprintf(out, "; settled %.1f MiB, %.0f bytes per connection", mib(m.Connected), m.PerConnection)
	}
	if m.Collected > 0 {
		fmt.Fprintf(out, "; after a collection %.1f MiB, %.0f bytes per connection (heap %d, stacks %d)", mib(m.Collected), m.PerConnectionGC, m.Heap, m.Stack)
	}
	fmt.Fprintln(out)
}

func (r Result) summary() string {
	parts := []string{fmt.Sprintf("%d people joined in %.1f s", r.Latency[measureJoin].Count, r.Joining)}
	if r.Joining > 0 {
		parts[0] += fmt.Sprintf(" (%.0f/s)", float64(r.Latency[measureJoin].Count)/r.Joining)
	}
	if !r.Idle {
		parts = append(parts, fmt.Sprintf("%d inside, %d messages, %d received, %d missing", r.Inside, r.Messages, r.Received, r.Missing))
	}
	if r.Answered > 0 {
		parts = append(parts, fmt.Sprintf("%d answers, %d of them not in the result", r.Answered, r.Uncounted))
	}
	parts = append(parts, fmt.Sprintf("%d connections lost, %d errors", r.Lost, r.Errors))
	if r.Anew > 0 {
		parts = append(parts, fmt.Sprintf("%d told anew by a snapshot", r.Anew))
	}
	if r.Late > 0 {
		parts = append(parts, fmt.Sprintf("%d due but left out", r.Late))
	}
	return strings.Join(parts, "; ")
}

// perDelivery is the price of a message to one person.
func (r Result) perDelivery() string {
	if r.Received == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.1f µs per delivery)", r.Server.CPU*1e6/float64(r.Received))
}

func kinds(all map[string]int) string {
	var parts []string
	for kind, n := range all {
		parts = append(parts, fmt.Sprintf("%s ×%d", kind, n))
	}
	return strings.Join(slices.Sorted(slices.Values(parts)), ", ")
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// ms keeps three digits.
func ms(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// write puts the result into a file as JSON.
func (r Result) write(name string, out io.Writer) error {
	if name == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if name == "-" {
		_, err = out.Write(text)
		return err
	}
	return os.WriteFile(name, text, 0o644)
}
