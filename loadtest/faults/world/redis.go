package world

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/loadtest/faults/proxy"
)

// user is who an instance is for a Sentinel's or a Cluster's Redis, which tells
// the same address of a server to all: so a proxy knows whose a connection is.
func user(instance string) string { return "instance-" + instance }

func (w *World) names() (all []string) {
	for n := range w.Options.Instances {
		all = append(all, string(rune('a'+n)))
	}
	return all
}

// who finds the user in the first words of a connection, which sign in.
func (w *World) who(first []byte) string {
	for _, name := range w.names() {
		if bytes.Contains(first, []byte(user(name)+"\r\n")) {
			return name
		}
	}
	return ""
}

func (w *World) startRedis() {
	var users []string
	for _, name := range w.names() {
		users = append(users, "--user", user(name), "on", "nopass", "~*", "&*", "+@all")
	}
	switch w.Options.Redis {
	case Sentinel:
		guard, master, replica := redistest.StartSentinelBehind(w.bench, w.front, users...)
		w.Guard, w.Redis = guard, []*redistest.Server{master, replica}
		w.front(guard.Port)
	case Cluster:
		w.Redis = redistest.StartClusterBehind(w.bench, w.front, w.front, users...)
	default:
		w.Redis = []*redistest.Server{redistest.Start(w.bench)}
	}
}

// front stands before a port of Redis, and is what everybody is told of.
// Instances have sides of their own, everything else the one without a name.
func (w *World) front(port int) int {
	p := w.proxy(local(port), proxy.Options{Who: w.who})
	w.fronts[port] = p
	_, told, err := net.SplitHostPort(p.Address())
	if err != nil {
		w.bench.Fatal(err)
	}
	n, _ := strconv.Atoi(told)
	return n
}

func local(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// toRedis is the way from an instance to Redis, and what the instance is told.
// The way to a Redis that is alone is a proxy of the instance's own.
func (w *World) toRedis(instance string) (way proxy.Sides, url string) {
	as := user(instance)
	switch w.Options.Redis {
	case Sentinel:
		guard := w.fronts[w.Guard.Port]
		url = fmt.Sprintf("redis+sentinel://%s:any@%s/main?sentinel-user=%s&sentinel-password=any", as, guard.Address(), as)
		return append(w.sides(instance), guard.Side(instance)), url
	case Cluster:
		var hosts []string
		for _, r := range w.Redis {
			hosts = append(hosts, w.fronts[r.Port].Address())
		}
		return w.sides(instance), "redis+cluster://" + as + ":any@" + strings.Join(hosts, ",")
	}
	p := w.proxy(w.Redis[0].Host, proxy.Options{})
	return proxy.Sides{p.Side("")}, "redis://" + p.Address()
}

func (w *World) sides(instance string) (all proxy.Sides) {
	for _, r := range w.Redis {
		all = append(all, w.fronts[r.Port].Side(instance))
	}
	return all
}

// Apart is the way between a Redis and its like: from the replica and the
// Sentinel to a master, or from the other nodes to one of a Cluster.
func (w *World) Apart(r *redistest.Server) proxy.Side {
	if w.Options.Redis == Cluster {
		return w.fronts[r.Port+10000].Side("")
	}
	return w.fronts[r.Port].Side("")
}

// SettleRedis waits until all servers of Redis agree again, and puts the master
// first.
func (w *World) SettleRedis() {
	for late := time.Now().Add(redistest.Patience); !w.settled(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(late) {
			w.bench.Fatalf("Redis does not settle")
		}
	}
}

func (w *World) settled() bool {
	if w.Options.Redis == Sentinel {
		master := w.Guard.Do("SENTINEL", "get-master-addr-by-name", "main")
		if !strings.Contains(master, fmt.Sprint(w.Redis[0].Told)) {
			slices.Reverse(w.Redis)
		}
		said := w.Redis[1].Do("INFO", "replication")
		return strings.Contains(w.Redis[0].Do("INFO", "replication"), "role:master") &&
			strings.Contains(said, "role:slave") && strings.Contains(said, "master_link_status:up")
	}
	return !slices.ContainsFunc(w.Redis, func(r *redistest.Server) bool {
		return w.Options.Redis == Cluster && !strings.Contains(r.Do("CLUSTER", "INFO"), "cluster_state:ok")
	})
}
