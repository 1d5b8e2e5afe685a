package hub

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
)

// deadStore writes nothing of who is at one instance, as if that had been
// killed.
type deadStore struct {
	store.Store
	dead atomic.Pointer[string]
}

var errDead = errors.New("this instance is dead")

func (s *deadStore) isDead(instance string) bool {
	dead := s.dead.Load()
	return dead != nil && *dead == instance
}

func (s *deadStore) Alive(ctx context.Context, instance string) (bool, error) {
	if s.isDead(instance) {
		return false, errDead
	}
	return s.Store.Alive(ctx, instance)
}

func (s *deadStore) PutAttendance(ctx context.Context, all []store.Attendance) error {
	if s.isDead(all[0].Instance) {
		return errDead
	}
	return s.Store.PutAttendance(ctx, all)
}

func inDyingWorld(t *testing.T, n int, f func(*world, *deadStore)) {
	path, dying := filepath.Join(t.TempDir(), "test.db"), new(deadStore)
	inWorldOn(t, n, nil, func(w *world) { f(w, dying) }, func(ctx context.Context) (store.Store, error) {
		s, err := sqlite.Open(ctx, sqlite.Options{Path: path, Now: time.Now})
		dying.Store = s
		return dying, err
	})
}

// An instance that is killed leaves visits open: another one ends them when it
// was last alive. If it was only slow, it says again who is there.
func TestVisitsOfADeadInstanceEnd(t *testing.T) {
	inDyingWorld(t, 2, func(w *world, dying *deadStore) {
		openRoom(w)
		w.enter(0, manager)
		ana := w.enter(1, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		time.Sleep(30 * time.Second)
		synctest.Wait()
		dying.dead.Store(&w.hubs[1].instance)
		died := room.Millis(w.hubs[0].Now().UnixMilli())
		time.Sleep(2 * store.Silence)
		synctest.Wait()
		got := w.visits()
		if len(got) != 2 || got[1].Participant != "pana" || got[1].Until > died || got[1].Until < died-room.Millis(aliveEvery.Milliseconds()) {
			t.Errorf("killed at %d: %v", died, got)
		}
		dying.dead.Store(nil)
		time.Sleep(2 * aliveEvery)
		synctest.Wait()
		if got = w.visits(); len(got) != 3 || got[2].Participant != "pana" || got[2].Until != 0 {
			t.Errorf("alive again: %v", got)
		}
	})
}

// While the store is away nothing of who came and left is lost, and the rows
// are right when it is back.
func TestAttendanceWaitsForTheStore(t *testing.T) {
	inDyingWorld(t, 1, func(w *world, away *deadStore) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		wantOK(t, ana.lobby("ana"))
		settle()
		away.dead.Store(&w.hubs[0].instance)
		ana.session.Leave()
		time.Sleep(2 * store.VisitGap)
		again := w.enter(0, by)
		time.Sleep(5 * time.Second)
		again.session.Leave()
		time.Sleep(5 * time.Second)
		away.dead.Store(nil)
		settle()
		got := w.visits()
		if len(got) != 2 || got[0].Until == 0 || got[1].Since-got[0].Until < 100_000 || got[1].Until-got[1].Since < 4000 {
			t.Errorf("visits: %v", got)
		}
	})
}

func TestReactionsAreCountedByMinute(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		ana, boss := w.enter(1, w.invite("ana", room.Viewer)), w.enter(0, manager)
		wantOK(t, ana.lobby("ana"))
		settle()
		for range 3 {
			wantOK(t, ana.do(room.ReactionSend{Emoji: room.Reactions[0]}))
			wantOK(t, boss.do(room.ReactionSend{Emoji: room.Reactions[1]}))
		}
		settle()
		all, err := w.store.Reactions(w.t.Context(), w.room)
		n := 0
		for _, minute := range all {
			n += minute.N
		}
		if err != nil || n != 6 {
			t.Errorf("counted %v, %v", all, err)
		}
	})
}
