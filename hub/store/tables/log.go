package tables

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"

	"greenroom/hub/room"
	"greenroom/hub/store/sqltext"
)

// chunk is how many events Since reads at once: large enough that the query
// costs nothing, small enough to hold in memory.
const chunk = 1024

// Since implements store.Log. It holds no connection while the caller works
// on what it was given.
func (s *Store) Since(ctx context.Context, id room.ID, seq room.Seq) iter.Seq2[room.Event, error] {
	return func(yield func(room.Event, error) bool) {
		for more := true; more; {
			events, err := s.after(ctx, id, seq)
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(room.Event{}, s.engine.Plain("read", err))
				return
			}
			seq += room.Seq(len(events))
			more = len(events) == chunk
		}
	}
}

// after gives the next chunk. With an error it gives what comes before.
func (s *Store) after(ctx context.Context, id room.ID, seq room.Seq) ([]room.Event, error) {
	rows, err := s.engine.Query(ctx, sqltext.EventsAfter, string(id), int64(seq), chunk)
	if err != nil {
		return nil, err
	}
	events, err := ReadEvents(rows)
	for i, e := range events {
		if want := seq + 1 + room.Seq(i); e.Seq != want {
			return events[:i], fmt.Errorf("room %s: event %d is missing from the log", id, want)
		}
	}
	return events, err
}

// Page implements store.Log.
func (s *Store) Page(ctx context.Context, id room.ID, kinds []string, before room.Seq, limit int) ([]room.Event, error) {
	kinds = slices.Compact(slices.Sorted(slices.Values(kinds)))
	if len(kinds) == 0 || limit <= 0 {
		return nil, nil
	}
	args := []any{string(id), int64(math.MaxInt64), limit}
	if before > 0 {
		args[1] = int64(before)
	}
	for _, kind := range kinds {
		args = append(args, kind)
	}
	rows, err := s.engine.Query(ctx, sqltext.Page(len(kinds)), args...)
	if err != nil {
		return nil, s.engine.Plain("page", err)
	}
	events, err := ReadEvents(rows)
	return events, s.engine.Plain("page", err)
}

// ReadEvents decodes all rows and closes them. With an error it gives what
// comes before.
func ReadEvents(rows Rows) (events []room.Event, err error) {
	defer rows.Close()
	for rows.Next() {
		var e room.Event
		var kind string
		var payload []byte
		if err := rows.Scan(&e.Seq, &e.At, &e.Participant, &e.Key, &kind, &payload); err != nil {
			return events, err
		}
		if e.Fact, err = room.DecodeFact(kind, payload); err != nil {
			return events, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		events = append(events, e)
	}
	return events, rows.Err()
}

// headsAtOnce keeps a statement below SQLite's number of placeholders, and the
// number of different statements small.
const headsAtOnce = 256

// Heads implements store.Log.
func (s *Store) Heads(ctx context.Context, ids []room.ID) (map[room.ID]room.Seq, error) {
	heads := make(map[room.ID]room.Seq, len(ids))
	for some := range slices.Chunk(ids, headsAtOnce) {
		if err := s.someHeads(ctx, some, heads); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

// placesFor rounds up how many things a statement is told of, to prepare few
// statements: the last thing is told again.
func placesFor(n int) int {
	places := 1
	for places < n {
		places *= 4
	}
	return places
}

func (s *Store) someHeads(ctx context.Context, ids []room.ID, heads map[room.ID]room.Seq) error {
	places := placesFor(len(ids))
	args := make([]any, places)
	for i := range args {
		args[i] = string(ids[min(i, len(ids)-1)])
	}
	return s.each(ctx, "heads", sqltext.Heads(places), args, func(rows Rows) error {
		var id room.ID
		var head sql.Null[room.Seq]
		err := rows.Scan(&id, &head)
		if head.Valid {
			heads[id] = head.V
		}
		return err
	})
}

// Due implements store.Log.
func (s *Store) Due(ctx context.Context) (ids []room.ID, err error) {
	err = s.each(ctx, "due", sqltext.Due, []any{s.now().UnixMilli()}, func(rows Rows) error {
		var id room.ID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// Snapshot implements store.Log.
func (s *Store) Snapshot(ctx context.Context, id room.ID) (seq room.Seq, state []byte, err error) {
	err = s.each(ctx, "snapshot", sqltext.Snapshot, []any{string(id)}, func(rows Rows) error {
		return rows.Scan(&seq, &state)
	})
	return seq, state, err
}

// PutSnapshot implements store.Log. An older one than the stored is ignored.
func (s *Store) PutSnapshot(ctx context.Context, id room.ID, seq room.Seq, state []byte) error {
	return s.writeRoom(ctx, "snapshot", id, func(t *tx) error {
		return t.exec(sqltext.PutSnapshot, string(id), int64(seq), blob(state))
	})
}

// blob keeps an empty value from being stored as NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
