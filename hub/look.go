package hub

import (
	"context"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Look is the connection of a manager's page that shows a room's invitations.
// It is nobody in the room: it is not counted, not listed, and sees nothing
// but which invitations have changed. The page then asks by HTTP, where it is
// judged anew.
type Look struct {
	// set once
	room  *liveRoom
	conn  Conn
	actor room.Actor

	// owned by the caller of Do
	commands bucket

	// guarded by mu
	mu    sync.Mutex
	ended bool
}

// Bounds of the signal: what does not fit is "anything".
const (
	maxChanged = 100
	maxLooks   = 20 // pages of one account that look at one room
)

// Look lets a manager's page look at a room, or refuses. It answers the
// command itself. The error is a *room.Refusal, or the store's.
func (h *Hub) Look(ctx context.Context, id room.ID, by room.Actor, conn Conn, replyTo uint32) (*Look, error) {
	state, err := h.State(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := mayLook(state, by); err != nil {
		return nil, err
	}
	r, err := h.live(ctx, id, false)
	if err != nil {
		return nil, err
	}
	l := &Look{room: r, conn: conn, actor: by,
		commands: bucket{rate: wire.CommandsPerS, burst: wire.CommandsBurst, left: wire.CommandsBurst, at: h.now()}}
	if !r.looks.add(l) {
		return nil, &room.Refusal{Code: room.CodeForbidden, Message: "This list is open in too many tabs already.", Final: true}
	}
	ok := wire.Looking{Pos: state.Head, Now: room.Millis(h.Now().UnixMilli())}
	l.send(wire.NewFrame(wire.AppendOK(nil, replyTo, wire.Encode(ok), false)))
	r.presence.where(h.now())
	r.looks.judge(r.state.Load()) // what was folded between our two steps
	return l, nil
}

// mayLook judges by the state alone, as commands are.
func mayLook(s *room.State, by room.Actor) *room.Refusal {
	p, manages := s.Manager(by.Account)
	switch {
	case s.Status == room.StatusDeleted:
		return &room.Refusal{Code: room.CodeRoomDeleted, Message: "This session was cancelled.", At: s.ClosedAt, Reason: s.Reason, Final: true}
	case !manages:
		return &room.Refusal{Code: room.CodeNotFound, Message: "There is no such room.", Final: true}
	case !p.Role.May(room.ActManageInvitation):
		return &room.Refusal{Code: room.CodeForbidden, Message: "Your role may not do this.", Final: true}
	}
	return nil
}

// Do answers one command: a page that looks may only ask for the time.
func (l *Look) Do(_ context.Context, q wire.Request) {
	now := room.Millis(l.room.hub.Now().UnixMilli())
	if wait := l.commands.take(l.room.hub.now()); wait > 0 {
		l.refuse(q.ID, &room.Refusal{Code: room.CodeSlowDown, Message: "That was too quick.", Retry: wait})
		return
	}
	if c, asks := q.Command.(wire.Time); asks {
		l.send(wire.NewFrame(wire.AppendOK(nil, q.ID, wire.Encode(wire.Clock{T0: c.T0, T1: now, T2: now}), false)))
		return
	}
	l.refuse(q.ID, &room.Refusal{Code: room.CodeForbidden, Message: "This connection only looks. Say hello on another one."})
}

// Leave ends the look. It may be called more than once.
func (l *Look) Leave() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.room.looks.remove(l)
}

func (l *Look) refuse(id uint32, no *room.Refusal) {
	l.send(wire.NewFrame(wire.AppendError(nil, id, wire.ErrorOf(no))))
}

// send passes a frame on. A connection that fails ends by itself.
func (l *Look) send(frame []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		_ = l.conn.Send(frame)
	}
}

func (l *Look) end(code wire.CloseCode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.ended = true
		l.conn.Close(int(code), code.String())
	}
}

// looks is who looks at a room's invitations here, and what they have not been
// told. Where nobody looks, nothing is kept.
type looks struct {
	room *liveRoom // set once

	// guarded by mu
	mu      sync.Mutex
	list    []*Look
	changed map[room.InvitationID]bool
	all     bool      // anything may have changed
	until   time.Time // up to when expiry was looked for
}

func (l *looks) add(one *Look) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	same := 0
	for _, other := range l.list {
		if other.actor.Account == one.actor.Account {
			same++
		}
	}
	if same >= maxLooks {
		return false
	}
	if len(l.list) == 0 {
		l.until = l.room.hub.Now()
	}
	l.list = append(slices.Clip(l.list), one)
	return true
}

func (l *looks) remove(one *Look) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(slices.Clone(l.list), func(other *Look) bool { return other == one })
	if len(l.list) == 0 {
		l.changed, l.all = nil, false
	}
}

func (l *looks) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.list)
}

func (l *looks) those() []*Look {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.list
}

func everyLook(*Look) bool { return true }

func (l *looks) endIf(code wire.CloseCode, which func(*Look) bool) {
	for _, one := range l.those() {
		if which(one) {
			one.end(code)
		}
	}
}

// judge ends the looks of those who may no longer.
func (l *looks) judge(s *room.State) {
	for _, one := range l.those() {
		if no := mayLook(s, one.actor); no != nil {
			code := wire.CloseRemoved
			if no.Code == room.CodeRoomDeleted {
				code = wire.CloseRoomDeleted
			}
			one.end(code)
		}
	}
}

// see notes what an event changes, and whether somebody looks no more.
func (l *looks) see(d *delivery) {
	if l.len() == 0 {
		return
	}
	switch f := d.event.Fact.(type) {
	case room.Opened, room.Closed, room.Deleted, room.Scheduled:
		l.noteAll()
	case room.Issued:
		l.note(f.Invitation)
	default:
		if who, about := room.Concerns(f); about {
			l.stirred(who)
		}
	}
	if d.after != nil {
		l.judge(d.after)
	}
}

// stirred notes that somebody came, went or changed.
func (l *looks) stirred(id room.ParticipantID) {
	if l.len() == 0 {
		return
	}
	if p, ok := l.room.state.Load().Participant(id); ok && p.Invitation != "" {
		l.note(p.Invitation)
	}
}

// moved notes the difference between what another instance has told.
func (l *looks) moved(was, is *seats) {
	if l.len() == 0 || was == nil && is == nil {
		return
	}
	if was == nil {
		was = new(seats)
	}
	if is == nil {
		is = new(seats)
	}
	s := l.room.state.Load()
	note := func(number int) {
		if p, ok := s.Seated(number); ok && p.Invitation != "" {
			l.note(p.Invitation)
		}
	}
	differ(was.Inside, is.Inside, note)
	differ(was.Waiting, is.Waiting, note)
}

func (l *looks) note(ids ...room.InvitationID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == 0 {
		return
	}
	if l.changed == nil {
		l.changed = map[room.InvitationID]bool{}
	}
	for _, id := range ids {
		l.changed[id] = true
	}
	if len(l.changed) > maxChanged {
		l.all = true
	}
}

func (l *looks) noteAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = len(l.list) > 0
}

// tick tells what has changed, once a second.
func (l *looks) tick(now time.Time) {
	if l.len() == 0 {
		return
	}
	s := l.room.state.Load()
	l.judge(s)
	l.noteExpired(s, now)
	frame := l.take()
	if frame == nil {
		return
	}
	for _, one := range l.those() {
		one.send(frame)
	}
}

// noteExpired notes the links that have expired since it last looked.
func (l *looks) noteExpired(s *room.State, now time.Time) {
	l.mu.Lock()
	from := l.until
	l.until = now
	l.mu.Unlock()
	for p := range s.People {
		if at := time.UnixMilli(int64(p.ExpiresAt)); p.Invitation != "" && at.After(from) && !at.After(now) {
			l.note(p.Invitation)
		}
	}
}

func (l *looks) take() wire.Frame {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.all && len(l.changed) == 0 {
		return nil
	}
	told := wire.InvitationsChanged{IDs: []room.InvitationID{}, All: l.all}
	if !l.all {
		for id := range l.changed {
			told.IDs = append(told.IDs, id)
		}
		slices.Sort(told.IDs)
	}
	l.changed, l.all = nil, false
	return wire.NewFrame(wire.AppendSignal(nil, wire.SignalInvitationsChanged, wire.Encode(told)))
}

// Touch says that something beside the log has changed of an invitation, as
// what became of its mail. Who looks at it, on any instance, is told.
func (h *Hub) Touch(id room.ID, inv room.InvitationID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.touched == nil {
		h.touched = map[room.ID][]room.InvitationID{}
	}
	if len(h.touched[id]) <= maxChanged { // one more than fits says enough
		h.touched[id] = append(h.touched[id], inv)
	}
}

// passTouches tells the instances what was touched since the last sweep, with
// one message a room.
func (h *Hub) passTouches(ctx context.Context) {
	h.mu.Lock()
	touched := h.touched
	h.touched = nil
	h.mu.Unlock()
	for id, all := range touched {
		h.mu.Lock()
		r := h.rooms[id]
		h.mu.Unlock()
		if r != nil {
			r.looks.note(all...)
		}
		h.shout(ctx, id, shout{From: h.instance, Touched: all})
	}
}
