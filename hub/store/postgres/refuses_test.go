package postgres_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/storetest"
)

// A standby is read and says why it cannot be written; promoted, it goes on
// where the primary was.
func TestHotStandby(t *testing.T) {
	primary := pgtest.Start(t, "fsync=off")
	url := primary.Database(t)
	s := open(t, postgres.Options{URL: url})
	if err := s.Commit(t.Context(), "room", 0, storetest.Posts(0, 3)); err != nil {
		t.Fatal(err)
	}
	standby := primary.Standby(t)
	r := open(t, postgres.Options{URL: standby.Instead(url, primary)})
	defer r.Close()
	awaitHead(t, r, "room", 3)
	for name, err := range map[string]error{
		"commit": r.Commit(t.Context(), "room", 3, storetest.Posts(3, 1)), "ping": r.Ping(t.Context()), "put code": r.PutCode(t.Context(), store.Code{}, store.MailRow{}),
	} {
		wantSentence(t, err, name, "may only be read")
		if errors.Is(err, store.ErrUnknown) || !errors.Is(err, store.ErrUnwritable) {
			t.Errorf("%s: the outcome is known, and everybody's: %v", name, err)
		}
	}
	s.Close()
	if err := errors.Join(primary.Stop("immediate"), standby.Promote()); err != nil {
		t.Fatal(err)
	}
	if err := r.Commit(t.Context(), "room", 3, storetest.Posts(3, 1)); err != nil {
		t.Errorf("after the promotion: %v", err)
	}
	if err := r.Ping(t.Context()); err != nil {
		t.Errorf("after the promotion: %v", err)
	}
}

func awaitHead(t *testing.T, s *postgres.Store, id room.ID, want room.Seq) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(time.Minute); headOf(t, s, id) != want; <-tick.C {
		if time.Now().After(until) {
			t.Fatalf("the head never comes to %d", want)
		}
	}
}

// A database that may be written again is, by connections of before, too; those
// that were made while it could only be read are not kept.
func TestReadOnlyForAWhile(t *testing.T) {
	url := pgtest.Database(t)
	name := url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")]
	s := open(t, postgres.Options{URL: url, Connections: 2})
	defer s.Close()
	sql(t, url, "ALTER DATABASE "+name+" SET default_transaction_read_only = on",
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"+name+"' AND pid <> pg_backend_pid()")
	awaitPing(t, s, func(err error) bool { return strings.Contains(fmt.Sprint(err), "may only be read") })
	sql(t, url+"&default_transaction_read_only=off", "ALTER DATABASE "+name+" RESET default_transaction_read_only")
	awaitPing(t, s, func(err error) bool { return err == nil })
}

// awaitPing pings until that gives what is wanted. Until then the store is not
// to be written, or was not a moment ago.
func awaitPing(t *testing.T, s *postgres.Store, wanted func(error) bool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; {
		err := s.Ping(t.Context())
		if wanted(err) {
			return
		}
		if !errors.Is(err, store.ErrUnwritable) || time.Now().After(until) {
			t.Fatalf("got %v", err)
		}
	}
}

// A database whose files cannot grow refuses in words and keeps what was
// acknowledged, is read meanwhile, and goes on when there is space.
func TestDiskFull(t *testing.T) {
	server := pgtest.Start(t, "fsync=off", "autovacuum=off", "max_wal_size=64MB")
	s := open(t, postgres.Options{URL: server.Database(t)})
	defer s.Close()
	restart := func(most int) {
		t.Helper()
		err := server.Stop("fast")
		server.Fill(most)
		if err = errors.Join(err, server.Run()); err != nil {
			t.Fatal(err)
		}
		awaitAnswer(t, s) // of what is sent on a connection of before the outcome is unknown
	}
	restart(20 << 20)
	var head room.Seq
	var full error
	for full == nil && head < 100_000 {
		if full = s.Commit(t.Context(), "room", head, long(head, 512)); full == nil {
			head += 512
		}
	}
	wantSentence(t, full, "commit", "disk of the database is full")
	if errors.Is(full, store.ErrUnknown) || !errors.Is(full, store.ErrUnwritable) {
		t.Errorf("the outcome is known, and everybody's: %v", full)
	}
	if now := headOf(t, s, "room"); now != head || head == 0 {
		t.Errorf("acknowledged up to %d, the head is %d", head, now)
	}
	n := room.Seq(0)
	for _, err := range s.Since(t.Context(), "room", 0) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != head {
		t.Errorf("%d of %d events can be read", n, head)
	}
	restart(0)
	if err := s.Commit(t.Context(), "room", head, long(head, 512)); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

// awaitAnswer pings until a connection answers: it is the next to be used.
func awaitAnswer(t *testing.T, s *postgres.Store) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; {
		err := s.Ping(t.Context())
		if err == nil {
			return
		}
		if time.Now().After(until) {
			t.Fatal(err)
		}
	}
}

// long appends n messages that cannot be compressed.
func long(head room.Seq, n int) func(time.Time, []room.Event) (store.Batch, error) {
	return func(now time.Time, _ []room.Event) (b store.Batch, _ error) {
		for i := range n {
			b.Events = append(b.Events, room.Event{Seq: head + room.Seq(i+1), At: room.Millis(now.UnixMilli()),
				Fact: room.ChatPosted{Who: storetest.Post.Who, Text: strings.Repeat(rand.Text(), 60)}})
		}
		return b, nil
	}
}

// A database that lets nobody else in says so. What has connections goes on,
// and what had none can be done again.
func TestNoConnectionLeft(t *testing.T) {
	url := pgtest.Database(t)
	sql(t, url, "CREATE ROLE few LOGIN PASSWORD 'secretpw' CONNECTION LIMIT 3", "GRANT ALL ON SCHEMA public TO few")
	defer sql(t, url, "DROP OWNED BY few", "DROP ROLE few")
	s := open(t, postgres.Options{URL: strings.Replace(url, "postgres@", "few:secretpw@", 1), Connections: 3})
	defer s.Close()
	var crowd sync.WaitGroup
	inside := make(chan struct{}, 3)
	leave := make(chan struct{})
	for i := range 3 { // all of them are in use
		crowd.Go(func() {
			err := s.Commit(context.Background(), room.ID(fmt.Sprint("room", i)), 0, func(now time.Time, newer []room.Event) (store.Batch, error) {
				inside <- struct{}{}
				<-leave
				return storetest.Posts(0, 1)(now, newer)
			})
			if err != nil {
				t.Errorf("who had a connection: %v", err)
			}
		})
	}
	for range 3 {
		<-inside
	}
	err := openError(t, strings.Replace(url, "postgres@", "few:secretpw@", 1))
	close(leave)
	wantSentence(t, err, "no connection left", "--store-connections")
	crowd.Wait()
	if !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("it is not said to be everybody's: %v", err)
	}
	if err := s.Commit(t.Context(), "room", 0, storetest.Posts(0, 1)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// An instance may want more connections than the database gives: who gets none
// is told so, and nothing is half done.
func TestPoolAboveTheLimit(t *testing.T) {
	url := pgtest.Database(t)
	sql(t, url, "CREATE ROLE three LOGIN CONNECTION LIMIT 3", "GRANT ALL ON SCHEMA public TO three")
	defer sql(t, url, "DROP OWNED BY three", "DROP ROLE three")
	s := open(t, postgres.Options{URL: strings.Replace(url, "postgres@", "three@", 1), Connections: 10})
	defer s.Close()
	var crowd sync.WaitGroup
	for i := range 10 {
		crowd.Go(func() {
			id, head := room.ID(fmt.Sprint("room", i)), room.Seq(0)
			for range 20 {
				switch err := s.Commit(t.Context(), id, head, storetest.Posts(head, 1)); {
				case err == nil:
					head++
				case errors.Is(err, store.ErrUnknown):
					t.Errorf("%s: the outcome is known: %v", id, err)
				default:
					wantSentence(t, err, "no connection left")
				}
			}
			for until := time.Now().Add(time.Minute); ; {
				heads, err := s.Heads(t.Context(), []room.ID{id})
				if err == nil && heads[id] == head {
					return
				}
				if err == nil || time.Now().After(until) {
					t.Errorf("%s: acknowledged up to %d, the log says %d, %v", id, head, heads[id], err)
					return
				}
			}
		})
	}
	crowd.Wait()
}
