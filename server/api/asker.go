package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
)

// asker is who sends a request, as far as cookies or a bearer key tell.
type asker struct {
	person *store.Person // signed in, or the key's
	groups []room.GroupID
	key    *store.APIKey // asked with
	device room.Hash     // of the device cookie; of the key
	bound  room.Hash     // of the web session's family; of the key
	row    *store.WebSession
	family string
}

// touchEvery is how often the last use of a session is written.
const touchEvery = time.Minute

// sessions is how web sessions are read and marked: the store, or, for sockets,
// the store for many at once.
type sessions interface {
	Session(ctx context.Context, id [32]byte) (store.WebSession, error)
	TouchSession(ctx context.Context, id [32]byte, seen time.Time) error
}

// ask finds out who asks. Nobody is not an error; a bearer key that does not
// work is.
func (a *API) ask(r *http.Request) (asker, error) { return a.askIn(r, a.store) }

func (a *API) askIn(r *http.Request, from sessions) (asker, error) {
	if given := r.Header.Get("Authorization"); given != "" {
		return a.askByKey(r, given)
	}
	var who asker
	if device := cookieOf(r, a.cookies.device); base64url(device, secretLength) {
		who.device = room.HashOf(device)
	}
	err := a.askBySession(r.Context(), from, &who, cookieOf(r, a.cookies.session))
	return who, err
}

// askByKey is the one place where keys are judged, their scope too.
func (a *API) askByKey(r *http.Request, given string) (asker, error) {
	scheme, secret, _ := strings.Cut(given, " ")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(secret, keyPrefix) {
		return asker{}, errKey
	}
	ctx, now := r.Context(), a.now()
	key, p, err := a.store.Key(ctx, HashSecret(secret), now)
	if errors.Is(err, store.ErrNotFound) {
		return asker{}, errKey
	}
	if err != nil {
		return asker{}, err
	}
	if want := scopeOf(r.Pattern); KeyScope(key.Scope).less(want) {
		return asker{}, refuse(room.CodeForbidden, "This needs an API key with the scope "+string(want)+".")
	}
	if now.Sub(key.Used) >= touchEvery {
		if err := ignoreNotFound(a.store.TouchKey(ctx, key.Hash, now)); err != nil {
			return asker{}, err
		}
	}
	h := room.HashOf(secret)
	who := asker{person: &p, key: &key, device: h, bound: h}
	who.groups, err = a.store.GroupsOf(ctx, p.ID)
	return who, err
}

func (a *API) askBySession(ctx context.Context, from sessions, who *asker, cookie string) error {
	family := familyOf(cookie)
	if family == "" {
		return nil
	}
	row, err := from.Session(ctx, HashSecret(cookie))
	now := a.now()
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case ended(row, now):
		return nil
	}
	who.row, who.family, who.bound = &row, family, room.HashOf(family)
	if row.Offered {
		if err := a.acceptSession(ctx, who, HashSecret(cookie)); err != nil {
			return err
		}
	}
	if now.Sub(row.Seen) >= touchEvery {
		if err := from.TouchSession(ctx, row.ID, now); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return a.loadPerson(ctx, who)
}

// signedIn says whether a session has an account at a moment.
func signedIn(s store.WebSession, now time.Time) bool {
	return s.Person != "" && now.Sub(s.Signed) < accountLife
}

// ended says whether a session is too old, has not been used for too long, or
// has had another id for long enough.
func ended(s store.WebSession, now time.Time) bool {
	return now.Sub(s.Created) >= sessionLife || now.Sub(s.Seen) >= sessionIdle || !s.Dies.IsZero() && !now.Before(s.Dies)
}

// acceptSession ends the old id of a session: the browser has the new one.
func (a *API) acceptSession(ctx context.Context, who *asker, id [32]byte) error {
	if err := ignoreNotFound(a.store.AcceptSession(ctx, id)); err != nil { // not found: another request was quicker
		return err
	}
	who.row.ID, who.row.Offered = id, false
	a.guests.renewed(who.bound, id)
	return nil
}

func (a *API) loadPerson(ctx context.Context, who *asker) error {
	if !signedIn(*who.row, a.now()) {
		return nil
	}
	p, err := a.store.Person(ctx, who.row.Person)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Disabled {
		return nil
	}
	who.person = &p
	who.groups, err = a.store.GroupsOf(ctx, p.ID)
	return err
}

// account demands somebody who is signed in.
func (a *API) account(r *http.Request) (asker, error) {
	who, err := a.ask(r)
	if err == nil && who.person == nil {
		err = errNobody
	}
	return who, err
}

// openings are the invitations that the asker's session has opened, the last
// one last.
func (a *API) openings(ctx context.Context, who asker) ([]store.Opening, error) {
	if who.row == nil {
		return nil, nil
	}
	return a.store.Openings(ctx, who.row.ID)
}

// openingOf finds the last opened invitation for a room, or the one asked for.
func openingOf(all []store.Opening, id room.ID, want room.InvitationID) (store.Opening, bool) {
	for _, o := range slices.Backward(all) {
		if o.Room == id && (want == "" || o.Invitation == want) {
			return o, true
		}
	}
	return store.Opening{}, false
}

// actor is the asker in a room, by account alone.
func (a *API) actor(who asker, id room.ID) room.Actor {
	by := room.Actor{Device: who.device, Session: who.bound}
	if who.person != nil {
		by.Account, by.SiteRole, by.Groups = who.person.ID, who.person.SiteRole, who.groups
		by.Name = strings.TrimSpace(who.person.FirstName + " " + who.person.LastName)
		if who.person.Verified {
			by.Verified = mailaddr.Match(a.pepper, id, who.person.Canonical)
		}
	}
	return by
}

// through is the actor by an opened invitation.
func through(by room.Actor, o store.Opening) room.Actor {
	by.Invitation, by.Link = o.Invitation, o.Link
	return by
}

// seat is the asker in a room: as its manager, else by the invitation wanted
// or last opened, else by account. It demands that the room knows the asker,
// because to all others it must look like no room at all.
func (a *API) seat(ctx context.Context, who asker, id room.ID) (room.Actor, *room.Person, *room.State, error) {
	if who.person == nil && who.row == nil {
		return room.Actor{}, nil, nil, errNobody
	}
	all, err := a.openings(ctx, who)
	if err != nil {
		return room.Actor{}, nil, nil, err
	}
	state, err := a.hub.State(ctx, id)
	if errors.Is(err, room.CodeNotFound) {
		return room.Actor{}, nil, nil, strange(who, all)
	}
	if err != nil {
		return room.Actor{}, nil, nil, err
	}
	by := a.actor(who, id)
	if o, opened := openingOf(all, id, ""); opened {
		if _, manages := state.Manager(by.Account); !manages {
			by = through(by, o)
		}
	}
	p, known := state.Who(by)
	if !known {
		return room.Actor{}, nil, nil, strange(who, all)
	}
	return by, p, state, nil
}

// strange answers for a room that does not know the asker, and for none at
// all: nobody shall tell the two apart.
func strange(who asker, all []store.Opening) error {
	if who.person == nil && len(all) == 0 {
		return errNobody
	}
	return errNotFound
}

// manager is seat for what only managers with a right may ask. The rules judge
// the command itself again, at its place in the log.
func (a *API) manager(ctx context.Context, who asker, id room.ID, right room.Action) (room.Actor, *room.State, error) {
	by, p, state, err := a.seat(ctx, who, id)
	switch {
	case err != nil:
		return by, nil, err
	case p.Invitation == "" && p.Role.May(right) && state.Status != room.StatusDeleted:
		return by, state, nil
	case p.Invitation == "" && state.Status == room.StatusDeleted:
		return by, nil, roomDeleted(state)
	}
	return by, nil, errForbidden
}

func roomDeleted(s *room.State) *room.Refusal {
	return &room.Refusal{Code: room.CodeRoomDeleted, Message: "This session was cancelled.", At: s.ClosedAt, Reason: s.Reason, Final: true}
}
