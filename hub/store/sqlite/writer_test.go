package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/tables"
)

func openTest(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "test.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// closing gives a decide function that appends one event with a long reason.
func closing(head room.Seq, length int) func(time.Time, []room.Event) (store.Batch, error) {
	return func(now time.Time, newer []room.Event) (store.Batch, error) {
		return store.Batch{Events: []room.Event{{
			Seq: head + room.Seq(len(newer)) + 1, At: room.Millis(now.UnixMilli()),
			Fact: room.Closed{Reason: strings.Repeat("x", length)},
		}}}, nil
	}
}

// hold keeps the writer busy inside a transaction until the returned function
// is called, which waits for its commit.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, free, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- s.Commit(context.Background(), "holder", 0, func(time.Time, []room.Event) (store.Batch, error) {
			close(begun)
			<-free
			return store.Batch{}, nil
		})
	}()
	<-begun
	return func() {
		t.Helper()
		close(free)
		if err := <-done; err != nil {
			t.Errorf("the commit that held the writer: %v", err)
		}
	}
}

// queued waits until n requests wait for the writer.
func queued(s *Store, n int) {
	for {
		s.engine.writer.mu.Lock()
		waiting := len(s.engine.writer.waiting)
		s.engine.writer.mu.Unlock()
		if waiting >= n {
			return
		}
	}
}

func TestWaiterThatLeavesIsDropped(t *testing.T) {
	s := openTest(t)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- s.Commit(ctx, "room", 0, func(time.Time, []room.Event) (store.Batch, error) {
			t.Error("decide was called for a waiter that had left")
			return store.Batch{}, nil
		})
	}()
	queued(s, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	release()
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// All who wait share one transaction: the write-ahead log grows by the pages
// that changed, once.
func TestWaitersShareATransaction(t *testing.T) {
	const committers = 200
	s := openTest(t)
	before := walSize(t, s)
	release := hold(t, s)
	var all sync.WaitGroup
	for i := range committers {
		all.Go(func() {
			id := room.ID(fmt.Sprint("room", i))
			if err := s.Commit(t.Context(), id, 0, closing(0, 10)); err != nil {
				t.Error(err)
			}
		})
	}
	queued(s, committers)
	release()
	all.Wait()
	if pages := (walSize(t, s) - before) / 4096; pages > 40 {
		t.Errorf("%d commits wrote %d pages", committers, pages)
	}
}

// A confirmation and a refusal leave the disk alone.
func TestNothingWrittenTouchesNoDisk(t *testing.T) {
	s := openTest(t)
	if err := s.Commit(t.Context(), "room", 0, closing(0, 10)); err != nil {
		t.Fatal(err)
	}
	before := walSize(t, s)
	for range 20 {
		empty := func(time.Time, []room.Event) (store.Batch, error) { return store.Batch{}, nil }
		if err := s.Commit(t.Context(), "room", 1, empty); err != nil {
			t.Error(err)
		}
		if _, err := s.TakeOneTime(t.Context(), [32]byte{1}, "signin", time.Now()); !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
	}
	if grown := walSize(t, s) - before; grown != 0 {
		t.Errorf("the write-ahead log grew by %d bytes", grown)
	}
}

func walSize(t *testing.T, s *Store) int64 {
	t.Helper()
	info, err := os.Stat(s.engine.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestCloseServesThoseWhoWait(t *testing.T) {
	s := openTest(t)
	release := hold(t, s)
	done := make(chan error)
	go func() { done <- s.Commit(context.Background(), "room", 0, closing(0, 10)) }()
	queued(s, 1)
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	release()
	if err := <-done; err != nil {
		t.Errorf("a commit that waited when the store was closed: %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := s.Commit(t.Context(), "room", 1, closing(1, 10)); !errors.Is(err, store.ErrClosed) {
		t.Errorf("got %v, want store.ErrClosed", err)
	}
}

// On a full disk the commits that do not fit fail, those that fit and those
// that only confirm do not, though all share a transaction; when there is
// space again everything goes on.
func TestFullDisk(t *testing.T) {
	s := openTest(t)
	if err := s.Commit(t.Context(), "room", 0, closing(0, 10)); err != nil {
		t.Fatal(err)
	}
	limitPages(t, s, 10)
	errs := commitTogether(t, s)
	for i, err := range errs {
		switch full := strings.Contains(fmt.Sprint(err), "disk is full"); {
		case i%10 == 5 && !full:
			t.Errorf("commit %d, which is too large: %v", i, err)
		case i%10 == 5 && (errors.Is(err, store.ErrUnknown) || !errors.Is(err, store.ErrUnwritable)):
			t.Errorf("commit %d: the outcome of a full disk is known, and everybody's: %v", i, err)
		case i%10 != 5 && err != nil:
			t.Errorf("commit %d, which fits: %v", i, err)
		}
	}
	wantHeads(t, s, errs)
	limitPages(t, s, 1<<30)
	if err := s.Commit(t.Context(), "room", 1, closing(1, 200_000)); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

// commitTogether sends 40 commits into one transaction; every tenth is large.
func commitTogether(t *testing.T, s *Store) []error {
	errs := make([]error, 40)
	release := hold(t, s)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			length := 10
			if i%10 == 5 {
				length = 200_000
			}
			errs[i] = s.Commit(t.Context(), room.ID(fmt.Sprint(i)), 0, closing(0, length))
		})
	}
	queued(s, len(errs))
	release()
	all.Wait()
	return errs
}

// wantHeads checks that what was answered is what is there.
func wantHeads(t *testing.T, s *Store, errs []error) {
	t.Helper()
	for i, err := range errs {
		id := room.ID(fmt.Sprint(i))
		heads, failed := s.Heads(t.Context(), []room.ID{id})
		if failed != nil {
			t.Fatal(failed)
		}
		if written := heads[id] == 1; written != (err == nil) {
			t.Errorf("commit %d was answered %v, but written: %v", i, err, written)
		}
	}
}

// limitPages makes the database full when it grows by more pages than this.
func limitPages(t *testing.T, s *Store, more int) {
	t.Helper()
	err := s.engine.Write(t.Context(), "limit", func(x tables.Tx) error {
		var count, limit int
		if err := x.One("PRAGMA page_count", nil, &count); err != nil {
			return err
		}
		return x.One(fmt.Sprintf("PRAGMA max_page_count = %d", count+more), nil, &limit)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A kill cannot show whether a commit survives a power cut; these settings do.
func TestDurabilitySettings(t *testing.T) {
	s := openTest(t)
	for pragma, want := range map[string]string{
		"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000",
	} {
		err := s.engine.Write(t.Context(), "settings", func(x tables.Tx) error {
			var got string
			err := x.One("PRAGMA "+pragma, nil, &got)
			if got != want {
				t.Errorf("the writer's %s is %s, want %s", pragma, got, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if _, err := s.engine.reads.Exec("DELETE FROM log"); err == nil {
		t.Error("a reading connection can write")
	}
}
