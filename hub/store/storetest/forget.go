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

var forgetTests = map[string]func(*testing.T, *fixture){
	"private rows go with the fact":       forgetsRows,
	"no snapshot of before is stored":     forgetsSnapshots,
	"redactions wait and are leased":      redactions,
	"redacting keeps numbers":             redacts,
	"an account goes with its wish":       erasesAccount,
	"the last owner stays":                erasesNoLastOwner,
	"wishes are leased and end":           erasures,
	"all addresses, page by page":         allAddresses,
	"rooms that a person ever managed":    roomsOf,
	"old rooms are taken once in a while": outlived,
	"rows that are over are swept":        sweepsRows,
	"pseudonyms leave the chain intact":   pseudonyms,
	"nothing deleted is left":             scrubs,
}

// forget commits a fact that forgets, with its row.
func (f *fixture) forget(r store.ForgetRow, head room.Seq) {
	f.t.Helper()
	r.Place = head + 1
	b := store.Batch{Events: events(f.clock.now(), head, room.Forgotten{}), Rows: []store.Row{r}}
	ok(f.t, "forget", f.Commit(ctx(f.t), r.Room, head, batchOf(b)))
}

func forgetsRows(t *testing.T, f *fixture) {
	for _, inv := range []room.InvitationID{"i1", "i2"} {
		m := letter(inv)
		f.write("r", store.AddressRow{Room: "r", Invitation: inv, Email: string(inv) + "@example.org"},
			store.LinkRow{PublicID: "link " + string(inv), Room: "r", Invitation: inv, Generation: 1}, m)
		ok(t, "session", f.PutSession(ctx(t), store.WebSession{ID: hash(string(inv)), Created: born, Seen: born}))
		ok(t, "opening", f.PutOpening(ctx(t), hash(string(inv)), store.Opening{Room: "r", Invitation: inv, Link: 1}))
	}
	left := func() (words string) {
		for _, inv := range []room.InvitationID{"i1", "i2"} {
			_, noAddress := f.Address(ctx(t), "r", inv)
			_, noLink := f.Link(ctx(t), "link "+string(inv))
			mails, err := f.Mails(ctx(t), "r", []room.InvitationID{inv})
			ok(t, "mails", err)
			openings, err := f.Openings(ctx(t), hash(string(inv)))
			ok(t, "openings", err)
			words += fmt.Sprintf("%s %t %t %d %d; ", inv, noAddress == nil, noLink == nil, len(mails), len(openings))
		}
		return words
	}
	same(t, "before", left(), "i1 true true 1 1; i2 true true 1 1; ")
	f.forget(store.ForgetRow{Room: "r", Invitation: "i1"}, 0)
	same(t, "one forgotten", left(), "i1 false false 0 0; i2 true true 1 1; ")
	f.forget(store.ForgetRow{Room: "r"}, 1)
	same(t, "a manager forgotten", left(), "i1 false false 0 0; i2 true true 1 1; ")
	f.forget(store.ForgetRow{Room: "r", All: true}, 2)
	same(t, "all forgotten", left(), "i1 false false 0 0; i2 false false 0 0; ")
}

func forgetsSnapshots(t *testing.T, f *fixture) {
	f.add("r", 0, notes(1, 5)...)
	ok(t, "put", f.PutSnapshot(ctx(t), "r", 5, []byte("old")))
	f.forget(store.ForgetRow{Room: "r"}, 5)
	for place, want := range map[room.Seq]room.Seq{4: 0, 5: 0} {
		ok(t, "put", f.PutSnapshot(ctx(t), "r", place, []byte("late")))
		at, _, err := f.Snapshot(ctx(t), "r")
		ok(t, "snapshot", err)
		same(t, "a snapshot of before", at, want)
	}
	ok(t, "put", f.PutSnapshot(ctx(t), "r", 6, []byte("new")))
	at, data, err := f.Snapshot(ctx(t), "r")
	ok(t, "snapshot", err)
	same(t, "a snapshot of after", fmt.Sprint(at, string(data)), "6new")
}

func redactions(t *testing.T, f *fixture) {
	_, err := f.LeaseRedaction(ctx(t), "a", time.Minute)
	fails(t, "none waits", err, store.ErrNotFound)
	f.forget(store.ForgetRow{Room: "r"}, 0)
	n, err := f.RedactionsWaiting(ctx(t))
	ok(t, "waiting", err)
	same(t, "waiting", n, 1)
	first, err := f.LeaseRedaction(ctx(t), "a", time.Minute)
	ok(t, "lease", err)
	same(t, "leased", first, store.Redaction{Room: "r", Place: 1})
	_, err = f.LeaseRedaction(ctx(t), "b", time.Minute)
	fails(t, "somebody has it", err, store.ErrNotFound)
	f.clock.move(50 * time.Second)
	ok(t, "renew", f.RenewRedaction(ctx(t), first, "a", time.Minute))
	f.clock.move(50 * time.Second)
	_, err = f.LeaseRedaction(ctx(t), "b", time.Minute)
	fails(t, "the lease is renewed", err, store.ErrNotFound)
	f.clock.move(2 * time.Minute)
	_, err = f.LeaseRedaction(ctx(t), "b", time.Minute)
	ok(t, "the lease has ended", err)
	fails(t, "renew what is another's", f.RenewRedaction(ctx(t), first, "a", time.Minute), store.ErrNotFound)
	f.forget(store.ForgetRow{Room: "r"}, 1)
	fails(t, "renew where more was forgotten", f.RenewRedaction(ctx(t), first, "b", time.Minute), store.ErrNotFound)
	ok(t, "end of an old one", f.EndRedaction(ctx(t), first, "b"))
	second, err := f.LeaseRedaction(ctx(t), "b", time.Minute)
	ok(t, "more was forgotten", err)
	same(t, "leased", second.Place, room.Seq(2))
	ok(t, "end", f.EndRedaction(ctx(t), second, "b"))
	f.clock.move(time.Hour)
	_, err = f.LeaseRedaction(ctx(t), "b", time.Minute)
	fails(t, "done", err, store.ErrNotFound)
}

func redacts(t *testing.T, f *fixture) {
	f.add("r", 0, room.Closed{Reason: "secret"}, room.Opened{}, room.Closed{Reason: "kept"}, room.Closed{Reason: "secret"})
	before := f.since("r", 0)
	redact := func(e room.Event) (room.Event, bool) {
		c, is := e.Fact.(room.Closed)
		if !is || c.Reason != "secret" {
			return e, false
		}
		e.Fact = room.Closed{}
		return e, true
	}
	var at room.Seq
	for _, want := range []room.Seq{3, 4, 4} {
		last, err := f.Redact(ctx(t), "r", at, 3, redact)
		ok(t, "redact", err)
		same(t, "last", last, want)
		at = last
	}
	after := f.since("r", 0)
	before[0].Fact, before[3].Fact = room.Closed{}, room.Closed{}
	same(t, "log", after, before)
	_, err := f.Redact(ctx(t), "r", 0, 3, func(e room.Event) (room.Event, bool) {
		e.Fact = room.Opened{}
		return e, true
	})
	if err == nil {
		t.Error("another kind of fact is written")
	}
	same(t, "log", f.since("r", 0), before)
}

// wish is somebody's wish to be forgotten.
func wish(id string, p store.Person) store.Erasure {
	return store.Erasure{ID: id, Person: p.ID, Canonical: p.Canonical, Recipient: room.HashOf(p.Canonical), By: "admin", Heir: "heir"}
}

func erasesAccount(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), bob))
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	for _, p := range []store.Person{ada, bob} {
		name := string(p.ID)
		ok(t, "session", f.PutSession(ctx(t), store.WebSession{ID: hash(name), Person: p.ID, Handle: "h " + name, Created: born, Seen: born}))
		ok(t, "one-time", f.PutOneTime(ctx(t), store.OneTime{Secret: hash("once " + name), Purpose: "signin", Person: p.ID, Expires: born.Add(time.Hour)}))
		m := letter(room.InvitationID("i " + name))
		m.Recipient = room.HashOf(p.Canonical)
		f.write("r", m)
	}
	ok(t, "ask", f.AskErasure(ctx(t), wish("e", ada), act(store.AuditSite, "admin", "person.erased", "ada")))
	fails(t, "the account", personErr(f, ada.ID), store.ErrNotFound)
	_, err := f.Session(ctx(t), hash("ada"))
	fails(t, "the session", err, store.ErrNotFound)
	_, err = f.TakeOneTime(ctx(t), hash("once ada"), "signin", born)
	fails(t, "the secret", err, store.ErrNotFound)
	mails, err := f.Mails(ctx(t), "r", []room.InvitationID{"i ada", "i bob"})
	ok(t, "mails", err)
	same(t, "mails", len(mails), 1)
	ok(t, "others stay", personErr(f, bob.ID))
	_, err = f.Session(ctx(t), hash("bob"))
	ok(t, "others' sessions stay", err)
	same(t, "audit", acts(f.entries(store.AuditFilter{About: []string{"ada"}})), []string{"site 1 admin person.erased"})
	fails(t, "again", f.AskErasure(ctx(t), wish("e2", ada)), store.ErrNotFound)
}

func personErr(f *fixture, id room.PersonID) error {
	_, err := f.Person(ctx(f.t), id)
	return err
}

func erasesNoLastOwner(t *testing.T, f *fixture) {
	ok(t, "put", f.PutOneTime(ctx(t), store.OneTime{Secret: hash("s"), Purpose: "setup", Expires: born.Add(time.Hour)}))
	ok(t, "owner", f.CreateOwner(ctx(t), hash("s"), born, ada))
	fails(t, "the last owner", f.AskErasure(ctx(t), wish("e", ada)), store.ErrLastOwner)
	ok(t, "the owner", personErr(f, ada.ID))
	all, err := f.Erasures(ctx(t), 10)
	ok(t, "erasures", err)
	same(t, "erasures", len(all), 0)
}

func erasures(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	asked := wish("e", ada)
	ok(t, "ask", f.AskErasure(ctx(t), asked))
	ok(t, "ask for an address", f.AskErasure(ctx(t), store.Erasure{ID: "f", Canonical: "x@example.org", By: "admin"}))
	got, err := f.LeaseErasure(ctx(t), "a", time.Minute)
	ok(t, "lease", err)
	asked.Asked = f.clock.cut()
	same(t, "leased", got, asked)
	_, err = f.LeaseErasure(ctx(t), "b", time.Hour)
	ok(t, "the other", err)
	_, err = f.LeaseErasure(ctx(t), "c", time.Minute)
	fails(t, "all are taken", err, store.ErrNotFound)
	fails(t, "end by another", f.EndErasure(ctx(t), "e", "b"), store.ErrNotFound)
	f.clock.move(50 * time.Second)
	ok(t, "renew", f.RenewErasure(ctx(t), "e", "a", time.Minute))
	fails(t, "renew by another", f.RenewErasure(ctx(t), "e", "b", time.Hour), store.ErrNotFound)
	f.clock.move(50 * time.Second)
	_, err = f.LeaseErasure(ctx(t), "c", time.Minute)
	fails(t, "one lease is renewed", err, store.ErrNotFound)
	ended := f.clock.cut()
	ok(t, "end", f.EndErasure(ctx(t), "e", "a"))
	all, err := f.Erasures(ctx(t), 10)
	ok(t, "erasures", err)
	i := slices.IndexFunc(all, func(e store.Erasure) bool { return e.ID == "e" })
	same(t, "done", all[i], store.Erasure{ID: "e", Person: "ada", By: "admin", Heir: "heir", Asked: asked.Asked, Done: ended})
	fails(t, "renew what is done", f.RenewErasure(ctx(t), "e", "a", time.Minute), store.ErrNotFound)
	f.clock.move(2 * time.Minute)
	_, err = f.LeaseErasure(ctx(t), "c", time.Minute)
	fails(t, "done is not due", err, store.ErrNotFound)
}

func allAddresses(t *testing.T, f *fixture) {
	for _, id := range []room.ID{"b", "a"} {
		for _, inv := range []room.InvitationID{"2", "1"} {
			f.write(id, store.AddressRow{Room: id, Invitation: inv, Email: string(inv) + "@" + string(id)})
		}
	}
	var got []string
	for after := (store.AddressMark{}); ; {
		rows, err := f.AllAddresses(ctx(t), after, 3)
		ok(t, "addresses", err)
		for _, a := range rows {
			got = append(got, a.Email)
			after = store.AddressMark{Room: a.Room, Invitation: a.Invitation}
		}
		if len(rows) < 3 {
			break
		}
	}
	same(t, "addresses", got, []string{"1@a", "2@a", "1@b", "2@b"})
}

func roomsOf(t *testing.T, f *fixture) {
	for id, people := range map[room.ID][]room.PersonID{"a": {"ada", "bob"}, "b": {"bob"}, "c": {`x"ada`}} {
		f.write(id, store.RoomRow{ID: id, State: "open"})
		for _, p := range people {
			f.add(id, f.head(id), room.ManagerSet{Participant: "p", Person: p, Right: room.Owner})
		}
	}
	for p, want := range map[room.PersonID][]room.ID{"ada": {"a"}, "bob": {"a", "b"}, `x"ada`: {"c"}, "a%": nil, "": nil} {
		got, err := f.RoomsOf(ctx(t), p)
		ok(t, "rooms", err)
		slices.Sort(got)
		same(t, "rooms of "+string(p), got, want)
	}
}

func outlived(t *testing.T, f *fixture) {
	now := f.clock.now()
	at := func(days int) room.Millis {
		return room.Millis(now.Add(time.Duration(days) * 24 * time.Hour).UnixMilli())
	}
	f.write("r", store.RoomRow{ID: "old", StartsAt: at(-100), EndsAt: at(-99), State: "open"}, store.RoomRow{ID: "open end", StartsAt: at(-95), State: "open"},
		store.RoomRow{ID: "long", StartsAt: at(-100), EndsAt: at(-1), State: "open"}, store.RoomRow{ID: "new", StartsAt: at(-1), State: "scheduled"})
	take := func() []room.ID {
		ids, err := f.Outlived(ctx(t), f.clock.now().Add(-90*24*time.Hour), f.clock.now().Add(-time.Hour), 10)
		ok(t, "outlived", err)
		return ids
	}
	same(t, "taken", take(), []room.ID{"old", "open end"})
	same(t, "again", len(take()), 0)
	f.clock.move(2 * time.Hour)
	same(t, "later", take(), []room.ID{"old", "open end"})
}

func sweepsRows(t *testing.T, f *fixture) {
	f.write("r", letter("sent"))
	f.endMail(f.lease("a").ID, "a", store.MailSent)
	f.clock.move(time.Hour)
	f.write("r", letter("late"))
	f.endMail(f.lease("a").ID, "a", store.MailSent)
	f.write("r", letter("queued"))
	ok(t, "one-time", f.PutOneTime(ctx(t), store.OneTime{Secret: hash("s"), Purpose: "signin", Expires: f.clock.now().Add(-time.Hour)}))
	for _, want := range []int{2, 0} {
		n, err := f.SweepRows(ctx(t), f.clock.now().Add(-time.Minute), 10)
		ok(t, "sweep", err)
		same(t, "swept", n, want)
	}
	same(t, "mails", f.mails("sent", "late", "queued"), "late invitation sent, queued invitation queued")
}

func pseudonyms(t *testing.T, f *fixture) {
	for range 3 {
		f.write("a", store.AuditRow{Room: "a", Who: "ada", Act: "role.changed", Targets: []string{"p1"}, Session: room.HashOf("s"), Changes: []room.Change{{Field: "role", After: "speaker"}}})
		f.clock.move(time.Hour)
	}
	limit := f.clock.now().Add(-90 * time.Minute)
	for _, want := range []int{1, 1, 0} {
		n, err := f.Pseudonymise(ctx(t), limit, []byte("key"), 1)
		ok(t, "pseudonymise", err)
		same(t, "entries", n, want)
	}
	same(t, "entries", f.intact("a"), uint64(3))
	report, err := store.VerifyAudit(ctx(t), f, "a")
	ok(t, "verify", err)
	same(t, "pseudonyms", report.Pseudonyms, uint64(2))
	all := f.entries(store.AuditFilter{})
	told := all[1].Told()
	if !strings.HasPrefix(all[1].Who, "~") || all[1].Who != all[2].Who || !strings.HasPrefix(told.Targets[0], "~") || !all[1].Session.IsZero() {
		t.Errorf("an old entry: %+v", all[1])
	}
	same(t, "what was done stays", told.Changes, []room.Change{{Field: "role", After: "speaker"}})
	same(t, "a new entry", all[0].Who, "ada")
	same(t, "found by id", len(f.entries(store.AuditFilter{About: []string{"p1"}})), 1)
}

func scrubs(t *testing.T, f *fixture) {
	ok(t, "create", f.CreatePerson(ctx(t), ada))
	ok(t, "ask", f.AskErasure(ctx(t), wish("e", ada)))
	for range 2 {
		ok(t, "scrub", f.Scrub(ctx(t)))
	}
	ok(t, "the store goes on", f.CreatePerson(ctx(t), bob))
}
