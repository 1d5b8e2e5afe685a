package store

import (
	"context"
	"encoding/hex"
	"time"

	"greenroom/hub/room"
)

// APIKey lets programs act as a person. The key itself is kept nowhere.
type APIKey struct {
	Hash    [32]byte // SHA-256 of the key
	Person  room.PersonID
	Label   string // what it is for, in the person's words
	Scope   string // how much of the person's rights it has
	Created time.Time
	Expires time.Time // zero: never
	Used    time.Time // zero: never; written at most once a minute
}

// ID names the key in lists. It tells nothing about the key.
func (k *APIKey) ID() string { return hex.EncodeToString(k.Hash[:8]) }

// Keys is the API keys. Every method is one transaction; what is not there is
// ErrNotFound and audit rows are written with it, as in Directory.
type Keys interface {
	// PutKey fails with ErrConflict when the key is there already.
	PutKey(ctx context.Context, k APIKey, audit ...AuditRow) error
	// Key finds a key that works at now, and its person. Keys of nobody and of
	// somebody disabled do not work.
	Key(ctx context.Context, hash [32]byte, now time.Time) (APIKey, Person, error)
	// Keys lists the keys of a person, expired ones too, by time of creation.
	Keys(ctx context.Context, person room.PersonID) ([]APIKey, error)
	// TouchKey moves Used.
	TouchKey(ctx context.Context, hash [32]byte, used time.Time) error
	// EndKey takes a key away for good.
	EndKey(ctx context.Context, hash [32]byte, audit ...AuditRow) error
}
