package hub

import (
	"context"
	"encoding/json"

	"greenroom/hub/room"
)

// topic is where the instances tell each other about a room.
func topic(id room.ID) string { return "room." + string(id) }

// shout is a message between instances. Events are there if they are small;
// otherwise, and after every loss, the log is read.
type shout struct {
	From   string   `json:"from"` // instance
	First  room.Seq `json:"first,omitempty"`
	Last   room.Seq `json:"last,omitempty"`
	Events []packed `json:"events,omitempty"`
	Beat   *beat    `json:"beat,omitempty"`

	Reactions map[string]int `json:"reactions,omitempty"` // of the last second

	// Invitations of which something beside the log has changed, as their mail.
	Touched []room.InvitationID `json:"touched,omitempty"`
}

type packed struct {
	Seq         room.Seq           `json:"seq"`
	At          room.Millis        `json:"at"`
	Participant room.ParticipantID `json:"participant,omitempty"`
	Key         room.Key           `json:"key,omitempty"`
	Kind        string             `json:"kind"`
	Fact        json.RawMessage    `json:"fact"`
}

const maxShout = 32 << 10

// publish shouts what was appended. A shout that is lost is found by the head
// check.
func (r *liveRoom) publish(events []room.Event) {
	if len(events) == 0 || deaf() {
		return
	}
	m := shout{From: r.hub.instance, First: events[0].Seq, Last: events[len(events)-1].Seq}
	size := 0
	for _, e := range events {
		kind, fact, err := room.EncodeFact(e.Fact)
		if err != nil || size > maxShout {
			m.Events = nil
			break
		}
		size += len(fact) + 200
		m.Events = append(m.Events, packed{e.Seq, e.At, e.Participant, e.Key, kind, fact})
	}
	if size > maxShout {
		m.Events = nil
	}
	r.shout(m)
}

func (r *liveRoom) shout(m shout) { r.hub.shout(r.ctx, r.id, m) }

func (h *Hub) shout(ctx context.Context, id room.ID, m shout) {
	text, err := json.Marshal(m)
	if err == nil {
		err = h.broker.Publish(ctx, topic(id), text)
	}
	if err != nil && ctx.Err() == nil {
		h.metrics.publishErrors.Inc()
		h.log.Warn("not published; the head check will tell the others", "room", id, "err", err)
	}
}

// hear takes in what another instance, or this one, has shouted.
func (r *liveRoom) hear(msg []byte) {
	var m shout
	if err := json.Unmarshal(msg, &m); err != nil {
		r.hub.log.Warn("unreadable message between instances", "room", r.id, "err", err)
		return
	}
	if m.From == r.hub.instance {
		return
	}
	if m.Beat != nil {
		r.presence.hear(m.From, *m.Beat, r.hub.now())
	}
	r.looks.note(m.Touched...)
	r.sums.heard(m.Reactions)
	head := r.state.Load().Head
	if m.Last <= head {
		return
	}
	if events, ok := unpack(m.Events); ok && m.First <= head+1 {
		r.takeIn(events)
	}
	r.noticeHead(m.Last)
}

func unpack(all []packed) ([]room.Event, bool) {
	events := make([]room.Event, 0, len(all))
	for _, p := range all {
		fact, err := room.DecodeFact(p.Kind, p.Fact)
		if err != nil {
			return nil, false
		}
		events = append(events, room.Event{Seq: p.Seq, At: p.At, Participant: p.Participant, Key: p.Key, Fact: received(fact)})
	}
	return events, len(events) > 0
}

// noticeHead makes the feed catch up with a head seen elsewhere.
func (r *liveRoom) noticeHead(head room.Seq) {
	r.mu.Lock()
	r.behind = max(r.behind, head)
	r.mu.Unlock()
	r.poke()
}
