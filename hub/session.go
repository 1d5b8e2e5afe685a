package hub

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// Join is a hello that has passed the border's checks.
type Join struct {
	Room    room.ID
	Actor   room.Actor
	Conn    Conn
	Hello   wire.Hello
	ReplyTo uint32 // id of the hello
}

// Session is one connection of a participant in a room.
type Session struct {
	// set once
	conn Conn
	slot uint64 // random; spreads what comes to all by and by

	// set when registered
	room        *liveRoom
	participant room.ParticipantID
	voice       *voice

	// guarded by mu
	mu      sync.Mutex
	actor   room.Actor
	pos     room.Seq // shown up to here
	phase   room.Phase
	role    room.Role
	holding bool      // the hello is not answered yet
	held    []*batch  // what came meanwhile
	enterAt time.Time // entry is spread: live from then on
	ended   bool
	asking  uint32 // id of the command of the lobby that is being judged; 0: none

	withheld      []*batch // of a staff session: waits for the store (withhold.go)
	withheldBytes int

	// owned by the caller of Do
	commands bucket
	limited  int // commands refused and not made up for
}

func newSession(j Join, now time.Time) *Session {
	return &Session{conn: j.Conn, actor: j.Actor, slot: rand.Uint64(),
		voice:    newVoice(now),
		commands: bucket{rate: wire.CommandsPerS, burst: wire.CommandsBurst, left: wire.CommandsBurst, at: now}}
}

// Actor is who speaks by this session.
func (s *Session) Actor() room.Actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.actor
}

// admit registers a session behind a state; what comes later is delivered.
// It runs on the feed, so no event falls between.
func (r *liveRoom) admit(o *op, state *room.State) error {
	s := o.session
	// Something in the same commit may have ended what was welcome before.
	if _, err := state.Decide(o.actor, room.Enter{}, "", time.UnixMilli(int64(state.LastAt))); err != nil {
		return err
	}
	p, _ := state.Who(o.actor)
	if no := strange(p, o.actor); no != nil {
		return no
	}
	if r.members.tabs(p.ID, o.actor.Device) >= wire.Connections || len(r.members.of(p.ID)) >= maxStrangers {
		return errTooManyTabs
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return ErrClosed
	}
	s.room, s.participant = r, p.ID
	s.pos, s.role = state.Head, p.Role
	s.keepClaim(p)
	s.phase = state.Phase(p, s.actor)
	s.holding = true
	r.members.add(s)
	r.presence.touch()
	return nil
}

// maxStrangers bounds all connections of one participant: those of strangers
// with a link that nobody has claimed yet.
const maxStrangers = 200

var errTooManyTabs = errors.New("hub: too many connections of one participant")

// turnAway answers a hello of somebody who has too many tabs open. Its close
// code has no error code of its own, so it is sent here.
func (s *Session) turnAway(re uint32) *room.Refusal {
	no := &room.Refusal{Code: room.CodeForbidden, Message: "This room is open in too many tabs already.", Final: true}
	s.refuse(re, no)
	s.end(wire.CloseConnectionLimit)
	return no
}

// keepClaim notes the claim by which the session goes on.
func (s *Session) keepClaim(p *room.Person) {
	if c, ok := p.ClaimOf(s.actor.Device); ok {
		s.actor.Claim = c.Generation
	}
}

// welcome answers the hello and lets out what was held meanwhile.
func (s *Session) welcome(state *room.State, j Join) {
	r := s.room
	p, _ := state.Participant(s.participant)
	w := room.Welcome{Epoch: r.hub.epochOf(state), Pos: state.Head, Mode: "snapshot", Now: room.Millis(r.hub.Now().UnixMilli()), Limits: limits}
	actor := s.Actor()
	w.Phase, w.You = state.Phase(p, actor), state.You(p, actor)
	class := room.ClassOf(w.Phase, p.Role)
	missed, resumed := r.missed(state, p, class, j.Hello.Resume)
	var ok []byte
	if resumed {
		w.Mode = "resumed"
		ok = wire.Encode(w)
	} else {
		ok = withSnapshot(wire.Encode(w), r.views.snapshot(state, class))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = false
	s.send(wire.NewFrame(wire.AppendOK(nil, j.ReplyTo, ok, false)))
	s.send(wire.Join(resent(missed)))
	s.send(r.hub.siteFrame())
	if w.Phase == room.PhaseCountdown || w.Phase == room.PhaseBackstage {
		s.send(countdownFrame(state, w.Now))
	}
	if frame := r.presence.frameFor(class); frame != nil {
		s.send(frame)
	}
	if d := r.degraded.Load(); d != nil && d.On {
		s.send(degradedFrame(*d, p.Role.Staff()))
	}
	s.send(r.tallies.frameFor(class))
	if w.Phase == room.PhaseLive {
		s.send(r.votesSince(state.Head, resumed))
	}
	s.send(r.lineup.frameFor(w.Phase))
	for _, b := range s.held {
		s.show(b)
	}
	s.held = nil
}

var limits = room.Limits{FrameBytes: wire.MaxClientFrame, ChatText: room.MaxChatText, QuestionText: room.MaxQuestion, CommandsPerS: wire.CommandsPerS,
	CommandsBurst: wire.CommandsBurst, ChatPerS: wire.ChatPerS, ChatBurst: wire.ChatBurst, Connections: wire.Connections}

// withSnapshot adds a snapshot, encoded once for many, to an encoded object.
func withSnapshot(object, snapshot []byte) []byte {
	out := make([]byte, 0, len(object)+len(snapshot)+16)
	out = append(out, object[:len(object)-1]...)
	out = append(out, `,"snapshot":`...)
	out = append(out, snapshot...)
	return append(out, '}')
}

// send passes frames to the connection. The caller holds mu. A connection
// that fails ends by itself: its reader calls Leave.
func (s *Session) send(frames []byte) {
	if len(frames) == 0 || s.ended {
		return
	}
	_ = s.conn.Send(frames)
}

// signal sends something volatile.
func (s *Session) signal(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.holding {
		s.send(frame)
	}
}

// end closes the connection with a code.
func (s *Session) end(code wire.CloseCode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked(code)
}

func (s *Session) endLocked(code wire.CloseCode) {
	if s.ended {
		return
	}
	s.ended = true
	s.conn.Close(int(code), code.String())
}

// Leave takes the session out of its room. It may be called more than once.
func (s *Session) Leave() {
	s.mu.Lock()
	s.ended = true
	r := s.room
	s.mu.Unlock()
	if r != nil && r.members.remove(s) {
		r.presence.touch()
	}
}

// Do judges one command and answers it on the connection. Commands of one
// session come one after another.
func (s *Session) Do(ctx context.Context, q wire.Request) { s.DoWith(ctx, q, nil) }

// DoWith is Do with rows that are written in the same transaction as the
// events, as in Hub.Do.
func (s *Session) DoWith(ctx context.Context, q wire.Request, rows func([]room.Event) []store.Row) {
	if no := s.throttle(q.Command); no != nil {
		s.refuse(q.ID, no)
		return
	}
	switch c := q.Command.(type) {
	case wire.Hello, wire.LookInvitations:
		s.refuse(q.ID, &room.Refusal{Code: room.CodeBadRequest, Message: "Hello has been said."})
		return
	case wire.Time:
		s.reply(q.ID, wire.Encode(s.clock(c)), false)
		return
	case room.ReactionSend:
		if s.react(q.ID, c) {
			return
		}
	}
	inTurn(ctx, func(ctx context.Context) { s.judge(ctx, q, rows) })
}

// judge has the room judge a command, and answers it.
func (s *Session) judge(ctx context.Context, q wire.Request, rows func([]room.Event) []store.Row) {
	switch q.Command.(type) {
	case room.LobbyCheck, room.LobbyCode:
		s.asks(q.ID)
		defer s.asks(0)
	}
	o := &op{actor: s.Actor(), command: q.Command, key: q.Key, rows: rows, done: make(chan outcome, 1)}
	err := s.room.enqueue(o)
	var out outcome
	if err == nil {
		out, err = s.room.await(ctx, o)
	}
	if err == nil {
		err = out.err
	}
	if err == nil {
		err = s.answer(ctx, q, out)
	}
	if err != nil {
		s.fail(q.ID, err)
	}
}

func (s *Session) asks(id uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asking = id
}

func (s *Session) answer(ctx context.Context, q wire.Request, out outcome) error {
	ok, err := s.room.body(ctx, s, q.Command, out)
	if err != nil {
		return err
	}
	s.reply(q.ID, wire.Encode(ok), out.again != 0)
	return nil
}

// fail tells a refusal, or that the store cannot answer now.
func (s *Session) fail(id uint32, err error) {
	var no *room.Refusal
	if !errors.As(err, &no) {
		no = &room.Refusal{Code: room.CodeUnavailable, Message: "This cannot be saved right now.", Retry: time.Second}
	}
	s.refuse(id, no)
	if no.Final {
		s.end(wire.CloseFor(no.Code))
	}
}

func (s *Session) refuse(id uint32, no *room.Refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(wire.NewFrame(wire.AppendError(nil, id, wire.ErrorOf(no))))
}

func (s *Session) reply(id uint32, ok []byte, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(wire.NewFrame(wire.AppendOK(nil, id, ok, again)))
}

func (s *Session) clock(c wire.Time) wire.Clock {
	now := room.Millis(s.room.hub.Now().UnixMilli())
	return wire.Clock{T0: c.T0, T1: now, T2: now}
}

func (s *Session) isViewer() bool { return s.Role() == room.Viewer }

// Role is the person's role, as this session has been told.
func (s *Session) Role() room.Role {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.role
}

// Proof is what the lobby asks of this person, as far as this instance knows.
func (s *Session) Proof() room.Proof {
	if s.room.state.Load().LobbyCode {
		return room.ProofCode
	}
	return s.room.hub.Site().Lobby.Of(s.Role())
}

// stableSlot is the same for one participant on all instances, so that tabs
// enter together.
func stableSlot(p room.ParticipantID) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p))
	return h.Sum64()
}
