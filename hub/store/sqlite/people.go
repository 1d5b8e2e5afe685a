package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// CreatePerson implements store.Directory.
func (s *Store) CreatePerson(ctx context.Context, p store.Person, audit ...store.AuditRow) error {
	return s.write(ctx, "create person", func(t *tx) error {
		if err := addPerson(t, p); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

// CreateOwner implements store.Directory.
func (s *Store) CreateOwner(ctx context.Context, secret [32]byte, now time.Time, p store.Person, audit ...store.AuditRow) error {
	return s.write(ctx, "create owner", func(t *tx) error {
		if _, err := takeOneTime(t, secret, "setup", now); err != nil {
			return err
		}
		var exists bool
		if err := t.one(sqltext.OwnerExists, nil, &exists); err != nil {
			return err
		}
		if exists {
			return fmt.Errorf("%w: the site has an owner", store.ErrConflict)
		}
		p.SiteOwner = true
		if err := addPerson(t, p); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

func addPerson(t *tx, p store.Person) error {
	return conflict(t.exec(sqltext.AddPerson, string(p.ID), p.Email, p.Canonical, p.Verified, p.FirstName, p.LastName,
		p.Password, p.SiteOwner, millis(p.Created), fullName(p.FirstName, p.LastName), strings.ToLower(p.LastName)))
}

// fullName is what a search by name looks in.
func fullName(first, last string) string { return strings.ToLower(first + " " + last) }

// OwnerExists implements store.Directory.
func (s *Store) OwnerExists(ctx context.Context) (exists bool, err error) {
	err = s.one(ctx, "owner", sqltext.OwnerExists, nil, &exists)
	return exists, err
}

// Person implements store.Directory.
func (s *Store) Person(ctx context.Context, id room.PersonID) (store.Person, error) {
	return s.person(ctx, sqltext.Person, string(id))
}

// PersonByEmail implements store.Directory.
func (s *Store) PersonByEmail(ctx context.Context, canonical string) (store.Person, error) {
	return s.person(ctx, sqltext.PersonByEmail, canonical)
}

// PersonByKey implements store.Directory.
func (s *Store) PersonByKey(ctx context.Context, key [32]byte, now time.Time) (store.Person, error) {
	return s.person(ctx, sqltext.PersonByKey, key[:], now.UnixMilli())
}

func (s *Store) person(ctx context.Context, text string, args ...any) (p store.Person, err error) {
	dest, done := personColumns(&p)
	err = s.one(ctx, "person", text, args, dest...)
	done()
	return p, err
}

// personColumns gives where the columns of a person go; done finishes.
func personColumns(p *store.Person) (dest []any, done func()) {
	var created room.Millis
	return []any{&p.ID, &p.Email, &p.Canonical, &p.Verified, &p.FirstName, &p.LastName, &p.Password, &p.SiteOwner, &created},
		func() { p.Created = instant(created) }
}

// SetPassword implements store.Directory.
func (s *Store) SetPassword(ctx context.Context, id room.PersonID, password string, audit ...store.AuditRow) error {
	return s.changePerson(ctx, "set password", audit, sqltext.SetPassword, string(id), password)
}

// VerifyPerson implements store.Directory.
func (s *Store) VerifyPerson(ctx context.Context, id room.PersonID, canonical string, audit ...store.AuditRow) error {
	return s.changePerson(ctx, "verify person", audit, sqltext.VerifyPerson, string(id), canonical, true)
}

func (s *Store) changePerson(ctx context.Context, step string, audit []store.AuditRow, text string, args ...any) error {
	return s.write(ctx, step, func(t *tx) error {
		if err := some(t.change(text, args...)); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

// People implements store.Directory.
func (s *Store) People(ctx context.Context, prefix string, limit int) (people []store.Person, err error) {
	from, to := sqltext.Prefix(prefix)
	err = s.each(ctx, "people", sqltext.People, []any{from, to, max(limit, 0)}, func(rows *sql.Rows) error {
		var p store.Person
		dest, done := personColumns(&p)
		err := rows.Scan(dest...)
		done()
		people = append(people, p)
		return err
	})
	return people, err
}

// PutKey implements store.Directory.
func (s *Store) PutKey(ctx context.Context, key [32]byte, person room.PersonID, label string, expires time.Time, audit ...store.AuditRow) error {
	return s.write(ctx, "put key", func(t *tx) error {
		if err := t.exec(sqltext.PutKey, key[:], string(person), label, millis(expires)); err != nil {
			return conflict(err)
		}
		return putAudit(t, audit, s.millis())
	})
}

// spentFor is how much older than a new secret the expiry of a swept one is;
// longer than any secret lives.
const spentFor = 60 * 24 * time.Hour

// PutOneTime implements store.Directory. It also sweeps what expired long ago,
// since anybody may ask for sign-in links.
func (s *Store) PutOneTime(ctx context.Context, o store.OneTime) error {
	return s.write(ctx, "put one-time secret", func(t *tx) error {
		if err := t.exec(sqltext.SweepOneTime, millis(o.Expires.Add(-spentFor))); err != nil {
			return err
		}
		return conflict(t.exec(sqltext.PutOneTime, o.Secret[:], o.Purpose, string(o.Person), millis(o.Expires)))
	})
}

// TakeOneTime implements store.Directory.
func (s *Store) TakeOneTime(ctx context.Context, secret [32]byte, purpose string, now time.Time) (o store.OneTime, err error) {
	err = s.write(ctx, "take one-time secret", func(t *tx) (err error) {
		o, err = takeOneTime(t, secret, purpose, now)
		return err
	})
	return o, err
}

func takeOneTime(t *tx, secret [32]byte, purpose string, now time.Time) (store.OneTime, error) {
	o := store.OneTime{Secret: secret, Purpose: purpose}
	var expires room.Millis
	err := t.take(sqltext.TakeOneTime, []any{secret[:], purpose, now.UnixMilli()}, &o.Person, &expires)
	if err != nil {
		return store.OneTime{}, err
	}
	o.Expires = instant(expires)
	return o, nil
}

// Secret implements store.Store.
func (s *Store) Secret(ctx context.Context, name string) (value []byte, err error) {
	err = s.one(ctx, "secret", sqltext.Secret, []any{name}, &value)
	if !errors.Is(err, store.ErrNotFound) {
		return value, err
	}
	err = s.write(ctx, "secret", func(t *tx) error {
		fresh := make([]byte, 32)
		rand.Read(fresh)
		if err := t.exec(sqltext.PutSecret, name, fresh); err != nil {
			return err
		}
		return t.one(sqltext.Secret, []any{name}, &value)
	})
	return value, err
}
