package api

import (
	"context"
	"net/http"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
)

const (
	peopleShown = 10 // rows of the type-ahead
	roomsKnown  = 10 // latest rooms of a manager whose invited people are known
)

// foundPerson is a row of the type-ahead: somebody with an account, or who was
// invited.
type foundPerson struct {
	ID         room.PersonID `json:"id,omitempty"` // none: no account
	Email      string        `json:"email"`
	FirstName  string        `json:"first_name"`
	LastName   string        `json:"last_name"`
	Invitation *foundGuest   `json:"invitation,omitempty"`
}

// foundGuest is the living invitation of somebody to the room asked about.
type foundGuest struct {
	ID     room.InvitationID    `json:"id"`
	Type   string               `json:"type"`
	State  room.InvitationState `json:"state"`
	Inside bool                 `json:"inside"`
}

// getPeople is the type-ahead of inviters. Asked for a room, by a manager of
// it, it also knows who was invited there or to other rooms that the manager
// manages, and says who is invited or inside already.
func (a *API) getPeople(w http.ResponseWriter, r *http.Request) error {
	who, err := a.account(r)
	if err != nil {
		return err
	}
	if wait := a.lookups.take(who.person.ID, a.now()); wait > 0 {
		return slowDown(wait)
	}
	prefix := strings.ToLower(strings.TrimSpace(normal(r.URL.Query().Get("prefix"))))
	var state *room.State
	if id := room.ID(r.URL.Query().Get("room")); id != "" {
		_, state, err = a.manager(r.Context(), who, id, room.ActManageInvitation)
	} else {
		err = a.invitesSomewhere(r.Context(), who)
	}
	if err != nil {
		return err
	}
	found, err := a.find(r.Context(), who, prefix, state)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, found)
}

// invitesSomewhere refuses whoever neither manages a room nor may make one.
func (a *API) invitesSomewhere(ctx context.Context, who asker) error {
	if a.hub.Site().Creators.Includes(a.actor(who, room.SiteID)) {
		return nil
	}
	mine, err := a.store.Rooms(ctx, store.RoomFilter{Person: who.person.ID, Limit: 1})
	if err == nil && len(mine) == 0 {
		err = errForbidden
	}
	return err
}

// find gives people whose address or name begins with a prefix; state is of
// the room asked about, or nil.
func (a *API) find(ctx context.Context, who asker, prefix string, state *room.State) ([]foundPerson, error) {
	if prefix == "" {
		return []foundPerson{}, nil
	}
	accounts, err := a.store.People(ctx, prefix, peopleShown)
	if err != nil {
		return nil, err
	}
	lists := [][]foundPerson{nil}
	for _, p := range accounts {
		if p.Disabled {
			continue
		}
		lists[0] = append(lists[0], foundPerson{ID: p.ID, Email: p.Email, FirstName: p.FirstName, LastName: p.LastName})
	}
	if state != nil {
		known, err := a.findInvited(ctx, who, prefix, state.ID)
		if err != nil {
			return nil, err
		}
		lists = append(known, lists...)
	}
	return a.inTurns(lists, state), nil
}

// findInvited looks among the people invited to a room, and to the latest
// other rooms that the asker manages now.
func (a *API) findInvited(ctx context.Context, who asker, prefix string, id room.ID) ([][]foundPerson, error) {
	mine, err := a.store.Rooms(ctx, store.RoomFilter{Person: who.person.ID, Newest: true, Limit: roomsKnown})
	if err != nil {
		return nil, err
	}
	ids := []room.ID{id}
	for _, r := range mine {
		if r.ID != id {
			ids = append(ids, r.ID)
		}
	}
	lists := make([][]foundPerson, len(ids))
	for i, id := range ids {
		rows, err := a.store.Invited(ctx, id, prefix, peopleShown)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			lists[i] = append(lists[i], foundPerson{Email: row.Email, FirstName: row.FirstName, LastName: row.LastName})
		}
	}
	return lists, nil
}

// inTurns takes the first of each list, then the second of each, and so on.
// Nobody comes twice; who has an account comes as that.
func (a *API) inTurns(lists [][]foundPerson, state *room.State) []foundPerson {
	all, places := []foundPerson{}, map[string]int{}
	for turn := range peopleShown {
		for _, list := range lists {
			if turn >= len(list) {
				continue
			}
			one := list[turn]
			address, err := mailaddr.Parse(one.Email)
			if err != nil {
				continue
			}
			if at, twice := places[address.Canonical]; twice {
				if one.ID != "" {
					one.Invitation = all[at].Invitation
					all[at] = one
				}
				continue
			}
			if len(all) < peopleShown {
				places[address.Canonical] = len(all)
				one.Invitation = a.guestOf(state, address)
				all = append(all, one)
			}
		}
	}
	return all
}

// guestOf gives the living invitation of an address to a room.
func (a *API) guestOf(s *room.State, address mailaddr.Address) *foundGuest {
	if s == nil {
		return nil
	}
	p, ok := s.InvitedAs(mailaddr.Match(a.pepper, s.ID, address.Canonical))
	if !ok {
		return nil
	}
	here := a.hub.Here(s.ID, p.ID)
	return &foundGuest{p.Invitation, p.Role.Shown(), room.InvitationStateOf(p, room.Standing{Inside: here}, a.hub.Now()), here}
}
