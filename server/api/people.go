package api

import (
	"errors"
	"net/http"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const (
	peopleShown = 10
	signInLife  = day
)

// foundPerson is a row of the type-ahead.
type foundPerson struct {
	ID        room.PersonID `json:"id"`
	Email     string        `json:"email"`
	FirstName string        `json:"first_name"`
	LastName  string        `json:"last_name"`
}

// getPeople is the type-ahead of inviters: whoever has an account can make a
// room and invite.
func (a *API) getPeople(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.account(r); err != nil {
		return err
	}
	found := []foundPerson{}
	if prefix := strings.ToLower(strings.TrimSpace(normal(r.URL.Query().Get("prefix")))); prefix != "" {
		people, err := a.store.People(r.Context(), prefix, peopleShown)
		if err != nil {
			return err
		}
		for _, p := range people {
			found = append(found, foundPerson{p.ID, p.Email, p.FirstName, p.LastName})
		}
	}
	return answer(w, http.StatusOK, found)
}

// postPerson makes an account: the site's owner may.
func (a *API) postPerson(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if !who.person.SiteOwner {
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
