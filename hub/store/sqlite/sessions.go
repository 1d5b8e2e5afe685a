package sqlite

import (
	"context"
	"database/sql"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// PutSession implements store.Directory. A session that is there keeps its
// openings.
func (s *Store) PutSession(ctx context.Context, w store.WebSession) error {
	return s.write(ctx, "put session", func(t *tx) error {
		return t.exec(sqltext.PutSession, w.ID[:], string(w.Person), millis(w.Created), millis(w.Seen))
	})
}

// Session implements store.Directory.
func (s *Store) Session(ctx context.Context, id [32]byte) (store.WebSession, error) {
	var w store.WebSession
	var present []byte
	var created, seen, dies room.Millis
	if err := s.one(ctx, "session", sqltext.Session, []any{id[:]}, &present, &w.Person, &created, &seen, &dies); err != nil {
		return store.WebSession{}, err
	}
	copy(w.ID[:], present)
	w.Created, w.Seen = instant(created), instant(seen)
	if w.Offered = w.ID != id; !w.Offered {
		w.Dies = instant(dies)
	}
	return w, nil
}

// TouchSession implements store.Directory.
func (s *Store) TouchSession(ctx context.Context, id [32]byte, seen time.Time) error {
	return s.changeOne(ctx, "touch session", sqltext.TouchSession, id[:], millis(seen))
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

// SetSessionPerson implements store.Directory.
func (s *Store) SetSessionPerson(ctx context.Context, id [32]byte, person room.PersonID) error {
	return s.changeOne(ctx, "sign in session", sqltext.SetSessionPerson, id[:], string(person))
}

// DeleteSession implements store.Directory.
func (s *Store) DeleteSession(ctx context.Context, id [32]byte) error {
	return s.write(ctx, "delete session", func(t *tx) error { return t.exec(sqltext.DeleteSession, id[:]) })
}

// SweepSessions implements store.Directory.
func (s *Store) SweepSessions(ctx context.Context, created, seen time.Time) error {
	return s.write(ctx, "sweep sessions", func(t *tx) error {
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
	err = s.each(ctx, "openings", sqltext.Openings, []any{session[:]}, func(rows *sql.Rows) error {
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
		n, err := t.change(text, args...)
		if err == nil && n == 0 {
			return store.ErrNotFound
		}
		return conflict(err)
	})
}
