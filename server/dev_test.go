package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What --dev prints is a contract (PROTOCOL.md §1).
func TestDevLines(t *testing.T) {
	r := begin(t, "--dev")
	links := r.devLinks()
	base, admin := regexp.QuoteMeta(r.url), regexp.QuoteMeta(r.admin)
	for name, form := range map[string]string{
		"owner":     `^` + base + `/signin#grs_[\w-]{43}$`,
		"moderator": `^` + base + `/i/[a-z0-9]+#gri_[\w-]{43}$`,
		"speaker":   `^` + base + `/i/[a-z0-9]+#gri_[\w-]{43}$`,
		"viewer":    `^` + base + `/i/[a-z0-9]+#gri_[\w-]{43}$`,
		"viewer2":   `^` + base + `/i/[a-z0-9]+#gri_[\w-]{43}$`,
		"room":      `^` + base + `/r/[a-z0-9]+$`,
		"mail":      `^` + admin + `/mail$`,
		"admin":     `^` + admin + `/$`,
		"key":       `^grk_[\w-]{43}$`,
	} {
		if !regexp.MustCompile(form).MatchString(links[name]) {
			t.Errorf("%s is %q, want %s", name, links[name], form)
		}
	}
	if !strings.HasPrefix(r.url, "http://127.0.0.1:") || strings.HasSuffix(r.url, ":0") {
		t.Errorf("it listens at %s", r.url)
	}
	opens := time.Until(roomOf(t, r, links).StartsAt)
	if opens <= 0 || opens > time.Minute {
		t.Errorf("the room opens in %s", opens)
	}
	mails := r.waitPage(links["mail"], func(body string) bool {
		return strings.Count(body, "@example.org") >= 4
	})
	if strings.Count(mails, "Invitation to") != 2 || !strings.Contains(mails, "priya@example.org") {
		t.Errorf("the mails: %s", mails)
	}
	found := false
	for n := range 4 {
		_, body := r.get(fmt.Sprint(links["mail"], "/", n+1))
		found = found || strings.Contains(body, links["viewer"])
	}
	if !found {
		t.Error("no mail has the viewer's link")
	}
	if status, body := r.get(links["admin"]); status != 200 || !strings.Contains(body, devTitle) {
		t.Errorf("the debug page: %d %s", status, body)
	}
	if status, body := r.get(r.admin + "/debug/check"); status != 200 || !strings.Contains(body, "Every replica equals its log") {
		t.Errorf("the check: %d %s", status, body)
	}
	data := regexp.MustCompile(`in (/\S+)\. The room opens`).FindStringSubmatch(r.output())
	r.signal(syscall.SIGTERM)
	if code := r.wait(); code != exitWell {
		t.Errorf("exit code %d", code)
	}
	if data == nil {
		t.Fatal("it does not say where its data are")
	}
	if _, err := os.Stat(data[1]); !os.IsNotExist(err) {
		t.Errorf("the temporary folder stays: %v", err)
	}
}

func roomOf(t *testing.T, r *running, links map[string]string) (room devRoom) {
	t.Helper()
	id := links["room"][strings.LastIndex(links["room"], "/")+1:]
	if err := asOwner(t, r, links).call(t.Context(), "GET", "/api/v1/rooms/"+id, nil, &room); err != nil {
		t.Fatal(err)
	}
	return room
}

func asOwner(t *testing.T, r *running, links map[string]string) caller {
	return caller{base: parsed(t, r.url), host: strings.TrimPrefix(r.url, "http://"), key: links["key"]}
}

// A kept folder is seeded once; what only its maker knew is made anew.
func TestDevKeepsItsFolder(t *testing.T) {
	data := t.TempDir()
	first := begin(t, "--dev", "--data", data)
	before := first.devLinks()
	starts := roomOf(t, first, before).StartsAt
	first.kill()

	second := begin(t, "--dev", "--data", data)
	after := second.devLinks()
	for _, name := range []string{"owner", "moderator", "speaker", "viewer", "viewer2", "key"} {
		if after[name] == "" || after[name] == before[name] {
			t.Errorf("%s was %q, is %q", name, before[name], after[name])
		}
	}
	if again := roomOf(t, second, after); !again.StartsAt.Equal(starts) || !strings.HasSuffix(before["room"], again.ID) {
		t.Errorf("another room: %+v", again)
	}
	var list struct{ Items []devRoom }
	if err := asOwner(t, second, after).call(t.Context(), "GET", "/api/v1/rooms?show=all", nil, &list); err != nil || len(list.Items) != 1 {
		t.Errorf("%d rooms, %v", len(list.Items), err)
	}
	if guest := newGuest(t, second.url); guest.open(after["viewer"]) != http.StatusOK {
		t.Error("the new link does not open")
	}
	if guest := newGuest(t, second.url); guest.open(strings.Replace(before["viewer"], first.url, second.url, 1)) == http.StatusOK {
		t.Error("the old link still opens")
	}
}

func TestDevServersSideBySide(t *testing.T) {
	one, two := begin(t, "--dev"), begin(t, "--dev")
	a, b := one.devLinks(), two.devLinks()
	if one.url == two.url || one.admin == two.admin || a["room"] == b["room"] {
		t.Errorf("they share something: %v %v", a, b)
	}
	for _, r := range []*running{one, two} {
		if status, _ := r.get(r.url + "/readyz"); status != 200 {
			t.Errorf("%s: %d", r.url, status)
		}
	}
}

// A trial does not touch the folder of a real site.
func TestDevOnRealSite(t *testing.T) {
	data := t.TempDir()
	real := begin(t, "--data", data)
	real.waitFor("set-up link", func() bool { return strings.Contains(real.out.String(), setupFile) })
	if status := takeSetup(t, real.url, offered(t, real.output()), "owner@example.net"); status != http.StatusCreated {
		t.Fatalf("set-up: %d", status)
	}
	real.kill()
	said := refused(t, "--dev", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "error")
	must(t, said, "belongs to a real site", "--dev")
}

// The public listener has the documented pages only (SECURITY.md T39).
func TestNothingOfTheKeeperOutside(t *testing.T) {
	r := begin(t, "--dev")
	for _, path := range []string{"/metrics", "/debug/", "/debug/pprof/", "/debug/gc", "/debug/pprof/heap", "/mail", "/mail/1", "/style.css", "/debug/check"} {
		if status, body := r.get(r.url + path); status != 404 {
			t.Errorf("%s on the public listener: %d %.80s", path, status, body)
		}
	}
	status, body := r.get(r.admin + "/metrics")
	for _, want := range []string{"greenroom_build_info{", "greenroom_connections ", "greenroom_http_requests_total{", "greenroom_live_rooms ", "go_goroutines "} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %q: %d", want, status)
		}
	}
	var collected map[string]float64
	answer, err := http.Post(r.admin+"/debug/gc", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&collected); err != nil || collected["rss_bytes"] == 0 {
		t.Errorf("POST /debug/gc: %v %v", collected, err)
	}
}
