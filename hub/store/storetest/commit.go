package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var commitTests = map[string]func(*testing.T, *fixture){
	"numbers from one and keeps everything": keepsEverything,
	"newer is what came after head":         givesNewer,
	"empty batch confirms the head":         confirmsHead,
	"wrong places are refused":              refusesWrongPlaces,
	"error of decide comes back":            decideError,
	"panic of decide":                       decidePanic,
	"time never runs backwards in a room":   clampsTime,
	"size of a batch":                       batchSize,
	"head beyond the log":                   headBeyond,
	"context that has ended":                endedContext,
	"context that ends inside decide":       endsInside,
	"two hubs on the same rooms":            twoHubs,
	"rows belong to their events":           rowsAreAtomic,
	"one failure does not fail others":      failuresAlone,
}

func keepsEverything(t *testing.T, f *fixture) {
	facts := []room.Fact{
		room.Created{Title: "Ünïcode 👩‍🚀 \"quoted\" \\ \x00", StartsAt: 5, Speakers: []room.Presenter{{Name: "Ada"}}},
		room.Closed{Reason: "line\nbreak 'and' %_$1"},
		room.Opened{},
	}
	var want []room.Event
	err := f.Commit(ctx(t), "room", 0, func(now time.Time, newer []room.Event) (store.Batch, error) {
		same(t, "now", now, f.clock.cut())
		same(t, "newer", len(newer), 0)
		want = events(now, 0, facts...)
		want[1].Participant, want[1].Key = "p-é", "key'1"
		return store.Batch{Events: want}, nil
	})
	ok(t, "commit", err)
	same(t, "log", f.since("room", 0), want)
	same(t, "a second opener's log", collect(t, f.again().Since(ctx(t), "room", 0)), want)
}

func givesNewer(t *testing.T, f *fixture) {
	f.add("room", 0, notes(1, 3)...)
	f.add("other", 0, notes(50, 2)...)
	for head := range room.Seq(4) {
		err := f.Commit(ctx(t), "room", head, func(_ time.Time, newer []room.Event) (store.Batch, error) {
			same(t, fmt.Sprint("newer than ", head), newer, f.since("room", head))
			return store.Batch{}, nil
		})
		ok(t, "commit", err)
	}
}

func confirmsHead(t *testing.T, f *fixture) {
	f.add("room", 0, notes(1, 2)...)
	called := 0
	err := f.Commit(ctx(t), "room", 2, func(_ time.Time, newer []room.Event) (store.Batch, error) {
		called++
		same(t, "newer", len(newer), 0)
		return store.Batch{}, nil
	})
	ok(t, "commit", err)
	if called == 0 {
		t.Error("decide was not called")
	}
	same(t, "head", f.head("room"), room.Seq(2))
	same(t, "head of a room that got an empty batch", f.head("new"), room.Seq(0))
}

func refusesWrongPlaces(t *testing.T, f *fixture) {
	f.add("room", 0, notes(1, 2)...)
	for name, places := range map[string][]room.Seq{
		"zero": {0}, "taken": {2}, "gap": {4}, "gap inside": {3, 5}, "twice": {3, 3}, "backwards": {4, 3},
	} {
		err := f.Commit(ctx(t), "room", 2, func(now time.Time, _ []room.Event) (b store.Batch, _ error) {
			for _, place := range places {
				b.Events = append(b.Events, events(now, place-1, room.Opened{})...)
			}
			return b, nil
		})
		if err == nil {
			t.Errorf("%s: places %v were accepted", name, places)
		}
	}
	same(t, "head", f.head("room"), room.Seq(2))
}

func decideError(t *testing.T, f *fixture) {
	refusal := errors.New("not today")
	err := f.Commit(ctx(t), "room", 0, func(now time.Time, _ []room.Event) (store.Batch, error) {
		return store.Batch{Events: events(now, 0, room.Opened{})}, refusal
	})
	if err != refusal {
		t.Errorf("got error %v, want decide's own", err)
	}
	same(t, "head", f.head("room"), room.Seq(0))
}

func decidePanic(t *testing.T, f *fixture) {
	err := f.Commit(ctx(t), "room", 0, func(time.Time, []room.Event) (store.Batch, error) { panic("bug") })
	if err == nil {
		t.Error("a commit that panicked succeeded")
	}
	f.add("room", 0, room.Opened{})
	same(t, "head", f.head("room"), room.Seq(1))
}

func clampsTime(t *testing.T, f *fixture) {
	before := f.clock.cut()
	f.add("room", 0, room.Opened{})
	f.clock.move(-time.Hour)
	for id, want := range map[room.ID]time.Time{"room": before, "other": f.clock.cut()} {
		err := f.Commit(ctx(t), id, f.head(id), func(now time.Time, _ []room.Event) (store.Batch, error) {
			same(t, "now in "+string(id), now, want)
			return store.Batch{}, nil
		})
		ok(t, "commit", err)
	}
	now, err := f.Now(ctx(t))
	ok(t, "now", err)
	same(t, "the store's clock", now, f.clock.cut())
}

func batchSize(t *testing.T, f *fixture) {
	f.add("room", 0, notes(1, store.MaxBatch)...)
	err := f.Commit(ctx(t), "room", store.MaxBatch, adding(store.MaxBatch, notes(1, store.MaxBatch+1)...))
	if err == nil {
		t.Error("a batch over the limit was accepted")
	}
	same(t, "head", f.head("room"), room.Seq(store.MaxBatch))
}

func headBeyond(t *testing.T, f *fixture) {
	f.add("room", 0, room.Opened{})
	if err := f.Commit(ctx(t), "room", 2, adding(2, room.Opened{})); err == nil {
		t.Error("a head beyond the log was accepted")
	}
	same(t, "head", f.head("room"), room.Seq(1))
}

func endedContext(t *testing.T, f *fixture) {
	ended, cancel := context.WithCancel(ctx(t))
	cancel()
	err := f.Commit(ended, "room", 0, func(time.Time, []room.Event) (store.Batch, error) {
		t.Error("decide was called")
		return store.Batch{}, nil
	})
	fails(t, "commit", err, context.Canceled)
	fails(t, "put session", f.PutSession(ended, store.WebSession{}), context.Canceled)
	for _, err := range f.Since(ended, "room", 0) {
		fails(t, "since", err, context.Canceled)
	}
}

// endsInside: what has begun is either written and answered so, or not written.
func endsInside(t *testing.T, f *fixture) {
	leaving, cancel := context.WithCancel(ctx(t))
	err := f.Commit(leaving, "room", 0, func(now time.Time, _ []room.Event) (store.Batch, error) {
		cancel()
		return store.Batch{Events: events(now, 0, room.Opened{})}, nil
	})
	if errors.Is(err, store.ErrUnknown) {
		return
	}
	if written := f.head("room") == 1; written != (err == nil) {
		t.Errorf("answered %v, but written: %v", err, written)
	}
}

// hub is a replica as a hub keeps it, checked in every decide.
type hub struct {
	store.Store
	mu   sync.Mutex // one commit at a time, as a feed has
	seen []room.Event
}

// append adds a fact that says how many events it was decided after.
func (h *hub) append(c context.Context, id room.ID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []room.Event
	err := h.Commit(c, id, room.Seq(len(h.seen)), func(now time.Time, newer []room.Event) (store.Batch, error) {
		known := append(h.seen[:len(h.seen):len(h.seen)], newer...)
		own := events(now, room.Seq(len(known)), room.Opened{Spread: room.Millis(len(known))})
		all = append(known, own...)
		return store.Batch{Events: own}, nil
	})
	if err == nil {
		h.seen = all
	}
	return err
}

// twoHubs: every decide has judged with everything before it.
func twoHubs(t *testing.T, f *fixture) {
	const workers, commits = 4, 25
	rooms, stores := []room.ID{"a", "b", "c"}, []store.Store{f.Store, f.again()}
	var all sync.WaitGroup
	for _, id := range rooms {
		for _, s := range stores {
			h := &hub{Store: s}
			for range workers {
				all.Go(func() {
					for range commits {
						if err := h.append(ctx(t), id); err != nil {
							t.Errorf("commit: %v", err)
						}
					}
				})
			}
		}
	}
	all.Wait()
	for _, id := range rooms {
		log := f.since(id, 0)
		same(t, "events in the log", len(log), len(stores)*workers*commits)
		for i, e := range log {
			if e.Fact != (room.Opened{Spread: room.Millis(i)}) {
				t.Fatalf("room %s, event %d: decided with %v events known", id, e.Seq, e.Fact)
			}
		}
	}
}

func rowsAreAtomic(t *testing.T, f *fixture) {
	row := store.RoomRow{ID: "room", Title: "Title", State: "scheduled"}
	link := store.LinkRow{PublicID: "link", Room: "room", Invitation: "inv", Generation: 1, Secret: hash("s")}
	with := func(last room.Seq, rows ...store.Row) error {
		return f.Commit(ctx(t), "room", f.head("room"), func(now time.Time, _ []room.Event) (store.Batch, error) {
			return store.Batch{Events: events(now, last, room.Opened{}), Rows: rows}, nil
		})
	}
	if err := with(7, row, link); err == nil {
		t.Fatal("a gap was accepted")
	}
	_, err := f.RoomRow(ctx(t), "room")
	fails(t, "row of a refused batch", err, store.ErrNotFound)
	ok(t, "commit", with(0, row, link))
	changed := row
	changed.Title = "Changed"
	fails(t, "a link for the second time", with(1, changed, link), store.ErrConflict)
	same(t, "head", f.head("room"), room.Seq(1))
	got, err := f.RoomRow(ctx(t), "room")
	ok(t, "row", err)
	same(t, "row", got, row)
}

// failuresAlone: commits that share a transaction do not share a failure.
func failuresAlone(t *testing.T, f *fixture) {
	refusal := errors.New("refused")
	outcomes := race(120, func(i int) error {
		id := room.ID(fmt.Sprint("room", i))
		return f.Commit(ctx(t), id, 0, func(now time.Time, _ []room.Event) (store.Batch, error) {
			b := store.Batch{Events: events(now, 0, room.Opened{})}
			switch i % 4 {
			case 1:
				return b, refusal
			case 2:
				b.Rows = []store.Row{store.LinkRow{PublicID: "the same"}}
			case 3:
				panic("bug")
			}
			return b, nil
		})
	})
	same(t, "commits that went well", outcomes["ok"], 31) // 30, and one of the links
	same(t, "links that were taken", outcomes[store.ErrConflict.Error()], 29)
	same(t, "refusals", outcomes["error: refused"], 30)
	for i := range 120 {
		if head := f.head(room.ID(fmt.Sprint("room", i))); i%4 == 0 && head != 1 || i%2 == 1 && head != 0 {
			t.Errorf("room %d has head %d", i, head)
		}
	}
}
