package api_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// verified makes an account whose address is known to be its own.
func verified(t *testing.T, s *apitest.Server, email string) *apitest.Browser {
	t.Helper()
	p := store.Person{ID: api.NewPersonID(), Email: email, Canonical: email, Verified: true, FirstName: "Vera", LastName: "V", Created: s.Clock.Now()}
	if err := s.Store.CreatePerson(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return signedInAs(t, s, p.ID)
}

// signedInAs is a new device of somebody.
func signedInAs(t *testing.T, s *apitest.Server, id room.PersonID) *apitest.Browser {
	t.Helper()
	secret := api.NewOneTimeSecret()
	if err := s.Store.PutOneTime(t.Context(), store.OneTime{Secret: api.HashSecret(secret), Purpose: "signin", Person: id, Expires: s.Clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	b := s.Browser()
	b.Do("POST", "/api/v1/session", map[string]string{"link": secret}).Into(http.StatusOK, nil)
	return b
}

// broken is a store that fails when it is told to, as a lost database would.
type broken struct {
	store.Store
	down atomic.Bool
}

var errDown = errors.New("store: connection lost")

func (b *broken) Commit(ctx context.Context, id room.ID, head room.Seq, decide func(time.Time, []room.Event) (store.Batch, error)) error {
	if b.down.Load() {
		return errDown
	}
	return b.Store.Commit(ctx, id, head, decide)
}

func (b *broken) Link(ctx context.Context, publicID string) (store.LinkRow, error) {
	if b.down.Load() {
		return store.LinkRow{}, errDown
	}
	return b.Store.Link(ctx, publicID)
}

func (b *broken) Ping(ctx context.Context) error {
	if b.down.Load() {
		return errDown
	}
	return b.Store.Ping(ctx)
}

func (b *broken) Key(context.Context, [32]byte, time.Time) (store.APIKey, store.Person, error) {
	panic("a fault of ours")
}

// Without the store people are told that it does not work now, with an id that
// the log has; when it is back everything goes on.
func TestStoreGone(t *testing.T) {
	b := new(broken)
	s := apitest.Start(t, apitest.Options{Wrap: func(s store.Store) store.Store { b.Store = s; return b }})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	card := owner.Invite(id, "anna@example.org", "viewer")
	owner.OpenDoors(id)
	socket, _ := owner.Join(id)
	owner.Do("GET", "/readyz", nil).Into(http.StatusOK, nil)
	b.down.Store(true)
	owner.Do("GET", "/readyz", nil).Refused(http.StatusServiceUnavailable, "unavailable")
	owner.Do("GET", "/healthz", nil).Into(http.StatusOK, nil)
	got := owner.Patch(id, map[string]any{"title": "Lost"})
	got.Refused(http.StatusServiceUnavailable, "unavailable")
	_, reference, ok := strings.Cut(string(got.Body), `"instance":"urn:greenroom:error:`)
	if !ok || !strings.Contains(s.Logs(), reference[:12]) || strings.Contains(string(got.Body), "connection lost") || got.Header.Get("Retry-After") == "" {
		t.Errorf("told: %s", got.Body)
	}
	s.Browser().TryOpen(card.Link()).Refused(http.StatusServiceUnavailable, "unavailable")
	socket.Refused("chat.post", map[string]string{"text": "lost"}, room.CodeUnavailable)
	refused, reply := owner.Hello(map[string]any{"room": id})
	if reply.Err == nil || reply.Err.Code != room.CodeUnavailable || !reply.Err.Temporary {
		t.Errorf("hello: %+v", reply)
	}
	refused.CloseCode()
	b.down.Store(false)
	owner.Patch(id, map[string]any{"title": "Found"}).Into(http.StatusOK, nil)
	socket.Do("chat.post", map[string]string{"text": "again"}, nil)

	// A panic is answered, not a cut connection.
	stranger := s.Browser()
	stranger.Key = api.NewAPIKey()
	stranger.Do("GET", "/api/v1/rooms", nil).Refused(http.StatusServiceUnavailable, "unavailable")
	if !strings.Contains(s.Logs(), "a fault of ours") {
		t.Error("the panic is not in the log")
	}
}

// T4, T29: no secret, cookie, password or address in any log at debug level,
// in any error, or — the addresses aside — in the database.
func TestCanary(t *testing.T) {
	var dir string
	b := new(broken)
	s := apitest.Start(t, apitest.Options{Mail: new(mail.Outbox), Deliver: true, Wrap: func(s store.Store) store.Store { b.Store = s; return b }, Folder: &dir})
	owner := s.Owner()
	id := owner.Room("Canary room", time.Hour).ID
	var made apitest.Invitation
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "canary-mail@example.org", "first_name": "Canaryname", "last_name": "B", "type": "viewer", "send_email": true}).Into(http.StatusCreated, &made)
	publicID, secret := made.Link()
	guest := s.Browser()
	guest.Open(made)
	owner.OpenDoors(id)
	socket, _ := guest.Join(id)
	socket.Refused("lobby.check", map[string]string{"email": "canary-wrong@example.org"}, room.CodeLobbyNoMatch)
	socket.Do("lobby.check", map[string]string{"email": "canary-mail@example.org"}, nil)
	socket.Event("phase.changed", nil)
	socket.Do("chat.post", map[string]string{"text": "canary-chat"}, nil)
	socket.Write(`{"cmd":"canary-frame`)
	socket.CloseCode()
	guest.SignIn("canary-account@example.org", "canary-password").Refused(http.StatusUnauthorized, "not_authenticated")
	guest.TryOpen(publicID, "gri_canary-wrong-secret").Refused(http.StatusNotFound, "not_found")
	guest.Do("GET", "/i/"+publicID+"?x=canary-query", nil)
	guest.Do("GET", "/canary-path", nil)
	guest.Do("POST", "/api/v1/rooms", `{"title":"canary-body`).Refused(http.StatusUnauthorized, "not_authenticated")
	b.down.Store(true)
	owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": "canary-down@example.org", "first_name": "Canaryname", "last_name": "B", "type": "viewer"})
	crash := s.Browser()
	crash.Key = api.NewAPIKey()
	crash.Do("GET", "/api/v1/rooms", nil)
	b.down.Store(false)

	cookies := []string{owner.Cookie("session"), owner.Cookie("device"), guest.Cookie("session"), guest.Cookie("device"), strings.TrimPrefix(guest.Cookie("session"), guest.Cookie("session")[:23])}
	log := s.Logs()
	for _, hidden := range append(cookies, secret, crash.Key, apitest.Password, "canary-mail", "canary-wrong", "canary-account", "canary-password", "canary-chat", "canary-frame",
		"canary-down", "canary-body", "canary-query", "canary-path", "Canaryname", "owner@example.org") {
		if strings.Contains(log, hidden) {
			t.Errorf("in the log: %s", hidden)
		}
	}
	for _, name := range []string{"greenroom.db", "greenroom.db-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, hidden := range append(cookies, secret, crash.Key, apitest.Password, "canary-password", "canary-wrong") {
			if bytes.Contains(content, []byte(hidden)) {
				t.Errorf("in %s: %s", name, hidden)
			}
		}
	}
}
