package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// front answers HTTP on one listener.
type front struct {
	http.Server
	on    net.Listener
	ended chan struct{} // closed when nothing is accepted any more

	// guarded by mu
	mu    sync.Mutex
	fresh map[net.Conn]struct{} // whose first request has not come
}

// freshTime is how long a first request is waited for when the server stops. Browsers open
// connections in advance, too.
const freshTime = time.Second

// serveHTTP answers on a listener until it is stopped. Slow and endless requests are cut off
// (SECURITY.md T23); an upgraded connection has left these limits.
func (r *server) serveHTTP(name string, on net.Listener, handler http.Handler, failed chan<- error) {
	if on == nil {
		return
	}
	f := &front{on: on, ended: make(chan struct{}), fresh: map[net.Conn]struct{}{}}
	f.Handler, f.ReadHeaderTimeout, f.IdleTimeout, f.MaxHeaderBytes = handler, 5*time.Second, 75*time.Second, 16<<10
	f.ErrorLog, f.ConnState = slog.NewLogLogger(quiet{r.log.Handler()}, slog.LevelDebug), f.note
	if on == r.people {
		f.ReadTimeout, f.WriteTimeout = 20*time.Second, 30*time.Second // profiles on the other listener take longer
	}
	go func() {
		defer close(f.ended)
		if err := f.Serve(on); !errors.Is(err, net.ErrClosed) {
			failed <- err
		}
	}()
	r.parts.started(name, f.stop)
}

// stop lets everybody who was accepted be answered. net/http alone hangs up on a request that it
// has not read yet when it is told to shut down, although the next server could have had it.
func (f *front) stop(ctx context.Context) error {
	_ = f.on.Close()
	<-f.ended
	f.SetKeepAlivesEnabled(false)
	f.awaitFresh(ctx)
	if err := f.Shutdown(ctx); err != nil {
		return errors.Join(err, f.Close())
	}
	return nil
}

// awaitFresh waits for first requests, and ends the connections on which none comes.
func (f *front) awaitFresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, freshTime)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for wait := true; wait; wait = f.waiting() > 0 && ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.fresh {
		_ = c.Close()
	}
}

func (f *front) waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.fresh)
}

func (f *front) note(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if state == http.StateNew {
		f.fresh[c] = struct{}{}
		return
	}
	delete(f.fresh, c)
}

// quiet takes clients' addresses out of net/http's own lines.
type quiet struct{ slog.Handler }

var address = regexp.MustCompile(`\[?[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*\]?:\d+`)

func (q quiet) Handle(ctx context.Context, line slog.Record) error {
	line.Message = address.ReplaceAllString(line.Message, "(address)")
	return q.Handler.Handle(ctx, line)
}
