package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var modelTests = map[string]func(*testing.T, *fixture){
	"the log is what was committed": logEqualsModel,
}

// model is what the logs of some rooms ought to be.
type model struct {
	f    *fixture
	ids  []room.ID
	logs map[room.ID][]room.Event
}

var run atomic.Int64

func logEqualsModel(t *testing.T, f *fixture) {
	rapid.Check(t, func(r *rapid.T) {
		// Every check has rooms of its own in the one store.
		n := run.Add(1)
		m := &model{f: f, logs: map[room.ID][]room.Event{}}
		for i := range 3 {
			m.ids = append(m.ids, room.ID(fmt.Sprint("model", n, ".", i)))
		}
		r.Repeat(map[string]func(*rapid.T){
			"commit": m.commit, "refuse": m.refuse, "misplace": m.misplace, "move clock": m.moveClock,
			"since": m.since, "page": m.page, "heads": m.heads,
		})
		m.heads(r)
		m.whole(r)
	})
}

func (m *model) room(r *rapid.T) room.ID { return rapid.SampledFrom(m.ids).Draw(r, "room") }

// head draws a head that a hub may know.
func (m *model) head(r *rapid.T, id room.ID) room.Seq {
	return room.Seq(rapid.IntRange(0, len(m.logs[id])).Draw(r, "head"))
}

func (m *model) facts(r *rapid.T, least int) []room.Fact {
	fact := rapid.OneOf(
		rapid.Custom(func(r *rapid.T) room.Fact { return room.Opened{Spread: room.Millis(rapid.Int64().Draw(r, "spread"))} }),
		rapid.Custom(func(r *rapid.T) room.Fact { return room.Closed{Reason: rapid.String().Draw(r, "reason")} }),
	)
	return rapid.SliceOfN(fact, least, 5).Draw(r, "facts")
}

// decide checks now and newer against the model.
func (m *model) decide(r *rapid.T, id room.ID, head room.Seq, then decider) decider {
	return func(now time.Time, newer []room.Event) (store.Batch, error) {
		log := m.logs[id]
		equal(r, "newer", newer, log[head:])
		at := m.f.clock.cut().UnixMilli()
		if len(log) > 0 {
			at = max(at, int64(log[len(log)-1].At))
		}
		equal(r, "now", now.UnixMilli(), at)
		return then(now, newer)
	}
}

func (m *model) commit(r *rapid.T) {
	id := m.room(r)
	head, facts := m.head(r, id), m.facts(r, 0)
	key := room.Key(strings.ReplaceAll(rapid.String().Draw(r, "key"), "\x00", "0"))
	var added []room.Event
	err := m.f.Commit(ctx(m.f.t), id, head, m.decide(r, id, head, func(now time.Time, _ []room.Event) (store.Batch, error) {
		added = events(now, room.Seq(len(m.logs[id])), facts...)
		for i := range added {
			added[i].Key, added[i].Participant = key, "p"
		}
		return store.Batch{Events: added}, nil
	}))
	if err != nil {
		r.Fatalf("commit: %v", err)
	}
	m.logs[id] = append(m.logs[id], added...)
}

func (m *model) refuse(r *rapid.T) {
	id := m.room(r)
	head, refusal := m.head(r, id), errors.New("refused")
	err := m.f.Commit(ctx(m.f.t), id, head, m.decide(r, id, head, func(now time.Time, _ []room.Event) (store.Batch, error) {
		return store.Batch{Events: events(now, room.Seq(len(m.logs[id])), room.Opened{})}, refusal
	}))
	if err != refusal {
		r.Fatalf("got %v, want the refusal", err)
	}
}

func (m *model) misplace(r *rapid.T) {
	id := m.room(r)
	facts, off := m.facts(r, 1), rapid.SampledFrom([]int{-1, 1, 2}).Draw(r, "off")
	last := room.Seq(len(m.logs[id]) + off)
	err := m.f.Commit(ctx(m.f.t), id, 0, func(now time.Time, _ []room.Event) (store.Batch, error) {
		return store.Batch{Events: events(now, last, facts...)}, nil
	})
	if err == nil {
		r.Fatal("misplaced events were accepted")
	}
}

func (m *model) moveClock(r *rapid.T) {
	m.f.clock.move(time.Duration(rapid.IntRange(-5000, 10000).Draw(r, "ms")) * time.Millisecond)
}

func (m *model) since(r *rapid.T) {
	id := m.room(r)
	m.compare(r, id, m.head(r, id))
}

// whole compares all logs at the end.
func (m *model) whole(r *rapid.T) {
	for _, id := range m.ids {
		m.compare(r, id, 0)
	}
}

func (m *model) compare(r *rapid.T, id room.ID, head room.Seq) {
	var got []room.Event
	for e, err := range m.f.Since(ctx(m.f.t), id, head) {
		if err != nil {
			r.Fatalf("since: %v", err)
		}
		got = append(got, e)
	}
	equal(r, "since", got, m.logs[id][head:])
}

func (m *model) page(r *rapid.T) {
	id := m.room(r)
	kinds := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"room.opened", "room.closed", "room.edited"}), rapid.ID).Draw(r, "kinds")
	before, limit := m.head(r, id), rapid.IntRange(0, 8).Draw(r, "limit")
	var want []room.Event
	for _, e := range slices.Backward(m.logs[id]) {
		if (before == 0 || e.Seq < before) && slices.Contains(kinds, e.Fact.Kind()) && len(want) < limit {
			want = append(want, e)
		}
	}
	got, err := m.f.Page(ctx(m.f.t), id, kinds, before, limit)
	if err != nil {
		r.Fatalf("page: %v", err)
	}
	equal(r, "page", got, want)
}

func (m *model) heads(r *rapid.T) {
	want := map[room.ID]room.Seq{}
	for id, log := range m.logs {
		if len(log) > 0 {
			want[id] = log[len(log)-1].Seq
		}
	}
	got, err := m.f.Heads(ctx(m.f.t), m.ids)
	if err != nil {
		r.Fatalf("heads: %v", err)
	}
	equal(r, "heads", got, want)
}

func equal[T any](r *rapid.T, what string, got, want T) {
	if diff := cmp.Diff(want, got, emptyIsNil); diff != "" {
		r.Fatalf("%s: (-want +got)\n%s", what, diff)
	}
}

// emptyIsNil compares slices by what they hold.
var emptyIsNil = cmp.FilterValues(func(a, b []room.Event) bool { return len(a) == 0 && len(b) == 0 },
	cmp.Comparer(func(a, b []room.Event) bool { return true }))
