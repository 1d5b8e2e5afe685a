package mailaddr

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// form is a line of testdata/forms.txt.
type form struct {
	line int
	kind string
	of   []string
}

func forms(t testing.TB) (all []form) {
	t.Helper()
	text, err := os.ReadFile("testdata/forms.txt")
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSuffix(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		for i, cell := range cells {
			if strings.HasPrefix(cell, `"`) {
				if cells[i], err = strconv.Unquote(cell); err != nil {
					t.Fatalf("line %d: %v", number, err)
				}
			}
		}
		all = append(all, form{number, cells[0], cells[1:]})
	}
	return all
}

// The table of forms (SECURITY.md T12).
func TestForms(t *testing.T) {
	kinds := map[string]int{}
	for _, f := range forms(t) {
		kinds[f.kind]++
		if f.kind == "refused" {
			if got, err := ParseDomain(f.of[0]); err == nil {
				t.Errorf("line %d: %+q is taken for %q", f.line, f.of[0], got)
			}
			continue
		}
		one, mixes := domain(t, f.of[0]), MixesScripts(domain(t, f.of[0]))
		if f.kind == "mixed" || f.kind == "whole" {
			if mixes != (f.kind == "mixed") {
				t.Errorf("line %d: %+q mixes scripts: %v", f.line, f.of[0], mixes)
			}
			continue
		}
		other := domain(t, f.of[1])
		same, alike := one == other, Skeleton(one) == Skeleton(other)
		if same != (f.kind == "same") || alike != (f.kind != "other") {
			t.Errorf("line %d: %s %s are %q %q, %q %q", f.line, f.of[0], f.of[1], one, other, Skeleton(one), Skeleton(other))
		}
	}
	if kinds["alike"] < 290 || len(kinds) != 6 {
		t.Errorf("the table has become shorter: %v", kinds)
	}
}

// Every letter of the table of look-alikes stands in a pair of the test's.
func TestEveryLookalikeIsTried(t *testing.T) {
	var tried strings.Builder
	for _, f := range forms(t) {
		if f.kind == "alike" {
			tried.WriteString(Shown(domain(t, f.of[0])) + Shown(domain(t, f.of[1])))
		}
	}
	for letter := range lookalikes {
		if !strings.ContainsRune(tried.String(), letter) {
			t.Errorf("no pair has %c (%U)", letter, letter)
		}
	}
}

// No mail of one domain reaches or matches another that looks like it.
func TestAlikeIsNotTheSame(t *testing.T) {
	first, err := Parse("anna@раypal.com")
	if err != nil || first.Canonical == "anna@paypal.com" || first.Domain() != "xn--ypal-43d9g.com" {
		t.Errorf("%+v %v", first, err)
	}
}

// The forms of a domain come back to themselves, and are equal in every way in
// which they are compared.
func FuzzDomain(f *testing.F) {
	for _, one := range forms(f) {
		for _, text := range one.of {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := ParseDomain(text)
		if err != nil {
			return
		}
		for _, again := range []string{first, Shown(first), strings.ToUpper(first), first + "."} {
			got, err := ParseDomain(again)
			if err != nil && len(first) > 250 {
				continue // the dot makes it too long
			}
			if err != nil || got != first {
				t.Fatalf("%+q: %q as %+q becomes %q, %v", text, first, again, got, err)
			}
		}
		if skeleton := Skeleton(first); skeleton == "" || pairs.Replace(strings.Map(looksLike, skeleton)) != skeleton {
			t.Fatalf("%+q: the skeleton %+q has another one", text, skeleton)
		}
	})
}

func domain(t *testing.T, text string) string {
	t.Helper()
	ascii, err := ParseDomain(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return ascii
}
