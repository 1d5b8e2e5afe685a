package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"greenroom/hub/store/postgres/pgtest"
)

// A database that cannot be used is refused in words, which do not hold its password.
func TestPostgresThatCannotBeUsed(t *testing.T) {
	url := pgtest.Database(t)
	for store, want := range map[string]string{
		"postgres://greenroom:secretpw@127.0.0.1:1/greenroom":               "cannot be reached",
		strings.Replace(url, "/greenroom", "/nowhere", 1):                   "no database of this name",
		strings.Replace(url, "postgres@", "nobody:secretpw@", 1):            "role",
		"postgres://127.0.0.1:1/greenroom?user=greenroom&password=secretpw": "cannot be reached",
	} {
		said := refused(t, "--listen", "127.0.0.1:0", "--admin-listen", "off", "--log-level", "error", "--data", t.TempDir(), "--store", store)
		must(t, said, want, "--store")
		if strings.Contains(said, "secretpw") {
			t.Errorf("the refusal tells the password: %s", said)
		}
	}
}

// A server whose PostgreSQL goes away says that it is not ready, and is ready again when it comes
// back. The password of the database is nowhere in what it says.
func TestPostgresComesAndGoes(t *testing.T) {
	database := pgtest.Start(t, "fsync=off")
	store := strings.Replace(database.Database(t), "postgres@", "postgres:secretpw@", 1)
	r := begin(t, "--data", t.TempDir(), "--store", store)
	r.waitPage(r.url+"/readyz", func(string) bool { return true })
	_, metrics := r.get(r.admin + "/metrics")
	for _, name := range []string{`greenroom_store_connections{state="busy"}`, "greenroom_store_connection_waits_total"} {
		if !strings.Contains(metrics, name) {
			t.Errorf("%s is not among the metrics", name)
		}
	}
	if err := database.Stop("fast"); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if status, _ := r.get(r.url + "/readyz"); status == http.StatusServiceUnavailable {
			break
		}
		if time.Now().After(until) {
			t.Fatal("it is still ready without its database")
		}
	}
	if err := database.Run(); err != nil {
		t.Fatal(err)
	}
	r.waitPage(r.url+"/readyz", func(string) bool { return true })
	if said := strings.Count(r.logged(), `"msg":"not ready`); said != 1 {
		t.Errorf("it says %d times that it is not ready:\n%s", said, r.logged())
	}
	_, page := r.get(r.admin + "/")
	if said := r.output() + r.logged() + page; strings.Contains(said, "secretpw") {
		t.Error("the password of the database is in what the server says")
	}
}
