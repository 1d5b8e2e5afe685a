package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"greenroom/hub/store"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqlite"
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

// What a copy that was interrupted leaves is no site: no server starts on it, and nothing is copied to
// it or from it.
func TestPartOfACopyIsRefused(t *testing.T) {
	data := t.TempDir()
	var sites [2]store.Store
	for i, file := range []string{"whole.db", "part.db"} {
		opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(data, file)})
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		sites[i] = opened
	}
	ctx, interrupt := context.WithCancel(t.Context())
	err := sites[0].(store.Copier).CopyTo(ctx, sites[1], func(c store.Copied) {
		if c.Table == "log" {
			interrupt()
		}
	})
	if err == nil {
		t.Fatal("nothing was interrupted")
	}
	sites[1].Close()
	const want = "a copy to it has not come to its end"
	must(t, refused(t, "--data", data, "--store", "sqlite:part.db", "--listen", "127.0.0.1:0", "--admin-listen", "off"), want, "copy again")
	must(t, refused(t, "store", "copy", "--data", data, "--from", "sqlite:part.db", "--to", "sqlite:other.db"), want)
	if partial, err := sites[0].(store.Copier).Partial(t.Context()); partial || err != nil {
		t.Errorf("the whole site is taken for a part: %v, %v", partial, err)
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
