package postgres_test

import (
	"os"
	"strings"
	"testing"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/storetest"
)

// crashURL in the environment makes the test binary a victim on this database.
const crashURL = "GREENROOM_CRASH_TEST"

// TestVictim is run by TestKilled only.
func TestVictim(t *testing.T) {
	if url := os.Getenv(crashURL); url != "" {
		storetest.CommitForever(open(t, postgres.Options{URL: url}))
	}
}

func TestKilled(t *testing.T) {
	url := pgtest.Database(t)
	storetest.Killed(t, crashURL+"="+url, func() store.Store { return open(t, postgres.Options{URL: url}) })
}

func headOf(t *testing.T, s *postgres.Store, id room.ID) room.Seq {
	t.Helper()
	heads, err := s.Heads(t.Context(), []room.ID{id})
	if err != nil {
		t.Fatal(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return heads[id]
}
