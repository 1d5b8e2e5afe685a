package api

import (
	"context"
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/forget"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// erasureBody asks for somebody to be forgotten. Confirm is the address, typed
// once more; Current or Code prove who asks, where the sign-in is not fresh.
type erasureBody struct {
	Person  room.PersonID `json:"person"`
	Confirm string        `json:"confirm"`
	Current redact.Secret `json:"current"`
	Code    redact.Secret `json:"code"`
}

// erasureView is a wish as admins see it.
type erasureView struct {
	ID      string        `json:"id"`
	Person  room.PersonID `json:"person,omitempty"`
	By      room.PersonID `json:"by"`
	AskedAt string        `json:"asked_at"`
	DoneAt  string        `json:"done_at,omitempty"`
}

const erasuresShown = 100

// postAccountErasure forgets the one who asks.
func (a *API) postAccountErasure(w http.ResponseWriter, r *http.Request) error {
	var in erasureBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.account(r)
	if err != nil {
		return err
	}
	in.Person = who.person.ID
	return a.erase(w, r, who, in)
}

// postErasure forgets somebody: an account, or an address without one.
func (a *API) postErasure(w http.ResponseWriter, r *http.Request) error {
	var in erasureBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	who, err := a.siteAdmin(r)
	if err != nil {
		return err
	}
	return a.erase(w, r, who, in)
}

func (a *API) erase(w http.ResponseWriter, r *http.Request, who asker, in erasureBody) error {
	typed, err := mailaddr.Parse(in.Confirm)
	if err != nil {
		return invalid("confirm", "is the person's address")
	}
	e := store.Erasure{ID: newID(), Person: in.Person, Canonical: typed.Canonical, Recipient: a.mailbox(typed), By: who.person.ID}
	if err := a.mayErase(r.Context(), who, &e); err != nil {
		return err
	}
	if err := a.freshly(r, who, proofBody{in.Current, in.Code}); err != nil {
		return err
	}
	if e.Heir, err = a.heir(r.Context(), who, e.Person); err != nil {
		return err
	}
	err = a.store.AskErasure(r.Context(), e, who.act("person.erased", string(e.Person)))
	if errors.Is(err, store.ErrLastOwner) {
		return errLastOwner
	}
	if err != nil {
		return err
	}
	a.forget()
	return answer(w, http.StatusAccepted, erasureView{ID: e.ID, Person: e.Person, By: e.By, AskedAt: at(a.hub.Now())})
}

// mayErase finds the account of the wish, if there is one, and judges whether
// it is the asker's to erase: their own, or one of nobody above them.
func (a *API) mayErase(ctx context.Context, who asker, e *store.Erasure) error {
	p, err := a.store.PersonByEmail(ctx, e.Canonical)
	switch {
	case errors.Is(err, store.ErrNotFound) && e.Person == "":
		return nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case err != nil || e.Person != "" && p.ID != e.Person:
		return invalid("confirm", "is not the person's address")
	case p.ID != who.person.ID && p.SiteRole > who.person.SiteRole:
		return errForbidden
	}
	e.Person = p.ID
	return nil
}

// heir is who becomes the owner of rooms that would have none: the admin who
// asks, or an owner of the site.
func (a *API) heir(ctx context.Context, who asker, erased room.PersonID) (room.PersonID, error) {
	if who.person.ID != erased {
		return who.person.ID, nil
	}
	p, err := forget.Heir(ctx, a.store, erased)
	if err == nil && p.ID == "" {
		err = errLastOwner
	}
	return p.ID, err
}

func (a *API) getErasures(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	all, err := a.store.Erasures(r.Context(), erasuresShown)
	if err != nil {
		return err
	}
	views := make([]erasureView, 0, len(all))
	for _, e := range all {
		view := erasureView{ID: e.ID, Person: e.Person, By: e.By, AskedAt: at(e.Asked)}
		if !e.Done.IsZero() {
			view.DoneAt = at(e.Done)
		}
		views = append(views, view)
	}
	return answer(w, http.StatusOK, views)
}
