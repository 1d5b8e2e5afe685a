package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// target is the server under test.
type target struct {
	url, key string
	admin    string  // empty: not known
	own      *server // nil: somebody else's
}

// server is a process of our own, and all that comes from it.
type server struct {
	process *exec.Cmd
	folder  string // to be removed
	ended   chan struct{}
	log     *tail
}

// find gives the server that the flags name, building and starting one if none
// is.
func find(ctx context.Context, c *Config, p *progress) (*target, error) {
	if c.URL != "" {
		return &target{url: c.URL, key: c.Key, admin: c.Admin}, nil
	}
	folder, err := os.MkdirTemp("", "greenroom-loadtest-")
	if err != nil {
		return nil, err
	}
	t, err := launch(ctx, c, p, folder)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return t, nil
}

func launch(ctx context.Context, c *Config, p *progress, folder string) (*target, error) {
	program := c.Server
	if program == "" {
		program = filepath.Join(folder, "server")
		p.say("building ./server")
		build := exec.CommandContext(ctx, "go", "build", "-o", program, "greenroom/server")
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build greenroom/server: %w\n%s(run it inside the module, or name a --server or a --url)", err, out)
		}
	}
	data := c.Data
	if data == "" {
		data = filepath.Join(folder, "data")
	}
	p.say("starting the server")
	args := append([]string{"--dev", "--listen", "127.0.0.1:0", "--data", data, "--drain", "1s", "--log-level", "warn"}, c.Flag...)
	s := &server{process: exec.Command(program, args...), folder: folder, ended: make(chan struct{}), log: &tail{}}
	s.process.Stderr = s.log
	s.process.SysProcAttr = apart()
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	t, err := s.listen(ctx, out)
	if err != nil {
		s.stop()
		return nil, err
	}
	return t, nil
}

// listen reads the lines that `server --dev` prints (PROTOCOL §1), and goes on
// reading so that it never waits for us.
func (s *server) listen(ctx context.Context, out io.Reader) (*target, error) {
	said := make(chan *target, 1)
	go func() {
		defer close(s.ended)
		t, told := &target{own: s}, false
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), " ")
			switch name {
			case "room":
				t.url, _, _ = strings.Cut(value, "/r/")
			case "admin":
				t.admin = value
			case "key":
				t.key = value
			}
			if t.key != "" && t.url != "" && !told {
				said <- t
				told = true
			}
		}
		_ = s.process.Wait() // its status is told by its log
	}()
	select {
	case t := <-said:
		return t, nil
	case <-s.ended:
		return nil, fmt.Errorf("the server ended at once:\n%s", s.log)
	case <-time.After(time.Minute):
		return nil, fmt.Errorf("the server said nothing for a minute:\n%s", s.log)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stop ends the process: asks, and after a while insists.
func (s *server) stop() {
	_ = signalGroup(s.process.Process, syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		_ = signalGroup(s.process.Process, syscall.SIGKILL)
		<-s.ended
	}
	_ = os.RemoveAll(s.folder)
}

// died says whether the server ended by itself.
func (t *target) died() error {
	if t.own == nil {
		return nil
	}
	select {
	case <-t.own.ended:
		return errors.New("the server ended in the middle of it:\n" + t.own.log.String())
	default:
		return nil
	}
}

func (t *target) stop() {
	if t.own != nil {
		t.own.stop()
	}
}

// tail keeps the last lines of a log.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const kept = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - kept; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
