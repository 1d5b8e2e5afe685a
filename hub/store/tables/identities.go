package tables

import (
	"context"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// Identity implements store.Identities.
func (s *Store) Identity(ctx context.Context, issuer, subject string) (store.Identity, error) {
	i := store.Identity{Issuer: issuer, Subject: subject}
	var groups string
	var created room.Millis
	if err := s.one(ctx, "identity", sqltext.Identity, []any{issuer, subject}, &i.Person, &groups, &created); err != nil {
		return store.Identity{}, err
	}
	if i.Created = instant(created); groups != "" {
		i.Groups = strings.Split(groups, "\n")
	}
	return i, nil
}

// IdentitiesOf implements store.Identities.
func (s *Store) IdentitiesOf(ctx context.Context, person room.PersonID) (all []store.Identity, err error) {
	err = s.each(ctx, "identities", sqltext.IdentitiesOf, []any{string(person)}, func(rows Rows) error {
		i := store.Identity{Person: person}
		var groups string
		var created room.Millis
		err := rows.Scan(&i.Issuer, &i.Subject, &groups, &created)
		if i.Created = instant(created); groups != "" {
			i.Groups = strings.Split(groups, "\n")
		}
		all = append(all, i)
		return err
	})
	return all, err
}

// LinkIdentity implements store.Identities.
func (s *Store) LinkIdentity(ctx context.Context, i store.Identity, audit ...store.AuditRow) error {
	return s.write(ctx, "link identity", func(t *tx) error {
		if err := t.exec(sqltext.AddIdentity, i.Issuer, i.Subject, string(i.Person), lines(i.Groups), millis(i.Created)); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

// SetIdentityGroups implements store.Identities.
func (s *Store) SetIdentityGroups(ctx context.Context, issuer, subject string, groups []string) error {
	return s.changeOne(ctx, "groups of an identity", sqltext.SetIdentityGroups, issuer, subject, lines(groups))
}

// lines writes names one a line; a line break in one is a blank.
func lines(names []string) string {
	clean := make([]string, len(names))
	for i, name := range names {
		clean[i] = strings.Join(strings.Fields(name), " ")
	}
	return strings.Join(clean, "\n")
}

// TakeUnproven implements store.Identities.
func (s *Store) TakeUnproven(ctx context.Context, id room.PersonID, canonical string, audit ...store.AuditRow) error {
	return s.write(ctx, "take unproven account", func(t *tx) error {
		if err := some(t.change(sqltext.TakeUnproven, string(id), canonical, true)); err != nil {
			return err
		}
		if err := t.exec(sqltext.NoteOtherEnded, string(id), "", s.now().UnixMilli()); err != nil {
			return err
		}
		if err := t.exec(sqltext.DeleteOtherSessions, string(id), ""); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}
