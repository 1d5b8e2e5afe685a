package tables

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// forget runs in the transaction of the fact that forgets.
func forget(t *tx, r store.ForgetRow, now room.Millis) error {
	if r.All || r.Invitation != "" {
		for _, text := range []string{sqltext.ForgetAddresses, sqltext.ForgetLinks, sqltext.ForgetOpenings, sqltext.ForgetMails} {
			if err := t.exec(text, string(r.Room), string(r.Invitation)); err != nil {
				return err
			}
		}
	}
	if r.All {
		for _, text := range []string{sqltext.ForgetAttendance, sqltext.ForgetWaited, sqltext.ForgetReactions} {
			if err := t.exec(text, string(r.Room)); err != nil {
				return err
			}
		}
		if err := t.exec(sqltext.EndBallot, string(r.Room), ""); err != nil {
			return err
		}
	}
	if err := t.exec(sqltext.DropSnapshots, string(r.Room), int64(r.Place)); err != nil {
		return err
	}
	return t.exec(sqltext.PutRedaction, string(r.Room), int64(r.Place), int64(now))
}

// AskErasure implements store.Forgetting.
func (s *Store) AskErasure(ctx context.Context, e store.Erasure, audit ...store.AuditRow) error {
	return s.write(ctx, "ask erasure", func(t *tx) error {
		if e.Person != "" {
			if err := eraseAccount(t, e.Person, s.millis()); err != nil {
				return err
			}
		}
		if err := t.exec(sqltext.EraseMails, e.Recipient[:]); err != nil {
			return err
		}
		err := t.exec(sqltext.AddErasure, e.ID, string(e.Person), e.Canonical, e.Recipient[:], string(e.By), string(e.Heir), int64(s.millis()))
		if err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

func eraseAccount(t *tx, id room.PersonID, now room.Millis) error {
	var role string
	if err := t.take(sqltext.ErasePerson, []any{string(id)}, &role); err != nil {
		return err
	}
	if role == room.SiteOwner.String() {
		if err := ownerStays(t); err != nil {
			return err
		}
	}
	for _, text := range []string{sqltext.EraseKeys, sqltext.EraseMemberships, sqltext.EraseIdentities} {
		if err := t.exec(text, string(id)); err != nil {
			return err
		}
	}
	return shutOut(t, id, now)
}

// LeaseErasure implements store.Forgetting. It looks before it asks the writer.
func (s *Store) LeaseErasure(ctx context.Context, holder string, lease time.Duration) (e store.Erasure, err error) {
	err = s.lease(ctx, "erasure", sqltext.ErasureDue, sqltext.LeaseErasure, holder, lease, func() ([]any, func()) { return erasureColumns(&e) })
	return e, err
}

func erasureColumns(e *store.Erasure) (dest []any, done func()) {
	var recipient []byte
	var asked, ended room.Millis
	return []any{&e.ID, &e.Person, &e.Canonical, &recipient, &e.By, &e.Heir, &asked, &ended}, func() {
		copy(e.Recipient[:], recipient)
		e.Asked, e.Done = instant(asked), instant(ended)
	}
}

// lease takes one row that is due.
func (s *Store) lease(ctx context.Context, what, due, take, holder string, lease time.Duration, columns func() ([]any, func())) error {
	var waits bool
	if err := s.one(ctx, "due "+what, due, []any{int64(s.millis())}, &waits); err != nil {
		return err
	}
	if !waits {
		return store.ErrNotFound
	}
	return s.write(ctx, "lease "+what, func(t *tx) error {
		now := s.now()
		dest, done := columns()
		err := t.take(take, []any{holder, now.Add(lease).UnixMilli(), now.UnixMilli()}, dest...)
		done()
		return err
	})
}

// RenewErasure implements store.Forgetting.
func (s *Store) RenewErasure(ctx context.Context, id, holder string, lease time.Duration) error {
	return s.changeOne(ctx, "renew erasure", sqltext.RenewErasure, id, holder, s.now().Add(lease).UnixMilli())
}

// EndErasure implements store.Forgetting.
func (s *Store) EndErasure(ctx context.Context, id, holder string) error {
	return s.changeOne(ctx, "end erasure", sqltext.EndErasure, id, holder, int64(s.millis()), nothing)
}

// Erasures implements store.Forgetting.
func (s *Store) Erasures(ctx context.Context, limit int) (all []store.Erasure, err error) {
	err = s.each(ctx, "erasures", sqltext.Erasures, []any{max(limit, 0)}, func(rows Rows) error {
		var e store.Erasure
		dest, done := erasureColumns(&e)
		err := rows.Scan(dest...)
		done()
		all = append(all, e)
		return err
	})
	return all, err
}

// AllAddresses implements store.Forgetting.
func (s *Store) AllAddresses(ctx context.Context, after store.AddressMark, limit int) (all []store.AddressRow, err error) {
	args := []any{string(after.Room), string(after.Invitation), max(limit, 0)}
	err = s.each(ctx, "all addresses", sqltext.AllAddresses, args, func(rows Rows) error {
		var a store.AddressRow
		err := rows.Scan(&a.Room, &a.Invitation, &a.Email, &a.FirstName, &a.LastName, &a.Language, &a.Zone)
		all = append(all, a)
		return err
	})
	return all, err
}

// RoomsOf implements store.Forgetting.
func (s *Store) RoomsOf(ctx context.Context, id room.PersonID) (all []room.ID, err error) {
	quoted, err := json.Marshal(id)
	if err != nil {
		return nil, err
	}
	part := sqltext.Pattern(`"person":` + string(quoted))
	err = s.each(ctx, "rooms of a person", sqltext.RoomsOf, []any{part}, func(rows Rows) error {
		var id room.ID
		err := rows.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// LeaseRedaction implements store.Forgetting.
func (s *Store) LeaseRedaction(ctx context.Context, holder string, lease time.Duration) (r store.Redaction, err error) {
	err = s.lease(ctx, "redaction", sqltext.RedactionDue, sqltext.LeaseRedaction, holder, lease,
		func() ([]any, func()) { return []any{&r.Room, &r.Place}, func() {} })
	return r, err
}

// RenewRedaction implements store.Forgetting.
func (s *Store) RenewRedaction(ctx context.Context, r store.Redaction, holder string, lease time.Duration) error {
	return s.changeOne(ctx, "renew redaction", sqltext.RenewRedaction, string(r.Room), int64(r.Place), holder, s.now().Add(lease).UnixMilli())
}

// EndRedaction implements store.Forgetting. More may have been forgotten
// meanwhile: then the log waits again.
func (s *Store) EndRedaction(ctx context.Context, r store.Redaction, holder string) error {
	return s.write(ctx, "end redaction", func(t *tx) error {
		return t.exec(sqltext.EndRedaction, string(r.Room), int64(r.Place), holder)
	})
}

// RedactionsWaiting implements store.Forgetting.
func (s *Store) RedactionsWaiting(ctx context.Context) (n int, err error) {
	err = s.one(ctx, "redactions waiting", sqltext.RedactionsWaiting, nil, &n)
	return n, err
}

// Redact implements store.Forgetting.
func (s *Store) Redact(ctx context.Context, id room.ID, after room.Seq, limit int,
	redact func(room.Event) (room.Event, bool),
) (last room.Seq, err error) {
	err = s.write(ctx, "redact", func(t *tx) error {
		last = after
		rows, err := t.query(sqltext.EventsAfter, string(id), int64(after), limit)
		if err != nil {
			return err
		}
		events, err := ReadEvents(rows)
		if err != nil {
			return err
		}
		for _, e := range events {
			last = e.Seq
			changed, differs := redact(e)
			if !differs {
				continue
			}
			if err := rewrite(t, id, e, changed); err != nil {
				return err
			}
		}
		return nil
	})
	return last, err
}

func rewrite(t *tx, id room.ID, old, e room.Event) error {
	kind, payload, err := room.EncodeFact(e.Fact)
	switch {
	case err != nil:
		return err
	case kind != old.Fact.Kind() || e.Seq != old.Seq || e.At != old.At || e.Participant != old.Participant || e.Key != old.Key:
		return fmt.Errorf("room %s: event %d would be another one", id, old.Seq)
	}
	return t.exec(sqltext.RedactEvent, string(id), int64(e.Seq), string(payload))
}

// Outlived implements store.Forgetting.
func (s *Store) Outlived(ctx context.Context, before, looked time.Time, limit int) (all []room.ID, err error) {
	err = s.write(ctx, "outlived rooms", func(t *tx) error {
		all = nil
		rows, err := t.query(sqltext.Outlived, millis(before), millis(looked), max(limit, 0))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id room.ID
			if err := rows.Scan(&id); err != nil {
				return err
			}
			all = append(all, id)
		}
		for _, id := range all {
			if err := t.exec(sqltext.PutOutlived, string(id), int64(s.millis())); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return all, err
}

// SweepRows implements store.Forgetting.
func (s *Store) SweepRows(ctx context.Context, before time.Time, limit int) (swept int, err error) {
	err = s.write(ctx, "sweep rows", func(t *tx) error {
		swept = 0
		for _, text := range []string{sqltext.SweepMails, sqltext.SweepSecrets, sqltext.SweepKeys} {
			n, err := t.change(text, millis(before), limit)
			if err != nil {
				return err
			}
			swept += int(n)
		}
		return nil
	})
	return swept, err
}

// ForgetAgents implements store.Forgetting.
func (s *Store) ForgetAgents(ctx context.Context, before time.Time) (emptied int, err error) {
	err = s.write(ctx, "forget agents", func(t *tx) error {
		n, err := t.change(sqltext.ForgetAgents, millis(before))
		emptied = int(n)
		return err
	})
	return emptied, err
}

// Pseudonymise implements store.Forgetting.
func (s *Store) Pseudonymise(ctx context.Context, before time.Time, key []byte, limit int) (n int, err error) {
	err = s.write(ctx, "pseudonymise", func(t *tx) error {
		rows, err := t.query(sqltext.AuditTold, millis(before), limit)
		if err != nil {
			return err
		}
		var all []store.AuditEntry
		for rows.Next() {
			e, err := scanAudit(rows)
			if err != nil {
				rows.Close()
				return err
			}
			all = append(all, e)
		}
		n = len(all)
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for _, e := range all {
			if err := pseudonymise(t, e, key); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func pseudonymise(t *tx, e store.AuditEntry, key []byte) error {
	if err := t.exec(sqltext.ForgetAuditAbout, string(e.Room), int64(e.Number)); err != nil {
		return err
	}
	told := e.Told()
	for i, id := range told.Targets {
		told.Targets[i] = pseudonym(key, id)
	}
	detail, err := json.Marshal(told)
	if err != nil {
		return err
	}
	return t.exec(sqltext.PseudonymiseAudit, string(e.Room), int64(e.Number), pseudonym(key, e.Who), string(detail), nothing)
}

// pseudonym keeps it visible that two acts are one person's, as long as the
// site's key is known.
func pseudonym(key []byte, id string) string {
	if id == "" {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id))
	return "~" + hex.EncodeToString(mac.Sum(nil)[:8])
}
