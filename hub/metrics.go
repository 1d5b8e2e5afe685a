package hub

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"greenroom/hub/room"
)

// Metrics is what a hub measures. Nothing is labelled by room or person.
type Metrics struct {
	rooms         prometheus.Gauge
	sessions      prometheus.Gauge
	commands      *prometheus.CounterVec
	events        prometheus.Counter
	commit        prometheus.Histogram
	batch         prometheus.Histogram
	fanout        prometheus.Histogram
	storeErrors   prometheus.Counter
	publishErrors prometheus.Counter
	catchUps      prometheus.Counter
	degraded      prometheus.Gauge
	surrendered   prometheus.Counter
}

// NewMetrics makes them and registers them; a nil registerer keeps them
// private.
func NewMetrics(to prometheus.Registerer) *Metrics {
	m := &Metrics{
		rooms:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "greenroom_live_rooms", Help: "Rooms that are live on this instance."}),
		sessions: prometheus.NewGauge(prometheus.GaugeOpts{Name: "greenroom_sessions", Help: "Sessions in rooms on this instance."}),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "greenroom_commands_total", Help: "Commands judged, by command and by the code of the refusal (ok: none)."}, []string{"command", "code"}),
		events:   prometheus.NewCounter(prometheus.CounterOpts{Name: "greenroom_events_total", Help: "Events appended to logs by this instance."}),
		commit: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "greenroom_append_seconds", Help: "Time of one durable commit.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 2, 16)}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "greenroom_append_events", Help: "Events of one commit that appended something.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 12)}),
		fanout: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "greenroom_fanout_seconds", Help: "From a commit to its last hand-over to a connection.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 2, 16)}),
		storeErrors:   prometheus.NewCounter(prometheus.CounterOpts{Name: "greenroom_store_errors_total", Help: "Commits that failed."}),
		publishErrors: prometheus.NewCounter(prometheus.CounterOpts{Name: "greenroom_publish_errors_total", Help: "Messages between instances that could not be published."}),
		catchUps:      prometheus.NewCounter(prometheus.CounterOpts{Name: "greenroom_log_gaps_total", Help: "Gaps filled from the log, because a message between instances was lost or too large."}),
		degraded:      prometheus.NewGauge(prometheus.GaugeOpts{Name: "greenroom_degraded_rooms", Help: "Live rooms here that the broker or the store does not serve now."}),
		surrendered:   prometheus.NewCounter(prometheus.CounterOpts{Name: "greenroom_surrendered_rooms_total", Help: "Rooms given to other instances because a newer release has written to their logs."}),
	}
	if to != nil {
		to.MustRegister(m.rooms, m.sessions, m.commands, m.events, m.commit, m.batch, m.fanout, m.storeErrors, m.publishErrors, m.catchUps, m.degraded, m.surrendered)
	}
	return m
}

func (m *Metrics) observeCommit(took time.Duration, events int) {
	m.commit.Observe(took.Seconds())
	if events > 0 {
		m.events.Add(float64(events))
		m.batch.Observe(float64(events))
	}
}

func (m *Metrics) observeCommand(c room.Command, err error) {
	if c == nil {
		return
	}
	m.commands.WithLabelValues(c.Name(), codeOf(err)).Inc()
}

func codeOf(err error) string {
	var no *room.Refusal
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &no):
		return string(no.Code)
	}
	return string(room.CodeUnavailable)
}
