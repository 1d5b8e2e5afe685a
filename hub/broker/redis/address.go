package redis

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Address says where Redis is. It holds a password: print it by String.
type Address struct {
	Kind           Kind
	TLS            bool
	Hosts          []string // host:port; of the Sentinels with Sentinel, some of the nodes with Cluster
	Master         string   // its name, with Sentinel
	User, Password string
	SentinelUser   string // for the Sentinels themselves
	SentinelSecret string
}

// Kind is how Redis is run.
type Kind string

// The kinds, by the scheme behind redis or rediss.
const (
	Single   Kind = ""
	Sentinel Kind = "sentinel"
	Cluster  Kind = "cluster"
)

// ParseAddress reads one of
//
//	redis://[USER:PASSWORD@]HOST[:6379]
//	redis+sentinel://[USER:PASSWORD@]HOST[:26379],…/MASTER[?sentinel-user=…&sentinel-password=…]
//	redis+cluster://[USER:PASSWORD@]HOST[:6379],…
//
// rediss instead of redis is TLS. The error says in words what is wrong, and
// repeats no password.
func ParseAddress(text string) (Address, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	secure, kind, _ := strings.Cut(scheme, "+")
	a := Address{Kind: Kind(kind), TLS: secure == "rediss"}
	if !ok || secure != "redis" && secure != "rediss" || a.Kind != Single && a.Kind != Sentinel && a.Kind != Cluster || strings.HasSuffix(scheme, "+") {
		return Address{}, errors.New("it does not begin with redis://, rediss://, redis+sentinel:// or redis+cluster://")
	}
	// net/url takes one host: the list is split off first.
	hosts := rest[strings.LastIndex(rest, "@")+1:]
	end := strings.IndexAny(hosts, "/?#")
	if end < 0 {
		end = len(hosts)
	}
	u, err := url.Parse("redis://" + strings.TrimSuffix(rest, hosts) + "host" + hosts[end:])
	if err != nil {
		return Address{}, errors.New("it cannot be read; special characters of a password are written as %XX")
	}
	if err := a.takeHosts(hosts[:end]); err != nil {
		return Address{}, err
	}
	if u.User != nil {
		a.User = u.User.Username()
		a.Password, _ = u.User.Password()
	}
	return a, a.takeRest(u)
}

func (a *Address) takeHosts(list string) error {
	port := "6379"
	if a.Kind == Sentinel {
		port = "26379"
	}
	for host := range strings.SplitSeq(list, ",") {
		if host == "" {
			return errors.New("it names no host")
		}
		if !strings.Contains(host, ":") || strings.HasSuffix(host, "]") {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		name, number, err := net.SplitHostPort(host)
		if n, bad := strconv.Atoi(number); err != nil || name == "" || strings.ContainsAny(name, " \t%\\\"") || bad != nil || n < 1 || n > 65535 {
			return fmt.Errorf("%q is not a host and a port", host)
		}
		a.Hosts = append(a.Hosts, host)
	}
	if a.Kind == Single && len(a.Hosts) > 1 {
		return errors.New("it names several hosts, which is for redis+sentinel:// and redis+cluster://")
	}
	return nil
}

func (a *Address) takeRest(u *url.URL) error {
	path := strings.TrimPrefix(u.Path, "/")
	query := u.Query()
	if a.Kind == Sentinel {
		a.Master, path = path, ""
		a.SentinelUser, a.SentinelSecret = query.Get("sentinel-user"), query.Get("sentinel-password")
		query.Del("sentinel-user")
		query.Del("sentinel-password")
		if a.Master == "" || strings.Contains(a.Master, "/") {
			return errors.New("the name of the master is missing: redis+sentinel://HOST/MASTER")
		}
	}
	if path != "" && path != "0" || len(query) > 0 || u.Fragment != "" {
		return errors.New("it has more than user, password, host and port; messages belong to no numbered database")
	}
	return nil
}

// String is the address without user and password.
func (a Address) String() string {
	scheme := "redis"
	if a.TLS {
		scheme = "rediss"
	}
	if a.Kind != Single {
		scheme += "+" + string(a.Kind)
	}
	text := scheme + "://" + strings.Join(a.Hosts, ",")
	if a.Master != "" {
		text += "/" + a.Master
	}
	return text
}
