package hub

import (
	"time"

	"greenroom/hub/room"
)

// In a busy room one write serves all that came since the last one: to tell
// everybody of each message by itself would take all of the machine, and who
// reads sees no difference. What is shown after a silence never waits. People
// whose rights change never wait at all (liveRoom.rush).
//
// So nobody is sent more than 1/leastRest frames of events a second, whatever
// viewers write, and people of a crowded room fewer. A few people write no more
// than that anyhow.
const (
	fewPeople     = 50
	restPerPerson = 40 * time.Microsecond // five times what one write costs
	leastRest     = 50 * time.Millisecond
	mostRest      = 250 * time.Millisecond

	// What is no chatter waits this part of it, without the least.
	urgentPart = 4
)

// calm says whether a fact is one of those that come in crowds and that nobody
// needs at once: who did it is answered without it.
func calm(f room.Fact) bool {
	switch f.(type) {
	case room.ChatPosted, room.ChatLiked, room.QuestionAsked, room.QuestionVoted, room.InteractionAnswered,
		room.HandRaised, room.HandLowered, room.Claimed:
		return true
	}
	return false
}

// urgent says whether a batch holds what is not calm.
func (b *batch) urgent() bool {
	for _, d := range b.deliveries {
		if !calm(d.event.Fact) {
			return true
		}
	}
	return false
}

// rest is how long what waits has to wait since the last walk began.
func rest(people int, urgent bool) time.Duration {
	all := time.Duration(people) * restPerPerson
	switch {
	case people < fewPeople:
		return 0
	case urgent:
		return min(all, mostRest) / urgentPart
	}
	return min(max(all, leastRest), mostRest)
}

// due is how long what waits still has to wait; 0: not at all, or nothing waits.
// It runs on the fan-out goroutine.
func (r *liveRoom) due() time.Duration {
	pending := r.fan.waiting()
	if len(pending) == 0 || r.fan.walked.IsZero() {
		return 0
	}
	urgent := false
	for _, b := range pending {
		urgent = urgent || b.urgent()
	}
	return rest(r.members.len(), urgent) - time.Since(r.fan.walked)
}
