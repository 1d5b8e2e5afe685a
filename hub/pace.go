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
// And one walk after the other goes at a steady pace: thousands of writes at a
// stroke would keep everything else on the machine waiting, the network too.
//
// So nobody is sent more than 1/leastRest frames of events a second, whatever
// viewers write, and people of a crowded room fewer. A few people write no more
// than that anyhow.
const (
	fewPeople     = 50
	restPerPerson = 60 * time.Microsecond // several times what one write costs
	leastRest     = 50 * time.Millisecond
	mostRest      = 300 * time.Millisecond

	// What is no chatter waits this part of it, without the least.
	urgentPart = 4

	stride = 128 // people who are told between two looks at the clock
)

// calm says whether nobody needs an event at once: it is one of those that come
// in crowds, and who did it is answered without it; or the one whom it concerns
// has been told already.
func (d *delivery) calm() bool {
	switch d.event.Fact.(type) {
	case room.ChatPosted, room.ChatLiked, room.QuestionAsked, room.QuestionVoted, room.InteractionAnswered,
		room.HandRaised, room.HandLowered:
		return true
	}
	return d.after != nil && d.whose != ""
}

// urgent says whether a batch holds what is not calm.
func (b *batch) urgent() bool {
	for _, d := range b.deliveries {
		if !d.calm() {
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

// pacer keeps a walk from being quicker than its room needs; nil: it may run.
type pacer struct {
	began time.Time
	whole time.Duration // for everybody
	of    int
}

// pacer gives the pace of a walk that shows a batch. Only where one walk follows
// the other there is one, for nothing urgent, and if the batch is all there is:
// who is behind runs.
func (r *liveRoom) pacer(b *batch, all bool) *pacer {
	people := r.members.len()
	whole := rest(people, false)
	if !all || people < 2*stride || b.urgent() || time.Since(r.fan.walked) > 2*whole {
		return nil
	}
	return &pacer{time.Now(), whole, people}
}

// told says how many have been told, and waits if that was quick.
func (p *pacer) told(n int) {
	if p != nil && n%stride == 0 {
		time.Sleep(p.whole*time.Duration(n)/time.Duration(p.of) - time.Since(p.began))
	}
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
