package api

import (
	"errors"
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// Some acts are not done for a browser that was only left open (SECURITY.md
// T33): a new owner of a room or of the site, an erasure, an export, a key with
// every right, a link that signs in. Whoever asks has signed in lately, or has
// shown lately once more that it is them.

// codeReauthenticate is the code of the refusal; HTTP alone has it.
const codeReauthenticate room.Code = "reauthenticate"

// codeProof is the purpose of the mailed codes.
const codeProof = "password"

// proofLife is how long signing in, or a proof, counts.
const proofLife = 10 * time.Minute

const helpPassword help = "password" // give the account's password

// proofBody is what shows that the account is one's own: its password, or a
// code that was mailed to its address.
type proofBody struct {
	Current redact.Secret `json:"current"`
	Code    redact.Secret `json:"code"`
}

// wanting is the refusal of an act that wants a proof, with the ways there are.
type wanting struct {
	error
	can []help
}

func (w *wanting) Unwrap() error { return w.error }

func (w *wanting) into(p *problem) { p.Can = w.can }

var errReauthenticate = refuse(codeReauthenticate, "Show once more that it is you, then do it again.")

// postProof takes a proof, which counts for the acts of the next minutes.
func (a *API) postProof(w http.ResponseWriter, r *http.Request) error {
	var in proofBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if who.row == nil {
		return errForbidden // keys need none
	}
	if err := a.prove(r, who, in); err != nil {
		return err
	}
	return done(w)
}

// freshly demands that whoever asks has shown lately who they are, or does so
// with the request. A key was made for what its scope lets it do, and is not
// asked.
func (a *API) freshly(r *http.Request, who asker, given proofBody) error {
	switch {
	case who.key != nil || a.provedLately(who):
		return nil
	case given == proofBody{}:
		return &wanting{errReauthenticate, a.proofWays(who)}
	}
	return a.prove(r, who, given)
}

// provedLately says whether the asker has shown lately who they are.
func (a *API) provedLately(who asker) bool {
	last := who.row.Signed
	if who.row.Proved.After(last) {
		last = who.row.Proved
	}
	return a.now().Sub(last) < proofLife
}

// proofWays are how the asker can give a proof. Where there are none, one signs
// in again.
func (a *API) proofWays(who asker) (can []help) {
	if who.person.Password != "" {
		can = append(can, helpPassword)
	}
	if a.mailer != nil {
		can = append(can, helpCode)
	}
	return can
}

// prove judges a proof and notes a good one.
func (a *API) prove(r *http.Request, who asker, given proofBody) error {
	if err := a.proves(r, who, given); err != nil {
		return err
	}
	err := a.store.ProveSession(r.Context(), who.row.ID, a.now())
	if errors.Is(err, store.ErrNotFound) {
		return errNobody // signed in or out in this moment, by another tab
	}
	return err
}

// proves says whether somebody who is signed in is the person: a browser that
// was left open is not.
func (a *API) proves(r *http.Request, who asker, given proofBody) error {
	if wait := a.limitSignIn(r, who.person.Canonical); wait > 0 {
		return slowDown(wait)
	}
	switch {
	case given.Code != "":
		return a.provesByCode(r, who, given.Code)
	case who.person.Password != "":
		return a.provesByPassword(r, who, given.Current)
	}
	return invalid("code", "is required")
}

func (a *API) provesByCode(r *http.Request, who asker, code redact.Secret) error {
	to, err := mailaddr.Parse(who.person.Email)
	if err != nil {
		return err
	}
	right, err := a.tryCode(r.Context(), codeProof, a.mailbox(to), code)
	if err == nil && !right {
		err = invalid("code", "does not match")
	}
	return err
}

func (a *API) provesByPassword(r *http.Request, who asker, current redact.Secret) (err error) {
	right := false
	if len(current) <= maxPassword {
		right, err = a.hashes.verify(r.Context(), current, who.person.Password)
	}
	if err == nil && !right {
		err = invalid("current", "does not match")
	}
	return err
}
