package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Identity is a person as an OpenID provider knows them: issuer and subject
// together stay the same for ever, where an address may pass to somebody else.
type Identity struct {
	Issuer  string
	Subject string
	Person  room.PersonID
	Groups  []string // names that the provider told last
	Created time.Time
}

// Identities ties accounts to what providers call them.
type Identities interface {
	Identity(ctx context.Context, issuer, subject string) (Identity, error)
	// IdentitiesOf gives what providers call a person, by issuer and subject.
	IdentitiesOf(ctx context.Context, person room.PersonID) ([]Identity, error)
	// LinkIdentity fails with ErrConflict when the identity is somebody's.
	LinkIdentity(ctx context.Context, i Identity, audit ...AuditRow) error
	// SetIdentityGroups notes what the provider told.
	SetIdentityGroups(ctx context.Context, issuer, subject string, groups []string) error
	// TakeUnproven makes an account its own whose address nobody had shown to be
	// theirs: the address is verified, the password goes and all sessions end,
	// because whoever made them may be somebody else. ErrNotFound when the person
	// is gone or has another address by now.
	TakeUnproven(ctx context.Context, id room.PersonID, canonical string, audit ...AuditRow) error
}
