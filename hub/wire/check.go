package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// ErrSyntax says that a text is not JSON as the contract wants it: one object,
// valid UTF-8, no duplicate keys, at most MaxDepth deep, MaxKeys wide.
var ErrSyntax = errors.New("wire: not acceptable JSON")

func syntax(what string) error { return fmt.Errorf("%w: %s", ErrSyntax, what) }

// check refuses what two decoders could read in two ways.
func check(text []byte) error {
	switch {
	case !utf8.Valid(text):
		return syntax("not UTF-8")
	case tooDeep(text): // before anything keeps a stack of it
		return syntax("too deep")
	case !json.Valid(text):
		return syntax("no JSON, or something follows it")
	}
	w := walker{text: text}
	if w.next() != '{' {
		return syntax("not an object")
	}
	return w.value()
}

// tooDeep counts brackets outside of texts.
func tooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && (c == '{' || c == '['):
			if depth++; depth > MaxDepth {
				return true
			}
		case !quoted && (c == '}' || c == ']'):
			depth--
		}
	}
	return false
}

// walker goes once through a text that is valid JSON.
type walker struct {
	text []byte
	at   int
	keys [][]byte // of all objects that are open, outermost first
}

// next gives the next byte that is not white space.
func (w *walker) next() byte {
	for w.text[w.at] <= ' ' {
		w.at++
	}
	return w.text[w.at]
}

func (w *walker) value() error {
	switch w.next() {
	case '{', '[':
		return w.inside()
	case '"':
		w.string()
	case 't', 'n':
		w.at += len("true")
	case 'f':
		w.at += len("false")
	default:
		return w.number()
	}
	return nil
}

// inside reads an object or a list.
func (w *walker) inside() error {
	object, first := w.text[w.at] == '{', len(w.keys)
	w.at++
	for c := w.next(); c != '}' && c != ']'; c = w.next() {
		if c == ',' {
			w.at++
		}
		if object {
			if err := w.key(first); err != nil {
				return err
			}
		}
		if err := w.value(); err != nil {
			return err
		}
	}
	w.keys = w.keys[:first]
	w.at++
	return nil
}

// key reads a key and its colon; first is where its object's keys begin.
func (w *walker) key(first int) error {
	w.next()
	key := w.string()
	if bytes.IndexByte(key, '\\') >= 0 {
		var plain string
		if err := json.Unmarshal(key, &plain); err != nil {
			return syntax(err.Error())
		}
		key = []byte(`"` + plain + `"`)
	}
	for _, other := range w.keys[first:] {
		if bytes.Equal(key, other) {
			return syntax("duplicate key")
		}
	}
	if w.keys = append(w.keys, key); len(w.keys)-first > MaxKeys {
		return syntax("too many keys")
	}
	w.next()
	w.at++ // the colon
	return nil
}

// string reads a text with its quotes.
func (w *walker) string() []byte {
	start := w.at
	for w.at++; w.text[w.at] != '"'; w.at++ {
		if w.text[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	return w.text[start:w.at]
}

func (w *walker) number() error {
	start := w.at
	for w.at < len(w.text) && bytes.IndexByte([]byte("+-.0123456789eE"), w.text[w.at]) >= 0 {
		w.at++
	}
	n, err := strconv.ParseFloat(string(w.text[start:w.at]), 64)
	if err != nil || math.Abs(n) > MaxNumber {
		return syntax("number out of range")
	}
	return nil
}
