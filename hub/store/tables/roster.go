package tables

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// PutAttendance implements store.Rosters.
func (s *Store) PutAttendance(ctx context.Context, all []store.Attendance) error {
	return s.write(ctx, "put attendance", func(t *tx) error {
		now := s.now().UnixMilli()
		for _, a := range all {
			if err := putAttendance(t, a, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func putAttendance(t *tx, a store.Attendance, now int64) error {
	args := []any{string(a.Room), string(a.Participant), a.Instance, int64(a.At), now}
	if !a.Inside {
		return t.exec(sqltext.EndVisit, args...)
	}
	goesOn, err := t.change(sqltext.GoOnVisit, append(args, store.VisitGap.Milliseconds())...)
	if err != nil || goesOn > 0 {
		return err
	}
	return t.exec(sqltext.BeginVisit, args...)
}

// rosterOverlap is longer than a transaction takes from its clock to its end.
const rosterOverlap = 3 * time.Second

// Roster implements store.Rosters.
func (s *Store) Roster(ctx context.Context, id room.ID, since time.Time) (r store.Roster, err error) {
	r.At = time.UnixMilli(s.now().UnixMilli()).UTC()
	from := int64(0)
	if !since.IsZero() {
		from = since.Add(-rosterOverlap).UnixMilli()
	}
	args := []any{string(id), from}
	err = s.each(ctx, "roster", sqltext.RosterAddresses, args, func(rows Rows) error {
		a := store.AddressRow{Room: id}
		err := rows.Scan(&a.Invitation, &a.Email, &a.FirstName, &a.LastName, &a.Language, &a.Zone)
		r.Addresses = append(r.Addresses, a)
		return err
	})
	if err == nil {
		err = s.each(ctx, "roster", sqltext.RosterMails, args, func(rows Rows) error {
			m := store.Mail{Room: id}
			var created, changed room.Millis
			err := rows.Scan(&m.ID, &m.Invitation, &m.Kind, &m.Generation, &m.State, &m.Detail, &m.Attempts, &created, &changed)
			m.Created, m.Changed = instant(created), instant(changed)
			r.Mails = append(r.Mails, m)
			return err
		})
	}
	if err == nil {
		err = s.each(ctx, "roster", sqltext.RosterVisits, args, func(rows Rows) error {
			var v store.Visit
			err := rows.Scan(&v.Participant, &v.Since, &v.Until)
			r.Visits = append(r.Visits, v)
			return err
		})
	}
	return r, err
}
