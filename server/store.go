package main

import (
	"context"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/sqlite"
)

// database says where the store is: in a file or, for several servers, in PostgreSQL.
type database struct {
	file        string // relative to the data folder, or absolute
	url         string // of PostgreSQL; may hold a password
	connections int
}

// judgeDatabase reads what a flag says of a database.
func judgeDatabase(flag, dsn string, connections int) (database, error) {
	kind, rest, _ := strings.Cut(dsn, ":")
	if kind == "postgres" || kind == "postgresql" {
		return judgePostgres(flag, dsn, connections)
	}
	if kind != "sqlite" || strings.HasPrefix(rest, "//") || rest == "" || rest == ":memory:" {
		return database{}, refuse("Write sqlite:FILE, for example sqlite:greenroom.db (in the data folder) or sqlite:/var/lib/greenroom/rooms.db, or postgres://USER@HOST/DATABASE.",
			"%s %q is not a database that greenroom knows", flag, redactDSN(dsn))
	}
	return database{file: rest}, nil
}

func judgePostgres(flag, dsn string, connections int) (database, error) {
	const do = "Write postgres://USER:PASSWORD@HOST/DATABASE, for example postgres://greenroom@db.example.org/greenroom?sslmode=verify-full."
	u, err := url.Parse(dsn)
	switch {
	case err != nil:
		return database{}, refuse(do, "%s %q is not a PostgreSQL URL", flag, redactDSN(dsn))
	case u.Host == "" && !u.Query().Has("host"):
		return database{}, refuse(do, "%s %q names no host", flag, redactDSN(dsn))
	case strings.Trim(u.Path, "/") == "":
		return database{}, refuse(do, "%s %q names no database", flag, redactDSN(dsn))
	}
	return database{url: dsn, connections: connections}, nil
}

// exposed says that somebody between here and PostgreSQL could read along. usual is the sslmode where
// the URL names none.
func (d database) exposed(usual string) bool {
	u, err := url.Parse(d.url)
	if err != nil || d.url == "" {
		return false
	}
	host, mode := u.Query().Get("host"), u.Query().Get("sslmode")
	if host == "" {
		host = u.Hostname()
	}
	if mode == "" {
		mode = usual
	}
	return !strings.HasPrefix(host, "/") && !loopback(host) && !slices.Contains([]string{"require", "verify-ca", "verify-full"}, mode)
}

// path is the absolute path of a file, once the data folder is known; empty for PostgreSQL.
func (d database) path(data string) string {
	if d.file == "" || filepath.IsAbs(d.file) {
		return d.file
	}
	return filepath.Join(data, d.file)
}

// name is what people are told of it, without a password.
func (d database) name(data string) string {
	if d.url != "" {
		return redactDSN(d.url)
	}
	return d.path(data)
}

// open opens it, or says what to do. A part of a site is none.
func (d database) open(ctx context.Context, data string, log *slog.Logger) (store.Store, error) {
	opened, err := d.openAny(ctx, data, log)
	if err != nil {
		return nil, err
	}
	if copier, ok := opened.(store.Copier); ok {
		if err = judgePartial(ctx, copier, d.name(data)); err != nil {
			opened.Close()
			return nil, err
		}
	}
	return opened, nil
}

func judgePartial(ctx context.Context, copier store.Copier, name string) error {
	switch partial, err := copier.Partial(ctx); {
	case err != nil:
		return refuse("Try again.", "%s cannot be read: %s", name, saidByStore(err))
	case partial:
		return refuse("Empty it (dropdb and createdb, or remove the file) and copy again.",
			"%s holds a part of a site: a copy to it has not come to its end", name)
	}
	return nil
}

func (d database) openAny(ctx context.Context, data string, log *slog.Logger) (store.Store, error) {
	if d.url != "" {
		opened, err := postgres.Open(ctx, postgres.Options{URL: d.url, Connections: d.connections, Log: log})
		if err != nil {
			return nil, explainPostgres(redactDSN(d.url), err)
		}
		return opened, nil
	}
	opened, err := sqlite.Open(ctx, sqlite.Options{Path: d.path(data), Log: log})
	if err != nil {
		return nil, explainStore(d.path(data), err)
	}
	return opened, nil
}
