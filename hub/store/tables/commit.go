package tables

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// Commit implements store.Log. decide runs inside the transaction. A driver
// with a quicker way has its own.
func (s *Store) Commit(ctx context.Context, id room.ID, head room.Seq,
	decide func(now time.Time, newer []room.Event) (store.Batch, error),
) error {
	return s.writeRoom(ctx, "commit", id, func(t *tx) error { return s.commit(t, id, head, decide) })
}

func (s *Store) commit(t *tx, id room.ID, head room.Seq,
	decide func(time.Time, []room.Event) (store.Batch, error),
) error {
	last, at, err := lastEvent(t, id)
	if err != nil {
		return err
	}
	newer, err := newerEvents(t, id, head, last)
	if err != nil {
		return err
	}
	now := max(room.Millis(s.now().UnixMilli()), at)
	batch, err := decide(time.UnixMilli(int64(now)).UTC(), newer)
	if err != nil {
		return Decided{err}
	}
	return Append(t, id, last, batch, now)
}

// lastEvent gives the head and its time; 0 and 0 for an empty log.
func lastEvent(t *tx, id room.ID) (seq room.Seq, at room.Millis, err error) {
	err = t.one(sqltext.LastEvent, []any{string(id)}, &seq, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return seq, at, err
}

func newerEvents(t *tx, id room.ID, head, last room.Seq) ([]room.Event, error) {
	switch {
	case head == last:
		return nil, nil
	case head > last:
		return nil, fmt.Errorf("room %s: place %d is behind the end of its log, which is %d", id, head, last)
	}
	rows, err := t.query(sqltext.EventsAfter, string(id), int64(head), int64(last-head))
	if err != nil {
		return nil, err
	}
	return ReadEvents(rows)
}

// Append writes a batch behind the last event of a room whose lock is held.
func Append(in Tx, id room.ID, last room.Seq, batch store.Batch, now room.Millis) error {
	t := &tx{in}
	if len(batch.Events) > store.MaxBatch {
		return fmt.Errorf("room %s: a batch of %d events, more than %d", id, len(batch.Events), store.MaxBatch)
	}
	for i, e := range batch.Events {
		if want := last + 1 + room.Seq(i); e.Seq != want {
			return fmt.Errorf("room %s: event %d of a batch has place %d, not %d", id, i, e.Seq, want)
		}
		if err := appendEvent(t, id, e); err != nil {
			return err
		}
	}
	var audit []store.AuditRow
	for _, row := range batch.Rows {
		if r, ok := row.(store.AuditRow); ok {
			audit = append(audit, r)
			continue
		}
		if err := putRow(t, row, now); err != nil {
			return err
		}
	}
	return putAudit(t, audit, now)
}

func appendEvent(t *tx, id room.ID, e room.Event) error {
	if e.Fact == nil {
		return fmt.Errorf("room %s: event %d has no fact", id, e.Seq)
	}
	kind, payload, err := room.EncodeFact(e.Fact)
	if err != nil {
		return fmt.Errorf("room %s: fact %s: %w", id, kind, err)
	}
	return t.exec(sqltext.AppendEvent, string(id), int64(e.Seq), int64(e.At), kind,
		string(e.Participant), string(e.Key), string(payload))
}

func putRow(t *tx, row store.Row, now room.Millis) error {
	switch r := row.(type) {
	case store.RoomRow:
		return t.exec(sqltext.PutRoom, string(r.ID), r.Title, lowerASCII(r.Title), int64(r.StartsAt), int64(r.EndsAt), r.State)
	case store.WakeRow:
		return t.exec(sqltext.WakeRoom, string(r.Room), int64(r.At))
	case store.ManagerRow:
		if r.Right == "" {
			return t.exec(sqltext.RemoveManager, string(r.Room), string(r.Person))
		}
		return t.exec(sqltext.PutManager, string(r.Room), string(r.Person), r.Right)
	case store.LogoRow:
		if err := t.exec(sqltext.SweepLogos, r.Hash[:]); err != nil || len(r.Content) == 0 {
			return err
		}
		return t.exec(sqltext.PutLogo, r.Hash[:], r.Kind, r.Content)
	case store.LinkRow:
		return t.exec(sqltext.AddLink, r.PublicID, string(r.Room), string(r.Invitation), int64(r.Generation), r.Secret[:])
	case store.AddressRow:
		return t.exec(sqltext.PutAddress, string(r.Room), string(r.Invitation), r.Email, r.FirstName, r.LastName,
			addressSearch(r), fullName(r.FirstName, r.LastName), strings.ToLower(r.LastName), r.Language, r.Zone, int64(now), r.Canonical)
	case store.NameRow:
		return rename(t, r, now)
	case store.MailRow:
		return queueMail(t, r, now)
	case store.ForgetRow:
		return forget(t, r, now)
	case store.BallotRow:
		return t.exec(sqltext.AddBallot, string(r.Room), r.Interaction, r.Choice, int64(r.N))
	case store.BallotTold:
		return t.exec(sqltext.TellBallot, string(r.Room), r.Interaction)
	case store.BallotEnd:
		return t.exec(sqltext.EndBallot, string(r.Room), r.Interaction)
	case store.NoticeRow:
		return queueNotices(t, r, now)
	}
	return fmt.Errorf("a batch holds a row of the unknown type %T", row)
}

func rename(t *tx, r store.NameRow, now room.Millis) error {
	a := store.AddressRow{Room: r.Room, FirstName: r.FirstName, LastName: r.LastName}
	var first, last string
	err := t.one(sqltext.Address, []any{string(r.Room), string(r.Invitation)}, &a.Invitation, &a.Email, &first, &last, &a.Language, &a.Zone)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return putRow(t, a, now)
}

// addressSearch is what a search looks in. The line break keeps a text from
// matching across address and name.
func addressSearch(r store.AddressRow) string {
	return strings.ToLower(r.Email) + "\n" + fullName(r.FirstName, r.LastName)
}

// lowerASCII folds A to Z only, as the contract of RoomFilter says.
func lowerASCII(text string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, text)
}
