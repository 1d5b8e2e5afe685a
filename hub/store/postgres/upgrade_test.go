package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/tables"
)

// aged makes a database as a release with so many steps of the schema left it.
func aged(t *testing.T, steps int, more ...string) (url string) {
	t.Helper()
	url = pgtest.Database(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	all, err := tables.Steps("postgres")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := schemaVersion(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	if err := runSteps(t.Context(), tx, all[:steps]); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), setVersion, steps); err != nil {
		t.Fatal(err)
	}
	for _, text := range more {
		if _, err := tx.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	return url
}

// A database of the first release is brought up to date and keeps what it has.
func TestUpgradeFromTheFirstSchema(t *testing.T) {
	url := aged(t, 1,
		"INSERT INTO room (id, title, title_search, starts_at, ends_at, state) VALUES ('r', 'Kept', 'kept', 1, 0, 'scheduled')",
		"INSERT INTO person VALUES ('p', 'ZOE@example.org', 'zoe@example.org', FALSE, 'Zoë', 'ÄNGEL', '', TRUE, 1, 'zoë', 'ängel')",
		"INSERT INTO log (room, seq, at, kind, participant, key, payload) VALUES ('r', 1, 5, 'room.opened', '', '', '{}')",
		`INSERT INTO address VALUES ('r', 'i', 'Zoe@Example.org', 'Zoë', 'Ängel', 'zoe@example.org'||chr(10)||'zoë ängel', 1)`)
	s, err := Open(t.Context(), Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if row, err := s.RoomRow(t.Context(), "r"); err != nil || row.Title != "Kept" {
		t.Errorf("the room: %+v, %v", row, err)
	}
	if rooms, err := s.Rooms(t.Context(), store.RoomFilter{Address: "zoe@example.org", Limit: 9}); len(rooms) != 1 || err != nil {
		t.Errorf("rooms of the invited: %+v, %v", rooms, err)
	}
	if p, err := s.Person(t.Context(), "p"); err != nil || p.SiteRole != room.SiteOwner || p.Disabled {
		t.Errorf("the person: %+v, %v", p, err)
	}
	if err := s.Commit(t.Context(), "r", 1, opened(1, 1)); err != nil {
		t.Errorf("the log goes on: %v", err)
	}
}

// From every release before this one there is a way.
func TestUpgradeFromEverySchema(t *testing.T) {
	all, err := tables.Steps("postgres")
	if err != nil {
		t.Fatal(err)
	}
	for steps := range all {
		s, err := Open(t.Context(), Options{URL: aged(t, steps), Connections: 2})
		if err != nil {
			t.Errorf("from schema %d: %v", steps, err)
			continue
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("from schema %d: %v", steps, err)
		}
		s.Close()
	}
}
