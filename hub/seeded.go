//go:build seeded

package hub

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Bugs that are sown on purpose: the fault rig is proven by servers that have
// one of them. They are only in builds with the tag seeded, and each only where
// GREENROOM_SEEDED_BUG names it. unseeded.go has what is right instead.
var bug = os.Getenv("GREENROOM_SEEDED_BUG")

// clock is that of this machine, and the door opens by it.
func (t *turn) clock(now time.Time) time.Time {
	if bug == "local-clock" {
		return t.room.hub.now()
	}
	return now
}

// answerEarly answers to messages before the commit, which takes its time then.
func (t *turn) answerEarly() {
	if bug != "early-ok" {
		return
	}
	early := false
	for i, o := range t.ops {
		if _, chat := o.command.(room.ChatPost); chat && t.outcomes[i].err == nil && len(t.outcomes[i].events) > 0 {
			out := t.outcomes[i]
			out.state = t.step
			o.done <- out
			t.ops[i] = &op{actor: o.actor, command: o.command, key: o.key, rows: o.rows, done: make(chan outcome, 1)}
			early = true
		}
	}
	if early {
		time.Sleep(300 * time.Millisecond)
	}
}

// opening opens the door twice.
func (t *turn) opening(events []room.Event) []room.Event {
	if bug == "double-door" && len(events) == 1 {
		second := events[0]
		second.Seq++
		return append(events, second)
	}
	return events
}

// told refuses some of what has happened.
func (o outcome) told() outcome {
	if bug == "done-and-refused" && o.err == nil && len(o.events) > 0 && rand.IntN(10) == 0 {
		if _, chat := o.events[0].Fact.(room.ChatPosted); chat {
			o.err = &room.Refusal{Code: room.CodeForbidden, Message: "No."}
		}
	}
	return o
}

// deaf is half of the time: nothing is published, and heads that are seen
// elsewhere are not minded.
func deaf() bool { return bug == "lost-publish" && time.Now().Unix()%8 < 4 }

// received garbles some of what comes from other instances.
func received(f room.Fact) room.Fact {
	if post, ok := f.(room.ChatPosted); ok && bug == "other-words" && rand.IntN(5) == 0 {
		post.Text += "!"
		return post
	}
	return f
}

// resent shows what was missed twice, or not to its end.
func resent(missed []wire.Frame) []wire.Frame {
	switch {
	case bug == "doubled-resume":
		return slices.Concat(missed, missed)
	case bug == "short-resume" && len(missed) > 0:
		return missed[:len(missed)-1]
	}
	return missed
}

// silentTooLong never forgets an instance.
func silentTooLong(silent time.Duration) bool { return bug != "ghosts" && silent > beatLife }

// gossip tells the others of each who comes or goes.
func (p *presence) gossip() {
	if bug == "gossip" && p.room.state.Load() != nil {
		own := p.own
		go p.room.shout(shout{From: p.room.hub.instance, Beat: &own})
	}
}

var demoted sync.Map // *Session to until when it goes on to see what it saw

// sees goes on with what the person was for a while, or leaves things out.
func (s *Session) sees() room.Class {
	class := room.ClassOf(s.phase, s.role)
	if until, ok := demoted.Load(s); ok && class == room.Audience && time.Now().Before(until.(time.Time)) {
		return room.Staff
	}
	if bug == "lost-frame" && class == room.Audience && rand.IntN(40) == 0 {
		return room.Waiting
	}
	return class
}

// before hides that somebody's role is another, and notes who was demoted.
func (s *Session) before(role room.Role) room.Role {
	switch {
	case bug == "silent-role":
		return s.role
	case bug == "late-demotion" && role.Staff() && !s.role.Staff():
		demoted.Store(s, time.Now().Add(3*time.Second))
	}
	return role
}

// roleSet hides it, too.
func roleSet(f room.Fact) room.ParticipantID {
	if bug == "silent-role" {
		return ""
	}
	return room.RoleSet(f)
}

// sentOut lets people stay who were sent out.
func sentOut(p *room.Person) (out, forGood bool) {
	if bug == "lingering" {
		return false, false
	}
	return p.SentOut()
}

// lingers leaves connections open whose ground is gone: those of an older
// device, or of a link that was withdrawn.
func lingers(f room.Fact) bool {
	switch f.(type) {
	case room.Freed, room.Claimed:
		return bug == "forgotten-device"
	case room.Revoked:
		return bug == "lingering"
	}
	return false
}

// oversleeps does not wake who has not proved their address when the door opens.
func (s *Session) oversleeps(f room.Fact) bool {
	_, opened := f.(room.Opened)
	return bug == "silent-door" && opened && s.actor.Claim == 0
}

var met sync.Map // Hash of a device that came here before it claimed

// strange knows a device only where it has claimed: on this instance, as long
// as that lives.
func strange(p *room.Person, by room.Actor) error {
	if bug != "local-devices" || p.Invitation == "" {
		return nil
	}
	if _, claimed := p.ClaimOf(by.Device); !claimed {
		met.Store(by.Device, true)
	} else if _, known := met.Load(by.Device); !known {
		return &room.Refusal{Code: room.CodeOtherDevice, Message: "This link is in use on another device.", Final: true}
	}
	return nil
}

// inTurn does not wait for the command before.
func inTurn(ctx context.Context, do func(context.Context)) {
	if bug != "hasty" {
		do(ctx)
		return
	}
	go do(context.WithoutCancel(ctx))
}
