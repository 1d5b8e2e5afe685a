package api

import (
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

var errNoMail = refuse(room.CodeNotFound, "Mail is not set up on this site.")

// postSessionCode mails a code to sign in with. The answer and the way to it
// are the same whether there is such an account or not (SECURITY.md T10).
func (a *API) postSessionCode(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email string `json:"email"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	if a.mailer == nil {
		return errNoMail
	}
	address, err := mailaddr.Parse(in.Email)
	if err != nil {
		return invalid("email", err.Error())
	}
	if wait := a.limitCodes(r, address.Canonical); wait > 0 {
		return slowDown(wait)
	}
	p, err := a.store.PersonByEmail(r.Context(), address.Canonical)
	nobody := errors.Is(err, store.ErrNotFound)
	if err != nil && !nobody {
		return err
	}
	typed := in.Email
	if !nobody {
		typed = p.Email // as its owner writes it
	}
	if address, err = mailaddr.Parse(typed); err != nil {
		return err
	}
	if _, err := a.sendCode(r.Context(), codeSignIn, a.mailbox(address), address, languageOf(r), nobody); err != nil { // spent is not told: unknown addresses never are
		return err
	}
	return done(w)
}

// signInByCode takes the same way and work whether the account exists or not.
// Who knows the code reads the mailbox: the address is theirs.
func (a *API) signInByCode(r *http.Request, email string, code redact.Secret) (store.Person, error) {
	address, _ := mailaddr.Parse(email) // no address is nobody's
	if wait := a.limitSignIn(r, address.Canonical); wait > 0 {
		return store.Person{}, slowDown(wait)
	}
	right, err := a.tryCode(r.Context(), codeSignIn, a.mailbox(address), code)
	if err != nil {
		return store.Person{}, err
	}
	p, err := a.store.PersonByEmail(r.Context(), address.Canonical)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && (!right || p.Disabled):
		return store.Person{}, errSignIn
	case err != nil:
		return store.Person{}, err
	case !p.Verified:
		p.Verified = true
		err = a.store.VerifyPerson(r.Context(), p.ID, p.Canonical, asker{person: &p}.act("person.verified", string(p.ID)))
	}
	return p, err
}
