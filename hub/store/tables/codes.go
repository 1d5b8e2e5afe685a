package tables

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// PutCode implements store.Codes.
func (s *Store) PutCode(ctx context.Context, c store.Code, mail store.MailRow) error {
	return s.write(ctx, "put code", func(t *tx) error {
		if err := t.lock(mailLock); err != nil {
			return err
		}
		now := s.now().UnixMilli()
		if err := sweepCodes(t, now); err != nil {
			return err
		}
		had, err := codeLoad(t, mail.Recipient, room.Millis(now))
		if err != nil {
			return err
		}
		if mail.MostRecipient > 0 && had >= mail.MostRecipient {
			return store.ErrLimit
		}
		if err := t.exec(sqltext.PutCode, c.Purpose, c.Subject[:], c.Hash[:], millis(c.Expires)); err != nil {
			return err
		}
		return queueMail(t, mail, room.Millis(now))
	})
}

func sweepCodes(t *tx, now int64) error {
	if err := t.exec(sqltext.SweepCodes, mailDayBefore(now)); err != nil {
		return err
	}
	return t.exec(sqltext.SweepCodeMails, mailDayBefore(now))
}

// TakeCode implements store.Codes.
func (s *Store) TakeCode(ctx context.Context, purpose string, subject, hash room.Hash, now time.Time) (right bool, err error) {
	err = s.write(ctx, "take code", func(t *tx) error {
		n, err := t.change(sqltext.TakeCode, purpose, subject[:], hash[:], now.UnixMilli(), store.MaxCodeTries)
		right = n > 0
		if err != nil || right {
			return err
		}
		return t.exec(sqltext.MissCode, purpose, subject[:])
	})
	return right && err == nil, err
}
