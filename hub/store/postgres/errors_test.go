package postgres

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

// What PostgreSQL says is put into words, and into what may be done again.
func TestErrors(t *testing.T) {
	e := &engine{name: "host/db"}
	said := func(code, severity, constraint string) error {
		return fmt.Errorf("step: %w", &pgconn.PgError{Code: code, Severity: severity, ConstraintName: constraint})
	}
	for _, c := range []struct {
		err         error
		clash, lost bool
		words       string
		helpless    bool
	}{
		{said("53100", "ERROR", ""), false, false, "disk of the database is full", true},
		{said("25006", "ERROR", ""), false, false, "may only be read", true},
		{said("57P01", "FATAL", ""), false, true, "connection to the database was lost", true},
		{said("25P03", "FATAL", ""), true, true, "connection to the database was lost", true},
		{said("40001", "ERROR", ""), true, false, "", false},
		{said("40P01", "ERROR", ""), true, false, "", false},
		{said("23505", "ERROR", "audit_pkey"), true, false, "", false},
		{said("23505", "ERROR", "link_pkey"), false, false, "", false},
		{io.ErrUnexpectedEOF, false, true, "connection to the database was lost", true},
		{store.ErrConflict, false, false, "exists already", false},
		{said("57014", "ERROR", ""), false, false, "statement_timeout", true},
		{said("53300", "FATAL", ""), false, true, "no connection left", true},
		{said("22001", "ERROR", ""), false, false, "", false},
		{tables.Decided{Err: io.ErrUnexpectedEOF}, false, false, "", false},
	} {
		if clash(c.err) != c.clash || lost(c.err) != c.lost || !strings.Contains(e.Plain("step", c.err).Error(), c.words) {
			t.Errorf("%v: clash %v, lost %v, said as %q", c.err, clash(c.err), lost(c.err), e.Plain("step", c.err))
		}
		if errors.Is(e.Plain("step", c.err), store.ErrUnwritable) != c.helpless {
			t.Errorf("%v: everybody's: %v", c.err, !c.helpless)
		}
	}
	if err := conflict(said("23505", "ERROR", "link_pkey")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a link twice: %v", err)
	}
	if err := conflict(said("23505", "ERROR", "audit_pkey")); errors.Is(err, store.ErrConflict) {
		t.Errorf("a number twice: %v", err)
	}
}

// Between two readings the clock goes on, and a reading that says less is
// believed only once the one before is old.
func TestClock(t *testing.T) {
	var c clock
	c.learn(1_000_000)
	if now := c.read(); now.UnixMilli() < 1_000_000 {
		t.Errorf("after a reading it says %v", now)
	}
	if c.learn(900_000); c.read().UnixMilli() < 1_000_000 {
		t.Error("it ran backwards")
	}
	if c.learn(2_000_000); c.read().UnixMilli() < 2_000_000 {
		t.Error("a later reading was not taken")
	}
	c.on = c.on.Add(-clockLife - time.Second)
	if c.learn(1_500_000); c.read().UnixMilli() > 1_600_000 {
		t.Error("it does not let go of an old reading")
	}
}
