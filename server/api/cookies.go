package api

import (
	"crypto/sha256"
	"encoding/base32"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Lives of PROTOCOL §1 and SECURITY.md §2.
const (
	sessionIdle = 12 * time.Hour
	sessionLife = 7 * day
	accountLife = 12 * time.Hour // for which an account is signed in (SECURITY.md T33)
	deviceLife  = 365 * day
)

// cookieNames are the two cookies. Over plain http the __Host- prefix is not
// allowed, and cookies ignore ports: the name has the port, so that servers on
// one machine do not overwrite each other's.
type cookieNames struct {
	session, device, flow string
	secure                bool
}

func cookieNamesFor(public *url.URL) cookieNames {
	if public.Scheme == "https" {
		return cookieNames{"__Host-greenroom", "__Host-greenroom-device", "__Host-greenroom-flow", true}
	}
	port := public.Port()
	if port == "" {
		port = "80"
	}
	return cookieNames{"greenroom-" + port, "greenroom-device-" + port, "greenroom-flow-" + port, false}
}

func (n cookieNames) set(w http.ResponseWriter, name, value string, life time.Duration) {
	n.put(w, name, value, life, http.SameSiteStrictMode)
}

// setFlow sets the cookie that comes back with somebody from an OpenID
// provider, which is another site.
func (n cookieNames) setFlow(w http.ResponseWriter, value string, life time.Duration) {
	n.put(w, n.flow, value, life, http.SameSiteLaxMode)
}

func (n cookieNames) put(w http.ResponseWriter, name, value string, life time.Duration, site http.SameSite) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()), Secure: n.secure, HttpOnly: true, SameSite: site}
	if life <= 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// A session cookie is <family>.<secret>: 128 and 256 random bits.
const (
	familyLength = 22
	secretLength = 43
)

func newSessionCookie(family string) string { return family + "." + random(32) }

// family is the part of a session cookie that a new id keeps; empty if it is
// not one of ours.
func familyOf(cookie string) string {
	family, secret, ok := strings.Cut(cookie, ".")
	if !ok || !base64url(family, familyLength) || !base64url(secret, secretLength) {
		return ""
	}
	return family
}

// handleOf names a session to its owner and to the instances. The cookie
// cannot be found from it.
func handleOf(family string) string {
	sum := sha256.Sum256([]byte("session handle " + family))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:26])
}

func base64url(text string, length int) bool {
	return len(text) == length && !strings.ContainsFunc(text, func(c rune) bool {
		return c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}

// cookieOf gives a request's cookie by name, empty if it is missing.
func cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
