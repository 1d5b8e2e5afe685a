package room

import (
	"testing"
	"time"
)

// backstage is a world ten minutes before the start, with staff inside.
func backstage(t testing.TB) *world {
	t.Helper()
	w := early(t)
	w.admit("mod", "spk", "vic")
	w.until(10 * time.Minute)
	w.do(manager("ada"), Enter{})
	return w
}

func TestStaffOpenWithACountdown(t *testing.T) {
	w := backstage(t)
	w.refused(guest("spk"), GoLive{}, CodeForbidden)
	w.refused(guest("vic"), GoLive{}, CodeNotOpenYet)
	w.do(guest("mod"), GoLive{})
	live := Millis(w.now.UnixMilli()) + 10_000
	if w.s.NextDue() != live || w.s.OpensAt() != live {
		t.Fatalf("next due at %d, want %d", w.s.NextDue(), live)
	}
	for _, to := range []Class{Waiting, Staff, Managers} {
		if got := w.s.Snapshot(to).LiveAt; got != live {
			t.Errorf("class %d sees the end at %d", to, got)
		}
	}
	told := Show(w.log[len(w.log)-1], Waiting)
	if len(told) != 1 || told[0].Data.(RoomGoingLive).WhoView != nil {
		t.Errorf("the waiting are told %+v", told)
	}
	w.now = moment(live - 2000)
	if n := len(w.do(system, OpenDue{})); n != 0 {
		t.Fatal("opened before the end of the countdown")
	}
	if w.do(system, OpenDue{}); w.s.Status != StatusOpen || w.s.Snapshot(Audience).LiveAt != 0 {
		t.Fatal("not open")
	}
	w.now = moment(noon)
	if n := len(w.do(system, OpenDue{})); n != 0 {
		t.Error("the scheduled start opens it once more")
	}
}

func TestTheCountdownIsTakenBack(t *testing.T) {
	for name, c := range map[string]Command{"cancelled": CancelGoLive{}, "moved": EditRoom{StartsAt: ptr(noon + 60_000)}} {
		t.Run(name, func(t *testing.T) {
			w := backstage(t)
			w.do(guest("mod"), GoLive{})
			w.do(manager("ada"), c)
			w.now = w.now.Add(time.Minute)
			if n := len(w.do(system, OpenDue{})); n != 0 || w.s.Snapshot(Waiting).LiveAt != 0 || w.s.NextDue() != w.s.StartsAt {
				t.Error("the countdown goes on")
			}
			w.do(guest("mod"), GoLive{})
			w.now = w.now.Add(10 * time.Second)
			if w.do(system, OpenDue{}); w.s.Status != StatusOpen {
				t.Error("not open after another countdown")
			}
		})
	}
}

// The scheduled start does not wait for a countdown, and where it comes first
// there is none.
func TestTheStartComesFirst(t *testing.T) {
	w := backstage(t)
	w.now = moment(noon - 12_000)
	w.do(guest("mod"), GoLive{})
	if w.s.OpensAt() != noon-1000 {
		t.Errorf("opens at %d", w.s.OpensAt()-noon)
	}
	w.do(guest("mod"), CancelGoLive{})
	if n := len(w.do(guest("mod"), GoLive{})); n != 0 || w.s.OpensAt() != noon {
		t.Error("a countdown beyond the start")
	}
	w.now = moment(noon)
	if w.do(system, OpenDue{}); w.s.Status != StatusOpen {
		t.Error("not open at the start")
	}
}

func TestOpeningByHandEndsTheCountdown(t *testing.T) {
	w := backstage(t)
	w.do(guest("mod"), GoLive{})
	w.do(manager("ada"), EditRoom{State: StatusOpen})
	w.do(manager("ada"), EditRoom{State: StatusClosed})
	w.now = w.now.Add(time.Minute)
	if n := len(w.do(system, OpenDue{})); n != 0 || w.s.NextDue() != 0 {
		t.Error("a countdown of before opens it again")
	}
	w.do(manager("ada"), EditRoom{State: StatusOpen})
	if n := len(w.do(guest("mod"), CancelGoLive{})); n != 0 {
		t.Error("there was nothing to take back")
	}
}

// The site puts the staff out while it counts down: it opens all the same, and
// on time.
func TestACountdownOutlastsEarlyEntry(t *testing.T) {
	w := backstage(t)
	w.do(guest("mod"), GoLive{})
	live := w.s.OpensAt()
	site := *DefaultSite()
	site.EarlyMinutes, site.Version = 1, 9
	w.s.Under(&site)
	w.do(system, BackstageDue{})
	if w.s.Backstage || w.s.NextDue() != live {
		t.Fatalf("next due at %d, want %d", w.s.NextDue(), live)
	}
	w.now = moment(live)
	if w.do(system, OpenDue{}); w.s.Status != StatusOpen {
		t.Error("not open")
	}
}
