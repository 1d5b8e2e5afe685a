package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"greenroom/hub/store/tables"
)

// Open opens the file, makes it when it is not there, and brings an older
// schema up to date. Errors are sentences for the person who gave the path; a
// file of a newer release is store.ErrNewSchema.
func Open(ctx context.Context, o Options) (*Store, error) {
	if err := makeFile(o.Path); err != nil {
		return nil, err
	}
	e := &engine{path: o.Path, now: o.Now, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler))}
	if e.now == nil {
		e.now = time.Now
	}
	if err := e.open(ctx, cmp.Or(o.Wait, 5*time.Second)); err != nil {
		return nil, e.Plain("open", err)
	}
	return &Store{tables.New(e), e}, nil
}

func (e *engine) open(ctx context.Context, wait time.Duration) error {
	// The cache of 16 MB holds what one transaction may change: it is written
	// once, at the commit.
	writes, err := connect(e.path, wait, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)", "cache_size(-16000)")
	if err != nil {
		return err
	}
	if err := patient(ctx, wait, func() error { return migrate(ctx, writes) }); err != nil {
		return errors.Join(err, writes.Close())
	}
	if e.reads, err = connect(e.path, wait, "query_only(1)"); err != nil {
		return errors.Join(err, writes.Close())
	}
	e.reads.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	e.reads.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	if e.writer, err = newWriter(ctx, writes, e.log); err != nil {
		return errors.Join(err, writes.Close(), e.reads.Close())
	}
	return nil
}

// patient does it again while another program is in the way. SQLite waits by
// itself for most locks, but not for the one that changes the journal of a new
// file.
func patient(ctx context.Context, wait time.Duration, do func() error) error {
	const pause = 10 * time.Millisecond
	for until := time.Now().Add(wait); ; {
		err := do()
		if resultCode(err) != code.SQLITE_BUSY || time.Now().After(until) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

// connect gives a pool whose connections all have the pragmas.
func connect(path string, wait time.Duration, pragmas ...string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	query := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}, "_pragma": pragmas}
	query.Set("_busy_timeout", fmt.Sprint(wait.Milliseconds()))
	// A URL, so that ? % # in a folder's name stay part of the name.
	name := url.URL{Scheme: "file", Path: absolute, RawQuery: query.Encode()}
	connector, err := driver.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// makeFile makes the file for its owner's eyes only (it holds mail addresses),
// and finds out in words what SQLite would only number.
func makeFile(path string) error {
	if path == "" {
		return errors.New("store: no file is named for the database")
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("store: %s is a folder; name a file in it", path)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case err == nil:
		return file.Close()
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("store: the folder %s does not exist: %w", filepath.Dir(path), err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("store: this user may not write %s or its folder: %w", path, err)
	}
	return fmt.Errorf("store: the file cannot be made or written: %w", err)
}
