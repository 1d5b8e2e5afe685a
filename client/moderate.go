package client

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// What moderators and managers do. Somebody of one's own rank or above is
// room.CodeForbidden, as is everything for who may not.

// Mute keeps somebody from writing into the chat; reason may be empty and is
// told to them.
func (r *Room) Mute(ctx context.Context, who room.ParticipantID, reason string) error {
	return r.order(ctx, room.MutePerson{Participant: who, Reason: reason})
}

// Unmute lets them write again.
func (r *Room) Unmute(ctx context.Context, who room.ParticipantID) error {
	return r.order(ctx, room.UnmutePerson{Participant: who})
}

// Remove sends somebody out, who may come back by their link.
func (r *Room) Remove(ctx context.Context, who room.ParticipantID, reason string) error {
	return r.order(ctx, room.RemovePerson{Participant: who, Reason: reason})
}

// Ban sends somebody out for good: by room.BanInvitation alone, with their
// address, or with all viewers of its domain.
func (r *Room) Ban(ctx context.Context, who room.ParticipantID, scope room.BanScope, reason string) error {
	return r.order(ctx, room.BanPerson{Participant: who, By: scope, Reason: reason})
}

// Unban takes a ban or a removal back.
func (r *Room) Unban(ctx context.Context, who room.ParticipantID) error {
	return r.order(ctx, room.UnbanPerson{Participant: who})
}

// Moderation lists who is muted, removed and banned, and what was reported,
// newest first.
func (r *Room) Moderation(ctx context.Context) (room.Moderation, error) {
	return answer[room.Moderation](r.Do(ctx, "", room.ModerationPage{}))
}

// Report tells moderators of a message of the chat. Everybody inside may.
func (r *Room) Report(ctx context.Context, id, reason string) error {
	return r.order(ctx, room.ReportMessage{ID: id, Reason: reason})
}

// SettleReport leaves a reported message.
func (r *Room) SettleReport(ctx context.Context, id string) error {
	return r.order(ctx, room.SettleReport{ID: id})
}

// ClearChat takes every message out of everybody's sight.
func (r *Room) ClearChat(ctx context.Context) error { return r.order(ctx, room.ClearChat{}) }

// SetSettings changes what is not nil.
func (r *Room) SetSettings(ctx context.Context, change room.SetSettings) error {
	return r.order(ctx, change)
}

// Admit lets people in from the waiting room, all of them if none is named.
// Whom somebody else has sent away meanwhile is room.CodeConflict.
func (r *Room) Admit(ctx context.Context, who ...room.ParticipantID) error {
	return r.order(ctx, room.GrantEntry{Participants: room.Knockers{IDs: who, All: len(who) == 0}})
}

// Deny sends people of the waiting room away, all of them if none is named.
func (r *Room) Deny(ctx context.Context, reason string, who ...room.ParticipantID) error {
	return r.order(ctx, room.DenyEntry{Participants: room.Knockers{IDs: who, All: len(who) == 0}, Reason: reason})
}

// WaitingPage lists who waits to be let in, longest first.
func (r *Room) WaitingPage(ctx context.Context, page room.KnockPage) (room.Knocks, error) {
	return answer[room.Knocks](r.Do(ctx, "", page))
}

// Announce tells something to everybody, or with room.ToInside, room.ToWaiting
// or room.ToStaff to some, also to who comes later. It stands for so long, in
// whole seconds; with 0 until it is withdrawn.
func (r *Room) Announce(ctx context.Context, text, to string, stands time.Duration) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.Announce{Text: text, To: to, ExpiresInS: int(stands.Seconds())}))
}

// WithdrawAnnouncement takes one back.
func (r *Room) WithdrawAnnouncement(ctx context.Context, id string) error {
	return r.order(ctx, room.WithdrawAnnouncement{ID: id})
}

// Pin pins a message of the chat in place of another one.
func (r *Room) Pin(ctx context.Context, id string) error { return r.order(ctx, room.SetPin{ID: id}) }

// Unpin takes the pinned message down.
func (r *Room) Unpin(ctx context.Context) error { return r.order(ctx, room.ClearPin{}) }

// Source puts a page of an origin that the site allows on the stage; nothing,
// if address is empty.
func (r *Room) Source(ctx context.Context, address string) error {
	return r.order(ctx, room.SetSource{URL: address, None: address == ""})
}

func (r *Room) order(ctx context.Context, c room.Command) error {
	_, err := r.Do(ctx, "", c)
	return err
}
