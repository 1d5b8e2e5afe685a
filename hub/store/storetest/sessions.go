package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var sessionTests = map[string]func(*testing.T, *fixture){
	"put, touch, sign in, delete":      sessionLife,
	"openings in the order of opening": openings,
	"renewing keeps openings":          renewing,
	"an offered id, used or not":       offering,
	"many at once":                     manySessions,
	"sweep":                            sweep,
	"those of a person":                ownSessions,
	"ended ones are told":              endedSessions,
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

	for _, person := range []room.PersonID{"ada", "bob"} {
		s.Person, s.Signed, s.Agent = person, born.Add(time.Hour), "Firefox, Linux"
		s.Proved = time.Time{}
		ok(t, "sign in", f.SignIn(ctx(t), s))
		wantSession(t, f, s)
		s.Proved = born.Add(2 * time.Hour)
		ok(t, "prove", f.ProveSession(ctx(t), s.ID, s.Proved))
		wantSession(t, f, s)
	}
	fails(t, "prove nothing", f.ProveSession(ctx(t), unknown, born), store.ErrNotFound)
	for before, want := range map[time.Time]int{s.Signed: 0, s.Signed.Add(time.Second): 1} {
		n, err := f.ForgetAgents(ctx(t), before)
		ok(t, "forget agents", err)
		same(t, "forgotten", n, want)
	}
	s.Agent = ""
	wantSession(t, f, s)
	fails(t, "sign in nothing", f.SignIn(ctx(t), store.WebSession{ID: unknown, Person: "ada"}), store.ErrNotFound)

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

func offering(t *testing.T, f *fixture) {
	s := store.WebSession{ID: hash("old"), Person: "ada", Created: born, Seen: born}
	o := store.Opening{Room: "r", Invitation: "i", Link: 1}
	ok(t, "put", f.PutSession(ctx(t), s))
	ok(t, "open", f.PutOpening(ctx(t), s.ID, o))
	s.Dies = born.Add(time.Hour)
	for _, fresh := range []string{"lost", "fresh"} { // the second takes the first one's place
		ok(t, "offer", f.OfferSession(ctx(t), s.ID, hash(fresh), s.Dies))
		wantSession(t, f, s)
	}
	_, err := f.Session(ctx(t), hash("lost"))
	fails(t, "an offer that was replaced", err, store.ErrNotFound)
	fails(t, "accepting it", f.AcceptSession(ctx(t), hash("lost")), store.ErrNotFound)

	got, err := f.Session(ctx(t), hash("fresh"))
	ok(t, "by the offered id", err)
	offered := s
	offered.Offered, offered.Dies = true, time.Time{}
	same(t, "by the offered id", got, offered)

	ok(t, "accept", f.AcceptSession(ctx(t), hash("fresh")))
	fails(t, "accept again", f.AcceptSession(ctx(t), hash("fresh")), store.ErrNotFound)
	_, err = f.Session(ctx(t), hash("old"))
	fails(t, "the old id", err, store.ErrNotFound)
	s.ID, s.Dies = hash("fresh"), time.Time{}
	wantSession(t, f, s)
	wantOpenings(t, f, s.ID, o)

	ok(t, "offer", f.OfferSession(ctx(t), s.ID, hash("next"), born))
	ok(t, "renew at once", f.RenewSession(ctx(t), s.ID, hash("signed in")))
	_, err = f.Session(ctx(t), hash("next"))
	fails(t, "what was offered before", err, store.ErrNotFound)
	fails(t, "offer to nothing", f.OfferSession(ctx(t), hash("x"), hash("y"), born), store.ErrNotFound)
}

// Of many sessions each is found as it would be alone, by either id, with what
// it has opened; whoever is not there is not found.
func manySessions(t *testing.T, f *fixture) {
	const total = 700
	var ids [][32]byte
	want := map[[32]byte]store.Opened{}
	for i := range total {
		s := store.WebSession{ID: hash(fmt.Sprint("s", i)), Handle: fmt.Sprint(i), Created: born, Seen: born}
		ids = append(ids, s.ID, hash(fmt.Sprint("nobody's", i)))
		ok(t, "put", f.PutSession(ctx(t), s))
		o := store.Opened{WebSession: s}
		for n := range i % 3 {
			o.Openings = append(o.Openings, store.Opening{Room: room.ID(fmt.Sprint("r", 5-n)), Invitation: "i", Link: uint32(i)})
			ok(t, "open", f.PutOpening(ctx(t), s.ID, o.Openings[n]))
		}
		want[s.ID] = o
	}
	offered := want[hash("s2")]
	ok(t, "offer", f.OfferSession(ctx(t), offered.ID, hash("fresh"), born.Add(time.Hour)))
	offered.Dies = born.Add(time.Hour)
	want[offered.ID] = offered
	offered.Offered, offered.Dies = true, time.Time{}
	want[hash("fresh")] = offered
	ids = append(ids, hash("fresh"), ids[0])

	got, err := f.Sessions(ctx(t), ids)
	ok(t, "sessions", err)
	same(t, "sessions", got, want)
	got, err = f.Sessions(ctx(t), nil)
	ok(t, "none", err)
	same(t, "none", len(got), 0)

	ok(t, "touch", f.TouchSessions(ctx(t), ids[2:len(ids)-1], born.Add(time.Minute)))
	for id, o := range want {
		if o.Seen = born.Add(time.Minute); id == ids[0] {
			o.Seen = born
		}
		want[id] = o
	}
	ok(t, "touch none", f.TouchSessions(ctx(t), nil, born))
	got, err = f.Sessions(ctx(t), ids)
	ok(t, "sessions", err)
	same(t, "touched", got, want)
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

// signedIn puts a session of a person.
func (f *fixture) signedIn(name string, person room.PersonID, signed time.Time) store.WebSession {
	f.t.Helper()
	s := store.WebSession{ID: hash(name), Handle: name, Person: person, Signed: signed, Agent: "Safari, iOS", Created: born, Seen: signed}
	ok(f.t, "put", f.PutSession(ctx(f.t), s))
	return s
}

// handles are those of a person's sessions.
func (f *fixture) handles(person room.PersonID) (handles []string) {
	f.t.Helper()
	all, err := f.PersonSessions(ctx(f.t), person, born)
	ok(f.t, "sessions", err)
	for _, s := range all {
		handles = append(handles, s.Handle)
	}
	return handles
}

func ownSessions(t *testing.T, f *fixture) {
	first := f.signedIn("first", "ada", born.Add(time.Hour))
	second := f.signedIn("second", "ada", born.Add(2*time.Hour))
	f.signedIn("too old", "ada", born)
	f.signedIn("third", "bob", born.Add(time.Hour))
	f.signedIn("nobody's", "", born.Add(time.Hour))
	all, err := f.PersonSessions(ctx(t), "ada", born)
	ok(t, "sessions", err)
	same(t, "sessions", all, []store.WebSession{second, first})
	none, err := f.PersonSessions(ctx(t), "", born)
	ok(t, "nobody's", err)
	same(t, "nobody's", len(none), 0)

	fails(t, "end somebody else's", f.EndSession(ctx(t), "bob", "first"), store.ErrNotFound)
	fails(t, "end nobody's", f.EndSession(ctx(t), "", "nobody's"), store.ErrNotFound)
	ok(t, "end", f.EndSession(ctx(t), "ada", "first"))
	fails(t, "end again", f.EndSession(ctx(t), "ada", "first"), store.ErrNotFound)
	same(t, "after one has ended", f.handles("ada"), []string{"second"})
	f.signedIn("fourth", "ada", born.Add(3*time.Hour))
	ok(t, "end the others", f.EndOtherSessions(ctx(t), "ada", "second"))
	same(t, "after the others have", f.handles("ada"), []string{"second"})
	same(t, "somebody else's", f.handles("bob"), []string{"third"})
	ok(t, "end all", f.EndOtherSessions(ctx(t), "ada", ""))
	same(t, "after all have", len(f.handles("ada")), 0)
	_, err = f.Session(ctx(t), hash("nobody's"))
	ok(t, "nobody's", err)
}

func endedSessions(t *testing.T, f *fixture) {
	ended := func() string {
		t.Helper()
		handles, err := f.EndedSessions(ctx(t), time.Minute)
		ok(t, "ended", err)
		slices.Sort(handles)
		return strings.Join(handles, " ")
	}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		f.signedIn(name, "ada", born.Add(time.Hour))
	}
	same(t, "before", ended(), "")
	ok(t, "delete", f.DeleteSession(ctx(t), hash("a")))
	ok(t, "delete nothing", f.DeleteSession(ctx(t), hash("x")))
	ok(t, "end", f.EndSession(ctx(t), "ada", "b"))
	ok(t, "sign in again", f.SignIn(ctx(t), store.WebSession{ID: hash("c"), Handle: "c", Person: "ada"}))
	same(t, "two", ended(), "a b")
	ok(t, "sign in as another", f.SignIn(ctx(t), store.WebSession{ID: hash("c"), Handle: "new", Person: "bob"}))
	same(t, "three", ended(), "a b c")
	f.clock.move(30 * time.Second)
	ok(t, "end the others", f.EndOtherSessions(ctx(t), "ada", "d"))
	same(t, "four", ended(), "a b c e")
	f.clock.move(31 * time.Second)
	same(t, "a minute later", ended(), "e")
	f.clock.move(24 * time.Hour)
	ok(t, "sweep", f.SweepSessions(ctx(t), born, born))
	handles, err := f.EndedSessions(ctx(t), 48*time.Hour)
	ok(t, "ended", err)
	same(t, "forgotten", len(handles), 0)
}
