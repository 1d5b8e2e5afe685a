// Package pgtest runs a real PostgreSQL for tests: one for each test binary,
// with a database of its own for each test that asks.
package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// TB is what is used of testing.TB. A program that is no test brings its own.
type TB interface {
	Helper()
	Cleanup(func())
	Skip(...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// Server is a running PostgreSQL. Its programs must not run as root: there it
// runs as the user postgres.
type Server struct {
	bin, folder string
	port        int
	made        atomic.Int64
	most        int       // bytes of any one file; 0: no limit
	process     *exec.Cmd // nil: stopped
}

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Database gives the URL of a new, empty database on the server that the tests
// of this binary share. Where PostgreSQL is not installed, the test is skipped.
func Database(t TB) string {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = start("fsync=off") })
	return url(t, shared.server, shared.err)
}

// Stop ends the shared server, if one was started. It is for TestMain.
func Stop() {
	if shared.server != nil {
		shared.server.end()
	}
}

// Start starts a server for one test, which may stop and start it. Settings are
// as in postgresql.conf.
func Start(t TB, settings ...string) *Server {
	t.Helper()
	s, err := start(settings...)
	url(t, s, err)
	t.Cleanup(s.end)
	return s
}

// Database gives the URL of a new, empty database.
func (s *Server) Database(t TB) string {
	t.Helper()
	return url(t, s, nil)
}

func url(t TB, s *Server, err error) string {
	t.Helper()
	if os.IsNotExist(err) {
		t.Skip("PostgreSQL is not installed: apt-get install postgresql")
	}
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprint("greenroom", s.made.Add(1))
	s.Do(t, "CREATE DATABASE "+name)
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, name)
}

// Do runs statements as the one who may do everything.
func (s *Server) Do(t TB, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if out, err := s.run("psql", "-q", "-h", s.folder, "-p", strconv.Itoa(s.port), "-d", "postgres", "-c", text); err != nil {
			t.Fatalf("%s: %v: %s", text, err, out)
		}
	}
}

// Standby starts a server that follows this one, whose databases it can read
// and not write until Promote.
func (s *Server) Standby(t TB) *Server {
	t.Helper()
	follower := &Server{bin: s.bin}
	err := follower.chooseFolder()
	if err == nil {
		err = follower.choosePort()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(follower.end)
	if out, err := s.run("pg_basebackup", "-h", s.folder, "-p", strconv.Itoa(s.port), "-D", follower.data(), "-R", "-c", "fast", "--no-sync"); err != nil {
		t.Fatalf("pg_basebackup: %v: %s", err, out)
	}
	if err := errors.Join(follower.configure(), follower.Run()); err != nil {
		t.Fatal(err)
	}
	return follower
}

// Promote makes a standby a server of its own.
func (s *Server) Promote() error {
	out, err := s.run("pg_ctl", "-D", s.data(), "-w", "-t", "60", "promote")
	if err != nil {
		return fmt.Errorf("pg_ctl promote: %w: %s", err, out)
	}
	return nil
}

// Instead gives the URL of the database of this name that another server
// gave, at this one.
func (s *Server) Instead(url string, of *Server) string {
	return strings.Replace(url, of.Address(), s.Address(), 1)
}

// Fill lets no file grow above so many bytes from the next Run on, as if the
// disk were full then; 0 is as much as there is. It is to be more than 16 MiB,
// a segment of the database's own log.
func (s *Server) Fill(bytes int) { s.most = bytes }

// start makes a cluster whose own order of texts is a language's, so that
// whoever forgets to say otherwise is found out.
func start(settings ...string) (*Server, error) {
	s := &Server{}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return nil, os.ErrNotExist
	}
	s.bin = filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return release(a) - release(b) }))
	if err := s.chooseFolder(); err != nil {
		return nil, err
	}
	out, err := s.run("initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
		"--locale-provider=icu", "--icu-locale=en", "--no-sync")
	if err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := s.choosePort(); err != nil {
		return nil, err
	}
	if err := s.configure(settings...); err != nil {
		return nil, err
	}
	return s, s.Run()
}

func (s *Server) chooseFolder() (err error) {
	if s.folder, err = os.MkdirTemp("", "greenroom-pg-"); err != nil {
		return err
	}
	return s.ownFolder()
}

func (s *Server) configure(settings ...string) error {
	conf := append([]string{fmt.Sprintf("port=%d", s.port), "listen_addresses='127.0.0.1'", "unix_socket_directories='" + s.folder + "'"}, settings...)
	file, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	fmt.Fprintln(file, strings.Join(conf, "\n"))
	return file.Close()
}

// release is the number in a path such as /usr/lib/postgresql/15/bin/initdb.
func release(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// choosePort takes one below those that systems give to connections, so that it
// is still free when the server comes back.
func (s *Server) choosePort() error {
	for range 1000 {
		s.port = 22000 + rand.IntN(10000)
		if l, err := net.Listen("tcp", s.Address()); err == nil {
			return l.Close()
		}
	}
	return errors.New("no free port between 22000 and 32000")
}

// Address is where it listens.
func (s *Server) Address() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Run starts it again after Stop, and waits until it answers. It ends with the
// test, even if that is killed.
func (s *Server) Run() error {
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	process, err := s.command("postgres", "-D", s.data())
	if err != nil {
		return err
	}
	process.Stdout, process.Stderr = log, log
	endWithUs(process)
	if err := process.Start(); err != nil {
		return err
	}
	s.process = process
	return s.awaitAnswer()
}

func (s *Server) awaitAnswer() error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); <-tick.C {
		if _, err := s.run("pg_isready", "-q", "-h", s.folder, "-p", strconv.Itoa(s.port)); err == nil {
			return nil
		}
	}
	said, _ := os.ReadFile(filepath.Join(s.folder, "log"))
	return fmt.Errorf("postgres does not answer: %s", said)
}

// Stop stops it: fast ends all connections, immediate is a crash.
func (s *Server) Stop(how string) error {
	out, err := s.run("pg_ctl", "-D", s.data(), "-w", "-t", "60", "-m", how, "stop")
	if err != nil {
		return fmt.Errorf("pg_ctl stop: %w: %s", err, out)
	}
	_ = s.process.Wait()
	s.process = nil
	return nil
}

func (s *Server) end() {
	if s.process != nil && s.Stop("immediate") != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
	}
	for range 50 { // the last processes still write as they go
		if os.RemoveAll(s.folder) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// run runs one of PostgreSQL's programs to its end.
func (s *Server) run(program string, args ...string) (string, error) {
	command, err := s.command(program, args...)
	if err != nil {
		return "", err
	}
	said, err := command.CombinedOutput()
	return string(bytes.TrimSpace(said)), err
}

func (s *Server) command(program string, args ...string) (*exec.Cmd, error) {
	command := exec.Command(filepath.Join(s.bin, program), args...)
	if s.most > 0 { // in blocks of 512 bytes; one more, so that the last page of a file fits in part
		limit := fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, s.most/512+1)
		command = exec.Command("/bin/sh", append([]string{"-c", limit, filepath.Join(s.bin, program)}, args...)...)
	}
	command.Dir = s.folder
	command.Env = append(os.Environ(), "PGUSER=postgres", "LC_ALL=C.UTF-8")
	return command, asPostgres(command)
}
