package postgres

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres/pgtest"
)

func oneConnection(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: pgtest.Database(t), Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func opened(head room.Seq, n int) decider {
	return func(now time.Time, newer []room.Event) (b store.Batch, _ error) {
		for i := range n {
			b.Events = append(b.Events, room.Event{Seq: head + room.Seq(len(newer)+i+1), At: room.Millis(now.UnixMilli()), Fact: room.Opened{}})
		}
		return b, nil
	}
}

func (s *Store) ask(t *testing.T, text string) string {
	t.Helper()
	found, err := s.engine.pool.Query(t.Context(), text, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// What every commit asks is planned a few times and then never again, by the
// primary key, however large the log is.
func TestTailIsPlannedOnce(t *testing.T) {
	s := oneConnection(t)
	for head := range room.Seq(10) {
		if err := s.Commit(t.Context(), "room", head*1000, opened(head*1000, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.engine.pool.Exec(t.Context(), "ANALYZE log"); err != nil {
		t.Fatal(err)
	}
	for head := room.Seq(10_000); head < 10_020; head++ {
		if err := s.Commit(t.Context(), "room", head, opened(head, 1)); err != nil {
			t.Fatal(err)
		}
	}
	const ours = ` FROM pg_prepared_statements WHERE statement LIKE '%AS tail ON true%'`
	if planned := s.ask(t, "SELECT custom_plans::text"+ours); len(planned) != 1 {
		t.Errorf("30 commits have planned it %s times", planned)
	}
	plan := s.ask(t, `EXPLAIN EXECUTE "`+s.ask(t, "SELECT name"+ours)+`" ('room', 10000)`)
	if !strings.Contains(plan, "log_pkey") || strings.Contains(plan, "Sort") {
		t.Errorf("it is planned as\n%s", plan)
	}
}

// Who is far behind is given everything, whatever fits into one answer.
func TestTailInParts(t *testing.T) {
	s := oneConnection(t)
	for last := room.Seq(0); last < 4*tailRows; last++ {
		if err := s.Commit(t.Context(), "room", last, opened(last, 1)); err != nil {
			t.Fatal(err)
		}
		for _, behind := range []room.Seq{0, 1, tailRows - 1, tailRows, tailRows + 1, last + 1} {
			head := last + 1 - min(behind, last+1)
			err := s.Commit(t.Context(), "room", head, func(_ time.Time, newer []room.Event) (store.Batch, error) {
				if len(newer) != int(last+1-head) || len(newer) > 0 && newer[len(newer)-1].Seq != last+1 {
					return store.Batch{}, errors.New("not what is newer")
				}
				return store.Batch{}, nil
			})
			if err != nil {
				t.Fatalf("from place %d of %d: %v", head, last+1, err)
			}
		}
	}
	if err := s.Commit(t.Context(), "room", 4*tailRows+1, opened(0, 0)); err == nil || !strings.Contains(err.Error(), "behind the end") {
		t.Errorf("a place that is not there yet: %v", err)
	}
}
