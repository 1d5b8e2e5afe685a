package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

var errForeign = errors.New("the file is a SQLite database of another program")

// sentences says what a person can do about a result code. Nothing was written
// in any of these cases.
var sentences = map[int]string{
	code.SQLITE_FULL:     "the disk is full; writing works again when there is space",
	code.SQLITE_BUSY:     "another program holds the database locked",
	code.SQLITE_READONLY: "the database may only be read; check the rights of the file and its folder",
	code.SQLITE_IOERR:    "the file cannot be read or written; see what the system says of its disk",
	code.SQLITE_CANTOPEN: "the database cannot be opened; check the rights of the file and its folder",
	code.SQLITE_NOTADB:   "the file is not a SQLite database",
	code.SQLITE_CORRUPT:  "the database is damaged; restore it from a backup",
}

// Plain puts an error of the database into words and into the store's own
// errors.
func (e *engine) Plain(step string, err error) error {
	var own tables.Decided
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own.Err
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrNotFound
	case errors.Is(err, sql.ErrConnDone), errClosed(err):
		return store.ErrClosed
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), isOwn(err):
		return err
	}
	told := fmt.Errorf("store: %s: %s: %w", step, e.path, err)
	if sentence, ok := sentences[resultCode(err)]; ok {
		told = fmt.Errorf("store: %s: %s: %s: %w", step, e.path, sentence, err)
	}
	if helpless(err) {
		return store.Unwritable(told)
	}
	return told
}

// helpless says that nobody can write now, whatever it is: a matter of the file
// as a whole, not of what was to be written.
func helpless(err error) bool {
	switch resultCode(err) {
	case code.SQLITE_FULL, code.SQLITE_BUSY, code.SQLITE_READONLY, code.SQLITE_CANTOPEN, code.SQLITE_IOERR, code.SQLITE_NOMEM:
		return true
	}
	return false
}

// errClosed knows the error of a closed pool, which database/sql does not
// export.
func errClosed(err error) bool { return err.Error() == "sql: database is closed" }

// isOwn says that an error of the contract needs no more words.
func isOwn(err error) bool {
	for _, own := range []error{store.ErrNotFound, store.ErrConflict, store.ErrLimit, store.ErrLastOwner, store.ErrClosed} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}

// resultCode is SQLite's primary result code, or 0.
func resultCode(err error) int { return extendedCode(err) & 0xff }

func extendedCode(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// taken says that a row with this key is there already.
func taken(err error) bool {
	c := extendedCode(err)
	return c == code.SQLITE_CONSTRAINT_PRIMARYKEY || c == code.SQLITE_CONSTRAINT_UNIQUE
}

// conflict turns the violation of a key into store.ErrConflict.
func conflict(err error) error {
	if taken(err) {
		return fmt.Errorf("%w: %w", store.ErrConflict, err)
	}
	return err
}

// breaks says that SQLite may have rolled back the whole transaction by
// itself, not only the statement (see "ON CONFLICT" and sqlite3_get_autocommit
// in its manual).
func breaks(err error) bool {
	switch resultCode(err) {
	case code.SQLITE_FULL, code.SQLITE_IOERR, code.SQLITE_NOMEM, code.SQLITE_BUSY,
		code.SQLITE_INTERRUPT, code.SQLITE_CORRUPT, code.SQLITE_ABORT:
		return true
	}
	return false
}

// beginError is a transaction that could not begin. Trying again by halves
// would only wait for the lock more often.
type beginError struct{ error }

func (e beginError) Unwrap() error { return e.error }

// final says that the failure of a transaction is everybody's.
func final(err error) bool {
	switch err.(type) {
	case beginError, unknownError:
		return true
	}
	return false
}

// unknownError is a failed fsync: the transaction counts as not written, yet
// after a crash it may be found whole in the write-ahead log.
type unknownError struct{ error }

func (e unknownError) Unwrap() []error { return []error{store.ErrUnknown, e.error} }

// commitError tells a failed fsync from a COMMIT that is surely undone.
func commitError(err error) error {
	if resultCode(err) == code.SQLITE_IOERR {
		return unknownError{err}
	}
	return err
}
