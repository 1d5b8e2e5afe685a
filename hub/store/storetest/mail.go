package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var mailTests = map[string]func(*testing.T, *fixture){
	"queued with its events or not at all": mailQueued,
	"lease, retry, end":                    mailLife,
	"a lease that ends is due again":       mailLost,
	"many holders, no mail twice":          mailShared,
	"daily limits":                         mailLimits,
	"limits under race":                    mailLimitRace,
	"requests count apart":                 mailRequests,
	"a hurried mail":                       mailHastened,
	"notices of a move":                    mailMoved,
	"cancellations":                        mailCancelled,
}

// letter is the mail of an invitation.
func letter(inv room.InvitationID) store.MailRow {
	return store.MailRow{ID: "m-" + string(inv), Room: "r", Invitation: inv, Kind: store.MailInvitation, Generation: 1,
		Recipient: room.HashOf("to " + string(inv)), Inviter: "ines", Sealed: []byte("sealed " + inv)}
}

// lease leases what is due, or ends the test.
func (f *fixture) lease(holder string) store.Mail {
	f.t.Helper()
	m, err := f.LeaseMail(ctx(f.t), holder, time.Minute)
	ok(f.t, "lease", err)
	return m
}

func (f *fixture) noneDue(when string) {
	f.t.Helper()
	_, err := f.LeaseMail(ctx(f.t), "nobody", time.Minute)
	fails(f.t, "lease "+when, err, store.ErrNotFound)
}

func (f *fixture) endMail(id, holder string, state store.MailState) {
	f.t.Helper()
	ok(f.t, "end", f.EndMail(ctx(f.t), id, holder, store.MailEnd{State: state}))
}

// mails tells kind and state of all mails of invitations of room r.
func (f *fixture) mails(invs ...room.InvitationID) string {
	f.t.Helper()
	all, err := f.Mails(ctx(f.t), "r", invs)
	ok(f.t, "mails", err)
	var words []string
	for _, m := range all {
		words = append(words, fmt.Sprintf("%s %s %s", m.Invitation, m.Kind, m.State))
	}
	return strings.Join(words, ", ")
}

func mailQueued(t *testing.T, f *fixture) {
	broken := errors.New("no")
	err := f.Commit(ctx(t), "r", 0, func(time.Time, []room.Event) (store.Batch, error) {
		return store.Batch{Rows: []store.Row{letter("a")}}, broken
	})
	fails(t, "commit", err, broken)
	f.noneDue("after a commit that failed")
	f.write("r", letter("a"))
	fails(t, "the same id", f.Commit(ctx(t), "r", 0, batchOf(store.Batch{Rows: []store.Row{letter("b"), letter("a")}})), store.ErrConflict)
	same(t, "mails", f.mails("a", "b"), "a invitation queued")
	all, err := f.Mails(ctx(t), "r", []room.InvitationID{"a"})
	ok(t, "mails", err)
	same(t, "mail", all, []store.Mail{{ID: "m-a", Room: "r", Invitation: "a", Kind: store.MailInvitation, Generation: 1, Inviter: "ines",
		Sealed: []byte("sealed a"), State: store.MailQueued, Created: f.clock.cut(), Changed: f.clock.cut()}})
	none, err := f.Mails(ctx(t), "other", []room.InvitationID{"a"})
	ok(t, "mails of another room", err)
	same(t, "mails of another room", len(none), 0)
	none, err = f.Mails(ctx(t), "r", nil)
	ok(t, "mails of nobody", err)
	same(t, "mails of nobody", len(none), 0)
}

func mailLife(t *testing.T, f *fixture) {
	f.write("r", letter("a"))
	f.clock.move(time.Second)
	first := f.lease("h1")
	if first.ID != "m-a" || string(first.Sealed) != "sealed a" || first.Attempts != 1 || !first.Held {
		t.Errorf("leased: %+v", first)
	}
	f.noneDue("while it is held")
	again := store.MailEnd{State: store.MailQueued, Detail: "451 later", Next: f.clock.now().Add(time.Hour)}
	fails(t, "end by somebody else", f.EndMail(ctx(t), "m-a", "h2", again), store.ErrNotFound)
	ok(t, "once more", f.EndMail(ctx(t), "m-a", "h1", again))
	fails(t, "end twice", f.EndMail(ctx(t), "m-a", "h1", again), store.ErrNotFound)
	f.noneDue("before its next attempt")
	f.clock.move(time.Hour)
	second := f.lease("h2")
	if second.Attempts != 2 || second.Detail != "451 later" || string(second.Sealed) != "sealed a" {
		t.Errorf("leased again: %+v", second)
	}
	ok(t, "end", f.EndMail(ctx(t), "m-a", "h2", store.MailEnd{State: store.MailBounced, Detail: "550 no"}))
	all, err := f.Mails(ctx(t), "r", []room.InvitationID{"a"})
	ok(t, "mails", err)
	if m := all[0]; m.State != store.MailBounced || m.Detail != "550 no" || m.Sealed != nil || m.Held || !m.Changed.Equal(f.clock.cut()) {
		t.Errorf("ended: %+v", m)
	}
	f.clock.move(48 * time.Hour)
	f.noneDue("when it has ended")
	n, err := f.MailsWaiting(ctx(t))
	ok(t, "waiting", err)
	same(t, "waiting", n, 0)
}

func mailLost(t *testing.T, f *fixture) {
	f.write("r", letter("a"))
	f.lease("lost")
	f.clock.move(time.Minute)
	m := f.lease("found")
	if m.Attempts != 2 || string(m.Sealed) != "sealed a" {
		t.Errorf("leased again: %+v", m)
	}
	fails(t, "the first comes back", f.EndMail(ctx(t), "m-a", "lost", store.MailEnd{State: store.MailSent}), store.ErrNotFound)
	f.endMail("m-a", "found", store.MailSent)
	same(t, "mails", f.mails("a"), "a invitation sent")
}

func mailShared(t *testing.T, f *fixture) {
	const n = 40
	for i := range n {
		f.write("r", letter(room.InvitationID(fmt.Sprint(i))))
	}
	stores := []store.Store{f.Store, f.again()}
	var mu sync.Mutex
	taken := map[string]int{}
	outcomes := race(2*n, func(i int) error {
		m, err := stores[i%2].LeaseMail(t.Context(), fmt.Sprint("holder ", i), time.Minute)
		if err == nil {
			mu.Lock()
			taken[m.ID]++
			mu.Unlock()
		}
		return err
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": n, store.ErrNotFound.Error(): n})
	same(t, "different mails", len(taken), n)
}

func mailLimits(t *testing.T, f *fixture) {
	put := func(id string, to, by string) string {
		t.Helper()
		r := letter(room.InvitationID(id))
		r.Recipient, r.Inviter, r.MostRecipient, r.MostInviter = room.HashOf(to), room.PersonID(by), 2, 3
		f.write("r", r)
		return f.mails(room.InvitationID(id))
	}
	same(t, "first", put("1", "anna", "ines"), "1 invitation queued")
	same(t, "second", put("2", "anna", "ines"), "2 invitation queued")
	same(t, "third to one address", put("3", "anna", "ines"), "3 invitation failed")
	same(t, "third of one inviter", put("4", "bert", "ines"), "4 invitation queued")
	same(t, "fourth of one inviter", put("5", "cleo", "ines"), "5 invitation failed")
	same(t, "another inviter", put("6", "cleo", "jan"), "6 invitation queued")
	to, by, err := f.MailLoad(ctx(t), room.HashOf("anna"), "ines")
	ok(t, "load", err)
	same(t, "load", []int{to, by}, []int{2, 3})
	all, err := f.Mails(ctx(t), "r", []room.InvitationID{"3"})
	ok(t, "mails", err)
	if m := all[0]; m.Attempts != 0 || m.Sealed != nil || m.Detail == "" {
		t.Errorf("over the limit: %+v", m)
	}
	f.clock.move(store.MailDay)
	same(t, "a day later", put("7", "anna", "ines"), "7 invitation queued")
}

// Requests use up nobody's other mails, and each room has its own.
func mailRequests(t *testing.T, f *fixture) {
	put := func(id string, in room.ID) {
		t.Helper()
		f.write(in, store.MailRow{ID: string(in) + id, Room: in, Invitation: room.InvitationID(id), Kind: store.MailRequest,
			Recipient: room.HashOf("to a"), Inviter: "ines", MostRecipient: 2})
	}
	for _, id := range []string{"1", "2", "3"} {
		put(id, "r")
	}
	put("4", "other")
	same(t, "two of a day", f.mails("1", "2", "3"), "1 request queued, 2 request queued, 3 request failed")
	others, err := f.Mails(ctx(t), "other", []room.InvitationID{"4"})
	ok(t, "mails", err)
	same(t, "another room", others[0].State, store.MailQueued)
	to, by, err := f.MailLoad(ctx(t), room.HashOf("to a"), "ines")
	ok(t, "load", err)
	same(t, "load", []int{to, by}, []int{0, 0})
	a := letter("a")
	a.MostRecipient, a.MostInviter = 1, 1
	f.write("r", a)
	f.write("r", store.NoticeRow{ID: "n-", Room: "r", Kind: store.MailCancelled})
	same(t, "called off", f.mails("1", "2", "a"), "1 request dropped, 2 request dropped, a invitation dropped")
	f.clock.move(store.MailDay)
	put("5", "r")
	same(t, "a day later", f.mails("5"), "5 request queued")
}

func mailLimitRace(t *testing.T, f *fixture) {
	stores := []store.Store{f.Store, f.again()}
	const n = 20
	race(n, func(i int) error {
		r := letter(room.InvitationID(fmt.Sprint(i)))
		r.Recipient, r.MostRecipient = room.HashOf("anna"), 5
		return stores[i%2].Commit(t.Context(), room.ID(fmt.Sprint("room", i)), 0, batchOf(store.Batch{Rows: []store.Row{r}}))
	})
	to, by, err := f.MailLoad(ctx(t), room.HashOf("anna"), "ines")
	ok(t, "load", err)
	same(t, "load", []int{to, by}, []int{5, 5})
}

func mailHastened(t *testing.T, f *fixture) {
	fails(t, "nothing", f.HastenMail(ctx(t), "r", "a", 1), store.ErrNotFound)
	f.write("r", letter("a"))
	f.lease("h")
	ok(t, "one that is held", f.HastenMail(ctx(t), "r", "a", 1))
	f.noneDue("while it is held")
	ok(t, "once more", f.EndMail(ctx(t), "m-a", "h", store.MailEnd{State: store.MailQueued, Next: f.clock.now().Add(time.Hour)}))
	fails(t, "another link", f.HastenMail(ctx(t), "r", "a", 2), store.ErrNotFound)
	f.noneDue("before its time")
	ok(t, "hasten", f.HastenMail(ctx(t), "r", "a", 1))
	f.lease("h")
	f.endMail("m-a", "h", store.MailSent)
	fails(t, "one that is sent", f.HastenMail(ctx(t), "r", "a", 1), store.ErrNotFound)
}

// sendSome queues a, b, c: a is sent, b is being sent, c waits.
func sendSome(f *fixture) {
	f.write("r", letter("a"))
	f.endMail(f.lease("h").ID, "h", store.MailSent)
	f.write("r", letter("b"))
	f.lease("b")
	f.write("r", letter("c"))
}

func mailMoved(t *testing.T, f *fixture) {
	sendSome(f)
	moved := store.NoticeRow{ID: "n1-", Room: "r", Kind: store.MailMoved, MostRecipient: 3}
	f.write("r", moved)
	moved.ID = "n2-"
	f.write("r", moved) // what waits will tell the newest start
	same(t, "mails", f.mails("a", "b", "c"), "a invitation sent, a moved queued, b invitation queued, b moved queued, c invitation queued")
	for range 3 {
		f.lease("h")
	}
	moved.ID = "n3-"
	f.write("r", moved) // the first notice has been read already
	moved.ID = "n4-"
	f.write("r", moved)
	same(t, "moved again", f.mails("a"), "a invitation sent, a moved queued, a moved queued")
	f.endMail("n1-a", "h", store.MailSent)
	for range 3 {
		f.lease("h")
	}
	f.endMail("n3-a", "h", store.MailSent)
	moved.ID = "n5-"
	f.write("r", moved) // no more than three mails
	same(t, "limit", f.mails("a"), "a invitation sent, a moved sent, a moved sent")
}

func mailCancelled(t *testing.T, f *fixture) {
	sendSome(f)
	f.write("r", store.NoticeRow{ID: "m-", Room: "r", Invitation: "nobody", Kind: store.MailCancelled})
	f.write("r", store.NoticeRow{ID: "n-", Room: "r", Invitation: "a", Kind: store.MailCancelled, MostRecipient: 1})
	same(t, "one", f.mails("a", "b", "c"), "a invitation sent, a cancelled queued, b invitation queued, c invitation queued")
	f.write("r", store.NoticeRow{ID: "all-", Room: "r", Kind: store.MailCancelled})
	same(t, "all", f.mails("a", "b", "c"), "a invitation sent, a cancelled queued, b invitation queued, b cancelled queued, c invitation dropped")
	f.write("r", store.NoticeRow{ID: "moved-", Room: "r", Kind: store.MailMoved})
	same(t, "no news of what is cancelled", f.mails("a"), "a invitation sent, a cancelled queued")
	all, err := f.Mails(ctx(t), "r", []room.InvitationID{"c"})
	ok(t, "mails", err)
	same(t, "sealed when dropped", all[0].Sealed, []byte(nil))
}
