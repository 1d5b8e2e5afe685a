package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
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
	id      [32]byte  // present id of the session's row, as far as this instance knows
	handle  string    // as the store remembers ended ones
	signed  time.Time // when an account signed in; zero: none is
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
		s = &guest{id: c.who.row.ID, handle: handleOf(c.who.family), created: c.who.row.Created, touched: c.api.now()}
		g.sessions[c.who.bound] = s
	}
	s.id, s.signed = c.who.row.ID, time.Time{}
	if c.who.person != nil {
		s.signed = c.who.row.Signed
	}
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

// due gives the sockets of sessions that have come of age and of those whose
// account has, and the ids to be touched; the latter count as touched now.
func (g *guests) due(now time.Time) (over, signedOut []*connection, touch [][32]byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		switch {
		case now.Sub(s.created) >= sessionLife:
			over = append(over, s.sockets...)
		case !s.signed.IsZero() && now.Sub(s.signed) >= accountLife:
			signedOut = append(signedOut, s.sockets...)
		case now.Sub(s.touched) >= guestTouch:
			s.touched = now
			touch = append(touch, s.id)
		}
	}
	return over, signedOut, touch
}

// ended gives the sockets here of sessions that have ended.
func (g *guests) ended(handles []string) (all []*connection) {
	if len(handles) == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if slices.Contains(handles, s.handle) {
			all = append(all, s.sockets...)
		}
	}
	return all
}

// endedOverlap is by how much a look for ended sessions begins before the last
// one: longer than a transaction may take to be seen.
const endedOverlap = 30 * time.Second

// checkEnded ends the sockets of sessions that ended at other instances, since
// the last look that succeeded. It gives the time of this one.
func (a *API) checkEnded(ctx context.Context, last time.Time) time.Time {
	now := a.now()
	handles, err := a.store.EndedSessions(ctx, now.Sub(last)+endedOverlap)
	if blind := err != nil; ctx.Err() == nil && a.blind.Swap(blind) != blind {
		a.log.Warn("which sessions have ended read", "works", !blind, "error", err)
	}
	if err != nil {
		return last
	}
	for _, c := range a.guests.ended(handles) {
		c.end(wire.CloseNotAuthenticated)
	}
	return now
}

func (a *API) sweepGuests(ctx context.Context) {
	now := a.now()
	over, signedOut, touch := a.guests.due(now)
	for _, c := range over {
		c.end(wire.CloseNotAuthenticated)
	}
	for _, c := range signedOut {
		c.end(wire.CloseSessionRefresh) // who opened an invitation too comes back by it
	}
	for _, id := range touch {
		// Not found: renewed by another instance, where the page will be again.
		if err := ignoreNotFound(a.store.TouchSession(ctx, id, now)); err != nil {
			a.log.Warn("a session in use could not be marked", "error", err)
			return
		}
	}
}
