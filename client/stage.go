package client

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// OfferStage asks a viewer onto the stage, who accepts it or not; lasts is for
// how long from then on, in whole seconds, 0: without an end.
func (r *Room) OfferStage(ctx context.Context, who room.ParticipantID, lasts time.Duration) error {
	return r.order(ctx, room.OfferStage{Participant: who, ForS: int(lasts.Seconds())})
}

// WithdrawOffer takes that back.
func (r *Room) WithdrawOffer(ctx context.Context, who room.ParticipantID) error {
	return r.order(ctx, room.WithdrawOffer{Participant: who})
}

// AnswerOffer accepts or declines what one was asked (Mirror.You.Offer). An
// offer that does not stand any more is room.CodeConflict.
func (r *Room) AnswerOffer(ctx context.Context, accept bool) error {
	return r.order(ctx, room.AnswerOffer{Accept: accept})
}

// LeaveStage gives one's role back, to be a viewer.
func (r *Room) LeaveStage(ctx context.Context) error { return r.order(ctx, room.LeaveStage{}) }

// Rename gives somebody another name, if theirs misleads others.
func (r *Room) Rename(ctx context.Context, who room.ParticipantID, first, last, reason string) error {
	return r.order(ctx, room.RenamePerson{Participant: who, FirstName: first, LastName: last, Reason: reason})
}

// Tell writes to somebody who waits to be let in.
func (r *Room) Tell(ctx context.Context, who room.ParticipantID, text string) error {
	return r.order(ctx, room.TellKnocker{Participant: who, Text: text})
}
