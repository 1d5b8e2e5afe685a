// Package redistest runs real Redis servers for a test, on free ports of this
// machine: one alone, one behind a Sentinel, or a Cluster of three. They can
// be killed and come back. Where redis-server is not installed the test is
// skipped, and CI installs it.
package redistest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// TB is what is used of testing.TB. A program that is no test brings its own.
type TB interface {
	Helper()
	Cleanup(func())
	TempDir() string
	Skip(...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// Patience is how long is waited for what must come.
const Patience = 30 * time.Second

// Server is one Redis.
type Server struct {
	Host string // host:port
	Port int
	Told int // the port that others are told of; Port, unless there is a Front

	t       TB
	folder  string
	args    []string
	cli     []string // flags that redis-cli needs
	process *exec.Cmd
	ended   chan struct{}
}

// Front puts something before a port and gives the port of that, for others to
// be told of instead, as behind NAT.
type Front func(port int) int

func straight(port int) int { return port }

// Start runs a server with more lines of configuration, such as "--requirepass
// x", until the test ends. The port is chosen here.
func Start(t TB, args ...string) *Server {
	t.Helper()
	s := prepare(t)
	s.args = args
	s.Begin()
	return s
}

// prepare chooses a server's port and starts nothing yet.
func prepare(t TB) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed: apt-get install redis-server (the package redis-tools comes with it)")
	}
	s := &Server{t: t, folder: t.TempDir(), Port: FreePort(t)}
	s.Host, s.Told = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), s.Port
	t.Cleanup(s.Kill)
	return s
}

// StartTLS runs a server that speaks TLS alone, with this certificate and key.
func StartTLS(t TB, certificate, key string, args ...string) *Server {
	t.Helper()
	s := prepare(t)
	s.cli = []string{"--tls", "--insecure"}
	s.args = append(args, "--port", "0", "--tls-port", strconv.Itoa(s.Port), "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no")
	s.Begin()
	return s
}

// given are the ports that this process has been given.
var given sync.Map

// FreePort gives a port that nobody uses now and that it has not given before,
// with room for a Cluster's second one 10,000 above. Both lie below those that
// systems give to connections, so that it is still free when a server comes
// back.
func FreePort(t TB) int {
	t.Helper()
	for range 1000 {
		port := 10000 + rand.IntN(10000)
		if _, before := given.LoadOrStore(port, true); !before && free(port) && free(port+10000) {
			return port
		}
	}
	t.Fatal("no free port between 10000 and 20000")
	return 0
}

func free(port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// Begin starts the process, also after Kill, and waits until it answers.
func (s *Server) Begin() {
	s.t.Helper()
	args := append([]string{"--port", strconv.Itoa(s.Port), "--bind", "127.0.0.1", "--dir", s.folder, "--save", "", "--daemonize", "no"}, s.args...)
	s.begin(exec.Command("redis-server", args...))
}

func (s *Server) begin(process *exec.Cmd) {
	s.t.Helper()
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	process.Stdout, process.Stderr = log, log
	if err := process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.process, s.ended = process, make(chan struct{})
	go func(ended chan struct{}) {
		defer close(ended)
		_ = process.Wait()
	}(s.ended)
	s.Wait("PING", "ING", "NOAUTH", "NOPERM", "PONG")
}

// Kill ends the process with SIGKILL.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	<-s.ended
	s.process = nil
}

// Signal sends a signal, such as SIGSTOP.
func (s *Server) Signal(what os.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(what); err != nil {
		s.t.Fatal(err)
	}
}

// Do runs a command by redis-cli and gives what it printed, errors too.
func (s *Server) Do(args ...string) string {
	s.t.Helper()
	return s.run(nil, args)
}

// DoWith is Do with a last argument of any bytes.
func (s *Server) DoWith(last []byte, args ...string) string {
	s.t.Helper()
	return s.run(bytes.NewReader(last), append([]string{"-x"}, args...))
}

func (s *Server) run(in io.Reader, args []string) string {
	all := append([]string{"-h", "127.0.0.1", "-p", strconv.Itoa(s.Port)}, s.cli...)
	command := exec.Command("redis-cli", append(all, args...)...)
	command.Stdin = in
	out, _ := command.CombinedOutput()
	return string(out)
}

// Wait runs a command until its answer holds one of the words.
func (s *Server) Wait(command string, words ...string) string {
	s.t.Helper()
	var said string
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		said = s.Do(strings.Fields(command)...)
		for _, word := range words {
			if strings.Contains(said, word) {
				return said
			}
		}
		select {
		case <-s.ended:
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			s.t.Fatalf("redis-server has ended:\n%s", log)
		default:
		}
	}
	s.t.Fatalf("%s never says %q, but %q", command, words, said)
	return ""
}

// StartCluster runs three masters that share the slots.
func StartCluster(t TB) []*Server {
	t.Helper()
	return StartClusterBehind(t, straight, straight)
}

// StartClusterBehind is StartCluster with something before each node, for
// clients and for the other nodes, and with more lines of configuration.
func StartClusterBehind(t TB, clients, others Front, args ...string) []*Server {
	t.Helper()
	var nodes []*Server
	create := []string{"--cluster", "create"}
	for range 3 {
		n := prepare(t)
		n.Told = clients(n.Port)
		n.args = append([]string{"--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-announce-ip", "127.0.0.1",
			"--cluster-announce-port", strconv.Itoa(n.Told), "--cluster-announce-bus-port", strconv.Itoa(others(n.Port + 10000))}, args...)
		n.Begin()
		nodes, create = append(nodes, n), append(create, n.Host)
	}
	if said := nodes[0].Do(append(create, "--cluster-yes")...); !strings.Contains(said, "16384 slots covered") {
		t.Fatalf("the cluster was not made: %s", said)
	}
	for _, n := range nodes {
		n.Wait("CLUSTER INFO", "cluster_state:ok")
	}
	return nodes
}

// Slot is the slot of a channel or key.
func (s *Server) Slot(name string) string {
	s.t.Helper()
	return strings.TrimSpace(s.Do("CLUSTER", "KEYSLOT", name))
}

// MoveSlot gives a slot of a Cluster from its owner to another of the nodes, as
// redis-cli --cluster reshard does.
func MoveSlot(t TB, nodes []*Server, slot string) {
	t.Helper()
	ids := make([]string, len(nodes))
	from, number := -1, 0
	if _, err := fmt.Sscan(slot, &number); err != nil {
		t.Fatalf("slot %q: %v", slot, err)
	}
	for i, n := range nodes {
		ids[i] = strings.TrimSpace(n.Do("CLUSTER", "MYID"))
		for line := range strings.Lines(n.Do("CLUSTER", "NODES")) {
			if strings.Contains(line, "myself") && owns(line, number) {
				from = i
			}
		}
	}
	if from < 0 {
		t.Fatalf("nobody has slot %s", slot)
	}
	to := (from + 1) % len(nodes)
	steps := []struct {
		on   int
		args []string
	}{
		{to, []string{"IMPORTING", ids[from]}}, {from, []string{"MIGRATING", ids[to]}},
		{to, []string{"NODE", ids[to]}}, {from, []string{"NODE", ids[to]}}, {3 - to - from, []string{"NODE", ids[to]}},
	}
	for _, step := range steps {
		if said := nodes[step.on].Do(append([]string{"CLUSTER", "SETSLOT", slot}, step.args...)...); said != "OK\n" {
			t.Fatalf("SETSLOT %s %v: %s", slot, step.args, said)
		}
	}
}

// owns says whether a line of CLUSTER NODES has a slot.
func owns(line string, slot int) bool {
	fields := strings.Fields(line)
	for _, span := range fields[min(8, len(fields)):] {
		first, last, ok := strings.Cut(span, "-")
		from, bad := strconv.Atoi(first)
		to := from
		if ok {
			to, _ = strconv.Atoi(last)
		}
		if bad == nil && from <= slot && slot <= to {
			return true
		}
	}
	return false
}

// StartSentinel runs a master called main, a replica and a Sentinel that
// decides alone within seconds.
func StartSentinel(t TB) (sentinel, master, replica *Server) {
	t.Helper()
	return StartSentinelBehind(t, straight)
}

// StartSentinelBehind is StartSentinel with something before the master and the
// replica, also for each other and for the Sentinel, and with more lines of
// configuration for all three.
func StartSentinelBehind(t TB, front Front, args ...string) (sentinel, master, replica *Server) {
	t.Helper()
	for _, s := range []**Server{&master, &replica} {
		one := prepare(t)
		one.Told = front(one.Port)
		one.args = append([]string{"--replica-announce-ip", "127.0.0.1", "--replica-announce-port", strconv.Itoa(one.Told)}, args...)
		*s = one
	}
	replica.args = append(replica.args, "--replicaof", "127.0.0.1", strconv.Itoa(master.Told))
	master.Begin()
	replica.Begin()
	replica.Wait("INFO replication", "master_link_status:up")
	sentinel = prepare(t)
	file := filepath.Join(sentinel.folder, "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind 127.0.0.1\ndir %s\nsentinel monitor main 127.0.0.1 %d 1\nsentinel down-after-milliseconds main 1000\nsentinel failover-timeout main 5000\n%s\n",
		sentinel.Port, sentinel.folder, master.Told, strings.ReplaceAll(" "+strings.Join(args, " "), " --", "\n"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel.begin(exec.Command("redis-server", file, "--sentinel"))
	sentinel.Wait("SENTINEL replicas main", strconv.Itoa(replica.Told))
	return sentinel, master, replica
}
