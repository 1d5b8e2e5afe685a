package storetest

import (
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var sessionTests = map[string]func(*testing.T, *fixture){
	"put, touch, sign in, delete":      sessionLife,
	"openings in the order of opening": openings,
	"renewing keeps openings":          renewing,
	"sweep":                            sweep,
}

func sessionLife(t *testing.T, f *fixture) {
	s := store.WebSession{ID: hash("s"), Created: born, Seen: born}
	unknown := hash("unknown")
	ok(t, "put", f.PutSession(ctx(t), s))
	wantSession(t, f, s)

	s.Seen = born.Add(time.Minute)
	ok(t, "touch", f.TouchSession(ctx(t), s.ID, s.Seen))
	wantSession(t, f, s)
	fails(t, "touch nothing", f.TouchSession(ctx(t), unknown, born), store.ErrNotFound)

	for _, person := range []room.PersonID{"ada", ""} {
		s.Person = person
		ok(t, "sign in", f.SetSessionPerson(ctx(t), s.ID, person))
		wantSession(t, f, s)
	}
	fails(t, "sign in nothing", f.SetSessionPerson(ctx(t), unknown, "ada"), store.ErrNotFound)

	for range 2 {
		ok(t, "delete", f.DeleteSession(ctx(t), s.ID))
	}
	_, err := f.Session(ctx(t), s.ID)
	fails(t, "deleted", err, store.ErrNotFound)
}

func wantSession(t *testing.T, f *fixture, want store.WebSession) {
	t.Helper()
	got, err := f.Session(ctx(t), want.ID)
	ok(t, "session", err)
	same(t, "session", got, want)
}

func wantOpenings(t *testing.T, f *fixture, id [32]byte, want ...store.Opening) {
	t.Helper()
	got, err := f.Openings(ctx(t), id)
	ok(t, "openings", err)
	same(t, "openings", got, want)
}

func openings(t *testing.T, f *fixture) {
	a, b := hash("a"), hash("b")
	one, two := store.Opening{Room: "r1", Invitation: "i1", Link: 1}, store.Opening{Room: "r2", Invitation: "i2", Link: 7}
	for _, id := range [][32]byte{a, b} {
		ok(t, "put", f.PutSession(ctx(t), store.WebSession{ID: id, Created: born, Seen: born}))
	}
	fails(t, "opening without a session", f.PutOpening(ctx(t), hash("x"), one), store.ErrNotFound)
	wantOpenings(t, f, hash("x"))
	ok(t, "open", f.PutOpening(ctx(t), a, one))
	ok(t, "open", f.PutOpening(ctx(t), a, two))
	wantOpenings(t, f, a, one, two)
	one.Link = 2
	ok(t, "open again", f.PutOpening(ctx(t), a, one))
	wantOpenings(t, f, a, two, one)
	wantOpenings(t, f, b)
	ok(t, "put again", f.PutSession(ctx(t), store.WebSession{ID: a, Created: born, Seen: born}))
	wantOpenings(t, f, a, two, one)
	ok(t, "delete", f.DeleteSession(ctx(t), a))
	wantOpenings(t, f, a)
}

func renewing(t *testing.T, f *fixture) {
	s := store.WebSession{ID: hash("old"), Person: "ada", Created: born, Seen: born}
	o := store.Opening{Room: "r", Invitation: "i", Link: 1}
	ok(t, "put", f.PutSession(ctx(t), s))
	ok(t, "open", f.PutOpening(ctx(t), s.ID, o))
	ok(t, "renew", f.RenewSession(ctx(t), s.ID, hash("fresh")))
	_, err := f.Session(ctx(t), s.ID)
	fails(t, "old id", err, store.ErrNotFound)
	wantOpenings(t, f, s.ID)
	s.ID = hash("fresh")
	wantSession(t, f, s)
	wantOpenings(t, f, s.ID, o)
	fails(t, "renew nothing", f.RenewSession(ctx(t), hash("old"), hash("other")), store.ErrNotFound)
	ok(t, "put", f.PutSession(ctx(t), store.WebSession{ID: hash("b"), Created: born, Seen: born}))
	fails(t, "renew to one that is taken", f.RenewSession(ctx(t), s.ID, hash("b")), store.ErrConflict)
}

func sweep(t *testing.T, f *fixture) {
	day := 24 * time.Hour
	for name, s := range map[string]store.WebSession{
		"old":   {Created: born.Add(-8 * day), Seen: born},
		"idle":  {Created: born.Add(-2 * day), Seen: born.Add(-2 * day)},
		"alive": {Created: born.Add(-7 * day), Seen: born.Add(-day)},
	} {
		s.ID = hash(name)
		ok(t, "put", f.PutSession(ctx(t), s))
		ok(t, "open", f.PutOpening(ctx(t), s.ID, store.Opening{Room: "r", Invitation: "i"}))
	}
	ok(t, "sweep", f.SweepSessions(ctx(t), born.Add(-7*day), born.Add(-day)))
	for name, want := range map[string]error{"old": store.ErrNotFound, "idle": store.ErrNotFound, "alive": nil} {
		_, err := f.Session(ctx(t), hash(name))
		fails(t, name, err, want)
	}
	wantOpenings(t, f, hash("old"))
}
