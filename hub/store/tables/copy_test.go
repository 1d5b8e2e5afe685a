package tables

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var made = regexp.MustCompile(`(?m)^CREATE TABLE (\w+) \(`)

// A table that a step makes is copied with the others.
func TestEveryTableIsCopied(t *testing.T) {
	steps, err := Steps("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	var want, have []string
	for _, step := range steps {
		for _, found := range made.FindAllStringSubmatch(step.Text, -1) {
			want = append(want, found[1])
		}
		if strings.Contains(step.Text, "DROP TABLE") || strings.Contains(step.Text, " RENAME TO ") {
			t.Errorf("%s: this test knows only tables that stay", step.Name)
		}
	}
	for _, one := range everything {
		have = append(have, one.name)
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		t.Errorf("copied are %v, of %v", have, want)
	}
}
