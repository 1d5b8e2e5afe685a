package main

import (
	"context"
	"time"

	"greenroom/server/api"
	"greenroom/server/mail"
)

// mailer keeps the mails of a trial in its outbox.
type mailer struct{ to *mail.Outbox }

// Invite implements api.Mailer.
func (m mailer) Invite(_ context.Context, in api.InvitationMail) error {
	message, err := mail.Render(mail.Invitation{
		To: in.To, FirstName: in.FirstName, LastName: in.LastName, Type: in.Type,
		Room: string(in.Room), Title: in.Title, Host: in.Inviter, StartsAt: in.StartsAt, EndsAt: in.EndsAt,
		Link: string(in.URL), Page: in.Page, Expires: in.ExpiresAt, Devices: in.Devices, Sent: time.Now(),
	})
	if err == nil {
		m.to.Put(message)
	}
	return err
}
