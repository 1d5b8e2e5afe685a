package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/store/postgres/pgtest"
)

// composition is what compose.yaml says, as far as we write it.
type composition struct {
	Name     string
	Ours     service `yaml:"x-greenroom"`
	Services map[string]service
	Networks map[string]any
	Volumes  map[string]any
	Secrets  map[string]struct{ File string }
}

type service struct {
	Image       string
	Build       struct{ Context string }
	Restart     string
	Grace       time.Duration `yaml:"stop_grace_period"`
	ReadOnly    bool          `yaml:"read_only"`
	CapDrop     []string      `yaml:"cap_drop"`
	SecurityOpt []string      `yaml:"security_opt"`
	MemLimit    string        `yaml:"mem_limit"`
	PidsLimit   int           `yaml:"pids_limit"`
	Environment map[string]string
	Secrets     []string
	Networks    []string
	Tmpfs       []string
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Volumes     []string
	Ports       []string
	Command     []string
	Healthcheck *struct {
		Test     []string
		Interval time.Duration
		Retries  int
	}
}

func composed(t *testing.T) (c composition) {
	t.Helper()
	file, err := os.Open("deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	strict := yaml.NewDecoder(file)
	strict.KnownFields(true)
	if err := strict.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

// imageSettings are those that the Dockerfile gives the program, and the port that it exposes.
func imageSettings(t *testing.T) (settings map[string]string, port string) {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, last, _ := strings.Cut(string(text), "FROM scratch")
	settings = map[string]string{}
	for _, found := range regexp.MustCompile(`\b(GREENROOM_[A-Z_]+)=(\S+)`).FindAllStringSubmatch(last, -1) {
		settings[found[1]] = found[2]
	}
	for line := range strings.Lines(last) {
		if n, ok := strings.CutPrefix(line, "EXPOSE "); ok {
			port = strings.TrimSpace(n)
		}
	}
	if !strings.Contains(last, `ENTRYPOINT ["/greenroom"]`) || !strings.HasSuffix(settings["GREENROOM_LISTEN"], ":"+port) {
		t.Errorf("the image does not start the program, or not on its port: %v, port %s", settings, port)
	}
	return settings, port
}

// What the composition refers to is there, its names are the proxy's, and it leaves a server the
// time that it takes to drain.
func TestComposition(t *testing.T) {
	c := composed(t)
	_, port := imageSettings(t)
	caddy, err := os.ReadFile("deploy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	servers := 0
	for name, s := range c.Services {
		for _, n := range s.Networks {
			if _, ok := c.Networks[n]; !ok {
				t.Errorf("%s: there is no network %s", name, n)
			}
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, err := os.Stat(filepath.Join("deploy", from)); c.Volumes[from] == nil && (!strings.HasPrefix(from, "./") || err != nil) {
				t.Errorf("%s: there is no volume or file %s", name, from)
			}
			if used[from] && strings.HasPrefix(from, "data") {
				t.Errorf("%s: two servers share the folder %s", name, from)
			}
			used[from] = true
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File != "./secrets/"+secret {
				t.Errorf("%s: there is no secret %s", name, secret)
			}
		}
		for other, d := range s.DependsOn {
			if o, ok := c.Services[other]; !ok || d.Condition == "service_healthy" && o.Healthcheck == nil {
				t.Errorf("%s waits for %s to be %s, which it cannot be", name, other, d.Condition)
			}
		}
		if s.Image != "greenroom" {
			continue
		}
		servers++
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.MemLimit == "" || s.PidsLimit == 0 {
			t.Errorf("%s has rights that it does not need, or no bounds", name)
		}
		if drain := 20 * time.Second; s.Grace < drain+graceTime {
			t.Errorf("%s is killed after %s, before it has drained", name, s.Grace)
		}
		if !strings.Contains(string(caddy), name+":"+port) {
			t.Errorf("Caddy does not know %s", name)
		}
		for setting := range s.Environment {
			if setting != "PGPASSFILE" && !slices.Contains(settingNames(t), setting) {
				t.Errorf("%s sets %s, which no server knows", name, setting)
			}
		}
	}
	if servers != 2 {
		t.Errorf("%d servers", servers)
	}
}

// stack is what the composition describes, as processes of this machine: the same settings, files
// and commands, on other ports.
type stack struct {
	t       *testing.T
	url     string
	replace *strings.Replacer
	at      map[string]string // service to host:port
}

// TestCompositionAtWork starts what compose.yaml describes without an engine: two servers with their
// settings, PostgreSQL with its user, Redis with its command and Caddy with its file. People come in
// through Caddy, talk on while one server after the other is replaced, and nothing is lost.
func TestCompositionAtWork(t *testing.T) {
	s := compose(t)
	one := s.server("greenroom-1", "--dev")
	links := one.devLinks()
	one.waitPage(s.url+"/readyz", func(string) bool { return true })
	room := openRoom(t, one, links)
	running := map[string]*running{"greenroom-1": one, "greenroom-2": s.server("greenroom-2")}
	people := map[string]*guest{}
	said := 0
	for role, email := range map[string]string{"moderator": "priya@example.org", "speaker": "amara@example.org", "viewer": "ana@example.org"} {
		people[role] = newGuest(t, s.url)
		people[role].enter(links[role], room, email)
		defer people[role].hangUp()
	}
	everybody := func(when string) {
		for _, role := range slices.Sorted(maps.Keys(people)) {
			if g := people[role]; g.gone() {
				g.back(room)
			}
			people[role].speak(fmt.Sprint(role, " ", when))
			said++
		}
	}
	everybody("before")
	for _, name := range []string{"greenroom-1", "greenroom-2"} {
		running[name].signal(syscall.SIGTERM)
		running[name].waitLog("draining")
		for range 4 { // more tabs, which Caddy takes to the other one
			newcomer := &guest{t: t, base: s.url, http: people["viewer"].http}
			ctx, cancel := within(patience)
			if err := newcomer.connect(ctx, room); err != nil {
				t.Errorf("coming while %s drains: %v", name, err)
			}
			cancel()
			defer newcomer.hangUp()
		}
		if code := running[name].wait(); code != exitWell {
			t.Errorf("%s ended with %d", name, code)
		}
		everybody("without " + name)
		running[name] = s.server(name)
	}
	everybody("after")
	ctx, cancel := within(patience)
	defer cancel()
	if got := people["moderator"].history(ctx); len(got) != said {
		t.Errorf("said %d things, there are %d: %q", said, len(got), got)
	}
	for _, r := range running { // they hear each other
		r.waitPage(r.admin+"/metrics", func(text string) bool {
			return strings.Contains(text, `fate="received"`) && !strings.Contains(text, `greenroom_broker_messages_total{fate="received"} 0`)
		})
	}
}

func compose(t *testing.T) *stack {
	t.Helper()
	c := composed(t)
	s := &stack{t: t, at: map[string]string{}}
	secrets := makeSecrets(t)
	database := pgtest.Start(t, "fsync=off")
	database.Do(t, "CREATE ROLE greenroom LOGIN PASSWORD '"+secret(t, secrets, "postgres-password")+"'", "CREATE DATABASE greenroom OWNER greenroom")
	pgpass := strings.Replace(secret(t, secrets, "pgpass"), "postgres:5432", "127.0.0.1:*", 1)
	if err := os.WriteFile(filepath.Join(secrets, "pgpass"), []byte(pgpass), 0o600); err != nil {
		t.Fatal(err)
	}
	command := strings.Split(strings.ReplaceAll(strings.Join(c.Services["redis"].Command, "\n"), "/run/secrets", secrets), "\n")
	if command[0] != "redis-server" {
		t.Fatalf("Redis is started by %q", command)
	}
	redis := redistest.Start(t, command[1:]...)
	if said := redis.Do("PUBLISH", "gr:x", "x"); !strings.Contains(said, "NOAUTH") {
		t.Errorf("a stranger may publish: %s", said)
	}
	public := redistest.FreePort(t)
	s.url = fmt.Sprintf("http://127.0.0.1:%d", public)
	for _, name := range []string{"greenroom-1", "greenroom-2"} {
		s.at[name] = fmt.Sprintf("127.0.0.1:%d", redistest.FreePort(t))
	}
	s.replace = strings.NewReplacer("https://${GREENROOM_HOST:?say under which name people come}", s.url, "@postgres/", "@"+database.Address()+"/",
		"@redis", "@"+redis.Host, "/run/secrets", secrets, "172.28.0.0/24", "127.0.0.1", "0.0.0.0:8081", "127.0.0.1:0")
	proxies[2].start(t, public, s.at["greenroom-1"], s.at["greenroom-2"])
	return s
}

// makeSecrets follows the first lines of compose.yaml, word by word, and gives the folder.
func makeSecrets(t *testing.T) string {
	t.Helper()
	composition, err := os.ReadFile("deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rights, err := os.ReadFile("deploy/redis.acl")
	folder := t.TempDir()
	if err != nil || os.WriteFile(filepath.Join(folder, "redis.acl"), rights, 0o600) != nil {
		t.Fatal("redis.acl cannot be read or copied")
	}
	header, _, _ := strings.Cut(string(composition), "\nname:")
	script := "set -eu\n"
	for _, line := range regexp.MustCompile(`(?m)^#   (.*)$`).FindAllStringSubmatch(header, -1) {
		if !strings.Contains(line[1], "docker compose") {
			script += line[1] + "\n"
		}
	}
	sh := exec.Command("sh", "-c", script)
	sh.Dir = folder
	if said, err := sh.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("%v: %s\n%s", err, said, script)
	}
	return filepath.Join(folder, "secrets")
}

func secret(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// server starts one of the servers as the image and the composition say.
func (s *stack) server(name string, more ...string) *running {
	s.t.Helper()
	settings, _ := imageSettings(s.t)
	maps.Copy(settings, composed(s.t).Services[name].Environment)
	settings["GREENROOM_DATA"], settings["GREENROOM_LISTEN"], settings["GREENROOM_DRAIN"] = s.t.TempDir(), s.at[name], "1s"
	r := beginAs(s.t, func(c *exec.Cmd) {
		c.Args = append([]string{c.Args[0]}, more...) // all else is in the environment, as in a container
		for setting, value := range settings {
			c.Env = append(c.Env, setting+"="+s.replace.Replace(value))
		}
	})
	r.waitPage("http://"+s.at[name]+"/readyz", func(string) bool { return true })
	return r
}
