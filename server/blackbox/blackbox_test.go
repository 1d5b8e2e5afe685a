package blackbox

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestStory builds the real program, starts it with --dev, and lets story.py talk to it. Each
// chapter of the story is a subtest.
func TestStory(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("the story is told in Python: install python3")
	}
	key, base := start(t, build(t))
	args := []string{"-B", "story.py", base, key}
	if !testing.Short() {
		args = append(args, "--patient")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	story := exec.CommandContext(ctx, python, args...)
	var complaints bytes.Buffer
	story.Stderr = &complaints
	out, err := story.Output()
	if told := chapters(t, out); err != nil && !t.Failed() || told < 45 {
		t.Errorf("the story broke off after %d chapters: %v\n%s", told, err, complaints.String())
	}
}

// chapters makes a subtest of each line "ok name (seconds)" or "FAIL name: what was expected".
func chapters(t *testing.T, out []byte) (told int) {
	for line := range strings.Lines(string(out)) {
		said, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, words, _ := strings.Cut(rest, " ")
		told++
		t.Run(strings.TrimSuffix(name, ":"), func(t *testing.T) {
			if t.Log(words); said == "FAIL" {
				t.Fail()
			}
		})
	}
	return told
}

func build(t *testing.T) string {
	binary := filepath.Join(t.TempDir(), "server")
	if out, err := exec.Command("go", "build", "-o", binary, "greenroom/server").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

var printed = regexp.MustCompile(`^(room|key) (\S+)$`)

// start runs the program until the test ends, and returns what it printed of a key and its address.
func start(t *testing.T, binary string) (key, base string) {
	server := exec.Command(binary, "--dev", "--listen", "127.0.0.1:0", "--log-level", "warn", "--drain", "0s")
	server.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	var log bytes.Buffer
	server.Stderr = &log
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		if err := server.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if t.Failed() {
			t.Logf("the server said:\n%s", log.String())
		}
	})
	lines := bufio.NewScanner(stdout)
	for key == "" && lines.Scan() {
		switch found := printed.FindStringSubmatch(lines.Text()); {
		case found == nil:
		case found[1] == "room":
			base, _, _ = strings.Cut(found[2], "/r/")
		default:
			key = found[2]
		}
	}
	if key == "" || base == "" {
		t.Fatal("the server printed no room or no key before its output ended")
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return key, base
}
