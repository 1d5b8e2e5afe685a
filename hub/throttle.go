package hub

import (
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

const abuse = 100 // commands over the limit that no good ones make up for

// throttle keeps a connection within its rates.
func (s *Session) throttle(c room.Command) *room.Refusal {
	now := s.room.hub.now()
	wait := s.commands.take(now)
	if wait == 0 {
		wait = s.throttleKind(c, now)
	}
	if wait == 0 {
		s.limited = max(s.limited-1, 0)
		return nil
	}
	if s.limited++; s.limited > abuse {
		s.end(wire.CloseAbuse)
	}
	return &room.Refusal{Code: room.CodeSlowDown, Message: "That was too quick.", Retry: wait}
}

// throttleKind keeps the kinds of command within theirs: what viewers write and
// raise, and everybody's reactions.
func (s *Session) throttleKind(c room.Command, now time.Time) time.Duration {
	switch c.(type) {
	case room.ChatPost, room.QuestionAsk, room.HandRaise:
		if s.isViewer() {
			return s.voice.take(&s.voice.chat, now)
		}
	case room.ReactionSend:
		return s.voice.take(&s.voice.reacting, now)
	}
	return 0
}

// voice is how much one person may write and react, by all their tabs here
// together: a second tab is no second person.
type voice struct {
	// guarded by mu
	mu       sync.Mutex
	chat     bucket
	reacting bucket
}

func newVoice(now time.Time) *voice {
	return &voice{
		chat:     bucket{rate: wire.ChatPerS, burst: wire.ChatBurst, left: wire.ChatBurst, at: now},
		reacting: bucket{rate: wire.ReactionsPerS, burst: wire.ReactionsBurst, left: wire.ReactionsBurst, at: now}}
}

func (v *voice) take(of *bucket, now time.Time) time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return of.take(now)
}

// bucket is a token bucket without a timer.
type bucket struct {
	rate, burst, left float64
	at                time.Time
}

// take gives 0, or how long until there is a token.
func (b *bucket) take(now time.Time) time.Duration {
	b.left = min(b.left+now.Sub(b.at).Seconds()*b.rate, b.burst)
	b.at = now
	if b.left < 1 {
		return time.Duration((1-b.left)/b.rate*float64(time.Second)).Round(time.Millisecond) + time.Millisecond
	}
	b.left--
	return 0
}
