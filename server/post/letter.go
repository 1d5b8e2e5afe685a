package post

import (
	"cmp"
	"context"
	"errors"
	netmail "net/mail"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/calendar"
	"greenroom/server/mail"
	"greenroom/server/mailaddr"
)

var dropped = &store.MailEnd{State: store.MailDropped}

// letter writes a mail as the room is now, or says that it has ended: what
// was withdrawn since it was queued is not sent.
func (o *Office) letter(ctx context.Context, m store.Mail, now time.Time) (mail.Message, *store.MailEnd, error) {
	if m.Kind == store.MailCode {
		return o.codeLetter(ctx, m, now)
	}
	if m.Kind == store.MailRequest {
		return o.requestLetter(ctx, m)
	}
	s, err := o.rooms.State(ctx, m.Room)
	if err != nil {
		return mail.Message{}, nil, err
	}
	p, ok := s.Invited(m.Invitation)
	if !ok {
		return mail.Message{}, dropped, nil
	}
	end, err := o.moot(ctx, m, s, p, now)
	if end != nil || err != nil {
		return mail.Message{}, end, err
	}
	l := &letter{office: o, mail: m, state: s, person: p, now: now}
	if err := l.address(ctx); err != nil {
		return mail.Message{}, nil, err
	}
	if end := barred(s.Site(), l.to, m.Kind); end != nil {
		return mail.Message{}, end, nil
	}
	message, err := l.write(ctx)
	if err != nil {
		return mail.Message{}, nil, err
	}
	message.ID = m.ID
	message.ReplyTo, err = l.replyTo(ctx)
	return message, nil, err
}

// barred says that the site does not admit the address any more. Inviters hear
// of it; of a notice nobody waits for there is nothing to hear.
func barred(site *room.Site, to string, kind store.MailKind) *store.MailEnd {
	_, domain, _ := strings.Cut(to, "@")
	switch {
	case !site.Domains.Blocks(domain):
		return nil
	case kind == store.MailInvitation:
		return &store.MailEnd{State: store.MailFailed, Detail: "this site does not admit addresses at " + domain}
	}
	return dropped
}

// moot says that there is no reason, or not yet, to send a mail.
func (o *Office) moot(ctx context.Context, m store.Mail, s *room.State, p *room.Person, now time.Time) (*store.MailEnd, error) {
	over := s.Status == room.StatusClosed || s.Status == room.StatusDeleted
	switch m.Kind {
	case store.MailInvitation:
		if p.Revoked || p.Finishing || s.Status == room.StatusDeleted || p.Link != m.Generation {
			return dropped, nil
		}
		if over {
			return &store.MailEnd{State: store.MailFailed, Detail: "the room was closed before the mail could be sent"}, nil
		}
		if room.Millis(now.UnixMilli()) >= p.ExpiresAt {
			return &store.MailEnd{State: store.MailFailed, Detail: "the link expired before the mail could be sent"}, nil
		}
		return nil, nil
	case store.MailMoved:
		if p.Revoked || over {
			return dropped, nil
		}
	case store.MailCancelled:
		if !p.Revoked && !over || over && s.OpenedAt != 0 {
			return dropped, nil
		}
	}
	return o.unheard(ctx, m, now)
}

// unheard says that somebody had no invitation by mail that a notice could be
// about, or that it is being sent this moment.
func (o *Office) unheard(ctx context.Context, m store.Mail, now time.Time) (*store.MailEnd, error) {
	all, err := o.store.Mails(ctx, m.Room, []room.InvitationID{m.Invitation})
	if err != nil {
		return nil, err
	}
	end := dropped
	for _, other := range all {
		switch {
		case other.Kind != store.MailInvitation:
		case other.State == store.MailSent:
			return nil, nil
		case other.State == store.MailQueued:
			end = &store.MailEnd{State: store.MailQueued, Next: now.Add(firstRetry)}
		}
	}
	return end, nil
}

// letter is a mail in the making.
type letter struct {
	office *Office
	mail   store.Mail
	state  *room.State
	person *room.Person
	now    time.Time
	to     string
	row    store.AddressRow
	zone   *time.Location // nil: not known
}

// address finds where the mail goes: as typed, but with the domain as mail
// servers know it.
func (l *letter) address(ctx context.Context) error {
	row, err := l.office.store.Address(ctx, l.mail.Room, l.mail.Invitation)
	if err != nil {
		return err
	}
	if l.to, err = deliverable(row.Email); err != nil {
		return err
	}
	site := l.office.rooms.Site().Mail
	l.row = row
	l.row.Language, l.row.Zone = cmp.Or(row.Language, site.Language), cmp.Or(row.Zone, site.Zone)
	if zone, err := time.LoadLocation(l.row.Zone); err == nil && l.row.Zone != "" {
		l.zone = zone
	}
	return nil
}

func deliverable(typed string) (string, error) {
	parsed, err := mailaddr.Parse(typed)
	if err != nil {
		return "", errors.New("the address is none: " + err.Error())
	}
	local, _, _ := strings.Cut(parsed.Typed, "@")
	_, domain, _ := strings.Cut(parsed.Canonical, "@")
	return local + "@" + domain, nil
}

func (l *letter) write(ctx context.Context) (mail.Message, error) {
	event, err := l.event(ctx)
	if err != nil {
		return mail.Message{}, err
	}
	look, err := l.office.look(ctx)
	if err != nil {
		return mail.Message{}, err
	}
	if l.mail.Kind != store.MailInvitation {
		return l.notice(ctx, event, look)
	}
	link, err := l.office.open(l.mail)
	if err != nil {
		return mail.Message{}, err
	}
	p, s := l.person, l.state
	in := mail.Invitation{To: l.to, FirstName: p.FirstName, LastName: p.LastName, Language: l.row.Language, Type: p.Role.Shown(), Look: look,
		Title: s.Title, Description: s.Description, Host: l.host(), StartsAt: timeOf(s.StartsAt), Zone: l.zone,
		Link: link, Expires: timeOf(p.ExpiresAt), Devices: p.Devices, Again: l.mail.Generation > 1, Calendar: event.Request()}
	in.Template, in.Language = l.office.template(mail.KindInvitation, in.Language)
	return mail.Render(in)
}

func (l *letter) notice(ctx context.Context, event calendar.Event, look mail.Look) (mail.Message, error) {
	p, s := l.person, l.state
	renamed, err := l.renamed(ctx)
	if err != nil {
		return mail.Message{}, err
	}
	n := mail.Notice{To: l.to, FirstName: p.FirstName, LastName: p.LastName, Language: l.row.Language, Zone: l.zone, Title: s.Title, Host: l.host(), Look: look,
		StartsAt: timeOf(s.StartsAt), Cancelled: l.mail.Kind == store.MailCancelled, Renamed: renamed}
	if n.Calendar = event.Request(); n.Cancelled {
		n.Calendar = event.Cancel()
	}
	n.Template, n.Language = l.office.template(n.Kind(), n.Language)
	return mail.RenderNotice(n)
}

// replyTo is the inviter's own mailbox, where the site wants that.
func (l *letter) replyTo(ctx context.Context) (netmail.Address, error) {
	if !l.office.rooms.Site().Mail.ReplyTo || l.host() == "" {
		return netmail.Address{}, nil
	}
	inviter, err := l.office.store.Person(ctx, l.mail.Inviter)
	if errors.Is(err, store.ErrNotFound) || err == nil && !inviter.Verified {
		return netmail.Address{}, nil
	}
	if err != nil {
		return netmail.Address{}, err
	}
	address, err := deliverable(inviter.Email)
	return netmail.Address{Name: l.host(), Address: address}, err
}

// renamed says that a notice tells of a new title alone: the room has not moved
// since it was queued.
func (l *letter) renamed(ctx context.Context) (bool, error) {
	if l.mail.Kind != store.MailMoved {
		return false, nil
	}
	moves, err := l.office.store.Page(ctx, l.state.ID, []string{room.Scheduled{}.Kind()}, 0, 1)
	return err == nil && (len(moves) == 0 || int64(moves[0].At) < l.mail.Created.UnixMilli()), err
}

// host is the name of who invited, while that person manages the room.
func (l *letter) host() string {
	if p, ok := l.state.Manager(l.mail.Inviter); ok {
		return strings.TrimSpace(p.FirstName + " " + p.LastName)
	}
	return ""
}

// event is the room in this person's calendar. Its sequence is a place in the
// log, as in the file that anybody may fetch: that of the last move, of the
// last new title or of the last change of this person's seat (invited,
// withdrawn), whichever is later. So it rises with each of them, a cancellation is above the invitation, and a new
// invitation above the cancellation.
func (l *letter) event(ctx context.Context) (calendar.Event, error) {
	s := l.state
	sequence := l.person.Since
	changes, err := l.office.store.Page(ctx, s.ID, []string{room.Scheduled{}.Kind(), room.Edited{}.Kind()}, 0, 1)
	if err != nil {
		return calendar.Event{}, err
	}
	for _, e := range changes {
		sequence = max(sequence, e.Seq)
	}
	if l.mail.Kind == store.MailCancelled && !l.person.Revoked {
		sequence = s.Head // the whole room
	}
	host := l.host()
	return calendar.Event{UID: string(s.ID) + "@" + l.office.public.Hostname(), Sequence: uint64(sequence), Stamp: l.now,
		Starts: timeOf(s.StartsAt), Ends: timeOf(s.EndsAt), Title: s.Title, Page: l.office.public.JoinPath("r", string(s.ID)).String(), Zone: l.zone,
		Organizer: calendar.Person{Name: host, Address: l.office.from.Address},
		Attendee:  calendar.Person{Name: strings.TrimSpace(l.person.FirstName + " " + l.person.LastName), Address: l.to}}, nil
}

func timeOf(at room.Millis) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(at)).UTC()
}
