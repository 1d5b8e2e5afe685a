package storetest

import (
	"fmt"
	"math"
	"testing"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var roomTests = map[string]func(*testing.T, *fixture){
	"links":                    links,
	"a logo":                   logos,
	"addresses":                addresses,
	"invited by prefix":        findsInvited,
	"a person's rooms":         personsRooms,
	"rooms by state and title": filtersRooms,
	"rooms of the invited":     invitedRooms,
	"managers come and go":     managers,
	"a row of an unknown kind": strangeRow,
}

func links(t *testing.T, f *fixture) {
	all := []store.LinkRow{
		{PublicID: "l1", Room: "room", Invitation: "inv", Generation: 1, Secret: hash("one")},
		{PublicID: "l2", Room: "room", Invitation: "inv", Generation: math.MaxUint32, Secret: [32]byte{}},
	}
	f.write("room", all[0], all[1])
	for _, want := range all {
		got, err := f.Link(ctx(t), want.PublicID)
		ok(t, "link", err)
		same(t, "link", got, want)
	}
	_, err := f.Link(ctx(t), "unknown")
	fails(t, "unknown", err, store.ErrNotFound)
}

func logos(t *testing.T, f *fixture) {
	one := store.LogoRow{Hash: hash("one"), Kind: "image/png", Content: []byte{0, 1, 255}}
	two := store.LogoRow{Hash: hash("two"), Kind: "image/webp", Content: []byte("two")}
	_, _, err := f.Logo(ctx(t), one.Hash)
	fails(t, "none yet", err, store.ErrNotFound)
	f.write("site", one)
	f.write("site", one) // the same again
	kind, content, err := f.Logo(ctx(t), one.Hash)
	ok(t, "logo", err)
	same(t, "logo", store.LogoRow{Hash: one.Hash, Kind: kind, Content: content}, one)
	f.write("site", two)
	_, _, err = f.Logo(ctx(t), one.Hash)
	fails(t, "the one before", err, store.ErrNotFound)
	f.write("site", store.LogoRow{})
	_, _, err = f.Logo(ctx(t), two.Hash)
	fails(t, "taken away", err, store.ErrNotFound)
}

func addresses(t *testing.T, f *fixture) {
	a := store.AddressRow{Room: "room", Invitation: "inv", Email: "Ada@Example.org", FirstName: "Ada", LastName: "Lovelace"}
	f.write("room", a, store.AddressRow{Room: "room", Invitation: "second"})
	f.write("room", store.NameRow{Room: "room", Invitation: "inv", FirstName: "Grace", LastName: "Hopper"}, store.NameRow{Room: "room", Invitation: "nobody's"})
	renamed, err := f.Address(ctx(t), "room", "inv")
	ok(t, "address", err)
	same(t, "renamed", renamed, store.AddressRow{Room: "room", Invitation: "inv", Email: "Ada@Example.org", FirstName: "Grace", LastName: "Hopper"})
	f.write("room", a)
	a.FirstName = "Augusta"
	a.Language, a.Zone = "de", "Europe/Berlin"
	f.write("room", a)
	got, err := f.Address(ctx(t), "room", "inv")
	ok(t, "address", err)
	same(t, "address", got, a)
	silent := a
	silent.LastName, silent.Language, silent.Zone = "King", "", ""
	f.write("room", silent)
	ok(t, "another language", f.SetReader(ctx(t), "room", "inv", "fr", ""))
	a.LastName, a.Language = "King", "fr"
	got, err = f.Address(ctx(t), "room", "inv")
	ok(t, "address", err)
	same(t, "what nothing is said about stays", got, a)
	fails(t, "language of nobody", f.SetReader(ctx(t), "room", "nobody", "fr", ""), store.ErrNotFound)
	_, err = f.Address(ctx(t), "other", "inv")
	fails(t, "in another room", err, store.ErrNotFound)
}

// findsInvited: by name, last name and address in turn, in one room alone, and
// by the newest name.
func findsInvited(t *testing.T, f *fixture) {
	for i, a := range []store.AddressRow{
		{Email: "An.Berg@Example.org", FirstName: "Zoë", LastName: "Ångström"},
		{Email: "zo@example.org", FirstName: "Anna", LastName: "Berg"},
		{Email: "b@example.org", FirstName: "Bo", LastName: "Anders"},
		{Email: "c@example.org", FirstName: "ÄNNE", LastName: "%"},
	} {
		a.Room, a.Invitation = "room", room.InvitationID(fmt.Sprint(i))
		f.write("room", a)
	}
	f.write("other", store.AddressRow{Room: "other", Invitation: "0", Email: "annika@example.org", FirstName: "Annika", LastName: "A"})
	f.write("room", store.AddressRow{Room: "room", Invitation: "1", Email: "zo@example.org", FirstName: "Hanna", LastName: "Berg"})
	for _, c := range []struct {
		prefix string
		limit  int
		want   string
	}{
		{"an", 9, "20"}, {"anna", 9, ""}, {"hanna b", 9, "1"}, {"b", 9, "21"}, {"än", 9, "3"}, {"ång", 9, "0"}, {"%", 9, "3"},
		{"an.berg@example.org", 9, "0"}, {"b", 1, "2"}, {"b", 0, ""}, {"annika", 9, ""}, {"zo", 9, "01"},
	} {
		got, err := f.Invited(ctx(t), "room", c.prefix, c.limit)
		ok(t, "invited", err)
		var found string
		for _, a := range got {
			found += string(a.Invitation)
		}
		same(t, fmt.Sprintf("invited as %q", c.prefix), found, c.want)
	}
}

// manage writes a room that a person manages.
func (f *fixture) manage(person room.PersonID, r store.RoomRow) {
	f.t.Helper()
	f.write(r.ID, r, store.ManagerRow{Room: r.ID, Person: person, Right: "owner"})
}

func wantRooms(t *testing.T, f *fixture, what string, filter store.RoomFilter, want ...room.ID) {
	t.Helper()
	got, err := f.Rooms(ctx(t), filter)
	ok(t, "rooms", err)
	var ids []room.ID
	for _, r := range got {
		ids = append(ids, r.ID)
	}
	same(t, what, ids, want)
}

// personsRooms pages in both directions, with equal starts.
func personsRooms(t *testing.T, f *fixture) {
	for id, start := range map[room.ID]room.Millis{"a": 30, "b": 10, "c": 20, "d": 20, "e": 20} {
		f.manage("ada", store.RoomRow{ID: id, Title: "T", StartsAt: start, EndsAt: start + 5, State: "scheduled"})
	}
	f.manage("bob", store.RoomRow{ID: "bobs", StartsAt: 20, State: "scheduled"})
	for newest, order := range map[bool][]room.ID{false: {"b", "c", "d", "e", "a"}, true: {"a", "e", "d", "c", "b"}} {
		filter := store.RoomFilter{Person: "ada", Newest: newest, Limit: 2}
		for len(order) > 0 {
			n := min(2, len(order))
			wantRooms(t, f, fmt.Sprint("after ", filter.After), filter, order[:n]...)
			filter.After, order = order[n-1], order[n:]
		}
		wantRooms(t, f, "after the last", filter)
	}
	got, err := f.Rooms(ctx(t), store.RoomFilter{Person: "ada", Limit: 1})
	ok(t, "rooms", err)
	same(t, "row", got, []store.RoomRow{{ID: "b", Title: "T", StartsAt: 10, EndsAt: 15, State: "scheduled"}})
	wantRooms(t, f, "after an unknown room", store.RoomFilter{Person: "ada", After: "x", Limit: 9})
	wantRooms(t, f, "of nobody", store.RoomFilter{Person: "eve", Limit: 9})
}

func filtersRooms(t *testing.T, f *fixture) {
	for i, r := range []store.RoomRow{
		{ID: "a", Title: "Physics 101", State: "scheduled"},
		{ID: "b", Title: "Meta-PHYSICS 50%", State: "open"},
		{ID: "c", Title: "Gärten", State: "closed"},
		{ID: "d", Title: "physics of old", State: "deleted"},
	} {
		r.StartsAt = room.Millis(i)
		f.manage("ada", r)
	}
	for _, c := range []struct {
		query  string
		states []string
		want   []room.ID
	}{
		{"", nil, []room.ID{"a", "b", "c"}},
		{"", []string{"deleted"}, []room.ID{"d"}},
		{"", []string{"open", "closed"}, []room.ID{"b", "c"}},
		{"phys", nil, []room.ID{"a", "b"}},
		{"PhySics", []string{"open", "deleted"}, []room.ID{"b", "d"}},
		{"0%", nil, []room.ID{"b"}},
		{"gär", nil, []room.ID{"c"}},
		{"_", nil, nil},
	} {
		wantRooms(t, f, fmt.Sprintf("%q in %v", c.query, c.states),
			store.RoomFilter{Person: "ada", Query: c.query, States: c.states, Limit: 9}, c.want...)
	}
}

// invitedRooms: found by the canonical address alone, among the managed ones
// and once, as long as the address row is there.
func invitedRooms(t *testing.T, f *fixture) {
	for i, id := range []room.ID{"a", "b", "c", "d"} {
		f.write(id, store.RoomRow{ID: id, Title: "Room " + string(id), StartsAt: room.Millis(i), State: "scheduled"})
	}
	f.write("b", store.ManagerRow{Room: "b", Person: "ada", Right: "owner"})
	for _, id := range []room.ID{"a", "b", "d"} {
		f.write(id, store.AddressRow{Room: id, Invitation: "1", Email: "Ada@Example.org", Canonical: "ada@example.org"})
	}
	f.write("a", store.AddressRow{Room: "a", Invitation: "2", Email: "ada@EXAMPLE.org", Canonical: "ada@example.org"})
	f.write("c", store.AddressRow{Room: "c", Invitation: "1", Email: "ada@example.org"}) // not to be found by it
	ada := store.RoomFilter{Person: "ada", Address: "ada@example.org", Limit: 9}
	wantRooms(t, f, "managed and invited", ada, "a", "b", "d")
	for _, c := range []struct {
		filter store.RoomFilter
		want   []room.ID
	}{
		{store.RoomFilter{Person: "ada", Limit: 9}, []room.ID{"b"}},
		{store.RoomFilter{Address: "ada@example.org", Limit: 9}, []room.ID{"a", "b", "d"}},
		{store.RoomFilter{Address: "ada@example.org", Limit: 9, Newest: true, After: "d"}, []room.ID{"b", "a"}},
		{store.RoomFilter{Address: "ada@example.org", Limit: 9, Query: "ROOM D"}, []room.ID{"d"}},
		{store.RoomFilter{Address: "ada@example.org", Limit: 9, States: []string{"open"}}, nil},
		{store.RoomFilter{Address: "bob@example.org", Limit: 9}, nil},
		{store.RoomFilter{Limit: 9}, nil},
	} {
		wantRooms(t, f, fmt.Sprintf("%+v", c.filter), c.filter, c.want...)
	}
	f.write("d", store.AddressRow{Room: "d", Invitation: "1", Email: "Ada@Example.org", FirstName: "Ada"})
	wantRooms(t, f, "after a change of the name", ada, "a", "b", "d")
	f.write("d", store.ForgetRow{Room: "d", Invitation: "1"})
	wantRooms(t, f, "after the address was forgotten", ada, "a", "b")
}

func managers(t *testing.T, f *fixture) {
	all := store.RoomFilter{Person: "ada", Limit: 9}
	f.manage("ada", store.RoomRow{ID: "a", State: "open"})
	f.write("a", store.ManagerRow{Room: "a", Person: "ada", Right: "co_owner"})
	wantRooms(t, f, "with another right", all, "a")
	f.write("a", store.ManagerRow{Room: "a", Person: "ada"})
	wantRooms(t, f, "removed", all)
	_, err := f.RoomRow(ctx(t), "a")
	ok(t, "the room stays", err)
	_, err = f.RoomRow(ctx(t), "x")
	fails(t, "unknown room", err, store.ErrNotFound)
}

func strangeRow(t *testing.T, f *fixture) {
	err := f.Commit(ctx(t), "room", 0, batchOf(store.Batch{Events: events(born, 0, room.Opened{}), Rows: []store.Row{nil}}))
	if err == nil {
		t.Error("a row of no kind was accepted")
	}
	same(t, "head", f.head("room"), room.Seq(0))
}
