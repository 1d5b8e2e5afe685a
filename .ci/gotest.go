// Command gotest reads what `go test -json` prints and says it in few lines: failures with their
// output, skips (which fail: in CI every tool is there), the slowest tests. It writes the numbers
// of tests passed and failed into the file named by its argument.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// event is one line of test2json, or of `go build -json`.
type event struct {
	Action, Package, Test, Output, ImportPath, FailedBuild string
	Elapsed                                                float64
}

type test struct {
	name    string
	seconds float64
}

type results struct {
	passed, failed int
	output         map[string][]string // of what has not ended yet, by package and test
	slow           []test
	packages       int
}

func main() {
	r := results{output: map[string][]string{}}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text()) // the go command's own words
			continue
		}
		r.take(e)
	}
	if err := lines.Err(); err != nil {
		fmt.Println("gotest:", err)
		r.failed++
	}
	r.report()
	counts := fmt.Sprintf("%d %d\n", r.passed, r.failed)
	if err := os.WriteFile(os.Args[1], []byte(counts), 0o644); err != nil {
		fmt.Println("gotest:", err)
		os.Exit(1)
	}
	if r.failed > 0 || r.passed == 0 {
		os.Exit(1)
	}
}

func (r *results) take(e event) {
	name := cmp.Or(e.Package, e.ImportPath)
	if e.Test != "" {
		name += "." + e.Test
	}
	switch e.Action {
	case "output", "build-output":
		r.output[name] = append(r.output[name], e.Output)
	case "pass":
		r.end(e, name)
	case "skip":
		if e.Test != "" { // a package without tests "skips" too
			r.fail("skipped", name)
		}
		delete(r.output, name)
	case "fail":
		r.end(e, name)
	}
}

func (r *results) end(e event, name string) {
	if e.Test == "" {
		r.packages++
	} else {
		r.slow = append(r.slow, test{name, e.Elapsed})
	}
	switch {
	case e.Action == "fail" && e.FailedBuild != "":
		r.fail("does not build", name, e.FailedBuild)
	case e.Action == "fail" && e.Test == "":
		r.fail("failed", name, r.unended(name)...)
	case e.Action == "fail":
		r.fail("failed", name)
	case e.Test != "":
		r.passed++
	}
	delete(r.output, name)
}

// unended gives the tests of a package that were under way when it ended: a panic is in the output
// of one of them.
func (r *results) unended(pkg string) (names []string) {
	for name := range r.output {
		if strings.HasPrefix(name, pkg+".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// fail tells one failure with its output. A failed package adds to the number only when no test of
// it did: a panic, a leak, a build error.
func (r *results) fail(how, name string, more ...string) {
	r.failed++
	fmt.Printf("--- %s: %s\n", how, name)
	for _, key := range append([]string{name}, more...) {
		const most = 400
		out := r.output[key]
		if len(out) > most {
			out = append(slices.Clone(out[:most/2]), append([]string{"    …\n"}, out[len(out)-most/2:]...)...)
		}
		fmt.Print(strings.Join(out, ""))
	}
}

func (r *results) report() {
	slices.SortFunc(r.slow, func(a, b test) int { return cmp.Compare(b.seconds, a.seconds) })
	for _, t := range r.slow[:min(8, len(r.slow))] {
		if t.seconds >= 2 && !strings.Contains(t.name, "/Test") {
			fmt.Printf("    %6.1f s  %s\n", t.seconds, t.name)
		}
	}
	fmt.Printf("    %d tests in %d packages: %d passed, %d failed\n", r.passed+r.failed, r.packages, r.passed, r.failed)
}
