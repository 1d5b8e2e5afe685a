package store

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Attendance says where somebody is from now on, on one instance: inside a
// room, waiting before it, or else gone.
type Attendance struct {
	Room        room.ID
	Participant room.ParticipantID
	Instance    string
	At          room.Millis
	Inside      bool
	Waiting     bool
}

// VisitGap is the pause within which a visit goes on: a lost connection.
const VisitGap = time.Minute

// Silence is for how long an instance that runs is heard of at least once.
const Silence = time.Minute

// Visit is one stay of somebody inside.
type Visit struct {
	Participant room.ParticipantID
	Since       room.Millis
	Until       room.Millis // 0: goes on, or its instance was killed; presence knows
}

// Stay is a visit of somebody inside, or waiting, as reports need it.
type Stay struct {
	Participant room.ParticipantID
	Waiting     bool
	Since       room.Millis
	Until       room.Millis // 0: goes on, as far as anybody has said
	Alive       room.Millis // of one that goes on: when its instance was last alive; 0: nobody knows
}

// Reactions is how many reactions there were within a minute.
type Reactions struct {
	Room   room.ID
	Minute room.Millis // its beginning
	N      int
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
	// changes nothing. Who is inside has waited; who waits has left.
	PutAttendance(ctx context.Context, all []Attendance) error

	// Alive notes that an instance runs, and ends the visits of those that have
	// been silent for longer than Silence when they were last alive. known is
	// false where nothing was noted of the instance before: either it is new, or
	// it was thought dead, and its visits have ended.
	Alive(ctx context.Context, instance string) (known bool, err error)

	// Stays hands over all visits of a room, each person's in the order of coming:
	// first those inside, then the waiting.
	Stays(ctx context.Context, id room.ID, each func(Stay)) error

	// AddReactions adds to the numbers of minutes.
	AddReactions(ctx context.Context, all []Reactions) error

	// Reactions gives the minutes of a room that had some, in order.
	Reactions(ctx context.Context, id room.ID) ([]Reactions, error)

	// Roster gives what was written at or after a time, and maybe some of what
	// was written shortly before; all of it for the zero time. What it gives
	// replaces what was given before under the same invitation, mail id, or
	// participant and Since.
	Roster(ctx context.Context, id room.ID, since time.Time) (Roster, error)
}
