package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// pingEvery is how long a good word of the store is believed: asking costs it a write.
const pingEvery = time.Second

// gate says whether people may be sent to this server, and keeps new sockets out while it drains.
type gate struct {
	ping  func(context.Context) error // set once, before open
	state atomic.Int32

	mu    sync.Mutex // guards asked and said; held while the store is asked, so that many share one answer
	asked time.Time
	said  error
}

const (
	gateStarting = iota
	gateOpen
	gateDraining
)

var (
	errStarting = errors.New("the server is starting")
	errDraining = errors.New("the server is draining")
	errStore    = errors.New("the store does not answer") // nobody outside learns more
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
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.asked) < pingEvery {
		return g.said
	}
	g.said = nil
	if err := g.ping(ctx); err != nil {
		g.said = errStore
	}
	g.asked = time.Now()
	return g.said
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
