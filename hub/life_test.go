package hub

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/room"
)

// howOften counts the facts of a kind in the log, and gives the last one.
func (w *world) howOften(kind string) (n int, last room.Event) {
	w.t.Helper()
	for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Fact.Kind() == kind {
			n, last = n+1, e
		}
	}
	return n, last
}

func lossyBroker(b broker.Broker) broker.Broker {
	return brokertest.Faulty(b, func(string, int) bool { return true })
}

// early has two people of the staff backstage, on two hubs, and a viewer who
// waits.
func early(w *world) (mo, sam, vic *guest) {
	w.t.Helper()
	w.set(0, room.SiteChange{EarlyMinutes: ptr(10)})
	w.create(5 * time.Minute)
	mo, sam, vic = w.enter(0, w.invite("mo", room.Moderator)), w.enter(1, w.invite("sam", room.Speaker)), w.enter(1, w.invite("vic", room.Viewer))
	for name, g := range map[string]*guest{"mo": mo, "sam": sam, "vic": vic} {
		wantOK(w.t, g.lobby(name))
	}
	time.Sleep(2 * time.Second)
	synctest.Wait()
	if mo.last("phase.changed")["phase"] != "backstage" || sam.last("phase.changed")["phase"] != "backstage" {
		w.t.Fatal("not backstage")
	}
	return mo, sam, vic
}

// Going live: everybody is told of the same end, and at it the door opens
// once, by the store's clock, with and without messages between the hubs.
func TestGoingLiveOpensOnce(t *testing.T) {
	for name, wrap := range map[string]func(broker.Broker) broker.Broker{"in order": nil, "everything is lost": lossyBroker} {
		t.Run(name, func(t *testing.T) {
			inEveryWorld(t, 2, wrap, func(w *world) {
				mo, sam, vic := early(w)
				owner := w.enter(1, manager)
				var both sync.WaitGroup
				for _, g := range []*guest{mo, owner} {
					both.Go(func() { wantOK(t, g.do(room.GoLive{})) })
				}
				both.Wait()
				time.Sleep(2 * time.Second)
				synctest.Wait()
				for i, g := range []*guest{mo, sam, vic, owner} {
					if n := len(g.events("room.going_live")); n != 1 {
						t.Fatalf("guest %d was told %d times", i, n)
					}
				}
				if late := w.enter(0, w.invite("late", room.Viewer)); late == nil {
					t.Fatal("nobody")
				} else if m, _ := late.replyTo(1); liveAt(t, m.OK) == 0 {
					t.Errorf("who comes late is told %s", m.OK)
				}
				time.Sleep(12 * time.Second)
				synctest.Wait()
				for i, g := range []*guest{mo, sam, vic, owner} {
					if got := g.last("phase.changed"); got["phase"] != "live" || len(g.events("room.opened")) != 1 {
						t.Errorf("guest %d: %v, %v", i, got["phase"], g.events("room"))
					}
				}
				time.Sleep(6 * time.Minute) // beyond the scheduled start
				synctest.Wait()
				w.openedAtTheEnd()
			})
		})
	}
}

func liveAt(t *testing.T, ok []byte) float64 {
	t.Helper()
	var w struct {
		Snapshot struct {
			LiveAt float64 `json:"live_at"`
		} `json:"snapshot"`
	}
	decode(t, ok, &w)
	return w.Snapshot.LiveAt
}

// openedAtTheEnd: the log has one countdown, and one opening not before its end.
func (w *world) openedAtTheEnd() {
	w.t.Helper()
	counted, going := w.howOften("room.going_live")
	opened, open := w.howOften("room.opened")
	if counted != 1 || opened != 1 || open.At < going.Fact.(room.GoingLive).LiveAt {
		w.t.Errorf("%d countdowns, %d openings, the last at %d", counted, opened, open.At)
	}
	for _, h := range w.hubs {
		for _, err := range h.Check(w.t.Context()) {
			w.t.Error(err)
		}
	}
}

// A move of the start on another hub takes the countdown back (invariant O4).
func TestAMoveStopsGoingLive(t *testing.T) {
	inEveryWorld(t, 2, lossyBroker, func(w *world) {
		mo, _, vic := early(w)
		wantOK(t, mo.do(room.GoLive{}))
		time.Sleep(9900 * time.Millisecond)
		w.must(w.hubs[1].Do(w.t.Context(), w.room, manager, room.EditRoom{StartsAt: ptr(millis(time.Now().Add(8 * time.Minute)))}, nil))
		time.Sleep(time.Minute)
		synctest.Wait()
		if n, _ := w.howOften("room.opened"); n != 0 || vic.last("phase.changed")["phase"] != "countdown" {
			t.Fatal("opened all the same")
		}
	})
}

// A hub that begins a countdown and dies leaves it to the others; one that
// comes later finds it in the log.
func TestACountdownOutlivesItsHub(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		mo, _, vic := early(w)
		wantOK(t, mo.do(room.GoLive{}))
		if err := w.hubs[0].Close(w.t.Context()); err != nil {
			t.Fatal(err)
		}
		w.hubs = w.hubs[1:]
		time.Sleep(13 * time.Second)
		synctest.Wait()
		if vic.last("phase.changed")["phase"] != "live" {
			t.Fatal("not open")
		}
		w.openedAtTheEnd()
	})
}

// A pause holds everybody on every hub, also who resumes meanwhile, until its
// countdown has ended once.
func TestAPauseOnTwoHubs(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		mo, vic := w.enter(0, w.invite("mo", room.Moderator)), w.enter(1, w.invite("vic", room.Viewer))
		wantOK(t, mo.lobby("mo"))
		wantOK(t, vic.lobby("vic"))
		wantOK(t, mo.do(room.PauseRoom{Message: "Tea"}))
		for _, c := range []room.Command{room.ChatPost{Text: "hi"}, room.ReactionSend{Emoji: "👏"}} {
			wantCode(t, vic.do(c), room.CodePaused)
		}
		wantOK(t, mo.do(room.BackchannelPost{Text: "go on?"}))
		synctest.Wait()
		if got := vic.last("room.paused"); got["message"] != "Tea" || vic.closeCode() != 0 {
			t.Fatalf("told %v, closed with %d", got, vic.closeCode())
		}
		late := w.invite("late", room.Viewer)
		lates := w.enter(0, late)
		wantOK(t, lates.lobby("late"))
		if snap, ok := lates.last("phase.changed")["snapshot"].(map[string]any); !ok || snap["paused"] == nil {
			t.Errorf("who comes late sees %v", snap)
		}
		wantOK(t, mo.do(room.ResumeRoom{Countdown: true}))
		time.Sleep(9 * time.Second)
		wantCode(t, vic.do(room.ChatPost{Text: "too early"}), room.CodePaused)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		wantOK(t, vic.do(room.ChatPost{Text: "at last"}))
		if n, _ := w.howOften("room.resumed"); n != 1 || len(vic.events("room.resumed")) != 1 {
			t.Errorf("resumed %d times", n)
		}
	})
}

// unattended is an open room on two hubs that ends when nobody runs it, and a
// viewer on the second one.
func unattended(w *world) (mo room.Actor, vic *guest) {
	w.t.Helper()
	w.set(0, room.SiteChange{Absence: &room.AbsenceRule{Then: room.AbsenceEnds, Minutes: 2}})
	openRoom(w)
	mo = w.invite("mo", room.Moderator)
	vic = w.enter(1, w.invite("vic", room.Viewer))
	wantOK(w.t, vic.lobby("vic"))
	return mo, vic
}

func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Without hosts a room warns once and then ends once, whatever the hubs tell
// each other.
func TestARoomWithoutHostsEndsOnce(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		mo, vic := unattended(w)
		host := w.enter(0, mo)
		wantOK(t, host.lobby("mo"))
		after(10 * time.Minute)
		if n, _ := w.howOften("room.hosts_away"); n != 0 {
			t.Fatal("missed while a host is here")
		}
		host.session.Leave()
		after(2*time.Minute + 10*time.Second)
		if got := vic.last("room.unattended"); got["then"] != "end" {
			t.Fatalf("warned of %v", got)
		}
		after(2*time.Minute + 10*time.Second)
		for kind, want := range map[string]int{"room.hosts_away": 1, "room.unattended": 1, "room.closed": 1} {
			if n, _ := w.howOften(kind); n != want {
				t.Errorf("%s %d times", kind, n)
			}
		}
		if vic.last("phase.changed")["phase"] != "over" {
			t.Error("not over")
		}
	})
}

// A host who comes back in the last second takes it back.
func TestAHostComesBackInTime(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		mo, vic := unattended(w)
		after(2*time.Minute + 10*time.Second)
		if vic.last("room.unattended") == nil {
			t.Fatal("not warned")
		}
		_, warned := w.howOften("room.unattended")
		after(time.Until(time.UnixMilli(int64(warned.Fact.(room.Unattended).At))) - time.Millisecond)
		wantOK(t, w.enter(0, mo).lobby("mo"))
		after(5 * time.Minute)
		if n, _ := w.howOften("room.closed"); n != 0 || len(vic.events("room.attended")) != 1 {
			t.Errorf("ended %d times; told %v", n, vic.events("room."))
		}
	})
}

// Hubs that do not hear each other do not end a room whose hosts are on
// another one.
func TestAHubThatHearsNothingEndsNothing(t *testing.T) {
	inEveryWorld(t, 2, lossyBroker, func(w *world) {
		mo, vic := unattended(w)
		host := w.enter(0, mo)
		wantOK(t, host.lobby("mo"))
		after(15 * time.Minute)
		if n, _ := w.howOften("room.closed"); n != 0 || vic.last("room.unattended") != nil {
			t.Fatal("warned though a host is here")
		}
		if n, _ := w.howOften("room.hosts_away"); n > 35 {
			t.Errorf("missed %d times", n)
		}
	})
}

// A room that everybody has left ends, too, in its time.
func TestAnEmptyRoomEnds(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		_, vic := unattended(w)
		vic.session.Leave()
		after(10 * time.Minute)
		if n, _ := w.howOften("room.closed"); n != 1 {
			t.Errorf("ended %d times", n)
		}
	})
}
