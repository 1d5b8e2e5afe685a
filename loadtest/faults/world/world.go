// Package world is the real thing that is broken on purpose: several server
// processes on one PostgreSQL and one Redis (alone, behind a Sentinel, or a
// Cluster of three), with a proxy on every way between them.
//
//	clients ── instance a ── Redis        each ── is a proxy of its own, but
//	        ╲             ╲─ PostgreSQL   that one stands before each Redis of a
//	         ── instance b ── …           Sentinel or a Cluster for everybody and
//	                                      knows who connects (redis.go)
//
// It starts nothing but what it ends again.
package world

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/loadtest/bench"
	"greenroom/loadtest/faults/proxy"
	"greenroom/server/mail/smtptest"
)

// Kinds of Redis.
const (
	Single   = "single"
	Sentinel = "sentinel"
	Cluster  = "cluster"
)

const clusterKey = "a secret of at least thirty-two characters"

// Options of a world.
type Options struct {
	Program   string // a server, built with the tag faults
	Folder    string // for logs and data; it must exist
	Instances int
	Redis     string          // one of the kinds
	Env       []string        // more for every instance
	Clocks    []time.Duration // how wrong each instance's clock is; as long as it goes
}

// World is all processes.
type World struct {
	Options
	Key       string // API key of the site's owner
	Public    string // the address that people know; nothing listens there
	Store     *pgtest.Server
	StoreURL  string              // straight, for the rig itself
	Redis     []*redistest.Server // one; master and replica; or three nodes
	Guard     *redistest.Server   // the Sentinel, if there is one
	Instances []*Instance
	Balancer  *Balancer

	mail   *smtptest.Server
	fronts map[int]*proxy.Proxy // before the Redis servers of a Sentinel or a Cluster, by port
	bench  *bench.Bench
}

// Build builds the server into a folder.
func Build(ctx context.Context, folder string, tags ...string) (string, error) {
	program := filepath.Join(folder, "server")
	build := exec.CommandContext(ctx, "go", "build", "-tags", strings.Join(append([]string{"faults"}, tags...), ","), "-o", program, "greenroom/server")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build greenroom/server: %w\n%s", err, out)
	}
	return program, nil
}

// attempts is how often a world is begun: a port may be taken between its choice
// and its use.
const attempts = 3

// Start starts everything and waits until all instances are ready.
func Start(ctx context.Context, o Options) (w *World, err error) {
	for range attempts {
		if w, err = begin(ctx, o); err == nil || ctx.Err() != nil {
			break
		}
	}
	return w, err
}

func begin(ctx context.Context, o Options) (*World, error) {
	w := &World{Options: o, fronts: map[int]*proxy.Proxy{}, bench: &bench.Bench{Folder: o.Folder}}
	err := bench.Attempt(func() error { return w.start(ctx) })
	if err != nil {
		w.End()
		return nil, err
	}
	return w, nil
}

func (w *World) start(ctx context.Context) error {
	w.Public = fmt.Sprintf("http://127.0.0.1:%d", redistest.FreePort(w.bench))
	w.Store = pgtest.Start(w.bench, "max_connections=200")
	w.StoreURL = w.Store.Database(w.bench)
	w.mail = smtptest.Start(w.bench, smtptest.Options{NoTLS: true})
	w.startRedis()
	for _, name := range w.names() {
		w.Instances = append(w.Instances, w.prepare(name))
	}
	if err := w.begin(ctx); err != nil {
		return err
	}
	w.Balancer = newBalancer(w.Instances)
	w.bench.Cleanup(w.Balancer.end)
	return nil
}

// begin starts all instances on a store that has nothing.
func (w *World) begin(ctx context.Context) error {
	for n, i := range w.Instances {
		if n < len(w.Clocks) {
			i.SetClock(w.Clocks[n])
		}
		if err := os.RemoveAll(i.data()); err != nil {
			return err
		}
		if err := os.Mkdir(i.data(), 0o700); err != nil {
			return err
		}
		if err := i.start(ctx, n == 0); err != nil {
			return err
		}
	}
	return w.takeKey(ctx)
}

// Anew makes a fresh world of this one, with another environment of the
// instances: PostgreSQL and Redis go on, and nothing that was in them is there.
func (w *World) Anew(ctx context.Context, env []string) error {
	w.Env = env
	for _, i := range w.Instances {
		i.Kill()
	}
	return bench.Attempt(func() error {
		for _, r := range w.Redis {
			r.Do("FLUSHALL")
		}
		w.StoreURL = w.Store.Database(w.bench)
		return w.begin(ctx)
	})
}

// prepare makes an instance with its proxies, and does not start it.
func (w *World) prepare(name string) *Instance {
	i := &Instance{Name: name, world: w}
	listen, admin := redistest.FreePort(w.bench), redistest.FreePort(w.bench)
	i.listen, i.Admin = fmt.Sprintf("127.0.0.1:%d", listen), fmt.Sprintf("127.0.0.1:%d", admin)
	i.People, i.Store = w.proxy(i.listen, proxy.Options{Buffer: narrow}), w.proxy(w.Store.Address(), proxy.Options{})
	i.Redis, i.redisURL = w.toRedis(name)
	w.bench.Cleanup(i.end)
	return i
}

// takeKey takes the key that the trial printed and begins anew without a trial,
// which would show mails instead of sending them.
func (w *World) takeKey(ctx context.Context) error {
	first := w.Instances[0]
	w.Key = first.said("key")
	if w.Key == "" {
		return errors.New("the first instance told no API key")
	}
	if err := first.Drain(ctx); err != nil {
		return err
	}
	return first.Start(ctx)
}

// NewKey makes an API key of somebody who has an account.
func (w *World) NewKey(ctx context.Context, email string) (string, error) {
	made := exec.CommandContext(ctx, w.Program, "keys", "create", "--email", email, "--store", w.StoreURL, "--public-url", w.Public)
	key, err := made.Output()
	if err != nil {
		return "", fmt.Errorf("make a key for %s: %w", email, err)
	}
	return strings.TrimSpace(string(key)), nil
}

// narrow is what the way to people holds, in bytes: little, so that the server
// feels who does not read.
const narrow = 16 << 10

func (w *World) proxy(to string, o proxy.Options) *proxy.Proxy {
	started, err := proxy.Start(to, o)
	if err != nil {
		w.bench.Fatal(err)
	}
	w.bench.Cleanup(started.Close)
	return started
}

// storeURL is the database by way of a proxy.
func (w *World) storeURL(p *proxy.Proxy) string {
	u, err := url.Parse(w.StoreURL)
	if err != nil {
		w.bench.Fatal(err)
	}
	u.Host = p.Address()
	return u.String()
}

// End ends everything.
func (w *World) End() { w.bench.End() }

// Try runs what talks to Redis or PostgreSQL by their test servers, whose
// failures are panics.
func (w *World) Try(f func() error) error { return bench.Attempt(f) }

// MayWrite says whether the store may be written, also by those who are
// connected. It is for Try.
func (w *World) MayWrite(may bool) {
	set := "ALTER SYSTEM SET default_transaction_read_only = on"
	if may {
		set = "ALTER SYSTEM RESET default_transaction_read_only"
	}
	w.Store.Do(w.bench, set, "SELECT pg_reload_conf()")
}

// Find gives an instance by its name, nil if there is none.
func (w *World) Find(name string) *Instance {
	for _, i := range w.Instances {
		if i.Name == name {
			return i
		}
	}
	return nil
}

// wait asks until it is so, or for a minute.
func wait(ctx context.Context, what string, so func() bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.Now().Add(time.Minute); !so(); {
		select {
		case <-tick.C:
			if time.Now().After(late) {
				return errors.New("waited a minute for " + what)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// dialFrom connects from one of the local addresses.
func dialFrom(ctx context.Context, from net.IP, to string) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second, KeepAlive: -1, LocalAddr: &net.TCPAddr{IP: from}}
	nc, err := d.DialContext(ctx, "tcp", to)
	if tcp, ok := nc.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(narrow)
	}
	return nc, err
}
