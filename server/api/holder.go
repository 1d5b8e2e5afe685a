package api

import (
	"context"
	"errors"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/redact"
)

// holderBody names an invitation that the asker holds: by its link, or, where
// the browser's session has opened it before, by the room (and the invitation,
// if there are several).
type holderBody struct {
	Invitation string        `json:"invitation"`
	Secret     redact.Secret `json:"secret"`
	Room       room.ID       `json:"room"`
}

// holder is somebody who has shown the right secret, now or when the session
// opened the link. Only a holder is told what is the matter.
type holder struct {
	who   asker
	link  store.LinkRow // of the invitation held; only Room, Invitation and Generation
	by    room.Actor
	state *room.State
}

// holder finds out who holds what. All others get one answer, whatever is
// wrong (SECURITY.md T10).
func (a *API) holder(r *http.Request, in holderBody) (h holder, err error) {
	if in.Room != "" {
		return a.heldBySession(r, in.Room, room.InvitationID(in.Invitation))
	}
	link, found, err := a.findLink(r.Context(), in.Invitation, in.Secret)
	if err != nil {
		return h, err
	}
	if !found {
		return h, a.missed(r)
	}
	who, err := a.askCookies(r)
	if err != nil {
		return h, err
	}
	return a.held(r.Context(), who, link)
}

func (a *API) heldBySession(r *http.Request, id room.ID, want room.InvitationID) (holder, error) {
	who, err := a.askCookies(r)
	if err != nil {
		return holder{}, err
	}
	all, err := a.openings(r.Context(), who)
	if err != nil {
		return holder{}, err
	}
	if o, opened := openingOf(all, id, want); opened {
		return a.held(r.Context(), who, store.LinkRow{Room: o.Room, Invitation: o.Invitation, Generation: o.Link})
	}
	return holder{}, strange(who, all)
}

func (a *API) held(ctx context.Context, who asker, link store.LinkRow) (holder, error) {
	state, err := a.hub.State(ctx, link.Room)
	if errors.Is(err, room.CodeNotFound) {
		err = errNotFound
	}
	by := through(a.actor(who, link.Room), store.Opening{Invitation: link.Invitation, Link: link.Generation})
	return holder{who, link, by, state}, err
}

// refusedRoom is the session's line on the page of somebody who is kept out.
type refusedRoom struct {
	ID        room.ID `json:"id"`
	Title     string  `json:"title"`
	StartsAt  string  `json:"starts_at"`
	Organiser string  `json:"organiser,omitempty"`
}

// help is one thing that a holder can do about a refusal.
type help string

const (
	helpAsk  help = "ask"  // ask the managers for a way in
	helpCode help = "code" // have a code mailed and move here
)

// told is a refusal to a holder, with what may be known and done about it.
type told struct {
	error
	room    refusedRoom
	askedAt room.Millis
	can     []help
}

func (t *told) Unwrap() error { return t.error }

// into completes a problem document.
func (t *told) into(p *problem) {
	p.Room, p.AskedAt, p.Can = &t.room, moment(t.askedAt), t.can
}

// tell adds to a refusal of this invitation what its holder may know.
func (a *API) tell(h holder, err error) error {
	var no *room.Refusal
	if !errors.As(err, &no) || h.state == nil {
		return err
	}
	s := h.state
	t := &told{error: err, room: refusedRoom{s.ID, s.Title, moment(s.StartsAt), s.Organiser}}
	p, ok := s.Invited(h.by.Invitation)
	if !ok || s.Status == room.StatusClosed || s.Status == room.StatusDeleted {
		return t
	}
	if a.mailer != nil && (no.Code == room.CodeOtherDevice || no.Code == room.CodeInvitationUsed) {
		t.can = append(t.can, helpCode)
	}
	if t.askedAt = p.AskedAt(a.hub.Now()); t.askedAt == 0 {
		t.can = append(t.can, helpAsk)
	}
	return t
}
