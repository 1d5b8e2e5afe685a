package main

import (
	"errors"
	"io"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/server/mail"
	"greenroom/server/oidc"
)

func judged(t *testing.T, args ...string) (settings, error) {
	t.Helper()
	line, _, err := parse(args, io.Discard, io.Discard)
	if err != nil {
		return settings{}, err
	}
	return judge(line)
}

// Every nonsense is refused with a sentence that names it, and with something to do.
func TestNonsense(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"--listen 8080", "not an address with a port"},
		{"--listen 127.0.0.1:http", "a port is a number"},
		{"--listen 127.0.0.1:65536", "a port is a number"},
		{"--listen 127.0.0.1:-1", "a port is a number"},
		{"--listen=", "not an address with a port"},
		{"--listen 0.0.0.0:8080", "does not know under which name"},
		{"--listen :8080", "does not know under which name"},
		{"--listen 192.168.1.5:8080", "does not know under which name"},
		{"--admin-listen nowhere", "not an address with a port"},
		{"--public-url rooms.example.org", "not a web address"},
		{"--public-url ftp://rooms.example.org", "not a web address"},
		{"--public-url https://", "not a web address"},
		{"--public-url https://:443", "not a web address"},
		{"--public-url https://rooms.example.org/live", "has a path"},
		{"--public-url https://me:pw@rooms.example.org", "more than scheme, host and port"},
		{"--public-url https://me:secretpw@ro%zzoms.example.org", "not a web address"},
		{"--public-url https://rooms.example.org?x=1", "more than scheme, host and port"},
		{"--public-url https://rooms.example.org#x", "more than scheme, host and port"},
		{"--public-url https://rooms.example.org:99999", "a port is a number"},
		{"--public-url http://rooms.example.org", "unprotected"},
		{"--public-url http://10.0.0.1:8080", "unprotected"},
		{"--public-url http://127.0.0.1.example.org", "unprotected"},
		{"--trusted-proxies 10.0.0.0/33", "not a network"},
		{"--trusted-proxies proxy", "not a network"},
		{"--trusted-proxies 0.0.0.0/0", "believe everybody"},
		{"--trusted-proxies ::/0", "believe everybody"},
		{"--store postgres://me:secretpw@host", "names no database"},
		{"--store postgres:///db?password=secretpw", "names no host"},
		{"--store postgres://me:secretpw@ho%zzst/db", "not a PostgreSQL URL"},
		{"--store postgres://me@host/db --store-connections 1", "cannot work"},
		{"--store mysql://me:secretpw@host/db", "not a database that greenroom knows"},
		{"--store sqlite:", "not a database"},
		{"--store sqlite::memory:", "not a database"},
		{"--store sqlite://file", "not a database"},
		{"--store=", "not a database"},
		{"--redis redis://:secretpw@host", "the embedded database serves one"},
		{"--redis redis://host --dev", "the embedded database serves one"},
		{"--redis redis://host --store postgres://host/db", "needs a cluster key"},
		{"--redis redis://host --store postgres://host/db --cluster-key short", "can be guessed"},
		{"--redis redis://host --store postgres://host/db --cluster-key x --cluster-key-file /none", "both give a key"},
		{"--redis redis://host --store postgres://host/db --cluster-key-file /none", "there is no file"},
		{"--redis redis://:secretpw@host --store postgres://host/db --redis-password-file /none", "both give a password"},
		{"--redis redis://host --store postgres://host/db --redis-password-file /none", "there is no file"},
		{"--redis http://:secretpw@host --store postgres://host/db", "does not begin with redis://"},
		{"--redis redis://:secretpw@host/3 --store postgres://host/db", "more than user"},
		{"--redis redis+sentinel://host --store postgres://host/db", "name of the master"},
		{"--redis redis://host --redis-ca /none --store postgres://host/db --cluster-key 12345678901234567890123456789012", "without TLS"},
		{"--redis rediss://host --redis-ca /dev/null --store postgres://host/db --cluster-key 12345678901234567890123456789012", "holds no certificate"},
		{"--redis redis://:secretpw@host --store postgres://host/db --cluster-key 12345678901234567890123456789012", "unprotected"},
		{"--redis redis+sentinel://host/main?sentinel-password=secretpw --store postgres://host/db --cluster-key 12345678901234567890123456789012", "unprotected"},
		{"--plain-redis", "of no use without --redis"},
		{"--redis-password-file /none", "of no use without --redis"},
		{"--redis-ca /none", "of no use without --redis"},
		{"--cluster-key x", "of no use without --redis"},
		{"--cluster-key-file /none", "of no use without --redis"},
		{"--oidc-client-id x", "of no use without --oidc-issuer"},
		{"--oidc-issuer id.example.org --oidc-client-id x", "not a web address"},
		{"--oidc-issuer http://id.example.org --oidc-client-id x", "unprotected"},
		{"--oidc-issuer https://id.example.org", "needs --oidc-client-id"},
		{"--oidc-issuer https://id.example.org --oidc-client-id x --oidc-client-secret secretpw --oidc-client-secret-file /none", "both give a secret"},
		{"--oidc-issuer https://id.example.org --oidc-client-id x --oidc-client-secret-file /none", "there is no file"},
		{"--mail-from rooms@example.org", "of no use without --smtp"},
		{"--smtp-password-file /none", "of no use without --smtp"},
		{"--smtp mail.example.org:587 --mail-from a@example.org", "not a mail server"},
		{"--smtp http://me:secretpw@mail.example.org --mail-from a@example.org", "not a mail server"},
		{"--smtp smtp:// --mail-from a@example.org", "not a mail server"},
		{"--smtp smtp://me:secretpw@mail%zz.example.org --mail-from a@example.org", "can be read"},
		{"--smtp smtp://me:secretpw@mail.example.org:99999 --mail-from a@example.org", "a port is a number"},
		{"--smtp smtp://me:secretpw@mail.example.org/x --mail-from a@example.org", "more than user, host and port"},
		{"--smtp smtp://mail.example.org?tls=none --mail-from a@example.org", "more than user, host and port"},
		{"--smtp smtp+plain://mail.example.org --mail-from a@example.org", "unprotected"},
		{"--smtp smtp+plain://127.0.0.1.example.org --mail-from a@example.org", "unprotected"},
		{"--smtp smtp://mail.example.org", "needs --mail-from"},
		{"--smtp smtp://mail.example.org --mail-from rooms", "not a mail address"},
		{"--smtp smtp://mail.example.org --mail-from rooms@localhost", "--mail-from"},
		{"--smtp smtp://me@mail.example.org --mail-from a@example.org", "no password"},
		{"--smtp smtp://:secretpw@mail.example.org --mail-from a@example.org", "no user"},
		{"--smtp smtp://me@mail.example.org --mail-from a@example.org --smtp-password-file /none", "there is no file /none"},
		{"--smtp smtp://me@mail.example.org --mail-from a@example.org --smtp-password-file /dev/null", "does not hold one line"},
		{"--smtp smtp://me:secretpw@mail.example.org --mail-from a@example.org --smtp-password-file /dev/null", "both give a password"},
		{"--dev --smtp smtp://mail.example.org --mail-from a@example.org", "shows mails instead"},
		{"--memory-limit 12", "not a size"},
		{"--memory-limit lots", "not a size"},
		{"--memory-limit=-1GiB", "not a size"},
		{"--memory-limit 99999999999GiB", "not a size"},
		{"--drain=-1s", "no time to drain in"},
		{"--drain 1h", "no time to drain in"},
		{"--drain soon", "soon"},
		{"--log-level loud", "not a level"},
		{"--log-format xml", "not a format"},
		{"--lissten x", "--lissten"},
		{"dance", "dance"},
		{"keys", "create"},
		{"keys create", "--email"},
	} {
		_, err := judged(t, strings.Fields(c.args)...)
		var no *refusal
		if !errors.As(err, &no) {
			t.Errorf("%s: %v is no refusal", c.args, err)
			continue
		}
		if !strings.Contains(no.wrong, c.says) || no.do == "" || strings.Contains(err.Error(), "secretpw") || strings.Contains(err.Error(), ":pw@") {
			t.Errorf("%s: %q", c.args, err)
		}
	}
}

// Every combination of what connects several servers either works or is refused for the first thing
// that is wrong with it.
func TestEveryCombinationOfStoreAndRedis(t *testing.T) {
	const long = "12345678901234567890123456789012"
	stores := map[string]string{"": "alone", "sqlite:other.db": "alone", "postgres://me@db.example.org/greenroom": "", "postgres://me@db.example.org": "names no database", "postgres:///greenroom": "names no host"}
	redis := map[string]string{"": "none", "redis://127.0.0.1": "", "redis://me:secretpw@127.0.0.1": "", "rediss://me:secretpw@redis.example.org": "", "redis://redis.example.org": "",
		"redis://me:secretpw@redis.example.org": "unprotected", "redis+cluster://me:secretpw@a.example.org,127.0.0.1": "unprotected", "redis://me:secretpw@redis.example.org/1": "more than user"}
	keys := map[string]string{"": "needs a cluster key", "--cluster-key " + long: "", "--cluster-key short": "can be guessed"}
	for store, ofStore := range stores {
		for url, ofRedis := range redis {
			for key, ofKey := range keys {
				args := strings.Fields(key)
				for flag, value := range map[string]string{"--store": store, "--redis": url} {
					if value != "" {
						args = append(args, flag, value)
					}
				}
				var want string
				switch {
				case ofStore != "" && ofStore != "alone":
					want = ofStore
				case ofRedis == "none" && key != "":
					want = "of no use without --redis"
				case ofRedis == "none":
				case ofStore == "alone":
					want = "the embedded database serves one"
				case ofRedis == "more than user":
					want = ofRedis
				case ofKey != "":
					want = ofKey
				default:
					want = ofRedis
				}
				wantJudged(t, args, want)
			}
		}
	}
	wantJudged(t, []string{"--store", "postgres://me@db.example.org/greenroom", "--redis", "redis://me:secretpw@redis.example.org", "--plain-redis", "--cluster-key", long}, "")
}

// wantJudged wants a refusal with these words and something to do, or none.
func wantJudged(t *testing.T, args []string, words string) {
	t.Helper()
	_, err := judged(t, args...)
	var no *refusal
	switch {
	case words == "" && err != nil:
		t.Errorf("%q: %v", args, err)
	case words != "" && (!errors.As(err, &no) || !strings.Contains(no.wrong, words) || no.do == ""):
		t.Errorf("%q: got %v, want it refused with %q", args, err, words)
	case err != nil && strings.Contains(err.Error(), "secretpw"):
		t.Errorf("%q: the refusal tells the password: %v", args, err)
	}
}

func TestPublicURL(t *testing.T) {
	for _, c := range []struct {
		args    string
		port    int
		public  string
		origins []string
	}{
		{"", 8080, "http://127.0.0.1:8080", []string{"http://localhost:8080"}},
		{"--listen 127.0.0.1:0", 4711, "http://127.0.0.1:4711", []string{"http://localhost:4711"}},
		{"--listen localhost:80", 80, "http://localhost", nil},
		{"--listen [::1]:8080", 8080, "http://[::1]:8080", []string{"http://127.0.0.1:8080", "http://localhost:8080"}},
		{"--public-url https://Rooms.Example.org/", 8080, "https://rooms.example.org", nil},
		{"--public-url https://rooms.example.org:443", 8080, "https://rooms.example.org", nil},
		{"--public-url https://rooms.example.org:8443 --listen 0.0.0.0:1", 1, "https://rooms.example.org:8443", nil},
		{"--public-url http://localhost:9000", 8080, "http://localhost:9000", nil},
		{"--public-url http://rooms.lan:9000 --plain-http", 8080, "http://rooms.lan:9000", nil},
		{"--dev --listen :0", 4711, "http://localhost:4711", []string{"http://127.0.0.1:4711"}},
		{"--dev --public-url http://localhost:9000", 8080, "http://localhost:9000", []string{"http://127.0.0.1:9000"}},
	} {
		s, err := judged(t, strings.Fields(c.args)...)
		if err != nil {
			t.Errorf("%s: %v", c.args, err)
			continue
		}
		public := s.at(c.port)
		if public.String() != c.public || !slices.Equal(s.origins(public), c.origins) {
			t.Errorf("%s: public %s, also %v", c.args, public, s.origins(public))
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("GREENROOM_LISTEN", "127.0.0.1:9999")
	t.Setenv("GREENROOM_DRAIN", "3s")
	t.Setenv("GREENROOM_TRUSTED_PROXIES", "10.0.0.0/8,192.168.1.1")
	t.Setenv("GREENROOM_DATA", "/somewhere")
	t.Setenv("GREENROOM_MEMORY_LIMIT", "1.5GiB")
	s, err := judged(t, "--drain", "4s")
	if err != nil {
		t.Fatal(err)
	}
	if s.listen != "127.0.0.1:9999" || s.drain != 4*time.Second || s.store.path(s.data) != "/somewhere/greenroom.db" || s.memory != 3<<29 {
		t.Errorf("%+v", s)
	}
	if len(s.proxies) != 2 || s.proxies[1].String() != "192.168.1.1/32" {
		t.Errorf("proxies %v", s.proxies)
	}
	t.Setenv("GREENROOM_DRAIN", "soon")
	if _, err := judged(t); err == nil {
		t.Error("nonsense in the environment was taken")
	}
}

// What can be set is in the help, with its name in the environment.
func TestHelp(t *testing.T) {
	var out strings.Builder
	if _, _, err := parse([]string{"--help"}, &out, io.Discard); !errors.Is(err, errHelped) {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{"--listen", "127.0.0.1:8080", "$GREENROOM_LISTEN", "--admin-listen", "--public-url", "--data", "$GREENROOM_DATA",
		"--store", "--redis", "--drain", "20s", "--dev", "$GREENROOM_DEV", "keys create", "setup-link", "--memory-limit", "--trusted-proxies"} {
		if !strings.Contains(text, want) {
			t.Errorf("the help lacks %q:\n%s", want, &out)
		}
	}
}

func TestWarnings(t *testing.T) {
	s, err := judged(t, "--admin-listen", "0.0.0.0:8081", "--public-url", "http://rooms.lan", "--plain-http")
	if err != nil || len(s.warnings) != 2 {
		t.Errorf("%v %q", err, s.warnings)
	}
	for dsn, warned := range map[string]int{
		"postgres://g@db.example.org/g": 1, "postgres://g@db.example.org/g?sslmode=prefer": 1, "postgres://g:pw@10.1.2.3/g?sslmode=disable": 1,
		"postgres://g@db.example.org/g?sslmode=verify-full": 0, "postgres://g@localhost/g": 0, "postgres:///g?host=/run/postgresql": 0, "postgres://g@/g?host=db.example.org": 1,
	} {
		s, err := judged(t, "--store", dsn, "--redis", "redis://localhost", "--cluster-key", clusterKey)
		if err != nil || len(s.warnings) != warned || strings.Contains(strings.Join(s.warnings, ""), "pw@") {
			t.Errorf("%s: %v %q", dsn, err, s.warnings)
		}
	}
	trusted := []string{"--store", "postgres://g@db/g?sslmode=disable", "--redis", "redis://g:pw@redis", "--cluster-key", clusterKey}
	if s, err := judged(t, append(trusted, "--plain-store", "--plain-redis")...); err != nil || len(s.warnings) != 0 {
		t.Errorf("a network that is trusted: %v %q", err, s.warnings)
	}
	if s, err = judged(t, "--admin-listen", "off"); err != nil || s.admin != "" || len(s.warnings) != 0 {
		t.Errorf("%v %+v", err, s)
	}
}

func TestMailSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("p w/#%\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want mail.SMTP
	}{
		{[]string{"--smtp", "smtp://mail.example.org"}, mail.SMTP{Host: "mail.example.org", Port: 587}},
		{[]string{"--smtp", "smtps://me:p%2Fw@mail.example.org"}, mail.SMTP{Host: "mail.example.org", Port: 465, Security: mail.ImplicitTLS, User: "me", Password: "p/w"}},
		{[]string{"--smtp", "smtp+plain://[::1]:1025"}, mail.SMTP{Host: "::1", Port: 1025, Security: mail.Plain}},
		{[]string{"--smtp", "smtp://me%40example.org@mail.example.org:25", "--smtp-password-file", file}, mail.SMTP{Host: "mail.example.org", Port: 25, User: "me@example.org", Password: "p w/#%"}},
	} {
		c.want.From = netmail.Address{Name: "Example Räume", Address: "rooms@xn--rume-loa.example"}
		s, err := judged(t, append(c.args, "--mail-from", "Example Räume <rooms@räume.example>")...)
		if err != nil || s.smtp == nil || *s.smtp != c.want {
			t.Errorf("%v: %+v, %v", c.args, s.smtp, err)
		}
	}
	if s, err := judged(t); err != nil || s.smtp != nil {
		t.Errorf("without: %+v, %v", s.smtp, err)
	}
}

func TestProviderSettings(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := judged(t, "--oidc-issuer", "https://id.example.org/realms/x", "--oidc-client-id", "greenroom", "--oidc-client-secret-file", secret, "--oidc-accounts", "--oidc-email", "always")
	if err != nil {
		t.Fatal(err)
	}
	p := s.provider
	if p.name != "id.example.org" || !p.accounts || p.config.Secret != "hush" || p.config.Email != oidc.TrustAlways || strings.Join(p.config.Scopes, " ") != "email profile" {
		t.Errorf("%+v", p)
	}
	if s, err := judged(t); err != nil || s.provider.signsIn(s.public) != nil {
		t.Errorf("without a provider: %+v, %v", s.provider, err)
	}
}
