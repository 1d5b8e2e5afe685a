package tables

import (
	"cmp"
	"context"
	"crypto/rand"
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
		p.SiteRole = room.SiteOwner
		if err := addPerson(t, p); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

func addPerson(t *tx, p store.Person) error {
	return t.exec(sqltext.AddPerson, string(p.ID), p.Email, p.Canonical, p.Verified, p.FirstName, p.LastName,
		p.Password, siteRole(p).String(), p.Disabled, millis(p.Created), fullName(p.FirstName, p.LastName), strings.ToLower(p.LastName))
}

// siteRole is the role that a row has: who is given none is a member.
func siteRole(p store.Person) room.SiteRole { return cmp.Or(p.SiteRole, room.SiteMember) }

// ChangePerson implements store.Directory.
func (s *Store) ChangePerson(ctx context.Context, by, id room.PersonID, change store.PersonChange) (p store.Person, err error) {
	err = s.write(ctx, "change person", func(t *tx) (err error) {
		p, err = s.alterPerson(t, by, id, change)
		return err
	})
	return p, err
}

func (s *Store) alterPerson(t *tx, by, id room.PersonID, change store.PersonChange) (none store.Person, err error) {
	was, err := personIn(t, id)
	if err != nil {
		return none, err
	}
	var who store.Person
	if by != "" {
		if who, err = personIn(t, by); err != nil {
			return none, err
		}
	}
	p, audit, err := change(who, was)
	if err != nil {
		return none, Decided{err}
	}
	p.ID, p.Created, p.SiteRole = was.ID, was.Created, siteRole(p)
	if p == was {
		return p, nil
	}
	if err := s.setPerson(t, was, p); err != nil {
		return none, err
	}
	return p, putAudit(t, audit, s.millis())
}

func personIn(t *tx, id room.PersonID) (p store.Person, err error) {
	dest, done := personColumns(&p)
	err = t.one(sqltext.Person, []any{string(id)}, dest...)
	done()
	return p, err
}

func (s *Store) setPerson(t *tx, was, p store.Person) error {
	err := t.exec(sqltext.SetPerson, string(p.ID), p.Email, p.Canonical, p.Verified, p.FirstName, p.LastName, p.Password,
		p.SiteRole.String(), p.Disabled, fullName(p.FirstName, p.LastName), strings.ToLower(p.LastName))
	if err != nil {
		return err
	}
	if p.Disabled && !was.Disabled {
		if err := shutOut(t, p.ID, s.millis()); err != nil {
			return err
		}
	}
	if owns(was) && !owns(p) {
		return ownerStays(t)
	}
	return nil
}

func owns(p store.Person) bool { return p.SiteRole == room.SiteOwner && !p.Disabled }

// shutOut ends what somebody is signed in by, and could sign in by.
func shutOut(t *tx, id room.PersonID, now room.Millis) error {
	if err := t.exec(sqltext.NoteOtherEnded, string(id), "", int64(now)); err != nil {
		return err
	}
	if err := t.exec(sqltext.DeletePersonSessions, string(id)); err != nil {
		return err
	}
	return t.exec(sqltext.DropOneTimes, string(id))
}

func ownerStays(t *tx) error {
	var stays bool
	if err := t.one(sqltext.OwnerActs, nil, &stays); err != nil {
		return err
	}
	if !stays {
		return store.ErrLastOwner
	}
	return nil
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

func (s *Store) person(ctx context.Context, text string, args ...any) (p store.Person, err error) {
	dest, done := personColumns(&p)
	err = s.one(ctx, "person", text, args, dest...)
	done()
	return p, err
}

// personColumns gives where the columns of a person go; done finishes.
func personColumns(p *store.Person) (dest []any, done func()) {
	var created room.Millis
	var role string
	return []any{&p.ID, &p.Email, &p.Canonical, &p.Verified, &p.FirstName, &p.LastName, &p.Password, &role, &p.Disabled, &created},
		func() { p.Created, p.SiteRole = instant(created), room.ParseSiteRole(role) }
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
func (s *Store) People(ctx context.Context, prefix string, limit int) ([]store.Person, error) {
	from, to := sqltext.Prefix(prefix)
	return s.people(ctx, "people", sqltext.People, from, to, max(limit, 0))
}

func (s *Store) people(ctx context.Context, step, text string, args ...any) (people []store.Person, err error) {
	err = s.each(ctx, step, text, args, func(rows Rows) error {
		var p store.Person
		dest, done := personColumns(&p)
		err := rows.Scan(dest...)
		done()
		people = append(people, p)
		return err
	})
	return people, err
}

// SearchPeople implements store.Directory.
func (s *Store) SearchPeople(ctx context.Context, f store.PeopleFilter) ([]store.Person, error) {
	return s.people(ctx, "search people", sqltext.SearchPeople, sqltext.Pattern(f.Query), f.Role.String(), f.After, max(f.Limit, 0))
}

// spentFor is how much older than a new secret the expiry of a swept one is;
// longer than any secret lives.
const spentFor = 60 * 24 * time.Hour

// PutOneTime implements store.Directory. It also sweeps what expired long ago,
// since anybody may ask for sign-in links.
func (s *Store) PutOneTime(ctx context.Context, o store.OneTime, audit ...store.AuditRow) error {
	return s.write(ctx, "put one-time secret", func(t *tx) error {
		if err := t.exec(sqltext.SweepOneTime, millis(o.Expires.Add(-spentFor))); err != nil {
			return err
		}
		if err := t.exec(sqltext.PutOneTime, o.Secret[:], o.Purpose, string(o.Person), millis(o.Expires)); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
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

// RenewSecret implements store.Store.
func (s *Store) RenewSecret(ctx context.Context, name string) error {
	return s.write(ctx, "renew secret", func(t *tx) error { return t.exec(sqltext.DropSecret, name) })
}
