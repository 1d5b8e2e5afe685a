package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// sentences says what a person can do about a state of PostgreSQL (appendix A
// of its manual). Nothing was written in any of these cases.
var sentences = map[string]string{
	"25006": "the database may only be read; connect to the primary, or see its default_transaction_read_only",
	"28000": "the database lets nobody in by this user from here; see its pg_hba.conf",
	"28P01": "the database does not know this user with this password",
	"3D000": "there is no database of this name; make it with createdb",
	"3F000": "there is no schema of this name; make it, or correct search_path",
	"42501": "this user of the database may not do that; it must own greenroom's tables and may create some in the schema",
	"42P01": "a table is missing from the database; restore it from a backup",
	"42703": "a column is missing from the database; restore it from a backup",
	"53100": "the disk of the database is full; writing works again when there is space",
	"53200": "the database is out of memory",
	"53300": "the database has no connection left; lower --store-connections or raise its max_connections",
	"55P03": "another program holds a table of the database locked",
	"57014": "the database has stopped a statement that took too long; see its statement_timeout",
	"57P03": "the database is starting or stopping; it is tried again",
	"58030": "the database cannot read or write its files",
	"XX001": "the database is damaged; restore it from a backup",
}

// Plain implements tables.Engine.
func (e *engine) Plain(step string, err error) error {
	told := e.plain(step, err)
	if told == nil || errors.Is(told, store.ErrClosed) || !helpless(err) {
		return told
	}
	return store.Unwritable(told)
}

func (e *engine) plain(step string, err error) error {
	var own tables.Decided
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own.Err
	case errors.Is(err, store.ErrUnknown):
		return fmt.Errorf("store: %s: %s: %w", step, e.name, err)
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrNotFound
	case e.closed.Load():
		return store.ErrClosed
	case isOwn(err), errors.Is(err, context.Canceled):
		return err
	}
	if sentence := explain(err); sentence != "" {
		return fmt.Errorf("store: %s: %s: %s: %w", step, e.name, sentence, oneLine{err})
	}
	return fmt.Errorf("store: %s: %s: %w", step, e.name, oneLine{err})
}

// oneLine is an error whose text is one line, for logs and terminals.
type oneLine struct{ error }

func (o oneLine) Error() string { return strings.Join(strings.Fields(o.error.Error()), " ") }
func (o oneLine) Unwrap() error { return o.error }

func explain(err error) string {
	var no *pgconn.ConnectError
	if readOnly(err) {
		return sentences["25006"]
	}
	switch sentence := sentences[state(err)]; {
	case sentence != "":
		return sentence
	case errors.Is(err, context.DeadlineExceeded):
		return "the database does not answer in time"
	case errors.As(err, &no):
		return "the database cannot be reached; is it running, and may this machine connect to it?"
	case lost(err):
		return "the connection to the database was lost"
	}
	return ""
}

// isOwn says that an error of the contract needs no more words.
func isOwn(err error) bool {
	for _, own := range []error{store.ErrNotFound, store.ErrConflict, store.ErrLimit, store.ErrLastOwner, store.ErrClosed} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}

// state is what PostgreSQL calls an error, or empty.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// numbered are the keys whose numbers a transaction reads and counts on from:
// two who did so at once have not met a conflict, one of them comes later.
var numbered = []string{"log_pkey", "audit_pkey", "audit_about_pkey", "mail_invitation", "address_place"}

// clash says that a transaction could not be as if it ran alone, and may be run
// again: nothing of it was kept.
func clash(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return true
	case "25P03": // idle_in_transaction_session_timeout: this instance was stopped for a while
		return true
	case "23505":
		return slices.Contains(numbered, e.ConstraintName)
	case "0A000": // a step of the schema changed a table while this connection had a plan for it
		return strings.Contains(e.Message, "cached plan")
	}
	return false
}

// conflict turns the violation of a key into store.ErrConflict.
func conflict(err error) error {
	if state(err) == "23505" && !clash(err) {
		return fmt.Errorf("%w: %w", store.ErrConflict, err)
	}
	return err
}

// readOnly says that the database may only be read, which may be true of this
// connection alone: the primary is elsewhere by now, or the setting was taken
// back for those who come anew.
func readOnly(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "25006" || e.Code == "0A000" && strings.Contains(e.Message, "hot standby"))
}

// helpless says that nobody can write now, whatever it is: a matter of the
// database as a whole, not of what was to be written.
func helpless(err error) bool {
	var own tables.Decided
	var no *pgconn.ConnectError
	if errors.As(err, &own) {
		return false
	}
	if lost(err) || readOnly(err) || errors.As(err, &no) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, store.ErrUnknown) {
		return true
	}
	code := state(err)
	return slices.ContainsFunc(outages, func(class string) bool { return strings.HasPrefix(code, class) })
}

// outages are what states begin with that are everybody's: connections,
// resources, an operator's intervention and the system's errors by their
// class; no right to write, and a table that somebody else holds.
var outages = []string{"08", "53", "57", "58", "42501", "55P03"}

// lost says that the connection has ended, or is ending.
func lost(err error) bool {
	var e *pgconn.PgError
	var no *pgconn.ConnectError
	var own tables.Decided
	switch {
	case err == nil, errors.As(err, &no), errors.As(err, &own), isOwn(err), errors.Is(err, sql.ErrNoRows):
		return false
	case errors.As(err, &e):
		return e.Severity == "FATAL" || e.Severity == "PANIC"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	}
	var broken *net.OpError
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, pgconn.ErrConnClosed} {
		if errors.Is(err, end) {
			return true
		}
	}
	return errors.As(err, &broken)
}
