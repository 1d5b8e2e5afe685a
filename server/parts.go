package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
)

// parts are what has been started, in order. Stopping goes backwards.
type parts struct {
	log   *slog.Logger
	stops []part
}

type part struct {
	name string
	stop func(context.Context) error
}

// started notes how to stop what has just been started.
func (p *parts) started(name string, stop func(context.Context) error) {
	p.stops = append(p.stops, part{name, stop})
}

// runs starts a goroutine that works until its context is done, and notes it.
func (p *parts) runs(name string, work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx)
	}()
	p.started(name, func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// stop stops everything, whatever fails on the way. When ctx ends, nothing is waited for any more.
func (p *parts) stop(ctx context.Context) error {
	var failures []error
	for _, part := range slices.Backward(p.stops) {
		if err := part.stop(ctx); err != nil {
			p.log.Warn("not stopped well", "part", part.name, "error", err)
			failures = append(failures, fmt.Errorf("stopping the %s: %w", part.name, err))
			continue
		}
		p.log.Info("stopped", "part", part.name)
	}
	p.stops = nil
	return errors.Join(failures...)
}
