package post

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/mail"
)

// requestLetter writes to a manager that somebody asks for a way in, as long
// as nobody has answered and the manager may.
func (o *Office) requestLetter(ctx context.Context, m store.Mail) (mail.Message, *store.MailEnd, error) {
	s, err := o.rooms.State(ctx, m.Room)
	if err != nil {
		return mail.Message{}, nil, err
	}
	asker, wish, open := wishOf(s, m)
	manager, err := o.store.Person(ctx, m.Inviter)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (!open || manager.Disabled || !slices.Contains(s.Answering(), m.Inviter)):
		return mail.Message{}, dropped, nil
	case err != nil:
		return mail.Message{}, nil, err
	}
	to, err := deliverable(manager.Email)
	if err != nil {
		return mail.Message{}, nil, err
	}
	if end := barred(s.Site(), to, m.Kind); end != nil {
		return mail.Message{}, end, nil
	}
	look, err := o.look(ctx)
	if err != nil {
		return mail.Message{}, nil, err
	}
	in := mail.Request{To: to, FirstName: manager.FirstName, LastName: manager.LastName, Look: look, Zone: o.zone(),
		Asker: strings.TrimSpace(asker.FirstName + " " + asker.LastName), Message: wish.Message, Title: s.Title, StartsAt: timeOf(s.StartsAt),
		Page: o.public.JoinPath("rooms", string(s.ID)).String() + "#requests"}
	in.Template, in.Language = o.template(mail.KindRequest, o.rooms.Site().Mail.Language)
	message, err := mail.RenderRequest(in)
	message.ID = m.ID
	return message, nil, err
}

// wishOf is what a mail tells, unless it was answered, or asked anew meanwhile:
// then another mail tells it. Nobody asks twice within a minute.
func wishOf(s *room.State, m store.Mail) (asker *room.Person, wish room.Request, open bool) {
	asker, ok := s.Invited(m.Invitation)
	if !ok || s.Status == room.StatusClosed || s.Status == room.StatusDeleted {
		return nil, wish, false
	}
	wish, open = asker.Request()
	return asker, wish, open && timeOf(wish.At).Before(m.Created.Add(time.Minute))
}

// zone is the site's: accounts tell none, nor a language.
func (o *Office) zone() *time.Location {
	name := o.rooms.Site().Mail.Zone
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return nil
}
