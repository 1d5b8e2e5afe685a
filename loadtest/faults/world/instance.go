package world

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"greenroom/loadtest/faults/proxy"
)

// Instance is one server process, which may die and come back on the same
// ports.
type Instance struct {
	Name          string
	Admin         string // host:port of its admin listener
	People, Store *proxy.Proxy
	Redis         proxy.Sides // its ways to all servers of Redis

	world    *World
	listen   string
	redisURL string

	mu      sync.Mutex
	clock   time.Duration // how wrong it is, from its next start on
	process *exec.Cmd     // nil: it does not run
	ended   chan struct{}
	out     *bytes.Buffer // what the last start said
}

// SetClock makes the instance's clock wrong from its next start on.
func (i *Instance) SetClock(by time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.clock = by
}

// Start starts it again after Kill or Drain, and waits until it is ready.
func (i *Instance) Start(ctx context.Context) error { return i.start(ctx, false) }

func (i *Instance) start(ctx context.Context, seeds bool) error {
	args := []string{"--listen", i.listen, "--admin-listen", i.Admin, "--public-url", i.world.Public, "--data", i.data(),
		"--store", i.world.storeURL(i.Store), "--redis", i.redisURL, "--cluster-key", clusterKey, "--drain", "2s", "--log-format", "json"}
	if seeds {
		args = append(args, "--dev")
	} else {
		args = append(args, "--smtp", fmt.Sprint("smtp+plain://", local(i.world.mail.Port)), "--mail-from", "rig@example.org")
	}
	if err := i.launch(args); err != nil {
		return err
	}
	err := wait(ctx, "instance "+i.Name+" to be ready; see its log", func() bool {
		return !i.Running() || i.ready() && (!seeds || i.said("key") != "")
	})
	if err == nil && !i.Running() {
		err = fmt.Errorf("instance %s has ended; see its log", i.Name)
	}
	return err
}

// data is its own folder.
func (i *Instance) data() string { return filepath.Join(i.world.Folder, "data-"+i.Name) }

func (i *Instance) launch(args []string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	log, err := os.OpenFile(filepath.Join(i.world.Folder, "instance-"+i.Name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	process := exec.Command(i.world.Program, args...)
	process.Env = append(os.Environ(), "GREENROOM_FAULTS_CLOCK="+i.clock.String())
	process.Env = append(process.Env, i.world.Env...)
	i.out = &bytes.Buffer{}
	process.Stdout, process.Stderr = &locked{mu: &i.mu, to: i.out}, log
	process.SysProcAttr = apart()
	if err := process.Start(); err != nil {
		return fmt.Errorf("start instance %s: %w", i.Name, err)
	}
	ended := make(chan struct{})
	i.process, i.ended = process, ended
	go func() {
		defer close(ended)
		_ = process.Wait() // its log says why
	}()
	return nil
}

// locked guards what a process says.
type locked struct {
	mu *sync.Mutex
	to io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// said gives what the last start printed behind a word.
func (i *Instance) said(word string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	for line := range strings.Lines(i.out.String()) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), " "); name == word {
			return value
		}
	}
	return ""
}

// Running says whether the process is there.
func (i *Instance) Running() bool {
	process, ended := i.now()
	if process == nil {
		return false
	}
	select {
	case <-ended:
		return false
	default:
		return true
	}
}

func (i *Instance) now() (*exec.Cmd, chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.process, i.ended
}

// Kill is kill −9.
func (i *Instance) Kill() {
	process, ended := i.now()
	if process == nil {
		return
	}
	_ = process.Process.Signal(syscall.SIGCONT)
	_ = process.Process.Kill()
	<-ended
}

// Signal sends a signal, such as SIGSTOP.
func (i *Instance) Signal(s os.Signal) error {
	process, _ := i.now()
	if process == nil {
		return fmt.Errorf("instance %s does not run", i.Name)
	}
	return process.Process.Signal(s)
}

// Drain asks it to end and waits until it has.
func (i *Instance) Drain(ctx context.Context) error {
	if err := i.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	_, ended := i.now()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (i *Instance) end() { i.Kill() }

var asking = &http.Client{Timeout: 700 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}

func (i *Instance) ready() bool { return answers("http://" + i.listen + "/readyz") }

// healthy asks as a balancer does: by the way that people come.
func (i *Instance) healthy() bool { return answers("http://" + i.People.Address() + "/readyz") }

func answers(url string) bool {
	resp, err := asking.Get(url)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Metrics reads what it measures of itself.
func (i *Instance) Metrics(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+i.Admin+"/metrics", nil)
	if err != nil {
		return "", err
	}
	resp, err := (&http.Client{Timeout: 10 * time.Second, Transport: asking.Transport}).Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

// Dial connects to it as people do, from a local address.
func (i *Instance) Dial(ctx context.Context, from net.IP) (net.Conn, error) {
	return dialFrom(ctx, from, i.People.Address())
}
