package api

import (
	"net/http"
	"slices"
	"strings"
)

// KeyScope is how much of its person's rights an API key has.
type KeyScope string

// The scopes, from the least on: each has what the one before has.
const (
	ScopeRead  KeyScope = "read"  // see rooms, their invitations, and who one is
	ScopeRooms KeyScope = "rooms" // make and run rooms, invite, come in
	ScopeAll   KeyScope = "all"   // accounts and the site too
)

// KeyScopes lists the scopes from the least on.
func KeyScopes() []KeyScope { return []KeyScope{ScopeRead, ScopeRooms, ScopeAll} }

// Known says whether this is one of the scopes.
func (s KeyScope) Known() bool { return s.rank() >= 0 }

func (s KeyScope) less(other KeyScope) bool { return s.rank() < other.rank() }

func (s KeyScope) rank() int { return slices.Index(KeyScopes(), s) }

// scopeOf is what a route of the table wants of a key. What is not named here
// wants everything.
func scopeOf(pattern string) KeyScope {
	method, path, _ := strings.Cut(pattern, " ")
	rooms := path == "/api/v1/rooms" || strings.HasPrefix(path, "/api/v1/rooms/")
	switch {
	case method == http.MethodGet && (rooms || path == "/api/v1/people" || path == "/api/v1/session"):
		return ScopeRead
	case rooms || path == "/ws":
		return ScopeRooms
	}
	return ScopeAll
}
