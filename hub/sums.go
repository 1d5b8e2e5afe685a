package hub

import (
	"maps"
	"sync"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// sums are what people are told about once a second instead of one by one:
// votes, whose numbers are the state's, and reactions, which are in no log.
type sums struct {
	// guarded by mu
	mu       sync.Mutex
	voted    map[string]bool // questions since the last telling
	own      map[string]int  // reactions here since then
	received map[string]int  // reactions of other instances since then
}

// vote notes that a question's number has changed.
func (x *sums) vote(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.voted == nil {
		x.voted = map[string]bool{}
	}
	x.voted[id] = true
}

// react counts a reaction.
func (x *sums) react(emoji string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.own = added(x.own, map[string]int{emoji: 1})
}

// heard takes in the reactions of another instance. Kinds of a newer release
// are left out.
func (x *sums) heard(counts map[string]int) {
	if len(counts) == 0 {
		return
	}
	known := map[string]int{}
	for _, emoji := range room.Reactions {
		known[emoji] = max(0, counts[emoji])
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.received = added(x.received, known)
}

func added(to, more map[string]int) map[string]int {
	if to == nil {
		to = map[string]int{}
	}
	for emoji, n := range more {
		if n > 0 {
			to[emoji] += n
		}
	}
	return to
}

func sum(counts map[string]int) (n int) {
	for _, one := range counts {
		n += one
	}
	return n
}

// take gives what has gathered and begins anew.
func (x *sums) take() (voted []string, own, all map[string]int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for id := range x.voted {
		voted = append(voted, id)
	}
	own, all = x.own, added(maps.Clone(x.own), x.received)
	x.voted, x.own, x.received = nil, nil, nil
	return voted, own, all
}

// tellSums tells everybody inside, and the other instances, what has gathered.
// It runs once a second.
func (r *liveRoom) tellSums() {
	voted, own, all := r.sums.take()
	if len(own) > 0 {
		r.shout(shout{From: r.hub.instance, Reactions: own})
		r.visits.react(room.Millis(r.hub.Now().UnixMilli()), sum(own))
	}
	var signals [][]byte
	if votes := r.state.Load().Votes(voted); len(votes) > 0 {
		signals = append(signals, votesSignal(votes))
	}
	if len(all) > 0 {
		signals = append(signals, wire.AppendSignal(nil, wire.SignalReactions, wire.Encode(wire.Reactions{Counts: all})))
	}
	if len(signals) == 0 {
		return
	}
	frame := wire.NewFrame(signals...)
	r.signalAll(ofSums, byClass{room.Audience: frame, room.Staff: frame, room.Moderators: frame, room.Managers: frame})
}

func votesSignal(votes map[string]int) []byte {
	return wire.AppendSignal(nil, wire.SignalVotes, wire.Encode(wire.Votes{Votes: votes}))
}

// votesSince is what somebody inside has to be told of votes who was shown the
// room at a place or has resumed. Votes are no events that are missed, and what
// was told while the session was held has been dropped. The caller holds the
// session's mu, so that whatever is told from now on reaches it.
func (r *liveRoom) votesSince(head room.Seq, resumed bool) []byte {
	now := r.state.Load()
	votes := now.OpenVotes()
	if len(votes) == 0 || !resumed && now.Head == head {
		return nil
	}
	return wire.NewFrame(votesSignal(votes))
}

// react counts a reaction of somebody who may. Nothing of it is kept, so the
// room as this hub knows it is judge enough; but a refusal is judged at the
// head, like every other.
func (s *Session) react(id uint32, c room.ReactionSend) (counted bool) {
	if _, err := s.room.state.Load().Decide(s.Actor(), c, "", s.room.hub.Now()); err != nil {
		return false
	}
	s.room.hub.metrics.observeCommand(c, nil)
	s.room.sums.react(c.Emoji)
	s.reply(id, []byte("{}"), false)
	return true
}
