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

// postAccountCode mails a code to the asker's own address, as a proof that the
// account is theirs.
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
	spent, err := a.sendCode(r.Context(), codeProof, a.mailbox(to), to, languageOf(r), false)
	switch {
	case err != nil:
		return err
	case spent:
		return slowDown(store.MailDay)
	}
	return done(w)
}

// passwordBody is a new password and the proof that the account is one's own.
type passwordBody struct {
	Password redact.Secret `json:"password"`
	Current  redact.Secret `json:"current"`
	Code     redact.Secret `json:"code"`
}

// postPassword changes the asker's password. All other sessions end: one of
// them may be why. For the first password it is enough to have signed in just
// now.
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
	if first := who.person.Password == "" && in.Code == ""; !first || !a.provedLately(who) {
		if err := a.proves(r, who, proofBody{in.Current, in.Code}); err != nil {
			return err
		}
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
