package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

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
