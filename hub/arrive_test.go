package hub

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
)

// countedStore counts what people coming back ask of it.
type countedStore struct {
	store.Store
	n atomic.Int64
}

func (s *countedStore) Commit(ctx context.Context, id room.ID, head room.Seq, decide func(time.Time, []room.Event) (store.Batch, error)) error {
	s.n.Add(1)
	return s.Store.Commit(ctx, id, head, decide)
}

func (s *countedStore) Since(ctx context.Context, id room.ID, seq room.Seq) iter.Seq2[room.Event, error] {
	s.n.Add(1)
	return s.Store.Since(ctx, id, seq)
}

func (s *countedStore) PutAttendance(ctx context.Context, all []store.Attendance) error {
	s.n.Add(1)
	return s.Store.PutAttendance(ctx, all)
}

// When an instance is killed its people come to another one: all are let in by
// few questions to the store, none behind the head of the log, and nobody who
// has lost their right meanwhile.
func TestCrowdComesBackByFewQuestions(t *testing.T) {
	const people = 200
	path, counted := filepath.Join(t.TempDir(), "test.db"), new(countedStore)
	inWorldOn(t, 2, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		crowd := make([]room.Actor, people)
		for i := range crowd {
			name := fmt.Sprint("p", i)
			crowd[i] = w.invite(name, room.Viewer)
			wantOK(t, w.enter(1, crowd[i]).lobby(name))
		}
		settle()
		at := &wire.Resume{Epoch: "epoch1", Pos: owner.pos()}
		wantOK(t, owner.do(room.RevokeInvitation{Invitation: crowd[0].Invitation}))
		settle()
		before := counted.n.Load()
		came := comeBack(w, crowd, at)
		if came[0] == nil {
			t.Error("somebody came back by a revoked invitation")
		}
		for i, err := range came[1:] {
			if err != nil {
				t.Errorf("person %d: %v", i+1, err)
			}
		}
		settle()
		if n := counted.n.Load() - before; n > people/4 {
			t.Errorf("%d questions to the store for %d people", n, people)
		}
		if here := w.hubs[0].rooms[w.room].presence.count(); here.ByRole["viewer"] < people-1 {
			t.Errorf("counted %+v", here)
		}
	}, func(ctx context.Context) (store.Store, error) {
		s, err := sqlite.Open(ctx, sqlite.Options{Path: path, Now: time.Now})
		counted.Store = s
		return counted, err
	})
}

// comeBack has everybody say hello to the first hub at once.
func comeBack(w *world, all []room.Actor, at *wire.Resume) []error {
	errs := make([]error, len(all))
	var coming sync.WaitGroup
	for i, by := range all {
		coming.Go(func() { _, errs[i] = w.join(0, by, at) })
	}
	coming.Wait()
	synctest.Wait()
	return errs
}
