package room

import (
	"errors"
	"strings"
	"testing"
)

func TestTheDoorOpensOnceAndNotBefore(t *testing.T) {
	w := newWorld(t)
	w.now = moment(noon - 2000)
	if w.do(system, OpenDue{}) != nil || w.s.Due(moment(noon-1)) {
		t.Fatal("opened before the start")
	}
	if events := w.do(system, OpenDue{Waiting: 20_000}); len(events) != 1 || events[0].Fact.(Opened).Spread != 1000 || events[0].At != noon {
		t.Fatalf("at the start: %v", events)
	}
	if w.do(system, OpenDue{}) != nil {
		t.Fatal("opened twice")
	}
	if w.s.OpenedAt != noon {
		t.Errorf("opened at %d", w.s.OpenedAt)
	}
}

func TestSpread(t *testing.T) {
	for waiting, want := range map[int]Millis{-1: 0, 0: 0, 999: 0, 1000: 50, 20_000: 1000, 100_000: 5000, 1 << 40: 5000} {
		if got := Spread(waiting); got != want {
			t.Errorf("%d waiting: %d ms", waiting, got)
		}
	}
	w := newWorld(t)
	if f := w.do(manager("paul"), EditRoom{State: StatusOpen, Waiting: 100_000})[0].Fact.(Opened); f.Spread != 5000 {
		t.Errorf("opened by hand: spread over %d ms", f.Spread)
	}
}

// Invariant O4.
func TestAMovedStartHolds(t *testing.T) {
	w := newWorld(t)
	w.do(manager("eva"), EditRoom{StartsAt: ptr(noon + 600_000), Reason: "Late train"})
	w.now = moment(noon + 60_000)
	if w.do(system, OpenDue{}) != nil {
		t.Fatal("opened at the old start")
	}
	w.now = moment(noon + 599_000)
	w.do(system, OpenDue{})
	w.refused(manager("eva"), EditRoom{StartsAt: ptr(noon + 1_200_000)}, CodeConflict)
	w.do(manager("eva"), EditRoom{StartsAt: ptr(noon + 600_000), Title: ptr("Same start, new title")})
}

func TestSchedulesThatDoNotFit(t *testing.T) {
	const smallest, largest = Millis(-1 << 63), Millis(1<<63 - 1)
	now := noon - 3_600_000
	for _, c := range []struct {
		starts, ends Millis
		field        string
	}{
		{now - 61_000, 0, "starts_at"}, {0, 0, "starts_at"}, {smallest, 0, "starts_at"}, {largest, 0, "starts_at"}, {largest, largest, "starts_at"},
		{now + 6*366*86_400_000, 0, "starts_at"},
		{noon, noon, "ends_at"}, {noon, noon - 1, "ends_at"}, {noon, smallest, "ends_at"}, {noon, largest, "ends_at"}, {noon, noon + 32*86_400_000, "ends_at"},
	} {
		create := CreateRoom{Title: "T", StartsAt: c.starts, EndsAt: c.ends, Owner: SetManager{Participant: "p", Person: "a"}}
		_, err := New("r").Decide(Actor{SiteRole: SiteMember}, create, "", moment(now))
		var no *Refusal
		if !errors.As(err, &no) || no.Code != CodeInvalid || no.Fields[c.field] == "" {
			t.Errorf("create %d to %d: %v", c.starts, c.ends, err)
		}
		w := newWorld(t)
		w.refused(manager("ada"), EditRoom{StartsAt: &c.starts, EndsAt: &c.ends}, CodeInvalid)
	}
	w := newWorld(t)
	w.refused(manager("ada"), EditRoom{EndsAt: ptr(noon - 1)}, CodeInvalid)
	w.refused(manager("ada"), EditRoom{StartsAt: ptr(noon + 2*3_600_000)}, CodeInvalid) // beyond its own end
	w.do(manager("ada"), EditRoom{StartsAt: ptr(noon + 2*3_600_000), EndsAt: new(Millis)})
	w.do(manager("ada"), EditRoom{StartsAt: ptr(Millis(w.now.UnixMilli()) - 30_000)}) // the time a form takes
	w.do(system, OpenDue{})
}

// A store's clock that steps back changes nothing: time stands still.
func TestTimeNeverRunsBackwards(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.now = moment(noon - 86_400_000)
	e := w.do(manager("ada"), ChatPost{Text: "yesterday?"})[0]
	if e.At != noon {
		t.Errorf("written at %d", e.At)
	}
	for range sessionTries {
		w.miss(guest("vera"))
	}
	if no := w.refused(guest("vera"), lobby("vera"), CodeLobbyLocked); no.Retry > sessionWindow {
		t.Errorf("locked for %s", no.Retry)
	}
}

func TestEditing(t *testing.T) {
	w := newWorld(t)
	events := w.do(manager("paul"), EditRoom{Title: ptr(" New \u202e title "), Description: ptr("a\r\n\r\n\r\n\r\nb  \n"), Speakers: &[]Presenter{{Name: "Sam", Bio: "x"}},
		StartsAt: ptr(noon + 1000), State: StatusOpen})
	if len(events) != 3 || events[0].Key == "" || events[1].Key != "" {
		t.Fatalf("%v", events)
	}
	if w.s.Title != "New title" || w.s.Description != "a\n\nb" || w.s.Status != StatusOpen || w.s.StartsAt != noon+1000 {
		t.Errorf("%+v", w.s.Info)
	}
	if w.do(manager("paul"), EditRoom{Title: ptr("New title"), Speakers: &[]Presenter{{Name: "Sam", Bio: "x"}}, State: StatusOpen, EndsAt: ptr(w.s.EndsAt)}) != nil {
		t.Error("the same again made events")
	}
	long := strings.Repeat("é", MaxTitle+1)
	for _, c := range []EditRoom{{Title: ptr("\u200b ")}, {Title: &long}, {Description: ptr(strings.Repeat("x", MaxDescription+1))}, {State: "ajar"}, {State: StatusScheduled},
		{State: StatusDeleted}, {State: StatusClosed, Reason: strings.Repeat("x", MaxReason+1)}, {Speakers: &[]Presenter{{Name: " "}}}, {Speakers: ptr(make([]Presenter, MaxSpeakers+1))},
		{Speakers: ptr(many(Presenter{Name: "N", Bio: strings.Repeat("𝕏", MaxBio)}, 20))}} {
		w.refused(manager("paul"), c, CodeInvalid)
	}
	w.do(manager("paul"), EditRoom{State: StatusClosed, Reason: "End"})
	if w.s.Reason != "End" || w.s.ClosedAt == 0 {
		t.Error("not closed with its reason")
	}
	w.do(manager("paul"), EditRoom{State: StatusOpen})
	if w.s.Reason != "" || w.s.ClosedAt != 0 || w.s.OpenedAt == w.s.LastAt {
		t.Errorf("opened again: %+v", w.s.View())
	}
}

func many[T any](v T, n int) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = v
	}
	return all
}

func TestCreatingARoom(t *testing.T) {
	owner := SetManager{Participant: "p", Person: "a", FirstName: "A", LastName: "B"}
	good := CreateRoom{Title: "T", StartsAt: noon, Owner: owner}
	for name, by := range map[string]Actor{"site": system, "account": {Account: "a", SiteRole: SiteMember}} {
		events, err := New("r").Decide(by, good, "k", moment(noon-1000))
		if err != nil || len(events) != 2 || events[0].Participant != "p" || events[0].Key != "k" {
			t.Errorf("%s: %v %v", name, events, err)
		}
	}
	w := newWorld(t)
	w.refused(Actor{SiteRole: SiteMember, Account: "a_ada"}, good, CodeConflict)
	if _, err := New("r").Decide(system, CreateRoom{Title: "T", StartsAt: noon}, "", moment(noon-1000)); err == nil {
		t.Error("a room without an owner")
	}
}
