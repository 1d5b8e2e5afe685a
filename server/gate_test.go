package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, answer := 0, error(nil)
		var logged bytes.Buffer
		g := newGate(func(ctx context.Context) error {
			asked++
			time.Sleep(100 * time.Millisecond)
			return errors.Join(ctx.Err(), answer)
		}, slog.New(slog.NewTextHandler(&logged, nil)))
		if err := g.ready(t.Context()); !errors.Is(err, errStarting) {
			t.Errorf("before it is open: %v", err)
		}
		g.open()
		impatient, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		go g.ready(impatient) // begins, and hangs up while the store is asked
		synctest.Wait()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := g.ready(t.Context()); err != nil {
					t.Errorf("open: %v", err)
				}
			})
		}
		all.Wait()
		if asked != 1 {
			t.Errorf("the store was asked %d times", asked)
		}
		answer = errors.New("disk on fire at /var/secret")
		if err := g.ready(t.Context()); err != nil {
			t.Errorf("within a second: %v", err)
		}
		time.Sleep(pingEvery)
		if err := g.ready(t.Context()); err != errStore {
			t.Errorf("without a store: %v", err)
		}
		answer = nil
		time.Sleep(pingEvery)
		if err := g.ready(t.Context()); err != nil {
			t.Errorf("with the store back: %v", err)
		}
		if text := logged.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "disk on fire") || !strings.Contains(text, "ready again") {
			t.Errorf("logged: %s", text)
		}
		g.drain()
		if err := g.ready(t.Context()); !errors.Is(err, errDraining) {
			t.Errorf("draining: %v", err)
		}
	})
}

func TestGateGuardsSockets(t *testing.T) {
	g := newGate(nil, slog.New(slog.DiscardHandler))
	through := g.guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	status := func(path string) int {
		w := httptest.NewRecorder()
		through.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code
	}
	g.open()
	if got := status("/ws"); got != 204 {
		t.Errorf("open: %d", got)
	}
	g.drain()
	for path, want := range map[string]int{"/ws": 503, "/api/v1/session": 204, "/": 204} {
		if got := status(path); got != want {
			t.Errorf("draining, %s: %d, want %d", path, got, want)
		}
	}
}
