package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// place is on which of several servers somebody is. The owner and all HTTP are
// on the first.
func (s *show) place(n int) int {
	if s.c.Kill && n%100 > 0 {
		return s.c.Instances - 1
	}
	return n % s.c.Instances
}

// noticing is how long after the cut the servers may still take to notice it.
const noticing = 5 * time.Second

// noteAcross notes what has come from another server: by Redis, or, some time
// after that was cut, through the database.
func (s *show) noteAcross(byRedis, byStore string, due int64) {
	switch cut := s.cutAt.Load(); {
	case cut == 0:
		s.m.note(byRedis, time.Duration(now()-due))
	case due > cut+int64(noticing):
		s.m.note(byStore, time.Duration(now()-due))
	}
}

// cut cuts the way to Redis in the middle of the time inside.
func (s *show) cut(ctx context.Context) {
	if !s.c.Cut || pause(ctx, s.c.For/2) != nil {
		return
	}
	s.cutAt.Store(now())
	s.t.redis.cut()
}

// crash kills the last server and waits until everybody is back.
func (s *show) crash(ctx context.Context) error {
	if !s.c.Kill {
		return nil
	}
	last, lost := s.t.all[s.c.Instances-1], 0
	for _, g := range s.inside() {
		if s.place(g.n) == s.c.Instances-1 {
			lost++
		}
	}
	s.p.counting("coming back", s.back.Load, lost)
	last.killed.Store(true) // so that its statements do not count
	resting, err := s.t.resting(ctx)
	if err != nil {
		return err
	}
	stop := s.t.meter()
	before, err := s.t.statements(ctx)
	if err != nil {
		return err
	}
	s.crashedAt.Store(now())
	if err := signalGroup(last.process.Process, syscall.SIGKILL); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for s.back.Load() < int64(lost) && pause(ctx, 5*time.Millisecond) == nil {
	}
	r := &resumption{People: lost, Back: int(s.back.Load()), Anew: int(s.backAnew.Load()), Seconds: time.Duration(now() - s.crashedAt.Load()).Seconds(), Server: stop()}
	after, err := s.t.statements(context.WithoutCancel(ctx))
	r.Statements, r.Resting = after-before, int64(resting*r.Seconds)
	s.m.resumption = r
	return err
}

// resumption is what it took to come back after a server was killed.
type resumption struct {
	People     int     `json:"people"` // who were on it
	Back       int     `json:"back"`
	Anew       int     `json:"told_anew"` // of them, by a snapshot
	Seconds    float64 `json:"seconds"`   // until the last one was
	Statements int64   `json:"statements"`
	Resting    int64   `json:"statements_resting"` // of them, that are sent in such a time anyway
	Server     *usage  `json:"server,omitempty"`
}

// resting is how many statements a second the living servers send while nobody
// does anything.
func (t *target) resting(ctx context.Context) (perSecond float64, err error) {
	const look = 2 * time.Second
	before, err := t.statements(ctx)
	if err != nil {
		return 0, err
	}
	if err := pause(ctx, look); err != nil {
		return 0, err
	}
	after, err := t.statements(ctx)
	return float64(after-before) / look.Seconds(), err
}

// statements is how many the living servers have sent to the database.
func (t *target) statements(ctx context.Context) (n int64, err error) {
	for _, s := range t.all {
		if s.killed.Load() {
			continue
		}
		some, err := s.metric(ctx, "greenroom_store_statements_total")
		if err != nil {
			return 0, err
		}
		n += int64(some)
	}
	return n, nil
}

// metric reads one number of a server's.
func (s *server) metric(ctx context.Context, name string) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(s.admin, "/")+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("read the metrics: %w", err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("the server does not tell %s", name)
}
