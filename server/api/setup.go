package api

import (
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// personBody is how people are described in requests.
type personBody struct {
	Secret    redact.Secret `json:"secret"` // of the set-up link
	Email     string        `json:"email"`
	FirstName string        `json:"first_name"`
	LastName  string        `json:"last_name"`
	Password  redact.Secret `json:"password"`
	Verified  bool          `json:"verified"` // whoever makes the account vouches that the address is theirs
	SiteRole  string        `json:"site_role"`
}

// person judges the description. The password is hashed by the caller.
func (a *API) person(in personBody) (store.Person, error) {
	address, err := mailaddr.Parse(in.Email)
	if err != nil {
		return store.Person{}, invalid("email", err.Error())
	}
	first, err := personName("first_name", in.FirstName)
	if err != nil {
		return store.Person{}, err
	}
	last, err := personName("last_name", in.LastName)
	if err != nil {
		return store.Person{}, err
	}
	return store.Person{ID: NewPersonID(), Email: address.Typed, Canonical: address.Canonical,
		FirstName: first, LastName: last, SiteRole: room.SiteMember, Created: a.now()}, nil
}

// postSetup makes the first owner. Once there is one, the address is gone.
func (a *API) postSetup(w http.ResponseWriter, r *http.Request) error {
	exists, err := a.store.OwnerExists(r.Context())
	if err != nil {
		return err
	}
	if exists {
		return errNotFound
	}
	var in personBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	p, err := a.person(in)
	if err != nil {
		return err
	}
	if err := checkPassword(in.Password); err != nil {
		return err
	}
	if wait := a.misses.wait(a.clientNetwork(r), a.now()); wait > 0 {
		return slowDown(wait)
	}
	if p.Password, err = a.hashes.hash(r.Context(), in.Password); err != nil {
		return err
	}
	err = a.store.CreateOwner(r.Context(), HashSecret(string(in.Secret)), a.now(), p, asker{person: &p}.act("owner.created", string(p.ID)))
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrConflict) {
		a.misses.take(a.clientNetwork(r), a.now())
		return errNotFound
	}
	if err != nil {
		return err
	}
	p.SiteRole = room.SiteOwner
	if err := a.signIn(w, r, &p); err != nil {
		return err
	}
	return answer(w, http.StatusCreated, personAnswer{viewOf(&p)})
}
