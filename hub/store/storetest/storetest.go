// Package storetest is the contract of the store as a test that every driver
// passes. Time comes from a clock of the test; nothing sleeps.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Run runs the contract. open opens the database that belongs to t: the first
// call with a t makes it, a second one opens it again, as another instance
// would. Run closes what it opened.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) store.Store) {
	groups := map[string]map[string]func(*testing.T, *fixture){
		"commit": commitTests, "log": logTests, "model": modelTests, "store": storeTests,
		"people": peopleTests, "groups": groupTests, "keys": keyTests, "sessions": sessionTests, "rooms": roomTests, "mail": mailTests, "audit": auditTests, "forget": forgetTests, "codes": codeTests, "identities": identityTests, "roster": rosterTests, "ballots": ballotTests,
	}
	for group, tests := range groups {
		t.Run(group, func(t *testing.T) {
			for name, test := range tests {
				t.Run(name, func(t *testing.T) { test(t, newFixture(t, open)) })
			}
		})
	}
}

// fixture is a fresh store with a clock that stands until it is moved.
type fixture struct {
	store.Store
	t     *testing.T
	clock *clock
	again func() store.Store // opens the same database once more
}

func newFixture(t *testing.T, open func(*testing.T, func() time.Time) store.Store) *fixture {
	c := &clock{at: time.Date(2026, 5, 4, 10, 0, 0, 123456789, time.UTC)}
	one := func() store.Store {
		s := open(t, c.now)
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		return s
	}
	return &fixture{Store: one(), t: t, clock: c, again: one}
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// cut is the clock's reading as the store gives it.
func (c *clock) cut() time.Time { return c.now().Truncate(time.Millisecond) }

type decider = func(time.Time, []room.Event) (store.Batch, error)

// adding gives a decide function that appends facts behind head and newer.
func adding(head room.Seq, facts ...room.Fact) decider {
	return func(now time.Time, newer []room.Event) (store.Batch, error) {
		return store.Batch{Events: events(now, head+room.Seq(len(newer)), facts...)}, nil
	}
}

// events numbers facts from behind last.
func events(now time.Time, last room.Seq, facts ...room.Fact) (all []room.Event) {
	for i, f := range facts {
		all = append(all, room.Event{Seq: last + 1 + room.Seq(i), At: room.Millis(now.UnixMilli()), Fact: f})
	}
	return all
}

// notes gives facts that tell themselves apart by a number.
func notes(from, n int) (facts []room.Fact) {
	for i := range n {
		facts = append(facts, room.Opened{Spread: room.Millis(from + i)})
	}
	return facts
}

// add appends facts behind head, or ends the test.
func (f *fixture) add(id room.ID, head room.Seq, facts ...room.Fact) {
	f.t.Helper()
	if err := f.Commit(ctx(f.t), id, head, adding(head, facts...)); err != nil {
		f.t.Fatalf("commit: %v", err)
	}
}

// write commits rows alone to a room of their own log.
func (f *fixture) write(id room.ID, rows ...store.Row) {
	f.t.Helper()
	err := f.Commit(ctx(f.t), id, f.head(id), func(time.Time, []room.Event) (store.Batch, error) {
		return store.Batch{Rows: rows}, nil
	})
	if err != nil {
		f.t.Fatalf("commit rows: %v", err)
	}
}

func (f *fixture) head(id room.ID) room.Seq {
	f.t.Helper()
	heads, err := f.Heads(ctx(f.t), []room.ID{id})
	if err != nil {
		f.t.Fatalf("heads: %v", err)
	}
	return heads[id]
}

// since reads a log behind a place, or ends the test.
func (f *fixture) since(id room.ID, seq room.Seq) (all []room.Event) {
	f.t.Helper()
	for e, err := range f.Since(ctx(f.t), id, seq) {
		if err != nil {
			f.t.Fatalf("since %d: %v", seq, err)
		}
		all = append(all, e)
	}
	return all
}

// ctx ends with the test.
func ctx(t *testing.T) context.Context { return t.Context() }

// same compares a value with what it ought to be.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", what, diff)
	}
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func fails(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

// seqs gives the places of events.
func seqs(all []room.Event) (places []room.Seq) {
	for _, e := range all {
		places = append(places, e.Seq)
	}
	return places
}

// hash makes a distinct 32 bytes out of a text.
func hash(text string) (h [32]byte) {
	copy(h[:], fmt.Sprintf("%-32s", text))
	return h
}

// race calls f from n goroutines at once and gives how often each kind of
// outcome occurred.
func race(n int, f func(i int) error) map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	outcomes := map[string]int{}
	for i := range n {
		all.Go(func() {
			outcome := outcomeOf(f(i))
			mu.Lock()
			defer mu.Unlock()
			outcomes[outcome]++
		})
	}
	all.Wait()
	return outcomes
}

func outcomeOf(err error) string {
	known := []error{store.ErrNotFound, store.ErrConflict}
	i := slices.IndexFunc(known, func(k error) bool { return errors.Is(err, k) })
	switch {
	case err == nil:
		return "ok"
	case i >= 0:
		return known[i].Error()
	}
	return "error: " + err.Error()
}

// batchOf gives a decide function that wants this batch.
func batchOf(b store.Batch) decider {
	return func(time.Time, []room.Event) (store.Batch, error) { return b, nil }
}
