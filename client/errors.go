package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// ErrUnknownOutcome says that a writing command was sent, its answer was lost,
// and the connection was away for so long that the server may have forgotten
// the key: it cannot be asked again without the risk of doing it twice.
var ErrUnknownOutcome = errors.New("client: nobody can tell whether the command was done")

// ErrLeft is what commands answer after [Room.Close].
var ErrLeft = errors.New("client: the room was left")

// Error is a refusal by the server, with what the person needs to go on
// (PROTOCOL §6). errors.Is(err, room.CodeForbidden) asks for its kind.
type Error wire.Error

func (e *Error) Error() string {
	if e.Message == "" {
		return "client: refused: " + string(e.Code)
	}
	return fmt.Sprintf("client: refused: %s: %s", e.Code, e.Message)
}

// Is matches the refusal's code.
func (e *Error) Is(target error) bool { return target == error(e.Code) }

// Closed says that the server ended the connection, and why (PROTOCOL §5).
type Closed struct {
	Code   wire.CloseCode
	Reason string
	Err    *Error // the refusal that came before it, if any
}

func (c *Closed) Error() string {
	text := fmt.Sprintf("client: closed by the server: %d", int(c.Code))
	if name := c.Code.String(); name != "" {
		text += " " + name
	} else if c.Reason != "" {
		text += " " + c.Reason
	}
	if c.Err != nil {
		text += ": " + c.Err.Message
	}
	return text
}

// Unwrap gives the refusal.
func (c *Closed) Unwrap() error {
	if c.Err == nil {
		return nil
	}
	return c.Err
}

// problem is an RFC 9457 document.
type problem struct {
	Code    room.Code         `json:"code"`
	Title   string            `json:"title"`
	Detail  string            `json:"detail"`
	Fields  map[string]string `json:"fields"`
	RetryMS int64             `json:"retry_ms"`
	SinceAt moment            `json:"since_at"`
	At      moment            `json:"at"`
	Reason  string            `json:"reason"`
}

// moment is a time of HTTP, RFC 3339, as the socket would say it. What is no
// time is none.
type moment room.Millis

func (m *moment) UnmarshalJSON(text []byte) error {
	var t time.Time
	if err := json.Unmarshal(text, &t); err == nil && !t.IsZero() {
		*m = moment(t.UnixMilli())
	}
	return nil
}

// codeOf stands in for a refusal without a problem document, as proxies give.
var codeOf = map[int]room.Code{
	http.StatusBadRequest:         room.CodeBadRequest,
	http.StatusUnauthorized:       room.CodeNotAuthenticated,
	http.StatusForbidden:          room.CodeForbidden,
	http.StatusNotFound:           room.CodeNotFound,
	http.StatusConflict:           room.CodeConflict,
	http.StatusTooManyRequests:    room.CodeSlowDown,
	http.StatusBadGateway:         room.CodeUnavailable,
	http.StatusServiceUnavailable: room.CodeUnavailable,
	http.StatusGatewayTimeout:     room.CodeUnavailable,
}

// refused turns an HTTP answer that is not 2xx into an *Error.
func refused(status int, body []byte) *Error {
	var p problem
	if err := json.Unmarshal(body, &p); err != nil || p.Code == "" {
		p = problem{Code: codeOf[status], Detail: http.StatusText(status)}
		if p.Code == "" && status >= 500 {
			p.Code = room.CodeUnavailable
		}
		if p.Code == "" {
			p.Code = room.CodeBadRequest
		}
	}
	message := p.Detail
	if message == "" {
		message = p.Title
	}
	return &Error{Code: p.Code, Message: message, Temporary: wire.Temporary(p.Code), RetryMS: p.RetryMS, Fields: p.Fields,
		SinceAt: room.Millis(p.SinceAt), At: room.Millis(p.At), Reason: p.Reason}
}

// final says whether coming back by itself is of no use.
func final(err error) bool {
	var closed *Closed
	if errors.As(err, &closed) {
		return !closed.Code.Reconnect()
	}
	var refusal *Error
	if errors.As(err, &refusal) {
		return !refusal.Temporary
	}
	return false
}
