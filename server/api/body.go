package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/unicode/norm"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

const maxBody = 64 << 10

// readBody decodes a request's JSON object strictly. An empty body is refused
// unless it may be left out. A content type that a form can send is refused
// even so: it would not be asked for leave across origins.
func readBody(w http.ResponseWriter, r *http.Request, into any, optional bool) error {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return brokenOff(err)
	}
	given := r.Header.Get("Content-Type")
	if len(text) == 0 && optional && given == "" {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
		return errNotJSON
	}
	if len(text) == 0 && optional {
		return nil
	}
	return wire.Unmarshal(text, into)
}

// brokenOff says that a body was too long, or ended or stalled on the way: the
// client's doing, which names its address and is not ours to log.
func brokenOff(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return errTooLong
	}
	return errBrokenOff
}

// normal is the form in which names and texts go behind the border: NFC.
// hub/room cleans them further and may not import x/text.
func normal(text string) string { return norm.NFC.String(text) }

func normalPointer(text *string) *string {
	if text == nil {
		return nil
	}
	n := normal(*text)
	return &n
}

// instant is a time in a request: RFC 3339 with zone, null, or left out.
type instant struct {
	given bool
	null  bool
	at    room.Millis
	wrong bool
}

// UnmarshalJSON never fails: check tells what is wrong by the field's name.
func (t *instant) UnmarshalJSON(text []byte) error {
	t.given = true
	if string(text) == "null" {
		t.null = true
		return nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		t.wrong = true
		return nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.UnixMilli() <= 0 {
		t.wrong = true
		return nil
	}
	t.at = room.Millis(at.UnixMilli())
	return nil
}

// check refuses what is no time.
func (t instant) check(field string) error {
	if t.wrong {
		return invalid(field, "is not a time with date and zone, as in 2026-11-23T18:00:00Z")
	}
	return nil
}

// pointer is the value for a command whose nil means unchanged; null is 0.
func (t instant) pointer() *room.Millis {
	if !t.given {
		return nil
	}
	return &t.at
}

// moment writes a time for HTTP; 0 is the empty text.
func moment(at room.Millis) string {
	if at == 0 {
		return ""
	}
	return time.UnixMilli(int64(at)).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

// answer writes a JSON document.
func answer(w http.ResponseWriter, code int, body any) error {
	text := wire.Encode(body)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(text)
	return nil
}

// done answers without a body.
func done(w http.ResponseWriter) error {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}
