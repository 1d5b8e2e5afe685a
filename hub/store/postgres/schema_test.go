package postgres_test

import (
	"context"
	dbsql "database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqlite"
)

// Both databases have the same tables, columns, keys and indexes: a step of the
// schema that reaches only one of them is found here.
func TestSchemaIsThatOfSQLite(t *testing.T) {
	url := pgtest.Database(t)
	open(t, postgres.Options{URL: url}).Close()
	path := filepath.Join(t.TempDir(), "a.db")
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	ours, theirs := postgresSchema(t, url), sqliteSchema(t, path)
	if len(theirs) < 100 {
		t.Errorf("only %d columns and indexes", len(theirs))
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("PostgreSQL's schema is not SQLite's: (-SQLite +PostgreSQL)\n%s", diff)
	}
}

func postgresSchema(t *testing.T, url string) (lines []string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, text := range []string{`
		SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
			|| CASE data_type WHEN 'text' THEN ' ' || coalesce(collation_name, 'of the language') ELSE '' END
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'greenroom_schema'`, `
		SELECT tablename || ' ' || indexname || CASE WHEN indexdef LIKE '% UNIQUE %' THEN ' UNIQUE' ELSE '' END
		FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey'`, `
		SELECT conrelid::regclass || ' PRIMARY KEY ' || string_agg(attname, ',' ORDER BY array_position(conkey, attnum))
		FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
		WHERE contype = 'p' AND connamespace = 'public'::regnamespace GROUP BY conrelid`,
	} {
		found, err := conn.Query(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		some, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, some...)
	}
	slices.Sort(lines)
	return lines
}

// sqliteSchema says it as postgresSchema does.
func sqliteSchema(t *testing.T, path string) (lines []string) {
	t.Helper()
	db, err := dbsql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range column(t, db, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		lines = append(lines, column(t, db, fmt.Sprintf(`SELECT '%s.' || name || ' ' || lower(type) || CASE "notnull" WHEN 1 THEN ' NOT NULL' ELSE '' END
			|| CASE type WHEN 'TEXT' THEN ' C' ELSE '' END FROM pragma_table_info('%[1]s')`, table))...)
		lines = append(lines, column(t, db, fmt.Sprintf(`SELECT '%s ' || name || CASE "unique" WHEN 1 THEN ' UNIQUE' ELSE '' END
			FROM pragma_index_list('%[1]s') WHERE origin = 'c'`, table))...)
		key := column(t, db, fmt.Sprintf(`SELECT name FROM pragma_table_info('%s') WHERE pk > 0 ORDER BY pk`, table))
		if len(key) > 0 {
			lines = append(lines, table+" PRIMARY KEY "+strings.Join(key, ","))
		}
	}
	for i := range lines {
		lines[i] = strings.Replace(lines[i], " blob", " bytea", 1)
	}
	slices.Sort(lines)
	return lines
}

func column(t *testing.T, db *dbsql.DB, text string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
