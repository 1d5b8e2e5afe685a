package room

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// The kinds of identifier. All are opaque to clients; they are made from
// crypto/rand outside this package, which stays pure.
type (
	ID            string // a room
	ParticipantID string // one person in one room
	InvitationID  string // the right of one mail address to come
	PersonID      string // somebody with an account on the site
	Key           string // idempotency key of a writing command, at most 64 bytes
	Seq           uint64 // place of an event in its room's log; the first is 1
)

// Millis is a moment as unix milliseconds, the unit of the log and the socket.
type Millis int64

// Hash is the first half of a keyed or plain SHA-256: a device key, a web
// session or a mail address, told apart without being kept.
type Hash [16]byte

// HashOf cuts SHA-256 of the parts, each prefixed by nothing: callers pass a
// fixed-length or already unambiguous text.
func HashOf(text string) (h Hash) {
	sum := sha256.Sum256([]byte(text))
	copy(h[:], sum[:])
	return h
}

// IsZero says that there is no hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes the hash in hexadecimal; the zero hash is the empty text.
func (h Hash) MarshalText() ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	return hex.AppendEncode(nil, h[:]), nil
}

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = Hash{}
		return nil
	}
	if len(text) != 2*len(h) {
		return errors.New("room: a hash has 32 hexadecimal digits")
	}
	_, err := hex.Decode(h[:], text)
	return err
}
