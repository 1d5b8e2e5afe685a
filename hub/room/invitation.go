package room

// Commands about invitations. Managers give the first six by HTTP.
type (
	// Invite asks somebody in. Ids are made by the caller. The same address
	// again changes names and type of the living invitation.
	Invite struct {
		Invitation  InvitationID
		Participant ParticipantID
		FirstName   string
		LastName    string
		Type        Role
		Match       Hash   // keyed hash of the canonical address
		Domain      string // of the address, as A-labels
		ExpiresAt   Millis // 0: 24 h from now or the room's end, the later
		Devices     *int   // nil: as the site says; 0: any number, where the site says so too
	}
	// ReviseInvitation changes what is not nil.
	ReviseInvitation struct {
		Invitation InvitationID
		FirstName  *string
		LastName   *string
		Type       *Role
		ExpiresAt  *Millis
		Devices    *int // as with Invite
	}
	// RenewLink makes the current link die; the caller stores a new one of the
	// next generation.
	RenewLink struct{ Invitation InvitationID }
	// FreeDevices forgets every claim, so that the link works elsewhere.
	FreeDevices struct{ Invitation InvitationID }
	// RevokeInvitation ends it and its live sessions. With Finish a device that
	// has claimed may stay until it leaves or the room is over.
	RevokeInvitation struct {
		Invitation InvitationID
		Reason     string
		Finish     bool
	}
	// RestoreInvitation takes back a withdrawal that may still finish.
	RestoreInvitation struct{ Invitation InvitationID }
	// EndFinished ends an invitation whose person was let finish and has left.
	EndFinished struct{ Participant ParticipantID }
	// OpenLink notes that somebody with the right secret looked. It ties
	// nothing: mail scanners open links too.
	OpenLink struct{}
	// LobbyCheck compares an address with the invited one and, if it is that
	// one, ties the invitation to the actor's device.
	LobbyCheck struct {
		Email string `json:"email"`
		Match Hash   `json:"-"` // of Email; filled in by the server, zero if it is no address
		Code  Hash   `json:"-"` // of a code that the server mails in the same commit, where site or room wants one
		Spent bool   `json:"-"` // the invited mailbox has had the codes of a day: none is mailed

		Domain string `json:"-"` // of Email, as A-labels; filled in by the server
	}
	// Enter is what every hello asks: is this actor welcome now? It ties the
	// invitation of a signed-in invited account to the device, once the doors
	// are open.
	Enter struct{}
)

// Name implements Command.
func (Invite) Name() string { return "invitation.issue" }

// Name implements Command.
func (ReviseInvitation) Name() string { return "invitation.revise" }

// Name implements Command.
func (RenewLink) Name() string { return "invitation.renew" }

// Name implements Command.
func (FreeDevices) Name() string { return "invitation.free" }

// Name implements Command.
func (RevokeInvitation) Name() string { return "invitation.revoke" }

// Name implements Command.
func (RestoreInvitation) Name() string { return "invitation.restore" }

// Name implements Command.
func (EndFinished) Name() string { return "invitation.finish" }

// Name implements Command.
func (OpenLink) Name() string { return "invitation.open" }

// Name implements Command.
func (LobbyCheck) Name() string { return "lobby.check" }

// Name implements Command.
func (Enter) Name() string { return "hello" }

// Facts about invitations. Mail addresses and link secrets are rows beside the
// log; Match is a keyed hash.
type (
	// Issued is a new invitation and the seat that belongs to it.
	Issued struct {
		Invitation  InvitationID  `json:"invitation"`
		Participant ParticipantID `json:"participant"`
		FirstName   string        `json:"first_name"`
		LastName    string        `json:"last_name"`
		Type        Role          `json:"type"`
		Match       Hash          `json:"match"`
		ExpiresAt   Millis        `json:"expires_at"`
		Devices     int           `json:"devices"`
		Domain      string        `json:"domain,omitempty"` // of the address, as A-labels
		Guest       GuestLinkID   `json:"guest,omitempty"`  // the link by which they came; then nobody was asked for by address
	}
	// Revised holds all changeable fields after the change; the type is a
	// RoleChanged of its own.
	Revised struct {
		Who                     // the person after the change
		Invitation InvitationID `json:"invitation,omitempty"` // facts of the first release have none
		Admitted   bool         `json:"admitted,omitempty"`
		Waits      bool         `json:"waits,omitempty"` // in the waiting room
		FirstName  string       `json:"first_name"`
		LastName   string       `json:"last_name"`
		ExpiresAt  Millis       `json:"expires_at"`
		Devices    int          `json:"devices"`
		UntilAt    Millis       `json:"until_at,omitempty"` // then the role goes back
	}
	// LinkOpened is the first opening of a link.
	LinkOpened struct {
		Participant ParticipantID `json:"participant"`
	}
	// Claimed ties an invitation to a device.
	Claimed struct {
		Who
		Device     Hash   `json:"device"`
		Generation uint32 `json:"generation"`
		Instead    Hash   `json:"instead,omitzero"`   // the device that is freed in the same moment
		Proof      Proof  `json:"proof,omitempty"`    // that the mailbox is theirs; empty: they know the address
		Waits      bool   `json:"waits,omitempty"`    // the room is locked: they knock
		UntilAt    Millis `json:"until_at,omitempty"` // then the role goes back
	}
	// Missed is a wrong address in the lobby.
	Missed struct {
		Participant ParticipantID `json:"participant"`
		Session     Hash          `json:"session"`
	}
	// Renewed makes the older links die and unlocks the lobby.
	Renewed struct {
		Participant ParticipantID `json:"participant"`
		Link        uint32        `json:"link"`
		ExpiresAt   Millis        `json:"expires_at"`
	}
	// Freed forgets the devices and unlocks the lobby.
	Freed struct {
		Who
		Admitted bool `json:"admitted,omitempty"` // until then
	}
	// Revoked ends an invitation. With Finish it opens and claims nothing more,
	// but whoever has claimed may stay; a second Revoked is the end.
	Revoked struct {
		Who
		Admitted bool   `json:"admitted,omitempty"` // until then
		Reason   string `json:"reason,omitempty"`
		Finish   bool   `json:"finish,omitempty"`
	}
	// Restored takes back a Revoked with Finish.
	Restored struct {
		Participant ParticipantID `json:"participant"`
	}
)

// Kind implements Fact.
func (Issued) Kind() string { return "invitation.issued" }

// Kind implements Fact.
func (Revised) Kind() string { return "invitation.revised" }

// Kind implements Fact.
func (LinkOpened) Kind() string { return "invitation.opened" }

// Kind implements Fact.
func (Claimed) Kind() string { return "invitation.claimed" }

// Kind implements Fact.
func (Missed) Kind() string { return "invitation.missed" }

// Kind implements Fact.
func (Renewed) Kind() string { return "invitation.renewed" }

// Kind implements Fact.
func (Freed) Kind() string { return "invitation.freed" }

// Kind implements Fact.
func (Revoked) Kind() string { return "invitation.revoked" }

// Kind implements Fact.
func (Restored) Kind() string { return "invitation.restored" }
