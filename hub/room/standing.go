package room

import "time"

// InvitationState is how an invitation stands, as managers see it.
type InvitationState string

// The states of an invitation.
const (
	InvitationRevoked   InvitationState = "revoked"
	InvitationBanned    InvitationState = "banned"  // by moderators, for good
	InvitationRemoved   InvitationState = "removed" // by moderators; may come back by the link
	InvitationInside    InvitationState = "inside"
	InvitationWaiting   InvitationState = "waiting"
	InvitationLeft      InvitationState = "left"
	InvitationConfirmed InvitationState = "confirmed"
	InvitationExpired   InvitationState = "expired"
	InvitationOpened    InvitationState = "opened"
	InvitationBounced   InvitationState = "bounced"
	InvitationFailed    InvitationState = "failed"
	InvitationQueued    InvitationState = "queued"
	InvitationSent      InvitationState = "sent"
	InvitationIssued    InvitationState = "issued"
)

// Standing is what the log does not know of an invitation: who is here is
// presence, who has been inside and what became of mails are rows.
type Standing struct {
	Inside  bool            // connected, in the room
	Waiting bool            // connected, before it
	Been    bool            // has been inside
	Mail    InvitationState // of the last mail with the link: queued, sent, bounced, failed; empty: none
}

// invitationStates is the one table of states: the first that fits is shown.
// What somebody does counts more than what was sent, and what ends more than
// what went before.
var invitationStates = []struct {
	state InvitationState
	fits  func(*Person, Standing, Millis) bool
}{
	{InvitationRevoked, func(p *Person, _ Standing, _ Millis) bool { return p.Revoked }},
	{InvitationBanned, func(p *Person, _ Standing, _ Millis) bool { return p.out == outBanned }},
	{InvitationInside, func(p *Person, w Standing, _ Millis) bool { return w.Inside && len(p.Claims) > 0 }},
	{InvitationWaiting, func(_ *Person, w Standing, _ Millis) bool { return w.Waiting }},
	{InvitationRevoked, func(p *Person, _ Standing, _ Millis) bool { return p.Finishing }},
	{InvitationRemoved, func(p *Person, _ Standing, _ Millis) bool { return p.out == outRemoved }},
	{InvitationLeft, func(_ *Person, w Standing, _ Millis) bool { return w.Been }},
	{InvitationConfirmed, func(p *Person, _ Standing, _ Millis) bool { return len(p.Claims) > 0 }},
	{InvitationExpired, func(p *Person, _ Standing, now Millis) bool { return now >= p.ExpiresAt }},
	{InvitationOpened, func(p *Person, _ Standing, _ Millis) bool { return p.Opened }},
	{InvitationBounced, mailIs(InvitationBounced)},
	{InvitationFailed, mailIs(InvitationFailed)},
	{InvitationQueued, mailIs(InvitationQueued)},
	{InvitationSent, mailIs(InvitationSent)},
	{InvitationIssued, func(*Person, Standing, Millis) bool { return true }},
}

func mailIs(state InvitationState) func(*Person, Standing, Millis) bool {
	return func(_ *Person, w Standing, _ Millis) bool { return w.Mail == state }
}

// InvitationStates lists the states once each, in the order of precedence.
func InvitationStates() (all []InvitationState) {
	for i, row := range invitationStates {
		if i == 0 || row.state != InvitationRevoked {
			all = append(all, row.state)
		}
	}
	return all
}

// InvitationStateOf is the state that an invitation shows at a moment.
func InvitationStateOf(p *Person, w Standing, now time.Time) InvitationState {
	at := Millis(now.UnixMilli())
	for _, row := range invitationStates {
		if row.fits(p, w, at) {
			return row.state
		}
	}
	return InvitationIssued
}

// Concerns says whose invitation a fact is about, if it changes how that
// stands.
func Concerns(f Fact) (ParticipantID, bool) {
	switch f := f.(type) {
	case Issued:
		return f.Participant, true
	case Revised:
		return f.Participant, true
	case LinkOpened:
		return f.Participant, true
	case Claimed:
		return f.Participant, true
	case Missed:
		return f.Participant, true
	case Renewed:
		return f.Participant, true
	case Freed:
		return f.Participant, true
	case Revoked:
		return f.Participant, true
	case Restored:
		return f.Participant, true
	case RoleChanged:
		return f.Participant, true
	case Renamed:
		return f.Participant, true
	case Removed:
		return f.Participant, true
	case Banned:
		return f.Participant, true
	case Unbanned:
		return f.Participant, true
	}
	return "", false
}
