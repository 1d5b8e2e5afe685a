package api

import (
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const signInLife = day

// postPerson makes an account: the site's owners and admins may.
func (a *API) postPerson(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if who.person.SiteRole < room.SiteAdmin {
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
	if p.SiteRole, err = siteRoleOf(in.SiteRole); err != nil {
		return err
	}
	if !who.person.SiteRole.Governs(p.SiteRole) {
		return errForbidden
	}
	if p.SiteRole == room.SiteOwner {
		if err := a.freshly(r, who, proofBody{}); err != nil {
			return err
		}
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
		link, err := a.signInLink(r.Context(), p.ID)
		if err != nil {
			return err
		}
		view.Link = link.Link
	}
	return answer(w, http.StatusCreated, view)
}

// siteRoleOf reads a site role; nothing is a member.
func siteRoleOf(name string) (room.SiteRole, error) {
	role := room.ParseSiteRole(name)
	switch {
	case name == "":
		return room.SiteMember, nil
	case role == room.NoSiteRole:
		return role, invalid("site_role", "is owner, admin or member")
	}
	return role, nil
}
