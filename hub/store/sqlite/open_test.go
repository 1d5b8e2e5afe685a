package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
)

// raw opens a file as another program would.
func raw(t *testing.T, path string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func run(t *testing.T, conn *sql.Conn, text string) {
	t.Helper()
	if _, err := conn.ExecContext(t.Context(), text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func openError(t *testing.T, path string) error {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Wait: time.Millisecond})
	if err == nil {
		s.Close()
		t.Fatalf("%s was opened", path)
	}
	return err
}

func wantSentence(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(fmt.Sprint(err), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("this is a letter, not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, openError(t, ""), "no file is named")
	wantSentence(t, openError(t, folder), folder, "is a folder")
	wantSentence(t, openError(t, filepath.Join(folder, "missing", "a.db")), filepath.Join(folder, "missing"), "does not exist")
	wantSentence(t, openError(t, filepath.Join(file, "a.db")), "cannot be made or written")
	wantSentence(t, openError(t, file), file, "not a SQLite database")
	if os.Geteuid() != 0 { // root may write everywhere
		closed := filepath.Join(folder, "closed")
		if err := os.Mkdir(closed, 0o500); err != nil {
			t.Fatal(err)
		}
		wantSentence(t, openError(t, filepath.Join(closed, "a.db")), "may not write")
	}
}

func TestDatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bookmarks.db")
	run(t, raw(t, path), "CREATE TABLE bookmark (url TEXT)")
	wantSentence(t, openError(t, path), "another program")
	run(t, raw(t, path), "INSERT INTO bookmark VALUES ('x')")
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	open(t, path, time.Now).Close()
	other := raw(t, path)
	run(t, other, "PRAGMA user_version = 999")
	err := openError(t, path)
	if !errors.Is(err, store.ErrNewSchema) {
		t.Errorf("got %v, want store.ErrNewSchema", err)
	}
	wantSentence(t, err, path, "schema 999", "newer release")
}

func TestLockedByAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Wait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	other := raw(t, path)
	run(t, other, "BEGIN IMMEDIATE")
	wantSentence(t, s.Ping(t.Context()), path, "another program holds the database locked")
	wantSentence(t, openError(t, path), "another program holds the database locked")
	if _, err := s.Heads(t.Context(), []room.ID{"room"}); err != nil {
		t.Errorf("a read while another program writes: %v", err)
	}
	run(t, other, "ROLLBACK")
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// A new file that many programs open at once is made once.
func TestManyOpenANewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := sqlite.Open(context.Background(), sqlite.Options{Path: path})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			s.Close()
		})
	}
	all.Wait()
}

// Characters that mean something in a URL or in SQL are part of the name.
func TestStrangeNames(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a b?c#d%41&e='f\"", "ü")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "?mode=memory")
	open(t, path, time.Now).Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() == 0 {
		t.Error("the database went elsewhere")
	}
	if rights := info.Mode().Perm(); rights != 0o600 {
		t.Errorf("the file has the rights %o", rights)
	}
}
