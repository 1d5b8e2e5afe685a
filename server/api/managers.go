package api

import (
	"context"
	"net/http"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
)

type managerAnswer struct {
	Person room.PersonID `json:"person"`
	Right  string        `json:"right"`
}

func (a *API) putManager(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	var in struct {
		Right string `json:"right"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActSetManager)
	if err != nil {
		return err
	}
	right := room.ParseRole(in.Right)
	if !right.Manages() {
		return invalid("right", "is owner, co-owner, co-editor or co-publisher")
	}
	p, err := a.findPerson(r.Context(), r.PathValue("person"))
	if err != nil {
		return err
	}
	if right == room.Owner || owns(state, p.ID) {
		if err := a.freshly(r, who, proofBody{}); err != nil {
			return err
		}
	}
	c := room.SetManager{Participant: room.ParticipantID(newShortID()), Person: p.ID, FirstName: p.FirstName, LastName: p.LastName, Right: right}
	if _, err := a.hub.Do(r.Context(), roomOf(r), by, c, nil); err != nil {
		return err
	}
	return answer(w, http.StatusOK, managerAnswer{p.ID, right.Right()})
}

func (a *API) deleteManager(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActSetManager)
	if err != nil {
		return err
	}
	p, err := a.findPerson(r.Context(), r.PathValue("person"))
	if err != nil {
		return err
	}
	if owns(state, p.ID) {
		if err := a.freshly(r, who, proofBody{}); err != nil {
			return err
		}
	}
	if _, err := a.hub.Do(r.Context(), roomOf(r), by, room.RemoveManager{Person: p.ID}, nil); err != nil {
		return err
	}
	return done(w)
}

// owns says whether somebody is an owner of the room.
func owns(s *room.State, id room.PersonID) bool {
	p, ok := s.Manager(id)
	return ok && p.Role == room.Owner
}

// findPerson takes an id or the mail address of an account.
func (a *API) findPerson(ctx context.Context, given string) (p store.Person, err error) {
	if strings.Contains(given, "@") {
		address, err := mailaddr.Parse(given)
		if err != nil {
			return p, invalid("person", err.Error())
		}
		p, err = a.store.PersonByEmail(ctx, address.Canonical)
		return p, noPerson(err)
	}
	p, err = a.store.Person(ctx, room.PersonID(given))
	return p, noPerson(err)
}

func noPerson(err error) error {
	if err != nil && ignoreNotFound(err) == nil {
		return refuse(room.CodeNotFound, "Nobody with an account has this address or id.")
	}
	return err
}
