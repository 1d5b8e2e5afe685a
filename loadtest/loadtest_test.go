package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"greenroom/hub/room"
)

func TestAssertions(t *testing.T) {
	r := Result{Errors: 2, Latency: map[string]Latency{"promotion": {Count: 7, P99: 249.9, Max: 300}}, Memory: &memory{PerConnection: 9000},
		Traffic: map[string]Traffic{"bytes": {Count: 3, Max: 70_000}}}
	for text, want := range map[string]bool{
		"promotion.p99<250ms":    true,
		"promotion.p99 < 0.25s":  true,
		"promotion.p99<249ms":    false,
		"promotion.max>=300ms":   true,
		"promotion.count==7":     true,
		"promotion.count>7":      false,
		"message.p50<1h":         false, // never measured
		"errors==0":              false,
		"errors<=2":              true,
		"missing==0":             true,
		"connection<12288":       true,
		"bytes.max<98304":        true,
		"bytes.max<65536":        false,
		"frames.p50<10":          false, // never measured
		"collected==0":           true,
		"promotion.p99>249899µs": true,
	} {
		a, err := parseAssertion(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, ok := a.holds(r); ok != want {
			t.Errorf("%s: %v with %g", text, ok, got)
		}
	}
	for _, text := range []string{"", "promotion", "promotion<3ms", "promotion.p98<3ms", "promotion.p99<3", "errors.p99<3", "errors<x", "waiting.p99<1ms", "promotion.p99=3ms"} {
		if _, err := parseAssertion(text); err == nil {
			t.Errorf("%q is taken for a condition", text)
		}
	}
	var errs bytes.Buffer
	if holds([]string{"errors==2", "missing==0"}, r, &errs) != 0 || errs.Len() > 0 {
		t.Errorf("conditions that hold: %s", &errs)
	}
	if holds([]string{"errors==2", "errors==1"}, r, &errs) != 1 || !strings.Contains(errs.String(), "errors==1 does not hold: it is 2") {
		t.Errorf("a condition that does not hold: %s", &errs)
	}
}

func TestTextCarriesItsMoment(t *testing.T) {
	for _, length := range []int{minText, 150, 2000} {
		posted := text(123456789012, 1, length)
		if len(posted) > length || len(posted) < length-2 {
			t.Errorf("%d bytes instead of %d", len(posted), length)
		}
		data, err := json.Marshal(map[string]string{"id": "m1", "text": posted})
		if err != nil {
			t.Fatal(err)
		}
		if due, from, ok := dueOf(data); !ok || due != 123456789012 || from != 1 {
			t.Errorf("%s: %d from %d, %v", data, due, from, ok)
		}
	}
	for _, data := range []string{`{"text":"lt "}`, `{"text":"lt x"}`, `{"text":"hello"}`, ``, `{"text":"lt 12`, `{"text":"lt 12 x "}`, `{"text":"lt 12 1"}`} {
		if due, _, ok := dueOf([]byte(data)); ok {
			t.Errorf("%s: %d", data, due)
		}
	}
}

func TestFlagsThatCannotWork(t *testing.T) {
	for _, line := range []string{"", "--people 5000 --chat 100", "--people 5000 --storm", "--people 3 --storm", "--instances 2 --store postgres://h/d --redis redis://h:1 --cut --kill", "--people 500 --writers 20 --chat 20 --answers 500 --within 1s --reactions 50", "--idle --inside", "--instances 2", "--instances 2 --store postgres://h/d", "--store postgres", "--events chat --people 3 --rooms 3", "--url http://h --key k --admin http://a", "--assert errors==0 --assert promotion.p99<1s"} {
		if err := parse(line); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
	for _, line := range []string{"--people 0", "--parallel 0", "--url http://h", "--key k", "--url http://h --key k --server x", "--chat -1", "--early 2",
		"--promote 100", "--text-bytes 5", "--people 3 --chat 4", "--writers 2 --chat 5", "--reactions 500 --people 20", "--answers -1", "--answers 3 --within 20s", "--cut", "--kill", "--instances 0", "--rooms 2", "--events chat --people 3 --rooms 4", "--events chat --rooms 0", "--events polls", "--events answers --storm", "--events answers --idle", "--events answers --instances 2 --kill", "--url http://h --key k --store postgres://h/d", "--assert x<1", "--for 3"} {
		if err := parse(line); err == nil {
			t.Errorf("%q is accepted", line)
		}
	}
}

func parse(line string) error {
	var c Config
	p, err := kong.New(&c)
	if err != nil {
		return err
	}
	_, err = p.Parse(strings.Fields(line))
	return err
}

// small gives the defaults, made small, for a server that is built once.
func small(t *testing.T) Config {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs the server; leave -short away")
	}
	runtime.LockOSThread() // as main does
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("GOTMPDIR", "")
	var c Config
	p, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse([]string{"--people", "12", "--for", "1s", "--opens-in", "200ms", "--chat", "10", "--promote", "5", "--settle", "100ms"}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnEveningOnTheRealServer(t *testing.T) {
	c := small(t)
	folder := t.TempDir()
	c.JSON = filepath.Join(folder, "result.json")
	c.Answers, c.Within, c.Reactions = 12, 300*time.Millisecond, 10
	c.Assert = []string{"answered==12", "uncounted==0", "bystander.count>=1", "bytes.max>100", "frames.max<100", "errors==0", "missing==0", "inside==12", "messages==10", "received==120", "promotion.count>=1", "promotion.p99<5s", "lobby.count>=1", "confirm.count>=1"}
	var out bytes.Buffer
	errs, err := os.Create(filepath.Join(folder, "progress"))
	if err != nil {
		t.Fatal(err)
	}
	defer errs.Close()
	if status := run(c, &out, errs); status != 0 {
		said, _ := os.ReadFile(errs.Name())
		t.Fatalf("status %d\n%s\n%s", status, &out, said)
	}
	for _, name := range latencyNames {
		if !strings.Contains(out.String(), " "+name+" ") {
			t.Errorf("no row %s in\n%s", name, &out)
		}
	}
	text, err := os.ReadFile(c.JSON)
	if err != nil {
		t.Fatal(err)
	}
	var r Result
	if err := json.Unmarshal(text, &r); err != nil || r.Schema != schema || r.Latency["join"].Count != 12 {
		t.Errorf("result %s: %v", text, err)
	}
	leftOvers(t)
}

// Everybody's events come through, in each room, and are counted once.
func TestEventsOverRooms(t *testing.T) {
	for _, kind := range []string{eventsAnswers, eventsChat} {
		c := small(t)
		c.Events, c.Rooms, c.Chat, c.Promote, c.For = kind, 3, 0, 0, 2*time.Second
		c.Assert = []string{"events>10", "per_room>3", "event.count==120", "errors==0", "missing==0", "inside==12"}
		var out bytes.Buffer
		errs, err := os.Create(filepath.Join(t.TempDir(), "progress"))
		if err != nil {
			t.Fatal(err)
		}
		defer errs.Close()
		if status := run(c, &out, errs); status != 0 || !strings.Contains(out.String(), "in each of 3 rooms") {
			said, _ := os.ReadFile(errs.Name())
			t.Errorf("%s: status %d\n%s\n%s", kind, status, &out, said)
		}
	}
}

// An event that was acknowledged and has no place of its own is told.
func TestPlacesOfEvents(t *testing.T) {
	var one tally
	for _, pos := range []room.Seq{9, 7, 8, 11} {
		one.note(pos)
	}
	if err := one.judge(); err != nil || one.first.Load() != 7 || one.last.Load() != 11 {
		t.Errorf("%v, %d to %d", err, one.first.Load(), one.last.Load())
	}
	one.note(9)
	one.note(9)
	if err := one.judge(); err == nil {
		t.Error("six events in five places")
	}
}

func TestIdleTellsTheServersMemory(t *testing.T) {
	c := small(t)
	c.Idle, c.Inside = true, true
	p := newProgress(os.Stderr)
	defer p.stop()
	m := newMeasures()
	if err := perform(t.Context(), &c, p, m); err != nil {
		t.Fatal(err)
	}
	if m.memory == nil || m.memory.Connections != 12 || m.memory.Collected == 0 && runtime.GOOS == "linux" {
		t.Errorf("memory %+v", m.memory)
	}
	if n, kinds := m.failures(); n > 0 {
		t.Error(kinds)
	}
	leftOvers(t)
}

func TestInterruptLeavesNothingBehind(t *testing.T) {
	c := small(t)
	c.For = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	p := newProgress(os.Stderr)
	defer p.stop()
	m := newMeasures()
	go func() {
		for m.messages.Load() == 0 && ctx.Err() == nil {
			_ = pause(ctx, time.Millisecond)
		}
		cancel()
	}()
	if err := perform(ctx, &c, p, m); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	leftOvers(t)
}

// leftOvers looks for what is still in the temporary folder.
func leftOvers(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("left behind: %s", entry.Name())
	}
}
