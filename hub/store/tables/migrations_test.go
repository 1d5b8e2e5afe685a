package tables_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// The schema's version is the count of the steps, and they run in the order of
// their names: a number twice or missing would make two releases disagree
// about which step a version has seen.
func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	steps, err := filepath.Glob("migrations/*")
	if err != nil || len(steps) == 0 {
		t.Fatal(steps, err)
	}
	for i, step := range steps {
		name := filepath.Base(step)
		if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(name, want) || filepath.Ext(name) != ".sql" {
			t.Errorf("step %d is called %s; want %s….sql", i+1, name, want)
		}
	}
}
