package api

import (
	"context"
	"net/http"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
)

type askedAnswer struct {
	AskedAt string `json:"asked_at"`
}

// postRequestLink lets a holder ask the managers for a way in: once an hour,
// and again changes nothing. Whether somebody has seen it, or dismissed it, is
// not told.
func (a *API) postRequestLink(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		holderBody
		Message string `json:"message"`
	}
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	h, err := a.holder(r, in.holderBody)
	if err != nil {
		return err
	}
	if wait := a.wishes.take(a.clientNetwork(r), a.now()); wait > 0 {
		return slowDown(wait)
	}
	mails, err := a.requestMails(r.Context(), h.link.Room, h.link.Invitation)
	if err != nil {
		return err
	}
	out, err := a.hub.Do(r.Context(), h.link.Room, h.by, room.RequestLink{Message: normal(in.Message)}, mails)
	if err != nil {
		return a.tell(h, err)
	}
	a.wake()
	p, ok := out.State.Invited(h.by.Invitation)
	if !ok {
		return errNotFound
	}
	return answer(w, http.StatusOK, askedAnswer{moment(p.AskedAt(a.hub.Now()))})
}

// requestMails tells everybody who may answer, wherever they are, once a wish
// is in the log: so there is one mail to each for one asker in an hour.
func (a *API) requestMails(ctx context.Context, id room.ID, inv room.InvitationID) (func([]room.Event) []store.Row, error) {
	if a.mailer == nil {
		return nil, nil
	}
	s, err := a.hub.State(ctx, id)
	if err != nil {
		return nil, err
	}
	if p, ok := s.Invited(inv); !ok || p.AskedAt(a.hub.Now()) != 0 {
		return nil, nil
	}
	mails, err := a.toManagers(ctx, s, inv)
	return func(events []room.Event) []store.Row {
		for _, e := range events {
			if _, asked := e.Fact.(room.Requested); asked {
				return mails
			}
		}
		return nil
	}, err
}

// toManagers are the rows that mail a wish to those with an account and an
// address. What they say is written when they are sent.
func (a *API) toManagers(ctx context.Context, s *room.State, inv room.InvitationID) (mails []store.Row, err error) {
	for _, id := range s.Answering() {
		who, err := a.store.Person(ctx, id)
		if ignoreNotFound(err) != nil {
			return nil, err
		}
		to, wrong := mailaddr.Parse(who.Email)
		if err != nil || wrong != nil || who.Disabled {
			continue
		}
		mails = append(mails, store.MailRow{ID: newID(), Room: s.ID, Invitation: inv, Kind: store.MailRequest,
			Recipient: a.mailbox(to), Inviter: id, MostRecipient: a.limits.MailRequests})
	}
	return mails, nil
}

// requestView is a request as managers see it.
type requestView struct {
	Invitation invitationView `json:"invitation"`
	AskedAt    string         `json:"asked_at"`
	Why        room.Code      `json:"why"`
	Message    string         `json:"message,omitempty"`
}

type requestList struct {
	Items []requestView `json:"items"`
	Total int           `json:"total"`
}

const requestsShown = 50

// getRequests lists who asks for a way in and has had no answer, longest first.
func (a *API) getRequests(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	_, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	asking := state.Requests()
	list := requestList{Items: []requestView{}, Total: len(asking)}
	c, err := a.scene(r.Context(), state)
	if err != nil {
		return err
	}
	for _, p := range asking[:min(len(asking), requestsShown)] {
		seat, _ := state.Seat(p.ID)
		wish, _ := p.Request()
		list.Items = append(list.Items, requestView{c.view(p, seat), moment(wish.At), wish.Why, wish.Message})
	}
	c.leave()
	return answer(w, http.StatusOK, list)
}

// deleteRequest dismisses one. Whoever asked is not told.
func (a *API) deleteRequest(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, &struct{}{}, true); err != nil {
		return err
	}
	by, _, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	if _, err := a.hub.Do(r.Context(), roomOf(r), by, room.DismissRequest{Invitation: invitationOf(r)}, nil); err != nil {
		return err
	}
	return done(w)
}
