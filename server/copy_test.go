package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"greenroom/hub/store/postgres/pgtest"
)

// runCommand runs a command of the program to its end.
func runCommand(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := programCommand(args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	_ = cmd.Run()
	return out.String(), said.String(), cmd.ProcessState.ExitCode()
}

// A site moves from SQLite to PostgreSQL, where its people go on in their room with their links,
// and back.
func TestCopyOfASite(t *testing.T) {
	data, url := t.TempDir(), pgtest.Database(t)
	r := begin(t, "--dev", "--data", data)
	links := r.devLinks()
	room := openRoom(t, r, links)
	listen := strings.TrimPrefix(r.url, "http://")
	ctx, cancel := within(2 * patience)
	defer cancel()
	speaker := tabs(t, r, links["speaker"], room, "amara@example.org", 1)[0]
	if _, err := speaker.say(ctx, newKey(), "Before the move"); err != nil {
		t.Fatal(err)
	}
	speaker.hangUp()
	must(t, refused(t, "store", "copy", "--data", data, "--from", "sqlite:greenroom.db", "--to", url), "another greenroom server")
	r.kill()

	copy := []string{"store", "copy", "--data", data, "--from", "sqlite:greenroom.db", "--to", strings.Replace(url, "postgres@", "postgres:secretpw@", 1)}
	out, said, code := runCommand(t, copy...)
	if code != exitWell || !strings.Contains(said, "audit chains are intact") || !strings.Contains(out, "\nlog ") || strings.Contains(said, "secretpw") {
		t.Fatalf("exit code %d: %s%s", code, out, said)
	}
	must(t, refused(t, copy...), "is not empty", "--to")

	r = begin(t, "--data", t.TempDir(), "--store", url, "--listen", listen)
	if err := speaker.connect(ctx, room); err != nil {
		t.Fatal(err)
	}
	if _, err := speaker.say(ctx, newKey(), "After the move"); err != nil {
		t.Fatal(err)
	}
	if history := speaker.history(ctx); len(history) != 2 {
		t.Errorf("the room remembers %q", history)
	}
	speaker.hangUp()
	r.kill()

	back := filepath.Join(t.TempDir(), "back.db")
	if out, said, code := runCommand(t, "store", "copy", "--from", url, "--to", "sqlite:"+back); code != exitWell {
		t.Fatalf("and back: exit code %d: %s%s", code, out, said)
	}
	begin(t, "--data", filepath.Dir(back), "--store", "sqlite:back.db", "--listen", listen)
	if err := speaker.connect(ctx, room); err != nil {
		t.Fatal(err)
	}
	defer speaker.hangUp()
	if history := speaker.history(ctx); len(history) != 2 {
		t.Errorf("the room that came back remembers %q", history)
	}
}

func TestCopyThatCannotBe(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"sqlite:greenroom.db", "sqlite:greenroom.db", "the same database"},
		{"sqlite:greenroom.db", "sqlite:b.db", "no greenroom database"},
		{"mysql://x", "sqlite:b.db", "not a database that greenroom knows"},
		{"sqlite:a.db", "postgres://host", "names no database"},
	} {
		must(t, refused(t, "store", "copy", "--data", t.TempDir(), "--from", c.from, "--to", c.to), c.want)
	}
}
