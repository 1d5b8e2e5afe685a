package wire_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

var update = flag.Bool("update", false, "write testdata/*.json anew")

// golden is one frame as it goes over the wire. The tests in Go and in
// TypeScript read the same files. Numbers below 100 are one story of one
// person, to be folded in order; its server frames have the Mirror that a
// client holds afterwards. All others stand alone.
type golden struct {
	Direction string         `json:"direction"`
	Name      string         `json:"name"`
	Frame     string         `json:"frame"`
	Mirror    map[string]any `json:"mirror,omitempty"`
}

// frames collects golden frames by file name.
type frames map[string]golden

func (f frames) add(number int, direction, name string, objects ...[]byte) {
	file := fmt.Sprintf("%03d-%s.json", number, strings.NewReplacer(".", "-", " ", "-", "_", "-", ":", "").Replace(name))
	if _, twice := f[file]; twice {
		panic("golden frame twice: " + file)
	}
	f[file] = golden{Direction: direction, Name: name, Frame: string(bytes.Join(objects, []byte{'\n'}))}
}

func goldenFrames() frames {
	all := frames{}
	tellStory(all)
	standAlone(all)
	return all
}

func TestGolden(t *testing.T) {
	made := goldenFrames()
	if *update {
		writeGolden(t, made)
	}
	read := readGolden(t)
	for _, file := range slices.Sorted(maps.Keys(made)) {
		if diff := cmp.Diff(asJSON(t, read[file]), asJSON(t, made[file])); diff != "" {
			t.Errorf("%s: the code no longer makes this frame (go test ./hub/wire -run Golden -update writes it anew):\n%s", file, diff)
			break
		}
	}
	for file := range read {
		if _, ok := made[file]; !ok {
			t.Errorf("%s: nothing makes this frame any more", file)
		}
	}
}

// The server's reader takes every client frame, and a client's every server
// frame.
func TestGoldenDecode(t *testing.T) {
	for file, g := range readGolden(t) {
		if g.Direction == "client" {
			if strings.HasPrefix(g.Frame, `{"pong"`) {
				continue
			}
			if _, err := wire.DecodeCommand([]byte(g.Frame)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		for _, object := range wire.Split([]byte(g.Frame)) {
			var m wire.Message
			if err := json.Unmarshal(object, &m); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// A client that folds the story in order holds what the files say.
func TestGoldenMirror(t *testing.T) {
	var m room.Mirror
	all := readGolden(t)
	for _, file := range slices.Sorted(maps.Keys(all)) {
		g := all[file]
		if file >= "100" || g.Direction != "server" {
			continue
		}
		foldFrame(t, &m, g.Frame)
		if diff := cmp.Diff(asJSON(t, g.Mirror), asJSON(t, mirrorOf(m))); diff != "" {
			t.Errorf("%s: mirror afterwards:\n%s", file, diff)
		}
	}
}

func foldFrame(t testing.TB, m *room.Mirror, frame string) {
	t.Helper()
	for _, object := range wire.Split([]byte(frame)) {
		var o wire.Message
		if err := json.Unmarshal(object, &o); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case o.Event != "":
			err = m.Event(o.Event, o.Pos, o.At, o.Data)
		case o.Signal != "":
			err = m.Signal(o.Signal, o.Data)
		case bytes.Contains(o.OK, []byte(`"epoch"`)):
			var w room.Welcome
			if err = json.Unmarshal(o.OK, &w); err == nil {
				m.Hello(w)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// mirrorOf writes a Mirror by the names of the wire.
func mirrorOf(m room.Mirror) map[string]any {
	out := map[string]any{"pos": m.Pos, "epoch": m.Epoch, "phase": m.Phase, "you": m.You, "room": m.Room,
		"stage": append([]room.Member{}, m.Stage...), "stage_more": m.StageMore,
		"chat": room.Messages{Items: append([]room.Message{}, m.Chat.Items...), More: m.Chat.More},
		"here": append([]room.ParticipantID{}, m.Here...)}
	if m.Backchannel != nil {
		out["backchannel"] = *m.Backchannel
	}
	if m.Phase.Inside() {
		out["questions"] = room.Questions{Items: append([]room.Question{}, m.Questions.Items...), More: m.Questions.More}
	}
	if m.Hands != nil {
		out["hands"] = *m.Hands
	}
	return out
}

func writeGolden(t *testing.T, made frames) {
	t.Helper()
	old, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	for file, g := range made {
		if err := os.WriteFile(filepath.Join("testdata", file), []byte(encodeGolden(t, g)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readGolden(t testing.TB) frames {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden frames: %v", err)
	}
	all := frames{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all[filepath.Base(path)] = g
	}
	return all
}

func encodeGolden(t testing.TB, g golden) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(g); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// asJSON makes values comparable whatever Go types they have.
func asJSON(t testing.TB, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
