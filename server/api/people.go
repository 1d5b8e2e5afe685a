package api

import (
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const signInLife = day

// postPerson makes an account: the site's owner may.
func (a *API) postPerson(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if who.person.SiteRole != room.SiteOwner {
		return errForbidden
	}
	var in personBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	p, err := a.person(in)
	if err != nil {
		return err
	}
	p.Verified = in.Verified
	if in.Password != "" {
		if err := checkPassword(in.Password); err != nil {
			return err
		}
		if p.Password, err = a.hashes.hash(r.Context(), in.Password); err != nil {
			return err
		}
	}
	err = a.store.CreatePerson(r.Context(), p, who.act("person.created", string(p.ID)))
	if errors.Is(err, store.ErrConflict) {
		return &room.Refusal{Code: room.CodeConflict, Message: "There is an account with this address already.", Fields: map[string]string{"email": "has an account already"}}
	}
	if err != nil {
		return err
	}
	return a.tellPerson(w, r, &p)
}

type newPerson struct {
	personView
	Link string `json:"link,omitempty"` // signs in once
}

func (a *API) tellPerson(w http.ResponseWriter, r *http.Request, p *store.Person) error {
	view := newPerson{personView: *viewOf(p)}
	if p.Password == "" {
		secret := NewOneTimeSecret()
		one := store.OneTime{Secret: HashSecret(secret), Purpose: "signin", Person: p.ID, Expires: a.now().Add(signInLife)}
		if err := a.store.PutOneTime(r.Context(), one); err != nil {
			return err
		}
		view.Link = a.link("/signin", secret)
	}
	return answer(w, http.StatusCreated, view)
}
