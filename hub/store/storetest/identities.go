package storetest

import (
	"testing"
	"time"

	"greenroom/hub/store"
)

var identityTests = map[string]func(*testing.T, *fixture){
	"linked once":                identities,
	"an account that was proven": unproven,
}

func identities(t *testing.T, f *fixture) {
	i := store.Identity{Issuer: "https://id.example.org", Subject: "7", Person: "ada", Groups: []string{"docs", "staff"}, Created: born}
	_, err := f.Identity(ctx(t), i.Issuer, i.Subject)
	fails(t, "before", err, store.ErrNotFound)
	ok(t, "link", f.LinkIdentity(ctx(t), i))
	other := i
	other.Person = "bob"
	fails(t, "link to another", f.LinkIdentity(ctx(t), other), store.ErrConflict)
	got, err := f.Identity(ctx(t), i.Issuer, i.Subject)
	ok(t, "identity", err)
	same(t, "identity", got, i)
	all, err := f.IdentitiesOf(ctx(t), "ada")
	ok(t, "identities", err)
	same(t, "identities", all, []store.Identity{i})
	all, err = f.IdentitiesOf(ctx(t), "bob")
	ok(t, "identities", err)
	same(t, "identities of another", len(all), 0)
	_, err = f.Identity(ctx(t), "https://other.example.org", i.Subject)
	fails(t, "the same subject elsewhere", err, store.ErrNotFound)
	for _, groups := range [][]string{{"one\ntwo"}, nil} {
		ok(t, "groups", f.SetIdentityGroups(ctx(t), i.Issuer, i.Subject, groups))
		got, err = f.Identity(ctx(t), i.Issuer, i.Subject)
		ok(t, "identity", err)
		if i.Groups = nil; groups != nil {
			i.Groups = []string{"one two"}
		}
		same(t, "identity", got, i)
	}
	fails(t, "groups of nobody", f.SetIdentityGroups(ctx(t), "x", "y", nil), store.ErrNotFound)
	outcomes := race(10, func(int) error {
		return f.LinkIdentity(ctx(t), store.Identity{Issuer: "i", Subject: "s", Person: "ada", Created: born})
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": 1, store.ErrConflict.Error(): 9})
}

func unproven(t *testing.T, f *fixture) {
	p := bob
	p.Password = "$argon2id$somebody's"
	ok(t, "create", f.CreatePerson(ctx(t), p))
	f.signedIn("stranger", p.ID, born.Add(time.Hour))
	fails(t, "another address", f.TakeUnproven(ctx(t), p.ID, "x@example.org"), store.ErrNotFound)
	same(t, "sessions", f.handles(p.ID), []string{"stranger"})
	ok(t, "take", f.TakeUnproven(ctx(t), p.ID, p.Canonical))
	got, err := f.Person(ctx(t), p.ID)
	ok(t, "person", err)
	p.Verified, p.Password = true, ""
	same(t, "person", got, p)
	same(t, "sessions", len(f.handles(p.ID)), 0)
	ended, err := f.EndedSessions(ctx(t), time.Minute)
	ok(t, "ended", err)
	same(t, "ended", ended, []string{"stranger"})
}
