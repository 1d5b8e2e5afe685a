package sqlite

import (
	"context"
	"database/sql"

	"greenroom/hub/store/tables"
)

// tx is the writer's connection inside its transaction, as one request sees
// it. Only the writer's goroutine uses it. Statements run without the
// callers' contexts: one who leaves must not interrupt the others.
type tx struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	rows     int  // written in this transaction
	saved    bool // this request has its savepoint
	wrote    bool // a request that was kept has written
}

// begin takes the lock of the file at once: what is read from here on is the
// head.
func (t *tx) begin() error {
	t.rows, t.saved, t.wrote = 0, false, false
	err := t.run("BEGIN IMMEDIATE")
	if err != nil {
		t.rollback()
	}
	return err
}

// end commits, or lets go when nothing was written: that costs no fsync. After
// an error nothing of the transaction is left.
func (t *tx) end() error {
	if !t.wrote {
		return t.run("ROLLBACK")
	}
	err := t.run("COMMIT")
	if err != nil {
		t.rollback()
	}
	return commitError(err)
}

// rollback may fail: SQLite has often ended the transaction by itself then.
func (t *tx) rollback() { _ = t.run("ROLLBACK") }

// keep ends the request's savepoint and takes its writes into the transaction.
func (t *tx) keep() error {
	if !t.saved {
		return nil
	}
	t.saved, t.wrote = false, true
	return t.run("RELEASE request")
}

// undo takes the request's writes back. An error says that the transaction is
// gone: on a full disk SQLite rolls back all of it.
func (t *tx) undo() error {
	if !t.saved {
		return nil
	}
	t.saved = false
	if err := t.run("ROLLBACK TO request"); err != nil {
		return err
	}
	return t.run("RELEASE request")
}

// Exec writes. The request's savepoint is made before its first write, so one
// that only reads costs nothing more.
func (t *tx) Exec(text string, args ...any) error {
	_, err := t.Change(text, args...)
	return err
}

// Change writes and says how many rows it changed.
func (t *tx) Change(text string, args ...any) (int64, error) {
	if err := t.save(); err != nil {
		return 0, err
	}
	stmt, err := t.prepare(text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.Exec(args...)
	if err != nil {
		return 0, conflict(err)
	}
	return result.RowsAffected()
}

// Take writes with RETURNING and reads the one row; sql.ErrNoRows when none
// was changed.
func (t *tx) Take(text string, args []any, dest ...any) error {
	if err := t.save(); err != nil {
		return err
	}
	return conflict(t.One(text, args, dest...))
}

// save makes the savepoint before a request's first write.
func (t *tx) save() error {
	t.rows++
	if t.saved {
		return nil
	}
	err := t.run("SAVEPOINT request")
	t.saved = err == nil
	return err
}

// One reads one row; sql.ErrNoRows when there is none.
func (t *tx) One(text string, args []any, dest ...any) error {
	stmt, err := t.prepare(text)
	if err != nil {
		return err
	}
	return stmt.QueryRow(args...).Scan(dest...)
}

// Query reads rows.
func (t *tx) Query(text string, args ...any) (tables.Rows, error) {
	stmt, err := t.prepare(text)
	if err != nil {
		return nil, err
	}
	return wrap(stmt.Query(args...))
}

// Lock has nothing to do: this is the one writer.
func (t *tx) Lock(string) error { return nil }

// run is for BEGIN and the like.
func (t *tx) run(text string) error {
	stmt, err := t.prepare(text)
	if err == nil {
		_, err = stmt.Exec()
	}
	return err
}

func (t *tx) prepare(text string) (*sql.Stmt, error) {
	if stmt, ok := t.prepared[text]; ok {
		return stmt, nil
	}
	stmt, err := t.conn.PrepareContext(context.Background(), text)
	if err == nil {
		t.prepared[text] = stmt
	}
	return stmt, err
}

func (t *tx) close() {
	for _, stmt := range t.prepared {
		stmt.Close()
	}
	t.conn.Close()
}
