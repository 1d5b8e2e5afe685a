package storetest

import (
	"bytes"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var storeTests = map[string]func(*testing.T, *fixture){
	"secrets are made once":          secrets,
	"a closed store says so":         closedStore,
	"opens again as it was":          opensAgain,
	"ping":                           ping,
	"times are cut to a millisecond": timesAreCut,
}

func secrets(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	values := make([][]byte, 20)
	outcomes := race(len(values), func(i int) (err error) {
		values[i], err = stores[i%2].Secret(ctx(t), "pepper")
		return err
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": len(values)})
	for _, v := range values {
		if len(v) != 32 || !bytes.Equal(v, values[0]) {
			t.Fatalf("secrets %x and %x", values[0], v)
		}
	}
	other, err := f.Secret(ctx(t), "other")
	ok(t, "other secret", err)
	if bytes.Equal(other, values[0]) {
		t.Error("two names have one secret")
	}
	ok(t, "renew", f.RenewSecret(ctx(t), "pepper"))
	renewed, err := stores[1].Secret(ctx(t), "pepper")
	ok(t, "renewed secret", err)
	kept, err := f.Secret(ctx(t), "other")
	ok(t, "kept secret", err)
	if bytes.Equal(renewed, values[0]) || !bytes.Equal(kept, other) {
		t.Error("a secret was not renewed, or another was")
	}
}

func closedStore(t *testing.T, f *fixture) {
	f.add("room", 0, room.Opened{})
	for range 2 {
		ok(t, "close", f.Close())
	}
	fails(t, "commit", f.Commit(ctx(t), "room", 1, adding(1, room.Opened{})), store.ErrClosed)
	fails(t, "put session", f.PutSession(ctx(t), store.WebSession{}), store.ErrClosed)
	fails(t, "ping", f.Ping(ctx(t)), store.ErrClosed)
	_, err := f.Person(ctx(t), "p")
	fails(t, "person", err, store.ErrClosed)
	for _, err := range f.Since(ctx(t), "room", 0) {
		fails(t, "since", err, store.ErrClosed)
	}
}

func opensAgain(t *testing.T, f *fixture) {
	f.add("room", 0, notes(1, 3)...)
	ok(t, "person", f.CreatePerson(ctx(t), ada))
	ok(t, "close", f.Close())
	again := f.again()
	same(t, "events", len(collect(t, again.Since(ctx(t), "room", 0))), 3)
	got, err := again.Person(ctx(t), ada.ID)
	ok(t, "person", err)
	same(t, "person", got, ada)
}

func ping(t *testing.T, f *fixture) {
	for range 3 {
		ok(t, "ping", f.Ping(ctx(t)))
	}
}

func timesAreCut(t *testing.T, f *fixture) {
	fine := time.Date(2026, 1, 2, 3, 4, 5, 678_999_999, time.FixedZone("", 3600))
	ok(t, "put", f.PutSession(ctx(t), store.WebSession{ID: hash("s"), Created: fine, Seen: fine}))
	got, err := f.Session(ctx(t), hash("s"))
	ok(t, "session", err)
	if want := fine.Truncate(time.Millisecond); !got.Created.Equal(want) || !got.Seen.Equal(want) {
		t.Errorf("session created %v, seen %v, want %v", got.Created, got.Seen, want)
	}
}
