package history

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// kinds names each type of entry in a file.
var kinds = map[string]reflect.Type{
	"begun":     reflect.TypeFor[Begun](),
	"person":    reflect.TypeFor[Person](),
	"opened":    reflect.TypeFor[Opened](),
	"hello":     reflect.TypeFor[Hello](),
	"event":     reflect.TypeFor[Event](),
	"signal":    reflect.TypeFor[Signal](),
	"closed":    reflect.TypeFor[Closed](),
	"left":      reflect.TypeFor[Left](),
	"invoke":    reflect.TypeFor[Invoke](),
	"ok":        reflect.TypeFor[Ok](),
	"fail":      reflect.TypeFor[Fail](),
	"unknown":   reflect.TypeFor[Unknown](),
	"fault":     reflect.TypeFor[Fault](),
	"delayed":   reflect.TypeFor[Delayed](),
	"logged":    reflect.TypeFor[Logged](),
	"state":     reflect.TypeFor[State](),
	"quiet":     reflect.TypeFor[Quiet](),
	"counted":   reflect.TypeFor[Counted](),
	"messages":  reflect.TypeFor[Messages](),
	"stalled":   reflect.TypeFor[Stalled](),
	"searched":  reflect.TypeFor[Searched](),
	"scheduled": reflect.TypeFor[Scheduled](),
}

var names = func() map[reflect.Type]string {
	byType := make(map[reflect.Type]string, len(kinds))
	for name, t := range kinds {
		byType[t] = name
	}
	return byType
}()

type (
	written struct {
		Kind  string `json:"kind"`
		Entry Entry  `json:"entry"`
	}
	line struct {
		Kind  string          `json:"kind"`
		Entry json.RawMessage `json:"entry"`
	}
)

// Write writes every entry as a line of JSON: {"kind":"event","entry":{…}}.
func (h *History) Write(w io.Writer) error {
	buffered := bufio.NewWriter(w)
	lines := json.NewEncoder(buffered)
	lines.SetEscapeHTML(false)
	for _, e := range h.Entries {
		name, known := names[reflect.TypeOf(e).Elem()]
		if !known {
			return fmt.Errorf("history: %T has no name in a file", e)
		}
		if err := lines.Encode(written{name, e}); err != nil {
			return fmt.Errorf("history: write %T: %w", e, err)
		}
	}
	return buffered.Flush()
}

// Read reads what Write has written.
func Read(r io.Reader) (*History, error) {
	h := &History{}
	for lines := json.NewDecoder(bufio.NewReader(r)); ; {
		var l line
		if err := lines.Decode(&l); err == io.EOF {
			return h, nil
		} else if err != nil {
			return nil, fmt.Errorf("history: entry %d: %w", len(h.Entries)+1, err)
		}
		t, known := kinds[l.Kind]
		if !known {
			return nil, fmt.Errorf("history: entry %d is of an unknown kind %q", len(h.Entries)+1, l.Kind)
		}
		e := reflect.New(t)
		if err := json.Unmarshal(l.Entry, e.Interface()); err != nil {
			return nil, fmt.Errorf("history: entry %d: %w", len(h.Entries)+1, err)
		}
		h.Entries = append(h.Entries, e.Interface().(Entry))
	}
}
