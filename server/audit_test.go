package main

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
)

// The command tells an intact log from one that somebody with the file has
// worked on, in spite of the file's own locks.
func TestAuditVerifyCommand(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "greenroom.db")
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"ada", "bob", "eve"} {
		if err := s.RecordAudit(t.Context(), store.AuditRow{Room: store.AuditSite, Who: who, Act: "person.created"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	verify := func(want int, said string, more ...string) {
		t.Helper()
		var out, failed bytes.Buffer
		code := program(t.Context(), append([]string{"audit", "verify", "--data", folder}, more...), &out, &failed)
		if code != want || !strings.Contains(out.String()+failed.String(), said) {
			t.Errorf("%d, %s%s; want %d and %q", code, &out, &failed, want, said)
		}
	}
	verify(exitWell, "site: intact, 3 entries")
	verify(exitWell, "site: intact, 3 entries", "--room", "site")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range []string{"UPDATE audit SET who = 'mallory' WHERE number = 2", "DELETE FROM audit WHERE number = 3"} {
		if _, err := db.Exec(text); err == nil {
			t.Errorf("%s is allowed", text)
		}
	}
	for _, c := range []struct{ text, said string }{
		{"DROP TRIGGER audit_stands; UPDATE audit SET who = 'mallory' WHERE number = 2", "entry 2"},
		{"DROP TRIGGER audit_stays; UPDATE audit SET who = 'bob' WHERE number = 2; DELETE FROM audit WHERE number = 3", "the end of the chain is missing"},
	} {
		if _, err := db.Exec(c.text); err != nil {
			t.Fatal(err)
		}
		verify(exitFailed, c.said)
	}
}
