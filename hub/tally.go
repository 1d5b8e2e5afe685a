package hub

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// mostCounted is how many counters of one interaction are read: all numbers,
// and of words so many more than are shown that what a few people who are not
// told yet gave cannot push one of these out.
const mostCounted = 2 * room.ShownWords

// tallies is how the interactions that run stand, as people have been told.
type tallies struct {
	// guarded by mu
	mu      sync.Mutex
	frames  [room.Classes]wire.Frame // nil: nothing runs
	told    map[string]int           // anonymous: how many had answered when the store was asked
	counted map[string]room.Counted
	again   bool                  // somebody sees other things than before
	of      room.InteractionsMark // what the frames are made of
	stale   bool                  // the counts are newer than the frames
}

// renew tells everybody with the next tick, changed or not.
func (t *tallies) renew() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.again = true
}

// frameFor gives the newest tally to somebody who comes.
func (t *tallies) frameFor(to room.Class) wire.Frame {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.frames[to]
}

// tally tells people how the interactions that run stand, if that has changed.
// The sweep calls it once a second: that bounds what a viewer is sent, whatever
// is answered.
func (r *liveRoom) tally(ctx context.Context) {
	s := r.state.Load()
	r.recountBallots(ctx, s)
	changed := r.tallies.encode(s)
	if !slices.ContainsFunc(changed[:], func(f wire.Frame) bool { return f != nil }) {
		return // most of the time: nobody is visited for nothing
	}
	r.signalAll(ofTally, changed)
}

// recountBallots reads what the store tells of those of which a group is whole.
func (r *liveRoom) recountBallots(ctx context.Context, s *room.State) {
	r.tallies.mu.Lock()
	due := s.TallyDue(r.tallies.told)
	r.tallies.mu.Unlock()
	for _, id := range due {
		counted, err := r.hub.store.ToldBallot(ctx, r.id, id, mostCounted)
		if err != nil {
			r.hub.log.Warn("answers are not counted yet", "room", r.id, "err", err)
			return
		}
		r.tallies.take(id, s.Answers(id), counted)
	}
}

func (t *tallies) take(id string, answers int, counted room.Counted) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told == nil {
		t.told, t.counted = map[string]int{}, map[string]room.Counted{}
	}
	t.told[id], t.counted[id], t.stale = answers, counted, true
}

// encode makes each class's frame, if anything it tells has changed since, and
// gives those that are news.
func (t *tallies) encode(s *room.State) (changed byClass) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == s.InteractionsMark() && !t.stale && !t.again {
		return changed
	}
	t.of, t.stale = s.InteractionsMark(), false
	for class := room.Audience; class <= room.Managers; class++ {
		all := s.Tallies(class, t.counted)
		var frame wire.Frame
		if len(all.Items) > 0 {
			frame = wire.NewFrame(wire.AppendSignal(nil, wire.SignalTally, wire.Encode(all)))
		}
		if t.again || !bytes.Equal(frame, t.frames[class]) {
			changed[class] = frame
		}
		t.frames[class] = frame
	}
	if t.again = false; t.frames[room.Managers] == nil {
		t.told, t.counted = nil, nil
	}
	return changed
}

// tellMine tells somebody, in all their tabs, what they have answered.
func (r *liveRoom) tellMine(f room.InteractionAnswered, s *room.State) {
	tabs := r.members.of(f.Participant)
	p, known := s.Participant(f.Participant)
	if len(tabs) == 0 || !known {
		return
	}
	mine := s.MyAnswer(p, f.ID)
	if mine == nil {
		return
	}
	frame := wire.NewFrame(wire.AppendSignal(nil, wire.SignalMine, wire.Encode(mine)))
	for _, tab := range tabs {
		tab.signal(frame)
	}
}

// countClosed puts into the log what the store counted of anonymous answers to
// interactions that have ended: their counters stand still. Of several
// instances the first one does it. It says whether all is done.
func (r *liveRoom) countClosed() bool {
	for _, id := range r.state.Load().Uncounted() {
		ctx, cancel := context.WithTimeout(r.ctx, openTimeout)
		counted, err := r.hub.store.Ballot(ctx, r.id, id, mostCounted)
		cancel()
		if err != nil {
			r.hub.log.Warn("the result of an interaction is not counted yet", "room", r.id, "err", err)
			return false
		}
		o := &op{actor: room.Actor{System: true}, command: room.InteractionCount{ID: id, Counts: counted}, done: make(chan outcome, 1)}
		r.commit([]*op{o})
		if out := <-o.done; out.err != nil {
			return false
		}
	}
	return true
}

// openAnswers answers interaction.answers.
func (r *liveRoom) openAnswers(ctx context.Context, s *room.State, c room.InteractionAnswers) (room.OpenAnswers, error) {
	limit := c.Limit
	if limit <= 0 || limit > maxAnswers {
		limit = maxAnswers
	}
	if s.AnonymousAnswers(c.ID) {
		texts, err := r.hub.store.ToldTexts(ctx, r.id, c.ID, c.After, limit)
		if err != nil {
			return room.OpenAnswers{}, fmt.Errorf("read the answers of room %s: %w", r.id, err)
		}
		return texts.Page(limit), nil
	}
	return r.namedAnswers(ctx, s, c, limit)
}

// maxAnswers are on one page: the longest still fit a frame.
const maxAnswers = 20

// namedAnswers reads back through the log until a page is full. Others'
// answers stand between them, so it may have to read on.
func (r *liveRoom) namedAnswers(ctx context.Context, s *room.State, c room.InteractionAnswers, limit int) (page room.OpenAnswers, err error) {
	page.Items = []room.NamedAnswer{}
	for place := c.AnswersBefore(); ; {
		events, err := r.hub.store.Page(ctx, r.id, []string{room.InteractionAnswered{}.Kind()}, place, pageRead)
		if err != nil {
			return page, fmt.Errorf("read the answers of room %s: %w", r.id, err)
		}
		for i := range events {
			one := s.AnswersFromLog(c, events[i:i+1])
			if len(one.Items) == 0 {
				continue
			}
			page.Items, page.Next = append(page.Items, one.Items...), one.Next
			if len(page.Items) == limit {
				return page, nil
			}
		}
		if len(events) < pageRead || !s.Asked(c.ID, events[len(events)-1].Seq) {
			page.Next = ""
			return page, nil
		}
		place = events[len(events)-1].Seq
	}
}

// pageRead is how many events are read at once.
const pageRead = 500
