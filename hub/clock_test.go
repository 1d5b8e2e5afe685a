package hub

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker/local"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
)

// lateClock tells its own time, after a while in which the question waits or
// the answer does.
type lateClock struct {
	store.Store
	ahead         time.Duration
	asked, answer time.Duration
}

func (s lateClock) Now(context.Context) (time.Time, error) {
	time.Sleep(s.asked)
	now := time.Now().Add(s.ahead)
	time.Sleep(s.answer)
	return now, nil
}

// The door opens at its moment by the store's clock, however late that clock
// answers and wherever this machine's clock stands (invariant O2).
func TestTheDoorOpensAtItsMomentByALateClock(t *testing.T) {
	for name, c := range map[string]lateClock{
		"the question waits":    {asked: 330 * time.Millisecond},
		"the answer waits":      {answer: 330 * time.Millisecond},
		"both, on another day":  {ahead: 24 * time.Hour, asked: 70 * time.Millisecond, answer: 260 * time.Millisecond},
		"of a minute ago":       {ahead: -time.Minute, asked: 270 * time.Millisecond},
		"no answer in a second": {asked: 6 * time.Second},
	} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(dir, "test.db"), Now: func() time.Time { return time.Now().Add(c.ahead) }})
			if err != nil {
				t.Fatal(err)
			}
			c.Store = s
			b := local.New(0)
			h := New(Config{Store: c, Broker: b, Instance: "hub", Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil)})
			w := &world{t: t, store: s, hubs: []*Hub{h}, room: "room1"}
			time.Sleep(10*time.Second + 7*time.Millisecond)
			w.create(c.ahead + 10*time.Second)
			w.enter(0, manager)
			time.Sleep(12 * time.Second)
			synctest.Wait()
			state, err := h.State(t.Context(), w.room)
			if err != nil {
				t.Fatal(err)
			}
			late := state.OpenedAt - state.StartsAt
			if state.Status != room.StatusOpen || late < 0 || late > 340 {
				t.Errorf("%s: %s, %d ms after its moment", name, state.Status, late)
			}
			if c.answer == 0 && late > 1 {
				t.Errorf("%s: %d ms after its moment, though the clock is known", name, late)
			}
			for _, err := range []error{h.Close(context.Background()), b.Close(), s.Close()} {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
}
