package hub

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

var siteOwner = room.Actor{Account: "owner", SiteRole: room.SiteOwner}

// set changes the site at one of the hubs, when it has been founded.
func (w *world) set(h int, c room.SiteChange) {
	w.t.Helper()
	synctest.Wait()
	w.must(w.hubs[h].Do(w.t.Context(), room.SiteID, siteOwner, room.SetSite{SiteChange: c}, nil))
}

func ptr[T any](v T) *T { return &v }

func TestTheSiteIsFoundedByOneOfMany(t *testing.T) {
	inEveryWorld(t, 4, nil, func(w *world) {
		synctest.Wait()
		var founded int
		for e, err := range w.store.Since(w.t.Context(), room.SiteID, 0) {
			if err != nil {
				w.t.Fatal(err)
			}
			if _, is := e.Fact.(room.SiteFounded); is {
				founded++
			}
		}
		if founded != 1 {
			t.Fatalf("founded %d times", founded)
		}
		for i, h := range w.hubs {
			if !reflect.DeepEqual(h.Site(), room.DefaultSite()) {
				t.Errorf("hub %d: %+v", i, h.Site())
			}
			if rooms := h.Rooms(); len(rooms) != 0 {
				t.Errorf("the site is listed as a room: %v", rooms)
			}
		}
	})
}

// Two hubs agree, with lost messages too, and a room is judged by the new
// settings.
func TestTwoHubsAgreeOnTheSite(t *testing.T) {
	lossy := func(b broker.Broker) broker.Broker {
		return brokertest.Faulty(b, func(string, int) bool { return true })
	}
	for name, wrap := range map[string]func(broker.Broker) broker.Broker{"in order": nil, "everything is lost": lossy} {
		t.Run(name, func(t *testing.T) {
			inEveryWorld(t, 2, wrap, func(w *world) {
				openRoom(w)
				w.set(0, room.SiteChange{Creators: &room.Circle{Role: room.SiteAdmin}, Name: ptr("Tea")})
				time.Sleep(1500 * time.Millisecond)
				synctest.Wait()
				for i, h := range w.hubs {
					if site := h.Site(); site.Name != "Tea" || site.Version != 2 {
						t.Errorf("hub %d: %+v", i, site)
					}
					_, err := h.Do(w.t.Context(), "room2", manager, room.CreateRoom{Title: "T", StartsAt: millis(time.Now().Add(time.Hour)), Epoch: "e",
						Owner: room.SetManager{Participant: "p", Person: "owner", FirstName: "D", LastName: "O", Right: room.Owner}}, nil)
					if !errors.Is(err, room.CodeForbidden) {
						t.Errorf("hub %d: a member created a room: %v", i, err)
					}
				}
				for _, h := range w.hubs {
					for _, err := range h.Check(w.t.Context()) {
						t.Error(err)
					}
				}
			})
		})
	}
}

func TestOneOfTwoEditsOfTheSiteIsTold(t *testing.T) {
	inEveryWorld(t, 2, nil, func(w *world) {
		synctest.Wait()
		version := w.hubs[0].Site().Version
		var mu sync.Mutex
		var told []error
		var both sync.WaitGroup
		for i, h := range w.hubs {
			both.Go(func() {
				_, err := h.Do(w.t.Context(), room.SiteID, siteOwner, room.SetSite{SiteChange: room.SiteChange{Devices: ptr(i + 2)}, Expect: &version}, nil)
				mu.Lock()
				defer mu.Unlock()
				told = append(told, err)
			})
		}
		both.Wait()
		if (told[0] == nil) == (told[1] == nil) || !errors.Is(errors.Join(told...), room.CodeConflict) {
			t.Errorf("told %v", told)
		}
	})
}

func TestTheSiteStaysOpen(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		time.Sleep(10 * linger)
		w.set(0, room.SiteChange{Name: ptr("Tea")})
		if name := w.hubs[0].Site().Name; name != "Tea" {
			t.Errorf("the site is called %q", name)
		}
		if _, err := w.join(0, room.Actor{Account: "owner", SiteRole: room.SiteOwner}, nil); !errors.Is(err, room.CodeNotFound) {
			t.Errorf("a room that is not there: %v", err)
		}
		w.room = room.SiteID
		if _, err := w.join(0, siteOwner, nil); !errors.Is(err, room.CodeNotFound) {
			t.Errorf("somebody joined the site: %v", err)
		}
	})
}

// away is a store whose logs cannot be read for a while.
type away struct {
	store.Store
	mu  sync.Mutex
	out bool
}

func (a *away) set(out bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.out = out
}

var errAway = errors.New("away")

func (a *away) Snapshot(ctx context.Context, id room.ID) (room.Seq, []byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.out {
		return 0, nil, errAway
	}
	return a.Store.Snapshot(ctx, id)
}

// No room is judged by settings that nobody made: while the site cannot be
// read, rooms wait, and then they open.
func TestRoomsWaitForTheSite(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		openRoom(w)
		w.set(0, room.SiteChange{Name: ptr("Tea")})
		broken := &away{Store: w.store, out: true}
		h := w.add(broken)
		short, cancel := context.WithTimeout(w.t.Context(), 2*time.Second)
		defer cancel()
		if _, err := h.State(short, w.room); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("a room opened before the site: %v", err)
		}
		broken.set(false)
		s, err := h.State(w.t.Context(), w.room)
		if err != nil || s.Site().Name != "Tea" {
			t.Fatalf("%v %+v", err, s)
		}
	})
}

// T13: a rule closes who is inside by such an address, on every hub and within
// 4 s though every message is lost; who has shown nothing yet is told when they
// do, and not before (T10).
func TestADomainRuleClosesSessions(t *testing.T) {
	lossy := func(b broker.Broker) broker.Broker {
		return brokertest.Faulty(b, func(string, int) bool { return true })
	}
	for name, wrap := range map[string]func(broker.Broker) broker.Broker{"in order": nil, "everything is lost": lossy} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 2, wrap, func(w *world) {
				openRoom(w)
				owner := w.enter(0, manager)
				ana, ben := w.invite("ana", room.Viewer), w.invite("ben", room.Speaker)
				cleo := w.invite("cleo", room.Viewer)
				here, there, door := w.enter(0, ana), w.enter(1, ben), w.enter(1, cleo)
				wantOK(t, here.lobby("ana"))
				wantOK(t, there.lobby("ben"))
				w.must(w.hubs[0].Do(w.t.Context(), room.SiteID, siteOwner, room.SetDomain{Domain: "example.org", Block: true}, nil))
				time.Sleep(2500 * time.Millisecond)
				synctest.Wait()
				for i, g := range []*guest{here, there} {
					if g.closeCode() != int(wire.CloseDomainBlocked) {
						t.Errorf("hub %d closed with %d", i, g.closeCode())
					}
				}
				if owner.closeCode() != 0 || door.closeCode() != 0 {
					t.Errorf("the owner was closed with %d, somebody in the lobby with %d", owner.closeCode(), door.closeCode())
				}
				if _, err := w.join(1, ana, nil); !errors.Is(err, room.CodeDomainBlocked) {
					t.Errorf("came back: %v", err)
				}
				wantCode(t, door.do(room.LobbyCheck{Email: "wrong@example.org", Match: match("wrong")}), room.CodeLobbyNoMatch)
				m := door.do(room.LobbyCheck{Email: "cleo@example.org", Match: match("cleo")})
				if wantCode(t, m, room.CodeDomainBlocked); m.Err.Domain != "example.org" || door.closeCode() != int(wire.CloseDomainBlocked) {
					t.Errorf("told %+v, closed with %d", m.Err, door.closeCode())
				}
				w.must(w.hubs[1].Do(w.t.Context(), room.SiteID, siteOwner, room.RemoveDomain{Domain: "example.org"}, nil))
				wantOK(t, w.enter(1, ben).do(room.ChatPost{Text: "back again"}))
			})
		})
	}
}

// Early entry begins by push at its moment, and again for everybody else when
// the doors open (invariant O3).
func TestStaffEnterEarly(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		w.set(0, room.SiteChange{EarlyMinutes: ptr(1)})
		w.create(5 * time.Minute)
		sam, vic := w.enter(0, w.invite("sam", room.Speaker)), w.enter(1, w.invite("vic", room.Viewer))
		signed := w.invite("mo", room.Moderator)
		signed.Verified = match("mo")
		mo, owner := w.enter(1, signed), w.enter(0, manager)
		wantOK(t, sam.lobby("sam"))
		wantOK(t, vic.lobby("vic"))
		time.Sleep(3*time.Minute + 59*time.Second)
		synctest.Wait()
		for _, g := range []*guest{sam, mo, owner} {
			wantCode(t, g.do(room.BackchannelPost{Text: "too early"}), room.CodeNotOpenYet)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for i, g := range []*guest{sam, mo, owner} {
			if got := g.last("phase.changed"); got["phase"] != "backstage" || got["snapshot"] == nil {
				t.Fatalf("staff %d: %v", i, got)
			}
			wantOK(t, g.do(room.BackchannelPost{Text: "here"}))
		}
		if got := vic.last("phase.changed"); got["phase"] != "countdown" {
			t.Fatalf("a viewer: %v", got)
		}
		if names := vic.events("backchannel"); len(names) != 0 {
			t.Fatalf("a viewer saw %v", names)
		}
		// Off and on again, live.
		w.set(1, room.SiteChange{EarlyMinutes: ptr(0)})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := sam.last("phase.changed"); got["phase"] != "countdown" {
			t.Fatalf("switched off: %v", got)
		}
		w.set(1, room.SiteChange{EarlyMinutes: ptr(3)})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := sam.last("phase.changed"); got["phase"] != "backstage" {
			t.Fatalf("switched on: %v", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		for i, g := range []*guest{sam, mo, owner, vic} {
			if got := g.last("phase.changed"); got["phase"] != "live" {
				t.Fatalf("open, %d: %v", i, got)
			}
		}
		for _, h := range w.hubs {
			for _, err := range h.Check(w.t.Context()) {
				t.Error(err)
			}
		}
	})
}

// Two hubs, one of which learns of new settings a second late, do not let the
// staff in and out by turns.
func TestEarlyEntryTurnsOnce(t *testing.T) {
	lossy := func(b broker.Broker) broker.Broker {
		return brokertest.Faulty(b, func(string, int) bool { return true })
	}
	inWorld(t, 2, lossy, func(w *world) {
		w.create(5 * time.Minute)
		owner := w.enter(1, manager)
		w.enter(0, manager)
		for i, minutes := range []int{10, 0, 10} {
			w.set(i%2, room.SiteChange{EarlyMinutes: &minutes})
			for range 30 {
				owner.do(room.BackchannelPost{Text: "is it open?"}) // judged at the head, by old settings at first
				time.Sleep(100 * time.Millisecond)
			}
		}
		var turns []bool
		for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if f, is := e.Fact.(room.BackstageTurned); is {
				turns = append(turns, f.Open)
			}
		}
		if !slices.Equal(turns, []bool{true, false, true}) {
			t.Errorf("turned: %v", turns)
		}
	})
}

// What pages show of the site is told at hello and at every change.
func TestTheLookIsTold(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		g := w.enter(1, manager)
		w.set(0, room.SiteChange{Name: ptr("Tea"), Accent: ptr("#0a5c8f")})
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		var told []string
		for _, m := range g.all() {
			if m.Signal == wire.SignalSite {
				told = append(told, string(m.Data))
			}
		}
		if len(told) != 2 || told[0] != `{"name":"greenroom","invitations":true}` || !strings.Contains(told[1], `"name":"Tea"`) || !strings.Contains(told[1], "light-dark(#0a5c8f, ") {
			t.Errorf("told %v", told)
		}
	})
}
