package api

import (
	"context"
	"errors"
	"net/http"
	netmail "net/mail"
	"time"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mail"
	"greenroom/server/mailaddr"
)

// Mailer sends what is queued in the store. The queue itself is rows of the
// commits that mails tell of.
type Mailer interface {
	// Seal closes a link, so that only the sender of this mail can read it.
	Seal(mailID string, in room.ID, inv room.InvitationID, link string) []byte
	// SealCode closes a code and where it goes; room and invitation may be empty.
	SealCode(mailID string, in room.ID, inv room.InvitationID, code, to, language string) []byte
	// Wake says that something was queued.
	Wake()
	// Send hands a mail to the mail server at once, without the queue. Where the
	// server says no, the error is a *mail.Refusal.
	Send(ctx context.Context, m mail.Message) error
	// From is whom the mails are from.
	From() netmail.Address
}

// mailView is the last mail about an invitation.
type mailView struct {
	About  store.MailKind  `json:"about"`
	State  store.MailState `json:"state"`
	At     string          `json:"at"`
	Detail string          `json:"detail,omitempty"`
}

// invitationMail is the row that mails a link.
func (a *API) invitationMail(id room.ID, inv room.InvitationID, generation uint32, to mailaddr.Address, by room.Actor, l freshLink) store.MailRow {
	letter := newID()
	return store.MailRow{ID: letter, Room: id, Invitation: inv, Kind: store.MailInvitation, Generation: generation,
		Recipient: a.mailbox(to), Inviter: by.Account, Sealed: a.mailer.Seal(letter, id, inv, a.link("/i/"+l.publicID, l.secret)),
		MostRecipient: a.limits.MailRecipient, MostInviter: a.limits.MailInviter}
}

// mailbox is what the daily limit of an address counts by, in all rooms. It is
// no room's match: ids of rooms have no space.
func (a *API) mailbox(to mailaddr.Address) room.Hash {
	return mailaddr.Match(a.pepper, "all rooms", to.Canonical)
}

// notices tells those who were mailed an invitation that the room has moved or
// will not be, or one of them that theirs was withdrawn.
func (a *API) notices(id room.ID, inv room.InvitationID, kind store.MailKind) []store.Row {
	if a.mailer == nil {
		return nil
	}
	return []store.Row{store.NoticeRow{ID: newID() + "-", Room: id, Invitation: inv, Kind: kind, MostRecipient: a.limits.MailRecipient}}
}

// editNotices are the notices of an edited room that has been in this state.
func (a *API) editNotices(s *room.State) func([]room.Event) []store.Row {
	return func(events []room.Event) (rows []store.Row) {
		moved := false
		for _, e := range events {
			switch f := e.Fact.(type) {
			case room.Scheduled:
				moved = true
			case room.Edited:
				moved = moved || f.Room.Title != s.Title && s.OpenedAt == 0
			case room.Closed, room.Deleted:
				if s.OpenedAt == 0 {
					rows = append(rows, a.notices(s.ID, "", store.MailCancelled)...)
				}
			}
		}
		if moved {
			rows = append(rows, a.notices(s.ID, "", store.MailMoved)...)
		}
		return rows
	}
}

// mailsInvitations refuses where no invitation can be mailed.
func (a *API) mailsInvitations() error {
	switch {
	case a.mailer == nil:
		return invalid("send_email", "needs mail, which is not set up on this site")
	case a.hub.Site().Mail.Off:
		return invalid("send_email", "is switched off on this site")
	}
	return nil
}

// wake tells the sender, if there is one.
func (a *API) wake() {
	if a.mailer != nil {
		a.mailer.Wake()
	}
}

// postEmail sends the invitation again. A mail that still waits is tried now.
// Otherwise the link's secret is gone, so there is a new link, and the old one
// dies, as with postLink.
func (a *API) postEmail(w http.ResponseWriter, r *http.Request) error {
	l := newLink()
	fresh := false
	qr, err := wantsQR(r)
	if err != nil {
		return err
	}
	return a.onInvitation(w, r, &struct{}{}, func(by room.Actor, s *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		c, rows, err := a.resend(r.Context(), by, s, address, l)
		fresh = c != nil
		return c, rows, err
	}, func(w http.ResponseWriter, out hub.Result, address store.AddressRow) error {
		p, ok := out.State.Invited(address.Invitation)
		if !ok {
			return errNotFound
		}
		a.wake()
		view := a.viewInvitation(r.Context(), out.State, p, address.Email)
		if fresh {
			view.URL = a.link("/i/"+l.publicID, l.secret)
			view.QR = drawn(qr, view.URL)
		}
		return answer(w, http.StatusOK, view)
	})
}

// resend makes a mail that waits due; else it gives what mails a new link. No
// command and no error: it waited.
func (a *API) resend(ctx context.Context, by room.Actor, s *room.State, address store.AddressRow, l freshLink) (room.Command, func([]room.Event) []store.Row, error) {
	if err := a.mailsInvitations(); err != nil {
		return nil, nil, err
	}
	if s.Status == room.StatusClosed {
		return nil, nil, refuse(room.CodeOver, "This session is over. There is nothing to invite to.")
	}
	waits, err := a.hasten(ctx, s, address.Invitation)
	if waits || err != nil {
		return nil, nil, err
	}
	to, err := mailaddr.Parse(address.Email)
	if err != nil {
		return nil, nil, err
	}
	if err := a.mayMail(ctx, to, by); err != nil {
		return nil, nil, err
	}
	return room.RenewLink{Invitation: address.Invitation}, func(events []room.Event) (rows []store.Row) {
		for _, e := range events {
			if f, ok := e.Fact.(room.Renewed); ok {
				rows = append(rows, l.row(address.Room, address.Invitation, f.Link),
					a.invitationMail(address.Room, address.Invitation, f.Link, to, by, l))
			}
		}
		return rows
	}, nil
}

// hasten makes the mail with the current link due, if it waits.
func (a *API) hasten(ctx context.Context, s *room.State, inv room.InvitationID) (waits bool, err error) {
	p, ok := s.Invited(inv)
	if !ok || p.Revoked || room.Millis(a.hub.Now().UnixMilli()) >= p.ExpiresAt {
		return false, nil
	}
	err = a.store.HastenMail(ctx, s.ID, inv, p.Link)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// mayMail says whether the daily limits allow one more. The queue judges again,
// in the transaction; this is for an answer before the old link has died.
func (a *API) mayMail(ctx context.Context, to mailaddr.Address, by room.Actor) error {
	toRecipient, byInviter, err := a.store.MailLoad(ctx, a.mailbox(to), by.Account)
	if err == nil && (toRecipient >= a.limits.MailRecipient || byInviter >= a.limits.MailInviter) {
		err = &room.Refusal{Code: room.CodeSlowDown, Message: "Today's mails to this address, or yours, are used up. The link can be passed on by hand.", Retry: time.Hour}
	}
	return err
}
