package api

import (
	"net/http"
	"net/netip"
	"testing"
)

// T27: a forged header never moves a client to another network.
func TestClientNetwork(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}
	for _, row := range []struct {
		peer string
		xff  []string
		want string
	}{
		{"192.0.2.1:5", nil, "192.0.2.1/32"},
		{"192.0.2.1:5", []string{"198.51.100.1"}, "192.0.2.1/32"}, // not from a proxy of ours
		{"[2001:db8::1]:5", []string{"198.51.100.1"}, "2001:db8::/64"},
		{"10.0.0.1:5", nil, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1/32"}, // the left one is invented
		{"10.0.0.1:5", []string{"203.0.113.9", "198.51.100.1"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1, 10.1.1.1"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1, 10.1.1.1 , 10.2.2.2"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"10.1.1.1"}, "10.1.1.1/32"},
		{"10.0.0.1:5", []string{"not an address"}, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1, unknown"}, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1, unknown, 10.9.9.9"}, "10.9.9.9/32"},
		{"10.0.0.1:5", []string{""}, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{","}, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1:4711"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"},
		{"10.0.0.1:5", []string{"[2001:db8:1:2:3:4:5:6]"}, "2001:db8:1:2::/64"},
		{"10.0.0.1:5", []string{"[2001:db8:1:2:3:4:5:6]:443"}, "2001:db8:1:2::/64"},
		{"10.0.0.1:5", []string{"::ffff:198.51.100.1"}, "198.51.100.1/32"},
		{"[2001:db8:ffff::1]:5", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"[::ffff:10.0.0.1]:5", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"[fe80::1%eth0]:5", nil, "fe80::/64"},
		{"@", nil, "invalid Prefix"},
	} {
		a := &API{proxies: proxies}
		r := &http.Request{RemoteAddr: row.peer, Header: http.Header{"X-Forwarded-For": row.xff, "X-Real-Ip": {"203.0.113.7"}, "Forwarded": {"for=203.0.113.8"}}}
		if got := a.clientNetwork(r).String(); got != row.want {
			t.Errorf("%s %q: %s, want %s", row.peer, row.xff, got, row.want)
		}
	}
}
