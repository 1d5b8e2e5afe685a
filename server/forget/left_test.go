package forget_test

import (
	"errors"
	"log/slog"
	"testing"

	"greenroom/hub/store"
	"greenroom/server/forget"
)

// What the store interrupted is gone on with at the next look, once; what fails
// again waits for the end of its lease.
func TestGoesOnWhereTheStoreFailed(t *testing.T) {
	s := newSite(t)
	s.party("invited", false)
	failing := &crashing{s.store, 0}
	w, err := forget.New(t.Context(), forget.Config{Store: failing, Rooms: s.hubs[0], Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(id string) {
		t.Helper()
		if err := s.store.AskErasure(t.Context(), store.Erasure{ID: id, Canonical: "canary@example.org", By: "a_admin", Heir: "a_admin"}); err != nil {
			t.Fatal(err)
		}
	}
	fails := func(err error) {
		t.Helper()
		if !errors.Is(err, errCrash) {
			t.Errorf("the store failed, and %v", err)
		}
	}
	works := func(err error, erased, redacted int64) {
		t.Helper()
		if got := w.Counts(); err != nil || got.Erased != erased || got.Redacted != redacted {
			t.Errorf("%v, erased %d, redacted %d; want %d and %d", err, got.Erased, got.Redacted, erased, redacted)
		}
	}
	ask("e1")
	fails(w.Erase(t.Context()))
	failing.left = 1
	works(w.Erase(t.Context()), 1, 0)
	fails(w.Redact(t.Context()))
	failing.left = 1000
	works(w.Redact(t.Context()), 1, 1)

	ask("e2")
	failing.left = 0
	fails(w.Erase(t.Context()))
	fails(w.Erase(t.Context()))
	failing.left = 1000
	works(w.Erase(t.Context()), 1, 1)
}
