package client

import (
	"encoding/json"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"greenroom/hub/wire"
)

var lines = []string{
	`{"event":"chat.posted","pos":1042,"at":1795420000123,"data":{"id":"m1","text":"a \"b\" }\\"}}`,
	`{"event":"chat.posted","pos":0,"at":0,"data":{}}`,
	`{"signal":"people.count","data":{"inside":3}}`,
	`{"ping":1795420000123}`,
	`{"re":17,"ok":{"pos":1042},"again":true}`,
	`{"re":17,"err":{"code":"forbidden","message":"no","temporary":false}}`,
	`{"event":"x\"y","pos":1,"at":2,"data":{}}`,
	`{"event":"chat.posted","pos":1,"at":2,"data":{},"more":1}`,
	`{"event":"chat.posted","pos":01,"at":2,"data":{}}`,
	`{"event":"chat.posted","pos":-1,"at":2,"data":{}}`,
	`{"event":"chat.posted","at":2,"pos":1,"data":{}}`,
	`{"event":"chat.posted","pos":1,"at":2,"data":}`,
	`{"signal":"x","data":{}}}`,
	`{"ping":1,"x":2}`, `{"ping":}`, `{"ping":99999999999999999999}`, `{"event":"`, `{}`, ``,
}

// quick may give up, but must never read something else than encoding/json.
func agree(t *testing.T, line string) {
	got, ok := quick([]byte(line))
	if !ok {
		return
	}
	var want wire.Message
	if err := json.Unmarshal([]byte(line), &want); err != nil {
		t.Fatalf("%q is not JSON, but was read as %+v", line, got)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: %+v, want %+v", line, got, want)
	}
}

func TestQuickReadsWhatJSONReads(t *testing.T) {
	for _, line := range lines {
		agree(t, line)
	}
	for _, line := range lines[:4] {
		if _, ok := quick([]byte(line)); !ok {
			t.Errorf("%s takes the slow road", line)
		}
	}
}

func FuzzQuick(f *testing.F) {
	for _, line := range lines {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsRune(line, '\n') || !utf8.ValidString(line) { // message() has seen to that
			return
		}
		agree(t, line)
	})
}

func BenchmarkParse(b *testing.B) {
	line := []byte(lines[0])
	b.Run("quick", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			quick(line)
		}
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var m wire.Message
			json.Unmarshal(line, &m)
		}
	})
}

// Who imports this package compiles little else.
func TestDependencies(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "greenroom/client").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		path := strings.TrimSpace(line)
		allowed := []string{"greenroom/client", "greenroom/hub/room", "greenroom/hub/wire", "github.com/coder/websocket"}
		if path != "" && !slices.Contains(allowed, path) && !strings.HasPrefix(path, "github.com/coder/websocket/internal/") {
			t.Errorf("client needs %s", path)
		}
	}
}
