package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"greenroom/hub/room"
)

// Prefixes tell secret scanners and people what they have before them.
const (
	linkPrefix    = "gri_" // secret of an invitation link
	oneTimePrefix = "grs_" // secret of a link that works once: sign-in, set-up
	keyPrefix     = "grk_" // API key
)

// NewSecret makes a secret of 256 random bits in base64url, behind a prefix.
func NewSecret(prefix string) string { return prefix + random(32) }

// NewOneTimeSecret makes the secret of a set-up or sign-in link.
func NewOneTimeSecret() string { return NewSecret(oneTimePrefix) }

// NewAPIKey makes an API key.
func NewAPIKey() string { return NewSecret(keyPrefix) }

// HashSecret is what the store keeps of a secret.
func HashSecret(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// Ids are base32 in small letters: they are read aloud and typed. Room ids,
// person ids and public ids cannot be guessed (128 bits); those inside a room
// need only be unique there.
func newID() string      { return strings.ToLower(rand.Text()) }
func newShortID() string { return newID()[:16] }

// NewPersonID makes the id of a person.
func NewPersonID() room.PersonID { return room.PersonID(newID()) }
