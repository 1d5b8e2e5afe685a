package wire_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// FuzzDecodeCommand: whatever comes, it is a command, a refusal with the id to
// answer, or a syntax error; and what is a command is one to every decoder.
func FuzzDecodeCommand(f *testing.F) {
	for _, g := range readGolden(f) {
		f.Add([]byte(g.Frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		r, err := wire.DecodeCommand(frame)
		var no *room.Refusal
		switch {
		case errors.Is(err, wire.ErrSyntax):
			return
		case errors.As(err, &no):
			if r.ID == 0 || r.Command != nil || !slices.Contains(room.Codes(), no.Code) {
				t.Fatalf("%+v %v", r, err)
			}
		case err != nil || r.ID == 0 || r.Command == nil || !slices.Contains(wire.Commands(), r.Command.Name()):
			t.Fatalf("%+v %v", r, err)
		}
		var loose struct {
			Cmd string `json:"cmd"`
			ID  uint32 `json:"id"`
		}
		if err := json.Unmarshal(frame, &loose); err == nil && loose.ID != r.ID {
			t.Fatalf("id %d here, %d elsewhere", r.ID, loose.ID)
		}
		if r.Command == nil {
			return
		}
		text, err := wire.EncodeCommand(r.ID, r.Key, r.Command)
		if err != nil {
			t.Fatal(err)
		}
		back, err := wire.DecodeCommand(text)
		if diff := cmp.Diff(r, back, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatalf("%s: %v\n%s", text, err, diff)
		}
	})
}

// FuzzUnmarshal: what is accepted is JSON for the standard library, too, and
// says the same there (but for other case, which the standard forgives).
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{`{}`, `{"title":"T","list":[{"name":"a"}],"one":{"deep":{"name":"x"}},"flag":true}`, `{"list":null,"maybe":null}`, `{"texts":["a","\ud800"]}`, `{"one":{"one":1}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var got outer
		err := wire.Unmarshal(text, &got)
		var wrong wire.FieldErrors
		if err != nil && !errors.Is(err, wire.ErrSyntax) && !errors.As(err, &wrong) {
			t.Fatalf("an error of no kind: %v", err)
		}
		if err != nil {
			return
		}
		var any map[string]any
		if err := json.Unmarshal(text, &any); err != nil {
			t.Fatalf("no JSON for others: %v", err)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var twice outer
		if err := wire.Unmarshal(again, &twice); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		if diff := cmp.Diff(got, twice); diff != "" {
			t.Fatal(diff)
		}
	})
}
