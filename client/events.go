package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"greenroom/hub/room"
)

// Names of events that the client itself adds to those of the server.
const (
	// Fresh says that the mirror was filled anew: forget what was derived from
	// earlier events and read it. It comes first, after every snapshot, and in
	// place of events that an iterator was too slow to take.
	Fresh = "client.fresh"
	// Lost says that the connection is gone and will be tried again; Err says why.
	Lost = "client.lost"
	// Back says that the connection is there again. What was missed follows, or Fresh.
	Back = "client.back"
)

// Event is something that happened in the room, or a signal of how it is.
type Event struct {
	Name   string          // as in PROTOCOL §4 and §8, or Fresh, Lost, Back
	Signal bool            // volatile: only the last of its name matters
	Pos    room.Seq        // place in the room's log; 0 for signals
	At     room.Millis     // when it happened, by the server's clock; 0 for signals
	Data   json.RawMessage // decode it into the type of package room, see Decode
	Err    error           // of Lost
}

// Decode reads the event's data: into room.Posted for chat.posted, room.MeRole
// for me.role and so on (hub/room/show.go).
func (e Event) Decode(into any) error {
	if err := json.Unmarshal(e.Data, into); err != nil {
		return fmt.Errorf("client: %s: %w", e.Name, err)
	}
	return nil
}

// maxQueued bounds the data that waits for one iterator, in bytes.
const maxQueued = 256 << 10

// subscription is one iterator's queue. Everything is guarded by Room.mu.
type subscription struct {
	queue []Event
	bytes int
	wake  chan struct{} // holds one
}

// Events gives what happens from now on, beginning with [Fresh]: read the
// mirror, then follow. Several iterations may run at once, each sees
// everything. Commands may be asked in the loop's body; who stays there for
// long gets Fresh in place of what did not fit the queue ([WithQueue]).
//
// The iteration ends with the error of [Room.Err] when the server ends the
// room for this person, with ctx's error when that ends, and without one after
// [Room.Close].
func (r *Room) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		s := r.subscribe()
		defer r.unsubscribe(s)
		for {
			ev, err := r.nextEvent(ctx, s)
			if err == ErrLeft {
				return
			}
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

func (r *Room) subscribe() *subscription {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &subscription{wake: make(chan struct{}, 1), queue: []Event{{Name: Fresh, Pos: r.mirror.Pos}}}
	r.subs = append(r.subs, s)
	return s
}

func (r *Room) unsubscribe(s *subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.subs = slices.DeleteFunc(r.subs, func(other *subscription) bool { return other == s })
}

func (r *Room) nextEvent(ctx context.Context, s *subscription) (Event, error) {
	for {
		if ev, ok := r.pop(s); ok {
			return ev, nil
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return Event{}, ctx.Err()
		case <-r.done:
			if ev, ok := r.pop(s); ok {
				return ev, nil
			}
			return Event{}, r.Err()
		}
	}
}

func (r *Room) pop(s *subscription) (Event, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(s.queue) == 0 {
		s.queue = nil
		return Event{}, false
	}
	ev := s.queue[0]
	s.queue[0] = Event{}
	s.queue = s.queue[1:]
	s.bytes -= len(ev.Data)
	return ev, true
}

// publish puts an event into every queue. The caller holds mu; the data is
// copied, it lies in the read buffer.
func (r *Room) publish(ev Event) {
	if len(r.subs) == 0 {
		return
	}
	ev.Data = bytes.Clone(ev.Data)
	for _, s := range r.subs {
		if s.bytes += len(ev.Data); len(s.queue) >= r.o.queue || s.bytes > maxQueued {
			s.queue, s.bytes = append(s.queue[:0:0], Event{Name: Fresh, Pos: r.mirror.Pos}), 0
		} else {
			s.queue = append(s.queue, ev)
		}
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}
