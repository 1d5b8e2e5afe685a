package main

import (
	"context"

	"greenroom/server/api"
	"greenroom/server/mail"
)

// mailer keeps the mails of a trial in its outbox.
type mailer struct{ to *mail.Outbox }

// Invite implements api.Mailer.
func (m mailer) Invite(_ context.Context, in api.InvitationMail) error {
	message, err := mail.Render(mail.Invitation{
		To: in.To, FirstName: in.FirstName, LastName: in.LastName, Type: in.Type,
		Title: in.Title, Host: in.Inviter, StartsAt: in.StartsAt,
		Link: string(in.URL), Expires: in.ExpiresAt, Devices: in.Devices, Calendar: in.Calendar,
	})
	if err == nil {
		m.to.Put(message)
	}
	return err
}
