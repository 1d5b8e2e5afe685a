package hub

import (
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// deliver shows a batch to a session, once; a session whose hello is not
// answered yet is shown it after that, and one of staff, when nobody knows
// whether the room is as the store has it, when that is known.
func (s *Session) deliver(b *batch, stale bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.holding:
		s.held = append(s.held, b.bare())
	case s.withholds(stale):
		s.withhold(b.bare())
		s.send(wire.Join(b.aside[room.ClassOf(s.phase, s.role)]))
	default:
		s.show(b)
	}
}

// show is deliver for whoever holds mu. Who has been shown a part of the batch
// already, because a change of rights went ahead, is shown the rest.
func (s *Session) show(b *batch) {
	if s.ended {
		return
	}
	if b.last() <= s.pos {
		s.send(wire.Join(b.aside[room.ClassOf(s.phase, s.role)]))
		return
	}
	if s.pos < b.first() && !b.special(s.participant) {
		s.send(b.framesFor(s.sees()))
		s.pos = b.last()
		return
	}
	for _, d := range b.deliveries {
		if d.event.Seq <= s.pos {
			continue
		}
		if d.concerns(s.participant) {
			s.turn(d)
		} else {
			s.send(d.frameTo(s.participant, s.sees()))
		}
		s.pos = d.event.Seq
	}
	s.send(wire.Join(b.aside[room.ClassOf(s.phase, s.role)]))
}

// turn shows an event that may change what the person is, sees or may do. The
// caller holds mu.
func (s *Session) turn(d *delivery) {
	p, ok := d.after.Participant(s.participant)
	if !ok {
		return
	}
	if s.over(d, p) || s.oversleeps(d.event.Fact) {
		return
	}
	s.keepClaim(p)
	was, wasRole := s.phase, s.role
	phase := d.after.Phase(p, s.actor)
	if opened, ok := d.event.Fact.(room.Opened); ok && opened.Spread > 0 && phase == room.PhaseLive && s.phase != room.PhaseBackstage {
		s.send(d.frameFor(room.Waiting))
		s.enterAt = time.UnixMilli(int64(d.event.At)).Add(time.Duration(stableSlot(s.participant)%uint64(opened.Spread)) * time.Millisecond)
		return
	}
	s.role = p.Role
	if !s.enterAt.IsZero() && phase == room.PhaseLive {
		return // still on the way in; the entry will show the new role
	}
	s.phase, s.enterAt = phase, time.Time{}
	s.tell(d, p, was, s.before(wasRole))
}

// tell shows the event and, in the same frame, what it means for this person.
func (s *Session) tell(d *delivery, p *room.Person, was room.Phase, wasRole room.Role) {
	class := room.ClassOf(s.phase, s.role)
	objects := d.objects(class)
	_, claimed := d.event.Fact.(room.Claimed)
	switch {
	case s.phase != was || claimed:
		objects = append(objects, s.phaseChanged(d, p, class))
	case s.role != wasRole || roleSet(d.event.Fact) == s.participant:
		objects = append(objects, s.meRole(d, p, class))
	case room.PersonalTo(d.event.Fact) == s.participant:
		objects = append(objects, s.personal(d, p, class)...)
	default:
		s.send(d.frameFor(class))
		return
	}
	s.send(wire.NewFrame(objects...))
}

// personal tells somebody anew who they are: the same phase, for the sake of
// you. What was done to them they see like a moderator.
func (s *Session) personal(d *delivery, p *room.Person, class room.Class) (objects [][]byte) {
	if !class.Moderates() {
		for _, shown := range room.ShowMeasure(d.event) {
			objects = append(objects, wire.AppendEvent(nil, shown.Event, d.event.Seq, d.event.At, wire.Encode(shown.Data)))
		}
	}
	you := room.PhaseChanged{Phase: s.phase, You: d.after.You(p, s.actor)}
	return append(objects, wire.AppendEvent(nil, "phase.changed", d.event.Seq, d.event.At, wire.Encode(you)))
}

func (s *Session) phaseChanged(d *delivery, p *room.Person, class room.Class) []byte {
	data := wire.Encode(room.PhaseChanged{Phase: s.phase, You: d.after.You(p, s.actor)})
	return wire.AppendEvent(nil, "phase.changed", d.event.Seq, d.event.At, withSnapshot(data, d.views.snapshot(d.after, class)))
}

func (s *Session) meRole(d *delivery, p *room.Person, class room.Class) []byte {
	you := d.after.You(p, s.actor)
	me := room.MeRole{Role: you.Role, Right: you.Right, Rights: you.Rights, UntilAt: you.UntilAt, You: you}
	switch f := d.event.Fact.(type) {
	case room.RoleChanged:
		me.By = f.By.View()
	case room.ManagerSet:
		me.By = f.By.View()
	}
	data := withSnapshot(wire.Encode(me), d.views.snapshot(d.after, class))
	return wire.AppendEvent(nil, "me.role", d.event.Seq, d.event.At, data)
}

// over ends a session whose ground is gone, and says so.
func (s *Session) over(d *delivery, p *room.Person) bool {
	if out, forGood := sentOut(p); out {
		s.sendOut(d, forGood)
		return true
	}
	if lingers(d.event.Fact) {
		return false
	}
	switch f := d.event.Fact.(type) {
	case room.Deleted:
		s.send(d.frameFor(room.Waiting))
		s.endLocked(wire.CloseRoomDeleted)
	case room.Revoked:
		if _, mine := p.ClaimOf(s.actor.Device); mine && f.Finish {
			return false
		}
		s.send(wire.NewFrame(wire.AppendEvent(nil, "me.revoked", d.event.Seq, d.event.At, wire.Encode(room.MeRevoked{Reason: f.Reason}))))
		s.endLocked(wire.CloseInvitationInvalid)
	case room.ManagerRemoved:
		s.send(wire.NewFrame(wire.AppendEvent(nil, "me.removed", d.event.Seq, d.event.At, wire.Encode(room.MeRemoved{}))))
		s.endLocked(wire.CloseRemoved)
	case room.Erased:
		s.send(wire.NewFrame(wire.AppendEvent(nil, "me.removed", d.event.Seq, d.event.At, wire.Encode(room.MeRemoved{}))))
		s.endLocked(wire.CloseRemoved)
	case room.Forgotten:
		if p.Invitation == "" {
			return false
		}
		s.endLocked(wire.CloseInvitationInvalid)
	case room.Freed:
		if s.actor.Claim == 0 {
			return false
		}
		s.endLocked(wire.CloseDisplaced)
	case room.Claimed:
		if _, mine := p.ClaimOf(s.actor.Device); mine {
			return false
		}
		if s.actor.Claim != 0 { // moved away from here
			s.endLocked(wire.CloseDisplaced)
			return true
		}
		if p.Roomy() {
			return false
		}
		if s.asking != 0 { // somebody else was quicker: the answer comes before the end
			no := &room.Refusal{Code: room.CodeOtherDevice, Message: "This link is in use on another device.", SinceAt: d.event.At, Final: true}
			s.send(wire.NewFrame(wire.AppendError(nil, s.asking, wire.ErrorOf(no))))
		}
		s.endLocked(wire.CloseOtherDevice)
	case room.Renewed:
		if s.actor.Claim != 0 || s.actor.Link == f.Link || s.actor.Link == 0 {
			return false
		}
		s.endLocked(wire.CloseInvitationInvalid)
	default:
		return false
	}
	return true
}

// sendOut tells somebody that moderators sent them out, and why.
func (s *Session) sendOut(d *delivery, forGood bool) {
	told, code := room.MeRemoved{}, wire.CloseRemoved
	switch f := d.event.Fact.(type) {
	case room.Removed:
		told.Reason = f.Reason
	case room.Denied:
		told.Reason, told.Denied = f.Reason, true
	case room.Banned:
		told.Reason = f.Reason
	}
	if forGood {
		code = wire.CloseBanned
	}
	s.send(wire.NewFrame(wire.AppendEvent(nil, "me.removed", d.event.Seq, d.event.At, wire.Encode(told))))
	s.endLocked(code)
}

const entryStep = 50 * time.Millisecond

// enterDue lets in those whose turn has come when entry is spread. It runs on
// the fan-out goroutine, between batches, so that a snapshot and the events
// behind it meet without a gap.
func (r *liveRoom) enterDue() {
	if !r.fan.entering || r.hub.now().Before(r.fan.lookAgain) {
		return
	}
	now, more := r.hub.Now(), false
	at := delivery{event: room.Event{Seq: r.fan.shown.Head, At: r.fan.shown.LastAt}, after: r.fan.shown}
	for _, s := range r.members.all() {
		more = !s.enter(&at, now) || more
	}
	r.fan.entering, r.fan.lookAgain = more, time.Time{}
	if more {
		r.fan.lookAgain = r.hub.now().Add(entryStep)
		time.AfterFunc(entryStep, r.fan.nudge)
	}
}

// enter gives false while the session still waits for its turn.
func (s *Session) enter(at *delivery, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.enterAt.IsZero() || s.ended {
		return true
	}
	if now.Before(s.enterAt) || s.pos != at.event.Seq {
		return false
	}
	p, ok := at.after.Participant(s.participant)
	if !ok {
		return true
	}
	s.enterAt = time.Time{}
	s.phase, s.role = at.after.Phase(p, s.actor), p.Role
	s.send(wire.NewFrame(s.phaseChanged(at, p, room.ClassOf(s.phase, s.role))))
	return true
}

// entersUnasked says whether the session belongs to a manager, or to a
// signed-in invited account that waits before the open doors (staff: before
// early entry).
func (s *Session) entersUnasked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	waits := s.phase == room.PhaseLobby || s.phase == room.PhaseCountdown && s.role.Staff()
	return !s.ended && (s.role.Manages() || waits && !s.actor.Verified.IsZero())
}
