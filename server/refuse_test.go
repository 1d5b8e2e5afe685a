package main

import (
	"context"
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	_ "modernc.org/sqlite"
)

// must says that a refusal holds all the words, in two lines at most.
func must(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("%q is not in: %s", word, said)
		}
	}
	if n := strings.Count(said, "\n"); n > 2 || strings.Contains(said, "goroutine") || strings.Contains(said, "level=ERROR") {
		t.Errorf("this is more than a sentence and what to do:\n%s", said)
	}
}

func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address, data := taken.Addr().String(), filepath.Join(t.TempDir(), "data")
	said := refused(t, "--listen", address, "--data", data)
	must(t, said, "another program is using "+address, "--listen")
	said = refused(t, "--listen", "127.0.0.1:0", "--admin-listen", address, "--data", data)
	must(t, said, "another program is using "+address, "--admin-listen")
	if _, err := os.Stat(data); err == nil {
		t.Error("a server that cannot listen has made its data folder")
	}
}

func TestForeignAddress(t *testing.T) {
	said := refused(t, "--listen", "192.0.2.1:0", "--public-url", "https://rooms.example.org", "--data", t.TempDir())
	must(t, said, "192.0.2.1", "--listen")
}

// Root may write everywhere, so the unwritable places are those where even root may not.
func TestUnwritableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, words := range map[string]string{file: "is not a folder", filepath.Join(file, "sub"): "is not a folder", "/proc/greenroom": "/proc/greenroom"} {
		must(t, refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", dir), words, "--data")
	}
	if os.Getuid() != 0 {
		locked := filepath.Join(t.TempDir(), "locked")
		if err := os.Mkdir(locked, 0o500); err != nil {
			t.Fatal(err)
		}
		must(t, refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", locked), "cannot be written", "--data")
	}
}

func TestUnwritableFolderInWords(t *testing.T) {
	for err, words := range map[error]string{syscall.EACCES: "cannot be written", syscall.EROFS: "cannot be written", syscall.ENOSPC: "is full", syscall.EIO: "cannot be used"} {
		said := explainFolder("/data", &os.PathError{Op: "mkdir", Path: "/data", Err: err})
		must(t, said.Error(), words, "/data")
	}
}

func TestNewerSchema(t *testing.T) {
	data := t.TempDir()
	r := begin(t, "--data", data)
	r.kill()
	db, err := sql.Open("sqlite", filepath.Join(data, "greenroom.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), "PRAGMA user_version = 9999"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	must(t, refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", data), "newer release", "backup")
	must(t, refused(t, "setup-link", "--data", data), "newer release", "backup")
}

func TestForeignFile(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "greenroom.db"), []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", data), "not a SQLite database", "--store")
	must(t, refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", data, "--store", "sqlite:nowhere/rooms.db"), "nowhere", "--store")
}

func TestSecondServerOnOneDatabase(t *testing.T) {
	data := t.TempDir()
	first := begin(t, "--data", data)
	said := refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", data)
	must(t, said, "another greenroom server", "--data")
	first.kill()
	begin(t, "--data", data) // the lock went with the process
}

func TestCommandsMakeNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "mistyped")
	must(t, refused(t, "keys", "create", "--email", "ana@example.org", "--data", data), "no greenroom database", "--data")
	must(t, refused(t, "setup-link", "--data", data), "no greenroom database", "--data")
	if _, err := os.Stat(data); err == nil {
		t.Error("a command has made a data folder")
	}
}
