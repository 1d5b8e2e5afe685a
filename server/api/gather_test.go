package api

import (
	"cmp"
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

// takes is a read that takes a millisecond.
func takes(context.Context, []int) error {
	time.Sleep(time.Millisecond)
	return nil
}

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
		a := gatherOf(takes)
		began := time.Now()
		for i, err := range a.crowdOf(1000, func(int) context.Context { return t.Context() }) {
			if found := i%2 == 0; found != (err == nil) || !found && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if n := a.count(); n > ownReads+1 {
			t.Errorf("%d reads", n)
		}
		if took := time.Since(began); took > floodWait+time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}

// A few who come together wait for no more than the read of the first, and those
// who are more for 20 ms.
func TestGatherWaitsAsLongAsTheCrowdIsLarge(t *testing.T) {
	for n, most := range map[int]time.Duration{fewCome: 0, manyCome: tideWait} {
		synctest.Test(t, func(t *testing.T) {
			a := gatherOf(takes)
			began := time.Now()
			a.crowdOf(n, func(int) context.Context { return t.Context() })
			if took := time.Since(began); took > most+2*time.Millisecond || a.count() > ownReads+1 {
				t.Errorf("%d who came together: %d reads in %v", n, a.count(), took)
			}
		})
	}
}

// A read that does not end holds nobody up who comes behind it.
func TestGatherPassesAReadThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		a := gatherOf(func(ctx context.Context, keys []int) error {
			if keys[0] < ownReads {
				<-ctx.Done()
			}
			return ctx.Err()
		})
		var first sync.WaitGroup
		for i := range ownReads {
			first.Go(func() { _, _ = a.ask(ctx, i) })
		}
		synctest.Wait()
		began := time.Now()
		if value, err := a.ask(t.Context(), 4); value != 8 || err != nil || time.Since(began) > tideWait {
			t.Errorf("%d, %v after %v", value, err, time.Since(began))
		}
		end()
		first.Wait()
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
		a := gatherOf(func(ctx context.Context, keys []int) error {
			_ = takes(ctx, keys)
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
			if failed < 100-ownReads {
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
		a := gatherOf(func(ctx context.Context, keys []int) error { return cmp.Or(takes(ctx, keys), ctx.Err()) })
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
		if left < 50-ownReads {
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

// Who comes is marked with others, and waits neither for them nor for a store
// that takes nothing.
func TestCrowdMarksByAndBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var marked [][][32]byte
		c := &crowd{touch: func(_ context.Context, ids [][32]byte) error {
			marked = append(marked, ids)
			return store.ErrUnwritable
		}}
		for i := range 3 {
			began := time.Now()
			if err := c.TouchSession(t.Context(), [32]byte{byte(i)}, began); err != nil || time.Since(began) > 0 {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		}
		time.Sleep(2 * touchRest)
		synctest.Wait()
		if len(marked) != 1 || len(marked[0]) != 3 || c.seen != nil {
			t.Errorf("marked %v, left %v", marked, c.seen)
		}
	})
}
