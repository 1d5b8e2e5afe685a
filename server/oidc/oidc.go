// Package oidc signs people in at an OpenID provider: discovery, the way to
// the provider and back with PKCE, state and nonce, and what the ID token says
// of the person (OpenID Connect Core 1.0, Discovery 1.0; RFC 7636; RFC 9207).
// What an identity is worth here, an account or none, is server/api's to say.
//
// The provider may be away when the server starts, and at any time later: it
// is found when somebody signs in, and looked for again until it is there.
//
// It imports go-oidc and oauth2, nothing of ours. Start at provider.go.
package oidc

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"time"
)

// Trust says whose word makes an address a verified one.
type Trust string

// The kinds of trust.
const (
	TrustClaim  Trust = "claim"  // the provider's, where it says email_verified
	TrustNever  Trust = "never"  // nobody's: its people are linked by subject alone
	TrustAlways Trust = "always" // the provider's, for every address it tells
)

// Config is a provider and what we are to it. Issuer, ClientID and Redirect
// are required.
type Config struct {
	Issuer   string // as the provider writes it
	ClientID string
	Secret   string   // empty: a public client
	Redirect string   // our callback, as it is registered there
	Scopes   []string // beyond openid; nil: email and profile
	Groups   string   // claim with the person's groups; empty: none
	Email    Trust    // empty: TrustClaim
	Client   *http.Client
	Now      func() time.Time // nil: time.Now
}

// Identity is a person as the provider knows them.
type Identity struct {
	Issuer, Subject string // together, who it is for ever
	Email           string // empty: not told
	Verified        bool   // the address is theirs, as far as this provider is believed
	FirstName       string
	LastName        string
	Groups          []string
}

// ErrAway says that the provider cannot be reached, or does not work, now.
var ErrAway = errors.New("oidc: the provider is away")

// ErrRefused says that what came back proves nothing.
var ErrRefused = errors.New("oidc: not signed in")

// Flow is one way to the provider and back. Its secret stays in the browser
// that begins it; everything else is made of it, so that whoever comes back
// without it has no state, no nonce and no verifier.
type Flow struct{ secret string }

const flowBytes = 32

// NewFlow makes one.
func NewFlow() Flow {
	b := make([]byte, flowBytes)
	rand.Read(b) // never fails
	return Flow{base64.RawURLEncoding.EncodeToString(b)}
}

// ParseFlow reads what Secret gave.
func ParseFlow(secret string) (Flow, bool) {
	b, err := base64.RawURLEncoding.DecodeString(secret)
	return Flow{secret}, err == nil && len(b) == flowBytes
}

// Secret is what the browser keeps.
func (f Flow) Secret() string { return f.secret }

func (f Flow) state() string    { return f.derive("state") }
func (f Flow) nonce() string    { return f.derive("nonce") }
func (f Flow) verifier() string { return f.derive("verifier") }

func (f Flow) derive(use string) string {
	sum := sha256.Sum256([]byte("oidc " + use + " " + f.secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
