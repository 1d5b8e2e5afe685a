package tables

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// PutSession implements store.Directory. A session that is there keeps its
// openings.
func (s *Store) PutSession(ctx context.Context, w store.WebSession) error {
	return s.write(ctx, "put session", func(t *tx) error {
		return t.exec(sqltext.PutSession, w.ID[:], w.Handle, string(w.Person), millis(w.Signed), w.Agent, millis(w.Created), millis(w.Seen))
	})
}

// Session implements store.Directory.
func (s *Store) Session(ctx context.Context, id [32]byte) (store.WebSession, error) {
	var w store.WebSession
	dest, done := sessionColumns(&w)
	if err := s.one(ctx, "session", sqltext.Session, []any{id[:]}, dest...); err != nil {
		return store.WebSession{}, err
	}
	done()
	askedBy(&w, id)
	return w, nil
}

// askedBy notes by which of its ids a session was found.
func askedBy(w *store.WebSession, id [32]byte) {
	if w.Offered = w.ID != id; w.Offered {
		w.Dies = time.Time{}
	}
}

// sessionsAtOnce bounds one statement.
const sessionsAtOnce = 1024

// Sessions implements store.Directory.
func (s *Store) Sessions(ctx context.Context, ids [][32]byte) (map[[32]byte]store.Opened, error) {
	found := make(map[[32]byte]store.Opened, len(ids))
	for some := range slices.Chunk(ids, sessionsAtOnce) {
		args := idArgs(some)
		err := s.each(ctx, "sessions", sqltext.Sessions(len(args)), args, func(rows Rows) error {
			return takeOpened(rows, found)
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// idArgs are ids as a statement is told of them, which are one or a few more.
func idArgs(ids [][32]byte) []any {
	args := make([]any, min(placesFor(len(ids)), sessionsAtOnce))
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)][:]
	}
	return args
}

// takeOpened reads one opening of a session, or one without any.
func takeOpened(rows Rows, found map[[32]byte]store.Opened) error {
	var w store.WebSession
	var asked []byte
	var in, invitation sql.Null[string]
	var link sql.Null[int64]
	dest, done := sessionColumns(&w)
	if err := rows.Scan(slices.Concat([]any{&asked}, dest, []any{&in, &invitation, &link})...); err != nil {
		return err
	}
	done()
	id := [32]byte(asked)
	askedBy(&w, id)
	o := found[id]
	o.WebSession = w
	if in.Valid {
		o.Openings = append(o.Openings, store.Opening{Room: room.ID(in.V), Invitation: room.InvitationID(invitation.V), Link: uint32(link.V)})
	}
	found[id] = o
	return nil
}

// PersonSessions implements store.Directory.
func (s *Store) PersonSessions(ctx context.Context, person room.PersonID, signed time.Time) (all []store.WebSession, err error) {
	err = s.each(ctx, "sessions", sqltext.PersonSessions, []any{string(person), millis(signed)}, func(rows Rows) error {
		var w store.WebSession
		dest, done := sessionColumns(&w)
		err := rows.Scan(dest...)
		done()
		w.Dies = time.Time{}
		all = append(all, w)
		return err
	})
	return all, err
}

// sessionColumns gives where the columns of a session go; done finishes.
func sessionColumns(w *store.WebSession) (dest []any, done func()) {
	var id []byte
	var signed, proved, created, seen, dies room.Millis
	return []any{&id, &w.Handle, &w.Person, &signed, &proved, &w.Agent, &created, &seen, &dies}, func() {
		copy(w.ID[:], id)
		w.Signed, w.Proved, w.Created, w.Seen, w.Dies = instant(signed), instant(proved), instant(created), instant(seen), instant(dies)
	}
}

// TouchSession implements store.Directory.
func (s *Store) TouchSession(ctx context.Context, id [32]byte, seen time.Time) error {
	return s.changeOne(ctx, "touch session", sqltext.TouchSession, id[:], millis(seen))
}

// TouchSessions implements store.Directory.
func (s *Store) TouchSessions(ctx context.Context, ids [][32]byte, seen time.Time) error {
	return s.write(ctx, "touch sessions", func(t *tx) error {
		for some := range slices.Chunk(ids, sessionsAtOnce) {
			args := idArgs(some)
			if err := t.exec(sqltext.TouchSessions(len(args)), append([]any{millis(seen)}, args...)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// RenewSession implements store.Directory.
func (s *Store) RenewSession(ctx context.Context, old, fresh [32]byte) error {
	return s.changeOne(ctx, "renew session", sqltext.RenewSession, old[:], fresh[:])
}

// OfferSession implements store.Directory.
func (s *Store) OfferSession(ctx context.Context, id, fresh [32]byte, dies time.Time) error {
	return s.changeOne(ctx, "offer session", sqltext.OfferSession, id[:], fresh[:], millis(dies))
}

// AcceptSession implements store.Directory.
func (s *Store) AcceptSession(ctx context.Context, fresh [32]byte) error {
	return s.changeOne(ctx, "accept session", sqltext.AcceptSession, fresh[:])
}

// SignIn implements store.Directory.
func (s *Store) SignIn(ctx context.Context, w store.WebSession) error {
	return s.write(ctx, "sign in", func(t *tx) error {
		if err := t.exec(sqltext.NoteEnded, w.ID[:], w.Handle, s.now().UnixMilli()); err != nil {
			return err
		}
		return some(t.change(sqltext.SignIn, w.ID[:], string(w.Person), w.Handle, millis(w.Signed), w.Agent))
	})
}

// ProveSession implements store.Directory.
func (s *Store) ProveSession(ctx context.Context, id [32]byte, at time.Time) error {
	return s.changeOne(ctx, "prove session", sqltext.ProveSession, id[:], millis(at))
}

// DeleteSession implements store.Directory.
func (s *Store) DeleteSession(ctx context.Context, id [32]byte) error {
	return s.write(ctx, "delete session", func(t *tx) error {
		if err := t.exec(sqltext.NoteEnded, id[:], "", s.now().UnixMilli()); err != nil {
			return err
		}
		return t.exec(sqltext.DeleteSession, id[:])
	})
}

// EndSession implements store.Directory.
func (s *Store) EndSession(ctx context.Context, person room.PersonID, handle string, audit ...store.AuditRow) error {
	return s.write(ctx, "end session", func(t *tx) error {
		if err := some(t.change(sqltext.DeletePersonSession, string(person), handle)); err != nil {
			return err
		}
		if err := t.exec(sqltext.PutEnded, handle, s.now().UnixMilli()); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

// EndOtherSessions implements store.Directory.
func (s *Store) EndOtherSessions(ctx context.Context, person room.PersonID, but string, audit ...store.AuditRow) error {
	return s.write(ctx, "end other sessions", func(t *tx) error {
		if err := t.exec(sqltext.NoteOtherEnded, string(person), but, s.now().UnixMilli()); err != nil {
			return err
		}
		if err := t.exec(sqltext.DeleteOtherSessions, string(person), but); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

// endedFor is how long it is remembered that a session has ended.
const endedFor = 24 * time.Hour

// EndedSessions implements store.Directory.
func (s *Store) EndedSessions(ctx context.Context, within time.Duration) (handles []string, err error) {
	err = s.each(ctx, "ended sessions", sqltext.Ended, []any{s.now().Add(-within).UnixMilli()}, func(rows Rows) error {
		var handle string
		err := rows.Scan(&handle)
		handles = append(handles, handle)
		return err
	})
	return handles, err
}

// SweepSessions implements store.Directory.
func (s *Store) SweepSessions(ctx context.Context, created, seen time.Time) error {
	return s.write(ctx, "sweep sessions", func(t *tx) error {
		if err := t.exec(sqltext.SweepEnded, s.now().Add(-endedFor).UnixMilli()); err != nil {
			return err
		}
		return t.exec(sqltext.SweepSessions, millis(created), millis(seen))
	})
}

// PutOpening implements store.Directory.
func (s *Store) PutOpening(ctx context.Context, session [32]byte, o store.Opening) error {
	return s.changeOne(ctx, "put opening", sqltext.PutOpening,
		session[:], string(o.Room), string(o.Invitation), int64(o.Link))
}

// Openings implements store.Directory.
func (s *Store) Openings(ctx context.Context, session [32]byte) (all []store.Opening, err error) {
	err = s.each(ctx, "openings", sqltext.Openings, []any{session[:]}, func(rows Rows) error {
		var o store.Opening
		err := rows.Scan(&o.Room, &o.Invitation, &o.Link)
		all = append(all, o)
		return err
	})
	return all, err
}

// changeOne writes a statement that changes one row; store.ErrNotFound when
// that row is not there.
func (s *Store) changeOne(ctx context.Context, step, text string, args ...any) error {
	return s.write(ctx, step, func(t *tx) error {
		return some(t.change(text, args...))
	})
}
