package wire_test

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Frames that cannot be answered: the connection is closed with 4500.
func TestFramesNotAcceptable(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 8) + "1" + strings.Repeat("}", 8)
	var wide strings.Builder
	for i := range wire.MaxKeys {
		fmt.Fprintf(&wide, `,"k%d":0`, i)
	}
	for name, frame := range map[string]string{
		"empty": "", "blank": " \n", "no JSON": "hello", "array": `[{"cmd":"time","id":1}]`, "text": `"x"`, "number": "1", "null": "null", "cut": `{"cmd":"time","id":1`,
		"byte order mark": "\ufeff" + `{"cmd":"time","id":1}`, "NUL": `{"cmd":"time","id":1}` + "\x00", "NUL in a text": "{\"cmd\":\"ti\x00me\",\"id\":1}",
		"not UTF-8": "{\"cmd\":\"time\",\"id\":1,\"x\":\"\xff\"}", "overlong": "{\"cmd\":\"time\",\"id\":1,\"x\":\"\xc0\xaf\"}", "surrogate bytes": "{\"cmd\":\"time\",\"id\":1,\"x\":\"\xed\xa0\x80\"}",
		"trailing": `{"cmd":"time","id":1}{}`, "trailing text": `{"cmd":"time","id":1} x`, "two lines": "{\"cmd\":\"time\",\"id\":1}\n{\"cmd\":\"time\",\"id\":2}",
		"trailing comma": `{"cmd":"time","id":1,}`, "single quotes": `{'cmd':'time','id':1}`, "comment": `{"cmd":"time",/**/"id":1}`, "NaN": `{"cmd":"time","id":1,"x":NaN}`,
		"duplicate": `{"cmd":"time","cmd":"chat.post","id":1}`, "duplicate by escape": `{"cmd":"time","\u0063md":"chat.post","id":1}`,
		"duplicate deep": `{"cmd":"chat.post","id":1,"data":{"a":{"text":1,"text":2}}}`, "duplicate in a list": `{"cmd":"time","id":1,"x":[{"a":1,"a":1}]}`,
		"duplicate in an unknown command": `{"cmd":"nope","id":1,"data":{"a":1,"a":2}}`,
		"other case":                      `{"CMD":"time","ID":1}`, "no cmd": `{"id":1}`, "no id": `{"cmd":"time"}`, "id 0": `{"cmd":"time","id":0}`, "id -1": `{"cmd":"time","id":-1}`,
		"id 1.5": `{"cmd":"time","id":1.5}`, "id 1e0": `{"cmd":"time","id":1e0}`, "id too big": `{"cmd":"time","id":4294967296}`, "id a text": `{"cmd":"time","id":"1"}`, "id null": `{"cmd":"time","id":null}`,
		"cmd a number": `{"cmd":1,"id":1}`, "key a number": `{"cmd":"time","id":1,"key":1}`,
		"too deep": `{"cmd":"time","id":1,"data":` + deep + `}`, "too deep lists": `{"cmd":"time","id":1,"x":` + strings.Repeat("[", 5000), "too wide": `{"cmd":"time","id":1` + wide.String() + `}`,
		"number too big": `{"cmd":"time","id":1,"data":{"t0":9007199254740992}}`, "number far too big": `{"cmd":"time","id":1,"x":1e999}`, "number too small": `{"cmd":"time","id":1,"x":-1e300}`,
		"leading zero": `{"cmd":"time","id":01}`, "plus": `{"cmd":"time","id":+1}`,
	} {
		if r, err := wire.DecodeCommand([]byte(frame)); !errors.Is(err, wire.ErrSyntax) || r.Command != nil {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
}

// Frames that are answered with a refusal; the connection stays.
func TestCommandsRefused(t *testing.T) {
	const key = `"key":"0123456789_abcdef-ABCD"`
	for frame, want := range map[string]struct {
		code  room.Code
		field string
	}{
		`{"cmd":"nope","id":7}`:                                                {room.CodeUnknownCommand, ""},
		`{"cmd":"Chat.Post","id":7}`:                                           {room.CodeUnknownCommand, ""},
		`{"cmd":"teapot.brew","id":7,"data":{}}`:                               {room.CodeUnknownCommand, ""},
		`{"cmd":"chat.post","id":7,"data":{"text":"x"}}`:                       {room.CodeInvalid, "key"},
		`{"cmd":"chat.post","id":7,"key":"","data":{}}`:                        {room.CodeInvalid, "key"},
		`{"cmd":"chat.post","id":7,"key":"a b","data":{}}`:                     {room.CodeInvalid, "key"},
		`{"cmd":"chat.post","id":7,"key":"é","data":{}}`:                       {room.CodeInvalid, "key"},
		`{"cmd":"lobby.check","id":7,"data":{"email":"x"}}`:                    {room.CodeInvalid, "key"},
		`{"cmd":"chat.post","id":7,` + key + `,"data":[]}`:                     {room.CodeInvalid, "data"},
		`{"cmd":"chat.post","id":7,` + key + `,"data":"text"}`:                 {room.CodeInvalid, "data"},
		`{"cmd":"chat.post","id":7,` + key + `,"data":{"text":1}}`:             {room.CodeInvalid, "text"},
		`{"cmd":"chat.post","id":7,` + key + `,"data":{"text":["x"]}}`:         {room.CodeInvalid, "text"},
		`{"cmd":"chat.like","id":7,` + key + `,"data":{"id":"m1","on":"yes"}}`: {room.CodeInvalid, "on"},
		`{"cmd":"chat.page","id":7,"data":{"limit":1.5}}`:                      {room.CodeInvalid, "limit"},
		`{"cmd":"hello","id":7,"data":{"room":"r","resume":{"pos":-1}}}`:       {room.CodeInvalid, "resume.pos"},
		`{"cmd":"hello","id":7,"data":{"room":"r","resume":[]}}`:               {room.CodeInvalid, "resume"},
		`{"cmd":"hello","id":7,"data":{"room":{"id":"r"}}}`:                    {room.CodeInvalid, "room"},
		`{"cmd":"hello","id":7,"data":{"client":"x"}}`:                         {room.CodeInvalid, "room"},
		`{"cmd":"hello","id":7}`:                                               {room.CodeInvalid, "room"},
		`{"cmd":"chat.delete","id":7,` + key + `,"data":{}}`:                   {room.CodeInvalid, "id"},
		`{"cmd":"chat.delete","id":7,` + key + `,"data":null}`:                 {room.CodeInvalid, "id"},
		`{"cmd":"chat.post","id":7,` + key + `,"data":{"text":null}}`:          {room.CodeInvalid, "text"},
		`{"cmd":"stage.answer","id":7,` + key + `}`:                            {room.CodeInvalid, "accept"},
		`{"cmd":"role.set","id":7,` + key + `,"data":{"participant":"p"}}`:     {room.CodeInvalid, "role"},
		`{"cmd":"interaction.revise","id":7,` + key + `,"data":{"id":"i1"}}`:   {room.CodeInvalid, "question"},
	} {
		r, err := wire.DecodeCommand([]byte(frame))
		var no *room.Refusal
		if !errors.As(err, &no) || errors.Is(err, wire.ErrSyntax) || no.Code != want.code || r.ID != 7 || r.Command != nil {
			t.Errorf("%s: %+v %v", frame, r, err)
			continue
		}
		if _, told := no.Fields[want.field]; want.field != "" && !told {
			t.Errorf("%s: fields %v", frame, no.Fields)
		}
	}
	if _, err := wire.DecodeCommand([]byte(`{"cmd":"chat.post","id":7,"key":"` + strings.Repeat("x", room.MaxKey+1) + `","data":{}}`)); err == nil {
		t.Error("a key of any length is taken")
	}
}

func TestCommandsAccepted(t *testing.T) {
	const key = `"key":"0123456789_abcdef-ABCD"`
	for frame, want := range map[string]room.Command{
		` {"cmd":"time","id":1} ` + "\n": wire.Time{}, // white space around is no harm
		`{"id":4294967295,"data":{"t0":-9007199254740991},"cmd":"time","key":"ignored where nothing is written?"}`: wire.Time{T0: -9007199254740991},
		`{"cmd":"time","id":1,"data":null}`:                                                             wire.Time{},
		`{"cmd":"time","id":1,"data":{"T0":5,"extra":{"a":[1,{"b":null}]}}}`:                            wire.Time{},     // names match case and all; what is unknown is ignored
		`{"cmd":"chat.post","id":1,` + key + `,"data":{"text":"","reply_to":null}}`:                     room.ChatPost{}, // how long a text may be is judged elsewhere
		`{"cmd":"stage.answer","id":1,` + key + `,"data":{"accept":false}}`:                             room.AnswerOffer{},
		`{"cmd":"chat.post","id":1,` + key + `,"data":{"text":"\u0000a\ud83d\ude00"}}`:                  room.ChatPost{Text: "\x00a😀"},
		`{"cmd":"chat.post","id":1,` + key + `,"data":{"text":"half \ud83d"}}`:                          room.ChatPost{Text: "half \ufffd"}, // browsers send half an emoji so; cleaning drops it
		`{"cmd":"chat.like","id":1,` + key + `,"data":{"id":"m1","on":null}}`:                           room.ChatLike{ID: "m1"},
		`{"cmd":"lobby.check","id":1,` + key + `,"data":{"email":"a@b","Match":"00","match":"00"}}`:     room.LobbyCheck{Email: "a@b"},
		`{"cmd":"role.set","id":1,` + key + `,"data":{"participant":"p","role":"viewer","by":"p_ada"}}`: room.SetRole{Participant: "p", Role: "viewer"},
	} {
		r, err := wire.DecodeCommand([]byte(frame))
		if diff := cmp.Diff(want, r.Command); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", frame, err, diff)
		}
	}
}

type inner struct {
	Name string `json:"name"`
	Deep *inner `json:"deep"`
}

type Embedded struct {
	Title string `json:"title"`
}

type outer struct {
	Embedded
	List   []inner  `json:"list"`
	One    inner    `json:"one"`
	Maybe  *inner   `json:"maybe"`
	Texts  []string `json:"texts"`
	Flag   *bool    `json:"flag"`
	Secret string   `json:"-"`
	Plain  string
}

func TestUnmarshal(t *testing.T) {
	yes := true
	var got outer
	text := `{"title":"T","list":[{"name":"a","NAME":"b"},{"deep":{"name":"c"}}],"one":{"name":"d"},"maybe":{"name":"e"},"texts":["x"],"flag":true,"-":"x","Plain":"x","Secret":"x"}`
	if err := wire.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := outer{Embedded: Embedded{"T"}, List: []inner{{Name: "a"}, {Deep: &inner{Name: "c"}}}, One: inner{Name: "d"}, Maybe: &inner{Name: "e"}, Texts: []string{"x"}, Flag: &yes}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := wire.Unmarshal([]byte(`{"title":null,"list":null,"one":null,"maybe":null,"texts":null,"flag":null}`), &got); err != nil {
		t.Error(err)
	}
	want.Maybe, want.Flag = nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("null leaves a field alone: %s", diff)
	}
	err := wire.Unmarshal([]byte(`{"title":1,"list":[{"name":"a"},{"name":2},3],"one":[],"maybe":{"deep":{"name":false}},"texts":[1],"flag":"x"}`), &got)
	var wrong wire.FieldErrors
	if !errors.As(err, &wrong) || errors.Is(err, wire.ErrSyntax) {
		t.Fatal(err)
	}
	if fields := slices.Sorted(maps.Keys(wrong)); !slices.Equal(fields, []string{"flag", "list.1.name", "list.2", "maybe.deep.name", "one", "texts", "title"}) {
		t.Errorf("wrong are %v", fields)
	}
}

// T20: what a hostile frame costs in all, garbage too; the limit is for what it
// holds at once.
func TestHostileFramesAreCheap(t *testing.T) {
	const limit = 128 << 10
	for name, frame := range map[string]string{
		"lists":      `{"cmd":"time","id":1,"x":[` + strings.TrimSuffix(strings.Repeat("[],", wire.MaxClientFrame/3-20), ",") + `]}`,
		"objects":    `{"cmd":"time","id":1,"x":[` + strings.TrimSuffix(strings.Repeat("{},", wire.MaxClientFrame/3-20), ",") + `]}`,
		"keys":       `{"cmd":"time","id":1,"x":[` + strings.TrimSuffix(strings.Repeat(`{"":0},`, wire.MaxClientFrame/7-20), ",") + `]}`,
		"depth":      `{"cmd":"time","id":1,"x":` + strings.Repeat("[", wire.MaxClientFrame-40),
		"long text":  `{"cmd":"chat.post","id":1,"key":"k","data":{"text":"` + strings.Repeat(`\u0000`, (wire.MaxClientFrame-80)/6) + `"}}`,
		"many lines": `{"cmd":"chat.post","id":1,"key":"k","data":{"text":"` + strings.Repeat(`\n`, (wire.MaxClientFrame-80)/2) + `"}}`,
	} {
		if len(frame) > wire.MaxClientFrame {
			t.Fatalf("%s has %d bytes", name, len(frame))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = wire.DecodeCommand([]byte(frame))
		runtime.ReadMemStats(&after)
		if cost := after.TotalAlloc - before.TotalAlloc; cost > 2*limit {
			t.Errorf("%s allocates %d KiB in all", name, cost>>10)
		}
	}
}
