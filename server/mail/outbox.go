package mail

import (
	"cmp"
	"context"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// kept is how many messages an Outbox shows; older ones are forgotten.
const kept = 500

// Kept is one message of an Outbox.
type Kept struct {
	Number int // 1 is the first ever
	At     time.Time
	Message
}

// Outbox keeps mails instead of sending them, for --dev. It lives in memory: the mails hold secret
// links. All methods may be called from many goroutines.
type Outbox struct {
	Now func() time.Time // nil: time.Now

	mu       sync.Mutex
	last     int
	messages []Kept
}

// Connect implements post.Carrier.
func (o *Outbox) Connect(context.Context) (Connection, error) { return o, nil }

// Send implements Connection: it keeps the message.
func (o *Outbox) Send(_ context.Context, m Message) error {
	o.Put(m)
	return nil
}

// Close implements Connection.
func (o *Outbox) Close() {}

// Put keeps a message.
func (o *Outbox) Put(m Message) {
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last++
	o.messages = append(o.messages, Kept{o.last, now().UTC(), m})
	if extra := len(o.messages) - kept; extra > 0 {
		o.messages = slices.Delete(o.messages, 0, extra)
	}
}

// Messages gives the kept messages, newest first.
func (o *Outbox) Messages() []Kept {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := slices.Clone(o.messages)
	slices.Reverse(all)
	return all
}

func (o *Outbox) message(number string) (Kept, bool) {
	n, _ := strconv.Atoi(number)
	o.mu.Lock()
	defer o.mu.Unlock()
	at, found := slices.BinarySearchFunc(o.messages, n, func(k Kept, n int) int { return cmp.Compare(k.Number, n) })
	if !found {
		return Kept{}, false
	}
	return o.messages[at], true
}

//go:embed outbox.html message.html
var pages embed.FS

var outboxPage = template.Must(template.ParseFS(pages, "outbox.html", "message.html"))

// Page shows the messages below /mail on the admin listener, whose style sheet is /style.css. The
// pages hold no script; a message's own HTML is shown in a frame that may do nothing.
func (o *Outbox) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail", func(w http.ResponseWriter, r *http.Request) {
		o.show(w, "outbox.html", o.Messages())
	})
	mux.HandleFunc("GET /mail/{number}", o.one(func(w http.ResponseWriter, k Kept) { o.show(w, "message.html", k) }))
	mux.HandleFunc("GET /mail/{number}/html", o.one(func(w http.ResponseWriter, k Kept) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'")
		w.Header().Del("Cross-Origin-Opener-Policy") // browsers show no sandboxed page that has one
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(k.Shown()))
	}))
	mux.HandleFunc("GET /mail/{number}/invitation.ics", o.one(func(w http.ResponseWriter, k Kept) {
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method="+cmp.Or(k.Method, "PUBLISH"))
		w.Header().Set("Content-Disposition", `attachment; filename="invitation.ics"`)
		w.Write(k.Calendar)
	}))
	return mux
}

func (o *Outbox) one(show func(http.ResponseWriter, Kept)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k, ok := o.message(r.PathValue("number"))
		if !ok {
			http.Error(w, "This mail is not here any more.", http.StatusNotFound)
			return
		}
		show(w, k)
	}
}

func (o *Outbox) show(w http.ResponseWriter, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := outboxPage.ExecuteTemplate(w, page, data); err != nil {
		panic(http.ErrAbortHandler) // the reader left
	}
}
