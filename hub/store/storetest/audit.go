package storetest

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var auditTests = map[string]func(*testing.T, *fixture){
	"chains of their own":               auditChains,
	"with its events or not at all":     auditWithEvents,
	"with acts beside the logs":         auditBesideLogs,
	"filters and paging":                auditFilters,
	"two instances write one chain":     auditShared,
	"entries keep what was written":     auditKeeps,
	"what a stranger changes is found":  auditTampered,
	"an empty chain is an intact chain": auditEmpty,
}

// act is somebody's doing.
func act(id room.ID, who, what string, targets ...string) store.AuditRow {
	return store.AuditRow{Room: id, Who: who, Act: what, Targets: targets}
}

// intact verifies a chain and gives the number of its entries.
func (f *fixture) intact(id room.ID) uint64 {
	f.t.Helper()
	report, err := store.VerifyAudit(ctx(f.t), f, id)
	ok(f.t, "verify", err)
	ok(f.t, "chain", report.Err())
	return report.Entries
}

func (f *fixture) entries(filter store.AuditFilter) (all []store.AuditEntry) {
	f.t.Helper()
	if filter.Limit == 0 {
		filter.Limit = 1000
	}
	all, err := f.Audit(ctx(f.t), filter)
	ok(f.t, "audit", err)
	return all
}

func acts(all []store.AuditEntry) (names []string) {
	for _, e := range all {
		names = append(names, fmt.Sprint(e.Room, " ", e.Number, " ", e.Who, " ", e.Act))
	}
	return names
}

func auditChains(t *testing.T, f *fixture) {
	f.write("a", act("a", "ada", "one"), act("a", "ada", "two"))
	f.write("b", act("b", "bob", "one"))
	ok(t, "record", f.RecordAudit(ctx(t), act(store.AuditSite, "ada", "three")))
	same(t, "entries", []uint64{f.intact("a"), f.intact("b"), f.intact(store.AuditSite)}, []uint64{2, 1, 1})
	heads, err := f.AuditHeads(ctx(t), "", 2)
	ok(t, "heads", err)
	same(t, "heads", []room.ID{heads[0].Room, heads[1].Room}, []room.ID{"a", "b"})
	heads, err = f.AuditHeads(ctx(t), "b", 2)
	ok(t, "heads", err)
	same(t, "heads", len(heads), 1)
	head, err := f.AuditHead(ctx(t), "a")
	ok(t, "head", err)
	same(t, "head", head.Number, uint64(2))
	var all []room.ID
	for id, err := range store.AuditChains(ctx(t), f) {
		ok(t, "chains", err)
		all = append(all, id)
	}
	same(t, "chains", all, []room.ID{"a", "b", store.AuditSite})
}

func auditEmpty(t *testing.T, f *fixture) {
	same(t, "entries", f.intact("nowhere"), uint64(0))
	same(t, "list", len(f.entries(store.AuditFilter{})), 0)
}

func auditWithEvents(t *testing.T, f *fixture) {
	both := store.Batch{Events: events(f.clock.now(), 0, room.Opened{}), Rows: []store.Row{act("a", "ada", "room.opened")}}
	ok(t, "commit", f.Commit(ctx(t), "a", 0, batchOf(both)))
	same(t, "entries", f.intact("a"), uint64(1))
	bad := store.Batch{Events: events(f.clock.now(), 1, room.Opened{}), Rows: []store.Row{act("a", "ada", "lost"), link("x"), link("x")}}
	fails(t, "a batch that fails", f.Commit(ctx(t), "a", 1, batchOf(bad)), store.ErrConflict)
	same(t, "entries", f.intact("a"), uint64(1))
	same(t, "head", f.head("a"), room.Seq(1))
}

func link(public string) store.LinkRow {
	return store.LinkRow{PublicID: public, Room: "a", Invitation: "i", Generation: 1}
}

func auditBesideLogs(t *testing.T, f *fixture) {
	row := act(store.AuditSite, "ada", "person.created", "bob")
	ok(t, "create", f.CreatePerson(ctx(t), bob, row))
	fails(t, "create again", f.CreatePerson(ctx(t), bob, row), store.ErrConflict)
	ok(t, "put key", f.PutKey(ctx(t), store.APIKey{Hash: hash("k"), Person: "bob"}, act(store.AuditSite, "bob", "key.created")))
	ok(t, "put", f.PutOneTime(ctx(t), store.OneTime{Secret: hash("s"), Purpose: "setup", Expires: born.Add(time.Hour)}))
	ok(t, "owner", f.CreateOwner(ctx(t), hash("s"), born, ada, act(store.AuditSite, "ada", "owner.created")))
	same(t, "acts", acts(f.entries(store.AuditFilter{})), []string{"site 3 ada owner.created", "site 2 bob key.created", "site 1 ada person.created"})
	f.intact(store.AuditSite)
}

func auditFilters(t *testing.T, f *fixture) {
	start := f.clock.cut()
	f.write("a", act("a", "ada", "x", "p1"), act("a", "bob", "y", "p2"))
	f.clock.move(time.Second)
	f.write("b", act("b", "ada", "y", "p1", "ada"))
	f.clock.move(time.Second)
	f.write("a", act("a", "ada", "x", "bob"))
	for name, c := range map[string]struct {
		filter store.AuditFilter
		want   []string
	}{
		"all":      {store.AuditFilter{}, []string{"a 3 ada x", "b 1 ada y", "a 2 bob y", "a 1 ada x"}},
		"room":     {store.AuditFilter{Room: "a"}, []string{"a 3 ada x", "a 2 bob y", "a 1 ada x"}},
		"who":      {store.AuditFilter{Who: "ada", Act: "x"}, []string{"a 3 ada x", "a 1 ada x"}},
		"act":      {store.AuditFilter{Act: "y"}, []string{"b 1 ada y", "a 2 bob y"}},
		"about":    {store.AuditFilter{About: []string{"p1", "bob"}}, []string{"a 3 ada x", "b 1 ada y", "a 2 bob y", "a 1 ada x"}},
		"target":   {store.AuditFilter{About: []string{"p1"}}, []string{"b 1 ada y", "a 1 ada x"}},
		"together": {store.AuditFilter{Room: "a", Who: "ada", Act: "x", About: []string{"bob"}}, []string{"a 3 ada x"}},
		"from":     {store.AuditFilter{From: start.Add(time.Second)}, []string{"a 3 ada x", "b 1 ada y"}},
		"to":       {store.AuditFilter{To: start.Add(time.Second)}, []string{"a 2 bob y", "a 1 ada x"}},
		"nobody":   {store.AuditFilter{About: []string{"nobody"}}, nil},
	} {
		same(t, name, acts(f.entries(c.filter)), c.want)
	}
	var paged []string
	for after := (*store.AuditMark)(nil); ; {
		page := f.entries(store.AuditFilter{After: after, Limit: 1})
		if len(page) == 0 {
			break
		}
		paged = append(paged, acts(page)...)
		after = &store.AuditMark{At: page[0].At, Room: page[0].Room, Number: page[0].Number}
	}
	same(t, "page by page", paged, []string{"a 3 ada x", "b 1 ada y", "a 2 bob y", "a 1 ada x"})
}

func auditShared(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	outcomes := race(60, func(i int) error {
		return stores[i%2].RecordAudit(ctx(t), act(store.AuditSite, fmt.Sprint("p", i), "x"))
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": 60})
	same(t, "entries", f.intact(store.AuditSite), uint64(60))
}

func auditKeeps(t *testing.T, f *fixture) {
	row := store.AuditRow{Room: "a", Who: "ada", Act: "role.changed", Targets: []string{"p1", "i1"}, Session: room.HashOf("s"),
		Changes: []room.Change{{Field: "role", Before: "viewer", After: "speaker"}}, Place: 7}
	f.write("a", row)
	e := f.entries(store.AuditFilter{})[0]
	same(t, "row", store.AuditRow{Room: e.Room, Who: e.Who, Act: e.Act, Targets: e.Told().Targets, Session: e.Session, Changes: e.Told().Changes, Place: e.Place}, row)
	same(t, "time", e.At, f.clock.cut())
}

// auditTampered changes what the store gives, as somebody with the file would.
func auditTampered(t *testing.T, f *fixture) {
	for i := range 5 {
		f.write("a", act("a", "ada", fmt.Sprint("act", i), "p1"))
	}
	var chain []store.AuditEntry
	for e, err := range f.AuditChain(ctx(t), "a", 0) {
		ok(t, "chain", err)
		chain = append(chain, e)
	}
	head, err := f.AuditHead(ctx(t), "a")
	ok(t, "head", err)
	for name, change := range map[string]func([]store.AuditEntry, *store.AuditHead) []store.AuditEntry{
		"act": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { c[1].Act = "other"; return c },
		"time": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry {
			c[1].At = c[1].At.Add(1e9)
			return c
		},
		"who":    func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { c[4].Who = "bob"; return c },
		"detail": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { c[0].Detail = "{}"; return c },
		"pseudonym": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry {
			c[2].Salt, c[2].Who = nil, "~"
			return c
		},
		"removed": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { return append(c[:2:2], c[3:]...) },
		"cut off": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { return c[:4] },
		"emptied": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { return nil },
		"swapped": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry { c[1], c[2] = c[2], c[1]; return c },
		"renumbered": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry {
			c[1], c[2] = c[2], c[1]
			c[1].Number, c[2].Number = 2, 3
			return c
		},
		"inserted": func(c []store.AuditEntry, _ *store.AuditHead) []store.AuditEntry {
			more, err := c[4].Head().Seal(act("a", "eve", "x"), 1)
			ok(t, "seal", err)
			return append(c, more)
		},
		"head": func(c []store.AuditEntry, h *store.AuditHead) []store.AuditEntry { h.Hash[3]++; return c },
	} {
		forged := append([]store.AuditEntry(nil), chain...)
		h := head
		forged = change(forged, &h)
		report, err := store.VerifyAudit(ctx(t), tampered{f.Store, forged, h}, "a")
		ok(t, "verify", err)
		if report.Err() == nil {
			t.Errorf("%s: not found out", name)
		}
	}
	same(t, "untouched", f.intact("a"), uint64(5))
}

// tampered is a store whose chain somebody has worked on.
type tampered struct {
	store.Store
	chain []store.AuditEntry
	head  store.AuditHead
}

func (s tampered) AuditHead(context.Context, room.ID) (store.AuditHead, error) { return s.head, nil }

func (s tampered) AuditChain(context.Context, room.ID, uint64) iter.Seq2[store.AuditEntry, error] {
	return func(yield func(store.AuditEntry, error) bool) {
		for _, e := range s.chain {
			if !yield(e, nil) {
				return
			}
		}
	}
}
