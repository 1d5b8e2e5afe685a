//go:build unix

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
)

// supervisor stands for systemd: it holds a socket open and hears what the service tells.
type supervisor struct {
	t    *testing.T
	port *net.TCPListener
	file *os.File
	ear  *net.UnixConn
	path string
}

func supervise(t *testing.T) *supervisor {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &supervisor{t: t, port: l.(*net.TCPListener), path: filepath.Join(t.TempDir(), "notify")}
	if s.file, err = s.port.File(); err != nil {
		t.Fatal(err)
	}
	if s.ear, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: s.path, Net: "unixgram"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.file.Close(); s.port.Close(); s.ear.Close() })
	return s
}

// begin starts the service as systemd does: the socket is its descriptor 3, and the environment
// says so to the process with this id and to no other.
func (s *supervisor) begin(name string, args ...string) *running {
	s.t.Helper()
	return beginAs(s.t, func(c *exec.Cmd) {
		c.Args = append([]string{"sh", "-c", `LISTEN_PID=$$ WATCHDOG_PID=$$ exec "$0" "$@"`, c.Path}, c.Args[1:]...)
		c.Path = "/bin/sh"
		c.ExtraFiles = []*os.File{s.file}
		c.Env = append(c.Env, "LISTEN_FDS=1", "LISTEN_FDNAMES="+name, "NOTIFY_SOCKET="+s.path, "WATCHDOG_USEC=300000")
	}, args...)
}

// hears waits until the service has told this.
func (s *supervisor) hears(want string) {
	s.t.Helper()
	buffer := make([]byte, 4096)
	_ = s.ear.SetReadDeadline(time.Now().Add(patience))
	for {
		n, err := s.ear.Read(buffer)
		if err != nil {
			s.t.Fatalf("systemd was not told %s: %v", want, err)
		}
		if string(buffer[:n]) == want {
			return
		}
	}
}

// A service whose port is held by systemd is replaced twice while people come and come: nobody is
// refused, and systemd is told that it listens, that it lives and that it stops.
func TestSocketActivation(t *testing.T) {
	s := supervise(t)
	data, url := t.TempDir(), "http://"+s.port.Addr().String()
	var came atomic.Int64
	done := make(chan struct{})
	var people sync.WaitGroup
	for range 4 {
		people.Go(func() { keepComing(t, url, &came, done) })
	}
	for range 3 {
		r := s.begin("people", "--data", data, "--drain", "100ms")
		if r.url != url {
			t.Errorf("it listens at %s and not at %s", r.url, url)
		}
		s.hears("READY=1")
		s.hears("WATCHDOG=1")
		s.hears("WATCHDOG=1")
		n := came.Load()
		r.waitPage(url+"/readyz", func(string) bool { return came.Load() > n+100 })
		r.signal(syscall.SIGTERM)
		s.hears("STOPPING=1")
		if code := r.wait(); code != exitWell {
			t.Errorf("exit code %d", code)
		}
	}
	last := s.begin("people", "--data", data, "--drain", "0s") // for those who wait
	close(done)
	people.Wait()
	t.Logf("%d came while the server was replaced three times", came.Load())
	last.signal(syscall.SIGTERM)
	last.wait()
}

// keepComing opens a connection for each request, as strangers do.
func keepComing(t *testing.T, url string, came *atomic.Int64, done <-chan struct{}) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	for {
		select {
		case <-done:
			return
		default:
		}
		answer, err := client.Get(url + "/healthz")
		if err != nil {
			t.Errorf("somebody was not served: %v", err)
			return
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		if answer.Body.Close(); answer.StatusCode != http.StatusOK {
			t.Errorf("somebody was told %s", answer.Status)
		}
		came.Add(1)
	}
}

// A socket called admin is the admin listener; one that cannot be used is refused in words.
func TestSocketsByName(t *testing.T) {
	s := supervise(t)
	r := s.begin("admin", "--data", t.TempDir())
	if r.admin != "http://"+s.port.Addr().String() || r.url == r.admin {
		t.Errorf("people at %s, admin at %s", r.url, r.admin)
	}
	r.kill()
	local, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "local"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	file, err := local.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for fds, words := range map[int]string{1: "none that a server can listen on", 2: "two sockets"} {
		all := []*os.File{s.file, s.file}
		if fds == 1 {
			all = []*os.File{file}
		}
		said := refusedAs(t, func(c *exec.Cmd) {
			c.Args = append([]string{"sh", "-c", fmt.Sprintf(`LISTEN_PID=$$ LISTEN_FDS=%d exec "$0" "$@"`, fds), c.Path}, c.Args[1:]...)
			c.Path, c.ExtraFiles = "/bin/sh", all
		}, "--data", t.TempDir())
		must(t, said, words, "ListenStream=")
	}
}

// systemd's own program that activates by a socket starts the server with the first who comes.
func TestActivatedBySystemd(t *testing.T) {
	if _, err := exec.LookPath("systemd-socket-activate"); err != nil {
		t.Skip("systemd-socket-activate is not installed: apt-get install systemd")
	}
	at := fmt.Sprintf("127.0.0.1:%d", redistest.FreePort(t))
	r := launch(t, func(c *exec.Cmd) {
		activate := []string{"systemd-socket-activate", "--listen=" + at, "--fdname=people"}
		for _, setting := range c.Env {
			if name, _, _ := strings.Cut(setting, "="); name == "GREENROOM_TEST_PROGRAM" || name == "GOMAXPROCS" || name == "PATH" || name == "TMPDIR" {
				activate = append(activate, "--setenv="+setting)
			}
		}
		c.Args = append(append(activate, c.Path), c.Args[1:]...)
		c.Path, c.Err = exec.LookPath("systemd-socket-activate")
	}, "--data", t.TempDir())
	var answer *http.Response
	for until := time.Now().Add(patience); answer == nil; {
		var err error
		if answer, err = http.Get("http://" + at + "/healthz"); err != nil && time.Now().After(until) {
			t.Fatal(err)
		}
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("told %s", answer.Status)
	}
	if line := r.waitLog("listening"); line["url"] != "http://"+at {
		t.Errorf("it listens at %v", line["url"])
	}
}

// The units are what systemd understands, name only settings that there are, and lock the service in.
func TestUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not installed: apt-get install systemd")
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "greenroom") // systemd-analyze wants one that exists
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	var units []string
	for _, name := range []string{"greenroom.service", "greenroom.socket"} {
		text, err := os.ReadFile("deploy/systemd/" + name)
		if err != nil {
			t.Fatal(err)
		}
		known(t, name, string(text))
		unit := filepath.Join(folder, name)
		if err := os.WriteFile(unit, []byte(strings.Replace(string(text), "/usr/local/bin/greenroom", program, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		units = append(units, unit)
	}
	for _, args := range [][]string{append([]string{"verify", "--man=no"}, units...), {"security", "--offline=yes", "--threshold=15", units[0]}} {
		if said, err := exec.Command("systemd-analyze", args...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", args[0], err, said)
		} else if args[0] == "verify" && len(said) > 0 {
			t.Errorf("systemd-analyze complains:\n%s", said)
		}
	}
}
