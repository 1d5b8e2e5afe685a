package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// bulkMost is how many invitations one call may be about.
const bulkMost = 200

// bulkResult is what became of one of many invitations.
type bulkResult struct {
	ID    room.InvitationID `json:"id"`
	OK    bool              `json:"ok"`
	Error *bulkError        `json:"error,omitempty"`
}

type bulkError struct {
	Code    room.Code `json:"code"`
	Detail  string    `json:"detail"`
	RetryMS int64     `json:"retry_ms,omitempty"`
}

type bulkAnswer struct {
	Items []bulkResult `json:"items"`
}

// postRevokeMany withdraws many invitations, each for itself.
func (a *API) postRevokeMany(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		IDs []room.InvitationID `json:"ids"`
		revokeBody
	}
	return a.onMany(w, r, &in, &in.IDs, func() error {
		_, err := in.command("")
		return err
	}, func(_ context.Context, _ room.Actor, _ *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		c, err := in.command(address.Invitation)
		return c, a.revokeRows(address), err
	})
}

// postEmailMany sends many invitations again, each for itself. The new links
// are in the mails alone.
func (a *API) postEmailMany(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		IDs []room.InvitationID `json:"ids"`
	}
	return a.onMany(w, r, &in, &in.IDs, a.mailsInvitations, func(ctx context.Context, by room.Actor, s *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		return a.resend(ctx, by, s, address, newLink())
	})
}

// onMany is onInvitation for many: what one of them refuses, the others do.
func (a *API) onMany(w http.ResponseWriter, r *http.Request, in any, ids *[]room.InvitationID, check func() error,
	command func(context.Context, room.Actor, *room.State, store.AddressRow) (room.Command, func([]room.Event) []store.Row, error),
) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, in, false); err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	if len(*ids) == 0 || len(*ids) > bulkMost {
		return invalid("ids", "is a list of 1 to 200 ids")
	}
	if err := check(); err != nil {
		return err
	}
	told := bulkAnswer{Items: []bulkResult{}}
	for i, id := range *ids {
		if slices.Contains((*ids)[:i], id) {
			continue
		}
		err := a.onOneOf(r.Context(), by, state, id, command)
		result, err := bulkResultOf(id, err)
		if err != nil {
			return err
		}
		told.Items = append(told.Items, result)
	}
	a.wake()
	return answer(w, http.StatusOK, told)
}

func (a *API) onOneOf(ctx context.Context, by room.Actor, s *room.State, id room.InvitationID,
	command func(context.Context, room.Actor, *room.State, store.AddressRow) (room.Command, func([]room.Event) []store.Row, error),
) error {
	address, err := a.address(ctx, s.ID, id)
	if err != nil {
		return err
	}
	c, rows, err := command(ctx, by, s, address)
	if err != nil || c == nil {
		return err
	}
	_, err = a.hub.Do(ctx, s.ID, by, c, rows)
	return err
}

// bulkResultOf tells of one; an error that is no refusal ends the whole call,
// which may be made again.
func bulkResultOf(id room.InvitationID, err error) (bulkResult, error) {
	var no *room.Refusal
	switch {
	case err == nil:
		return bulkResult{ID: id, OK: true}, nil
	case errors.As(err, &no):
		e := wire.ErrorOf(no)
		return bulkResult{ID: id, Error: &bulkError{e.Code, e.Message, e.RetryMS}}, nil
	}
	return bulkResult{}, err
}
