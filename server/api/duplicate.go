package api

import (
	"context"
	"net/http"

	"greenroom/hub/room"
)

type duplicateBody struct {
	StartsAt instant `json:"starts_at"`
	EndsAt   instant `json:"ends_at"`
	Title    *string `json:"title"`
	Managers bool    `json:"managers"` // who runs the room runs the copy, too
}

// postDuplicate makes a room like another one: title, description, speakers,
// settings, and managers if that is wished. Nobody is invited to it yet. Whoever
// asks becomes its owner.
func (a *API) postDuplicate(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	var in duplicateBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	_, state, err := a.manager(r.Context(), who, roomOf(r), room.ActEditRoom)
	if err != nil {
		return err
	}
	c, err := in.of(state)
	if err != nil {
		return err
	}
	c.Owner = seatOf(who.person, room.Owner)
	if in.Managers {
		if c.Managers, err = a.managersLike(r.Context(), state); err != nil {
			return err
		}
	}
	return a.createRoom(w, r, who, c)
}

func (in *duplicateBody) of(s *room.State) (c room.CreateRoom, err error) {
	for field, at := range map[string]instant{"starts_at": in.StartsAt, "ends_at": in.EndsAt} {
		if err := at.check(field); err != nil {
			return c, err
		}
	}
	if in.StartsAt.at == 0 {
		return c, invalid("starts_at", "is required")
	}
	c = room.CreateRoom{Title: s.Title, Description: s.Description, StartsAt: in.StartsAt.at, EndsAt: in.EndsAt.at, Speakers: s.Speakers,
		Collaboration: s.Collaboration, LobbyCode: s.LobbyCode, HostAbsent: s.HostAbsent, After: s.After, Epoch: newShortID()}
	if in.Title != nil {
		c.Title = normal(*in.Title)
	}
	if !in.EndsAt.given && s.EndsAt != 0 {
		c.EndsAt = c.StartsAt + s.EndsAt - s.StartsAt // as long as the room
	}
	return c, nil
}

// managersLike gives the managers of a room new seats; accounts that are shut
// get none.
func (a *API) managersLike(ctx context.Context, s *room.State) (all []room.SetManager, err error) {
	for p := range s.People {
		if p.Account == "" || p.Revoked {
			continue
		}
		account, err := a.store.Person(ctx, p.Account)
		if ignoreNotFound(err) != nil {
			return nil, err
		}
		if err == nil && !account.Disabled {
			all = append(all, seatOf(&account, p.Role))
		}
	}
	return all, nil
}
