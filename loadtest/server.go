package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"greenroom/loadtest/bench"
)

// target is the server under test.
type target struct {
	url, key string
	admin    string  // empty: not known
	own      *server // nil: somebody else's
	all      []*server
	redis    *line       // nil: there is none
	bench    bench.Bench // what was started for the servers
}

// server is a process of our own, and all that comes from it.
type server struct {
	process *exec.Cmd
	folder  string // to be removed
	ended   chan struct{}
	log     *tail
	killed  atomic.Bool // by us

	// Set once it listens.
	url, key, admin string
	address         string // of its own, whatever the public url is
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
	t := &target{bench: bench.Bench{Folder: folder}}
	between, err := t.between(c, p)
	if err != nil {
		t.stop()
		return nil, err
	}
	p.say("starting the server")
	for i := range c.Instances {
		data := filepath.Join(folder, fmt.Sprint("data", i))
		if c.Data != "" && i == 0 {
			data = c.Data
		}
		args := append([]string{"--dev", "--listen", "127.0.0.1:0", "--data", data, "--drain", "1s", "--log-level", "warn"}, between...)
		var address string
		if i > 0 { // one name for all, as behind a balancer; so it does not tell its own
			address = freeAddress()
			args = append(args, "--public-url", t.all[0].url, "--listen", address)
		}
		s, err := begin(ctx, program, folder, append(args, c.Flag...))
		if err != nil {
			t.stop()
			return nil, err
		}
		if s.address = address; i == 0 {
			s.address = strings.TrimPrefix(s.url, "http://")
		}
		t.all = append(t.all, s)
	}
	t.own = t.all[0]
	t.url, t.key, t.admin = t.own.url, t.own.key, t.own.admin
	return t, nil
}

// between gives what connects the servers.
func (t *target) between(c *Config, p *progress) (flags []string, err error) {
	store, redis, err := provide(&t.bench, c, p)
	if store != "" {
		flags = append(flags, "--store", store)
	}
	if redis == "" || err != nil {
		return flags, err
	}
	var by string
	if t.redis, by, err = lay(redis); err != nil {
		return nil, fmt.Errorf("--redis: %w", err)
	}
	return append(flags, "--redis", by, "--cluster-key", rand.Text()+rand.Text()), nil
}

// freeAddress is one on which nobody listens now.
func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0" // which will tell why
	}
	defer l.Close()
	return l.Addr().String()
}

// begin starts a process and waits until it listens.
func begin(ctx context.Context, program, folder string, args []string) (*server, error) {
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
	if err := s.listen(ctx, out); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// address is where a connection to one of several servers goes: to the next
// one, as a balancer would send it, once that one is gone.
func (t *target) address(i int, asked string) string {
	for n := range t.all {
		if s := t.all[(i+n)%len(t.all)]; !s.killed.Load() {
			return s.address
		}
	}
	return asked
}

// listen reads the lines that `server --dev` prints (PROTOCOL §1), and goes on
// reading so that it never waits for us.
func (s *server) listen(ctx context.Context, out io.Reader) error {
	said := make(chan struct{})
	go func() {
		defer close(s.ended)
		var url, key, admin string
		told := false
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), " ")
			switch name {
			case "room":
				url, _, _ = strings.Cut(value, "/r/")
			case "admin":
				admin = value
			case "key":
				key = value
			}
			if key != "" && url != "" && !told {
				s.url, s.key, s.admin = url, key, admin
				close(said)
				told = true
			}
		}
		_ = s.process.Wait() // its status is told by its log
	}()
	select {
	case <-said:
		return nil
	case <-s.ended:
		return fmt.Errorf("the server ended at once:\n%s", s.log)
	case <-time.After(time.Minute):
		return fmt.Errorf("the server said nothing for a minute:\n%s", s.log)
	case <-ctx.Done():
		return ctx.Err()
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
	for _, s := range t.all {
		select {
		case <-s.ended:
			if !s.killed.Load() {
				return errors.New("the server ended in the middle of it:\n" + s.log.String())
			}
		default:
		}
	}
	return nil
}

func (t *target) stop() {
	for _, s := range t.all {
		s.stop()
	}
	if t.redis != nil {
		t.redis.cut()
	}
	t.bench.End()
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
