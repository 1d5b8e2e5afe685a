package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// pingEvery is how long a word of the store is believed, for asking costs it a write; pingTime is
// how long it may take.
const (
	pingEvery = time.Second
	pingTime  = 2 * time.Second
)

// gate says whether people may be sent to this server, and keeps new sockets out while it drains.
type gate struct {
	ping  func(context.Context) error // set once
	log   *slog.Logger                // set once
	state atomic.Int32

	turn  chan struct{} // whoever could send may touch asked and said, so that many share one answer
	asked time.Time
	said  error
}

func newGate(ping func(context.Context) error, log *slog.Logger) *gate {
	return &gate{ping: ping, log: log, turn: make(chan struct{}, 1)}
}

const (
	gateStarting = iota
	gateOpen
	gateDraining
)

var (
	errStarting = errors.New("the server is starting")
	errDraining = errors.New("the server is draining")
	errStore    = errors.New("the store does not answer, or cannot be written") // nobody outside learns more
)

func (g *gate) open()  { g.state.Store(gateOpen) }
func (g *gate) drain() { g.state.Store(gateDraining) }

// ready is nil when people may come.
func (g *gate) ready(ctx context.Context) error {
	switch g.state.Load() {
	case gateStarting:
		return errStarting
	case gateDraining:
		return errDraining
	}
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if time.Since(g.asked) < pingEvery {
		return g.said
	}
	// The answer is for everybody: one impatient client must not spoil it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTime)
	defer cancel()
	g.note(g.ping(ctx))
	g.asked = time.Now()
	return g.said
}

// note keeps the answer, and logs why when it is another one than before.
func (g *gate) note(err error) {
	was := g.said
	if g.said = nil; err != nil {
		g.said = errStore
	}
	switch {
	case was == nil && err != nil:
		g.log.Error("not ready: people are to be sent to other servers", "error", err)
	case was != nil && err == nil:
		g.log.Warn("ready again")
	}
}

// guard refuses new sockets while draining; they would only have to leave again.
func (g *gate) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.state.Load() == gateDraining {
			w.Header().Set("Connection", "close")
			if r.URL.Path == "/ws" {
				w.Header().Set("Retry-After", "1")
				http.Error(w, errDraining.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
