package check

import (
	"os"
	"regexp"
	"testing"
)

// Each bug of the table is sown somewhere and breaks a promise that there is,
// none is sown that the table does not know, and each promise is broken by one.
func TestSeeds(t *testing.T) {
	sown, broken := map[string]bool{}, map[string]bool{}
	for _, folder := range []string{"hub", "hub/room", "server/socket"} {
		text, err := os.ReadFile("../../../" + folder + "/seeded.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`bug [!=]= "([a-z-]+)"|case bug == "([a-z-]+)"`).FindAllSubmatch(text, -1) {
			sown[string(found[1])+string(found[2])] = true
		}
	}
	for _, s := range Seeds {
		if !sown[s.Bug] {
			t.Errorf("%s is not sown", s.Bug)
		}
		if _, known := Of(s.Invariant); !known {
			t.Errorf("%s breaks %s, which is no promise", s.Bug, s.Invariant)
		}
		delete(sown, s.Bug)
		broken[s.Invariant] = true
	}
	for _, c := range Checkers {
		if !broken[c.Invariant] {
			t.Errorf("no bug breaks %s", c.Invariant)
		}
	}
	for name := range sown {
		t.Errorf("%s is sown and not in the table", name)
	}
}
