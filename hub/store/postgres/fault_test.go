package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/storetest"
)

func wantSentence(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(fmt.Sprint(err), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
	if strings.Contains(fmt.Sprint(err), "secretpw") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func openError(t *testing.T, url string) error {
	t.Helper()
	s, err := postgres.Open(t.Context(), postgres.Options{URL: url, Patience: 3 * time.Second})
	if err == nil {
		s.Close()
		t.Fatalf("%s was opened", url)
	}
	return err
}

// sql runs statements as another program would.
func sql(t *testing.T, url string, texts ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, text := range texts {
		if _, err := conn.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	url := pgtest.Database(t)
	wantSentence(t, openError(t, "postgres://me:secretpw@ho%zzst/db"), "no PostgreSQL URL")
	wantSentence(t, openError(t, "postgres://me:secretpw@127.0.0.1:1/db"), "cannot be reached", "127.0.0.1:1/db")
	wantSentence(t, openError(t, strings.Replace(url, "/greenroom", "/missing", 1)), "no database of this name")
	sql(t, url, "CREATE ROLE guest LOGIN PASSWORD 'secretpw'")
	defer sql(t, url, "DROP ROLE guest")
	wantSentence(t, openError(t, strings.Replace(url, "postgres@", "guest:secretpw@", 1)), "may not do that")
	sql(t, url, "ALTER ROLE guest SET synchronous_commit = off")
	wantSentence(t, openError(t, strings.Replace(url, "postgres@", "guest:secretpw@", 1)), "synchronous_commit is off")
}

func TestDatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	url := pgtest.Database(t)
	sql(t, url, "CREATE TABLE bookmark (url TEXT)")
	wantSentence(t, openError(t, url), "another program")
	sql(t, url, "INSERT INTO bookmark VALUES ('x')")
}

func TestNewerSchemaIsRefused(t *testing.T) {
	url := pgtest.Database(t)
	open(t, postgres.Options{URL: url}).Close()
	sql(t, url, "UPDATE greenroom_schema SET version = 999")
	err := openError(t, url)
	if !errors.Is(err, store.ErrNewSchema) {
		t.Errorf("got %v, want store.ErrNewSchema", err)
	}
	wantSentence(t, err, "schema 999", "newer release")
}

// A new database that many instances open at once gets its schema once.
func TestManyOpenANewDatabase(t *testing.T) {
	url := pgtest.Database(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := postgres.Open(context.Background(), postgres.Options{URL: url, Connections: 4})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			s.Close()
		})
	}
	all.Wait()
}

func TestReadOnly(t *testing.T) {
	url := pgtest.Database(t)
	s := open(t, postgres.Options{URL: url})
	defer s.Close()
	if err := s.Commit(t.Context(), "room", 0, storetest.Posts(0, 1)); err != nil {
		t.Fatal(err)
	}
	r := open(t, postgres.Options{URL: url + "&default_transaction_read_only=on"})
	defer r.Close()
	if head := headOf(t, r, "room"); head != 1 {
		t.Errorf("the head is %d", head)
	}
	for name, err := range map[string]error{
		"commit": r.Commit(t.Context(), "room", 1, storetest.Posts(1, 1)), "ping": r.Ping(t.Context()),
		"put code": r.PutCode(t.Context(), store.Code{}, store.MailRow{}),
		"open":     openError(t, pgtest.Database(t)+"&default_transaction_read_only=on"),
	} {
		wantSentence(t, err, name, "may only be read")
		if errors.Is(err, store.ErrUnknown) || !errors.Is(err, store.ErrUnwritable) {
			t.Errorf("%s: the outcome is known, and everybody's: %v", name, err)
		}
	}
	if err := r.Commit(t.Context(), "room", 1, storetest.Posts(1, 0)); err != nil {
		t.Errorf("a confirmation: %v", err)
	}
}

// The database is restarted again and again amid writes: what was acknowledged
// is there, what failed is not unless it was said to be unknown, and everything
// goes on.
func TestRestarts(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	s := open(t, postgres.Options{URL: server.Database(t), Patience: 5 * time.Second})
	defer s.Close()
	ctx, end := context.WithCancel(t.Context())
	var acknowledged, unknown, failed atomic.Int64
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() { writeOn(ctx, t, s, room.ID(fmt.Sprint("room", i)), &acknowledged, &unknown, &failed) })
	}
	for _, how := range []string{"immediate", "fast", "immediate"} {
		waitMore(t, &acknowledged, 200)
		if err := server.Stop(how); err != nil {
			t.Fatal(err)
		}
		if err := server.Run(); err != nil {
			t.Fatal(err)
		}
	}
	waitMore(t, &acknowledged, 200)
	end()
	all.Wait()
	t.Logf("%d commits acknowledged, %d of unknown outcome, %d failed", acknowledged.Load(), unknown.Load(), failed.Load())
}

func waitMore(t *testing.T, n *atomic.Int64, more int64) {
	t.Helper()
	for until, from := time.Now().Add(60*time.Second), n.Load(); n.Load() < from+more; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("nothing is written any more")
		}
	}
}

// writeOn commits one event after another, and compares the log with what it
// was told.
func writeOn(ctx context.Context, t *testing.T, s *postgres.Store, id room.ID, acknowledged, unknown, failed *atomic.Int64) {
	head := room.Seq(0)
	for ctx.Err() == nil {
		known := head
		err := s.Commit(context.WithoutCancel(ctx), id, head, func(now time.Time, newer []room.Event) (store.Batch, error) {
			known = head + room.Seq(len(newer))
			return storetest.Posts(head, 1)(now, newer)
		})
		switch {
		case err == nil && known != head:
			t.Errorf("%s: somebody else wrote %d", id, known)
		case err == nil:
			head++
			acknowledged.Add(1)
		case errors.Is(err, store.ErrUnknown):
			unknown.Add(1)
			head = settle(t, s, id, head, true)
		default:
			failed.Add(1)
			wantSentence(t, err, "store: commit: ")
			head = settle(t, s, id, head, false)
		}
	}
}

// settle reads the head as soon as that can be done.
func settle(t *testing.T, s *postgres.Store, id room.ID, head room.Seq, unknown bool) room.Seq {
	for until := time.Now().Add(60 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		heads, err := s.Heads(context.Background(), []room.ID{id})
		if err != nil {
			continue
		}
		if now := heads[id]; now != head && (!unknown || now != head+1) {
			t.Errorf("%s: the head is %d after %d, unknown: %v", id, now, head, unknown)
		}
		return heads[id]
	}
	t.Errorf("%s: the database does not come back", id)
	return head
}

// cable stands between a store and its database, to be cut and held.
type cable struct {
	url  string
	held atomic.Bool // nothing arrives any more, on either side

	mu    sync.Mutex
	conns []net.Conn
}

func newCable(t *testing.T, server *pgtest.Server) *cable {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{url: strings.Replace(server.Database(t), server.Address(), l.Addr().String(), 1)}
	t.Cleanup(func() { l.Close(); c.cut() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", server.Address())
			if err != nil {
				in.Close()
				continue
			}
			c.mu.Lock()
			c.conns = append(c.conns, in, out)
			c.mu.Unlock()
			go c.pass(in, out)
			go c.pass(out, in)
		}
	}()
	return c
}

func (c *cable) pass(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if c.held.Load() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		conn.Close()
	}
	c.conns = nil
}

// A connection that is cut inside a decision, or that answers no more, leaves
// an unknown outcome or none, never a wrong one, and never a store that hangs.
func TestLostConnection(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	c := newCable(t, server)
	s := open(t, postgres.Options{URL: c.url, Patience: time.Second})
	defer s.Close()
	calls := 0
	err := s.Commit(t.Context(), "room", 0, func(now time.Time, newer []room.Event) (store.Batch, error) {
		if calls++; calls == 1 {
			c.cut()
		}
		return storetest.Posts(0, 1)(now, newer)
	})
	known := settle(t, s, "room", 0, err == nil || errors.Is(err, store.ErrUnknown))
	if err == nil && known != 1 {
		t.Errorf("acknowledged, but the head is %d", known)
	}
	err = s.Commit(t.Context(), "room", known, func(now time.Time, newer []room.Event) (store.Batch, error) {
		c.held.Store(true)
		return storetest.Posts(known, 1)(now, newer)
	})
	if !errors.Is(err, store.ErrUnknown) {
		t.Errorf("got %v, want store.ErrUnknown", err)
	}
	began := time.Now()
	if err := s.Ping(t.Context()); err == nil || errors.Is(err, store.ErrUnknown) {
		t.Errorf("got %v, want an error that is known", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the answer that there is none took %v", took)
	}
	c.held.Store(false)
	c.cut()
	settle(t, s, "room", known, true)
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("with a connection again: %v", err)
	}
}
