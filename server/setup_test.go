package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/store"
)

var setupLink = regexp.MustCompile(`http://127\.0\.0\.1:\d+/setup#(grs_[A-Za-z0-9_-]{43})\b`)

// takeSetup tries to become the first owner.
func takeSetup(t *testing.T, base, secret, email string) int {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"secret": secret, "email": email, "first_name": "Daniel", "last_name": "Okafor", "password": "correct horse battery"})
	r, err := http.NewRequest(http.MethodPost, base+"/api/v1/setup", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", base)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func offered(t *testing.T, text string) string {
	t.Helper()
	all := setupLink.FindAllStringSubmatch(text, -1)
	if len(all) != 1 {
		t.Fatalf("%d set-up links in: %s", len(all), text)
	}
	return all[0][1]
}

// An empty site prints one link, which makes one owner, once; nothing reopens it (SECURITY.md T32).
func TestSetupLink(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(data, setupFile)
	first := begin(t, "--data", data)
	first.waitFor("set-up link", func() bool { return strings.Contains(first.out.String(), setupFile) })
	secret := offered(t, first.output())
	info, err := os.Stat(file)
	if err != nil || info.Mode() != 0o600 {
		t.Fatalf("the file with the link: %v %v", info, err)
	}
	if text, _ := os.ReadFile(file); !strings.Contains(string(text), secret) {
		t.Errorf("the file holds another link: %s", text)
	}
	if strings.Contains(first.logged(), "grs_") {
		t.Error("the link is in the log")
	}
	first.signal(syscall.SIGINT)
	if code := first.wait(); code != exitWell {
		t.Errorf("exit code %d", code)
	}

	second := begin(t, "--data", data)
	second.waitFor("set-up link", func() bool { return strings.Contains(second.out.String(), setupFile) })
	if status := takeSetup(t, second.url, "grs_"+strings.Repeat("A", 43), "a@example.org"); status != 404 {
		t.Errorf("a wrong secret: %d", status)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if takeSetup(t, second.url, secret, "daniel@example.org") == http.StatusCreated {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d became the first owner", won.Load())
	}
	gone := func() bool {
		_, err := os.Stat(file)
		return os.IsNotExist(err)
	}
	for deadline := time.Now().Add(patience); !gone(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the file with the link stays")
		}
	}
	second.kill()

	third := begin(t, "--data", data)
	if out := third.output(); strings.Contains(out, "/setup#") {
		t.Errorf("a restart offers another link: %s", out)
	}
	if status := takeSetup(t, third.url, secret, "eve@example.org"); status != 404 {
		t.Errorf("the link works again: %d", status)
	}
	must(t, refused(t, "setup-link", "--data", data), "has an owner already")
}

// The command gives a link for a running server whose first link was lost, and a key.
func TestCommandsBesideServer(t *testing.T) {
	data := t.TempDir()
	r := begin(t, "--data", data)
	command := func(args ...string) string {
		t.Helper()
		cmd := programCommand(append(args, "--data", data, "--listen", strings.TrimPrefix(r.url, "http://"))...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, &stderr)
		}
		return string(out)
	}
	secret := offered(t, command("setup-link"))
	must(t, refused(t, "keys", "create", "--email", "daniel@example.org", "--data", data), "nobody has an account", "daniel@example.org")
	must(t, refused(t, "keys", "create", "--email", "daniel", "--data", data), "--email")
	if status := takeSetup(t, r.url, secret, "Daniel@Example.org"); status != http.StatusCreated {
		t.Fatalf("set-up: %d", status)
	}
	key := strings.TrimSpace(command("keys", "create", "--email", "daniel@example.org"))
	if !regexp.MustCompile(`^grk_[A-Za-z0-9_-]{43}$`).MatchString(key) {
		t.Fatalf("the key is %q", key)
	}
	asKey := caller{base: parsed(t, r.url), host: strings.TrimPrefix(r.url, "http://"), key: key}
	var me struct{ Person struct{ Email string } }
	if err := asKey.call(t.Context(), "GET", "/api/v1/session", nil, &me); err != nil || me.Person.Email != "Daniel@Example.org" {
		t.Errorf("the key is of %+v, %v", me, err)
	}
	must(t, refused(t, "keys", "end", "--email", "daniel@example.org", "--key", "none", "--data", data), "no key none")
	row := strings.Fields(strings.Split(command("keys", "list", "--email", "daniel@example.org"), "\n")[1])
	if row[1] != "all" || row[len(row)-2] != "command" {
		t.Errorf("the list says %v", row)
	}
	command("keys", "end", "--email", "daniel@example.org", "--key", row[0])
	if err := asKey.call(t.Context(), "GET", "/api/v1/session", nil, &me); err == nil {
		t.Error("an ended key works")
	}
	expired := strings.TrimSpace(command("keys", "create", "--email", "daniel@example.org", "--expires", "1ns"))
	asKey.key = expired
	if err := asKey.call(t.Context(), "GET", "/api/v1/rooms", nil, &me); err == nil {
		t.Error("an expired key works")
	}
}

// nobodyOwns is a store without an owner.
type nobodyOwns struct{ store.Store }

func (nobodyOwns) OwnerExists(ctx context.Context) (bool, error) { return false, nil }

// The file with the link goes when the link has expired.
func TestSetupFileExpires(t *testing.T) {
	file := filepath.Join(t.TempDir(), setupFile)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		go forgetSetup(t.Context(), nobodyOwns{}, file, setupLife)
		time.Sleep(setupLife - time.Second)
		synctest.Wait()
		if _, err := os.Stat(file); err != nil {
			t.Errorf("before the hour is over: %v", err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("after the hour: %v", err)
		}
	})
}
