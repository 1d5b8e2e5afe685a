package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

const invitationsShown = 50

var invitationStates = []string{"issued", "opened", "confirmed", "claimed", "expired", "revoked"}

type invitationList struct {
	Items []invitationView  `json:"items"`
	Next  room.InvitationID `json:"next,omitempty"`
}

// getInvitations lists a room's invitations in the order of issue. Addresses
// and names are searched by the store; the state is only known from the log.
func (a *API) getInvitations(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	_, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	want := q.Get("state")
	if want != "" && !slices.Contains(invitationStates, want) {
		return invalid("state", "is "+strings.Join(invitationStates, ", "))
	}
	list, err := a.listInvitations(r.Context(), state, strings.ToLower(normal(q.Get("q"))), want, room.InvitationID(q.Get("after")))
	if err != nil {
		return err
	}
	views := make([]*invitationView, len(list.Items))
	for i := range list.Items {
		views[i] = &list.Items[i]
	}
	if err := a.addMail(r.Context(), state.ID, views...); err != nil {
		return err
	}
	return answer(w, http.StatusOK, list)
}

func (a *API) listInvitations(ctx context.Context, s *room.State, q, want string, after room.InvitationID) (invitationList, error) {
	list := invitationList{Items: []invitationView{}}
	for {
		rows, err := a.store.Addresses(ctx, s.ID, q, after, invitationsShown)
		if err != nil {
			return list, err
		}
		for _, row := range rows {
			if len(list.Items) == invitationsShown {
				list.Next = list.Items[invitationsShown-1].ID
				return list, nil
			}
			if view, ok := a.listed(s, row, want); ok {
				list.Items = append(list.Items, view)
			}
		}
		if len(rows) < invitationsShown {
			return list, nil
		}
		after = rows[len(rows)-1].Invitation
	}
}

func (a *API) listed(s *room.State, row store.AddressRow, want string) (invitationView, bool) {
	p, ok := s.Invited(row.Invitation)
	if !ok {
		return invitationView{}, false // younger than the state we look at
	}
	view := a.viewInvitation(s, p, row.Email)
	view.Language, view.Zone = row.Language, row.Zone
	return view, want == "" || view.State == want
}
