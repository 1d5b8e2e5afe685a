package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// Every way to print must mask.
func TestMasks(t *testing.T) {
	secret := Secret("gri_canary")
	holder := struct {
		S Secret
		P *Secret
	}{secret, &secret}

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s"} {
		fmt.Fprintf(&out, verb+"\n", secret)
	}
	fmt.Fprintf(&out, "%v %+v %#v", holder, holder, []Secret{secret})
	if err := json.NewEncoder(&out).Encode(holder); err != nil {
		t.Fatal(err)
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("m", "secret", secret, "holder", holder, "list", []any{secret}, "err", fmt.Errorf("of %v", secret))
	}
	if text := out.String(); strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
		t.Errorf("the value came through:\n%s", text)
	}
}
