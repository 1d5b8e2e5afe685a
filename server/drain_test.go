package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// openRoom opens the trial's room now, and gives its id.
func openRoom(t *testing.T, r *running, links map[string]string) string {
	t.Helper()
	room := roomOf(t, r, links)
	if err := asOwner(t, r, links).call(t.Context(), http.MethodPatch, "/api/v1/rooms/"+room.ID, map[string]string{"state": "open"}, &room); err != nil || room.State != "open" {
		t.Fatalf("opening: %+v %v", room, err)
	}
	return room.ID
}

// tabs are n connections of one person who is inside.
func tabs(t *testing.T, r *running, link, room, email string, n int) []*guest {
	t.Helper()
	first := newGuest(t, r.url)
	first.enter(link, room, email)
	all := []*guest{first}
	for len(all) < n {
		next := &guest{t: t, base: r.url, http: first.http}
		ctx, cancel := within(patience)
		if err := next.connect(ctx, room); err != nil {
			t.Fatal(err)
		}
		cancel()
		all = append(all, next)
	}
	return all
}

// SIGTERM: not ready, everybody is asked to come back at different times, what is said meanwhile
// still counts, then the parts stop from the top down.
func TestDrain(t *testing.T) {
	r := begin(t, "--dev", "--drain", "2s")
	links := r.devLinks()
	room := openRoom(t, r, links)
	guests := tabs(t, r, links["viewer"], room, "ana@example.org", 4)
	guests = append(guests, tabs(t, r, links["speaker"], room, "amara@example.org", 4)...)
	if status, _ := r.get(r.url + "/readyz"); status != 200 {
		t.Errorf("/readyz before: %d", status)
	}
	began := time.Now()
	r.signal(syscall.SIGTERM)
	r.waitLog("draining")
	for _, base := range []string{r.url, r.admin} {
		if status, _ := r.get(base + "/readyz"); status != 503 {
			t.Errorf("%s/readyz while draining: %d", base, status)
		}
		if status, _ := r.get(base + "/healthz"); status != 200 {
			t.Errorf("%s/healthz while draining: %d", base, status)
		}
	}
	late := &guest{t: t, base: r.url, http: guests[0].http}
	ctx, cancel := within(patience)
	defer cancel()
	if err := late.connect(ctx, room); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a new socket while draining: %v", err)
	}
	var all sync.WaitGroup
	ends := make([]time.Duration, len(guests))
	for i, g := range guests {
		all.Go(func() {
			m, err := g.await(ctx, func(m message) bool { return m.Signal == "drain" })
			var drain struct {
				After int `json:"after_ms"`
			}
			if err != nil || json.Unmarshal(m.Data, &drain) != nil {
				t.Errorf("no signal drain: %v", err)
			}
			_, err = g.await(ctx, func(message) bool { return false })
			ends[i] = time.Since(began)
			if closeCode(err) != 4000 {
				t.Errorf("closed with %v, want 4000", err)
			}
		})
	}
	all.Wait()
	slices.Sort(ends)
	if gap := ends[len(ends)-1] - ends[0]; gap < time.Second || gap > patience/2 {
		t.Errorf("everybody left within %s of each other: %v", gap, ends)
	}
	if code := r.wait(); code != exitWell {
		t.Errorf("exit code %d", code)
	}
	order := []string{"listening", "draining", "stopped public listener", "stopped sessions", "stopped api", "stopped hub", "stopped broker", "stopped store", "stopped lock", "ended"}
	said := slices.DeleteFunc(r.messages(), func(m string) bool { return !slices.Contains(order, m) })
	if !slices.Equal(said, order) {
		t.Errorf("it stopped in the order %q", said)
	}
}

// What was acknowledged while draining is kept.
func TestDrainKeepsWhatIsSaid(t *testing.T) {
	data := t.TempDir()
	r := begin(t, "--dev", "--data", data, "--drain", "2s")
	links := r.devLinks()
	room := openRoom(t, r, links)
	two := tabs(t, r, links["speaker"], room, "amara@example.org", 2)
	r.signal(syscall.SIGTERM)
	r.waitLog("draining")
	ctx, cancel := within(patience)
	defer cancel()
	var acknowledged []string
	for i, g := range two {
		for n := range 3 { // one of the two goes at once, the other a second later
			text := fmt.Sprintf("%d says %d while draining", i, n)
			if _, err := g.say(ctx, newKey(), text); err == nil {
				acknowledged = append(acknowledged, text)
			}
		}
	}
	if code := r.wait(); code != exitWell {
		t.Errorf("exit code %d", code)
	}
	again := begin(t, "--dev", "--data", data)
	links = again.devLinks()
	g := newGuest(t, again.url)
	g.enter(links["viewer"], room, "ana@example.org")
	kept := g.history(ctx) // perhaps one more, whose answer came too late
	kept = slices.DeleteFunc(kept, func(text string) bool { return !slices.Contains(acknowledged, text) })
	if !slices.Equal(kept, acknowledged) || len(acknowledged) == 0 {
		t.Errorf("kept %q, acknowledged %q", kept, acknowledged)
	}
}

func TestSecondSignal(t *testing.T) {
	r := begin(t, "--dev", "--drain", "5m")
	links := r.devLinks()
	tabs(t, r, links["viewer"], openRoom(t, r, links), "ana@example.org", 3)
	r.signal(syscall.SIGTERM)
	r.waitLog("draining")
	r.signal(syscall.SIGTERM)               // the echo of the first
	time.Sleep(echo + 100*time.Millisecond) // what comes now is no echo any more
	select {
	case <-r.ended:
		t.Fatal("the echo of the first signal stopped it")
	default:
	}
	began := time.Now()
	r.signal(syscall.SIGTERM)
	if code := r.wait(); code != exitFailed || time.Since(began) > 10*time.Second {
		t.Errorf("exit code %d after %s", code, time.Since(began))
	}
}

func TestPartsStopBackwards(t *testing.T) {
	var p parts
	p.log, _ = newLogger(io.Discard, "error", "text")
	var order []string
	for _, name := range []string{"one", "two", "three"} {
		p.started(name, closer(func() error {
			order = append(order, name)
			if name == "two" {
				return errors.New("two is stuck")
			}
			return nil
		}))
	}
	if err := p.stop(t.Context()); err == nil || !strings.Contains(err.Error(), "two is stuck") {
		t.Errorf("the failure is lost: %v", err)
	}
	if want := []string{"three", "two", "one"}; !slices.Equal(order, want) {
		t.Errorf("stopped in the order %v", order)
	}
	if err := p.stop(t.Context()); err != nil || len(order) != 3 {
		t.Errorf("stopped twice: %v %v", err, order)
	}
}
