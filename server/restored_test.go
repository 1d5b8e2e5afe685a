package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"greenroom/hub/store/postgres/pgtest"
)

// resume says hello with a place and gives how it was answered.
func (g *guest) resume(room, epoch string, pos uint64) (mode, renewed string) {
	g.t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	var w struct{ Mode, Epoch string }
	if err := g.dial(ctx); err != nil {
		g.t.Fatal(err)
	}
	defer g.hangUp()
	ask := map[string]any{"room": room, "client": "test/1", "resume": map[string]any{"epoch": epoch, "pos": pos}}
	if err := g.command(ctx, "hello", "", ask, &w); err != nil {
		g.t.Fatal(err)
	}
	return w.Mode, w.Epoch
}

// A site comes back from a dump as the operating page says. What was said since the dump is gone, and a
// page that saw it is told everything anew, though its place is given to another message by then.
func TestBackupAndRestore(t *testing.T) {
	server := pgtest.Start(t)
	url, other := server.Database(t), server.Database(t)
	dump := filepath.Join(t.TempDir(), "backup.dump")
	run := func(program string, args ...string) {
		t.Helper()
		if said, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", program, err, said)
		}
	}
	r := begin(t, "--dev", "--data", t.TempDir(), "--store", url)
	links := r.devLinks()
	room := openRoom(t, r, links)
	speaker := newGuest(t, r.url)
	speaker.enter(links["speaker"], room, "amara@example.org")
	speaker.speak("before the backup")
	run("pg_dump", "--format=custom", "--file="+dump, url)
	ctx, cancel := within(patience)
	defer cancel()
	place, err := speaker.say(ctx, newKey(), "after the backup")
	if err != nil {
		t.Fatal(err)
	}
	speaker.hangUp()
	_, epoch := speaker.resume(room, "", 0)
	if mode, _ := speaker.resume(room, epoch, place); mode != "resumed" {
		t.Errorf("before: %s", mode)
	}
	r.kill()

	run("pg_restore", "--no-owner", "--exit-on-error", "--dbname="+other, dump)
	if _, said, code := runCommand(t, "store", "restored", "--store", other); code != exitWell || !strings.Contains(said, "everything anew") {
		t.Fatalf("%d: %s", code, said)
	}
	if out, said, code := runCommand(t, "audit", "verify", "--store", other); code != exitWell || !strings.Contains(out, "intact") {
		t.Fatalf("%d: %s%s", code, out, said)
	}
	begin(t, "--data", t.TempDir(), "--store", other, "--listen", strings.TrimPrefix(r.url, "http://"))
	if err := speaker.connect(ctx, room); err != nil {
		t.Fatal(err)
	}
	for again := uint64(0); again < place; { // at least as far as before
		if again, err = speaker.say(ctx, newKey(), "after the restore"); err != nil {
			t.Fatal(err)
		}
	}
	if said, _ := json.Marshal(speaker.history(ctx)); !strings.Contains(string(said), "before the backup") || strings.Contains(string(said), "after the backup") {
		t.Errorf("the room remembers %s", said)
	}
	speaker.hangUp()
	mode, renewed := speaker.resume(room, epoch, place)
	if mode != "snapshot" || renewed == epoch {
		t.Errorf("after: %s, epoch %s", mode, renewed)
	}
	if mode, _ = speaker.resume(room, renewed, place); mode != "resumed" {
		t.Errorf("with the new epoch: %s", mode)
	}
}
