package postgres_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"greenroom/hub/store"
	"greenroom/hub/store/postgres"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/hub/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		pgtest.Stop()
		os.Exit(code)
	}))
}

func TestContract(t *testing.T) {
	var mu sync.Mutex
	urls := map[string]string{}
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		mu.Lock()
		url, made := urls[t.Name()]
		if !made {
			url = pgtest.Database(t)
			urls[t.Name()] = url
		}
		mu.Unlock()
		return open(t, postgres.Options{URL: url, Connections: 8, Now: now})
	})
}

// open opens a store or ends the test.
func open(t testing.TB, o postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), o)
	if err != nil {
		t.Fatal(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return s
}
