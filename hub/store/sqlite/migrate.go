package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// application marks the header of our files: "grom".
const application = 0x67726f6d

// migrate brings the schema up to date. store.ErrNewSchema: the file is of a
// newer release. It is done by the few lines below rather than by a library:
// SQLite keeps the version in the file's header (user_version) and every step
// in one transaction, so two programs that open a new file together are safe,
// and a failed step leaves the old schema.
func migrate(ctx context.Context, db *sql.DB) error {
	steps, err := tables.Steps("sqlite")
	if err != nil {
		return err
	}
	t, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
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
	return markSchema(ctx, t, len(steps))
}

func runSteps(ctx context.Context, t *sql.Tx, steps []tables.Step) error {
	for _, step := range steps {
		if _, err := t.ExecContext(ctx, step.Text); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
	}
	return nil
}

func markSchema(ctx context.Context, t *sql.Tx, version int) error {
	// A PRAGMA takes no placeholders.
	text := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", application, version)
	if _, err := t.ExecContext(ctx, text); err != nil {
		return err
	}
	return t.Commit()
}

// schemaVersion is 0 for an empty file.
func schemaVersion(ctx context.Context, t *sql.Tx) (version int, err error) {
	var mark, tables int
	for text, dest := range map[string]*int{
		"PRAGMA user_version":                &version,
		"PRAGMA application_id":              &mark,
		"SELECT count(*) FROM sqlite_master": &tables,
	} {
		if err := t.QueryRowContext(ctx, text).Scan(dest); err != nil {
			return 0, err
		}
	}
	if mark != application && tables > 0 {
		return 0, errForeign
	}
	return version, nil
}
