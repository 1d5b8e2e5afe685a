package sqltext_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// What only one of the databases understands, or understands in its own way.
var banned = regexp.MustCompile(`(?i)\bjson|->|\bnow\(|\bILIKE\b|\bFOR UPDATE\b|\bAUTOINCREMENT\b|\bSERIAL\b|\bGLOB\b|\bINSERT OR\b|\bREPLACE INTO\b|\bdatetime\(|\bstrftime\(|\browid\b|\bTRIGGER\b|\binstr\(|\bchar\(|\bDEFAULT CURRENT`)

var comment = regexp.MustCompile(`(?ms)^-- only \w+$.*?^-- end$|(?-s)//.*$|--.*$|WITHOUT ROWID`)

func TestStatementsArePortable(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "../tables/migrations/*.sql"} {
		some, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	for _, name := range files {
		if filepath.Base(name) == "portable_test.go" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := banned.Find(comment.ReplaceAll(text, nil)); found != nil {
			t.Errorf("%s: %q is not portable", name, found)
		}
	}
	if len(files) < 4 {
		t.Errorf("only %v were looked at", files)
	}
}
