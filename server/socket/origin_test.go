package socket

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func upgrade() *http.Request {
	r := httptest.NewRequest("GET", "/ws", nil)
	for k, v := range map[string]string{
		"Connection":             "keep-alive, Upgrade",
		"Upgrade":                "websocket",
		"Sec-WebSocket-Version":  "13",
		"Sec-WebSocket-Key":      "dGhlIHNhbXBsZSBub25jZQ==",
		"Sec-WebSocket-Protocol": "greenroom.v1",
		"Origin":                 "https://room.example",
	} {
		r.Header.Set(k, v)
	}
	return r
}

var ours = []string{"https://room.example", "https://room.example:8443", "http://127.0.0.1:8080", "https://xn--bcher-kva.example", "http://[::1]:8080"}

// TestOrigins: nothing but the listed strings, whoever asks; without an Origin only a bearer.
func TestOrigins(t *testing.T) {
	for _, origin := range ours {
		for _, cookie := range []bool{true, false} {
			r := upgrade()
			r.Header.Set("Origin", origin)
			if err := CheckUpgrade(r, Policy{Origins: ours, Cookie: cookie}); err != nil {
				t.Errorf("%q (cookie %v): %v", origin, cookie, err)
			}
		}
	}
	for _, origin := range []string{
		"null", "NULL", "", " ", "*", "https://", "//room.example", "room.example",
		"http://room.example", "https://room.example:443", "https://room.example:8080", "https://room.example:", "wss://room.example",
		"https://a.room.example", "https://evilroom.example", "https://room.example.evil.com", "https://evil.com",
		"https://room.exampl", "https://room.example.", "https://room.examplee", "https://example",
		"HTTPS://ROOM.EXAMPLE", "https://Room.example", "https://room.example/", "https://room.example/r/1", "https://room.example?x", "https://room.example#x",
		"https://user@room.example", "https://room.example@evil.com", "https://room.example:8443@evil.com", "https://evil.com#room.example", `https://evil.com\@room.example`,
		"https://bücher.example", "https://xn--BCHER-kva.example", "https://rооm.example", "https://room。example", "https://room%2eexample",
		"http://127.0.0.1", "http://127.1:8080", "http://localhost:8080", "http://[::1]", "http://[0:0:0:0:0:0:0:1]:8080",
		"file://", "chrome-extension://room.example", "https://room.example https://evil.com", "https://room.example,https://evil.com", "https://room.example\t", "data:",
	} {
		for _, cookie := range []bool{true, false} {
			r := upgrade()
			r.Header["Origin"] = []string{origin}
			// Even a list that was configured badly does not let these two in.
			list := append(slices.Clone(ours), "null", "")
			if err := CheckUpgrade(r, Policy{Origins: list, Cookie: cookie}); !errors.Is(err, ErrOrigin) {
				t.Errorf("%q (cookie %v): %v, want ErrOrigin", origin, cookie, err)
			}
		}
	}
}

func TestOriginAbsentOrTwice(t *testing.T) {
	r := upgrade()
	r.Header.Del("Origin")
	if err := CheckUpgrade(r, Policy{Origins: ours, Cookie: true}); err != ErrOrigin {
		t.Errorf("cookie without Origin: %v", err)
	}
	if err := CheckUpgrade(r, Policy{Origins: ours}); err != nil {
		t.Errorf("bearer without Origin: %v", err)
	}
	r.Header["Origin"] = []string{ours[0], ours[0]}
	if err := CheckUpgrade(r, Policy{Origins: ours}); err != ErrOrigin {
		t.Errorf("two Origins: %v", err)
	}
}

func TestCheckUpgrade(t *testing.T) {
	set := func(k string, v ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(k)] = v }
	}
	del := func(k string) func(*http.Request) { return func(r *http.Request) { r.Header.Del(k) } }
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   error
	}{
		"good":                     {func(*http.Request) {}, nil},
		"same-origin":              {set("Sec-Fetch-Site", "same-origin"), nil},
		"cross-site":               {set("Sec-Fetch-Site", "cross-site"), ErrCrossSite},
		"same-site":                {set("Sec-Fetch-Site", "same-site"), ErrCrossSite},
		"none":                     {set("Sec-Fetch-Site", "none"), ErrCrossSite},
		"empty site":               {set("Sec-Fetch-Site", ""), ErrCrossSite},
		"two sites":                {set("Sec-Fetch-Site", "same-origin", "cross-site"), ErrCrossSite},
		"several subprotocols":     {set("Sec-WebSocket-Protocol", "other, greenroom.v1"), nil},
		"several lines":            {set("Sec-WebSocket-Protocol", "other", "greenroom.v1"), nil},
		"no subprotocol":           {del("Sec-WebSocket-Protocol"), ErrSubprotocol},
		"another subprotocol":      {set("Sec-WebSocket-Protocol", "greenroom.v2"), ErrSubprotocol},
		"subprotocol with case":    {set("Sec-WebSocket-Protocol", "Greenroom.v1"), ErrSubprotocol},
		"subprotocol with a tail":  {set("Sec-WebSocket-Protocol", "greenroom.v1x"), ErrSubprotocol},
		"POST":                     {func(r *http.Request) { r.Method = "POST" }, ErrMethod},
		"HEAD":                     {func(r *http.Request) { r.Method = "HEAD" }, ErrMethod},
		"CONNECT over HTTP/2":      {func(r *http.Request) { r.Method, r.ProtoMajor = "CONNECT", 2 }, ErrMethod},
		"HTTP/2":                   {func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 2, 0 }, ErrNotUpgrade},
		"HTTP/1.0":                 {func(r *http.Request) { r.ProtoMinor = 0 }, ErrNotUpgrade},
		"no Upgrade":               {del("Upgrade"), ErrNotUpgrade},
		"no Connection":            {set("Connection", "keep-alive"), ErrNotUpgrade},
		"body":                     {func(r *http.Request) { r.ContentLength = 3 }, ErrBody},
		"chunked body":             {func(r *http.Request) { r.ContentLength, r.TransferEncoding = -1, []string{"chunked"} }, ErrBody},
		"version 8":                {set("Sec-WebSocket-Version", "8"), ErrVersion},
		"two versions":             {set("Sec-WebSocket-Version", "13", "13"), ErrVersion},
		"no key":                   {del("Sec-WebSocket-Key"), ErrKey},
		"short key":                {set("Sec-WebSocket-Key", "c2hvcnQ="), ErrKey},
		"two keys":                 {set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="), ErrKey},
		"cross-site and forbidden": {func(r *http.Request) { set("Sec-Fetch-Site", "cross-site")(r); set("Origin", "null")(r) }, ErrCrossSite},
	} {
		r := upgrade()
		c.change(r)
		for _, cookie := range []bool{true, false} {
			if err := CheckUpgrade(r, Policy{Origins: ours, Cookie: cookie}); !same(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
	}
}

func same(a, b error) bool { return a == b || a != nil && b != nil && errors.Is(a, b) }

// TestAcceptNeedsSubprotocol: the library would negotiate nothing and go on.
func TestAcceptNeedsSubprotocol(t *testing.T) {
	r := upgrade()
	r.Header.Del("Sec-WebSocket-Protocol")
	w := httptest.NewRecorder()
	if _, err := Accept(w, r, Options{}); !errors.Is(err, ErrSubprotocol) || w.Code != http.StatusBadRequest {
		t.Fatalf("%v, status %d", err, w.Code)
	}
}
