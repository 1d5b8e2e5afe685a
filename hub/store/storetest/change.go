package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// become changes a person without regard to who asks.
func become(edit func(*store.Person)) store.PersonChange {
	return func(_, p store.Person) (store.Person, []store.AuditRow, error) {
		edit(&p)
		return p, nil, nil
	}
}

func role(r room.SiteRole) store.PersonChange {
	return become(func(p *store.Person) { p.SiteRole = r })
}

func changesPerson(t *testing.T, f *fixture) {
	for _, p := range []store.Person{ada, bob} {
		ok(t, "create", f.CreatePerson(ctx(t), p))
	}
	want := store.Person{ID: ada.ID, Email: "Augusta@Example.org", Canonical: "augusta@example.org", FirstName: "Augusta",
		LastName: "King", Password: "$argon2id$y", SiteRole: room.SiteAdmin, Created: born}
	got, err := f.ChangePerson(ctx(t), bob.ID, ada.ID, func(by, p store.Person) (store.Person, []store.AuditRow, error) {
		same(t, "who changes", by, bob)
		same(t, "who is changed", p, ada)
		p = want
		p.ID, p.Created = "other", born.Add(time.Hour)
		return p, []store.AuditRow{{Room: store.AuditSite, Who: string(by.ID), Act: "person.changed"}}, nil
	})
	ok(t, "change", err)
	same(t, "changed", got, want)
	got, err = f.PersonByEmail(ctx(t), want.Canonical)
	ok(t, "by the new address", err)
	same(t, "stored", got, want)
	wantActs(t, f, "person.changed")
	_, err = f.ChangePerson(ctx(t), bob.ID, ada.ID, func(_, p store.Person) (store.Person, []store.AuditRow, error) {
		return p, []store.AuditRow{{Room: store.AuditSite, Act: "person.changed"}}, nil
	})
	ok(t, "change nothing", err)
	wantActs(t, f, "person.changed")
	found, err := f.People(ctx(t), "king", 9)
	ok(t, "people", err)
	same(t, "found by the new name", found, []store.Person{want})

	_, err = f.ChangePerson(ctx(t), "", ada.ID, func(by, p store.Person) (store.Person, []store.AuditRow, error) {
		same(t, "nobody", by, store.Person{})
		p.Canonical = bob.Canonical
		return p, nil, nil
	})
	fails(t, "an address that is taken", err, store.ErrConflict)
	no := errors.New("no")
	_, err = f.ChangePerson(ctx(t), "", ada.ID, func(_, p store.Person) (store.Person, []store.AuditRow, error) { return p, nil, no })
	fails(t, "refused", err, no)
	for _, ids := range [][2]room.PersonID{{"", "x"}, {"x", ada.ID}} {
		_, err = f.ChangePerson(ctx(t), ids[0], ids[1], role(room.SiteOwner))
		fails(t, fmt.Sprint(ids), err, store.ErrNotFound)
	}
	got, err = f.Person(ctx(t), ada.ID)
	ok(t, "person", err)
	same(t, "unchanged by what failed", got, want)
}

func lastOwner(t *testing.T, f *fixture) {
	for _, p := range []store.Person{ada, bob} {
		p.SiteRole = room.SiteOwner
		ok(t, "create", f.CreatePerson(ctx(t), p))
	}
	shut := become(func(p *store.Person) { p.Disabled = true })
	_, err := f.ChangePerson(ctx(t), "", bob.ID, shut)
	ok(t, "one of two owners is disabled", err)
	for name, change := range map[string]store.PersonChange{"demoted": role(room.SiteAdmin), "disabled": shut} {
		_, err = f.ChangePerson(ctx(t), "", ada.ID, change)
		fails(t, "the last owner "+name, err, store.ErrLastOwner)
	}
	_, err = f.ChangePerson(ctx(t), "", bob.ID, role(room.SiteMember))
	ok(t, "a disabled owner may be demoted", err)
	got, err := f.Person(ctx(t), ada.ID)
	ok(t, "person", err)
	same(t, "role", got.SiteRole, room.SiteOwner)
	wantOwner(t, f, true)
}

// racesOfOwners: each of many owners demotes another, all at once.
func racesOfOwners(t *testing.T, f *fixture) {
	const n = 20
	stores := []store.Store{f.Store, f.again()}
	id := func(i int) room.PersonID { return room.PersonID(fmt.Sprint("owner", i%n)) }
	for i := range n {
		p := store.Person{ID: id(i), Canonical: fmt.Sprint(i, "@example.org"), SiteRole: room.SiteOwner, Created: born}
		ok(t, "create", f.CreatePerson(ctx(t), p))
	}
	errLow := errors.New("too low")
	outcomes := race(5*n, func(i int) error {
		_, err := stores[i%2].ChangePerson(ctx(t), id(i), id(i*7+1), func(by, p store.Person) (store.Person, []store.AuditRow, error) {
			if by.SiteRole != room.SiteOwner {
				return p, nil, errLow
			}
			p.SiteRole = room.SiteMember
			return p, nil, nil
		})
		return err
	})
	owners := 0
	for i := range n {
		p, err := f.Person(ctx(t), id(i))
		ok(t, "person", err)
		if p.SiteRole == room.SiteOwner {
			owners++
		}
	}
	if owners == 0 || outcomes["ok"] < n-owners {
		t.Errorf("%d owners are left after %v", owners, outcomes)
	}
}

func shutsOut(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	for name, person := range map[string]room.PersonID{"hers": ada.ID, "another's": bob.ID, "nobody's": ""} {
		ok(t, "put session", f.PutSession(ctx(t), store.WebSession{ID: hash(name), Person: person, Created: born, Seen: born}))
		ok(t, "put secret", f.PutOneTime(ctx(t), store.OneTime{Secret: hash(name), Purpose: "signin", Person: person, Expires: born.Add(time.Hour)}))
	}
	ok(t, "put key", f.PutKey(ctx(t), store.APIKey{Hash: hash("key"), Person: ada.ID}))
	_, err := f.ChangePerson(ctx(t), "", ada.ID, become(func(p *store.Person) { p.Disabled = true }))
	ok(t, "disable", err)
	for name, want := range map[string]error{"hers": store.ErrNotFound, "another's": nil, "nobody's": nil} {
		_, err := f.Session(ctx(t), hash(name))
		fails(t, "session "+name, err, want)
		_, err = f.TakeOneTime(ctx(t), hash(name), "signin", born)
		fails(t, "secret "+name, err, want)
	}
	_, _, err = f.Key(ctx(t), hash("key"), born)
	fails(t, "key", err, store.ErrNotFound)
	_, err = f.ChangePerson(ctx(t), "", ada.ID, become(func(p *store.Person) { p.Disabled = false }))
	ok(t, "enable", err)
	_, _, err = f.Key(ctx(t), hash("key"), born)
	ok(t, "the key works again", err)
}

// wantActs says which acts the site's chain tells of, the newest first.
func wantActs(t *testing.T, f *fixture, want ...string) {
	t.Helper()
	all, err := f.Audit(ctx(t), store.AuditFilter{Room: store.AuditSite, Limit: 99})
	ok(t, "audit", err)
	var acts []string
	for _, e := range all {
		acts = append(acts, e.Act)
	}
	same(t, "acts", acts, want)
}
