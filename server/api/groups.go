package api

import (
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const maxGroups = 200

// groupView is a group of people in HTTP answers.
type groupView struct {
	ID      room.GroupID `json:"id"`
	Name    string       `json:"name"`
	Members int          `json:"members"`
}

func viewGroup(g store.Group) groupView { return groupView{g.ID, g.Name, g.Members} }

type groupList struct {
	Items []groupView `json:"items"`
}

func groupIn(r *http.Request) room.GroupID { return room.GroupID(r.PathValue("group")) }

func (a *API) getGroups(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	all, err := a.store.Groups(r.Context(), maxGroups)
	if err != nil {
		return err
	}
	views := make([]groupView, 0, len(all))
	for _, g := range all {
		views = append(views, viewGroup(g))
	}
	return answer(w, http.StatusOK, groupList{views})
}

// groupName demands an admin and reads the name that a group shall have.
func (a *API) groupName(w http.ResponseWriter, r *http.Request) (asker, string, error) {
	who, err := a.siteAdmin(r)
	if err != nil {
		return who, "", err
	}
	var in struct {
		Name string `json:"name"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return who, "", err
	}
	name, err := personName("name", in.Name)
	return who, name, err
}

func (a *API) postGroup(w http.ResponseWriter, r *http.Request) error {
	who, name, err := a.groupName(w, r)
	if err != nil {
		return err
	}
	all, err := a.store.Groups(r.Context(), maxGroups)
	if err != nil {
		return err
	}
	if len(all) >= maxGroups {
		return refuse(room.CodeConflict, "There are 200 groups already.")
	}
	g := store.Group{ID: room.GroupID(newShortID()), Name: name, Created: a.now()}
	err = a.store.CreateGroup(r.Context(), g, who.act("group.created", string(g.ID)))
	if err != nil {
		return groupTaken(err)
	}
	return answer(w, http.StatusCreated, viewGroup(g))
}

func groupTaken(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return &room.Refusal{Code: room.CodeConflict, Message: "There is a group with this name already.", Fields: map[string]string{"name": "is taken"}}
	}
	return err
}

func (a *API) patchGroup(w http.ResponseWriter, r *http.Request) error {
	who, name, err := a.groupName(w, r)
	if err != nil {
		return err
	}
	if err := a.store.RenameGroup(r.Context(), groupIn(r), name, who.act("group.renamed", string(groupIn(r)))); err != nil {
		return groupTaken(err)
	}
	g, err := a.store.Group(r.Context(), groupIn(r))
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, viewGroup(g))
}

// asAdmin demands an admin who sends no body but an empty object.
func (a *API) asAdmin(w http.ResponseWriter, r *http.Request) (asker, error) {
	who, err := a.siteAdmin(r)
	if err == nil {
		err = readBody(w, r, &struct{}{}, true)
	}
	return who, err
}

func (a *API) deleteGroup(w http.ResponseWriter, r *http.Request) error {
	who, err := a.asAdmin(w, r)
	if err != nil {
		return err
	}
	if err := a.store.DeleteGroup(r.Context(), groupIn(r), who.act("group.deleted", string(groupIn(r)))); err != nil {
		return err
	}
	return done(w)
}

func (a *API) getMembers(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.siteAdmin(r); err != nil {
		return err
	}
	if _, err := a.store.Group(r.Context(), groupIn(r)); err != nil {
		return err
	}
	var after string
	known, err := a.behind(r.Context(), r.URL.Query().Get("after"), &after)
	if err != nil {
		return err
	}
	var people []store.Person
	if known {
		if people, err = a.store.Members(r.Context(), groupIn(r), after, peopleListed+1); err != nil {
			return err
		}
	}
	return answer(w, http.StatusOK, pageOfPeople(people))
}

// member is who asks, an admin, and the person that it is about.
func (a *API) member(w http.ResponseWriter, r *http.Request) (asker, store.Person, error) {
	who, err := a.asAdmin(w, r)
	if err != nil {
		return who, store.Person{}, err
	}
	p, err := a.findPerson(r.Context(), r.PathValue("person"))
	return who, p, err
}

func (a *API) putMember(w http.ResponseWriter, r *http.Request) error {
	who, p, err := a.member(w, r)
	if err != nil {
		return err
	}
	if err := a.store.AddMember(r.Context(), groupIn(r), p.ID, who.act("group.added", string(groupIn(r)), string(p.ID))); err != nil {
		return err
	}
	return answer(w, http.StatusOK, viewSitePerson(&p))
}

func (a *API) deleteMember(w http.ResponseWriter, r *http.Request) error {
	who, p, err := a.member(w, r)
	if err != nil {
		return err
	}
	if err := a.store.RemoveMember(r.Context(), groupIn(r), p.ID, who.act("group.removed", string(groupIn(r)), string(p.ID))); err != nil {
		return err
	}
	return done(w)
}
