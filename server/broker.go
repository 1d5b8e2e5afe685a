package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"greenroom/hub/broker"
	"greenroom/hub/broker/local"
	"greenroom/hub/broker/redis"
	"greenroom/server/debug"
)

// startBroker starts what tells the other servers, or the local one where there are none.
func (r *server) startBroker(ctx context.Context) (broker.Broker, error) {
	if r.settings.redis == nil {
		alone := local.New(0)
		r.parts.started("broker", closer(alone.Close))
		return alone, nil
	}
	key, err := r.sealKey(ctx)
	if err != nil {
		return nil, err
	}
	m := newBrokerMetrics()
	between, err := redis.Open(ctx, redis.Options{Address: r.redis.address, Key: key, Roots: r.redis.roots, Log: r.log,
		Published: m.publish.observe, Echoed: m.echo.observe})
	if err != nil {
		return nil, explainRedis(r.redis.address, err)
	}
	r.parts.started("broker", closer(between.Close))
	m.broker, r.between = between, between
	r.registry.MustRegister(m, m.publish, m.echo)
	return between, nil
}

// sealKey binds the cluster's key to this database: a greenroom of another one, a trial perhaps, that
// was given the same key is as foreign as any.
func (r *server) sealKey(ctx context.Context) ([]byte, error) {
	site, err := r.store.Secret(ctx, "broker")
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, r.redis.key)
	mac.Write([]byte("greenroom: the servers of one site"))
	mac.Write(site)
	return mac.Sum(nil), nil
}

// explainRedis puts into words why Redis cannot be used, where waiting does not help.
func explainRedis(address redis.Address, err error) error {
	switch {
	case errors.Is(err, redis.ErrDenied):
		return refuse("Check user and password, and give the user this: ACL SETUSER greenroom >PASSWORD "+redis.ACL, "Redis at %s does not let this server in, or not publish and subscribe: %v", address, err)
	case errors.Is(err, redis.ErrUntrusted):
		return refuse("Name the certificates that sign Redis' own with --redis-ca, and write the host as they do.", "the certificate of Redis at %s is not trusted: %v", address, err)
	}
	return refuse("Check --redis.", "Redis at %s cannot be used: %v", address, err)
}

// brokerFacts are the lines of the debug page.
func (r *server) brokerFacts() []debug.Fact {
	if r.between == nil {
		return nil
	}
	s := r.between.Stats()
	text := fmt.Sprintf("%s: %d of %d buckets connected, %d sound; %d out, %d lost, %d in, %d dropped, %d forged, %d replayed; %d subscribed again",
		r.redis.address, s.Connected, s.Buckets, s.Sound, s.Published, s.Lost, s.Received, s.Dropped, s.Forged, s.Replayed, s.Resubscribes)
	return []debug.Fact{{Name: "Redis", Value: text}}
}

// seconds is a histogram that is told durations.
type seconds struct{ prometheus.Histogram }

func newSeconds(name, help string) seconds {
	return seconds{prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(0.0001, 2, 14)})}
}

func (s seconds) observe(took time.Duration) { s.Observe(took.Seconds()) }

// brokerMetrics reads a broker's counters when somebody asks.
type brokerMetrics struct {
	broker        *redis.Broker
	publish, echo seconds
}

func newBrokerMetrics() *brokerMetrics {
	return &brokerMetrics{publish: newSeconds("greenroom_broker_publish_seconds", "Time of one batch to Redis."),
		echo: newSeconds("greenroom_broker_echo_seconds", "From a probe to hearing it: to Redis and back.")}
}

var (
	descBuckets  = prometheus.NewDesc("greenroom_broker_buckets", "Buckets of rooms in use here, by what is known of them: all, connected, sound.", []string{"state"}, nil)
	descMessages = prometheus.NewDesc("greenroom_broker_messages_total", "Messages between instances, by what became of them.", []string{"fate"}, nil)
	descBatches  = prometheus.NewDesc("greenroom_broker_batches_total", "Batches of messages published.", nil, nil)
	descAgain    = prometheus.NewDesc("greenroom_broker_resubscribes_total", "Subscriptions that were lost and made again.", nil, nil)
	descMissed   = prometheus.NewDesc("greenroom_broker_missed_probes_total", "Probes that this instance did not hear within a second.", nil, nil)
	descRebuilt  = prometheus.NewDesc("greenroom_broker_rebuilds_total", "Connections given up because they had gone deaf.", nil, nil)
	descPool     = prometheus.NewDesc("greenroom_redis_connections", "Connections for publishing, by state.", []string{"state"}, nil)
	descPoolUse  = prometheus.NewDesc("greenroom_redis_pool_total", "Uses of the pool of connections: hit, miss, timeout, stale.", []string{"result"}, nil)
)

// Describe implements prometheus.Collector.
func (m *brokerMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descBuckets, descMessages, descBatches, descAgain, descMissed, descRebuilt, descPool, descPoolUse} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (m *brokerMetrics) Collect(to chan<- prometheus.Metric) {
	s := m.broker.Stats()
	gauge := func(d *prometheus.Desc, v int, label string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), label)
	}
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge(descBuckets, s.Buckets, "all")
	gauge(descBuckets, s.Connected, "connected")
	gauge(descBuckets, s.Sound, "sound")
	gauge(descPool, s.Pool.Total, "all")
	gauge(descPool, s.Pool.Idle, "idle")
	for fate, v := range map[string]uint64{"published": s.Published, "lost": s.Lost, "received": s.Received, "dropped": s.Dropped, "forged": s.Forged, "replayed": s.Replayed} {
		count(descMessages, v, fate)
	}
	count(descBatches, s.Batches)
	count(descAgain, s.Resubscribes)
	count(descMissed, s.MissedProbes)
	count(descRebuilt, s.Rebuilds)
	for result, v := range map[string]uint64{"hit": s.Pool.Hits, "miss": s.Pool.Misses, "timeout": s.Pool.Timeouts, "stale": s.Pool.Stale} {
		count(descPoolUse, v, result)
	}
}
