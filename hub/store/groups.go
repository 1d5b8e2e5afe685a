package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Group is people of the site under one name, for settings that name whole
// groups. It gives nobody a right by itself.
type Group struct {
	ID      room.GroupID
	Name    string // unique, without regard to case
	Created time.Time
	Members int // filled in when it is read
}

// Groups is the groups of people. Every method is one transaction; what is not
// there is ErrNotFound and audit rows are written with it, as in Directory.
type Groups interface {
	// CreateGroup fails with ErrConflict when the id or the name is taken.
	CreateGroup(ctx context.Context, g Group, audit ...AuditRow) error
	// RenameGroup fails with ErrConflict when another group has the name.
	RenameGroup(ctx context.Context, id room.GroupID, name string, audit ...AuditRow) error
	// DeleteGroup also ends its memberships.
	DeleteGroup(ctx context.Context, id room.GroupID, audit ...AuditRow) error
	Group(ctx context.Context, id room.GroupID) (Group, error)
	// Groups gives at most limit groups, by name without regard to case.
	Groups(ctx context.Context, limit int) ([]Group, error)

	// AddMember: ErrNotFound when the group or the person is not there. A member
	// stays one.
	AddMember(ctx context.Context, id room.GroupID, person room.PersonID, audit ...AuditRow) error
	RemoveMember(ctx context.Context, id room.GroupID, person room.PersonID, audit ...AuditRow) error
	// Members gives at most limit of them by address, behind a canonical address
	// (empty: from the first).
	Members(ctx context.Context, id room.GroupID, after string, limit int) ([]Person, error)
	// GroupsOf gives the groups of a person, by id.
	GroupsOf(ctx context.Context, person room.PersonID) ([]room.GroupID, error)
}
