package debug

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"greenroom/hub"
	"greenroom/hub/room"
)

// side is a keeper's side whose answers a test can change.
type side struct {
	rooms    []hub.RoomStatus
	findings []error
	notReady error
	http.Handler
}

func newSide() *side {
	s := &side{}
	registry := prometheus.NewRegistry()
	registry.MustRegister(prometheus.NewCounter(prometheus.CounterOpts{Name: "greenroom_test_total", Help: "A test."}))
	s.Handler = Handler(Config{
		Rooms: func() []hub.RoomStatus { return s.rooms }, Check: func(context.Context) []error { return s.findings },
		Ready: func(context.Context) error { return s.notReady }, Metrics: registry, Log: slog.New(slog.DiscardHandler),
		Facts: []Fact{{"Release", "<1>"}}, Latest: func() []Fact { return []Fact{{"Redis", "2 of 2"}} },
		Pages:    map[string]http.Handler{"/mail": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "mail "+r.URL.Path) })},
		Loopback: true,
	})
	return s
}

func (s *side) do(method, path string, edit ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "127.0.0.1:8081"
	for _, change := range edit {
		change(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPage(t *testing.T) {
	s := newSide()
	if body := s.do("GET", "/debug/").Body.String(); !strings.Contains(body, "No room is live here") || !strings.Contains(body, "&lt;1&gt;") || !strings.Contains(body, "2 of 2") {
		t.Errorf("empty page: %s", body)
	}
	s.rooms = []hub.RoomStatus{{ID: "r1", Title: "<script>x</script>", Status: room.StatusOpen, Head: 42, Behind: 44, Sessions: 7, Count: room.Count{Inside: 5, Waiting: 2}, Queued: 3, Degraded: true}}
	s.notReady = errors.New("the server is draining")
	w := s.do("GET", "/debug/?every=2")
	body := w.Body.String()
	for _, want := range []string{"&lt;script&gt;", ">42<", ">44<", ">7<", ">5<", ", degraded<", "the server is draining", "Stop reloading", `href="/mail"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q: %s", want, body)
		}
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "style=") {
		t.Error("the page has script or style of its own")
	}
	if w.Header().Get("Refresh") != "2" {
		t.Errorf("Refresh is %q", w.Header().Get("Refresh"))
	}
	for _, every := range []string{"0", "-1", "61", "x"} {
		if got := s.do("GET", "/debug/?every="+every).Header().Get("Refresh"); got != "" {
			t.Errorf("every=%s reloads: %q", every, got)
		}
	}
}

func TestCheck(t *testing.T) {
	s := newSide()
	if body := s.do("GET", "/debug/check").Body.String(); !strings.Contains(body, "Every replica equals its log") {
		t.Errorf("a clean check: %s", body)
	}
	s.findings = []error{errors.New("room r1: head 4, log 5")}
	if body := s.do("GET", "/debug/check").Body.String(); !strings.Contains(body, "found 1 difference") || !strings.Contains(body, "head 4, log 5") {
		t.Errorf("a finding: %s", body)
	}
}

func TestHealth(t *testing.T) {
	s := newSide()
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n", "/mail": "mail /mail", "/mail/3": "mail /mail/3"} {
		if w := s.do("GET", path); w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
	s.notReady = errors.New("draining")
	if w := s.do("GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "draining") {
		t.Errorf("/readyz while draining: %d %q", w.Code, w.Body)
	}
	if w := s.do("GET", "/healthz"); w.Code != 200 {
		t.Errorf("/healthz while draining: %d", w.Code)
	}
	if w := s.do("GET", "/metrics"); !strings.Contains(w.Body.String(), "greenroom_test_total 0") {
		t.Errorf("/metrics: %d %s", w.Code, w.Body)
	}
	if w := s.do("GET", "/"); w.Code != 302 || w.Header().Get("Location") != "/debug/" {
		t.Errorf("/: %d %v", w.Code, w.Header())
	}
	for path, want := range map[string]int{"/debug/pprof/": 200, "/debug/pprof/heap": 200, "/debug/pprof/cmdline": 404, "/debug/nothing": 404, "/style.css": 200} {
		if w := s.do("GET", path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestCollect(t *testing.T) {
	w := newSide().do("POST", "/debug/gc")
	var got map[string]float64
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got["heap_bytes"] == 0 || got["goroutines"] == 0 {
		t.Errorf("%d %s: %v", w.Code, w.Body, err)
	}
	if w := newSide().do("GET", "/debug/gc"); w.Code != 405 {
		t.Errorf("GET /debug/gc: %d", w.Code)
	}
}

// A web page elsewhere reaches neither the profiles nor the garbage collector.
func TestForeignPages(t *testing.T) {
	s := newSide()
	for host, want := range map[string]int{
		"127.0.0.1:8081": 200, "localhost:8081": 200, "[::1]:8081": 200, "LOCALHOST": 200, "127.0.0.9": 200,
		"evil.example:8081": 421, "127.0.0.1.evil.example": 421, "": 421, "10.0.0.1:8081": 421,
	} {
		if w := s.do("GET", "/debug/", func(r *http.Request) { r.Host = host }); w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
	}
	w := s.do("POST", "/debug/gc", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if w.Code != 403 {
		t.Errorf("cross-site POST: %d", w.Code)
	}
}

func TestHeaders(t *testing.T) {
	s := newSide()
	for _, path := range []string{"/debug/", "/debug/check", "/metrics", "/style.css", "/healthz", "/nothing", "/mail"} {
		h := s.do("GET", path).Header()
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") {
			t.Errorf("%s: %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}
