package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
)

// A database of the first release is brought up to date and keeps what it has.
func TestUpgradeFromTheFirstSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	first, err := os.ReadFile("../tables/migrations/0001_start.sql")
	if err != nil {
		t.Fatal(err)
	}
	old := raw(t, path)
	run(t, old, string(first))
	run(t, old, "PRAGMA application_id = 1735552877; PRAGMA user_version = 1")
	run(t, old, "INSERT INTO room (id, title, title_search, starts_at, ends_at, state) VALUES ('r', 'Kept', 'kept', 1, 0, 'scheduled')")
	run(t, old, "INSERT INTO person VALUES ('p', 'ZOE@example.org', 'zoe@example.org', 0, 'Zoë', 'ÄNGEL', '', 0, 1, 'zoë', 'ängel')")
	run(t, old, "INSERT INTO address VALUES ('r', 'i', 'Zoe@Example.org', 'Zoë', 'Ängel', 'zoe@example.org\nzoë ängel', 1)")
	for _, owner := range []string{"TRUE", "FALSE"} {
		run(t, old, `INSERT INTO person (id, email, canonical, verified, first_name, last_name, password, site_owner, created, first_search, last_search)
			VALUES ('`+owner+`', '', '`+owner+`', TRUE, '', '', '', `+owner+`, 1, '', '')`)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
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
	if found, err := s.People(t.Context(), "zoë än", 10); len(found) != 1 || err != nil {
		t.Errorf("people: %+v, %v", found, err)
	}
	for id, want := range map[room.PersonID]room.SiteRole{"TRUE": room.SiteOwner, "FALSE": room.SiteMember} {
		if p, err := s.Person(t.Context(), id); err != nil || p.SiteRole != want || p.Disabled {
			t.Errorf("the person: %+v, %v", p, err)
		}
	}
	if n, err := s.MailsWaiting(t.Context()); n != 0 || err != nil {
		t.Errorf("the queue: %d, %v", n, err)
	}
}
