package postgres

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// The table of one row that holds the version of the schema: how many steps it
// has seen.
const (
	makeVersion = `CREATE TABLE greenroom_schema (version BIGINT NOT NULL)`
	firstMark   = `INSERT INTO greenroom_schema (version) VALUES (0)`
	readVersion = `SELECT version FROM greenroom_schema`
	setVersion  = `UPDATE greenroom_schema SET version = $1`

	// patientStep: nobody waits for a room meanwhile.
	patientStep = `SET LOCAL idle_in_transaction_session_timeout = '60s'`

	// hasVersion and hasTables look in the schema that tables are made in.
	hasVersion = `SELECT to_regclass(quote_ident(current_schema()) || '.greenroom_schema') IS NOT NULL`
	hasTables  = `SELECT EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
		WHERE nspname = current_schema() AND relkind IN ('r', 'p', 'v', 'm'))`
)

// migrate brings the schema up to date, in one transaction. Instances that
// start together wait for each other; those of the release before go on.
func migrate(ctx context.Context, conn *pgx.Conn) error {
	steps, err := tables.Steps("postgres")
	if err != nil {
		return err
	}
	t, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer t.Rollback(ctx)
	if _, err := t.Exec(ctx, patientStep); err != nil {
		return err
	}
	if _, err := t.Exec(ctx, lockText, lockOf("greenroom schema")); err != nil {
		return err
	}
	version, err := schemaVersion(ctx, t)
	if err != nil || version == len(steps) {
		return err
	}
	if version > len(steps) {
		return fmt.Errorf("the database has schema %d and this program knows up to %d; use the newer release: %w",
			version, len(steps), store.ErrNewSchema)
	}
	if err := runSteps(ctx, t, steps[version:]); err != nil {
		return err
	}
	if _, err := t.Exec(ctx, setVersion, len(steps)); err != nil {
		return err
	}
	return t.Commit(ctx)
}

func runSteps(ctx context.Context, t pgx.Tx, steps []tables.Step) error {
	for _, step := range steps {
		// The simple protocol takes several statements at once.
		if _, err := t.Conn().PgConn().Exec(ctx, spell(step.Text)).ReadAll(); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
	}
	return nil
}

// schemaVersion makes the table of the version in an empty schema.
func schemaVersion(ctx context.Context, t pgx.Tx) (version int, err error) {
	var ours, others bool
	if err := errors.Join(t.QueryRow(ctx, hasVersion).Scan(&ours), t.QueryRow(ctx, hasTables).Scan(&others)); err != nil {
		return 0, err
	}
	if !ours && others {
		return 0, errForeign
	}
	if !ours {
		_, err := t.Conn().PgConn().Exec(ctx, makeVersion+";"+firstMark).ReadAll()
		return 0, err
	}
	return version, t.QueryRow(ctx, readVersion).Scan(&version)
}

// spellings are the words of the steps that PostgreSQL says otherwise. Texts
// are compared by their bytes, as SQLite compares them.
var spellings = []struct {
	word *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`\bBLOB\b`), "BYTEA"},
	{regexp.MustCompile(`\bTEXT\b`), `TEXT COLLATE "C"`},
	{regexp.MustCompile(`\) WITHOUT ROWID\b`), ")"},
}

// spell writes a step as PostgreSQL reads it.
func spell(text string) string {
	for _, s := range spellings {
		text = s.word.ReplaceAllString(text, s.with)
	}
	return text
}
