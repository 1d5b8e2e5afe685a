package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var peopleTests = map[string]func(*testing.T, *fixture){
	"a person is found by id and address": findsPeople,
	"addresses are unique":                uniqueAddresses,
	"an address is verified":              verifiesPeople,
	"a new password":                      newPassword,
	"one of many gets an address":         racesForAddress,
	"search by prefix":                    searchesPeople,
	"the first owner":                     firstOwner,
	"one of many becomes owner":           racesForOwner,
	"one-time secrets":                    oneTimeSecrets,
	"one of many takes a secret":          racesForSecret,
	"paging and search in all people":     pagesPeople,
	"changing a person":                   changesPerson,
	"the last owner stays":                lastOwner,
	"owners demote each other":            racesOfOwners,
	"a disabled person is shut out":       shutsOut,
}

var (
	born = time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	ada  = store.Person{
		ID: "ada", Email: "Ada@Example.org", Canonical: "ada@example.org", Verified: true,
		FirstName: "Ada", LastName: "Łovelace", Password: "$argon2id$x", SiteRole: room.SiteMember, Created: born,
	}
	bob = store.Person{ID: "bob", Email: "bob@example.org", Canonical: "bob@example.org", SiteRole: room.SiteMember, Created: born}
)

func findsPeople(t *testing.T, f *fixture) {
	for _, p := range []store.Person{ada, bob} {
		ok(t, "create", f.CreatePerson(ctx(t), p))
		got, err := f.Person(ctx(t), p.ID)
		ok(t, "by id", err)
		same(t, "by id", got, p)
		got, err = f.PersonByEmail(ctx(t), p.Canonical)
		ok(t, "by address", err)
		same(t, "by address", got, p)
	}
	_, err := f.Person(ctx(t), "nobody")
	fails(t, "unknown id", err, store.ErrNotFound)
	_, err = f.PersonByEmail(ctx(t), "Ada@Example.org")
	fails(t, "an address that is not canonical", err, store.ErrNotFound)
}

func verifiesPeople(t *testing.T, f *fixture) {
	p := bob
	ok(t, "create", f.CreatePerson(ctx(t), p))
	fails(t, "another address", f.VerifyPerson(ctx(t), p.ID, "bert@example.org"), store.ErrNotFound)
	fails(t, "nobody", f.VerifyPerson(ctx(t), "nobody", p.Canonical), store.ErrNotFound)
	for range 2 {
		ok(t, "verify", f.VerifyPerson(ctx(t), p.ID, p.Canonical))
	}
	p.Verified = true
	got, err := f.Person(ctx(t), p.ID)
	ok(t, "person", err)
	same(t, "person", got, p)
}

func newPassword(t *testing.T, f *fixture) {
	p := ada
	ok(t, "create", f.CreatePerson(ctx(t), p))
	p.Password = "$argon2id$y"
	ok(t, "change", f.SetPassword(ctx(t), p.ID, p.Password))
	got, err := f.Person(ctx(t), p.ID)
	ok(t, "person", err)
	same(t, "person", got, p)
	fails(t, "nobody's", f.SetPassword(ctx(t), "nobody", "x"), store.ErrNotFound)
}

func uniqueAddresses(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	twin := ada
	twin.ID = "twin"
	fails(t, "the same address", f.CreatePerson(ctx(t), twin), store.ErrConflict)
	twin.ID, twin.Canonical = ada.ID, "twin@example.org"
	fails(t, "the same id", f.CreatePerson(ctx(t), twin), store.ErrConflict)
	got, err := f.Person(ctx(t), ada.ID)
	ok(t, "person", err)
	same(t, "person", got, ada)
}

func racesForAddress(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	outcomes := race(40, func(i int) error {
		p := ada
		p.ID = room.PersonID(fmt.Sprint("ada", i))
		return stores[i%2].CreatePerson(ctx(t), p)
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": 1, store.ErrConflict.Error(): 39})
}

func searchesPeople(t *testing.T, f *fixture) {
	for _, name := range []string{"Anna Berg", "Annika Alm", "Bea Anders", "Zoë Ängel", "100% Sure", "a_b Under"} {
		first, last, _ := strings.Cut(name, " ")
		email := strings.ToLower(fmt.Sprintf("%c.%s@example.org", name[0], last))
		ok(t, "create", f.CreatePerson(ctx(t), store.Person{
			ID: room.PersonID(name), Email: email, Canonical: email, FirstName: first, LastName: last, Created: born,
		}))
	}
	for _, c := range []struct {
		prefix string
		limit  int
		want   []string
	}{
		{"ann", 9, []string{"Anna Berg", "Annika Alm"}},
		{"an", 9, []string{"Anna Berg", "Bea Anders", "Annika Alm"}},
		{"an", 2, []string{"Anna Berg", "Bea Anders"}},
		{"anna", 9, []string{"Anna Berg"}},
		{"anna b", 9, []string{"Anna Berg"}},
		{"anna berg", 9, []string{"Anna Berg"}},
		{"anna berg.", 9, nil},
		{"än", 9, []string{"Zoë Ängel"}},
		{"zoë ä", 9, []string{"Zoë Ängel"}},
		{"b.", 9, []string{"Bea Anders"}},
		{"b", 9, []string{"Bea Anders", "Anna Berg"}},
		{"100%", 9, []string{"100% Sure"}},
		{"a_", 9, []string{"a_b Under"}},
		{"u", 2, []string{"a_b Under"}},
		{"nna", 9, nil},
		{"an", 0, nil},
		{"", 3, []string{"100% Sure", "Annika Alm", "a_b Under"}},
	} {
		got, err := f.People(ctx(t), c.prefix, c.limit)
		ok(t, "people", err)
		var names []string
		for _, p := range got {
			names = append(names, string(p.ID))
		}
		same(t, fmt.Sprintf("people with prefix %q", c.prefix), names, c.want)
	}
}

func firstOwner(t *testing.T, f *fixture) {
	setup := store.OneTime{Secret: hash("setup"), Purpose: "setup", Expires: born.Add(time.Hour)}
	ok(t, "put", f.PutOneTime(ctx(t), setup))
	ok(t, "put", f.PutOneTime(ctx(t), store.OneTime{Secret: hash("signin"), Purpose: "signin", Expires: born.Add(time.Hour)}))
	wantOwner(t, f, false)
	for name, secret := range map[string][32]byte{"unknown": hash("x"), "of another purpose": hash("signin")} {
		fails(t, "secret "+name, f.CreateOwner(ctx(t), secret, born, ada), store.ErrNotFound)
	}
	fails(t, "expired", f.CreateOwner(ctx(t), setup.Secret, setup.Expires, ada), store.ErrNotFound)
	wantOwner(t, f, false)
	ok(t, "create owner", f.CreateOwner(ctx(t), setup.Secret, born, ada))
	wantOwner(t, f, true)
	got, err := f.Person(ctx(t), ada.ID)
	ok(t, "owner", err)
	want := ada
	want.SiteRole = room.SiteOwner
	same(t, "owner", got, want)
	fails(t, "spent", f.CreateOwner(ctx(t), setup.Secret, born, bob), store.ErrNotFound)
	second := store.OneTime{Secret: hash("second"), Purpose: "setup", Expires: born.Add(time.Hour)}
	ok(t, "put", f.PutOneTime(ctx(t), second))
	fails(t, "a second owner", f.CreateOwner(ctx(t), second.Secret, born, bob), store.ErrConflict)
	_, err = f.TakeOneTime(ctx(t), second.Secret, "setup", born)
	ok(t, "the secret of a conflict is not spent", err)
}

func wantOwner(t *testing.T, f *fixture, want bool) {
	t.Helper()
	got, err := f.OwnerExists(ctx(t))
	ok(t, "owner exists", err)
	same(t, "owner exists", got, want)
}

// racesForOwner: half use one secret, half another.
func racesForOwner(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	for _, name := range []string{"0", "1"} {
		ok(t, "put", f.PutOneTime(ctx(t), store.OneTime{Secret: hash(name), Purpose: "setup", Expires: born.Add(time.Hour)}))
	}
	outcomes := race(100, func(i int) error {
		p := store.Person{ID: room.PersonID(fmt.Sprint("p", i)), Canonical: fmt.Sprint(i, "@example.org")}
		return stores[i%2].CreateOwner(ctx(t), hash(fmt.Sprint(i/2%2)), born, p)
	})
	same(t, "owners", outcomes["ok"], 1)
	same(t, "others", outcomes[store.ErrConflict.Error()]+outcomes[store.ErrNotFound.Error()], 99)
	all, err := f.People(ctx(t), "", 10)
	ok(t, "people", err)
	same(t, "people", len(all), 1)
}

func oneTimeSecrets(t *testing.T, f *fixture) {
	o := store.OneTime{Secret: hash("s"), Purpose: "signin", Person: "ada", Expires: born.Add(time.Hour)}
	ok(t, "put", f.PutOneTime(ctx(t), o))
	_, err := f.TakeOneTime(ctx(t), o.Secret, "setup", born)
	fails(t, "another purpose", err, store.ErrNotFound)
	_, err = f.TakeOneTime(ctx(t), o.Secret, "signin", o.Expires)
	fails(t, "expired", err, store.ErrNotFound)
	_, err = f.TakeOneTime(ctx(t), hash("x"), "signin", born)
	fails(t, "unknown", err, store.ErrNotFound)
	got, err := f.TakeOneTime(ctx(t), o.Secret, "signin", o.Expires.Add(-time.Millisecond))
	ok(t, "take", err)
	same(t, "taken", got, o)
	_, err = f.TakeOneTime(ctx(t), o.Secret, "signin", born)
	fails(t, "spent", err, store.ErrNotFound)
}

func racesForSecret(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	ok(t, "put", f.PutOneTime(ctx(t), store.OneTime{Secret: hash("s"), Purpose: "signin", Expires: born.Add(time.Hour)}))
	outcomes := race(100, func(i int) error {
		_, err := stores[i%2].TakeOneTime(ctx(t), hash("s"), "signin", born)
		return err
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": 1, store.ErrNotFound.Error(): 99})
}

func pagesPeople(t *testing.T, f *fixture) {
	for i, name := range []string{"Anna Berg", "Bert Annis", "Čeněk 100%", "Dora Berg"} {
		first, last, _ := strings.Cut(name, " ")
		p := store.Person{ID: room.PersonID([]rune(name)[:1]), Canonical: fmt.Sprintf("%d@example.org", i), FirstName: first, LastName: last, Created: born}
		if p.ID == "D" {
			p.SiteRole = room.SiteAdmin
		}
		ok(t, "create", f.CreatePerson(ctx(t), p))
	}
	for _, c := range []struct {
		filter store.PeopleFilter
		want   []string
	}{
		{store.PeopleFilter{Limit: 9}, []string{"Anna", "Bert", "Čeněk", "Dora"}},
		{store.PeopleFilter{Limit: 2}, []string{"Anna", "Bert"}},
		{store.PeopleFilter{After: "1@example.org", Limit: 1}, []string{"Čeněk"}},
		{store.PeopleFilter{After: "3@example.org", Limit: 9}, nil},
		{store.PeopleFilter{Query: "ann", Limit: 9}, []string{"Anna", "Bert"}},
		{store.PeopleFilter{Query: "anna be", Limit: 9}, []string{"Anna"}},
		{store.PeopleFilter{Query: "2@ex", Limit: 9}, []string{"Čeněk"}},
		{store.PeopleFilter{Query: "0%", Limit: 9}, []string{"Čeněk"}},
		{store.PeopleFilter{Query: "_", Limit: 9}, nil},
		{store.PeopleFilter{Role: room.SiteAdmin, Limit: 9}, []string{"Dora"}},
		{store.PeopleFilter{Role: room.SiteMember, Query: "berg", Limit: 9}, []string{"Anna"}},
	} {
		got, err := f.SearchPeople(ctx(t), c.filter)
		ok(t, "search", err)
		var names []string
		for _, p := range got {
			names = append(names, p.FirstName)
		}
		same(t, fmt.Sprintf("%+v", c.filter), names, c.want)
	}
}
