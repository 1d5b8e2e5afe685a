package api

import (
	"testing"

	"greenroom/server/redact"
)

func TestPasswords(t *testing.T) {
	h := newHasher(Argon2{Passes: 1, KiB: 64}, 1)
	phc, err := h.hash(t.Context(), "pa\u0308sswort geheim")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		password redact.Secret
		phc      string
		want     bool
	}{
		{"pa\u0308sswort geheim", phc, true}, {"p\u00e4sswort geheim", phc, true}, // the same in NFC
		{"passwort geheim", phc, false}, {"", phc, false}, {"", "", false}, {"x", "", false}, {"x", "$argon2id$", false},
		{"x", "$2a$10$abcdefghijklmnopqrstuv", false}, {"x", h.dummy, false}, {"x", "$argon2id$v=19$m=0,t=0,p=1$$", false},
	} {
		if got, err := h.verify(t.Context(), row.password, row.phc); err != nil || got != row.want {
			t.Errorf("%q with %q: %v, %v", string(row.password), row.phc, got, err)
		}
	}
	// A text of another cost is verified by its own.
	cheap := newHasher(Argon2{Passes: 2, KiB: 128}, 1)
	if ok, err := cheap.verify(t.Context(), "p\u00e4sswort geheim", phc); err != nil || !ok {
		t.Errorf("other cost: %v, %v", ok, err)
	}
}
