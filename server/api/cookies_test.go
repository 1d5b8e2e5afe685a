package api

import (
	mathbits "math/bits"
	"net/url"
	"testing"
)

func TestCookieNames(t *testing.T) {
	for given, want := range map[string]cookieNames{
		"https://rooms.example.org":      {"__Host-greenroom", "__Host-greenroom-device", "__Host-greenroom-flow", true},
		"https://rooms.example.org:8443": {"__Host-greenroom", "__Host-greenroom-device", "__Host-greenroom-flow", true},
		"http://127.0.0.1:8080":          {"greenroom-8080", "greenroom-device-8080", "greenroom-flow-8080", false},
		"http://localhost":               {"greenroom-80", "greenroom-device-80", "greenroom-flow-80", false},
	} {
		u, err := url.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		if got := cookieNamesFor(u); got != want {
			t.Errorf("%s: %+v", given, got)
		}
	}
}

func TestFamily(t *testing.T) {
	cookie := newSessionCookie(random(16))
	if family := familyOf(cookie); len(family) != familyLength || family != cookie[:familyLength] {
		t.Errorf("%s: %q", cookie, family)
	}
	if other := newSessionCookie(familyOf(cookie)); familyOf(other) != familyOf(cookie) || other == cookie {
		t.Errorf("a renewed id of %s is %s", cookie, other)
	}
	for _, bad := range []string{"", ".", cookie[1:], cookie + "x", cookie[:len(cookie)-1], cookie[:22] + "_" + cookie[23:], "\"" + cookie[1:], cookie[:21] + "=" + cookie[22:]} {
		if familyOf(bad) != "" {
			t.Errorf("%q is taken for a cookie", bad)
		}
	}
}

// T3: 256 random bits behind a prefix.
func TestSecrets(t *testing.T) {
	seen := map[string]bool{}
	ones, bits := 0, 0
	for range 2000 {
		s := NewSecret(linkPrefix)
		if len(s) != len(linkPrefix)+43 || s[:4] != "gri_" || seen[s] {
			t.Fatalf("secret %q", s)
		}
		seen[s] = true
		for _, b := range HashSecret(s) {
			ones += mathbits.OnesCount8(b)
			bits += 8
		}
	}
	if share := float64(ones) / float64(bits); share < 0.49 || share > 0.51 {
		t.Errorf("share of ones %v", share)
	}
	if id := newID(); len(id) != 26 {
		t.Errorf("id %q", id)
	}
}
