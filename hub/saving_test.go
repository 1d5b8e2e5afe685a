package hub

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/wire"
)

// unsavedWorld is a hub with a room that is open, on a store that is to take
// nothing for a while: in it a moderator, who is staff, and a viewer.
type unsavedWorld struct {
	*world
	moda, vera *guest
}

func newUnsavedWorld(w *world) *unsavedWorld {
	w.create(time.Minute)
	moda, vera := w.invite("Moda", room.Moderator), w.invite("Vera", room.Viewer)
	time.Sleep(2 * time.Minute)
	u := &unsavedWorld{world: w, moda: w.enter(0, moda), vera: w.enter(0, vera)}
	wantOK(w.t, u.moda.lobby("Moda"))
	wantOK(w.t, u.vera.lobby("Vera"))
	wantOK(w.t, u.vera.do(room.ChatPost{Text: "before"}))
	time.Sleep(aliveEvery)
	return u
}

// insist says something again and again, as a page does, while it is refused.
func (u *unsavedWorld) insist(text string, long time.Duration) {
	u.t.Helper()
	for until := time.Now().Add(long); time.Now().Before(until); time.Sleep(time.Second) {
		m := u.vera.doKey(room.ChatPost{Text: text}, "the same")
		wantCode(u.t, m, room.CodeUnavailable)
		if m.Err.RetryMS == 0 || !m.Err.Temporary {
			u.t.Errorf("refused with %+v", m.Err)
		}
	}
}

func (u *unsavedWorld) wantDegraded(when string, want bool) {
	u.t.Helper()
	for name, g := range map[string]*guest{"staff": u.moda, "others": u.vera} {
		if d := g.degraded(); d.On != want || want && d != (wire.Degraded{On: true, Store: true}) {
			u.t.Errorf("%s, %s were told %+v", when, name, d)
		}
	}
	n := map[bool]float64{true: 1}[want]
	if got := valueOf(u.t, u.hubs[0].metrics.degraded); got != n {
		u.t.Errorf("%s, the metric says %v degraded rooms", when, got)
	}
	if err := u.hubs[0].Fit(u.t.Context()); errors.Is(err, ErrUnsaved) != want {
		u.t.Errorf("%s, fit is %v", when, err)
	}
}

// valueOf reads a metric.
func valueOf(t *testing.T, c prometheus.Collector) float64 {
	t.Helper()
	to := prometheus.NewRegistry()
	to.MustRegister(c)
	all, err := to.Gather()
	if err != nil {
		t.Fatal(err)
	}
	m := all[0].GetMetric()[0]
	return m.GetGauge().GetValue() + m.GetCounter().GetValue()
}

// wantSaid looks at what the log holds and what people were shown.
func (u *unsavedWorld) wantSaid(want ...string) {
	u.t.Helper()
	time.Sleep(time.Second) // until it is shown
	var said []string
	for e, err := range u.store.Since(u.t.Context(), u.room, 0) {
		if err != nil {
			u.t.Fatal(err)
		}
		if f, ok := e.Fact.(room.ChatPosted); ok {
			said = append(said, f.Text)
		}
	}
	for name, got := range map[string][]string{"the log holds": said, "staff were shown": u.moda.texts("chat.posted"), "others were shown": u.vera.texts("chat.posted")} {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			u.t.Errorf("%s %q, want %q", name, got, want)
		}
	}
}

// protect makes a database one that may only be read by whoever connects from
// now on, and nobody else is connected; or takes that back, which connections
// do not hear of.
func protect(t *testing.T, server *pgtest.Server, address string, from bool) {
	t.Helper()
	name := address[strings.LastIndex(address, "/")+1 : strings.Index(address, "?")]
	if !from {
		server.Do(t, "ALTER DATABASE "+name+" RESET default_transaction_read_only")
		return
	}
	server.Do(t, "ALTER DATABASE "+name+" SET default_transaction_read_only = on",
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"+name+"'")
}

func TestTheStoreMayOnlyBeRead(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	t.Run("said", func(t *testing.T) { testReadOnly(t, server) })
	t.Run("door", func(t *testing.T) { testDoorWhileReadOnly(t, server) })
}

// A database that may only be read, as after a failover to a standby: heads are
// confirmed all the while, and yet people are told that nothing is saved, who
// is quiet too, and all goes on by itself when it may be written.
func testReadOnly(t *testing.T, server *pgtest.Server) {
	address := server.Database(t)
	open := func(ctx context.Context) (store.Store, error) {
		return postgres.Open(ctx, postgres.Options{URL: address, Now: time.Now})
	}
	inWorldOn(t, 1, nil, func(w *world) {
		u := newUnsavedWorld(w)
		protect(t, server, address, true)
		time.Sleep(aliveEvery + 2*time.Second) // nobody says anything
		u.wantDegraded("in silence", true)
		u.insist("meanwhile", 4*time.Second)
		u.wantDegraded("after refusals", true)
		u.wantSaid("before")
		protect(t, server, address, false)
		time.Sleep(saveCalm + 2*time.Second)
		u.wantDegraded("when it may be written", false)
		wantOK(t, u.vera.doKey(room.ChatPost{Text: "meanwhile"}, "the same"))
		wantOK(t, u.vera.doKey(room.ChatPost{Text: "meanwhile"}, "the same"))
		u.wantSaid("before", "meanwhile")
	}, open)
}

// A door that is due while nothing can be written stays shut, is tried once a
// second and not more often, and opens soon after that has passed.
func testDoorWhileReadOnly(t *testing.T, server *pgtest.Server) {
	address := server.Database(t)
	open := func(ctx context.Context) (store.Store, error) {
		return postgres.Open(ctx, postgres.Options{URL: address, Now: time.Now})
	}
	inWorldOn(t, 1, nil, func(w *world) {
		w.create(time.Minute)
		vera := w.enter(0, w.invite("Vera", room.Viewer))
		protect(t, server, address, true)
		time.Sleep(time.Minute + 30*time.Second)
		if vera.last("room.opened") != nil {
			t.Error("opened without a word in the log")
		}
		if n := valueOf(t, w.hubs[0].metrics.storeErrors); n < 20 || n > 100 {
			t.Errorf("%v tries in 30 seconds", n)
		}
		protect(t, server, address, false)
		time.Sleep(3 * time.Second)
		if vera.last("room.opened") == nil {
			t.Error("not opened")
		}
	}, open)
}

// A disk without space for what people say, though what the probe writes still
// fits.
func TestTheDiskIsFull(t *testing.T) {
	server := pgtest.Start(t, "fsync=off", "autovacuum=off", "max_wal_size=64MB")
	address := server.Database(t)
	restart := restarts(t, server)
	open := func(ctx context.Context) (store.Store, error) {
		return postgres.Open(ctx, postgres.Options{URL: address, Now: time.Now})
	}
	inWorldOn(t, 1, nil, func(w *world) {
		u := newUnsavedWorld(w)
		restart(20 << 20)
		fill(w.t, w.store)
		long := strings.Repeat(rand.Text(), 65) // more than what filled it, and too little to be compressed
		u.insist(long, 4*time.Second)
		if err := w.store.Ping(w.t.Context()); err != nil {
			t.Logf("the probe does not fit either: %v", err)
		}
		u.wantDegraded("with a full disk", true)
		restart(0)
		wantOK(t, u.vera.doKey(room.ChatPost{Text: long}, "the same"))
		time.Sleep(2 * time.Second)
		u.wantDegraded("with space again", false)
		u.wantSaid("before", long)
	}, open)
}

// restarts gives what stops the database and starts it again with so much
// space. It is done outside of the bubble, whose time stands still meanwhile.
func restarts(t *testing.T, server *pgtest.Server) func(most int) {
	space, done := make(chan int), make(chan error)
	t.Cleanup(func() { close(space) })
	go func() {
		for most := range space {
			err := server.Stop("fast")
			server.Fill(most)
			done <- errors.Join(err, server.Run())
		}
	}()
	return func(most int) {
		space <- most
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

// fill writes to the log of another room until nothing goes into it.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	head := room.Seq(0)
	for n := 512; n > 0; {
		err := s.Commit(t.Context(), "other", head, func(now time.Time, _ []room.Event) (b store.Batch, _ error) {
			for i := range n {
				b.Events = append(b.Events, room.Event{Seq: head + room.Seq(i+1), At: millis(now), Fact: room.Closed{Reason: strings.Repeat(rand.Text(), 60)}})
			}
			return b, nil
		})
		switch {
		case err == nil:
			head += room.Seq(n)
		case errors.Is(err, store.ErrUnwritable):
			n /= 2
		default:
			t.Fatal(err)
		}
	}
}

// A file that another program keeps locked is one that cannot be written.
func TestTheFileIsLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	open := func(ctx context.Context) (store.Store, error) {
		return sqlite.Open(ctx, sqlite.Options{Path: path, Now: time.Now, Wait: 10 * time.Millisecond})
	}
	inWorldOn(t, 1, nil, func(w *world) {
		u := newUnsavedWorld(w)
		other, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		other.SetMaxOpenConns(1)
		run := func(text string) {
			t.Helper()
			if _, err := other.ExecContext(w.t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
		run("PRAGMA busy_timeout = 10000") // the hub may be writing
		run("BEGIN IMMEDIATE")
		u.insist("meanwhile", 3*time.Second)
		u.wantDegraded("while it is locked", true)
		run("ROLLBACK")
		time.Sleep(saveCalm + 2*time.Second)
		u.wantDegraded("afterwards", false)
		wantOK(t, u.vera.doKey(room.ChatPost{Text: "meanwhile"}, "the same"))
		u.wantSaid("before", "meanwhile")
	}, open)
}

// One failure that passes is not told, nor are two that lie far apart; a commit
// that does not come back is.
func TestSavingIsStuck(t *testing.T) {
	var s saving
	at := func(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
	want := func(now float64, stuck bool) {
		t.Helper()
		if s.stuck(at(now)) != stuck {
			t.Errorf("after %v s it is %v", now, !stuck)
		}
	}
	if !s.fails(at(10)) {
		t.Error("the first failure of a series is not said to be")
	}
	want(13, false)
	if !s.fails(at(20)) {
		t.Error("a failure that comes late is not the first of another series")
	}
	want(20, false)
	if s.fails(at(21)) || s.fails(at(22.5)) {
		t.Error("one more of a series is said to be the first")
	}
	want(23, true)
	s.succeeds(false)
	want(23, true)
	want(26, false)
	s.fails(at(23))
	s.succeeds(true)
	want(24, false)
	s.begin(at(30))
	want(31, false)
	want(33, true)
	s.succeeds(false)
	want(33, false)
}
