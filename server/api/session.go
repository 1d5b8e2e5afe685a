package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// personView is a person in HTTP answers.
type personView struct {
	ID        room.PersonID `json:"id"`
	Email     string        `json:"email"`
	FirstName string        `json:"first_name"`
	LastName  string        `json:"last_name"`
	SiteOwner bool          `json:"site_owner"`
	SiteRole  room.SiteRole `json:"site_role"`
	Verified  bool          `json:"verified"` // the address is known to be theirs
}

func viewOf(p *store.Person) *personView {
	if p == nil {
		return nil
	}
	return &personView{p.ID, p.Email, p.FirstName, p.LastName, p.SiteRole == room.SiteOwner, p.SiteRole, p.Verified}
}

type sessionView struct {
	Person      *personView   `json:"person,omitempty"`
	Invitations []openingView `json:"invitations"`
}

type openingView struct {
	Invitation room.InvitationID `json:"invitation"`
	Room       room.ID           `json:"room"`
}

type personAnswer struct {
	Person *personView `json:"person"`
}

func (a *API) getSession(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	return a.tellSession(w, r, who)
}

func (a *API) tellSession(w http.ResponseWriter, r *http.Request, who asker) error {
	all, err := a.openings(r.Context(), who)
	if err != nil {
		return err
	}
	view := sessionView{Person: viewOf(who.person), Invitations: make([]openingView, 0, len(all))}
	for _, o := range all {
		view.Invitations = append(view.Invitations, openingView{o.Invitation, o.Room})
	}
	return answer(w, http.StatusOK, view)
}

// postSession signs in by password, by a mailed code or by a one-time link.
func (a *API) postSession(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email    string        `json:"email"`
		Password redact.Secret `json:"password"`
		Code     redact.Secret `json:"code"`
		Link     redact.Secret `json:"link"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	var p store.Person
	var err error
	switch {
	case in.Link != "":
		p, err = a.signInByLink(r, in.Link)
	case in.Code != "":
		p, err = a.signInByCode(r, in.Email, in.Code)
	default:
		p, err = a.signInByPassword(r, in.Email, in.Password)
	}
	if err != nil {
		return err
	}
	if err := a.signIn(w, r, &p); err != nil {
		return err
	}
	return answer(w, http.StatusOK, personAnswer{viewOf(&p)})
}

// signInByPassword takes the same way and work whether the account exists or
// not (SECURITY.md T10).
func (a *API) signInByPassword(r *http.Request, email string, password redact.Secret) (store.Person, error) {
	if len(password) > maxPassword {
		return store.Person{}, errSignIn
	}
	address, _ := mailaddr.Parse(email) // no address is nobody's
	if wait := a.limitSignIn(r, address.Canonical); wait > 0 {
		return store.Person{}, slowDown(wait)
	}
	p, err := a.store.PersonByEmail(r.Context(), address.Canonical)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Person{}, err
	}
	ok, err := a.hashes.verify(r.Context(), password, p.Password)
	if err == nil && (!ok || p.Disabled) {
		err = errSignIn
	}
	return p, err
}

func (a *API) limitSignIn(r *http.Request, canonical string) time.Duration {
	now, network := a.now(), a.clientNetwork(r)
	if wait := a.signInIP.take(network, now); wait > 0 {
		return wait
	}
	if canonical == "" {
		return 0
	}
	// Guessing from one place must not keep the owner out everywhere.
	if wait := a.signIns.take(canonical+" "+network.String(), now); wait > 0 {
		return wait
	}
	return a.signInAll.take(canonical, now)
}

// limitCodes bounds the mails that strangers can cause.
func (a *API) limitCodes(r *http.Request, canonical string) time.Duration {
	now, network := a.now(), a.clientNetwork(r)
	if wait := a.signInIP.take(network, now); wait > 0 {
		return wait
	}
	if wait := a.codes.take(canonical+" "+network.String(), now); wait > 0 {
		return wait
	}
	return a.codesAll.take(canonical, now)
}

func (a *API) signInByLink(r *http.Request, link redact.Secret) (store.Person, error) {
	if wait := a.signInIP.take(a.clientNetwork(r), a.now()); wait > 0 {
		return store.Person{}, slowDown(wait)
	}
	one, err := a.store.TakeOneTime(r.Context(), HashSecret(string(link)), "signin", a.now())
	if err == nil {
		var p store.Person
		if p, err = a.store.Person(r.Context(), one.Person); err == nil && !p.Disabled {
			return p, nil
		}
	}
	if err == nil || errors.Is(err, store.ErrNotFound) {
		err = errSignIn
	}
	return store.Person{}, err
}

// signIn ties the browser's session to an account, under a new id (SECURITY.md
// T8). Invitations opened before stay; sockets of another account end, and the
// session is a new one to all who knew it.
func (a *API) signIn(w http.ResponseWriter, r *http.Request, p *store.Person) error {
	who, err := a.askCookies(r)
	if err != nil {
		return err
	}
	if who.row != nil && who.row.Person != "" && who.row.Person != p.ID {
		a.hub.EndWebSession(who.bound)
		who.family = random(16)
	}
	who, err = a.freshSession(r.Context(), w, who)
	if errors.Is(err, store.ErrNotFound) { // the old id died in this moment: another tab signed in or renewed
		who, err = a.freshSession(r.Context(), w, asker{device: who.device})
	}
	if err != nil {
		return err
	}
	a.keepDevice(w, r)
	who.row.Person, who.row.Handle = p.ID, handleOf(who.family)
	who.row.Signed, who.row.Agent = a.now(), agentOf(r.UserAgent())
	return a.store.SignIn(r.Context(), *who.row)
}

// askCookies is ask without regard to a bearer key.
func (a *API) askCookies(r *http.Request) (asker, error) {
	var who asker
	if device := cookieOf(r, a.cookies.device); base64url(device, secretLength) {
		who.device = room.HashOf(device)
	}
	return who, a.askBySession(r.Context(), a.store, &who, cookieOf(r, a.cookies.session))
}

// freshSession gives the asker's session a new id, or makes a session. An id
// that the client brought is never taken over.
func (a *API) freshSession(ctx context.Context, w http.ResponseWriter, who asker) (asker, error) {
	now := a.now()
	if who.row == nil {
		who.family = random(16)
		who.row = &store.WebSession{Handle: handleOf(who.family), Created: now, Seen: now}
	}
	cookie := newSessionCookie(who.family)
	id := HashSecret(cookie)
	var err error
	if who.row.ID == [32]byte{} {
		who.row.ID = id
		err = a.store.PutSession(ctx, *who.row)
	} else {
		err = a.store.RenewSession(ctx, who.row.ID, id)
		who.row.ID = id
	}
	if err != nil {
		return who, err
	}
	who.bound = room.HashOf(who.family)
	a.guests.renewed(who.bound, id)
	a.setSession(w, cookie, *who.row, now)
	return who, nil
}

// keepDevice gives the browser its device cookie for another year, a new one
// if it has none.
func (a *API) keepDevice(w http.ResponseWriter, r *http.Request) room.Hash {
	device := cookieOf(r, a.cookies.device)
	if !base64url(device, secretLength) {
		device = random(32)
	}
	a.cookies.set(w, a.cookies.device, device, deviceLife)
	return room.HashOf(device)
}

// deleteSession signs out: the row goes, and with it what it had opened.
func (a *API) deleteSession(w http.ResponseWriter, r *http.Request) error {
	who, err := a.askCookies(r)
	if err != nil {
		return err
	}
	if who.row != nil {
		if err := a.store.DeleteSession(r.Context(), who.row.ID); err != nil {
			return err
		}
		a.hub.EndWebSession(who.bound)
	}
	a.cookies.set(w, a.cookies.session, "", 0)
	return done(w)
}

// An old id outlives a renewal until the new one is used: the answer that
// brings it may be lost. Longer than a tunnel, shorter than a copied cookie is
// of use.
const (
	oldIDLives  = time.Hour
	renewsAgain = 10 * time.Second
)

// postSessionRenew offers the session a new id.
func (a *API) postSessionRenew(w http.ResponseWriter, r *http.Request) error {
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	who, err := a.askCookies(r)
	if err != nil {
		return err
	}
	if who.row == nil {
		return errNobody
	}
	err = a.offerSession(r.Context(), w, who)
	if errors.Is(err, store.ErrNotFound) {
		return errNobody // signed in or out in this moment, by another tab
	}
	if err != nil {
		return err
	}
	return a.tellSession(w, r, who)
}

// offerSession leaves an offer of a moment ago alone: that is another tab's,
// and the browser shall not be left with the one that was replaced.
func (a *API) offerSession(ctx context.Context, w http.ResponseWriter, who asker) error {
	now := a.now()
	if dies := who.row.Dies; !dies.IsZero() && dies.Sub(now) > oldIDLives-renewsAgain {
		return nil
	}
	cookie := newSessionCookie(who.family)
	if err := a.store.OfferSession(ctx, who.row.ID, HashSecret(cookie), now.Add(oldIDLives)); err != nil {
		return err
	}
	a.setSession(w, cookie, *who.row, now)
	return nil
}

func (a *API) setSession(w http.ResponseWriter, cookie string, row store.WebSession, now time.Time) {
	a.cookies.set(w, a.cookies.session, cookie, row.Created.Add(sessionLife).Sub(now))
}
