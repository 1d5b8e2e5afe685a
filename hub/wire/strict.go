package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrSyntax says that a text is not JSON as the contract wants it: one object,
// valid UTF-8, no duplicate keys, at most MaxDepth deep, MaxKeys wide.
var ErrSyntax = errors.New("wire: not acceptable JSON")

// FieldErrors names the fields whose values do not fit.
type FieldErrors map[string]string

func (f FieldErrors) Error() string {
	for field, what := range f {
		return fmt.Sprintf("wire: field %s %s", field, what)
	}
	return "wire: no field"
}

// Unmarshal decodes one JSON object strictly into a struct: names match case
// and all, duplicates and depth are refused with ErrSyntax, values of the
// wrong type with FieldErrors. Unknown fields are ignored, null leaves a field
// as it is (a pointer becomes nil).
func Unmarshal(text []byte, into any) error {
	if err := check(text); err != nil {
		return err
	}
	wrong := FieldErrors{}
	fill(reflect.ValueOf(into).Elem(), text, "", wrong)
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// check walks a text once and refuses what two decoders could read in two ways.
func check(text []byte) error {
	if !utf8.Valid(text) {
		return fmt.Errorf("%w: not UTF-8", ErrSyntax)
	}
	w := walker{Decoder: json.NewDecoder(bytes.NewReader(text))}
	w.UseNumber()
	if err := w.walk(0); err != nil {
		return err
	}
	if first := bytes.TrimLeft(text, " \t\r\n"); len(first) == 0 || first[0] != '{' {
		return fmt.Errorf("%w: not an object", ErrSyntax)
	}
	if rest := bytes.TrimLeft(text[w.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return fmt.Errorf("%w: something follows the object", ErrSyntax)
	}
	return nil
}

// walker goes through a text token by token.
type walker struct {
	*json.Decoder
	keys []string // of all objects that are open, outermost first
}

func (w *walker) walk(depth int) error {
	token, err := w.Token()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	switch token := token.(type) {
	case json.Delim:
		if depth++; depth > MaxDepth {
			return fmt.Errorf("%w: too deep", ErrSyntax)
		}
		if token == '{' {
			return w.object(depth)
		}
		return w.array(depth)
	case json.Number:
		if n, err := token.Float64(); err != nil || math.Abs(n) > MaxNumber {
			return fmt.Errorf("%w: number out of range", ErrSyntax)
		}
	}
	return nil
}

func (w *walker) object(depth int) error {
	first := len(w.keys)
	for w.More() {
		token, err := w.Token()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrSyntax, err)
		}
		key, _ := token.(string)
		if slices.Contains(w.keys[first:], key) {
			return fmt.Errorf("%w: duplicate key", ErrSyntax)
		}
		if w.keys = append(w.keys, key); len(w.keys)-first > MaxKeys {
			return fmt.Errorf("%w: too many keys", ErrSyntax)
		}
		if err := w.walk(depth); err != nil {
			return err
		}
	}
	w.keys = w.keys[:first]
	return w.end()
}

func (w *walker) array(depth int) error {
	for w.More() {
		if err := w.walk(depth); err != nil {
			return err
		}
	}
	return w.end()
}

func (w *walker) end() error {
	if _, err := w.Token(); err != nil {
		return fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	return nil
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// fill puts checked JSON into a value, matching names exactly.
func fill(v reflect.Value, text json.RawMessage, path string, wrong FieldErrors) {
	switch own := reflect.PointerTo(v.Type()).Implements(unmarshaler); {
	case string(text) == "null" && !own:
		if v.Kind() == reflect.Pointer {
			v.SetZero()
		}
	case v.Kind() == reflect.Pointer && !own:
		p := reflect.New(v.Type().Elem())
		fill(p.Elem(), text, path, wrong)
		v.Set(p)
	case v.Kind() == reflect.Struct && !own:
		fillStruct(v, text, path, wrong)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		fillSlice(v, text, path, wrong)
	default:
		if err := json.Unmarshal(text, v.Addr().Interface()); err != nil {
			wrong[path] = "does not fit: " + wanted(v)
		}
	}
}

func wanted(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return "a text is wanted"
	case reflect.Bool:
		return "true or false is wanted"
	case reflect.Slice:
		return "a list is wanted"
	case reflect.Int, reflect.Int64, reflect.Uint32, reflect.Uint64, reflect.Float64:
		return "a number is wanted"
	}
	return "another value is wanted"
}

func fillStruct(v reflect.Value, text json.RawMessage, path string, wrong FieldErrors) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		wrong[path] = "does not fit: an object is wanted"
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			fill(v.Field(i), text, path, wrong)
			continue
		}
		value, given := object[name]
		if name == "" || name == "-" || !given {
			continue
		}
		fill(v.Field(i), value, join(path, name), wrong)
	}
}

func fillSlice(v reflect.Value, text json.RawMessage, path string, wrong FieldErrors) {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		wrong[path] = "does not fit: a list is wanted"
		return
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		fill(out.Index(i), item, join(path, strconv.Itoa(i)), wrong)
	}
	v.Set(out)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
