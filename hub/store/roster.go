package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Attendance says that somebody came into a room, or left it, on one instance.
type Attendance struct {
	Room        room.ID
	Participant room.ParticipantID
	Instance    string
	At          room.Millis
	Inside      bool // came; else left
}

// VisitGap is the pause within which a visit goes on: a lost connection.
const VisitGap = time.Minute

// Visit is one stay of somebody inside.
type Visit struct {
	Participant room.ParticipantID
	Since       room.Millis
	Until       room.Millis // 0: goes on, or its instance was killed; presence knows
}

// Roster is what is kept beside the log of a room's invitations.
type Roster struct {
	Addresses []AddressRow // in the order of issue
	Mails     []Mail       // without Sealed, each invitation's in the order of queuing
	Visits    []Visit      // each person's in the order of coming
	At        time.Time    // everything that was durable at this time is in
}

// Rosters is who was invited and came, for lists.
type Rosters interface {
	// PutAttendance writes comings and goings, in this order, in one
	// transaction. Who comes within VisitGap after having left the same instance
	// goes on with that visit. Coming twice, or leaving without having come,
	// changes nothing.
	PutAttendance(ctx context.Context, all []Attendance) error

	// Roster gives what was written at or after a time, and maybe some of what
	// was written shortly before; all of it for the zero time. What it gives
	// replaces what was given before under the same invitation, mail id, or
	// participant and Since.
	Roster(ctx context.Context, id room.ID, since time.Time) (Roster, error)
}
