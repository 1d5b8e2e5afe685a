package wire

import "greenroom/hub/room"

// Names of the signals (PROTOCOL §8). Signals are volatile: the last value
// wins and any may be dropped.
const (
	SignalCountdown   = "countdown"
	SignalPeopleCount = "people.count"
	SignalStageHere   = "stage.here"
	SignalDrain       = "drain"
	SignalDegraded    = "degraded"
	SignalSite        = "site"
	SignalVotes       = "question.votes"
	SignalReactions   = "reactions"
	SignalTally       = "interaction.tally"
	SignalMine        = "interaction.mine"
	SignalLineup      = "waiting.order"

	SignalInvitationsChanged = "invitations.changed"
)

// The data of signals; people.count inside is room.Count, site is room.SiteView,
// interaction.tally room.Tallies, interaction.mine room.MyAnswer,
// waiting.order room.Lineup.
type (
	// Countdown tells the start again and the server's time beside it.
	Countdown struct {
		StartsAt room.Millis `json:"starts_at"`
		Now      room.Millis `json:"now"`
	}
	// PeopleWaiting is people.count for those who wait: nothing of the inside.
	PeopleWaiting struct {
		Waiting int `json:"waiting"`
	}
	// StageHere lists who of the stage is connected.
	StageHere struct {
		Participants []room.ParticipantID `json:"participants"`
	}
	// Drain asks to reconnect within AfterMS milliseconds.
	Drain struct {
		AfterMS int64 `json:"after_ms"`
	}
	// Votes has the sums of the questions that were voted for of late, by id.
	Votes struct {
		Votes map[string]int `json:"votes"`
	}
	// Reactions has the sums of about a second, by emoji.
	Reactions struct {
		Counts map[string]int `json:"counts"`
	}
	// InvitationsChanged tells a page of managers what to ask for again; All:
	// anything may have changed.
	InvitationsChanged struct {
		IDs []room.InvitationID `json:"ids"`
		All bool                `json:"all,omitempty"`
	}
	// Degraded tells that something behind the server is down (or works again).
	// With Store nothing can be saved; with Staff, which staff alone are told,
	// their stream is held back until it is known again what they may see.
	Degraded struct {
		On    bool `json:"on"`
		Store bool `json:"store,omitempty"`
		Staff bool `json:"staff,omitempty"`
	}
)
