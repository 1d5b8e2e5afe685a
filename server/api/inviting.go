package api

import (
	"errors"

	"greenroom/hub/room"
)

// invitingView is what inviting somebody to a room would mean now, for the
// manager who asks.
type invitingView struct {
	Allowed   bool      `json:"allowed"`
	Reason    room.Code `json:"reason,omitempty"`     // why not
	ExpiresAt string    `json:"expires_at,omitempty"` // if nothing else is said
	Devices   int       `json:"devices"`              // if nothing else is said; 0: any number
	Unlimited bool      `json:"unlimited"`            // any number of devices may be chosen
}

// inviting asks the rules about somebody who will never come.
func (a *API) inviting(by room.Actor, s *room.State) invitingView {
	events, err := s.Decide(by, room.Invite{Invitation: "i", Participant: "i", FirstName: "A", LastName: "B", Type: room.Viewer, Match: room.HashOf("nobody")}, "", a.hub.Now())
	view := invitingView{Unlimited: s.Site().Devices == 0}
	var no *room.Refusal
	if errors.As(err, &no) {
		view.Reason = no.Code
		return view
	}
	for _, e := range events {
		if f, ok := e.Fact.(room.Issued); ok {
			view.Allowed, view.ExpiresAt, view.Devices = true, moment(f.ExpiresAt), f.Devices
		}
	}
	return view
}
