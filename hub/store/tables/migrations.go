package tables

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// The steps of the schema are migrations/NNNN_name.sql, numbered from 0001
// without gaps, for all databases. A released one never changes. They are
// written as SQLite reads them; postgres says how it reads the types. What
// only one of them understands stands between the lines "-- only sqlite" (or
// postgres) and "-- end".
//
//go:embed migrations
var migrations embed.FS

// Step is one step of the schema.
type Step struct{ Name, Text string }

// Steps gives the steps as one database is to run them, in order. The version
// of a schema is how many of them it has seen.
func Steps(database string) (all []Step, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, Step{Name: path.Base(name), Text: only(database, string(text))})
	}
	return all, nil
}

// only leaves out what is for other databases.
func only(database, text string) string {
	var kept strings.Builder
	others := false
	for line := range strings.Lines(text) {
		if one, found := strings.CutPrefix(strings.TrimSpace(line), "-- only "); found {
			others = one != database
		}
		if !others {
			kept.WriteString(line)
		}
		if strings.TrimSpace(line) == "-- end" {
			others = false
		}
	}
	return kept.String()
}
