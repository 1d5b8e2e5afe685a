package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"greenroom/hub/store"
	"greenroom/hub/store/storetest"
)

// crashPath in the environment makes the test binary the victim.
const crashPath = "GREENROOM_CRASH_TEST"

// TestVictim is run by TestKilled only.
func TestVictim(t *testing.T) {
	if path := os.Getenv(crashPath); path != "" {
		storetest.CommitForever(open(t, path, time.Now))
	}
}

func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	storetest.Killed(t, crashPath+"="+path, func() store.Store { return open(t, path, time.Now) })
}
