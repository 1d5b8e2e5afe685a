package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Row is something that a Batch writes beside its events: exactly one of
// RoomRow, ManagerRow, LinkRow, AddressRow, MailRow, NoticeRow, AuditRow,
// MailCode, LogoRow, ForgetRow, BallotRow, BallotTold, BallotEnd, WakeRow,
// NameRow.
type Row interface{ row() }

// RoomRow is the listing entry of a room, written whenever one of its columns
// changes (insert or replace). It repeats the log for lists and the sweep of
// due rooms; the log decides.
type RoomRow struct {
	ID       room.ID
	Title    string
	StartsAt room.Millis
	EndsAt   room.Millis // 0: open end
	State    string      // scheduled, open, closed, deleted
}

// WakeRow says when something next happens in a room by itself, for the sweep
// of due rooms (replace; At 0: nothing does). It repeats the log, which decides.
// A room without RoomRow has none.
type WakeRow struct {
	Room room.ID
	At   room.Millis
}

// ManagerRow says which rooms a person manages (insert or replace). An empty
// Right removes the row.
type ManagerRow struct {
	Room   room.ID
	Person room.PersonID
	Right  string
}

// LinkRow is one invitation link; a PublicID that is taken is ErrConflict for
// the commit. Links are never deleted, so that a holder of an old one can be
// told the truth; Generation says whether it is the current one (room.State
// knows the current generation).
type LinkRow struct {
	PublicID   string
	Room       room.ID
	Invitation room.InvitationID
	Generation uint32
	Secret     [32]byte // SHA-256 of the secret
}

// AddressRow is the private part of an invitation (insert or replace). An
// empty Canonical, Language or Zone leaves what is there.
type AddressRow struct {
	Room       room.ID
	Invitation room.InvitationID
	Email      string // as typed, for sending
	Canonical  string // by which the invited find their rooms; empty: they do not. Written, never read
	FirstName  string
	LastName   string
	Language   string // in which the person is written to, as in BCP 47; empty: not known
	Zone       string // in which times are told, by its IANA name; empty: not known
}

// NameRow gives whom an AddressRow names another name. Where there is none, it
// does nothing: a guest has no address.
type NameRow struct {
	Room       room.ID
	Invitation room.InvitationID
	FirstName  string
	LastName   string
}

// LogoRow is the site's logo. It takes the place of the one before; without
// content there is none any more.
type LogoRow struct {
	Hash    [32]byte // SHA-256 of the content
	Kind    string   // media type
	Content []byte
}

func (LogoRow) row()    {}
func (RoomRow) row()    {}
func (WakeRow) row()    {}
func (NameRow) row()    {}
func (ManagerRow) row() {}
func (LinkRow) row()    {}
func (AddressRow) row() {}

// Person is somebody the site knows.
type Person struct {
	ID        room.PersonID
	Email     string // as typed
	Canonical string // canonical form, unique among people
	Verified  bool   // the address is known to be theirs
	FirstName string
	LastName  string
	Password  string // argon2id in PHC form, empty when there is none
	SiteRole  room.SiteRole
	Disabled  bool // may not sign in; keys and sessions do not work
	Created   time.Time
}

// PersonChange says what becomes of p, by whom it is changed, and the audit
// rows of that.
type PersonChange func(by, p Person) (Person, []AuditRow, error)

// WebSession is a browser's signed-in or opened session.
type WebSession struct {
	ID      [32]byte      // SHA-256 of the cookie
	Handle  string        // names the session to its owner and to the instances; opens nothing
	Person  room.PersonID // empty: nobody is signed in
	Signed  time.Time     // when that person signed in
	Proved  time.Time     // when they last showed that it is them, since; zero: not again
	Agent   string        // with what browser, roughly
	Created time.Time     // absolute age counts from here
	Seen    time.Time     // last use, idle age counts from here; written at most once a minute
	Offered bool          // asked for by an id that was offered and not accepted yet
	Dies    time.Time     // when this id does, because another is offered; zero: none is
}

// Opening is an invitation that a web session has opened.
type Opening struct {
	Room       room.ID
	Invitation room.InvitationID
	Link       uint32 // generation of the link it was opened by
}

// Opened is a web session with what it has opened, in the order of opening.
type Opened struct {
	WebSession
	Openings []Opening
}

// OneTime is a secret that works once: the first owner's set-up link or a
// sign-in link.
type OneTime struct {
	Secret  [32]byte // SHA-256
	Purpose string   // "setup" or "signin"
	Person  room.PersonID
	Expires time.Time
}

// Directory is what the store keeps beside the logs. Every method is one
// transaction. Times are cut to milliseconds. What is asked for by an id or a
// secret and is not there, or what a change is about, is ErrNotFound; deleting
// what is not there is no error. Audit rows are added to their chains in the
// same transaction.
type Directory interface {
	// CreatePerson fails with ErrConflict when the id or the canonical address
	// is taken.
	CreatePerson(ctx context.Context, p Person, audit ...AuditRow) error
	// CreateOwner creates the first site owner and spends the set-up secret in
	// one transaction: ErrNotFound when the secret is wrong, spent or expired
	// at now, ErrConflict when a site owner exists or the address is taken; the
	// secret is then not spent.
	CreateOwner(ctx context.Context, secret [32]byte, now time.Time, p Person, audit ...AuditRow) error
	// OwnerExists says whether the site has an owner.
	OwnerExists(ctx context.Context) (bool, error)
	// ChangePerson hands the person, as they are now, to change, with who does it
	// (nobody: the zero Person), and writes what it gives but for id and time of
	// creation: one transaction, so that both are judged by their standing of
	// that moment. change may be called again and must not call the store; its
	// error is returned as it is. ErrConflict: the address is taken. ErrLastOwner:
	// the site would be left without an owner who can sign in. A person who gets
	// disabled loses web sessions and one-time secrets with it. When nothing
	// changes, nothing is written, audit rows neither.
	ChangePerson(ctx context.Context, by, id room.PersonID, change PersonChange) (Person, error)
	Person(ctx context.Context, id room.PersonID) (Person, error)
	PersonByEmail(ctx context.Context, canonical string) (Person, error)
	// SearchPeople gives people by canonical address, whoever they are.
	SearchPeople(ctx context.Context, f PeopleFilter) ([]Person, error)
	// SetPassword changes the hash of a person's password.
	SetPassword(ctx context.Context, id room.PersonID, password string, audit ...AuditRow) error
	// VerifyPerson notes that the address is theirs; ErrNotFound when the person
	// is gone or has another address by now.
	VerifyPerson(ctx context.Context, id room.PersonID, canonical string, audit ...AuditRow) error
	// People gives at most limit people whose address, name (first and last with
	// a blank between) or last name begins with prefix (already lower case). The
	// three take turns, each in its own order: the first by name, the first by
	// last name, the first by address, the second by name, and so on.
	People(ctx context.Context, prefix string, limit int) ([]Person, error)

	// PutSession inserts or replaces; openings stay.
	PutSession(ctx context.Context, s WebSession) error
	// Session finds a session by its id or by one that was offered; the ID it
	// gives is the row's, for the other methods.
	Session(ctx context.Context, id [32]byte) (WebSession, error)
	// Sessions finds many at once, with their openings, each by the id that was
	// asked for; those that are not there are not in the map.
	Sessions(ctx context.Context, ids [][32]byte) (map[[32]byte]Opened, error)
	// TouchSession moves Seen.
	TouchSession(ctx context.Context, id [32]byte, seen time.Time) error
	// TouchSessions moves Seen of many, as far as they are there.
	TouchSessions(ctx context.Context, ids [][32]byte, seen time.Time) error
	// RenewSession gives the row a new id, keeping its openings. The old one,
	// and one that was offered, are nobody's from here on.
	RenewSession(ctx context.Context, old, fresh [32]byte) error
	// OfferSession gives the row a second id, in the place of one that was
	// offered before. Until it is accepted, Session finds the row by both.
	OfferSession(ctx context.Context, id, fresh [32]byte, dies time.Time) error
	// AcceptSession makes an offered id the only one, keeping the openings.
	// ErrNotFound: it is not offered (any more).
	AcceptSession(ctx context.Context, fresh [32]byte) error
	// SignIn ties the session s.ID to s.Person and gives it Handle, Signed and
	// Agent of s. If it had another handle, that one has ended.
	SignIn(ctx context.Context, s WebSession) error
	// ProveSession notes when whoever is signed in showed that it is them. Signing
	// in forgets it.
	ProveSession(ctx context.Context, id [32]byte, at time.Time) error
	// PersonSessions gives the sessions in which a person signed in after a
	// moment, the last used first. Offered and Dies are not told.
	PersonSessions(ctx context.Context, person room.PersonID, signed time.Time) ([]WebSession, error)
	// DeleteSession ends a session.
	DeleteSession(ctx context.Context, id [32]byte) error
	// EndSession ends a session of this person; ErrNotFound when it is none.
	EndSession(ctx context.Context, person room.PersonID, handle string, audit ...AuditRow) error
	// EndOtherSessions ends all of this person but one.
	EndOtherSessions(ctx context.Context, person room.PersonID, but string, audit ...AuditRow) error
	// EndedSessions gives the handles of sessions that ended within a time before
	// now, by the store's clock; at most a day.
	EndedSessions(ctx context.Context, within time.Duration) ([]string, error)
	// SweepSessions deletes what was created before or last seen before.
	SweepSessions(ctx context.Context, created, seen time.Time) error
	// PutOpening adds an opening, or moves it to the end and updates its link.
	PutOpening(ctx context.Context, session [32]byte, o Opening) error
	// Openings gives them in the order of opening.
	Openings(ctx context.Context, session [32]byte) ([]Opening, error)

	// PutOneTime also drops secrets that expired long before this one will.
	PutOneTime(ctx context.Context, o OneTime, audit ...AuditRow) error
	// TakeOneTime spends a secret: ErrNotFound when it is unknown, spent, of
	// another purpose or expired at now. One of many callers wins.
	TakeOneTime(ctx context.Context, secret [32]byte, purpose string, now time.Time) (OneTime, error)

	Link(ctx context.Context, publicID string) (LinkRow, error)
	// Address gives the private part of one invitation.
	Address(ctx context.Context, id room.ID, inv room.InvitationID) (AddressRow, error)
	// SetReader changes language and zone of an address; an empty one leaves
	// what is there.
	SetReader(ctx context.Context, id room.ID, inv room.InvitationID, language, zone string) error
	// Invited gives at most limit invitations of a room whose address, name or
	// last name begins with prefix, as People does.
	Invited(ctx context.Context, id room.ID, prefix string, limit int) ([]AddressRow, error)
	// Rooms lists the rooms that a person manages or is invited to, each once, by
	// start and id. An invitation counts whatever became of it: the log decides.
	Rooms(ctx context.Context, f RoomFilter) ([]RoomRow, error)
	RoomRow(ctx context.Context, id room.ID) (RoomRow, error)
	// Logo gives the site's logo, if this is its hash.
	Logo(ctx context.Context, hash [32]byte) (kind string, content []byte, err error)
}

// PeopleFilter chooses people. Zero fields choose all.
type PeopleFilter struct {
	Query string        // part of the address or of the name, already lower case
	Role  room.SiteRole // only these
	After string        // behind this canonical address
	Limit int
}

// RoomFilter chooses rooms of a person.
type RoomFilter struct {
	Person  room.PersonID // who manages them
	Address string        // canonical: who is invited; empty: nobody
	Query   string        // part of the title, without regard to ASCII case; empty: all
	States  []string      // scheduled, open, closed; deleted rooms are never listed unless named
	Newest  bool          // latest start first instead of earliest first
	After   room.ID       // continue behind this room; unknown: none
	Limit   int
}
