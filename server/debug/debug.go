package debug

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"greenroom/hub"
)

// Config is what the keeper's side shows.
type Config struct {
	Rooms   func() []hub.RoomStatus
	Check   func(context.Context) []error // every replica against a fresh fold of its log
	Ready   func(context.Context) error   // nil: people may be sent here
	Metrics prometheus.Gatherer
	Log     *slog.Logger
	Now     func() time.Time // nil: time.Now

	Latest   func() []Fact           // more of them, as they are now; nil: none
	Facts    []Fact                  // what the server is, for the head of the page
	Pages    map[string]http.Handler // more pages, by path ("/mail"); their subtrees too
	Loopback bool                    // the listener is on a loopback address
}

// Fact is one line about the server.
type Fact struct{ Name, Value string }

// Handler has all routes of the admin listener.
func Handler(c Config) http.Handler {
	if c.Now == nil {
		c.Now = time.Now
	}
	p := &page{Config: c, started: c.Now()}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler("/debug/", http.StatusFound))
	mux.HandleFunc("GET /debug/{$}", p.index)
	mux.HandleFunc("GET /debug/check", p.check)
	mux.HandleFunc("POST /debug/gc", collect)
	mux.HandleFunc("GET /style.css", style)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", p.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.Metrics, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelError)}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/cmdline", http.NotFound) // flags may hold passwords
	for path, handler := range c.Pages {
		mux.Handle(path, handler)
		mux.Handle(path+"/", handler)
	}
	guarded := http.NewCrossOriginProtection().Handler(mux)
	if c.Loopback {
		guarded = loopbackOnly(guarded)
	}
	return headers(guarded)
}

// headers are sent with every answer. pprof's own pages lose their inline style by it, no more.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// loopbackOnly refuses requests that came by a name that is not this machine's own.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			plain(w, http.StatusMisdirectedRequest, "This listener answers to 127.0.0.1 and localhost only.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func (p *page) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := p.Ready(ctx); err != nil {
		plain(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
		return
	}
	plain(w, http.StatusOK, "ready")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}

// collect runs the garbage collector and gives what is free back to the machine, so that a load
// test can measure what is really in use.
func collect(w http.ResponseWriter, _ *http.Request) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"heap_bytes": m.HeapAlloc, "stack_bytes": m.StackInuse, "rss_bytes": resident(), "goroutines": runtime.NumGoroutine(),
	})
}

// resident is the memory that the program has in RAM, or 0 where /proc does not tell.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
