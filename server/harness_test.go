package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"greenroom/hub/store/postgres/pgtest"
)

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// The test binary is the real program when it is told so: what is tested is main, with signals,
// files, ports and kill −9, and under the race detector whenever the tests are.
func TestMain(m *testing.M) {
	if os.Getenv("GREENROOM_TEST_PROGRAM") != "" {
		main()
		return
	}
	for _, name := range os.Environ() {
		if strings.HasPrefix(name, "GREENROOM_") {
			os.Unsetenv(name[:strings.Index(name, "=")])
		}
	}
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}

func programCommand(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "GREENROOM_TEST_PROGRAM=1", "GOMAXPROCS=2")
	return cmd
}

// refused runs the program, which must refuse to start, and gives what it said.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	return refusedAs(t, func(*exec.Cmd) {}, args...)
}

// refusedAs is refused with a change to how the program is started.
func refusedAs(t *testing.T, change func(*exec.Cmd), args ...string) string {
	t.Helper()
	cmd := programCommand(args...)
	change(cmd)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	timer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != exitRefused {
		t.Fatalf("%v: exit code %d (%v), want %d\n%s%s", args, code, err, exitRefused, &stdout, &stderr)
	}
	return stderr.String()
}

// running is the program as a process of its own.
type running struct {
	t   *testing.T
	cmd *exec.Cmd

	url, admin string // as logged
	ended      chan struct{}
	err        error // of Wait, once ended is closed

	mu     sync.Mutex
	out    bytes.Buffer
	log    bytes.Buffer
	events []map[string]any // log lines
	news   chan struct{}    // closed and renewed at each line
}

// begin starts the program on free ports and waits until it listens. It is killed with the test.
func begin(t *testing.T, args ...string) *running {
	t.Helper()
	return beginAs(t, func(*exec.Cmd) {}, args...)
}

// beginAs is begin with a change to how the program is started.
func beginAs(t *testing.T, change func(*exec.Cmd), args ...string) *running {
	t.Helper()
	r := launch(t, change, args...)
	line := r.waitLog("listening")
	r.url, r.admin = line["url"].(string), line["admin"].(string)
	return r
}

func launch(t *testing.T, change func(*exec.Cmd), args ...string) *running {
	t.Helper()
	all := []string{"--log-format", "json"}
	for flag, value := range map[string]string{"--listen": "127.0.0.1:0", "--admin-listen": "127.0.0.1:0"} {
		if !slices.Contains(args, flag) {
			all = append(all, flag, value)
		}
	}
	r := &running{t: t, cmd: programCommand(append(all, args...)...), ended: make(chan struct{}), news: make(chan struct{})}
	change(r.cmd)
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { r.read(stdout, &r.out) })
	reading.Go(func() { r.read(stderr, &r.log) })
	go func() {
		reading.Wait()
		r.err = r.cmd.Wait()
		close(r.ended)
	}()
	t.Cleanup(func() {
		r.kill()
		if t.Failed() {
			t.Logf("%v said:\n%s%s", args, r.output(), r.logged())
		}
	})
	return r
}

func (r *running) read(from io.Reader, to *bytes.Buffer) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		r.mu.Lock()
		to.WriteString(lines.Text() + "\n")
		var event map[string]any
		if to == &r.log && json.Unmarshal(lines.Bytes(), &event) == nil {
			r.events = append(r.events, event)
		}
		close(r.news)
		r.news = make(chan struct{})
		r.mu.Unlock()
	}
}

// waitFor waits until found, which is called with the lock held, says so.
func (r *running) waitFor(what string, found func() bool) {
	r.t.Helper()
	deadline := time.After(patience)
	for {
		r.mu.Lock()
		ok, news := found(), r.news
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-news:
		case <-r.ended:
			r.mu.Lock()
			ok = found()
			r.mu.Unlock()
			if !ok {
				r.t.Fatalf("it ended (%v) before it said %q\n%s%s", r.err, what, r.output(), r.logged())
			}
			return
		case <-deadline:
			r.t.Fatalf("it did not say %q\n%s%s", what, r.output(), r.logged())
		}
	}
}

// waitLog waits for a log line with this message.
func (r *running) waitLog(message string) (line map[string]any) {
	r.t.Helper()
	r.waitFor(message, func() bool {
		at := slices.IndexFunc(r.events, func(e map[string]any) bool { return e["msg"] == message })
		if at >= 0 {
			line = maps.Clone(r.events[at])
		}
		return at >= 0
	})
	return line
}

// devLinks waits for the lines of --dev.
func (r *running) devLinks() map[string]string {
	r.t.Helper()
	r.waitFor("key …", func() bool { return strings.Contains(r.out.String(), "\nkey ") })
	links := map[string]string{}
	for line := range strings.Lines(r.output()) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name != "#" {
			links[name] = rest
		}
	}
	return links
}

func (r *running) output() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.String()
}

func (r *running) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// messages are the log's messages, in order, with the part that a stop names.
func (r *running) messages() (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		text, _ := e["msg"].(string)
		if part, ok := e["part"].(string); ok {
			text += " " + part
		}
		all = append(all, text)
	}
	return all
}

func (r *running) signal(s syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatal(err)
	}
}

// wait waits for the end and gives the exit code.
func (r *running) wait() int {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(2 * patience):
		r.t.Fatalf("it does not end\n%s", r.logged())
	}
	return r.cmd.ProcessState.ExitCode()
}

// kill is kill −9.
func (r *running) kill() {
	r.cmd.Process.Kill()
	<-r.ended
}

// get gives status and body of a page.
func (r *running) get(url string) (int, string) {
	r.t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// waitPage gets a page until it is as wanted.
func (r *running) waitPage(url string, want func(body string) bool) string {
	r.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		if status, body := r.get(url); status == http.StatusOK && want(body) {
			return body
		}
	}
	r.t.Fatalf("%s is not as wanted", url)
	return ""
}
