package main

import (
	"encoding/json"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// graph says which folders of ours a folder may import. Arrows point down, never up, never
// sideways; a folder that is not here may import nothing of ours.
var graph = []struct{ from, to string }{
	{"hub/room", ""},
	{"hub/wire", "hub/room"},
	{"hub/store", "hub/room"},
	{"hub/store/sqltext", ""},
	{"hub/store/tables", "hub/store hub/store/sqltext hub/room"},
	{"hub/store/storetest", "hub/store hub/room"},
	{"hub/store/*", "hub/store hub/store/sqltext hub/store/tables hub/room"},
	{"hub/store/postgres/pgtest", ""},
	{"hub/broker", ""},
	{"hub/broker/*", "hub/broker"},
	{"hub/broker/redis/redistest", ""},
	{"hub", "hub/wire hub/room hub/store hub/broker"},
	{"client", "hub/wire hub/room"},
	{"client/*", "client hub/wire hub/room"},
	{"loadtest", "client hub/room hub/store/postgres/pgtest hub/broker/redis/redistest loadtest/bench"}, // the client speaks in the rules' types
	{"loadtest/bench", ""},
	{"loadtest/faults/check", "loadtest/faults/history"},
	{"loadtest/faults", "loadtest/faults/check loadtest/faults/crowd loadtest/faults/history loadtest/faults/proxy loadtest/faults/tap loadtest/faults/world"},
	{"loadtest/faults/history", ""},
	{"loadtest/faults/proxy", ""},
	{"loadtest/faults/tap", "hub/wire loadtest/faults/history"},
	{"loadtest/faults/world", "hub/broker/redis/redistest hub/store/postgres/pgtest loadtest/bench loadtest/faults/proxy server/mail/smtptest"},
	{"loadtest/faults/crowd", "client hub/room hub/store hub/store/postgres loadtest/faults/history loadtest/faults/tap loadtest/faults/world"},
	{"web", ""},
	{"server/socket", ""},
	{"server/redact", ""},
	{"server/mailaddr", "hub/room"},
	{"server/mail", ""},
	{"server/mail/smtptest", ""},
	{"server/calendar", ""},
	{"server/oidc", ""},
	{"server/oidc/oidctest", ""},
	{"server/sheet", ""},
	{"server/qrcode", ""},
	{"server/report", "hub/room hub/store"},
	{"server/post", "server/mail server/mailaddr server/calendar hub/room hub/store"},
	{"server/forget", "server/mailaddr hub hub/room hub/store"},
	{"server/debug", "hub"},
	{"server/api", "server/socket server/forget server/oidc server/mail server/mailaddr server/calendar server/redact server/sheet server/qrcode server/report hub hub/broker hub/wire hub/room hub/store"},
	{"server/apitest", "server/api server/forget server/oidc server/post server/socket web hub hub/wire hub/room hub/store hub/store/sqlite hub/broker hub/broker/local"},
	{"server", "server/api server/forget server/oidc server/post server/socket server/debug server/mail server/mailaddr web hub hub/wire hub/store hub/store/sqlite hub/store/postgres hub/broker hub/broker/local hub/broker/redis"},
}

// homes says where third parties may be imported. Test tools may be used by every test.
var homes = map[string]string{
	"github.com/coder/websocket":              "server/socket client server/apitest",
	"github.com/prometheus/client_golang":     "hub server/debug server",
	"github.com/alecthomas/kong":              "server loadtest loadtest/faults",
	"modernc.org/sqlite":                      "hub/store/sqlite",
	"github.com/redis/go-redis":               "hub/broker/redis",
	"github.com/jackc/pgx":                    "hub/store/postgres",
	"github.com/wneessen/go-mail":             "server/mail",
	"github.com/emersion/go-smtp":             "server/mail/smtptest",
	"github.com/emersion/go-sasl":             "server/mail/smtptest",
	"github.com/coreos/go-oidc":               "server/oidc",
	"github.com/coreos/go-systemd":            "server",
	"golang.org/x/oauth2":                     "server/oidc",
	"golang.org/x/crypto":                     "server/api",
	"golang.org/x/net":                        "server/mailaddr server/mail",
	"rsc.io/qr":                               "server/mail server/qrcode",
	"golang.org/x/text":                       "server/api server/mailaddr",
	"github.com/HdrHistogram/hdrhistogram-go": "loadtest",
	"github.com/anishathalye/porcupine":       "loadtest/faults/check",
	"github.com/google/go-cmp":                "hub/store/storetest hub/broker/brokertest",
	"pgregory.net/rapid":                      "hub/store/storetest hub/broker/brokertest",
}

type goPackage struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

func goList(t *testing.T, args ...string) (all []goPackage) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Imports"}, args...)...)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportGraph(t *testing.T) {
	packages := goList(t, "./...")
	if len(packages) < 10 {
		t.Fatalf("only %d packages", len(packages))
	}
	for _, p := range packages {
		folder := strings.TrimPrefix(p.ImportPath, "greenroom/")
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, "greenroom/"); ok {
				if !allowed(folder, ours) {
					t.Errorf("%s must not import %s", folder, ours)
				}
			} else if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") && !atHome(folder, imported) {
				t.Errorf("%s is not the home of %s", folder, imported)
			}
		}
	}
}

// allowed takes the first row that fits.
func allowed(from, to string) bool {
	for _, row := range graph {
		if ok, _ := path.Match(row.from, from); ok {
			return slices.Contains(strings.Fields(row.to), to)
		}
	}
	return false
}

func atHome(folder, imported string) bool {
	for module, folders := range homes {
		if imported == module || strings.HasPrefix(imported, module+"/") {
			return slices.Contains(strings.Fields(folders), folder)
		}
	}
	return false
}

// Who uses the client library gets the rules, the wire, one library and nothing else.
func TestClientIsLight(t *testing.T) {
	for _, p := range goList(t, "-deps", "./client") {
		ours := slices.Contains([]string{"greenroom/client", "greenroom/hub/wire", "greenroom/hub/room"}, p.ImportPath)
		if !p.Standard && !ours && !strings.HasPrefix(p.ImportPath, "github.com/coder/websocket") {
			t.Errorf("./client brings %s along", p.ImportPath)
		}
	}
}

// The rules are pure: no network, no files, no chance, no context to wait in.
func TestRulesArePure(t *testing.T) {
	for _, p := range goList(t, "./hub/room") {
		for _, imported := range p.Imports {
			switch first, _, _ := strings.Cut(imported, "/"); {
			case strings.Contains(first, "."), strings.HasPrefix(imported, "greenroom/"):
				t.Errorf("hub/room imports %s", imported)
			case slices.Contains([]string{"os", "net", "context", "io/fs", "log", "syscall", "database"}, first) || imported == "math/rand" || imported == "crypto/rand":
				t.Errorf("hub/room imports %s", imported)
			}
		}
	}
}
