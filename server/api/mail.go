package api

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/server/mailaddr"
	"greenroom/server/redact"
)

// Mailer sends invitations, or keeps them for later: Invite must be quick.
type Mailer interface {
	Invite(ctx context.Context, m InvitationMail) error
}

// InvitationMail is what an invitation mail says. URL has the link's secret.
type InvitationMail struct {
	To        string // as typed by the inviter, judged
	FirstName string
	LastName  string
	Type      string // viewer, speaker or moderator

	Room        room.ID
	Title       string
	Description string
	Inviter     string
	StartsAt    time.Time
	EndsAt      time.Time // zero: open end

	URL       redact.Secret
	Page      string // the room's page, without a secret
	ExpiresAt time.Time
	Devices   int
	Calendar  []byte // the room as a calendar file, without a secret
}

// sendInvitation hands a mail over, within the limits of PROTOCOL §7. The
// invitation stands in any case: its link was told to the inviter.
func (a *API) sendInvitation(ctx context.Context, by room.Actor, s *room.State, p *room.Person, to mailaddr.Address, url string) *bool {
	sent := false
	now := a.now()
	if a.mails.takeOf("to "+to.Canonical, float64(a.limits.MailRecipient), now) > 0 ||
		a.mails.takeOf("by "+string(by.Account), float64(a.limits.MailInviter), now) > 0 {
		a.log.Warn("invitation mail not sent: daily limit", "room", s.ID, "invitation", p.Invitation, "to", redact.Email(to.Typed))
		return &sent
	}
	page := a.link("/r/"+string(s.ID), "")
	err := a.mailer.Invite(ctx, InvitationMail{To: to.Typed, FirstName: p.FirstName, LastName: p.LastName, Type: p.Role.Shown(),
		Room: s.ID, Title: s.Title, Description: s.Description, Inviter: by.Name, StartsAt: timeOf(s.StartsAt), EndsAt: timeOf(s.EndsAt),
		URL: redact.Secret(url), Page: page, ExpiresAt: timeOf(p.ExpiresAt), Devices: p.Devices, Calendar: calendar(s, page, a.public.Hostname())})
	if err != nil {
		a.log.Warn("invitation mail not sent", "room", s.ID, "invitation", p.Invitation, "to", redact.Email(to.Typed), "error", err)
	}
	sent = err == nil
	return &sent
}

func timeOf(at room.Millis) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(at)).UTC()
}
