package storetest

import (
	"testing"
	"time"

	"greenroom/hub/store"
)

var keyTests = map[string]func(*testing.T, *fixture){
	"a key until it expires":        keyExpires,
	"the keys of a person":          keysOfPerson,
	"a key is used and is ended":    keyEnds,
	"acts on keys are told":         auditsKeys,
	"keys of nobody do not work":    keyOfNobody,
	"a key is made only once":       keyTwice,
	"the keys of an unknown person": keysOfNobody,
}

func keyOf(name string, expires time.Time) store.APIKey {
	return store.APIKey{Hash: hash(name), Person: ada.ID, Label: "for " + name, Scope: "rooms", Created: born, Expires: expires}
}

func keyExpires(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	expires := born.Add(time.Hour)
	short, ever := keyOf("short", expires), keyOf("ever", time.Time{})
	for _, k := range []store.APIKey{short, ever} {
		ok(t, "put", f.PutKey(ctx(t), k))
	}
	for _, c := range []struct {
		key store.APIKey
		at  time.Time
		err error
	}{
		{short, born, nil},
		{short, expires.Add(-time.Millisecond), nil},
		{short, expires, store.ErrNotFound},
		{ever, born.AddDate(100, 0, 0), nil},
		{keyOf("unknown", expires), born, store.ErrNotFound},
	} {
		k, p, err := f.Key(ctx(t), c.key.Hash, c.at)
		fails(t, c.key.Label, err, c.err)
		if c.err == nil {
			same(t, "key", k, c.key)
			same(t, "person", p, ada)
		}
	}
}

func keyOfNobody(t *testing.T, f *fixture) {
	ok(t, "put", f.PutKey(ctx(t), keyOf("stray", time.Time{})))
	_, _, err := f.Key(ctx(t), hash("stray"), born)
	fails(t, "a key of nobody", err, store.ErrNotFound)
}

func keyTwice(t *testing.T, f *fixture) {
	ok(t, "put", f.PutKey(ctx(t), keyOf("k", time.Time{})))
	fails(t, "put again", f.PutKey(ctx(t), keyOf("k", time.Time{})), store.ErrConflict)
}

func keysOfPerson(t *testing.T, f *fixture) {
	late, early, others := keyOf("late", born.Add(-time.Hour)), keyOf("early", time.Time{}), keyOf("others", time.Time{})
	late.Created, others.Person = born.Add(time.Hour), bob.ID
	for _, k := range []store.APIKey{late, early, others} {
		ok(t, "put", f.PutKey(ctx(t), k))
	}
	all, err := f.Keys(ctx(t), ada.ID)
	ok(t, "keys", err)
	same(t, "by time, expired ones too", all, []store.APIKey{early, late})
	if early.ID() == late.ID() || len(early.ID()) != 16 {
		t.Errorf("ids %s and %s", early.ID(), late.ID())
	}
}

func keysOfNobody(t *testing.T, f *fixture) {
	all, err := f.Keys(ctx(t), "nobody")
	ok(t, "keys", err)
	same(t, "none", len(all), 0)
}

func keyEnds(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	k := keyOf("k", time.Time{})
	ok(t, "put", f.PutKey(ctx(t), k))
	k.Used = born.Add(time.Minute)
	ok(t, "touch", f.TouchKey(ctx(t), k.Hash, k.Used))
	got, _, err := f.Key(ctx(t), k.Hash, born)
	ok(t, "key", err)
	same(t, "used", got, k)
	ok(t, "end", f.EndKey(ctx(t), k.Hash))
	_, _, err = f.Key(ctx(t), k.Hash, born)
	fails(t, "ended", err, store.ErrNotFound)
	fails(t, "end again", f.EndKey(ctx(t), k.Hash), store.ErrNotFound)
	fails(t, "touch nothing", f.TouchKey(ctx(t), k.Hash, born), store.ErrNotFound)
}

func auditsKeys(t *testing.T, f *fixture) {
	act := func(name string) store.AuditRow { return store.AuditRow{Room: store.AuditSite, Act: name} }
	k := keyOf("k", time.Time{})
	ok(t, "put", f.PutKey(ctx(t), k, act("created")))
	fails(t, "put again", f.PutKey(ctx(t), k, act("twice")), store.ErrConflict)
	ok(t, "end", f.EndKey(ctx(t), k.Hash, act("ended")))
	fails(t, "end again", f.EndKey(ctx(t), k.Hash, act("again")), store.ErrNotFound)
	wantActs(t, f, "ended", "created")
}
