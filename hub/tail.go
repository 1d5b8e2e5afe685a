package hub

import (
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// tail is the newest events of a room, without a gap, for resumes.
type tail struct {
	// guarded by mu
	mu     sync.RWMutex
	events []room.Event
}

func (t *tail) add(e room.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.events) >= 2*wire.ResumeTail {
		t.events = append(make([]room.Event, 0, 2*wire.ResumeTail), t.events[wire.ResumeTail:]...)
	}
	t.events = append(t.events, e)
}

func (t *tail) prepend(older []room.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(older, t.events...)
}

// redact takes out what a state has forgotten. Who reads meanwhile has the
// slice of before, and is shown the fact that forgets behind it.
func (t *tail) redact(s *room.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = slices.Clone(t.events)
	for i, e := range t.events {
		t.events[i], _ = s.Redact(e)
	}
}

func (t *tail) len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.events)
}

// after gives the events behind a place up to head, or false if the tail does
// not reach back so far.
func (t *tail) after(at, head room.Seq) ([]room.Event, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if at == head {
		return nil, true
	}
	if len(t.events) == 0 || at > head {
		return nil, false
	}
	first := t.events[0].Seq
	if at+1 < first || head-at > wire.ResumeTail || head < first {
		return nil, false
	}
	return t.events[at+1-first : head+1-first : head+1-first], true
}

// at gives one event, if the tail has it.
func (t *tail) at(place room.Seq) (room.Event, bool) {
	events, ok := t.after(place-1, place)
	if !ok || len(events) != 1 {
		return room.Event{}, false
	}
	return events[0], true
}

// missed gives the frames that a resuming client has not seen, if it may
// resume: same epoch, same view class ever since, and not too much or too long
// ago. What has been deleted meanwhile is told as deleted only.
func (r *liveRoom) missed(s *room.State, p *room.Person, class room.Class, at *wire.Resume) ([]wire.Frame, bool) {
	if at == nil || at.Epoch != r.hub.epochOf(s) || at.Pos > s.Head || at.Pos < p.Since || at.Pos < s.TurnedAt {
		return nil, false
	}
	events, ok := r.tail.after(at.Pos, s.Head)
	if !ok || class != room.Waiting && r.mayHaveWaited(s, at.Pos) {
		return nil, false
	}
	oldest := room.Millis(r.hub.Now().Add(-wire.ResumeLifetime).UnixMilli())
	var frames []wire.Frame
	bytes := 0
	for _, e := range events {
		if s.Gone(e) {
			continue
		}
		d := &delivery{event: s.Remains(e)}
		d.tells, _ = room.Own(e)
		frame := d.frameTo(p.ID, class)
		if frame == nil {
			continue
		}
		bytes += len(frame)
		if frames = append(frames, frame); len(frames) > wire.ResumeEvents || bytes > wire.ResumeBytes || e.At < oldest {
			return nil, false
		}
	}
	return frames, true
}

// entryGrace is how long after a spread entry somebody may still be on the way in.
const entryGrace = 5 * time.Second

// mayHaveWaited says whether a connection at a place may have been told of the
// opening and not yet been let in, because entry was spread: it has never seen
// what there is inside.
func (r *liveRoom) mayHaveWaited(s *room.State, at room.Seq) bool {
	turned, known := r.tail.at(s.TurnedAt)
	opened, _ := turned.Fact.(room.Opened)
	if known && opened.Spread == 0 {
		return false
	}
	there, found := r.tail.at(at)
	return !found || known && there.At < turned.At+opened.Spread+room.Millis(entryGrace.Milliseconds())
}
