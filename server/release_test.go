package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
)

// buildNewer builds a server that knows one kind of fact more than this one
// (hub/room/seeded.go).
func buildNewer(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "newer")
	build := exec.Command("go", "build", "-tags", "seeded", "-o", program, ".")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, said)
	}
	return program
}

// acknowledged is what somebody said and was answered ok.
func (g *guest) acknowledged(said *[]string, text string) {
	g.t.Helper()
	g.speak(text)
	*said = append(*said, text)
}

// comeTo connects a person to a server behind the same public address, as their
// browser would.
func (g *guest) comeTo(r, public *running, room string) error {
	g.base, g.public = r.url, public.url
	ctx, cancel := within(patience)
	defer cancel()
	return g.connect(ctx, room)
}

// Two releases side by side on one PostgreSQL and Redis: when the newer one
// writes what the older one does not understand, the older one stops deciding
// for that room and sends its people away; on the newer one they find all that
// was ever acknowledged. What else the older one has goes on.
func TestTwoReleases(t *testing.T) {
	program := buildNewer(t)
	s := startSeveral(t)
	listen := fmt.Sprintf("127.0.0.1:%d", redistest.FreePort(t))
	newer := beginAs(t, func(c *exec.Cmd) {
		c.Path, c.Env = program, append(c.Env, "GREENROOM_SEEDED_RELEASE=newer")
	}, append(slices.Clip(s.args), "--listen", listen, "--public-url", s.a.url, "--data", t.TempDir())...)
	newer.url = "http://" + listen
	var said []string
	priya, amara, ana := s.at(s.a, "moderator", "priya@example.org"), s.at(s.a, "speaker", "amara@example.org"), s.at(s.b, "viewer", "ana@example.org")
	priya.acknowledged(&said, "before the new release")
	amara.acknowledged(&said, "on the old one as well")
	ana.sees("what is said elsewhere", posted("on the old one as well"))

	priya2 := &guest{t: t, http: priya.http}
	if err := priya2.comeTo(newer, s.a, s.room); err != nil {
		t.Fatalf("the newer release does not let in: %v", err)
	}
	defer priya2.hangUp()
	priya2.announce("this is new")
	for _, g := range []*guest{priya, amara, ana} {
		g.sees("that it should go elsewhere", func(m message) bool { return m.Signal == "drain" })
		ctx, cancel := within(patience)
		_, err := g.await(ctx, func(message) bool { return false })
		cancel()
		if code := closeCode(err); code != 4000 {
			t.Errorf("closed with %d (%v), want 4000", code, err)
		}
	}
	priya2.acknowledged(&said, "on the new one meanwhile")
	if err := amara.comeTo(s.a, s.a, s.room); err == nil {
		t.Error("the older release decides for a room that it does not understand")
	}
	for _, r := range []*running{s.a, s.b} {
		if _, text := r.get(r.admin + "/metrics"); !strings.Contains(text, "greenroom_surrendered_rooms_total 1") {
			t.Error("nobody is told that the room was given away")
		}
		if status, _ := r.get(r.url + "/readyz"); status != http.StatusOK {
			t.Errorf("the older release is as good as ever for other rooms, and /readyz says %d", status)
		}
	}
	if err := amara.comeTo(newer, s.a, s.room); err != nil {
		t.Fatalf("the newer release does not let in who comes from the older one: %v", err)
	}
	amara.acknowledged(&said, "here we are again")
	ctx, cancel := within(patience)
	defer cancel()
	if all := amara.history(ctx); !slices.Equal(all, said) {
		t.Errorf("on the newer release there is %q; acknowledged was %q", all, said)
	}
	s.createsRooms(s.a)
}

// createsRooms says that a server makes a room.
func (s *several) createsRooms(r *running) {
	s.t.Helper()
	body := map[string]string{"title": "Another room", "starts_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	var made struct{ ID string }
	if err := asOwner(s.t, r, s.links).call(s.t.Context(), http.MethodPost, "/api/v1/rooms", body, &made); err != nil || made.ID == "" {
		s.t.Errorf("another room on the older release: %+v %v", made, err)
	}
}

func (g *guest) announce(text string) {
	g.t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	if err := g.command(ctx, "announcement.post", newKey(), map[string]any{"text": text, "to": "everybody"}, nil); err != nil {
		g.t.Fatalf("announcement: %v", err)
	}
}
