package forget_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub"
	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/server/forget"
)

// stopping is a store whose redacting does not come back, as if the program had
// been killed inside when its context ends.
type stopping struct {
	store.Store
	begun chan struct{}
}

func (s stopping) Redact(ctx context.Context, _ room.ID, _ room.Seq, _ int, _ func(room.Event) (room.Event, bool)) (room.Seq, error) {
	s.begun <- struct{}{}
	<-ctx.Done()
	return 0, ctx.Err()
}

// An instance that works keeps its lease for as long as it takes; when it is
// killed another one goes on within half a minute.
func TestAnotherGoesOnAfterAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		broker := local.New(0)
		defer broker.Close()
		h := hub.New(hub.Config{Store: db, Broker: broker, Instance: "a", Log: slog.New(slog.DiscardHandler), Metrics: hub.NewMetrics(nil)})
		defer h.Close(context.Background())
		forgetSomebody(t, h)
		worker := func(s store.Store) (w *forget.Worker, kill func()) {
			w, err := forget.New(t.Context(), forget.Config{Store: s, Rooms: h, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			ctx, end := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() { w.Run(ctx); close(ended) }()
			return w, func() { end(); <-ended }
		}
		first := stopping{db, make(chan struct{}, 100)}
		_, kill := worker(first)
		<-first.begun
		other, end := worker(db)
		defer end()
		time.Sleep(10 * time.Minute)
		if n := other.Counts().Redacted; n != 0 {
			t.Errorf("taken from somebody who works at it: %d", n)
		}
		kill()
		time.Sleep(30 * time.Second)
		if n := other.Counts().Redacted; n != 1 {
			t.Errorf("%d logs are redacted half a minute after the kill", n)
		}
		if _, err := db.LeaseRedaction(t.Context(), "x", time.Second); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("left over: %v", err)
		}
	})
}

// forgetSomebody makes a room whose log is to be redacted.
func forgetSomebody(t *testing.T, h *hub.Hub) {
	t.Helper()
	for _, c := range []room.Command{
		room.CreateRoom{Title: "Tea", StartsAt: room.Millis(time.Now().Add(time.Hour).UnixMilli()), Epoch: "e",
			Owner: room.SetManager{Participant: "p_owner", Person: "a_owner", FirstName: "Olga", LastName: "Owner"}},
		room.SetManager{Participant: "p_canary", Person: "a_canary", FirstName: "Canaria", LastName: "Vogelsang", Right: room.CoOwner},
	} {
		if _, err := h.Do(t.Context(), "r", owner, c, nil); err != nil {
			t.Fatal(err)
		}
	}
	erase := room.ErasePerson{Person: "a_canary"}
	if _, err := h.Do(t.Context(), "r", room.Actor{System: true, Account: "a_admin"}, erase, nil); err != nil {
		t.Fatal(err)
	}
}
