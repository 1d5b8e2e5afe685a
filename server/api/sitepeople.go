package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const peopleListed = 50

// sitePerson is a person as those see it who look after the site's people.
type sitePerson struct {
	personView
	Verified  bool        `json:"verified"`
	Disabled  bool        `json:"disabled"`
	Password  bool        `json:"password"` // has one
	CreatedAt string      `json:"created_at"`
	Groups    []groupView `json:"groups,omitempty"` // of one person, not in lists
}

func viewSitePerson(p *store.Person) sitePerson {
	return sitePerson{personView: *viewOf(p), Verified: p.Verified, Disabled: p.Disabled, Password: p.Password != "", CreatedAt: instantText(p.Created)}
}

type sitePeople struct {
	Items []sitePerson  `json:"items"`
	Next  room.PersonID `json:"next,omitempty"`
}

// getSitePeople lists accounts by address: all, or those whose address or name
// contains q, or those with a site role.
func (a *API) getSitePeople(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	q := r.URL.Query()
	f := store.PeopleFilter{Query: strings.ToLower(normal(strings.TrimSpace(q.Get("q")))), Limit: peopleListed + 1}
	if role := q.Get("role"); role != "" {
		if f.Role = room.ParseSiteRole(role); f.Role == room.NoSiteRole {
			return invalid("role", "is owner, admin or member")
		}
	}
	known, err := a.behind(r.Context(), q.Get("after"), &f.After)
	if err != nil {
		return err
	}
	var people []store.Person
	if known {
		if people, err = a.store.SearchPeople(r.Context(), f); err != nil {
			return err
		}
	}
	return answer(w, http.StatusOK, pageOfPeople(people))
}

// behind turns the id of the last person of a page into the address that the
// next one begins behind. Behind somebody unknown there is nobody.
func (a *API) behind(ctx context.Context, last string, address *string) (known bool, err error) {
	if last == "" {
		return true, nil
	}
	p, err := a.store.Person(ctx, room.PersonID(last))
	if err != nil {
		return false, ignoreNotFound(err)
	}
	*address = p.Canonical
	return true, nil
}

// pageOfPeople shows a page of people; one more than it holds says that there
// is another page.
func pageOfPeople(people []store.Person) sitePeople {
	page := sitePeople{Items: make([]sitePerson, 0, len(people))}
	if len(people) > peopleListed {
		people = people[:peopleListed]
		page.Next = people[peopleListed-1].ID
	}
	for i := range people {
		page.Items = append(page.Items, viewSitePerson(&people[i]))
	}
	return page
}

func (a *API) getSitePerson(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	p, err := a.findPerson(r.Context(), r.PathValue("person"))
	if err != nil {
		return err
	}
	return a.tellSitePerson(w, r, &p)
}

func (a *API) tellSitePerson(w http.ResponseWriter, r *http.Request, p *store.Person) error {
	view := viewSitePerson(p)
	groups, err := a.store.GroupsOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, id := range groups {
		g, err := a.store.Group(r.Context(), id)
		if ignoreNotFound(err) != nil {
			return err
		}
		if err == nil {
			view.Groups = append(view.Groups, viewGroup(g))
		}
	}
	return answer(w, http.StatusOK, view)
}

// personChange is what may be changed of an account; what is nil stays.
type personChange struct {
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	SiteRole  *string `json:"site_role"`
	Verified  *bool   `json:"verified"`
	Disabled  *bool   `json:"disabled"`
}

func (a *API) patchSitePerson(w http.ResponseWriter, r *http.Request) error {
	who, err := a.siteAdmin(r)
	if err != nil {
		return err
	}
	var in personChange
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	edit, err := in.edit()
	if err != nil {
		return err
	}
	p, err := a.findPerson(r.Context(), r.PathValue("person"))
	if err != nil {
		return err
	}
	if changesOwners(p, edit) {
		if err := a.freshly(r, who, proofBody{}); err != nil {
			return err
		}
	}
	p, err = a.store.ChangePerson(r.Context(), who.person.ID, p.ID, judged(who, edit))
	if err != nil {
		return err
	}
	if p.Disabled {
		a.checkEnded(r.Context(), a.now())
		a.checkKeys(r.Context())
	}
	if in.FirstName != nil || in.LastName != nil {
		a.renameSeats(r.Context(), who, &p)
	}
	return a.tellSitePerson(w, r, &p)
}

// edit judges the values.
func (in *personChange) edit() (func(*store.Person), error) {
	var first, last string
	var role room.SiteRole
	var err error
	if in.FirstName != nil {
		if first, err = personName("first_name", *in.FirstName); err != nil {
			return nil, err
		}
	}
	if in.LastName != nil {
		if last, err = personName("last_name", *in.LastName); err != nil {
			return nil, err
		}
	}
	if in.SiteRole != nil {
		if role = room.ParseSiteRole(*in.SiteRole); role == room.NoSiteRole {
			return nil, invalid("site_role", "is owner, admin or member")
		}
	}
	return func(p *store.Person) {
		replace(&p.FirstName, in.FirstName, first)
		replace(&p.LastName, in.LastName, last)
		replace(&p.SiteRole, in.SiteRole, role)
		replace(&p.Verified, in.Verified, value(in.Verified))
		replace(&p.Disabled, in.Disabled, value(in.Disabled))
	}, nil
}

// changesOwners says whether the site gets or loses an owner.
func changesOwners(was store.Person, edit func(*store.Person)) bool {
	p := was
	edit(&p)
	return (was.SiteRole == room.SiteOwner) != (p.SiteRole == room.SiteOwner)
}

// replace sets a field for which something was given.
func replace[T, G any](field *T, given *G, fresh T) {
	if given != nil {
		*field = fresh
	}
}

// judged lets people change whom they govern, into what they govern; nobody
// shuts themselves out. The audit row tells what changed but for names.
func judged(who asker, edit func(*store.Person)) store.PersonChange {
	return func(by, was store.Person) (store.Person, []store.AuditRow, error) {
		p := was
		edit(&p)
		switch {
		case by.Disabled || !by.SiteRole.Governs(was.SiteRole) || !by.SiteRole.Governs(p.SiteRole):
			return was, nil, errForbidden
		case p.Disabled && by.ID == p.ID:
			return was, nil, refuse(room.CodeConflict, "Nobody can disable their own account.")
		}
		row := who.act("person.changed", string(p.ID))
		row.Changes = personChanges(was, p)
		return p, []store.AuditRow{row}, nil
	}
}

func personChanges(was, p store.Person) (changes []room.Change) {
	note := func(field, before, after string) {
		if before != after {
			changes = append(changes, room.Change{Field: field, Before: before, After: after})
		}
	}
	for field, differs := range map[string]bool{"first_name": was.FirstName != p.FirstName, "last_name": was.LastName != p.LastName} {
		if differs { // how somebody is called stands in no entry
			changes = append(changes, room.Change{Field: field})
		}
	}
	note("site_role", was.SiteRole.String(), p.SiteRole.String())
	note("verified", strconv.FormatBool(was.Verified), strconv.FormatBool(p.Verified))
	note("disabled", strconv.FormatBool(was.Disabled), strconv.FormatBool(p.Disabled))
	return changes
}

// signInLinkView is a link that signs in once. It is shown once.
type signInLinkView struct {
	Link      string `json:"link"`
	ExpiresAt string `json:"expires_at"`
}

// postSignInLink makes one for somebody who cannot sign in by other ways.
// Whoever has it is that person, and has signed in lately: so it is not made
// for those above, nor for a browser that was left open.
func (a *API) postSignInLink(w http.ResponseWriter, r *http.Request) error {
	who, err := a.siteAdmin(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	p, err := a.findPerson(r.Context(), r.PathValue("person"))
	switch {
	case err != nil:
		return err
	case !who.person.SiteRole.Governs(p.SiteRole):
		return errForbidden
	case p.Disabled:
		return refuse(room.CodeConflict, "This account is disabled.")
	}
	if err := a.freshly(r, who, proofBody{}); err != nil {
		return err
	}
	link, err := a.signInLink(r.Context(), p.ID, who.act("person.link", string(p.ID)))
	if err != nil {
		return err
	}
	return answer(w, http.StatusCreated, link)
}

func (a *API) signInLink(ctx context.Context, id room.PersonID, audit ...store.AuditRow) (signInLinkView, error) {
	secret := NewOneTimeSecret()
	one := store.OneTime{Secret: HashSecret(secret), Purpose: "signin", Person: id, Expires: a.now().Add(signInLife)}
	if err := a.store.PutOneTime(ctx, one, audit...); err != nil {
		return signInLinkView{}, err
	}
	return signInLinkView{a.link("/signin", secret), instantText(one.Expires)}, nil
}
