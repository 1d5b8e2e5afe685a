package history

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// Every kind of entry is the same after it was written and read.
func TestWriteAndRead(t *testing.T) {
	h := &History{}
	for name, kind := range kinds {
		e := reflect.New(kind)
		fill(e.Elem(), name)
		h.Entries = append(h.Entries, e.Interface().(Entry))
	}
	var file bytes.Buffer
	if err := h.Write(&file); err != nil {
		t.Fatal(err)
	}
	again, err := Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(h, again) {
		t.Errorf("written %+v, read %+v", h, again)
	}
}

// fill puts something into every field.
func fill(v reflect.Value, text string) {
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == reflect.TypeFor[json.RawMessage]():
			f.SetBytes([]byte(`{"a":"<"}`))
		case f.Kind() == reflect.Struct:
			fill(f, text)
		case f.Kind() == reflect.String:
			f.SetString(text)
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.Kind() == reflect.Slice:
			f.Set(reflect.ValueOf([]string{text}))
		case f.CanInt():
			f.SetInt(7)
		case f.CanUint():
			f.SetUint(8)
		}
	}
}

type nameless struct{ When }

func TestNothingIsWrittenWithoutAName(t *testing.T) {
	if err := (&History{Entries: []Entry{&nameless{}}}).Write(&bytes.Buffer{}); err == nil {
		t.Error("what could not be read again is written")
	}
}

func TestReadWhatIsBroken(t *testing.T) {
	for _, text := range []string{`{"kind":"nobody","entry":{}}`, `{"kind":"event","entry":[]}`, `{"kind":"event","ent`} {
		if h, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s is read as %+v", text, h.Entries)
		}
	}
}

// Entries come in order of time, and those of one time in the order of noting.
func TestRecorder(t *testing.T) {
	r := NewRecorder()
	r.Note(&Closed{Conn: 1})
	r.Note(&Ok{When: Instant(1), Op: r.Op()})
	r.Note(&Ok{When: Instant(1), Op: r.Op()})
	h := r.History()
	if oks := Of[*Ok](h); len(oks) != 2 || oks[0].Op != 1 || oks[1].Op != 2 {
		t.Errorf("oks: %+v", oks)
	}
	if ends := Of[*Closed](h); len(ends) != 1 || ends[0].At <= 0 || h.Entries[2] != Entry(ends[0]) && ends[0].At > 1 {
		t.Errorf("in order: %+v", h.Entries)
	}
}
