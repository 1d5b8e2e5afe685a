package room

import (
	"slices"
	"testing"
	"time"
)

// early is a world with a quarter of an hour of early entry.
func early(t testing.TB) *world {
	t.Helper()
	return under(t, func(s *Site) { s.EarlyMinutes = 15 })
}

func (w *world) until(before time.Duration) {
	w.t.Helper()
	w.now = moment(noon).Add(-before - time.Second)
	w.do(system, BackstageDue{})
}

func (w *world) phase(by Actor) Phase {
	w.t.Helper()
	p, ok := w.s.Who(by)
	if !ok {
		w.t.Fatal("nobody")
	}
	return w.s.Phase(p, by)
}

func TestStaffAreInsideEarly(t *testing.T) {
	w := early(t)
	w.admit("spk", "vic")
	w.until(16 * time.Minute)
	if got := w.phase(guest("spk")); got != PhaseCountdown || w.s.Backstage {
		t.Fatalf("too early: %s", got)
	}
	w.until(15 * time.Minute)
	for name, want := range map[string]Phase{"spk": PhaseBackstage, "mod": PhaseCountdown, "vic": PhaseCountdown, "vera": PhaseCountdown} {
		if got := w.phase(guest(name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	w.admit("mod", "vera")
	if w.phase(guest("mod")) != PhaseBackstage || w.phase(guest("vera")) != PhaseCountdown || w.phase(manager("ada")) != PhaseBackstage {
		t.Error("confirmed meanwhile")
	}
	for _, by := range []Actor{guest("spk"), guest("mod"), manager("ada")} {
		w.do(by, Enter{})
		w.do(by, BackchannelPost{Text: "sound check"})
		w.do(by, PeoplePage{})
		w.do(by, InteractionPage{})
		w.refused(by, ChatPost{Text: "too early"}, CodeNotOpenYet)
		w.refused(by, SetRole{Participant: "p_vic", Role: "speaker"}, CodeNotOpenYet)
		p, _ := w.s.Who(by)
		may := []Action{ActBackchannelPost, ActBackchannelPage, ActPeoplePage, ActInteractionPage}
		if p.Role != Speaker {
			may = append(may, ActModerationPage, ActSetSettings, ActAnnounce, ActSetSource, ActInteractionCreate, ActGoLive)
		}
		if got := w.s.You(p, by).Rights; !slices.Equal(got, may) {
			t.Errorf("%s may %v", p.ID, got)
		}
	}
	for _, name := range []string{"vic", "vera"} {
		w.refused(guest(name), BackchannelPost{Text: "hello"}, CodeNotOpenYet)
		w.refused(guest(name), PeoplePage{}, CodeNotOpenYet)
	}
	w.open()
	if w.s.Backstage != true || w.phase(guest("spk")) != PhaseLive || w.phase(guest("vic")) != PhaseLive {
		t.Error("not live when the doors are open")
	}
	w.do(guest("spk"), ChatPost{Text: "welcome"})
}

func TestNobodyIsEarlyUnlessSet(t *testing.T) {
	w := newWorld(t)
	w.admit("spk")
	w.until(time.Second)
	if w.s.Backstage || w.phase(guest("spk")) != PhaseCountdown || w.phase(manager("ada")) != PhaseCountdown {
		t.Error("somebody is inside before room.opened")
	}
	w.refused(manager("ada"), BackstageDue{}, CodeForbidden)
}

// A start that moves away, or a site that changes its mind, closes the room to
// its staff again.
func TestEarlyEntryEnds(t *testing.T) {
	w := early(t)
	w.admit("spk")
	w.until(10 * time.Minute)
	w.do(manager("ada"), EditRoom{StartsAt: ptr(noon + 3_600_000), EndsAt: ptr(noon + 7_200_000)})
	if !w.s.TurnsBackstage(w.now) {
		t.Fatal("the move is not noticed")
	}
	w.do(system, BackstageDue{})
	if got := w.phase(guest("spk")); got != PhaseCountdown {
		t.Errorf("after the move: %s", got)
	}
	if got, want := w.s.NextDue(), noon+3_600_000-15*60_000; got != want {
		t.Errorf("next due at %d, want %d", got, want)
	}
	w.now = moment(noon + 3_000_000)
	w.do(system, BackstageDue{})
	w.s.Under(DefaultSite())
	w.do(system, BackstageDue{})
	if w.s.Backstage || w.s.NextDue() != w.s.StartsAt {
		t.Error("switched off, and still open")
	}
	if fresh := replay("r_1", w.log); fresh.Backstage {
		t.Error("the log folds to another state")
	}
}

// An instance that has not heard of the newest settings does not turn back what
// another one has turned by them.
func TestOlderSettingsTurnNothingBack(t *testing.T) {
	w := under(t, func(s *Site) { s.EarlyMinutes, s.Version = 15, 5 })
	w.until(10 * time.Minute)
	older, newer := *DefaultSite(), *DefaultSite()
	older.Version, newer.Version = 4, 6
	w.s.Under(&older)
	w.do(system, BackstageDue{})
	if !w.s.Backstage || w.s.TurnsBackstage(w.now) || w.s.NextDue() != w.s.StartsAt {
		t.Error("let out by settings of before")
	}
	if back, err := Restore("r_1", w.s.Archive()); err != nil || back.turnedBy != 5 {
		t.Errorf("archived: %+v, %v", back, err)
	}
	w.s.Under(&newer)
	w.do(system, BackstageDue{})
	older.EarlyMinutes = 15
	w.s.Under(&older)
	if w.do(system, BackstageDue{}); w.s.Backstage || w.s.NextDue() != w.s.StartsAt {
		t.Error("let in again by settings of before")
	}
}

func TestAPromotedViewerComesInEarly(t *testing.T) {
	w := early(t)
	w.admit("vic")
	w.until(10 * time.Minute)
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vic", Type: ptr(Speaker)})
	if got := w.phase(guest("vic")); got != PhaseBackstage {
		t.Errorf("promoted: %s", got)
	}
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vic", Type: ptr(Viewer)})
	if got := w.phase(guest("vic")); got != PhaseCountdown {
		t.Errorf("demoted: %s", got)
	}
}
