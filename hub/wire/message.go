package wire

import (
	"bytes"
	"encoding/json"
	"strconv"

	"greenroom/hub/room"
)

// Error is `err` in a reply and the base of HTTP's problem documents.
type Error struct {
	Code      room.Code         `json:"code"`
	Message   string            `json:"message"`
	Temporary bool              `json:"temporary"`
	RetryMS   int64             `json:"retry_ms,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
	TriesLeft *int              `json:"tries_left,omitempty"`
	SinceAt   room.Millis       `json:"since_at,omitempty"`
	At        room.Millis       `json:"at,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	Domain    string            `json:"domain,omitempty"`
}

// Temporary says whether the same command with the same key may work later.
func Temporary(code room.Code) bool {
	switch code {
	case room.CodeSlowDown, room.CodeBusy, room.CodeUnavailable, room.CodeLobbyLocked:
		return true
	}
	return false
}

// ErrorOf turns a refusal into what is told.
func ErrorOf(r *room.Refusal) Error {
	e := Error{Code: r.Code, Message: r.Message, Temporary: Temporary(r.Code), RetryMS: r.Retry.Milliseconds(),
		Fields: r.Fields, SinceAt: r.SinceAt, At: r.At, Reason: r.Reason, Domain: r.Domain}
	if r.Code == room.CodeLobbyNoMatch {
		e.TriesLeft = &r.TriesLeft
	}
	return e
}

// Message is any object of a server frame, for clients: exactly one of Event,
// Signal, Re, Ping is set.
type Message struct {
	Event  string          `json:"event"`
	Signal string          `json:"signal"`
	Pos    room.Seq        `json:"pos"`
	At     room.Millis     `json:"at"`
	Data   json.RawMessage `json:"data"`
	Re     uint32          `json:"re"`
	OK     json.RawMessage `json:"ok"`
	Again  bool            `json:"again"`
	Err    *Error          `json:"err"`
	Ping   int64           `json:"ping"`
	Pong   int64           `json:"pong"`
}

// Split cuts a server frame into its objects.
func Split(frame []byte) [][]byte { return bytes.Split(frame, []byte{'\n'}) }

// AppendEvent writes an event without line end.
func AppendEvent(dst []byte, name string, pos room.Seq, at room.Millis, data []byte) []byte {
	dst = append(dst, `{"event":"`...)
	dst = append(dst, name...)
	dst = append(dst, `","pos":`...)
	dst = strconv.AppendUint(dst, uint64(pos), 10)
	dst = append(dst, `,"at":`...)
	dst = strconv.AppendInt(dst, int64(at), 10)
	dst = append(dst, `,"data":`...)
	dst = append(dst, data...)
	return append(dst, '}')
}

// AppendSignal writes a signal.
func AppendSignal(dst []byte, name string, data []byte) []byte {
	dst = append(dst, `{"signal":"`...)
	dst = append(dst, name...)
	dst = append(dst, `","data":`...)
	dst = append(dst, data...)
	return append(dst, '}')
}

// AppendOK writes the positive reply to a command; again marks an answer that
// was given before.
func AppendOK(dst []byte, re uint32, ok []byte, again bool) []byte {
	dst = append(dst, `{"re":`...)
	dst = strconv.AppendUint(dst, uint64(re), 10)
	dst = append(dst, `,"ok":`...)
	dst = append(dst, ok...)
	if again {
		dst = append(dst, `,"again":true`...)
	}
	return append(dst, '}')
}

// AppendError writes the negative reply to a command.
func AppendError(dst []byte, re uint32, e Error) []byte {
	text, err := json.Marshal(e)
	if err != nil { // an Error holds only texts and numbers
		panic(err)
	}
	dst = append(dst, `{"re":`...)
	dst = strconv.AppendUint(dst, uint64(re), 10)
	dst = append(dst, `,"err":`...)
	dst = append(dst, text...)
	return append(dst, '}')
}

// Encode writes a value as compact JSON without HTML escaping, so that the
// same text costs the same everywhere.
func Encode(v any) []byte {
	text, err := encode(v)
	if err != nil { // the wire's types hold nothing that fails
		panic(err)
	}
	return text
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}
