package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"greenroom/hub/store"
	"greenroom/hub/store/sqlite"
	"greenroom/hub/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContract(t *testing.T) {
	folder := t.TempDir()
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		return open(t, filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", " ")+".db"), now)
	})
}

// open opens a store or ends the test.
func open(t testing.TB, path string, now func() time.Time) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
