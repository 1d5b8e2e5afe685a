package api

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/store"
)

// asked is a gather whose reads are noted; they end when the test lets them.
type asked struct {
	*gather[int, int]
	mu    sync.Mutex
	reads [][]int
}

// gatherOf gives a gather that finds twice each even number, or what read says.
func gatherOf(read func(ctx context.Context, keys []int) error) *asked {
	a := &asked{}
	a.gather = newGather(func(ctx context.Context, keys []int) (map[int]int, error) {
		a.mu.Lock()
		a.reads = append(a.reads, slices.Clone(keys))
		a.mu.Unlock()
		found := map[int]int{}
		for _, key := range keys {
			if key%2 == 0 {
				found[key] = 2 * key
			}
		}
		return found, read(ctx, keys)
	})
	return a
}

func (a *asked) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.reads)
}

func finds(context.Context, []int) error { return nil }

// crowdOf has so many ask at once, and gives what they were told.
func (a *asked) crowdOf(n int, ctx func(i int) context.Context) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			value, err := a.ask(ctx(i), i)
			if errs[i] = err; err == nil && value != 2*i {
				errs[i] = errors.New("somebody else's")
			}
		})
	}
	all.Wait()
	return errs
}

func TestGatherReadsOnceForACrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := gatherOf(finds)
		began := time.Now()
		for i, err := range a.crowdOf(1000, func(int) context.Context { return t.Context() }) {
			if found := i%2 == 0; found != (err == nil) || !found && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if n := a.count(); n > fewCome+3 {
			t.Errorf("%d reads", n)
		}
		if took := time.Since(began); took > tideWait {
			t.Errorf("it took %v", took)
		}
	})
}

// Whoever comes alone does not wait, also soon after a crowd.
func TestGatherDoesNotDelayWhoComesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := gatherOf(finds)
		alone := func() {
			t.Helper()
			began := time.Now()
			if value, err := a.ask(t.Context(), 4); value != 8 || err != nil || time.Since(began) > 0 {
				t.Errorf("%d, %v after %v", value, err, time.Since(began))
			}
		}
		alone()
		a.crowdOf(500, func(int) context.Context { return t.Context() })
		time.Sleep(2 * tideSpan)
		alone()
		for range 20 {
			time.Sleep(tideSpan / fewCome)
			alone()
		}
	})
}

// An error is told to all who waited for that read, and to nobody later; a panic
// is one.
func TestGatherTellsErrorsToAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, panics := errors.New("broken"), false
		a := gatherOf(func(_ context.Context, keys []int) error {
			if len(keys) == 1 {
				return nil
			}
			if panics {
				panic("at the disco")
			}
			return broken
		})
		for _, panics = range []bool{false, true} {
			failed := 0
			for _, err := range a.crowdOf(100, func(int) context.Context { return t.Context() }) {
				if errors.Is(err, broken) || panics && err != nil && strings.Contains(err.Error(), "at the disco") {
					failed++
				}
			}
			if failed < 100-fewCome-1 { // who asked alone, and one who may have waited alone
				t.Errorf("only %d were told", failed)
			}
			time.Sleep(2 * tideSpan)
			if _, err := a.ask(t.Context(), 2); err != nil {
				t.Errorf("later: %v", err)
			}
		}
	})
}

// Who leaves is told at once, and those who stay get their answers.
func TestGatherGoesOnWithoutWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := gatherOf(func(ctx context.Context, _ []int) error { return ctx.Err() })
		gone, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, leave)
		left := 0
		for i, err := range a.crowdOf(200, func(i int) context.Context {
			if i%4 == 0 {
				return gone
			}
			return t.Context()
		}) {
			switch {
			case i%4 == 0 && errors.Is(err, context.Canceled):
				left++
			case i%4 == 2 && err != nil:
				t.Errorf("%d: %v", i, err)
			}
		}
		if left < 50-fewCome {
			t.Errorf("%d have left", left)
		}
	})
}

// A read begins after its last waiter has come: nobody is told what was before.
func TestGatherReadsAfterTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := gatherOf(func(context.Context, []int) error {
			time.Sleep(time.Second)
			return nil
		})
		go a.crowdOf(100, func(int) context.Context { return t.Context() })
		time.Sleep(tideSpan)
		reads := a.count()
		if _, err := a.ask(t.Context(), 2); err != nil || a.count() != reads+1 {
			t.Errorf("%d reads instead of %d, %v", a.count(), reads+1, err)
		}
	})
}
