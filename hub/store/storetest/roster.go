package storetest

import (
	"fmt"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var rosterTests = map[string]func(*testing.T, *fixture){
	"all and what changed": rosterChanges,
	"ten thousand":         rosterOfMany,
	"visits":               visits,
	"visits by instance":   visitsByInstance,
	"visits of a crowd":    visitsOfACrowd,
	"mails in a roster":    rosterMails,
	"rosters of rooms":     rostersApart,
	"stays of the waiting": staysOfTheWaiting,
	"silent instances":     silentInstances,
	"reactions by minute":  reactionMinutes,
	"stays are forgotten":  staysAreForgotten,
}

func (f *fixture) roster(since time.Time) store.Roster {
	f.t.Helper()
	r, err := f.Roster(ctx(f.t), "room", since)
	ok(f.t, "roster", err)
	return r
}

// later is far enough for what came before not to be told again.
const later = time.Minute

func invited(r store.Roster) (ids string) {
	for _, a := range r.Addresses {
		ids += string(a.Invitation)
	}
	return ids
}

func rosterChanges(t *testing.T, f *fixture) {
	same(t, "of nothing", invited(f.roster(time.Time{})), "")
	a := store.AddressRow{Room: "room", Invitation: "b", Email: "Ada@Example.org", FirstName: "Ada", LastName: "Lovelace"}
	f.write("room", a, store.AddressRow{Room: "room", Invitation: "a"})
	all := f.roster(time.Time{})
	same(t, "row", all.Addresses[0], a)
	same(t, "in order of issue", invited(all), "ba")
	same(t, "as of", all.At, f.clock.cut())
	f.clock.move(later)
	same(t, "nothing changed", invited(f.roster(f.clock.cut())), "")
	a.FirstName = "Augusta"
	f.write("room", a, store.AddressRow{Room: "room", Invitation: "c"})
	changed := f.roster(f.clock.cut())
	same(t, "changed and new", invited(changed), "bc")
	same(t, "renamed", changed.Addresses[0], a)
	f.clock.move(later)
	same(t, "all, in the old order", invited(f.roster(time.Time{})), "bac")
}

// rosterOfMany: ids say nothing about the order of issue.
func rosterOfMany(t *testing.T, f *fixture) {
	const total = 10000
	var rows []store.Row
	for i := range total {
		id := room.InvitationID(fmt.Sprintf("%05d", i*7919%total))
		rows = append(rows, store.AddressRow{Room: "room", Invitation: id, Email: fmt.Sprintf("guest%d@example.org", i)})
	}
	f.write("room", rows...)
	all := f.roster(time.Time{})
	same(t, "rows", len(all.Addresses), total)
	for i, a := range all.Addresses {
		if a != rows[i] {
			t.Fatalf("row %d is %v, want %v", i, a, rows[i])
		}
	}
}

func (f *fixture) attend(all ...store.Attendance) {
	f.t.Helper()
	for i := range all {
		all[i].Room, all[i].At = "room", room.Millis(f.clock.now().UnixMilli())
		if all[i].Instance == "" {
			all[i].Instance = "one"
		}
	}
	ok(f.t, "attendance", f.PutAttendance(ctx(f.t), all))
}

func visits(t *testing.T, f *fixture) {
	ms := func() room.Millis { return room.Millis(f.clock.now().UnixMilli()) }
	ok(t, "none", f.PutAttendance(ctx(t), nil))
	came := ms()
	f.attend(store.Attendance{Participant: "ada", Inside: true}, store.Attendance{Participant: "bob", Inside: true})
	same(t, "came", f.roster(time.Time{}).Visits, []store.Visit{{Participant: "ada", Since: came}, {Participant: "bob", Since: came}})

	f.clock.move(later)
	f.attend(store.Attendance{Participant: "ada", Inside: true})
	same(t, "coming twice changes nothing", f.roster(f.clock.cut()).Visits, []store.Visit(nil))
	left := ms()
	f.attend(store.Attendance{Participant: "ada"}, store.Attendance{Participant: "eve"})
	same(t, "left", f.roster(f.clock.cut()).Visits, []store.Visit{{Participant: "ada", Since: came, Until: left}})

	f.clock.move(store.VisitGap)
	f.attend(store.Attendance{Participant: "ada", Inside: true})
	same(t, "a short break", f.roster(f.clock.cut()).Visits, []store.Visit{{Participant: "ada", Since: came}})
	left = ms()
	f.attend(store.Attendance{Participant: "ada"})
	f.clock.move(store.VisitGap + time.Millisecond)
	again := ms()
	f.attend(store.Attendance{Participant: "ada", Inside: true})
	same(t, "a new visit", f.roster(time.Time{}).Visits,
		[]store.Visit{{Participant: "ada", Since: came, Until: left}, {Participant: "ada", Since: again}, {Participant: "bob", Since: came}})
	reopened := f.again()
	r, err := reopened.Roster(ctx(t), "room", time.Time{})
	ok(t, "another instance", err)
	same(t, "visits are durable", len(r.Visits), 3)
}

// Leaving one instance does not end what goes on at another.
func visitsByInstance(t *testing.T, f *fixture) {
	f.attend(store.Attendance{Participant: "ada", Inside: true}, store.Attendance{Participant: "ada", Inside: true, Instance: "two"})
	f.clock.move(time.Second)
	f.attend(store.Attendance{Participant: "ada"})
	goesOn := 0
	for _, v := range f.roster(time.Time{}).Visits {
		if v.Until == 0 {
			goesOn++
		}
	}
	same(t, "visits that go on", goesOn, 1)
}

// What is told of many at once is as if it had been told one after the other:
// each person's comings and goings in their order, in any number of rooms.
func visitsOfACrowd(t *testing.T, f *fixture) {
	const people, rooms = 1500, 3
	ms := room.Millis(f.clock.now().UnixMilli())
	var all []store.Attendance
	tell := func(at room.Millis, there func(i int) store.Attendance) {
		for i := range people {
			a := there(i)
			a.Room, a.Participant = room.ID(fmt.Sprint("room", i%rooms)), room.ParticipantID(fmt.Sprintf("p%04d", i))
			a.Instance, a.At = "one", at
			all = append(all, a)
		}
	}
	tell(ms, func(int) store.Attendance { return store.Attendance{Waiting: true} })
	tell(ms+1, func(i int) store.Attendance { return store.Attendance{Inside: i%2 == 0, Waiting: true} })
	tell(ms+2, func(i int) store.Attendance { return store.Attendance{Inside: i%4 == 0} })
	ok(t, "attendance", f.PutAttendance(ctx(t), all))
	want := map[string]int{"inside still": people / 4, "was inside": people / 4, "has waited": people}
	same(t, "stays", f.crowd(rooms, ms), want)
	ok(t, "the same again", f.PutAttendance(ctx(t), all[2*people:]))
	same(t, "stays", f.crowd(rooms, ms), want)
}

// crowd counts what visitsOfACrowd has told.
func (f *fixture) crowd(rooms int, began room.Millis) map[string]int {
	f.t.Helper()
	found := map[string]int{}
	for i := range rooms {
		ok(f.t, "stays", f.Stays(ctx(f.t), room.ID(fmt.Sprint("room", i)), func(s store.Stay) {
			switch {
			case s.Waiting && s.Since == began && s.Until > began:
				found["has waited"]++
			case !s.Waiting && s.Since == began+1 && s.Until == 0:
				found["inside still"]++
			case !s.Waiting && s.Since == began+1 && s.Until == began+2:
				found["was inside"]++
			default:
				found[fmt.Sprint("what nobody told: ", s)]++
			}
		}))
	}
	return found
}

func rosterMails(t *testing.T, f *fixture) {
	f.write("room", store.MailRow{ID: "m1", Room: "room", Invitation: "a", Kind: store.MailInvitation, Generation: 1, Sealed: []byte("secret")},
		store.MailRow{ID: "m2", Room: "room", Invitation: "a", Kind: store.MailMoved})
	all := f.roster(time.Time{}).Mails
	same(t, "mails", len(all), 2)
	same(t, "first", all[0], store.Mail{ID: "m1", Room: "room", Invitation: "a", Kind: store.MailInvitation, Generation: 1,
		State: store.MailQueued, Created: f.clock.cut(), Changed: f.clock.cut()})
	f.clock.move(later)
	m, err := f.LeaseMail(ctx(t), "me", time.Minute)
	ok(t, "lease", err)
	f.clock.move(later)
	ok(t, "end", f.EndMail(ctx(t), m.ID, "me", store.MailEnd{State: store.MailBounced, Detail: "550 no such user"}))
	changed := f.roster(f.clock.cut()).Mails
	same(t, "changed", len(changed), 1)
	same(t, "bounced", []any{changed[0].ID, changed[0].State, changed[0].Detail}, []any{m.ID, store.MailBounced, "550 no such user"})
}

func rostersApart(t *testing.T, f *fixture) {
	f.write("neighbour", store.AddressRow{Room: "neighbour", Invitation: "x", Email: "guest@example.org"},
		store.MailRow{ID: "m1", Room: "neighbour", Invitation: "x", Kind: store.MailInvitation})
	ok(t, "attendance", f.PutAttendance(ctx(t), []store.Attendance{{Room: "neighbour", Participant: "p", Instance: "one", At: 1, Inside: true}}))
	r := f.roster(time.Time{})
	same(t, "of another room", len(r.Addresses)+len(r.Mails)+len(r.Visits), 0)
}

func (f *fixture) stays() (all []store.Stay) {
	f.t.Helper()
	ok(f.t, "stays", f.Stays(ctx(f.t), "room", func(s store.Stay) { all = append(all, s) }))
	return all
}

func (f *fixture) alive(instance string, known bool) {
	f.t.Helper()
	got, err := f.Alive(ctx(f.t), instance)
	ok(f.t, "alive", err)
	same(f.t, "known", got, known)
}

// Who waits is told beside who is inside, and a place ends the other.
func staysOfTheWaiting(t *testing.T, f *fixture) {
	ms := func() room.Millis { return room.Millis(f.clock.now().UnixMilli()) }
	came := ms()
	f.attend(store.Attendance{Participant: "ada", Waiting: true}, store.Attendance{Participant: "bob", Waiting: true})
	same(t, "a roster has no waiting", len(f.roster(time.Time{}).Visits), 0)
	f.clock.move(later)
	entered := ms()
	f.attend(store.Attendance{Participant: "ada", Inside: true})
	f.clock.move(later)
	back := ms()
	f.attend(store.Attendance{Participant: "ada", Waiting: true}, store.Attendance{Participant: "bob"})
	same(t, "stays", f.stays(), []store.Stay{
		{Participant: "ada", Since: entered, Until: back},
		{Participant: "ada", Waiting: true, Since: came}, // within VisitGap
		{Participant: "bob", Waiting: true, Since: came, Until: back},
	})
}

// What an instance that was killed left open ends when it was last alive,
// whoever finds out.
func silentInstances(t *testing.T, f *fixture) {
	ms := func() room.Millis { return room.Millis(f.clock.now().UnixMilli()) }
	f.alive("one", false)
	f.alive("two", false)
	came := ms()
	f.attend(store.Attendance{Participant: "ada", Inside: true}, store.Attendance{Participant: "bob", Waiting: true},
		store.Attendance{Participant: "eve", Inside: true, Instance: "two"}, store.Attendance{Participant: "old", Inside: true, Instance: "of an older release"})
	f.clock.move(10 * time.Second)
	last := ms()
	f.alive("one", true)
	late := last + 5000
	f.clock.move(5 * time.Second)
	f.attend(store.Attendance{Participant: "fay", Inside: true})
	f.clock.move(store.Silence - 5*time.Second)
	f.alive("two", true)
	same(t, "not for long", f.stays()[0], store.Stay{Participant: "ada", Since: came, Alive: last})
	f.clock.move(time.Millisecond)
	f.alive("two", true)
	same(t, "ended", f.stays(), []store.Stay{
		{Participant: "ada", Since: came, Until: last},
		{Participant: "eve", Since: came, Alive: ms()},
		{Participant: "fay", Since: late, Until: late},
		{Participant: "old", Since: came},
		{Participant: "bob", Waiting: true, Since: came, Until: last},
	})
	same(t, "told again", len(f.roster(f.clock.cut()).Visits) >= 2, true)
	f.alive("one", false) // it was only slow
	f.attend(store.Attendance{Participant: "ada", Inside: true})
	same(t, "comes again", f.stays()[1].Since, ms())
	f.clock.move(2 * store.Silence)
	f.alive("one", true) // nobody else has looked
	same(t, "oneself is alive", f.stays()[1].Until, room.Millis(0))
}

func reactionMinutes(t *testing.T, f *fixture) {
	ok(t, "none", f.AddReactions(ctx(t), nil))
	ok(t, "add", f.AddReactions(ctx(t), []store.Reactions{{Room: "room", Minute: 120_000, N: 3}, {Room: "other", Minute: 60_000, N: 9}}))
	ok(t, "more", f.AddReactions(ctx(t), []store.Reactions{{Room: "room", Minute: 60_000, N: 1}, {Room: "room", Minute: 120_000, N: 4}}))
	all, err := f.Reactions(ctx(t), "room")
	ok(t, "reactions", err)
	same(t, "minutes", all, []store.Reactions{{Room: "room", Minute: 60_000, N: 1}, {Room: "room", Minute: 120_000, N: 7}})
}

// Nothing of who came is left when a room forgets.
func staysAreForgotten(t *testing.T, f *fixture) {
	f.attend(store.Attendance{Participant: "ada", Inside: true}, store.Attendance{Participant: "bob", Waiting: true})
	ok(t, "add", f.AddReactions(ctx(t), []store.Reactions{{Room: "room", Minute: 60_000, N: 1}}))
	f.forget(store.ForgetRow{Room: "room", All: true}, f.head("room"))
	all, err := f.Reactions(ctx(t), "room")
	ok(t, "reactions", err)
	same(t, "left", len(f.stays())+len(all), 0)
}
