package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/redact"
)

// openedRoom is the socket's room with times as HTTP writes them.
type openedRoom struct {
	ID          room.ID          `json:"id"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	StartsAt    string           `json:"starts_at"`
	EndsAt      string           `json:"ends_at,omitempty"`
	State       room.Status      `json:"state"`
	OpenedAt    string           `json:"opened_at,omitempty"`
	ClosedAt    string           `json:"closed_at,omitempty"`
	Reason      string           `json:"reason,omitempty"`
	Speakers    []room.Presenter `json:"speakers,omitempty"`
	Organiser   string           `json:"organiser,omitempty"`
}

func openedRoomOf(s *room.State) openedRoom {
	v := s.View()
	return openedRoom{v.ID, v.Title, v.Description, moment(v.StartsAt), moment(v.EndsAt), v.State, moment(v.OpenedAt), moment(v.ClosedAt), v.Reason, v.Speakers, v.Organiser}
}

type opened struct {
	Invitation room.InvitationID `json:"invitation"`
	Room       openedRoom        `json:"room"`
	FirstName  string            `json:"first_name"`
	Phase      room.Phase        `json:"phase"`
	Lobby      string            `json:"lobby"` // email, or none
	Confirmed  bool              `json:"confirmed"`
}

// postOpen adds an invitation to the browser's web session, or says how one
// stands that was added before. It ties nothing to anybody: mail scanners open links, run scripts and press buttons
// (SECURITY.md T5).
func (a *API) postOpen(w http.ResponseWriter, r *http.Request) error {
	var in holderBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	h, err := a.holder(r, in)
	if err != nil {
		return err
	}
	if err := h.state.Open(h.by, a.hub.Now()); err != nil {
		return a.tell(h, err)
	}
	state := h.state
	if in.Room == "" {
		if state, err = a.open(w, r, h.who, h.link, h.by); err != nil {
			return err
		}
	}
	return a.tellOpened(w, state, h.by)
}

// findLink compares in constant time, and takes the same way for an id that
// does not exist as for a wrong secret (T3).
func (a *API) findLink(ctx context.Context, publicID string, secret redact.Secret) (store.LinkRow, bool, error) {
	given := HashSecret(string(secret))
	link, err := a.store.Link(ctx, publicID)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return link, false, err
	}
	right := subtle.ConstantTimeCompare(link.Secret[:], given[:]) == 1
	return link, known && right, nil
}

// missed answers a link that does not exist. The holder of a right one is
// never slowed down by others behind the same address.
func (a *API) missed(r *http.Request) error {
	if wait := a.misses.take(a.clientNetwork(r), a.now()); wait > 0 {
		return slowDown(wait)
	}
	return errNotFound
}

// open writes what opening leaves behind: a session, a device cookie, the
// opening, and at the first time a fact. The state is the one after it.
func (a *API) open(w http.ResponseWriter, r *http.Request, who asker, link store.LinkRow, by room.Actor) (*room.State, error) {
	if who.row == nil {
		// One leaked link is no lever for endless rows.
		if wait := a.fresh.take(link.Invitation, a.now()); wait > 0 {
			return nil, slowDown(wait)
		}
	}
	out, err := a.hub.Do(r.Context(), link.Room, by, room.OpenLink{}, nil)
	if err != nil {
		return nil, err
	}
	if who.row == nil {
		if who, err = a.freshSession(r.Context(), w, who); err != nil {
			return nil, err
		}
	}
	a.keepDevice(w, r)
	err = a.store.PutOpening(r.Context(), who.row.ID, store.Opening{Room: link.Room, Invitation: link.Invitation, Link: link.Generation})
	if errors.Is(err, store.ErrNotFound) { // the session got a new id in this moment, which the browser has by now
		err = &room.Refusal{Code: room.CodeBusy, Message: "Please try again.", Retry: time.Second}
	}
	return out.State, err
}

func (a *API) tellOpened(w http.ResponseWriter, s *room.State, by room.Actor) error {
	p, ok := s.Invited(by.Invitation)
	if !ok {
		return errNotFound
	}
	told := opened{Invitation: p.Invitation, FirstName: p.FirstName, Phase: s.Phase(p, by), Lobby: "email", Confirmed: s.Confirmed(p, by), Room: openedRoomOf(s)}
	if told.Confirmed || !by.Verified.IsZero() && by.Verified == p.Match {
		told.Lobby = "none"
	}
	return answer(w, http.StatusOK, told)
}
