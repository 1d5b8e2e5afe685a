package storetest

import (
	"fmt"
	"testing"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var groupTests = map[string]func(*testing.T, *fixture){
	"groups come, are renamed and go": groups,
	"members come and go":             members,
	"one of many gets a group's name": racesForName,
	"acts on groups are told":         auditsGroups,
}

func group(id room.GroupID, name string, members int) store.Group {
	return store.Group{ID: id, Name: name, Created: born, Members: members}
}

func wantGroups(t *testing.T, f *fixture, what string, want ...store.Group) {
	t.Helper()
	got, err := f.Groups(ctx(t), 9)
	ok(t, "groups", err)
	same(t, what, got, want)
}

func groups(t *testing.T, f *fixture) {
	wantGroups(t, f, "at first")
	staff, faculty := group("g1", "Staff", 0), group("g2", "faculty", 0)
	for _, g := range []store.Group{staff, faculty} {
		ok(t, "create", f.CreateGroup(ctx(t), g))
	}
	wantGroups(t, f, "by name", faculty, staff)
	fails(t, "the same name", f.CreateGroup(ctx(t), group("g3", "STAFF", 0)), store.ErrConflict)
	fails(t, "the same id", f.CreateGroup(ctx(t), group("g1", "Third", 0)), store.ErrConflict)
	fails(t, "another's name", f.RenameGroup(ctx(t), "g2", "staff"), store.ErrConflict)
	fails(t, "rename nothing", f.RenameGroup(ctx(t), "x", "X"), store.ErrNotFound)
	ok(t, "rename", f.RenameGroup(ctx(t), "g1", "STAFF"))
	got, err := f.Group(ctx(t), "g1")
	ok(t, "group", err)
	same(t, "renamed", got, group("g1", "STAFF", 0))
	for range 2 {
		ok(t, "delete", f.DeleteGroup(ctx(t), "g1"))
	}
	_, err = f.Group(ctx(t), "g1")
	fails(t, "deleted", err, store.ErrNotFound)
	wantGroups(t, f, "the rest", faculty)
	few, err := f.Groups(ctx(t), 0)
	ok(t, "groups", err)
	same(t, "none of them", len(few), 0)
}

func members(t *testing.T, f *fixture) {
	for _, p := range []store.Person{ada, bob} {
		ok(t, "create", f.CreatePerson(ctx(t), p))
	}
	for _, id := range []room.GroupID{"g1", "g2"} {
		ok(t, "create", f.CreateGroup(ctx(t), group(id, string(id), 0)))
	}
	for range 2 {
		for _, p := range []store.Person{bob, ada} {
			ok(t, "add", f.AddMember(ctx(t), "g1", p.ID))
		}
	}
	ok(t, "add", f.AddMember(ctx(t), "g2", ada.ID))
	fails(t, "nobody", f.AddMember(ctx(t), "g1", "x"), store.ErrNotFound)
	fails(t, "to no group", f.AddMember(ctx(t), "x", ada.ID), store.ErrNotFound)
	wantMembers(t, f, "g1", "", 9, ada, bob)
	wantMembers(t, f, "g1", "", 1, ada)
	wantMembers(t, f, "g1", ada.Canonical, 9, bob)
	wantMembers(t, f, "x", "", 9)
	wantGroups(t, f, "counted", group("g1", "g1", 2), group("g2", "g2", 1))
	wantGroupsOf(t, f, ada.ID, "g1", "g2")
	for range 2 {
		ok(t, "remove", f.RemoveMember(ctx(t), "g1", ada.ID))
	}
	wantGroupsOf(t, f, ada.ID, "g2")
	ok(t, "delete", f.DeleteGroup(ctx(t), "g2"))
	wantGroupsOf(t, f, ada.ID)
	wantGroupsOf(t, f, bob.ID, "g1")
	ok(t, "create again", f.CreateGroup(ctx(t), group("g2", "g2", 0)))
	wantMembers(t, f, "g2", "", 9)
}

func wantMembers(t *testing.T, f *fixture, id room.GroupID, after string, limit int, want ...store.Person) {
	t.Helper()
	got, err := f.Members(ctx(t), id, after, limit)
	ok(t, "members", err)
	same(t, fmt.Sprintf("members of %s after %q", id, after), got, want)
}

func wantGroupsOf(t *testing.T, f *fixture, person room.PersonID, want ...room.GroupID) {
	t.Helper()
	got, err := f.GroupsOf(ctx(t), person)
	ok(t, "groups of a person", err)
	same(t, "groups of "+string(person), got, want)
}

func racesForName(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	outcomes := race(40, func(i int) error {
		return stores[i%2].CreateGroup(ctx(t), group(room.GroupID(fmt.Sprint(i)), "Staff", 0))
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": 1, store.ErrConflict.Error(): 39})
}

func auditsGroups(t *testing.T, f *fixture) {
	act := func(name string) store.AuditRow { return store.AuditRow{Room: store.AuditSite, Act: name} }
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	ok(t, "create", f.CreateGroup(ctx(t), group("g", "Staff", 0), act("created")))
	fails(t, "the same again", f.CreateGroup(ctx(t), group("g", "Staff", 0), act("twice")), store.ErrConflict)
	ok(t, "rename", f.RenameGroup(ctx(t), "g", "All", act("renamed")))
	ok(t, "add", f.AddMember(ctx(t), "g", ada.ID, act("added")))
	fails(t, "add nobody", f.AddMember(ctx(t), "g", "x", act("nobody")), store.ErrNotFound)
	for range 2 {
		ok(t, "remove", f.RemoveMember(ctx(t), "g", ada.ID, act("removed")))
	}
	for range 2 {
		ok(t, "delete", f.DeleteGroup(ctx(t), "g", act("deleted")))
	}
	wantActs(t, f, "deleted", "removed", "added", "renamed", "created")
}
