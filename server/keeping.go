package main

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"greenroom/server/debug"
	"greenroom/server/forget"
)

// startForgetting runs what erases people and lets go of what is old.
func (r *server) startForgetting(ctx context.Context) error {
	var err error
	if r.forget, err = forget.New(ctx, forget.Config{Store: r.store, Rooms: r.hub, Log: r.log}); err != nil {
		return err
	}
	r.registry.MustRegister((*forgetCollector)(r.forget))
	r.parts.runs("forgetting", r.forget.Run)
	return nil
}

// keeping says on the debug page when what was kept long enough was last
// looked for.
func (r *server) keeping() []debug.Fact {
	s := r.forget.Swept()
	if s.At.IsZero() {
		return []debug.Fact{{Name: "Retention", Value: "not swept yet"}}
	}
	text := fmt.Sprintf("swept %s, %d gone, next %s", clock(s.At), s.Gone, clock(s.Next))
	if s.Failed {
		text += "; it failed and is tried again, see the log"
	}
	return []debug.Fact{{Name: "Retention", Value: text}}
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }

// forgetCollector reads the counters when somebody asks.
type forgetCollector forget.Worker

var (
	descForgotten    = prometheus.NewDesc("greenroom_forgotten_total", "What was forgotten, by kind: people, logs redacted, rooms emptied, rows, audit entries that got pseudonyms.", []string{"kind"}, nil)
	descForgetFailed = prometheus.NewDesc("greenroom_forgetting_failures_total", "Attempts to forget that failed and are made again.", nil, nil)
)

func (*forgetCollector) Describe(to chan<- *prometheus.Desc) {
	to <- descForgotten
	to <- descForgetFailed
}

func (c *forgetCollector) Collect(to chan<- prometheus.Metric) {
	n := (*forget.Worker)(c).Counts()
	for kind, v := range map[string]int64{"person": n.Erased, "log": n.Redacted, "room": n.Forgotten, "row": n.Swept, "audit": n.Pseudonyms} {
		to <- prometheus.MustNewConstMetric(descForgotten, prometheus.CounterValue, float64(v), kind)
	}
	to <- prometheus.MustNewConstMetric(descForgetFailed, prometheus.CounterValue, float64(n.Failed))
}
