package api

import (
	"context"
	"errors"
	"slices"
	"sync"

	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// keySockets are the open sockets of each API key. A socket does not outlive
// its key, nor the account.
type keySockets struct {
	// guarded by mu
	mu    sync.Mutex
	byKey map[[32]byte][]*connection
}

func newKeySockets() *keySockets { return &keySockets{byKey: map[[32]byte][]*connection{}} }

func (k *keySockets) add(c *connection) {
	if c.who.key == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byKey[c.who.key.Hash] = append(k.byKey[c.who.key.Hash], c)
}

func (k *keySockets) remove(c *connection) {
	if c.who.key == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	hash := c.who.key.Hash
	k.byKey[hash] = slices.DeleteFunc(k.byKey[hash], func(other *connection) bool { return other == c })
	if len(k.byKey[hash]) == 0 {
		delete(k.byKey, hash)
	}
}

func (k *keySockets) all() map[[32]byte][]*connection {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make(map[[32]byte][]*connection, len(k.byKey))
	for hash, sockets := range k.byKey {
		all[hash] = slices.Clone(sockets)
	}
	return all
}

// checkKeys ends the sockets of keys that were ended, that have expired, and of
// people who were disabled, at whatever instance.
func (a *API) checkKeys(ctx context.Context) {
	for hash, sockets := range a.keySockets.all() {
		_, _, err := a.store.Key(ctx, hash, a.now())
		if !errors.Is(err, store.ErrNotFound) {
			continue
		}
		for _, c := range sockets {
			c.end(wire.CloseNotAuthenticated)
		}
	}
}
