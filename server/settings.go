package main

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"greenroom/server/mail"
)

// settings are the command line after it was judged: nothing in it is nonsense.
type settings struct {
	listen, admin string // admin is empty for none
	public        *url.URL
	publicGiven   bool
	proxies       []netip.Prefix
	data          string // empty: a temporary folder
	store         database
	drain         time.Duration
	memory        int64 // bytes; 0: from the machine
	dev           bool
	smtp          *mail.SMTP // nil: mail is not set up
	provider      *provider  // nil: none
	redis         *link      // nil: this server works alone
	warnings      []string
}

// judge turns the command line into settings, or says what is wrong with it.
func judge(line *commandLine) (settings, error) {
	s := settings{listen: line.Listen, drain: line.Drain, data: line.Data, dev: line.Dev}
	if s.data == "" && !s.dev {
		s.data = "greenroom-data"
	}
	checks := []func(*commandLine) error{
		s.judgeListen, s.judgeAdmin, s.judgePublic, s.judgeProxies, s.judgeStore, s.judgeRedis, s.judgeMail, s.judgeProvider, s.judgeMemory, s.judgeRest,
	}
	for _, check := range checks {
		if err := check(line); err != nil {
			return settings{}, err
		}
	}
	return s, nil
}

func (s *settings) judgeListen(line *commandLine) error {
	return judgeAddress("--listen", line.Listen)
}

// judgeAddress accepts host:port with a port of 0 to 65535.
func judgeAddress(flag, address string) error {
	const do = "Write it as host:port, for example 127.0.0.1:8080."
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return refuse(do, "%s %q is not an address with a port", flag, address)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return refuse(do, "%s %q: a port is a number from 0 to 65535", flag, address)
	}
	return nil
}

func (s *settings) judgeAdmin(line *commandLine) error {
	switch line.AdminListen {
	case "off":
		return nil
	case "127.0.0.1:8081":
		if s.admin = line.AdminListen; s.dev {
			s.admin = "127.0.0.1:0"
		}
		return nil
	}
	s.admin = line.AdminListen
	if err := judgeAddress("--admin-listen", s.admin); err != nil {
		return err
	}
	if !loopback(hostOf(s.admin)) {
		s.warn("--admin-listen " + s.admin + " can be reached from other machines: whoever reaches it sees the debug page and can take profiles")
	}
	return nil
}

func (s *settings) warn(sentence string) { s.warnings = append(s.warnings, sentence) }

// judgePublic finds the public URL, as far as it can be known before the port is open.
func (s *settings) judgePublic(line *commandLine) error {
	if line.PublicURL == "" {
		return s.defaultPublic()
	}
	u, err := url.Parse(line.PublicURL)
	given := redactDSN(line.PublicURL)
	const do = "Write scheme, host and, if it is unusual, the port, for example https://rooms.example.org."
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return refuse(do, "--public-url %q is not a web address", given)
	case u.Path != "" && u.Path != "/":
		return refuse(do, "--public-url %q has a path; greenroom needs a host of its own", given)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse(do, "--public-url %q has more than scheme, host and port", given)
	case u.Port() != "" && judgeAddress("--public-url", u.Host) != nil:
		return refuse(do, "--public-url %q: a port is a number from 0 to 65535", given)
	case u.Scheme == "http" && !loopback(u.Hostname()) && !line.PlainHTTP:
		return refuse("Use https:// (a proxy in front may hold the certificate), or add --plain-http for a trial in a network you trust.",
			"--public-url %s would send links and everything said through the network unprotected", given)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		s.warn("the public URL is http://: whoever shares the network can read and change everything")
	}
	s.public, s.publicGiven = originOf(u), true
	return nil
}

// defaultPublic is http://<listen>, where that is something a browser can go to.
func (s *settings) defaultPublic() error {
	host, port, _ := net.SplitHostPort(s.listen)
	ip, err := netip.ParseAddr(host)
	switch {
	case loopback(host):
	case s.dev && (host == "" || err == nil && ip.IsUnspecified()):
		host = "localhost"
	default:
		return refuse("Say with --public-url what people type into their browser, for example https://rooms.example.org.",
			"--listen %s can be reached from other machines, but greenroom does not know under which name", s.listen)
	}
	s.public = originOf(&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)})
	return nil
}

// originOf is the URL as browsers write an origin: lower case, no default port, no path.
func originOf(u *url.URL) *url.URL {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	return &url.URL{Scheme: u.Scheme, Host: host}
}

// at is the public URL once the port is open.
func (s *settings) at(port int) *url.URL {
	if s.publicGiven {
		return s.public
	}
	return originOf(&url.URL{Scheme: "http", Host: net.JoinHostPort(s.public.Hostname(), strconv.Itoa(port))})
}

// origins are those whose pages may connect, without the public URL's own. Where nobody named a
// public URL the server is for this machine, which has two names.
func (s *settings) origins(public *url.URL) []string {
	if s.publicGiven && !s.dev {
		return nil
	}
	var more []string
	for _, host := range []string{"127.0.0.1", "localhost"} {
		if also := (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, public.Port())}); public.Port() != "" && also.Host != public.Host {
			more = append(more, also.String())
		}
	}
	return more
}

func (s *settings) judgeProxies(line *commandLine) error {
	for _, text := range line.TrustedProxies {
		prefix, err := netip.ParsePrefix(text)
		if one, oneErr := netip.ParseAddr(text); oneErr == nil {
			prefix, err = netip.PrefixFrom(one, one.BitLen()), nil
		}
		if err != nil {
			return refuse("Write networks as 10.0.0.0/8 or single addresses as 10.1.2.3, with commas between them.",
				"--trusted-proxies %q is not a network", text)
		}
		if prefix.Bits() == 0 {
			return refuse("Name the networks that your proxies are in.", "--trusted-proxies %s would believe everybody", text)
		}
		s.proxies = append(s.proxies, prefix.Masked())
	}
	return nil
}

func (s *settings) judgeStore(line *commandLine) error {
	var err error
	switch s.store, err = judgeDatabase("--store", line.Store, line.StoreConns); {
	case err != nil:
		return err
	case line.StoreConns < 2 || line.StoreConns > 1000:
		return refuse("Choose a number from 2 to 1000.", "--store-connections %d cannot work", line.StoreConns)
	}
	if s.store.exposed(os.Getenv("PGSSLMODE")) && !line.PlainStore {
		s.warn("--store " + redactDSN(line.Store) + " may go through the network unprotected: whoever shares it reads and changes everything; add sslmode=verify-full, or --plain-store in a network that you trust")
	}
	return nil
}

// redactDSN keeps passwords out of what is printed.
func redactDSN(dsn string) string {
	if u, err := url.Parse(dsn); err == nil {
		u.RawQuery = "" // which may hold one too
		return u.Redacted()
	}
	if at := strings.LastIndex(dsn, "@"); at >= 0 {
		return "…" + dsn[at:]
	}
	return dsn
}

func (s *settings) judgeMemory(line *commandLine) error {
	if line.MemoryLimit == "auto" || line.MemoryLimit == "" {
		return nil
	}
	n, err := parseSize(line.MemoryLimit)
	if err != nil || n < 64<<20 {
		return refuse("Write a size of at least 64MiB, for example 512MiB or 2GiB, or auto.",
			"--memory-limit %q is not a size the server can live with", line.MemoryLimit)
	}
	s.memory = n
	return nil
}

func (s *settings) judgeRest(line *commandLine) error {
	if s.drain < 0 || s.drain > 10*time.Minute {
		return refuse("Choose a time from 0s to 10m.", "--drain %s is no time to drain in", s.drain)
	}
	if _, err := newLogger(nil, line.LogLevel, line.LogFormat); err != nil {
		return err
	}
	return nil
}

// folder makes the data folder, or a temporary one, and makes sure that it can be written. cleanup
// removes what was temporary.
func (s *settings) folder() (dir string, cleanup func(), err error) {
	if s.data == "" {
		dir, err = os.MkdirTemp("", "greenroom-dev-")
		return dir, func() { os.RemoveAll(dir) }, explainFolder(os.TempDir(), err)
	}
	if dir, err = filepath.Abs(s.data); err != nil {
		return "", nil, explainFolder(s.data, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, explainFolder(dir, err)
	}
	probe, err := os.CreateTemp(dir, ".probe-")
	if err != nil {
		return "", nil, explainFolder(dir, err)
	}
	probe.Close()
	return dir, func() {}, explainFolder(dir, os.Remove(probe.Name()))
}

func hostOf(address string) string {
	host, _, _ := net.SplitHostPort(address)
	return host
}

// loopback says that a host is this machine and nothing else.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
