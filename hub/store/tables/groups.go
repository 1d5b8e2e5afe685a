package tables

import (
	"context"
	"errors"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// CreateGroup implements store.Groups.
func (s *Store) CreateGroup(ctx context.Context, g store.Group, audit ...store.AuditRow) error {
	return s.changeAudited(ctx, "create group", audit, sqltext.AddGroup, string(g.ID), g.Name, strings.ToLower(g.Name), millis(g.Created))
}

// RenameGroup implements store.Groups.
func (s *Store) RenameGroup(ctx context.Context, id room.GroupID, name string, audit ...store.AuditRow) error {
	return s.changeAudited(ctx, "rename group", audit, sqltext.RenameGroup, string(id), name, strings.ToLower(name))
}

// DeleteGroup implements store.Groups.
func (s *Store) DeleteGroup(ctx context.Context, id room.GroupID, audit ...store.AuditRow) error {
	return gone(s.changeAudited(ctx, "delete group", audit, sqltext.DeleteGroup, string(id)))
}

// Group implements store.Groups.
func (s *Store) Group(ctx context.Context, id room.GroupID) (g store.Group, err error) {
	dest, done := groupColumns(&g)
	err = s.one(ctx, "group", sqltext.Group, []any{string(id)}, dest...)
	done()
	return g, err
}

// Groups implements store.Groups.
func (s *Store) Groups(ctx context.Context, limit int) (all []store.Group, err error) {
	err = s.each(ctx, "groups", sqltext.Groups, []any{max(limit, 0)}, func(rows Rows) error {
		var g store.Group
		dest, done := groupColumns(&g)
		err := rows.Scan(dest...)
		done()
		all = append(all, g)
		return err
	})
	return all, err
}

// groupColumns gives where the columns of a group go; done finishes.
func groupColumns(g *store.Group) (dest []any, done func()) {
	var created room.Millis
	return []any{&g.ID, &g.Name, &created, &g.Members}, func() { g.Created = instant(created) }
}

// AddMember implements store.Groups.
func (s *Store) AddMember(ctx context.Context, id room.GroupID, person room.PersonID, audit ...store.AuditRow) error {
	return s.changeAudited(ctx, "add member", audit, sqltext.AddMember, string(id), string(person))
}

// RemoveMember implements store.Groups.
func (s *Store) RemoveMember(ctx context.Context, id room.GroupID, person room.PersonID, audit ...store.AuditRow) error {
	return gone(s.changeAudited(ctx, "remove member", audit, sqltext.RemoveMember, string(id), string(person)))
}

// Members implements store.Groups.
func (s *Store) Members(ctx context.Context, id room.GroupID, after string, limit int) ([]store.Person, error) {
	return s.people(ctx, "members", sqltext.Members, string(id), after, max(limit, 0))
}

// GroupsOf implements store.Groups.
func (s *Store) GroupsOf(ctx context.Context, person room.PersonID) (all []room.GroupID, err error) {
	err = s.each(ctx, "groups of a person", sqltext.GroupsOf, []any{string(person)}, func(rows Rows) error {
		var id room.GroupID
		err := rows.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// changeAudited is changeOne with the audit rows of the change, which are
// written only with it.
func (s *Store) changeAudited(ctx context.Context, step string, audit []store.AuditRow, text string, args ...any) error {
	return s.write(ctx, step, func(t *tx) error {
		if err := some(t.change(text, args...)); err != nil {
			return err
		}
		return putAudit(t, audit, s.millis())
	})
}

// gone is the answer to a deletion: what is not there is no error.
func gone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
