package api

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"greenroom/hub/room"
)

// contentPolicy is the Content-Security-Policy of every answer (SECURITY.md
// T17). The socket's address is named because not every browser counts it to
// 'self'.
//
// The only page that is framed is our own of a stage (stageframe.go).
func contentPolicy(public *url.URL) string {
	socket := "wss://" + public.Host
	if public.Scheme == "http" {
		socket = "ws://" + public.Host
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
		"connect-src 'self' " + socket, "frame-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
	}, "; ")
}

func (a *API) secure(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy(a.public))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	if a.cookies.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// guard is around every route: headers, no writing from foreign sites
// (SECURITY.md T2), and an answer even where a handler panics.
func (a *API) guard(next http.Handler) http.Handler {
	csrf := http.NewCrossOriginProtection()
	for _, o := range a.origins {
		if err := csrf.AddTrustedOrigin(o); err != nil {
			a.log.Error("an origin of the configuration is not one", "origin", o, "error", err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.secure(w.Header())
		defer a.recover(w, r)
		if err := csrf.Check(r); err != nil {
			a.fail(w, r, errForeign)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// recover tells a panic as what it is to the person: it does not work now.
func (a *API) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	no := problemOf(refuse(room.CodeUnavailable, "This does not work right now. Please try again."), http.StatusServiceUnavailable)
	no.Instance = "urn:greenroom:error:" + a.logPanic(p, r.Pattern)
	writeProblem(w, no)
}

// logPanic logs a fault of ours and gives the id under which it is found.
func (a *API) logPanic(p any, route string) string {
	id := rand.Text()[:12]
	a.log.Error("panic", "id", id, "route", route, "panic", p, "stack", string(debug.Stack()))
	return id
}
