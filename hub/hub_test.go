package hub

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func TestTheDoorOpensByItself(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		ana, ben := w.enter(0, w.invite("ana", room.Viewer)), w.enter(1, w.invite("ben", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		if got := ana.last("phase.changed"); got["phase"] != "countdown" {
			t.Fatalf("early confirmation: %v", got)
		}
		wantCode(t, ana.do(room.ChatPost{Text: "too early"}), room.CodeNotOpenYet)
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if names := ana.events("room.opened"); names != nil {
			t.Fatal("opened before the start")
		}
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		if got := ana.last("phase.changed"); got["phase"] != "live" || got["snapshot"] == nil {
			t.Fatalf("confirmed: %v", got)
		}
		if got := ben.last("phase.changed"); got["phase"] != "lobby" {
			t.Fatalf("not confirmed: %v", got)
		}
		if n := len(ben.events("room.opened")); n != 1 {
			t.Fatalf("room.opened came %d times", n)
		}
		wantCode(t, ben.do(room.ChatPost{Text: "not yet in"}), room.CodeForbidden)
		wantOK(t, ben.lobby("ben"))
		wantOK(t, ben.do(room.ChatPost{Text: "in"}))
		synctest.Wait()
		if !slices.Contains(ana.events(""), "chat.posted") {
			t.Fatal("ana has not seen ben's message on the other hub")
		}
	})
}

func openRoom(w *world) {
	w.create(time.Second)
	time.Sleep(3 * time.Second)
	synctest.Wait()
}

func TestPromotionIsThereAtOnceOnEveryHub(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(1, by)
		wantOK(t, ana.lobby("ana"))
		tab := w.enter(0, by)
		wantCode(t, ana.do(room.BackchannelPost{Text: "hello?"}), room.CodeForbidden)
		wantOK(t, owner.do(room.SetRole{Participant: "pana", Role: "speaker"}))
		synctest.Wait()
		for i, g := range []*guest{ana, tab} {
			got := g.last("me.role")
			if got["role"] != "speaker" || got["snapshot"] == nil {
				t.Fatalf("connection %d: %v", i, got)
			}
		}
		if got := owner.last("stage.changed"); got["participant"] != "pana" || got["role"] != "speaker" {
			t.Fatalf("owner's list: %v", got)
		}
		wantOK(t, ana.do(room.BackchannelPost{Text: "staff only"}))
		wantOK(t, owner.do(room.SetRole{Participant: "pana", Role: "viewer"}))
		// Demoted on hub 0; refused on hub 1, however soon.
		wantCode(t, ana.do(room.BackchannelPost{Text: "too late"}), room.CodeForbidden)
		synctest.Wait()
		shown := len(ana.events("backchannel"))
		wantOK(t, owner.do(room.BackchannelPost{Text: "she must not see this"}))
		synctest.Wait()
		if len(ana.events("backchannel")) != shown {
			t.Fatal("a viewer saw the backchannel")
		}
	})
}

func TestTwoHubsAgreeWhenMessagesAreLost(t *testing.T) {
	lossy := func(b broker.Broker) broker.Broker {
		return brokertest.Faulty(b, func(_ string, n int) bool { return n%3 == 0 })
	}
	inEveryWorld(t, 2, lossy, func(w *world) {
		openRoom(w)
		here, there := w.enter(0, manager), w.enter(1, manager)
		for i := range 20 {
			wantOK(t, here.do(room.ChatPost{Text: fmt.Sprint("here ", i)}))
			wantOK(t, there.do(room.ChatPost{Text: fmt.Sprint("there ", i)}))
			time.Sleep(500 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		for _, g := range []*guest{here, there} {
			var last room.Seq
			var posted int
			for _, m := range g.all() {
				if m.Event != "chat.posted" {
					continue
				}
				if posted++; m.Pos <= last {
					t.Errorf("pos %d after %d", m.Pos, last)
				}
				last = m.Pos
			}
			if posted != 40 {
				t.Errorf("saw %d of 40 messages", posted)
			}
		}
		for _, h := range w.hubs {
			for _, err := range h.Check(w.t.Context()) {
				t.Error(err)
			}
		}
	})
}

func TestOneOfManyDevicesWins(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		var mu sync.Mutex
		var wins, others int
		var all sync.WaitGroup
		for i := range 100 {
			device := by
			device.Device = room.HashOf(fmt.Sprint("device", i))
			device.Session = room.HashOf(fmt.Sprint("session", i))
			all.Go(func() {
				g, err := w.join(i%2, device, nil)
				if err != nil { // the limit of connections, or somebody was quicker
					return
				}
				m, answered := g.try(room.LobbyCheck{Email: "ana@example.org", Match: match("ana")})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case !answered: // closed before it asked, because somebody else had won
					if g.closeCode() != int(wire.CloseOtherDevice) {
						t.Errorf("closed with %d", g.closeCode())
					}
					others++
				case m.Err == nil:
					wins++
				case m.Err.Code == room.CodeOtherDevice && m.Err.SinceAt > 0:
					others++
				default:
					t.Errorf("%+v", m.Err)
				}
			})
		}
		all.Wait()
		if wins != 1 {
			t.Fatalf("%d devices won, %d were told other_device", wins, others)
		}
	})
}

func TestAResetDeviceIsClosedAndTheNextOneWorks(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		first := w.enter(0, by)
		wantOK(t, first.lobby("ana"))
		other := by
		other.Device = room.HashOf("other device")
		if _, err := w.join(1, other, nil); !errors.Is(err, room.CodeOtherDevice) {
			t.Fatalf("second device: %v", err)
		}
		w.must(w.hubs[1].Do(w.t.Context(), w.room, manager, room.FreeDevices{Invitation: by.Invitation}, nil))
		synctest.Wait()
		if first.closeCode() != int(wire.CloseDisplaced) {
			t.Fatalf("first device closed with %d", first.closeCode())
		}
		second := w.enter(1, other)
		wantOK(t, second.lobby("ana"))
		wantOK(t, second.do(room.ChatPost{Text: "from here now"}))
	})
}

func TestARevokedPersonIsToldAndClosed(t *testing.T) {
	inEveryWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		wantOK(t, ana.lobby("ana"))
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.RevokeInvitation{Invitation: by.Invitation, Reason: "By mistake"}, nil))
		synctest.Wait()
		if got := ana.last("me.revoked"); got["reason"] != "By mistake" || ana.closeCode() != int(wire.CloseInvitationInvalid) {
			t.Fatalf("told %v, closed with %d", got, ana.closeCode())
		}
		if _, err := w.join(0, by, nil); !errors.Is(err, room.CodeInvitationRevoked) {
			t.Fatalf("came back: %v", err)
		}
	})
}

func TestAKeyIsJudgedOnce(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		here, there := w.enter(0, manager), w.enter(1, manager)
		first := here.doKey(room.ChatPost{Text: "once"}, "key1")
		again := there.doKey(room.ChatPost{Text: "once"}, "key1")
		wantOK(t, first)
		wantOK(t, again)
		if string(first.OK) != string(again.OK) || !again.Again || first.Again {
			t.Fatalf("first %s, again %s", first.OK, again.OK)
		}
		synctest.Wait()
		if n := len(here.events("chat.posted")); n != 1 {
			t.Fatalf("posted %d times", n)
		}
	})
}

func TestMovingTheStartIsShownAndHolds(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		ana := w.enter(1, w.invite("ana", room.Viewer))
		later := millis(time.Now().Add(10 * time.Minute))
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{StartsAt: &later}, nil))
		synctest.Wait()
		if got := ana.last("room.scheduled"); got["starts_at"] != float64(later) {
			t.Fatalf("told %v", got)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if ana.events("room.opened") != nil {
			t.Fatal("opened at the old start")
		}
		time.Sleep(9 * time.Minute)
		synctest.Wait()
		if n := len(ana.events("room.opened")); n != 1 {
			t.Fatalf("opened %d times", n)
		}
	})
}

func TestClosingAndDeleting(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Hour)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusClosed, Reason: "Power cut"}, nil))
		synctest.Wait()
		if got := ana.last("phase.changed"); got["phase"] != "over" {
			t.Fatalf("after closing: %v", got)
		}
		if _, err := w.join(0, by, nil); !errors.Is(err, room.CodeOver) {
			t.Fatalf("hello after closing: %v", err)
		}
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusOpen}, nil))
		synctest.Wait()
		if got := ana.last("phase.changed"); got["phase"] != "lobby" {
			t.Fatalf("after opening again: %v", got)
		}
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.DeleteRoom{Reason: "Cancelled"}, nil))
		synctest.Wait()
		if ana.closeCode() != int(wire.CloseRoomDeleted) || ana.last("room.deleted")["reason"] != "Cancelled" {
			t.Fatalf("closed with %d", ana.closeCode())
		}
	})
}

func TestPeopleAreCounted(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(1, by)
		wantOK(t, ana.lobby("ana"))
		tab := w.enter(1, by)
		time.Sleep(4 * time.Second)
		synctest.Wait()
		var count room.Count
		for _, m := range owner.all() {
			if m.Signal == "people.count" {
				count = room.Count{}
				decode(t, m.Data, &count)
			}
		}
		if count.Inside != 2 || count.ByRole["viewer"] != 1 || count.ByRole["manager"] != 1 || !count.Exact {
			t.Fatalf("count %+v", count)
		}
		ana.session.Leave()
		tab.session.Leave()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := w.hubs[0].Count(w.room); got.Inside != 1 {
			t.Fatalf("after leaving %+v", got)
		}
	})
}

func TestTheSixthTabIsTurnedAway(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		for range wire.Connections {
			w.enter(0, manager)
		}
		g, err := w.join(0, manager, nil)
		if !errors.Is(err, room.CodeForbidden) || g.closeCode() != int(wire.CloseConnectionLimit) {
			t.Fatalf("%v, closed with %d", err, g.closeCode())
		}
	})
}

func TestEntryIsSpreadWhenManyWait(t *testing.T) {
	const people = 1000
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Minute)
		guests := make([]*guest, people)
		for i := range guests {
			name := fmt.Sprint("g", i)
			guests[i] = w.enter(0, w.invite(name, room.Viewer))
			wantOK(t, guests[i].lobby(name))
		}
		live := func() (n int) {
			for _, g := range guests {
				if g.last("phase.changed")["phase"] == "live" {
					n++
				}
			}
			return n
		}
		opened := func() bool { return guests[0].events("room.opened") != nil }
		time.Sleep(59 * time.Second)
		for !opened() {
			time.Sleep(5 * time.Millisecond)
			synctest.Wait()
		}
		if n := live(); n == people {
			t.Fatal("all entered at once")
		}
		time.Sleep(time.Duration(room.Spread(people))*time.Millisecond + 2*entryStep)
		synctest.Wait()
		if n := live(); n != people {
			t.Fatalf("%d of %d are in", n, people)
		}
		for _, g := range guests {
			if n := len(g.events("room.opened")); n != 1 {
				t.Fatalf("room.opened came %d times", n)
			}
		}
	})
}

func TestASignedInInvitedPersonGoesStraightIn(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Minute)
		by := w.invite("ana", room.Viewer)
		by.Account, by.Verified = "account", match("ana")
		ana, owner := w.enter(0, by), w.enter(0, manager)
		time.Sleep(62 * time.Second)
		synctest.Wait()
		if got := ana.last("phase.changed"); got["phase"] != "live" {
			t.Fatalf("waiting: %v", got)
		}
		if got := owner.last("stage.changed"); got["participant"] != "pOwner" {
			t.Fatalf("a manager who has waited is not listed: %v", got)
		}
		other := room.Actor{Account: "account", Verified: match("ana"), Device: by.Device, Session: by.Session}
		if _, err := w.join(0, other, nil); err != nil {
			t.Fatalf("without the link: %v", err)
		}
	})
}

func TestADrainAsksEverybodyBack(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		var guests []*guest
		for i := range 10 {
			name := fmt.Sprint("g", i)
			guests = append(guests, w.enter(0, w.invite(name, room.Viewer)))
		}
		began := time.Now()
		if err := w.hubs[0].Drain(w.t.Context(), 5*time.Second); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 4*time.Second || took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		for _, g := range guests {
			if g.closeCode() != int(wire.CloseDrain) {
				t.Errorf("closed with %d", g.closeCode())
			}
		}
	})
}

func TestANewNameIsThereAtOnce(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(0, by)
		wantOK(t, ana.lobby("ana"))
		name := "Anna"
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.ReviseInvitation{Invitation: by.Invitation, FirstName: &name}, nil))
		synctest.Wait()
		got := ana.last("phase.changed")
		if you, _ := got["you"].(map[string]any); got["phase"] != "live" || you["name"] != "Anna Test" || got["snapshot"] != nil {
			t.Fatalf("told %v", got)
		}
	})
}

func TestOlderPagesSkipWhatIsDeleted(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		say := func() string {
			m := owner.do(room.ChatPost{Text: "x"})
			wantOK(t, m)
			owner.session.commands.left = wire.CommandsBurst // the rate is not what is tested
			return room.MessageID(posOf(t, m))
		}
		first := say()
		var gone []string
		for range 30 {
			gone = append(gone, say())
		}
		newest := say()
		for range 500 {
			newest = say()
		}
		for _, id := range gone {
			wantOK(t, owner.do(room.ChatDelete{ID: id}))
			owner.session.commands.left = wire.CommandsBurst
		}
		var page room.Messages
		decode(t, owner.do(room.ChatPage{Before: newest, Limit: 100}).OK, &page)
		for len(page.Items) > 0 && page.More {
			decode(t, owner.do(room.ChatPage{Before: page.Items[0].ID, Limit: 10}).OK, &page)
			owner.session.commands.left = wire.CommandsBurst
		}
		if len(page.Items) == 0 || page.Items[0].ID != first {
			t.Fatalf("paging back ended at %+v", page)
		}
	})
}
