package socket

import (
	"encoding/base64"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// Subprotocol is the one this server speaks (PROTOCOL.md §2).
const Subprotocol = "greenroom.v1"

// Policy says which requests may become a connection.
type Policy struct {
	// Origins is the allow-list: scheme, host and, where it is not the scheme's default, port,
	// exactly as browsers serialise it (RFC 6454 §6.2: lower case, A-labels, no slash at the
	// end). There are no patterns.
	Origins []string

	// Cookie says that the request is authenticated by a cookie, which browsers add to requests
	// of foreign pages, too: then an Origin is required. A request with a bearer credential may
	// come without; one that it has must match all the same.
	Cookie bool
}

// Refusal is the reason why a request is not upgraded, with the HTTP status that suits it.
// CheckUpgrade returns only the values below, so they can be compared.
type Refusal struct {
	Status int
	Reason string
}

func (r *Refusal) Error() string { return "socket: " + r.Reason }

// What CheckUpgrade refuses.
var (
	ErrMethod      = &Refusal{http.StatusMethodNotAllowed, "a WebSocket handshake is a GET"}
	ErrNotUpgrade  = &Refusal{http.StatusUpgradeRequired, "not a WebSocket handshake over HTTP/1.1"}
	ErrBody        = &Refusal{http.StatusBadRequest, "a WebSocket handshake has no body"}
	ErrVersion     = &Refusal{http.StatusUpgradeRequired, "only WebSocket version 13 is spoken here"}
	ErrKey         = &Refusal{http.StatusBadRequest, "Sec-WebSocket-Key is missing or malformed"}
	ErrOrigin      = &Refusal{http.StatusForbidden, "this origin may not connect"}
	ErrCrossSite   = &Refusal{http.StatusForbidden, "only pages of this site may connect"}
	ErrSubprotocol = &Refusal{http.StatusBadRequest, "the subprotocol " + Subprotocol + " is required"}
)

// CheckUpgrade judges a handshake before anything is written or upgraded (RFC 6455 §4.2.1).
// net/http's CrossOriginProtection lets every GET pass and the library accepts a missing Origin
// and a missing subprotocol, so all of it is asked here. The error is a *Refusal or nil.
func CheckUpgrade(r *http.Request, p Policy) error {
	if err := checkHandshake(r); err != nil {
		return err
	}
	if err := checkOrigin(r.Header, p); err != nil {
		return err
	}
	if !hasToken(r.Header, "Sec-Websocket-Protocol", Subprotocol, sameBytes) {
		return ErrSubprotocol
	}
	return nil
}

func checkHandshake(r *http.Request) error {
	switch {
	case r.Method != http.MethodGet:
		return ErrMethod
	case r.ProtoMajor != 1 || r.ProtoMinor < 1,
		!hasToken(r.Header, "Connection", "upgrade", strings.EqualFold),
		!hasToken(r.Header, "Upgrade", "websocket", strings.EqualFold):
		return ErrNotUpgrade
	case r.ContentLength != 0 || len(r.TransferEncoding) != 0:
		return ErrBody // its bytes would be read as frames
	case !slices.Equal(r.Header["Sec-Websocket-Version"], []string{"13"}):
		return ErrVersion
	case !goodKey(r.Header["Sec-Websocket-Key"]):
		return ErrKey
	}
	return nil
}

// checkOrigin compares bytes and parses nothing: what a browser sends is already in its
// canonical form, and what differs from it by a slash, a case or a port is not our page.
func checkOrigin(h http.Header, p Policy) error {
	if site, ok := h["Sec-Fetch-Site"]; ok && !slices.Equal(site, []string{"same-origin"}) {
		return ErrCrossSite
	}
	origin, ok := h["Origin"]
	if !ok && !p.Cookie {
		return nil
	}
	// "null" is what sandboxed frames and local files send: never ours, whatever the list says.
	if len(origin) != 1 || origin[0] == "" || origin[0] == "null" || !slices.Contains(p.Origins, origin[0]) {
		return ErrOrigin
	}
	return nil
}

func goodKey(keys []string) bool {
	if len(keys) != 1 {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(textproto.TrimString(keys[0]))
	return err == nil && len(key) == 16
}

// hasToken says whether the comma-separated header (RFC 9110 §5.6.1) holds token. The key is
// canonical already.
func hasToken(h http.Header, key, token string, same func(a, b string) bool) bool {
	for _, line := range h[key] {
		for part := range strings.SplitSeq(line, ",") {
			if same(textproto.TrimString(part), token) {
				return true
			}
		}
	}
	return false
}

func sameBytes(a, b string) bool { return a == b }
