package debug

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"time"

	"greenroom/hub"
)

// checkTime bounds one consistency check, which folds every live room's log anew.
const checkTime = 30 * time.Second

type page struct {
	Config
	started time.Time
}

var (
	//go:embed index.html
	indexText string
	//go:embed style.css
	styleText []byte

	indexPage = template.Must(template.New("index").Funcs(template.FuncMap{"size": size}).Parse(indexText))
)

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Write(styleText)
}

// view is what the page shows.
type view struct {
	Facts      []Fact
	Pages      []string
	Up         time.Duration
	NotReady   error
	Goroutines int
	Resident   int64
	Rooms      []hub.RoomStatus
	Sessions   int
	Queued     int
	Every      int // seconds until it reloads itself; 0: it does not

	Checked  bool
	Took     time.Duration
	Findings []error
}

func (p *page) index(w http.ResponseWriter, r *http.Request) {
	v := p.view(r.Context())
	if n, err := strconv.Atoi(r.FormValue("every")); err == nil && n >= 1 && n <= 60 {
		v.Every = n
		w.Header().Set("Refresh", strconv.Itoa(n))
	}
	show(w, v)
}

// check folds every live room anew and compares. It changes nothing.
func (p *page) check(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTime)
	defer cancel()
	began := p.Now()
	findings := p.Check(ctx)
	v := p.view(r.Context())
	v.Checked, v.Findings, v.Took = true, findings, p.Now().Sub(began).Round(time.Millisecond)
	show(w, v)
}

func (p *page) view(ctx context.Context) view {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	v := view{
		Facts: p.Facts, Up: p.Now().Sub(p.started).Round(time.Second), NotReady: p.Ready(ctx),
		Goroutines: runtime.NumGoroutine(), Resident: resident(), Rooms: p.Rooms(),
	}
	for _, room := range v.Rooms {
		v.Sessions += room.Sessions
		v.Queued += room.Queued
	}
	if p.Latest != nil {
		v.Facts = append(slices.Clip(v.Facts), p.Latest()...)
	}
	for path := range p.Pages {
		v.Pages = append(v.Pages, path)
	}
	return v
}

func show(w http.ResponseWriter, v view) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := indexPage.Execute(w, v); err != nil {
		panic(http.ErrAbortHandler) // the reader left
	}
}

// size is a number of bytes for people.
func size(n int64) string {
	if n <= 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
