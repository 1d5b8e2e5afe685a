package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"greenroom/server/redact"
)

// Argon2 is the cost of one argon2id hash (RFC 9106). The zero value is 19 MiB
// and two passes, about 30 ms of one core.
type Argon2 struct {
	Passes uint32
	KiB    uint32
}

const (
	saltBytes   = 16
	hashBytes   = 32
	minPassword = 10   // code points
	maxPassword = 1000 // bytes
)

// hasher hashes passwords, as many at once as there are cores: each takes its
// memory, and anybody may ask for one.
type hasher struct {
	cost  Argon2
	slots chan struct{}
	dummy string // compared where there is no account, so that both take the same work
}

func newHasher(cost Argon2, atOnce int) hasher {
	cost = Argon2{Passes: cmp.Or(cost.Passes, 2), KiB: cmp.Or(cost.KiB, 19<<10)}
	h := hasher{cost: cost, slots: make(chan struct{}, max(atOnce, 1))}
	h.dummy = h.encode(make([]byte, saltBytes), make([]byte, hashBytes))
	return h
}

// hash makes the PHC text of a password.
func (h hasher) hash(ctx context.Context, password redact.Secret) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	sum, err := h.derive(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return h.encode(salt, sum), nil
}

// verify compares a password with a PHC text. An empty or foreign text takes
// the same work and matches nothing.
func (h hasher) verify(ctx context.Context, password redact.Secret, phc string) (bool, error) {
	cost, salt, want, ok := decode(phc)
	if !ok {
		cost, salt, want, _ = decode(h.dummy)
	}
	got, err := h.derive(ctx, password, salt, cost)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && ok, err
}

func (h hasher) derive(ctx context.Context, password redact.Secret, salt []byte, cost Argon2) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	// NFC, so that the same password typed on another machine is the same.
	return argon2.IDKey([]byte(normal(string(password))), salt, cost.Passes, cost.KiB, 1, hashBytes), nil
}

var phcBase64 = base64.RawStdEncoding

func (h hasher) encode(salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.cost.KiB, h.cost.Passes,
		phcBase64.EncodeToString(salt), phcBase64.EncodeToString(sum))
}

func decode(phc string) (cost Argon2, salt, sum []byte, ok bool) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &cost.KiB, &cost.Passes); err != nil || cost.Passes == 0 {
		return cost, nil, nil, false
	}
	salt, err := phcBase64.DecodeString(parts[4])
	if err != nil {
		return cost, nil, nil, false
	}
	sum, err = phcBase64.DecodeString(parts[5])
	return cost, salt, sum, err == nil && len(sum) == hashBytes
}

// checkPassword refuses what is too short to be a secret.
func checkPassword(password redact.Secret) error {
	switch n := utf8.RuneCountInString(string(password)); {
	case n < minPassword:
		return invalid("password", "has fewer than 10 characters")
	case len(password) > maxPassword:
		return invalid("password", "is too long")
	}
	return nil
}
