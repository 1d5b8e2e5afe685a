package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/store/postgres/pgtest"
)

// proxy is one of those that people put in front, with the settings that we give them.
type proxy struct {
	program, file string
	port          string // what stands for the port in the file
	command       func(folder, file string) *exec.Cmd
}

var proxies = []proxy{
	{"nginx", "deploy/proxies/nginx.conf", "listen 80;", func(folder, file string) *exec.Cmd {
		whole := "user root;\ndaemon off;\npid nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\nclient_body_temp_path body;\nproxy_temp_path proxy;\n" +
			"fastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\ninclude " + file + ";\n}\n"
		if os.Getuid() != 0 {
			whole = strings.TrimPrefix(whole, "user root;\n")
		}
		main := filepath.Join(folder, "main.conf")
		_ = os.WriteFile(main, []byte(whole), 0o600)
		return exec.Command("nginx", "-p", folder, "-e", "stderr", "-c", main)
	}},
	{"haproxy", "deploy/proxies/haproxy.cfg", "bind :80 ", func(_, file string) *exec.Cmd { return exec.Command("haproxy", "-db", "-f", file) }},
	{"caddy", "deploy/Caddyfile", "{$GREENROOM_HOST}", func(folder, file string) *exec.Cmd {
		c := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", file)
		c.Env = append(os.Environ(), "HOME="+folder, "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder)
		return c
	}},
}

// start runs the proxy in front of two servers until the test ends.
func (p proxy) start(t *testing.T, port int, one, two string) {
	t.Helper()
	if _, err := exec.LookPath(p.program); err != nil {
		t.Skipf("%s is not installed: apt-get install nginx-light haproxy caddy", p.program)
	}
	text, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	said := strings.NewReplacer("127.0.0.1:8080", one, "127.0.0.1:8090", two, "greenroom-1:8080", one, "greenroom-2:8080", two,
		"listen 80;", "listen "+at+";", "bind :80 ", "bind "+at+" ", "{$GREENROOM_HOST}", "http://"+at).Replace(string(text))
	if p.program == "caddy" {
		said = "{\n\tadmin off\n}\n" + said
	}
	folder := t.TempDir()
	file := filepath.Join(folder, filepath.Base(p.file))
	if err := os.WriteFile(file, []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := p.command(folder, file)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", p.program, &log)
		}
	})
	for until := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", at); err == nil {
			c.Close()
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%s does not listen", p.program)
		}
	}
}

// Through each proxy people come in by a socket, are told apart by their own address, and lose
// nothing when the servers behind are replaced one after another.
func TestProxies(t *testing.T) {
	for _, p := range proxies {
		t.Run(p.program, func(t *testing.T) { throughProxy(t, p) })
	}
}

func throughProxy(t *testing.T, p proxy) {
	port := redistest.FreePort(t)
	public := fmt.Sprintf("http://127.0.0.1:%d", port)
	one, two := fmt.Sprintf("127.0.0.1:%d", redistest.FreePort(t)), fmt.Sprintf("127.0.0.1:%d", redistest.FreePort(t))
	args := []string{"--store", pgtest.Database(t), "--redis", "redis://" + redistest.Start(t).Host, "--cluster-key", clusterKey, "--drain", "500ms",
		"--public-url", public, "--trusted-proxies", "127.0.0.1"}
	p.start(t, port, one, two)
	a := begin(t, append(args, "--dev", "--data", t.TempDir(), "--listen", one)...)
	links := a.devLinks()
	a.waitPage(public+"/readyz", func(string) bool { return true })
	room := openRoom(t, a, links)
	b := begin(t, append(args, "--data", t.TempDir(), "--listen", two)...)
	b.waitPage("http://"+two+"/readyz", func(string) bool { return true })

	g := newGuest(t, public)
	g.enter(links["moderator"], room, "priya@example.org")
	defer g.hangUp()
	g.speak("through the proxy")
	moved := 0
	for i, r := range []*running{a, b} {
		r.signal(syscall.SIGTERM)
		r.wait()
		if g.gone() {
			moved++
			g.back(room)
		}
		g.speak(fmt.Sprint("after stop ", i))
		r = begin(t, append(args, "--data", t.TempDir(), "--listen", []string{one, two}[i])...)
		r.waitPage("http://"+[]string{one, two}[i]+"/readyz", func(string) bool { return true })
		a.waitPage(public+"/readyz", func(string) bool { return true })
	}
	if moved == 0 {
		t.Error("both servers were stopped, and the connection never ended")
	}
	ctx, cancel := within(patience)
	defer cancel()
	if got := g.history(ctx); len(got) != 3 {
		t.Errorf("said three things, there are %q", got)
	}
}

// gone says whether the connection has ended.
func (g *guest) gone() bool {
	ctx, cancel := within(patience)
	defer cancel()
	var clock struct{}
	return g.command(ctx, "time", "", map[string]int{"t0": 1}, &clock) != nil
}

// back connects again, once.
func (g *guest) back(room string) {
	g.t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	if err := g.connect(ctx, room); err != nil {
		g.t.Fatalf("coming back: %v", err)
	}
}
