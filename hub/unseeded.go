//go:build !seeded

package hub

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// The places of the bugs that are sown on purpose, to prove the fault rig
// (seeded.go). Here each does what is right; the compiler leaves nothing of it.

func (t *turn) clock(now time.Time) time.Time            { return now }
func (t *turn) answerEarly()                             {}
func (t *turn) opening(events []room.Event) []room.Event { return events }
func (o outcome) told() outcome                          { return o }
func deaf() bool                                         { return false }
func received(f room.Fact) room.Fact                     { return f }
func resent(missed []wire.Frame) []wire.Frame            { return missed }
func silentTooLong(silent time.Duration) bool            { return silent > beatLife }
func (p *presence) gossip()                              {}
func (s *Session) sees() room.Class                      { return room.ClassOf(s.phase, s.role) }
func (s *Session) before(role room.Role) room.Role       { return role }
func roleSet(f room.Fact) room.ParticipantID             { return room.RoleSet(f) }
func sentOut(p *room.Person) (out, forGood bool)         { return p.SentOut() }
func lingers(room.Fact) bool                             { return false }
func (s *Session) oversleeps(room.Fact) bool             { return false }
func strange(*room.Person, room.Actor) error             { return nil }

func inTurn(ctx context.Context, do func(context.Context)) { do(ctx) }
