package api

import (
	"net/http"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
)

// guestLinkView is a guest link as managers see it.
type guestLinkView struct {
	ID        room.GuestLinkID `json:"id"`
	Label     string           `json:"label"`
	State     string           `json:"state"`
	Most      int              `json:"most,omitempty"` // 0: any number
	Joined    int              `json:"joined"`
	ExpiresAt string           `json:"expires_at,omitempty"` // empty: as long as the room
	CreatedAt string           `json:"created_at"`
	URL       string           `json:"url,omitempty"`   // shown once
	Ended     *int             `json:"ended,omitempty"` // how many were sent away
}

func (a *API) viewGuestLink(l *room.GuestLink) guestLinkView {
	return guestLinkView{ID: l.ID, Label: l.Label, State: l.State(a.hub.Now()), Most: l.Most, Joined: l.Joined,
		ExpiresAt: moment(l.ExpiresAt), CreatedAt: moment(l.MadeAt)}
}

func guestLinkOf(r *http.Request) room.GuestLinkID { return room.GuestLinkID(r.PathValue("link")) }

// guestLinkRow is the secret of a guest link. Its id stands where another
// link's row has an invitation.
func (l freshLink) guestRow(id room.ID, link room.GuestLinkID, generation uint32) store.LinkRow {
	return l.row(id, room.InvitationID(link), generation)
}

func (a *API) guestURL(l freshLink) string { return a.link("/g/"+l.publicID, l.secret) }

func (a *API) getGuestLinks(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	_, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	all := state.GuestLinks()
	items := make([]guestLinkView, len(all))
	for i := range all {
		items[i] = a.viewGuestLink(&all[i])
	}
	return answer(w, http.StatusOK, map[string]any{"items": items, "most": room.MaxGuestLinks})
}

type guestLinkBody struct {
	Label     *string `json:"label"`
	Most      *int    `json:"most"` // null: any number
	ExpiresAt instant `json:"expires_at"`
	On        *bool   `json:"on"`
	Sessions  string  `json:"sessions"` // of those who came by it, when it goes off: keep, or end
}

func (in guestLinkBody) check() error {
	if in.Sessions != "" && in.Sessions != "keep" && in.Sessions != "end" {
		return invalid("sessions", "is keep or end")
	}
	if in.Sessions == "end" && in.On != nil && *in.On {
		return invalid("sessions", "can be ended only when the link goes off")
	}
	return in.ExpiresAt.check("expires_at")
}

// postGuestLink makes a guest link, shown once.
func (a *API) postGuestLink(w http.ResponseWriter, r *http.Request) error {
	l, id := newLink(), room.GuestLinkID(newShortID())
	var in guestLinkBody
	return a.onGuestLinks(w, r, &in, func() (room.Command, error) {
		if in.Label == nil {
			return nil, invalid("label", "is required")
		}
		return room.MakeGuestLink{ID: id, Label: normal(*in.Label), Most: value(in.Most), ExpiresAt: in.ExpiresAt.at}, in.check()
	}, l, func(out hub.Result) error {
		return a.tellGuestLink(w, http.StatusCreated, out.State, id, func(v *guestLinkView) { v.URL = a.guestURL(l) })
	})
}

// patchGuestLink changes it, switches it off and on.
func (a *API) patchGuestLink(w http.ResponseWriter, r *http.Request) error {
	var in guestLinkBody
	return a.onGuestLinks(w, r, &in, func() (room.Command, error) {
		c := room.ReviseGuestLink{ID: guestLinkOf(r), Label: normalPointer(in.Label), Most: in.Most, ExpiresAt: in.ExpiresAt.pointer()}
		if in.On != nil {
			off := !*in.On
			c.Off = &off
		}
		return c, in.check()
	}, freshLink{}, func(out hub.Result) error {
		ended, err := a.endGuests(r, in.Sessions)
		if err != nil {
			return err
		}
		return a.tellGuestLink(w, http.StatusOK, out.State, guestLinkOf(r), func(v *guestLinkView) { v.Ended = ended })
	})
}

// deleteGuestLink takes it off the list.
func (a *API) deleteGuestLink(w http.ResponseWriter, r *http.Request) error {
	var in guestLinkBody
	return a.onGuestLinks(w, r, &in, func() (room.Command, error) {
		return room.RemoveGuestLink{ID: guestLinkOf(r)}, in.check()
	}, freshLink{}, func(hub.Result) error {
		if _, err := a.endGuests(r, in.Sessions); err != nil {
			return err
		}
		return done(w)
	})
}

// postGuestLinkRenew makes a new secret; the old one dies with the fact in the
// log. Those who came by it stay.
func (a *API) postGuestLinkRenew(w http.ResponseWriter, r *http.Request) error {
	l := newLink()
	return a.onGuestLinks(w, r, &guestLinkBody{}, func() (room.Command, error) {
		return room.RenewGuestLink{ID: guestLinkOf(r)}, nil
	}, l, func(out hub.Result) error {
		return a.tellGuestLink(w, http.StatusOK, out.State, guestLinkOf(r), func(v *guestLinkView) { v.URL = a.guestURL(l) })
	})
}

func (a *API) tellGuestLink(w http.ResponseWriter, status int, s *room.State, id room.GuestLinkID, more func(*guestLinkView)) error {
	l, ok := s.GuestLink(id)
	if !ok {
		return errNotFound
	}
	view := a.viewGuestLink(l)
	more(&view)
	return answer(w, status, view)
}

// onGuestLinks is what all commands about guest links share: who asks, the
// body, the right, and the row of the link's secret where one was made.
func (a *API) onGuestLinks(w http.ResponseWriter, r *http.Request, in *guestLinkBody, command func() (room.Command, error),
	l freshLink, tell func(hub.Result) error,
) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, in, r.Method != http.MethodPatch); err != nil {
		return err
	}
	by, _, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	c, err := command()
	if err != nil {
		return err
	}
	out, err := a.hub.Do(r.Context(), roomOf(r), by, c, func(events []room.Event) (rows []store.Row) {
		for _, e := range events {
			if f, ok := e.Fact.(room.GuestLinkSet); ok && l.publicID != "" {
				rows = append(rows, l.guestRow(roomOf(r), f.ID, f.Link))
			}
		}
		return rows
	})
	if err != nil {
		return err
	}
	return tell(out)
}

// endGuests sends away those who came by a link that is off, if that was
// asked for, and counts them.
func (a *API) endGuests(r *http.Request, sessions string) (*int, error) {
	if sessions != "end" {
		return nil, nil
	}
	who, err := a.ask(r)
	if err != nil {
		return nil, err
	}
	by, ended := a.actor(who, roomOf(r)), 0
	for {
		out, err := a.hub.Do(r.Context(), roomOf(r), by, room.EndGuests{ID: guestLinkOf(r)}, nil)
		if err != nil {
			return nil, err
		}
		if len(out.Events) == 0 {
			return &ended, nil
		}
		ended += len(out.Events)
	}
}
