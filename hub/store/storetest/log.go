package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var logTests = map[string]func(*testing.T, *fixture){
	"since gives the rest in order":     sinceInOrder,
	"since stops early":                 sinceStops,
	"since inside since":                sinceInside,
	"facts of a newer release":          unknownFact,
	"page goes backwards by kind":       pages,
	"heads of many rooms":               manyHeads,
	"due rooms":                         dueRooms,
	"snapshots":                         snapshots,
	"a commit is seen by the next read": readsOwnWrites,
}

func collect(t *testing.T, log iter.Seq2[room.Event, error]) (all []room.Event) {
	t.Helper()
	for e, err := range log {
		ok(t, "since", err)
		all = append(all, e)
	}
	return all
}

// fill appends n notes in batches; the note at place p has the number p.
func (f *fixture) fill(id room.ID, n int) {
	f.t.Helper()
	for from := 0; from < n; from += 1000 {
		f.add(id, room.Seq(from), notes(from+1, min(1000, n-from))...)
	}
}

func sinceInOrder(t *testing.T, f *fixture) {
	f.fill("room", 3000)
	f.fill("neighbour", 10)
	for _, from := range []room.Seq{0, 1, 999, 1024, 2999, 3000, 4000} {
		log := f.since("room", from)
		same(t, fmt.Sprint("events after ", from), len(log), max(0, 3000-int(from)))
		for i, e := range log {
			place := from + 1 + room.Seq(i)
			if e.Seq != place || e.Fact != (room.Opened{Spread: room.Millis(place)}) {
				t.Fatalf("after %d: event %d is %v", from, place, e)
			}
		}
	}
	same(t, "events of a room without a log", len(f.since("nobody", 0)), 0)
}

func sinceStops(t *testing.T, f *fixture) {
	f.fill("room", 1500)
	for range 50 { // more often than there can be connections
		n := 0
		for range f.Since(ctx(t), "room", 0) {
			if n++; n == 3 {
				break
			}
		}
		same(t, "events read", n, 3)
	}
}

// sinceInside: a reader may read and write while it goes through a log.
func sinceInside(t *testing.T, f *fixture) {
	f.fill("room", 30)
	for e, err := range f.Since(ctx(t), "room", 0) {
		ok(t, "since", err)
		same(t, "events after", len(f.since("room", e.Seq)), 30-int(e.Seq))
		f.add("other", e.Seq-1, room.Opened{})
	}
}

// future is a fact of a newer release.
type future struct{}

func (future) Kind() string { return "future.fact" }

func unknownFact(t *testing.T, f *fixture) {
	f.add("room", 0, room.Opened{}, future{}, room.Opened{})
	var known int
	var last error
	for _, err := range f.Since(ctx(t), "room", 0) {
		if last = err; err == nil {
			known++
		}
	}
	same(t, "events before the unknown one", known, 1)
	wantUnknown(t, "since", last)
	wantUnknown(t, "commit", f.Commit(ctx(t), "room", 0, adding(0, room.Opened{})))
	_, err := f.Page(ctx(t), "room", []string{"future.fact"}, 0, 5)
	wantUnknown(t, "page", err)
	same(t, "head", f.head("room"), room.Seq(3))
	f.add("room", 3) // a head that knows it all may still be confirmed
}

func wantUnknown(t *testing.T, what string, err error) {
	t.Helper()
	var unknown room.UnknownFact
	if !errors.As(err, &unknown) || unknown.Name != "future.fact" {
		t.Errorf("%s: got error %v, want room.UnknownFact", what, err)
	}
}

func pages(t *testing.T, f *fixture) {
	var facts []room.Fact
	for i := range 40 {
		switch i % 4 {
		case 0, 1:
			facts = append(facts, room.Opened{})
		case 2:
			facts = append(facts, room.Closed{Reason: fmt.Sprint(i + 1)})
		case 3:
			facts = append(facts, room.Scheduled{StartsAt: room.Millis(i + 1)})
		}
	}
	f.add("room", 0, facts...)
	f.add("neighbour", 0, room.Closed{})
	for _, c := range []struct {
		kinds  []string
		before room.Seq
		limit  int
		want   []room.Seq
	}{
		{[]string{"room.closed"}, 0, 3, []room.Seq{39, 35, 31}},
		{[]string{"room.closed"}, 31, 2, []room.Seq{27, 23}},
		{[]string{"room.closed", "room.scheduled"}, 0, 5, []room.Seq{40, 39, 36, 35, 32}},
		{[]string{"room.scheduled", "room.closed", "room.closed"}, 8, 9, []room.Seq{7, 4, 3}},
		{[]string{"room.closed"}, 3, 9, nil},
		{[]string{"room.deleted", "room.closed"}, 4, 9, []room.Seq{3}},
		{[]string{"room.closed"}, 0, 0, nil},
		{nil, 0, 5, nil},
	} {
		got, err := f.Page(ctx(t), "room", c.kinds, c.before, c.limit)
		ok(t, "page", err)
		same(t, fmt.Sprintf("page of %v before %d", c.kinds, c.before), seqs(got), c.want)
	}
	got, err := f.Page(ctx(t), "room", []string{"room.closed"}, 0, 1)
	ok(t, "page", err)
	same(t, "an event of a page", got, f.since("room", 38)[:1])
}

func manyHeads(t *testing.T, f *fixture) {
	var ids []room.ID
	want := map[room.ID]room.Seq{}
	for i := range 600 {
		ids = append(ids, room.ID(fmt.Sprint("room", i)))
	}
	for i, id := range ids {
		if i%50 == 0 {
			f.add(id, 0, notes(0, 1+i%7)...)
			want[id] = room.Seq(1 + i%7)
		}
	}
	got, err := f.Heads(ctx(t), ids)
	ok(t, "heads", err)
	same(t, "heads", got, want)
	got, err = f.Heads(ctx(t), nil)
	ok(t, "no heads", err)
	same(t, "no heads", len(got), 0)
}

func dueRooms(t *testing.T, f *fixture) {
	start := room.Millis(f.clock.now().UnixMilli())
	for id, row := range map[room.ID]store.RoomRow{
		"past":    {StartsAt: start - 1, State: "scheduled"},
		"now":     {StartsAt: start, State: "scheduled"},
		"soon":    {StartsAt: start + 1, State: "scheduled"},
		"open":    {StartsAt: start - 1, State: "open"},
		"deleted": {StartsAt: start - 1, State: "deleted"},
	} {
		row.ID = id
		f.write(id, row)
	}
	wantDue(t, f, "past", "now")
	f.clock.move(time.Millisecond)
	wantDue(t, f, "past", "now", "soon")
	f.write("now", store.RoomRow{ID: "now", StartsAt: start, State: "open"})
	wantDue(t, f, "past", "soon")
	f.write("open", store.WakeRow{Room: "open", At: start + 2})
	f.write("past", store.WakeRow{Room: "past", At: start})
	wantDue(t, f, "past", "soon")
	f.clock.move(time.Millisecond)
	wantDue(t, f, "past", "soon", "open")
	f.write("open", store.RoomRow{ID: "open", StartsAt: start, State: "closed"})
	wantDue(t, f, "past", "soon", "open")
	f.write("open", store.WakeRow{Room: "open"})
	wantDue(t, f, "past", "soon")
}

func wantDue(t *testing.T, f *fixture, want ...room.ID) {
	t.Helper()
	got, err := f.Due(ctx(t))
	ok(t, "due", err)
	slices.Sort(got)
	slices.Sort(want)
	same(t, "due rooms", got, want)
}

func snapshots(t *testing.T, f *fixture) {
	expect := func(seq room.Seq, state []byte) {
		t.Helper()
		gotSeq, got, err := f.Snapshot(ctx(t), "room")
		ok(t, "snapshot", err)
		if gotSeq != seq || !bytes.Equal(got, state) {
			t.Errorf("snapshot at %d of %d bytes, want %d of %d", gotSeq, len(got), seq, len(state))
		}
	}
	expect(0, nil)
	large := bytes.Repeat([]byte{0, 1, 0xff}, 1<<20)
	ok(t, "put", f.PutSnapshot(ctx(t), "room", 20, large))
	expect(20, large)
	ok(t, "put an older one", f.PutSnapshot(ctx(t), "room", 10, []byte("old")))
	expect(20, large)
	ok(t, "put a newer one", f.PutSnapshot(ctx(t), "room", 30, []byte("new")))
	expect(30, []byte("new"))
	ok(t, "put for another room", f.PutSnapshot(ctx(t), "other", 40, nil))
	expect(30, []byte("new"))
}

func readsOwnWrites(t *testing.T, f *fixture) {
	other := f.again()
	for i := range room.Seq(50) {
		f.add("room", i, room.Opened{})
		same(t, "events after", len(f.since("room", i)), 1)
		same(t, "events after, by another opener", len(collect(t, other.Since(ctx(t), "room", i))), 1)
	}
}
