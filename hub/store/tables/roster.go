package tables

import (
	"context"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// PutAttendance implements store.Rosters. What is told of different people of a
// room goes together; what is told of one, one after the other.
func (s *Store) PutAttendance(ctx context.Context, all []store.Attendance) error {
	return s.write(ctx, "put attendance", func(t *tx) error {
		now := s.now().UnixMilli()
		for _, one := range crowds(all) {
			if err := one.put(t, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// crowd is where different people of one room and instance are.
type crowd struct {
	room     room.ID
	instance string
	all      []store.Attendance
}

// crowds splits what is told: nobody is in one of them twice, and they are in
// order for everybody.
func crowds(all []store.Attendance) (split []*crowd) {
	type place struct {
		room     room.ID
		instance string
		turn     int
	}
	type who struct {
		place
		participant room.ParticipantID
	}
	found, told := map[place]*crowd{}, map[who]int{}
	for _, a := range all {
		at := place{room: a.Room, instance: a.Instance}
		id := who{at, a.Participant}
		at.turn = told[id]
		told[id]++
		c := found[at]
		if c == nil {
			c = &crowd{room: a.Room, instance: a.Instance}
			found[at], split = c, append(split, c)
		}
		c.all = append(c.all, a)
	}
	return split
}

// put writes where they are.
func (c *crowd) put(t *tx, now int64) error {
	var inside, outside, waiting, done []store.Attendance
	for _, a := range c.all {
		if a.Inside {
			inside = append(inside, a)
		} else {
			outside = append(outside, a)
		}
		if a.Waiting && !a.Inside {
			waiting = append(waiting, a)
		} else {
			done = append(done, a)
		}
	}
	if err := c.visits(t, sqltext.Attended, inside, outside, now); err != nil {
		return err
	}
	return c.visits(t, sqltext.Waited, waiting, done, now)
}

// visits ends those of some and goes on with, or begins, those of others.
func (c *crowd) visits(t *tx, table string, come, gone []store.Attendance, now int64) error {
	if err := c.tell(t, sqltext.EndVisits, table, gone, now); err != nil {
		return err
	}
	if err := c.tell(t, sqltext.GoOnVisits, table, come, now, store.VisitGap.Milliseconds()); err != nil {
		return err
	}
	return c.tell(t, sqltext.BeginVisits, table, come, now)
}

// visitsAtOnce bounds one statement: SQLite takes longer for many placeholders
// than for the rows themselves.
const visitsAtOnce = 512

func (c *crowd) tell(t *tx, text func(table string, people int) string, table string, all []store.Attendance, more ...any) error {
	for some := range slices.Chunk(all, visitsAtOnce) {
		places := min(placesFor(len(some)), visitsAtOnce)
		args := append([]any{string(c.room), c.instance}, more...)
		for i := range places {
			a := some[min(i, len(some)-1)]
			args = append(args, string(a.Participant), int64(a.At))
		}
		if err := t.exec(text(table, places), args...); err != nil {
			return err
		}
	}
	return nil
}

// Alive implements store.Rosters.
func (s *Store) Alive(ctx context.Context, instance string) (known bool, err error) {
	err = s.write(ctx, "alive", func(t *tx) error {
		now := s.now()
		if err := endSilent(t, now, instance); err != nil {
			return err
		}
		changed, err := t.change(sqltext.StillAlive, instance, now.UnixMilli())
		if known = changed > 0; err != nil || known {
			return err
		}
		return t.exec(sqltext.FirstAlive, instance, now.UnixMilli())
	})
	return known, err
}

// endSilent ends what instances that have been killed left open, but for one
// that turns out to be alive.
func endSilent(t *tx, now time.Time, but string) error {
	silent, err := silentInstances(t, now)
	if err != nil {
		return err
	}
	for _, gone := range silent {
		if gone.id == but {
			continue
		}
		for _, table := range []string{sqltext.Attended, sqltext.Waited} {
			if err := t.exec(sqltext.EndVisitsOf(table), gone.id, gone.at, now.UnixMilli()); err != nil {
				return err
			}
		}
		if err := t.exec(sqltext.ForgetSilent, gone.id); err != nil {
			return err
		}
	}
	return nil
}

// lastBeat is when an instance was last alive.
type lastBeat struct {
	id string
	at int64
}

func silentInstances(t *tx, now time.Time) (all []lastBeat, err error) {
	rows, err := t.query(sqltext.Silent, now.Add(-store.Silence).UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var beat lastBeat
		if err := rows.Scan(&beat.id, &beat.at); err != nil {
			return nil, err
		}
		all = append(all, beat)
	}
	return all, rows.Err()
}

// Stays implements store.Rosters.
func (s *Store) Stays(ctx context.Context, id room.ID, each func(store.Stay)) error {
	for _, table := range []string{sqltext.Attended, sqltext.Waited} {
		err := s.each(ctx, "stays", sqltext.Stays(table), []any{string(id)}, func(rows Rows) error {
			stay := store.Stay{Waiting: table == sqltext.Waited}
			err := rows.Scan(&stay.Participant, &stay.Since, &stay.Until, &stay.Alive)
			each(stay)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AddReactions implements store.Rosters.
func (s *Store) AddReactions(ctx context.Context, all []store.Reactions) error {
	return s.write(ctx, "add reactions", func(t *tx) error {
		for _, r := range all {
			if err := t.exec(sqltext.AddReactions, string(r.Room), int64(r.Minute), r.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// Reactions implements store.Rosters.
func (s *Store) Reactions(ctx context.Context, id room.ID) (all []store.Reactions, err error) {
	err = s.each(ctx, "reactions", sqltext.RoomReactions, []any{string(id)}, func(rows Rows) error {
		r := store.Reactions{Room: id}
		err := rows.Scan(&r.Minute, &r.N)
		all = append(all, r)
		return err
	})
	return all, err
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
