package postgres_test

import (
	"context"
	"crypto/sha256"
	dbsql "database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/store/storetest"
)

func openFile(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func copied(t *testing.T, from store.Copier, to store.Store) (all []store.Copied) {
	t.Helper()
	if err := from.CopyTo(t.Context(), to, func(c store.Copied) { all = append(all, c) }); err != nil {
		t.Fatal(err)
	}
	return all
}

// Every table of the schema, however large, comes over whole and the same, to
// PostgreSQL and back.
func TestCopyBothWays(t *testing.T) {
	const rows = 250 // two pages
	path := filepath.Join(t.TempDir(), "a.db")
	from := openFile(t, path)
	filled := fill(t, path, rows)
	to := open(t, postgres.Options{URL: pgtest.Database(t)})
	defer to.Close()
	there := copied(t, from, to)
	back := copied(t, to, openFile(t, filepath.Join(t.TempDir(), "b.db")))
	if diff := cmp.Diff(there, back); diff != "" {
		t.Errorf("there and back are not the same: %s", diff)
	}
	var names []string
	for _, one := range there {
		names = append(names, one.Table)
		if one.Rows != rows && one.Table != "beat" {
			t.Errorf("%s: %d rows", one.Table, one.Rows)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(filled, names); diff != "" {
		t.Errorf("the tables that were copied are not those of the schema: (-schema +copied)\n%s", diff)
	}
	if err := from.CopyTo(t.Context(), to, func(store.Copied) {}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a copy onto something: %v", err)
	}
}

// fill writes so many rows into every table, and gives the tables' names. Equal
// columns of equal rows are equal, so that references fit.
func fill(t *testing.T, path string, rows int) []string {
	t.Helper()
	db, err := dbsql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	write, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer write.Rollback()
	tables := column(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
	for _, table := range tables {
		kinds := column(t, db, fmt.Sprintf(`SELECT type FROM pragma_table_info('%s')`, table))
		text := fmt.Sprintf("INSERT INTO %s VALUES (?%s)", table, strings.Repeat(", ?", len(kinds)-1))
		for i := range rows {
			var row []any
			for _, kind := range kinds {
				row = append(row, sample(kind, i))
			}
			if _, err := write.ExecContext(t.Context(), text, row...); err != nil {
				t.Fatalf("%s: %v", table, err)
			}
		}
	}
	if err := write.Commit(); err != nil {
		t.Fatal(err)
	}
	return tables
}

func sample(kind string, i int) any {
	switch kind {
	case "BIGINT":
		return int64(i+1)<<40 + int64(i)
	case "BOOLEAN":
		return i%2 == 0
	case "BLOB":
		sum := sha256.Sum256(fmt.Append(nil, i))
		return sum[:]
	}
	return fmt.Sprintf("%c Zoë 'Ängel' \\ %% \U0001F469\u200d\U0001F680 %d", 'A'+rune(i*7%60), i)
}

// What a copied site holds is read by the store as before: logs, audit chains,
// people.
func TestCopyOfASite(t *testing.T) {
	from := openFile(t, filepath.Join(t.TempDir(), "a.db"))
	for _, id := range []room.ID{"room1", "room2"} {
		if err := from.Commit(t.Context(), id, 0, storetest.Posts(0, 700)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 30 {
		row := store.AuditRow{Room: store.AuditSite, Who: "ada", Act: "person.changed", Targets: []string{fmt.Sprint("p", i)}}
		if err := from.RecordAudit(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := from.Secret(t.Context(), "pepper")
	if err != nil {
		t.Fatal(err)
	}
	to := open(t, postgres.Options{URL: pgtest.Database(t)})
	defer to.Close()
	copied(t, from, to)
	for _, id := range []room.ID{"room1", "room2"} {
		if head := headOf(t, to, id); head != 700 {
			t.Errorf("%s: the head is %d", id, head)
		}
	}
	for report, err := range store.VerifyAudits(t.Context(), to, "") {
		if err != nil || report.Err() != nil || report.Entries != 30 {
			t.Errorf("the audit chain: %+v, %v", report, err)
		}
	}
	if kept, err := to.Secret(t.Context(), "pepper"); err != nil || string(kept) != string(secret) {
		t.Errorf("the secret is another one, %v", err)
	}
	if err := to.RecordAudit(t.Context(), store.AuditRow{Room: store.AuditSite, Act: "person.changed"}); err != nil {
		t.Errorf("going on: %v", err)
	}
	if err := to.Commit(t.Context(), "room1", 700, storetest.Posts(700, 1)); err != nil {
		t.Errorf("going on: %v", err)
	}
}

// Who writes while it is copied is found out.
func TestCopyFindsWhoWrites(t *testing.T) {
	from := openFile(t, filepath.Join(t.TempDir(), "a.db"))
	to := open(t, postgres.Options{URL: pgtest.Database(t)})
	defer to.Close()
	ctx, end := context.WithCancel(t.Context())
	begun, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for head := room.Seq(0); ctx.Err() == nil; head += 4 {
			if err := from.Commit(t.Context(), "room", head, storetest.Posts(head, 4)); err != nil {
				t.Error(err)
			}
			if head == 400 {
				close(begun)
			}
		}
	}()
	<-begun
	err := from.CopyTo(t.Context(), to, func(store.Copied) {})
	end()
	<-ended
	wantSentence(t, err, "the table log", "did somebody write meanwhile?")
}
