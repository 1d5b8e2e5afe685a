package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
)

// Every way to print must mask.
func TestMasks(t *testing.T) {
	secret, mail := Secret("gri_canary"), Email("canary@example.org")
	holder := struct {
		S Secret
		E Email
		P *Secret
	}{secret, mail, &secret}

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s"} {
		fmt.Fprintf(&out, verb+verb+"\n", secret, mail)
	}
	fmt.Fprintf(&out, "%v %+v %#v", holder, holder, []Secret{secret})
	if err := json.NewEncoder(&out).Encode(holder); err != nil {
		t.Fatal(err)
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("m", "secret", secret, "mail", mail, "holder", holder, "list", []any{secret, mail}, "err", fmt.Errorf("of %v", mail))
	}
	if text := out.String(); strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
		t.Errorf("the value came through:\n%s", text)
	}
}

func TestIP(t *testing.T) {
	for given, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:1:2:3::4": "2001:db8:1::/48",
	} {
		if got := IP(netip.MustParseAddr(given)).LogValue().String(); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
	if got := (IP{}).LogValue().String(); got != "unknown" {
		t.Errorf("zero: %s", got)
	}
}
