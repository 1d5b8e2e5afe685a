package api

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// guests are the open sockets of each web session. A session that is in use by
// a socket does not fall idle, and a socket does not outlive its session.
type guests struct {
	// guarded by mu
	mu       sync.Mutex
	sessions map[room.Hash]*guest // by Actor.Session
}

type guest struct {
	id      [32]byte // present id of the session's row, as far as this instance knows
	account bool     // somebody is signed in
	created time.Time
	touched time.Time
	sockets []*connection
}

func newGuests() *guests { return &guests{sessions: map[room.Hash]*guest{}} }

// guestTouch is how often a session is marked as used by its sockets.
const guestTouch = sessionIdle / 4

func (g *guests) add(c *connection) {
	if c.who.row == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[c.who.bound]
	if s == nil {
		s = &guest{id: c.who.row.ID, created: c.who.row.Created, touched: c.api.now()}
		g.sessions[c.who.bound] = s
	}
	s.id, s.account = c.who.row.ID, c.who.row.Person != ""
	s.sockets = append(s.sockets, c)
}

func (g *guests) remove(c *connection) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[c.who.bound]
	if s == nil {
		return
	}
	s.sockets = slices.DeleteFunc(s.sockets, func(other *connection) bool { return other == c })
	if len(s.sockets) == 0 {
		delete(g.sessions, c.who.bound)
	}
}

// renewed notes the new id of a session's row.
func (g *guests) renewed(bound room.Hash, id [32]byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.sessions[bound]; s != nil {
		s.id = id
	}
}

// due gives the sockets of sessions that have come of age, and the ids to be
// touched; the latter count as touched now.
func (g *guests) due(now time.Time) (over []*connection, touch [][32]byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		switch {
		case now.Sub(s.created) >= sessionLife:
			over = append(over, s.sockets...)
		case now.Sub(s.touched) >= guestTouch:
			s.touched = now
			touch = append(touch, s.id)
		}
	}
	return over, touch
}

// accounts gives the sessions with an account, by their present id.
func (g *guests) accounts() map[[32]byte]room.Hash {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := map[[32]byte]room.Hash{}
	for bound, s := range g.sessions {
		if s.account {
			all[s.id] = bound
		}
	}
	return all
}

// gone takes the sockets of a session whose row is no longer there; none if it
// got another id meanwhile.
func (g *guests) gone(bound room.Hash, id [32]byte) []*connection {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.sessions[bound]; s != nil && s.id == id {
		return slices.Clone(s.sockets)
	}
	return nil
}

// checkAccounts ends the sockets of accounts that signed out at another
// instance. One that was only renewed there comes back by itself, which is why
// this is not asked for guests, who renew when they enter, all at once.
func (a *API) checkAccounts(ctx context.Context) {
	for id, bound := range a.guests.accounts() {
		_, err := a.store.Session(ctx, id)
		if !errors.Is(err, store.ErrNotFound) {
			continue
		}
		for _, c := range a.guests.gone(bound, id) {
			c.close(wire.CloseSessionRefresh)
		}
	}
}

func (a *API) sweepGuests(ctx context.Context) {
	now := a.now()
	over, touch := a.guests.due(now)
	for _, c := range over {
		c.close(wire.CloseNotAuthenticated)
	}
	for _, id := range touch {
		// Not found: renewed by another instance, where the page will be again.
		if err := ignoreNotFound(a.store.TouchSession(ctx, id, now)); err != nil {
			a.log.Warn("a session in use could not be marked", "error", err)
			return
		}
	}
}
