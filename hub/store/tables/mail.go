package tables

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// nothing is what is sealed when nothing is.
var nothing = []byte{}

const (
	limitRecipient = "limit: this address has had its mails of a day"
	limitInviter   = "limit: this inviter has sent the mails of a day"
	limitRequests  = "limit: this manager has had the requests of a day in this room"
)

// mailLock is held by all who change the queue by what they read in it: the
// count and the row are one step, and a mail that somebody takes is either
// noticed or dropped.
const mailLock = "mail"

// queueMail runs in the transaction of what the mail tells.
func queueMail(t *tx, r store.MailRow, now room.Millis) error {
	if err := t.lock(mailLock); err != nil {
		return err
	}
	state, detail, due := store.MailQueued, "", int64(now)
	to, by, err := mailLoad(t, r.Recipient, r.Inviter, now)
	limit := limitRecipient
	switch {
	case err != nil:
	case r.Kind == store.MailCode:
		due = 0 // before everything else
		to, err = codeLoad(t, r.Recipient, now)
	case r.Kind == store.MailRequest:
		limit = limitRequests
		to, err = requestLoad(t, r, now)
	}
	switch {
	case err != nil:
		return err
	case r.Unsent:
		state = store.MailDropped
	case r.MostRecipient > 0 && to >= r.MostRecipient:
		state, detail = store.MailFailed, limit
	case r.MostInviter > 0 && by >= r.MostInviter:
		state, detail = store.MailFailed, limitInviter
	}
	sealed := r.Sealed
	if state != store.MailQueued || sealed == nil {
		sealed = nothing
	}
	return t.exec(sqltext.AddMail, r.ID, string(r.Room), string(r.Invitation), string(r.Kind), int64(r.Generation),
		r.Recipient[:], string(r.Inviter), sealed, string(state), detail, int64(now), due)
}

func codeLoad(t *tx, recipient room.Hash, now room.Millis) (n int, err error) {
	return n, t.one(sqltext.CodesToRecipient, []any{recipient[:], mailDayBefore(int64(now))}, &n)
}

// requestLoad counts within the room: nobody's other rooms fall silent.
func requestLoad(t *tx, r store.MailRow, now room.Millis) (n int, err error) {
	return n, t.one(sqltext.RequestsToRecipient, []any{r.Recipient[:], mailDayBefore(int64(now)), string(r.Room)}, &n)
}

func mailLoad(t *tx, recipient room.Hash, inviter room.PersonID, now room.Millis) (to, by int, err error) {
	since := mailDayBefore(int64(now))
	if err := t.one(sqltext.MailsToRecipient, []any{recipient[:], since}, &to); err != nil {
		return 0, 0, err
	}
	return to, by, t.one(sqltext.MailsByInviter, []any{string(inviter), since}, &by)
}

func mailDayBefore(now int64) int64 { return now - store.MailDay.Milliseconds() }

func queueNotices(t *tx, r store.NoticeRow, now room.Millis) error {
	if err := t.lock(mailLock); err != nil {
		return err
	}
	limit := r.MostRecipient
	if r.Kind == store.MailCancelled {
		limit = 0
	}
	err := t.exec(sqltext.AddNotices, r.ID, string(r.Room), string(r.Invitation), string(r.Kind), int64(now),
		mailDayBefore(int64(now)), limit, nothing)
	if err != nil || r.Kind != store.MailCancelled {
		return err
	}
	return t.exec(sqltext.DropMails, string(r.Room), string(r.Invitation), int64(now), nothing)
}

// LeaseMail implements store.Mails. It looks before it asks the writer: most
// of the time nothing is due.
func (s *Store) LeaseMail(ctx context.Context, holder string, lease time.Duration) (m store.Mail, err error) {
	var due bool
	if err := s.one(ctx, "due mail", sqltext.MailDue, []any{s.now().UnixMilli()}, &due); err != nil {
		return m, err
	}
	if !due {
		return m, store.ErrNotFound
	}
	err = s.write(ctx, "lease mail", func(t *tx) error {
		if err := t.lock(mailLock); err != nil {
			return err
		}
		now := s.now()
		dest, done := mailColumns(&m)
		err := t.take(sqltext.LeaseMail, []any{holder, now.Add(lease).UnixMilli(), now.UnixMilli()}, dest...)
		done()
		return err
	})
	return m, err
}

// EndMail implements store.Mails.
func (s *Store) EndMail(ctx context.Context, id, holder string, end store.MailEnd) error {
	return s.write(ctx, "end mail", func(t *tx) error {
		now := s.now().UnixMilli()
		if end.State == store.MailQueued {
			return some(t.change(sqltext.RetryMail, id, holder, end.Detail, now, millis(end.Next)))
		}
		return some(t.change(sqltext.EndMail, id, holder, string(end.State), end.Detail, now, nothing))
	})
}

// HastenMail implements store.Mails.
func (s *Store) HastenMail(ctx context.Context, id room.ID, inv room.InvitationID, generation uint32) error {
	return s.write(ctx, "hasten mail", func(t *tx) error {
		return some(t.change(sqltext.HastenMail, string(id), string(inv), int64(generation), s.now().UnixMilli()))
	})
}

// some is store.ErrNotFound when a change met no row.
func some(rows int64, err error) error {
	if err == nil && rows == 0 {
		return store.ErrNotFound
	}
	return err
}

// Mails implements store.Mails.
func (s *Store) Mails(ctx context.Context, id room.ID, invs []room.InvitationID) (all []store.Mail, err error) {
	if len(invs) == 0 {
		return nil, nil
	}
	args := []any{string(id)}
	for _, inv := range invs {
		args = append(args, string(inv))
	}
	err = s.each(ctx, "mails", sqltext.Mails(len(invs)), args, func(rows Rows) error {
		var m store.Mail
		dest, done := mailColumns(&m)
		err := rows.Scan(dest...)
		done()
		all = append(all, m)
		return err
	})
	return all, err
}

// MailLoad implements store.Mails.
func (s *Store) MailLoad(ctx context.Context, recipient room.Hash, inviter room.PersonID) (to, by int, err error) {
	since := mailDayBefore(s.now().UnixMilli())
	if err := s.one(ctx, "mail load", sqltext.MailsToRecipient, []any{recipient[:], since}, &to); err != nil {
		return 0, 0, err
	}
	return to, by, s.one(ctx, "mail load", sqltext.MailsByInviter, []any{string(inviter), since}, &by)
}

// CodeLoad implements store.Mails.
func (s *Store) CodeLoad(ctx context.Context, recipient room.Hash) (n int, err error) {
	err = s.one(ctx, "code load", sqltext.CodesToRecipient, []any{recipient[:], mailDayBefore(s.now().UnixMilli())}, &n)
	return n, err
}

// MailsWaiting implements store.Mails.
func (s *Store) MailsWaiting(ctx context.Context) (n int, err error) {
	err = s.one(ctx, "mails waiting", sqltext.MailsWaiting, nil, &n)
	return n, err
}

// mailColumns gives where the columns of a mail go; done finishes.
func mailColumns(m *store.Mail) (dest []any, done func()) {
	var created, changed room.Millis
	var holder string
	return []any{&m.ID, &m.Room, &m.Invitation, &m.Kind, &m.Generation, &m.Inviter, &m.Sealed, &m.State, &m.Detail,
			&m.Attempts, &created, &changed, &holder}, func() {
			m.Created, m.Changed, m.Held = instant(created), instant(changed), holder != ""
			if len(m.Sealed) == 0 {
				m.Sealed = nil
			}
		}
}
