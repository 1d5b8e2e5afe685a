package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/store/postgres/pgtest"
)

const clusterKey = "a secret of at least thirty-two characters"

// several is two real servers on one PostgreSQL and one Redis. The first one has the seeded room,
// which is open.
type several struct {
	t     *testing.T
	redis *redistest.Server
	a, b  *running
	args  []string // of both
	links map[string]string
	room  string
}

func startSeveral(t *testing.T) *several {
	t.Helper()
	s := &several{t: t, redis: redistest.Start(t, "--requirepass", "secretpw")}
	between := []string{"--store", pgtest.Database(t), "--redis", "redis://:secretpw@" + s.redis.Host, "--cluster-key", clusterKey}
	s.args = between
	s.a = begin(t, append(between, "--dev", "--data", t.TempDir())...)
	s.links = s.a.devLinks()
	s.room = openRoom(t, s.a, s.links)
	s.b = begin(t, append(between, "--data", t.TempDir())...)
	return s
}

func (s *several) at(r *running, role, email string) *guest {
	g := newGuest(s.t, r.url)
	g.enter(s.links[role], s.room, email)
	s.t.Cleanup(g.hangUp)
	return g
}

// sees waits for an object that fits, and gives how long that took.
func (g *guest) sees(what string, fits func(message) bool) time.Duration {
	g.t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	began := time.Now()
	if _, err := g.await(ctx, fits); err != nil {
		g.t.Fatalf("%s: %v", what, err)
	}
	return time.Since(began)
}

func posted(text string) func(message) bool {
	return func(m message) bool { return m.Event == "chat.posted" && strings.Contains(string(m.Data), text) }
}

func degraded(on bool) func(message) bool {
	return func(m message) bool {
		var d struct{ On bool }
		return m.Signal == "degraded" && json.Unmarshal(m.Data, &d) == nil && d.On == on
	}
}

// speak says something, again and again as long as that is too quick.
func (g *guest) speak(text string) {
	g.t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	for key := newKey(); ; {
		_, err := g.say(ctx, key, text)
		no, refused := err.(*problem)
		switch {
		case err == nil:
			return
		case !refused || !no.Temporary:
			g.t.Fatalf("%s: %v", text, err)
		}
		time.Sleep(time.Duration(no.RetryMS) * time.Millisecond)
	}
}

// Any server serves any room: what happens on one is there on the other at once, with Redis killed
// in the middle too; a link in use on one is in use on the other; who dies is no longer counted
// (L8, R4, D3, C1).
func TestSeveralServers(t *testing.T) {
	s := startSeveral(t)
	priya, vera := s.at(s.a, "moderator", "priya@example.org"), s.at(s.b, "viewer", "ana@example.org")
	if status := newGuest(t, s.a.url).open(s.links["viewer"]); status != http.StatusLocked {
		t.Errorf("D3: a link in use on one server opens on the other with %d", status)
	}
	s.promote(priya, vera)
	vera.speak("hello from B")
	t.Logf("a message from B was seen on A %s after its answer", priya.sees("hello from B", posted("hello from B")))

	s.redis.Kill()
	vera.sees("that Redis is away", degraded(true))
	priya.speak("without Redis")
	if took := vera.sees("without Redis", posted("without Redis")); took > patience/3 { // two seconds, on a machine that has time: the fault rig holds to them
		t.Errorf("L8: without Redis a message took %s", took)
	}
	s.redis.Begin()
	vera.sees("that Redis is back", degraded(false))
	priya.speak("with Redis again")
	vera.sees("with Redis again", posted("with Redis again"))
	s.metrics()

	s.b.kill()
	priya.sees("that nobody is left on the server that died", func(m message) bool {
		var c struct{ Inside int }
		return m.Signal == "people.count" && json.Unmarshal(m.Data, &c) == nil && c.Inside == 1
	})
	for _, r := range []*running{s.a, s.b} {
		if said := r.output() + r.logged(); strings.Contains(said, "secretpw") || strings.Contains(said, clusterKey) {
			t.Error("a secret is in what the server says")
		}
	}
}

// Without Redis, too, two servers on one database serve one room: what happens on one is there on
// the other with its next look at the store, rights and links included.
func TestSeveralServersWithoutRedis(t *testing.T) {
	store := []string{"--store", pgtest.Database(t)}
	s := &several{t: t, a: begin(t, append(store, "--dev", "--data", t.TempDir())...)}
	s.links = s.a.devLinks()
	s.room = openRoom(t, s.a, s.links)
	s.b = begin(t, append(store, "--data", t.TempDir())...)
	priya, vera := s.at(s.a, "moderator", "priya@example.org"), s.at(s.b, "viewer", "ana@example.org")
	if status := newGuest(t, s.a.url).open(s.links["viewer"]); status != http.StatusLocked {
		t.Errorf("D3: a link in use on one server opens on the other with %d", status)
	}
	s.promote(priya, vera)
	vera.speak("hello from B")
	t.Logf("a message from B was seen on A %s after its answer", priya.sees("hello from B", posted("hello from B")))
	priya.speak("hello from A")
	vera.sees("hello from A", posted("hello from A"))
}

// promote has somebody on A make the viewer on B a moderator.
func (s *several) promote(by, who *guest) {
	s.t.Helper()
	ctx, cancel := within(patience)
	defer cancel()
	if err := by.command(ctx, "role.set", newKey(), map[string]string{"participant": s.find(ctx, by, "Ana"), "role": "speaker"}, nil); err != nil {
		s.t.Fatal(err)
	}
	took := who.sees("the promotion", func(m message) bool { return m.Event == "me.role" })
	s.t.Logf("a promotion on A was seen on B %s after its answer", took)
}

func (s *several) find(ctx context.Context, g *guest, name string) string {
	s.t.Helper()
	var page struct {
		Items []struct{ Participant, Name string }
	}
	if err := g.command(ctx, "people.page", "", map[string]any{"limit": 100}, &page); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range page.Items {
		if strings.Contains(p.Name, name) {
			return p.Participant
		}
	}
	s.t.Fatalf("no %s among %+v", name, page)
	return ""
}

// metrics looks at what is measured between servers, and at the line of the debug page.
func (s *several) metrics() {
	s.t.Helper()
	_, text := s.b.get(s.b.admin + "/metrics")
	for _, name := range []string{`greenroom_broker_buckets{state="sound"}`, `greenroom_broker_messages_total{fate="forged"} 0`, "greenroom_broker_batches_total",
		"greenroom_broker_publish_seconds_count", "greenroom_broker_echo_seconds_count", "greenroom_broker_resubscribes_total", "greenroom_broker_missed_probes_total",
		`greenroom_redis_pool_total{result="hit"}`, `greenroom_redis_connections{state="idle"}`, "greenroom_log_gaps_total", "greenroom_degraded_rooms 0"} {
		if !strings.Contains(text, name) {
			s.t.Errorf("%s is not among the metrics", name)
		}
	}
	exports(s.t, text)
	if _, page := s.b.get(s.b.admin + "/debug/"); !strings.Contains(page, "buckets connected") || strings.Contains(page, "secretpw") {
		s.t.Error("the debug page does not tell of Redis, or tells its password")
	}
	if status, _ := s.b.get(s.b.url + "/readyz"); status != http.StatusOK {
		s.t.Errorf("/readyz: %d", status)
	}
}

// A Redis that lets nobody in is told at the start; one that is away is waited for.
func TestRedisThatCannotBeUsed(t *testing.T) {
	s := redistest.Start(t, "--requirepass", "secretpw")
	s.Do("--pass", "secretpw", "ACL", "SETUSER", "stranger", "on", ">secretpw", "resetchannels", "&other:*", "+@all")
	base := []string{"--listen", "127.0.0.1:0", "--admin-listen", "off", "--data", t.TempDir(), "--store", pgtest.Database(t), "--cluster-key", clusterKey, "--redis"}
	for url, word := range map[string]string{"redis://:wrong-secretpw@" + s.Host: "WRONGPASS", "redis://" + s.Host: "NOAUTH", "redis://stranger:secretpw@" + s.Host: "NOPERM"} {
		said := refused(t, append(slices.Clip(base), url)...)
		_, said, _ = strings.Cut(said, "greenroom: ") // the database has said its own before
		must(t, said, "does not let this server in", word, "ACL SETUSER")
		if strings.Contains(said, "secretpw") {
			t.Errorf("the refusal tells the password: %s", said)
		}
	}
	s.Kill()
	r := begin(t, "--data", t.TempDir(), "--store", pgtest.Database(t), "--cluster-key", clusterKey, "--redis", "redis://:secretpw@"+s.Host)
	r.waitPage(r.url+"/readyz", func(string) bool { return true })
	if !strings.Contains(fmt.Sprint(r.messages()), "Redis does not answer") {
		t.Errorf("nothing is said of a Redis that is away: %q", r.messages())
	}
}

// Two sites that were given one Redis and, by mistake, one key: neither believes the other, and both
// go on (a shout of the other site would put foreign rights into this one).
func TestSameKeyOtherDatabase(t *testing.T) {
	s := redistest.Start(t)
	var sites []*running
	for range 2 {
		sites = append(sites, begin(t, "--dev", "--data", t.TempDir(), "--store", pgtest.Database(t), "--redis", "redis://"+s.Host, "--cluster-key", clusterKey))
	}
	for _, r := range sites {
		links := r.devLinks()
		room := openRoom(t, r, links)
		g := newGuest(t, r.url)
		g.enter(links["speaker"], room, "amara@example.org")
		defer g.hangUp()
		g.speak("to my own site")
	}
	for _, r := range sites {
		r.waitPage(r.admin+"/metrics", func(text string) bool {
			return !strings.Contains(text, `greenroom_broker_messages_total{fate="forged"} 0`) && strings.Contains(text, "greenroom_degraded_rooms 0")
		})
	}
}

// missed opens a link with a wrong secret, as somebody of this network.
func missed(t *testing.T, r *running, public, network string) (refused bool) {
	t.Helper()
	ask, err := http.NewRequest(http.MethodPost, r.url+"/api/v1/invitations/open", strings.NewReader(`{"invitation":"inv_aaaaaaaaaaaaaaaa","secret":"grl_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`))
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("Origin", public)
	ask.Header.Set("X-Forwarded-For", network)
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode >= 500 || answer.StatusCode == http.StatusOK {
		t.Fatalf("a wrong secret was told %s", answer.Status)
	}
	return answer.StatusCode == http.StatusTooManyRequests
}

// Whoever goes from server to server gains nothing: all together they grant one limit, and while
// Redis is away each grants its share.
func TestLimitsOfAllServersTogether(t *testing.T) {
	s := redistest.Start(t)
	args := []string{"--store", pgtest.Database(t), "--redis", "redis://" + s.Host, "--cluster-key", clusterKey, "--trusted-proxies", "127.0.0.1"}
	var all []*running
	for range 2 {
		all = append(all, begin(t, append(args, "--data", t.TempDir())...))
	}
	const limit = 30 // wrong secrets of one network in a minute
	granted := func(network string, pause time.Duration) (n int, most int) {
		began := time.Now()
		for range 2 * limit {
			for _, r := range all {
				if !missed(t, r, r.url, network) {
					n++
				}
				<-time.After(pause) // until the other has heard of it
			}
		}
		return n, limit + 2 + int(time.Since(began).Minutes()*limit+1)
	}
	missed(t, all[0], all[0].url, "192.0.2.1")
	for _, r := range all { // they have heard of each other
		r.waitPage(r.admin+"/metrics", func(text string) bool {
			return strings.Contains(text, `greenroom_broker_buckets{state="sound"}`) && !strings.Contains(text, `fate="received"} 0`)
		})
	}
	if n, most := granted("198.51.100.1", 150*time.Millisecond); n < limit || n > most {
		t.Errorf("two servers granted %d, of %d to %d", n, limit, most)
	}
	s.Kill()
	for _, r := range all {
		r.waitPage(r.admin+"/metrics", func(text string) bool { return strings.Contains(text, "greenroom_broker_buckets{state=\"sound\"} 0\n") })
	}
	waitShare(t, all, limit)
	if n, most := granted("203.0.113.1", 0); n < limit-2 || n > most {
		t.Errorf("without Redis two servers granted %d, of %d to %d", n, limit, most)
	}
}

// waitShare waits until each server grants its share alone, which it finds out within moments.
func waitShare(t *testing.T, all []*running, limit int) {
	t.Helper()
	for network := 1; ; network++ {
		if network > 200 {
			t.Fatal("a server that hears nobody still grants everything")
		}
		shares := 0
		for _, r := range all {
			n := 0
			for range limit {
				if !missed(t, r, r.url, fmt.Sprintf("10.%d.0.1", network)) {
					n++
				}
			}
			if n <= limit/2+1 {
				shares++
			}
		}
		if shares == len(all) {
			return
		}
	}
}
