package main

import (
	"cmp"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/wire"
	"greenroom/server/socket"
)

const drainCode = int(wire.CloseDrain)

// newRegistry makes a registry with what the runtime and the build say of themselves. No metric is
// labelled by room or person.
func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "greenroom_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "commit": buildCommit(), "goversion": runtime.Version()}})
	build.Set(1)
	r.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// watchStore registers how a store uses its connections, if it has some to a server.
func watchStore(to prometheus.Registerer, of store.Store) {
	if pool, ok := of.(interface{ Connections() postgres.Connections }); ok {
		to.MustRegister(storeCollector(pool.Connections))
	}
}

// storeCollector reads the pool when somebody asks.
type storeCollector func() postgres.Connections

var (
	descStoreConnections = prometheus.NewDesc("greenroom_store_connections", "Connections to the database, by state: busy, idle, or free to be opened.", []string{"state"}, nil)
	descStoreOpened      = prometheus.NewDesc("greenroom_store_connections_opened_total", "Connections to the database that were opened.", nil, nil)
	descStoreWaits       = prometheus.NewDesc("greenroom_store_connection_waits_total", "How often a free connection to the database had to be waited for.", nil, nil)
	descStoreStatements  = prometheus.NewDesc("greenroom_store_statements_total", "Statements sent to the database.", nil, nil)
	descStoreWaiting     = prometheus.NewDesc("greenroom_store_connection_wait_seconds_total", "Time waited for a free connection to the database.", nil, nil)
)

func (c storeCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descStoreConnections, descStoreOpened, descStoreWaits, descStoreWaiting, descStoreStatements} {
		to <- d
	}
}

func (c storeCollector) Collect(to chan<- prometheus.Metric) {
	n := c()
	for state, v := range map[string]int{"busy": n.Busy, "idle": n.Open - n.Busy, "free": n.Most - n.Open} {
		to <- prometheus.MustNewConstMetric(descStoreConnections, prometheus.GaugeValue, float64(v), state)
	}
	to <- prometheus.MustNewConstMetric(descStoreOpened, prometheus.CounterValue, float64(n.Opened))
	to <- prometheus.MustNewConstMetric(descStoreWaits, prometheus.CounterValue, float64(n.Waited))
	to <- prometheus.MustNewConstMetric(descStoreStatements, prometheus.CounterValue, float64(n.Statements))
	to <- prometheus.MustNewConstMetric(descStoreWaiting, prometheus.CounterValue, n.Waiting.Seconds())
}

// connections are the sockets and requests of the public listener, watched and counted.
type connections struct {
	*socket.Sweeper
	socket.Counters

	log      *slog.Logger
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newConnections(to prometheus.Registerer, log *slog.Logger) *connections {
	c := &connections{
		log:     log,
		Sweeper: socket.NewSweeper(socket.SweeperOptions{}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "greenroom_http_requests_total",
			Help: "Requests answered, by route and status; upgraded ones are counted as connections."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "greenroom_http_seconds", Help: "Time to answer a request.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 4, 8)}, []string{"route"}),
	}
	to.MustRegister(c.requests, c.seconds, (*connectionCollector)(c))
	return c
}

// connectionCollector reads the counters when somebody asks; counting itself stays cheap.
type connectionCollector connections

var (
	descOpen     = prometheus.NewDesc("greenroom_connections", "Open WebSocket connections.", nil, nil)
	descOpened   = prometheus.NewDesc("greenroom_connections_opened_total", "WebSocket connections accepted.", nil, nil)
	descCloses   = prometheus.NewDesc("greenroom_connection_closes_total", "WebSocket connections ended, by close code (1006: it just broke).", []string{"code", "name"}, nil)
	descSent     = prometheus.NewDesc("greenroom_frames_sent_total", "WebSocket frames sent.", nil, nil)
	descBytes    = prometheus.NewDesc("greenroom_bytes_sent_total", "Bytes of WebSocket frames sent.", nil, nil)
	descReceived = prometheus.NewDesc("greenroom_frames_received_total", "WebSocket frames received.", nil, nil)
	descSlow     = prometheus.NewDesc("greenroom_slow_consumers_total", "Connections dropped because they took their frames too slowly.", nil, nil)
	descMost     = prometheus.NewDesc("greenroom_outbox_bytes_max", "Bytes that waited for one connection when more was added, slow or not: the most of all.", nil, nil)
	descHeld     = prometheus.NewDesc("greenroom_slow_consumer_bytes_max", "Bytes that waited for a connection when it was dropped for its slowness: the most of all.", nil, nil)
)

func (c *connectionCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descOpen, descOpened, descCloses, descSent, descBytes, descReceived, descSlow, descHeld, descMost} {
		to <- d
	}
}

func (c *connectionCollector) Collect(to chan<- prometheus.Metric) {
	n := c.Read()
	to <- prometheus.MustNewConstMetric(descOpen, prometheus.GaugeValue, float64(c.Len()))
	to <- prometheus.MustNewConstMetric(descHeld, prometheus.GaugeValue, float64(n.SlowHeld))
	to <- prometheus.MustNewConstMetric(descMost, prometheus.GaugeValue, float64(n.Most))
	for d, v := range map[*prometheus.Desc]int64{descOpened: n.Opened, descSent: n.FramesOut, descBytes: n.BytesOut, descReceived: n.FramesIn, descSlow: n.Slow} {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v))
	}
	for code, v := range n.Closed {
		to <- prometheus.MustNewConstMetric(descCloses, prometheus.CounterValue, float64(v), strconv.Itoa(code), wire.CloseCode(code).String())
	}
}

// observe counts and times requests by route, which the router notes in the request; a route is a
// pattern, so neither metrics nor log hold anything that somebody chose. The upgrade passes
// untouched: its writer must stay net/http's own.
func (c *connections) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ws" {
			next.ServeHTTP(w, r)
			return
		}
		began, status := time.Now(), &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			route, took := cmp.Or(r.Pattern, "none"), time.Since(began)
			c.requests.WithLabelValues(route, strconv.Itoa(status.status)).Inc()
			c.seconds.WithLabelValues(route).Observe(took.Seconds())
			c.log.Debug("request", "route", route, "status", status.status, "took", took)
		}()
		next.ServeHTTP(status, r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
