package api

import (
	"errors"
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// codePassword is the purpose of codes with which a password is set.
const codePassword = "password"

// freshSignIn is how long after signing in otherwise somebody may give an
// account its first password.
const freshSignIn = 10 * time.Minute

// accountView is the account of the one who asks.
type accountView struct {
	personView
	Password bool `json:"password"` // there is one
}

func (a *API) getAccount(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, accountView{*viewOf(who.person), who.person.Password != ""})
}

// ownSession is a session as the person sees it.
type ownSession struct {
	ID         string `json:"id"`
	SignedInAt string `json:"signed_in_at"`
	SeenAt     string `json:"seen_at"`
	Browser    string `json:"browser,omitempty"`
	Current    bool   `json:"current"`
}

type ownSessions struct {
	Items []ownSession `json:"items"`
}

// getOwnSessions lists where the asker's account is signed in.
func (a *API) getOwnSessions(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	now := a.now()
	all, err := a.store.PersonSessions(r.Context(), who.person.ID, now.Add(-accountLife))
	if err != nil {
		return err
	}
	list := ownSessions{Items: []ownSession{}}
	for _, s := range all {
		if !ended(s, now) {
			list.Items = append(list.Items, ownSession{s.Handle, at(s.Signed), at(s.Seen), s.Agent, who.handle() == s.Handle})
		}
	}
	return answer(w, http.StatusOK, list)
}

func at(t time.Time) string { return moment(room.Millis(t.UnixMilli())) }

// handle names the asker's session; empty for a key.
func (who asker) handle() string {
	if who.row == nil {
		return ""
	}
	return handleOf(who.family)
}

// deleteOwnSession ends one of the asker's sessions, on every instance. The
// asker's own is signed out.
func (a *API) deleteOwnSession(w http.ResponseWriter, r *http.Request) error {
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	handle := r.PathValue("session")
	if handle == who.handle() {
		return a.deleteSession(w, r)
	}
	if err := a.store.EndSession(r.Context(), who.person.ID, handle, who.act("session.ended", string(who.person.ID))); err != nil {
		return err
	}
	a.endHere(handle)
	return done(w)
}

// deleteOtherSessions ends all of the asker's sessions but this one.
func (a *API) deleteOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if err := a.endOthers(r, who); err != nil {
		return err
	}
	return done(w)
}

// postAccountCode mails a code to the asker's own address, with which the
// password may be changed.
func (a *API) postAccountCode(w http.ResponseWriter, r *http.Request) error {
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if a.mailer == nil {
		return errNoMail
	}
	to, err := mailaddr.Parse(who.person.Email)
	if err != nil {
		return err
	}
	if wait := a.limitCodes(r, to.Canonical); wait > 0 {
		return slowDown(wait)
	}
	if err := a.sendCode(r.Context(), codePassword, a.mailbox(to), to, languageOf(r), false); err != nil {
		return err
	}
	return done(w)
}

// passwordBody is a new password and the proof that the account is one's own:
// the current one, a code, or for the first one to have signed in just now.
type passwordBody struct {
	Password redact.Secret `json:"password"`
	Current  redact.Secret `json:"current"`
	Code     redact.Secret `json:"code"`
}

// postPassword changes the asker's password. All other sessions end: one of
// them may be why.
func (a *API) postPassword(w http.ResponseWriter, r *http.Request) error {
	var in passwordBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if who.row == nil {
		return errForbidden // a key is no proof of the person
	}
	if err := checkPassword(in.Password); err != nil {
		return err
	}
	if err := a.proves(r, who, in); err != nil {
		return err
	}
	hash, err := a.hashes.hash(r.Context(), in.Password)
	if err != nil {
		return err
	}
	if err := a.store.SetPassword(r.Context(), who.person.ID, hash, who.act("person.password_set", string(who.person.ID))); err != nil {
		return err
	}
	if err := a.endOthers(r, who); err != nil {
		return err
	}
	if _, err := a.freshSession(r.Context(), w, who); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return done(w)
}

// proves says whether somebody who is signed in is the person: a browser that
// was left open is not.
func (a *API) proves(r *http.Request, who asker, in passwordBody) error {
	if wait := a.limitSignIn(r, who.person.Canonical); wait > 0 {
		return slowDown(wait)
	}
	if in.Code != "" {
		to, err := mailaddr.Parse(who.person.Email)
		if err != nil {
			return err
		}
		right, err := a.tryCode(r.Context(), codePassword, a.mailbox(to), in.Code)
		if err == nil && !right {
			err = invalid("code", "does not match")
		}
		return err
	}
	if who.person.Password == "" {
		if a.now().Sub(who.row.Signed) < freshSignIn {
			return nil
		}
		return invalid("code", "is required")
	}
	right := false
	var err error
	if len(in.Current) <= maxPassword {
		right, err = a.hashes.verify(r.Context(), in.Current, who.person.Password)
	}
	if err == nil && !right {
		err = invalid("current", "does not match")
	}
	return err
}

// endOthers ends the asker's other sessions.
func (a *API) endOthers(r *http.Request, who asker) error {
	before, err := a.store.PersonSessions(r.Context(), who.person.ID, time.Time{})
	if err != nil {
		return err
	}
	if err := a.store.EndOtherSessions(r.Context(), who.person.ID, who.handle(), who.act("session.others_ended", string(who.person.ID))); err != nil {
		return err
	}
	for _, s := range before {
		if s.Handle != who.handle() {
			a.endHere(s.Handle)
		}
	}
	return nil
}

// endHere closes the sockets of an ended session on this instance; the others
// look for it (checkEnded).
func (a *API) endHere(handle string) {
	for _, c := range a.guests.ended([]string{handle}) {
		c.end(wire.CloseNotAuthenticated)
	}
}
