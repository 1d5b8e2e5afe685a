package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

type guestSecret struct {
	Link   string        `json:"link"`
	Secret redact.Secret `json:"secret"`
}

// guestOpened is what the holder of a guest link's secret is told. Joined:
// this browser has come by it before, with the invitation.
type guestOpened struct {
	Room       openedRoom        `json:"room"`
	Joined     bool              `json:"joined"`
	Invitation room.InvitationID `json:"invitation,omitempty"`
}

// guestKnock is somebody with a right secret.
type guestKnock struct {
	who  asker
	link store.LinkRow
	id   room.GuestLinkID
	by   room.Actor // through the seat that this browser has by the link, if any
}

// knock finds the link, in the same way and time whether it exists or not.
func (a *API) knock(r *http.Request, in guestSecret) (guestKnock, error) {
	link, found, err := a.findLink(r.Context(), in.Link, in.Secret)
	if err != nil {
		return guestKnock{}, err
	}
	if !found {
		return guestKnock{}, a.missed(r)
	}
	who, err := a.askCookies(r)
	if err != nil {
		return guestKnock{}, err
	}
	state, err := a.hub.State(r.Context(), link.Room)
	if err != nil {
		return guestKnock{}, err
	}
	k := guestKnock{who: who, link: link, id: room.GuestLinkID(link.Invitation), by: room.Actor{Device: who.device, Session: who.bound}}
	if _, ok := state.GuestLink(k.id); !ok {
		return k, a.missed(r) // an invitation's link
	}
	k.by.Invitation, err = a.seatByGuestLink(r.Context(), state, k)
	return k, err
}

// seatByGuestLink finds the seat that this browser has by the link.
func (a *API) seatByGuestLink(ctx context.Context, s *room.State, k guestKnock) (room.InvitationID, error) {
	all, err := a.openings(ctx, k.who)
	for _, o := range all {
		p, ok := s.Invited(o.Invitation)
		if !ok || o.Room != k.link.Room {
			continue
		}
		if id, guest := s.GuestLinkOf(p); guest && id == k.id {
			return o.Invitation, err
		}
	}
	return "", err
}

// postGuestOpen tells about the room. It ties nothing and leaves nothing
// behind: mail scanners open links (SECURITY.md T5).
func (a *API) postGuestOpen(w http.ResponseWriter, r *http.Request) error {
	var in guestSecret
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	k, err := a.knock(r, in)
	if err != nil {
		return err
	}
	state, err := a.hub.State(r.Context(), k.link.Room)
	if err != nil {
		return err
	}
	seated, err := state.OpenGuestLink(k.by, k.id, k.link.Generation, a.hub.Now())
	if err != nil {
		return err
	}
	told := guestOpened{Room: openedRoomOf(state), Joined: seated}
	if seated {
		told.Invitation = k.by.Invitation
	}
	return answer(w, http.StatusOK, told)
}

type guestJoinBody struct {
	guestSecret
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

// postGuestJoin gives whoever tells a name and an address a seat on this
// device. The address is written down and never believed.
func (a *API) postGuestJoin(w http.ResponseWriter, r *http.Request) error {
	var in guestJoinBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	if wait := a.guestJoins.take(a.clientNetwork(r), a.now()); wait > 0 {
		return slowDown(wait)
	}
	k, err := a.knock(r, in.guestSecret)
	if err != nil {
		return err
	}
	address, err := mailaddr.Parse(in.Email)
	if err != nil {
		return invalid("email", err.Error())
	}
	if k.who.row == nil {
		if k.who, err = a.freshSession(r.Context(), w, k.who); err != nil {
			return err
		}
	}
	k.by.Device, k.by.Session = a.keepDevice(w, r), k.who.bound
	return a.join(w, r, k, in, address)
}

func (a *API) join(w http.ResponseWriter, r *http.Request, k guestKnock, in guestJoinBody, address mailaddr.Address) error {
	c := room.JoinAsGuest{ID: k.id, Link: k.link.Generation, Invitation: room.InvitationID(newShortID()), Participant: room.ParticipantID(newShortID()),
		FirstName: normal(in.FirstName), LastName: normal(in.LastName), Domain: address.Domain()}
	out, err := a.hub.Do(r.Context(), k.link.Room, k.by, c, func(events []room.Event) (rows []store.Row) {
		for _, e := range events {
			if f, ok := e.Fact.(room.Issued); ok {
				rows = append(rows, store.AddressRow{Room: k.link.Room, Invitation: f.Invitation, Email: address.Typed, FirstName: f.FirstName, LastName: f.LastName})
			}
		}
		return rows
	})
	if err != nil {
		return err
	}
	if len(out.Events) > 0 {
		k.by.Invitation = c.Invitation
	}
	k.by.Link = 1
	err = a.store.PutOpening(r.Context(), k.who.row.ID, store.Opening{Room: k.link.Room, Invitation: k.by.Invitation, Link: k.by.Link})
	if errors.Is(err, store.ErrNotFound) { // the session got a new id in this moment, which the browser has by now
		err = &room.Refusal{Code: room.CodeBusy, Message: "Please try again.", Retry: time.Second}
	}
	if err != nil {
		return err
	}
	return a.tellOpened(w, out.State, k.by)
}
