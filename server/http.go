package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"time"
)

// serveHTTP answers on a listener until it is stopped. Slow and endless requests are cut off
// (SECURITY.md T23); an upgraded connection has left these limits.
func (r *server) serveHTTP(name string, on net.Listener, handler http.Handler, failed chan<- error) {
	if on == nil {
		return
	}
	s := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 75 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(quiet{r.log.Handler()}, slog.LevelDebug),
	}
	if on == r.people {
		s.ReadTimeout, s.WriteTimeout = 20*time.Second, 30*time.Second // profiles on the other listener take longer
	}
	go func() {
		if err := s.Serve(on); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	r.parts.started(name, func(ctx context.Context) error {
		if err := s.Shutdown(ctx); err != nil {
			return errors.Join(err, s.Close())
		}
		return nil
	})
}

// quiet takes clients' addresses out of net/http's own lines.
type quiet struct{ slog.Handler }

var address = regexp.MustCompile(`\[?[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*\]?:\d+`)

func (q quiet) Handle(ctx context.Context, line slog.Record) error {
	line.Message = address.ReplaceAllString(line.Message, "(address)")
	return q.Handler.Handle(ctx, line)
}
