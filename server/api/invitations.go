package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"greenroom/hub"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mailaddr"
	"greenroom/server/qrcode"
)

func invitationOf(r *http.Request) room.InvitationID {
	return room.InvitationID(r.PathValue("invitation"))
}

type inviteBody struct {
	Email     string  `json:"email"`
	FirstName string  `json:"first_name"`
	LastName  string  `json:"last_name"`
	Type      string  `json:"type"`
	SendEmail bool    `json:"send_email"`
	ExpiresAt instant `json:"expires_at"`
	Devices   *int    `json:"devices"`
	readerBody
}

// invite judges the body. Everything that does not fit is told at once, by
// field, where the rules would stop at the first.
func (a *API) invite(in inviteBody, id room.ID) (c room.Invite, address mailaddr.Address, err error) {
	if err := in.ExpiresAt.check("expires_at"); err != nil {
		return c, address, err
	}
	if address, err = mailaddr.Parse(in.Email); err != nil {
		return c, address, invalid("email", err.Error())
	}
	role := room.ParseRole(in.Type)
	if !role.Invitable() {
		return c, address, invalid("type", "is viewer, speaker or moderator")
	}
	if in.Devices != nil && (*in.Devices < 0 || *in.Devices > room.MaxDevices) {
		return c, address, invalid("devices", "is between 1 and 100")
	}
	if in.SendEmail {
		if err := a.mailsInvitations(); err != nil {
			return c, address, err
		}
	}
	return room.Invite{Invitation: room.InvitationID(newShortID()), Participant: room.ParticipantID(newShortID()),
		FirstName: normal(in.FirstName), LastName: normal(in.LastName), Type: role, Match: mailaddr.Match(a.pepper, id, address.Canonical), Domain: address.Domain(),
		ExpiresAt: in.ExpiresAt.at, Devices: in.Devices}, address, nil
}

// postInvitation invites, or changes the living invitation of the address.
func (a *API) postInvitation(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	var in inviteBody
	if err := readBody(w, r, &in, false); err != nil {
		return err
	}
	by, _, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	c, address, err := a.invite(in, roomOf(r))
	if err != nil {
		return err
	}
	reads, err := readerOf(in.readerBody, r)
	if err != nil {
		return err
	}
	qr, err := wantsQR(r)
	if err != nil {
		return err
	}
	l := newLink()
	out, err := a.hub.Do(r.Context(), roomOf(r), by, c, func(events []room.Event) []store.Row {
		rows := inviteRows(roomOf(r), events, address, reads, l)
		if in.SendEmail && len(rows) > 0 {
			rows = append(rows, a.invitationMail(roomOf(r), c.Invitation, 1, address, by, l))
		}
		return append(rows, renameRows(roomOf(r), events, address.Typed)...)
	})
	if err != nil {
		return err
	}
	p, ok := out.State.InvitedAs(c.Match)
	if !ok {
		return errNotFound // withdrawn in the same moment
	}
	if p.Invitation != c.Invitation {
		if err := a.rewrite(r.Context(), roomOf(r), p.Invitation, in.readerBody); err != nil {
			return err
		}
		view := a.viewInvitation(r.Context(), out.State, p, address.Typed)
		view.Existing, view.Warnings = true, neighboursOf(out.State).warnings(p.Domain())
		return answer(w, http.StatusOK, view)
	}
	view := a.viewInvitation(r.Context(), out.State, p, address.Typed)
	view.URL = a.link("/i/"+l.publicID, l.secret)
	view.QR, view.Warnings = drawn(qr, view.URL), neighboursOf(out.State).warnings(p.Domain())
	if in.SendEmail {
		a.wake()
	}
	if in.SendEmail && view.Mail != nil {
		queued := view.Mail.State != store.MailFailed
		view.Sent = &queued
	}
	return answer(w, http.StatusCreated, view)
}

// freshLink is a link to be: its public id and secret.
type freshLink struct{ publicID, secret string }

func newLink() freshLink { return freshLink{newID(), NewSecret(linkPrefix)} }

func (l freshLink) row(id room.ID, inv room.InvitationID, generation uint32) store.LinkRow {
	return store.LinkRow{PublicID: l.publicID, Room: id, Invitation: inv, Generation: generation, Secret: HashSecret(l.secret)}
}

// inviteRows are what belongs to a new invitation: the address beside its
// names, and the hash of its link.
func inviteRows(id room.ID, events []room.Event, address mailaddr.Address, reads reader, l freshLink) (rows []store.Row) {
	for _, e := range events {
		if f, ok := e.Fact.(room.Issued); ok {
			rows = append(rows, l.row(id, f.Invitation, 1),
				store.AddressRow{Room: id, Invitation: f.Invitation, Email: address.Typed, Canonical: address.Canonical,
					FirstName: f.FirstName, LastName: f.LastName, Language: reads.language, Zone: reads.zone})
		}
	}
	return rows
}

func issues(events []room.Event) bool {
	return slices.ContainsFunc(events, func(e room.Event) bool { _, is := e.Fact.(room.Issued); return is })
}

// renameRows keep the names beside the address the same as the log's.
func renameRows(id room.ID, events []room.Event, email string) (rows []store.Row) {
	for _, e := range events {
		if f, ok := e.Fact.(room.Revised); ok {
			rows = append(rows, store.AddressRow{Room: id, Invitation: f.Invitation, Email: email, FirstName: f.FirstName, LastName: f.LastName})
		}
	}
	return rows
}

type reviseBody struct {
	Type      *string `json:"type"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	ExpiresAt instant `json:"expires_at"`
	Devices   *int    `json:"devices"`
	readerBody
}

func (in reviseBody) command(id room.InvitationID) (c room.ReviseInvitation, err error) {
	if err := in.ExpiresAt.check("expires_at"); err != nil {
		return c, err
	}
	if in.ExpiresAt.null {
		return c, invalid("expires_at", "is required")
	}
	c = room.ReviseInvitation{Invitation: id, FirstName: normalPointer(in.FirstName), LastName: normalPointer(in.LastName),
		ExpiresAt: in.ExpiresAt.pointer(), Devices: in.Devices}
	if in.Type != nil {
		role := room.ParseRole(*in.Type)
		if !role.Invitable() {
			return c, invalid("type", "is viewer, speaker or moderator")
		}
		c.Type = &role
	}
	return c, nil
}

func (a *API) patchInvitation(w http.ResponseWriter, r *http.Request) error {
	var in reviseBody
	return a.onInvitation(w, r, &in, func(_ room.Actor, _ *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		c, err := in.command(address.Invitation)
		if err == nil {
			_, err = in.readerBody.check()
		}
		return c, func(events []room.Event) []store.Row {
			return renameRows(address.Room, events, address.Email)
		}, err
	}, func(w http.ResponseWriter, out hub.Result, address store.AddressRow) (err error) {
		if err := a.rewrite(r.Context(), address.Room, address.Invitation, in.readerBody); err != nil {
			return err
		}
		return a.tellInvitation(r)(w, out, address)
	})
}

func (a *API) deleteInvitation(w http.ResponseWriter, r *http.Request) error {
	var in revokeBody
	return a.onInvitation(w, r, &in, func(_ room.Actor, _ *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		c, err := in.command(address.Invitation)
		return c, a.revokeRows(address), err
	}, func(w http.ResponseWriter, _ hub.Result, _ store.AddressRow) error {
		a.wake()
		return done(w)
	})
}

type revokeBody struct {
	Reason   string `json:"reason"`
	Sessions string `json:"sessions"` // what becomes of live ones: end, the default, or finish
}

func (in revokeBody) command(id room.InvitationID) (c room.RevokeInvitation, err error) {
	if in.Sessions != "" && in.Sessions != "end" && in.Sessions != "finish" {
		return c, invalid("sessions", "is end or finish")
	}
	return room.RevokeInvitation{Invitation: id, Reason: normal(in.Reason), Finish: in.Sessions == "finish"}, nil
}

// revokeRows tells the person by mail, unless they may finish what they are in.
func (a *API) revokeRows(address store.AddressRow) func([]room.Event) []store.Row {
	return func(events []room.Event) (rows []store.Row) {
		for _, e := range events {
			if f, ok := e.Fact.(room.Revoked); ok && !f.Finish {
				rows = append(rows, a.notices(address.Room, address.Invitation, store.MailCancelled)...)
			}
		}
		return rows
	}
}

func (a *API) postRestore(w http.ResponseWriter, r *http.Request) error {
	return a.onInvitation(w, r, &struct{}{}, func(_ room.Actor, _ *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		return room.RestoreInvitation{Invitation: address.Invitation}, nil, nil
	}, a.tellInvitation(r))
}

func (a *API) postDeviceReset(w http.ResponseWriter, r *http.Request) error {
	return a.onInvitation(w, r, &struct{}{}, func(_ room.Actor, _ *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		return room.FreeDevices{Invitation: address.Invitation}, nil, nil
	}, a.tellInvitation(r))
}

// wantsQR says whether a link shall come with its QR code.
func wantsQR(r *http.Request) (bool, error) { return flag(r.URL.Query().Get("qr"), "qr") }

// drawn is the code of a link, if it is wanted. A link of thousands of bytes
// has none.
func drawn(wanted bool, link string) *qrcode.Code {
	if !wanted {
		return nil
	}
	code, err := qrcode.Encode(link)
	if err != nil {
		return nil
	}
	return &code
}

type linkAnswer struct {
	ID        room.InvitationID `json:"id"`
	URL       string            `json:"url"`
	QR        *qrcode.Code      `json:"qr,omitempty"`
	ExpiresAt string            `json:"expires_at"`
}

// postLink makes a new link; the old one dies with the fact in the log.
func (a *API) postLink(w http.ResponseWriter, r *http.Request) error {
	l := newLink()
	qr, err := wantsQR(r)
	if err != nil {
		return err
	}
	return a.onInvitation(w, r, &struct{}{}, func(_ room.Actor, _ *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error) {
		return room.RenewLink{Invitation: address.Invitation}, func(events []room.Event) (rows []store.Row) {
			for _, e := range events {
				if f, ok := e.Fact.(room.Renewed); ok {
					rows = append(rows, l.row(address.Room, address.Invitation, f.Link))
				}
			}
			return rows
		}, nil
	}, func(w http.ResponseWriter, out hub.Result, address store.AddressRow) error {
		p, ok := out.State.Invited(address.Invitation)
		if !ok {
			return errNotFound
		}
		link := a.link("/i/"+l.publicID, l.secret)
		return answer(w, http.StatusOK, linkAnswer{p.Invitation, link, drawn(qr, link), moment(p.ExpiresAt)})
	})
}

func (a *API) tellInvitation(r *http.Request) func(http.ResponseWriter, hub.Result, store.AddressRow) error {
	return func(w http.ResponseWriter, out hub.Result, address store.AddressRow) error {
		p, ok := out.State.Invited(address.Invitation)
		if !ok {
			return errNotFound
		}
		return answer(w, http.StatusOK, a.viewInvitation(r.Context(), out.State, p, address.Email))
	}
}

// onInvitation is what all commands about one invitation share: who asks, the
// body (which may be left out), the right, and that the invitation is one of
// this room. Without a command there is nothing to change.
func (a *API) onInvitation(w http.ResponseWriter, r *http.Request, in any,
	command func(by room.Actor, s *room.State, address store.AddressRow) (room.Command, func([]room.Event) []store.Row, error),
	tell func(http.ResponseWriter, hub.Result, store.AddressRow) error,
) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	if err := readBody(w, r, in, true); err != nil {
		return err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return err
	}
	address, err := a.address(r.Context(), roomOf(r), invitationOf(r))
	if err != nil {
		return err
	}
	c, rows, err := command(by, state, address)
	if err != nil {
		return err
	}
	out := hub.Result{State: state}
	if c != nil {
		if out, err = a.hub.Do(r.Context(), roomOf(r), by, c, rows); err != nil {
			return err
		}
	}
	return tell(w, out, address)
}

func (a *API) address(ctx context.Context, id room.ID, inv room.InvitationID) (store.AddressRow, error) {
	row, err := a.store.Address(ctx, id, inv)
	if errors.Is(err, store.ErrNotFound) {
		err = refuse(room.CodeNotFound, "There is no such invitation in this room.")
	}
	return row, err
}
