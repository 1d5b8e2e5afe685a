package room

import (
	"testing"
	"time"
)

// unattended is an open room whose rule is then, after five minutes each.
func unattendedBy(t testing.TB, then AbsenceEnd) *world {
	t.Helper()
	w := under(t, func(s *Site) { s.Absence = AbsenceRule{then, 5} })
	w.open()
	w.admit("mod", "vic")
	w.do(system, HostsMissing{For: 30 * time.Second})
	return w
}

func (w *world) after(d time.Duration) *world {
	w.now = w.now.Add(d)
	return w
}

func TestNobodyRunsTheRoom(t *testing.T) {
	for then, over := range map[AbsenceEnd]func(*State) bool{
		AbsenceLocks: func(s *State) bool { return s.Status == StatusOpen && s.Settings().Locked },
		AbsenceEnds:  func(s *State) bool { return s.Status == StatusClosed },
	} {
		t.Run(string(then), func(t *testing.T) {
			w := unattendedBy(t, then)
			if len(w.do(system, HostsMissing{})) != 0 || w.s.Snapshot(Audience).Unattended != nil {
				t.Fatal("warned at once")
			}
			w.after(5*time.Minute).do(system, HostsMissing{})
			told := w.s.Snapshot(Audience).Unattended
			if told == nil || told.Then != then || told.At != Millis(w.now.UnixMilli())+300_000 || w.s.Snapshot(Waiting).Unattended != nil {
				t.Fatalf("warned of %+v", told)
			}
			if w.s.Wakes() != told.At || len(w.do(system, HostsMissing{})) != 0 {
				t.Fatal("not later")
			}
			w.after(5*time.Minute).do(system, HostsMissing{})
			if !over(w.s) || len(w.do(system, HostsMissing{})) != 0 || w.s.Wakes() != 0 {
				t.Fatalf("%s, %+v", w.s.Status, w.s.Settings())
			}
		})
	}
}

// A host who comes back takes it back in the same commit, and the time begins
// anew.
func TestAHostComesBack(t *testing.T) {
	for name, back := range map[string]func(w *world){
		"again":     func(w *world) { w.do(guest("mod"), Enter{}) },
		"a manager": func(w *world) { w.do(manager("ada"), Enter{}) },
		"promoted":  func(w *world) { w.do(manager("ada"), ReviseInvitation{Invitation: "i_vic", Type: ptr(Moderator)}) },
		"seen":      func(w *world) { w.do(system, HostsThere{}) },
	} {
		t.Run(name, func(t *testing.T) {
			w := unattendedBy(t, AbsenceEnds)
			w.after(6*time.Minute).do(system, HostsMissing{})
			back(w)
			if w.s.MissesHosts() || w.s.Snapshot(Audience).Unattended != nil {
				t.Fatal("still missed")
			}
			w.after(time.Hour).do(system, HostsMissing{For: 2 * time.Hour})
			if since := w.s.absence.since; since != w.s.HostsAt() {
				t.Errorf("missed since %d, seen at %d", since, w.s.HostsAt())
			}
		})
	}
}

func TestHostsDoNotMatterUnlessSet(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vic")
	if w.s.MindsHosts() || len(w.do(system, HostsMissing{For: time.Hour})) != 0 {
		t.Error("minded")
	}
	w.refused(manager("ada"), HostsMissing{}, CodeForbidden)
	w.refused(manager("ada"), HostsThere{}, CodeForbidden)
	w.do(manager("ada"), EditRoom{HostAbsent: &AbsenceRule{AbsenceEnds, 1}})
	w.do(system, HostsMissing{})
	w.do(guest("vic"), ChatPost{Text: "anybody?"})
	if !w.s.MissesHosts() {
		t.Fatal("a viewer is no host")
	}
	w.do(manager("ada"), EditRoom{HostAbsent: &AbsenceRule{}})
	w.do(system, HostsMissing{})
	if w.s.MissesHosts() || w.s.HostAbsent != nil {
		t.Error("the rule is gone and still holds")
	}
	for _, wrong := range []AbsenceRule{{AbsenceEnds, 0}, {AbsenceEnds, MaxAbsence + 1}, {"explode", 5}} {
		w.refused(manager("ada"), EditRoom{HostAbsent: &wrong}, CodeInvalid)
	}
	w.refused(guest("mod"), EditRoom{HostAbsent: &AbsenceRule{AbsenceEnds, 1}}, CodeForbidden)
}

func TestAnAbsenceIsArchived(t *testing.T) {
	w := unattendedBy(t, AbsenceLocks)
	w.after(6*time.Minute).do(system, HostsMissing{})
	w.do(manager("ada"), EditRoom{HostAbsent: &AbsenceRule{AbsenceEnds, 7}, Results: ptr(true), ClosingWords: ptr("Thank you."), ClosingLink: ptr("https://example.org/more")})
	back, err := Restore("r_1", w.s.Archive())
	if err != nil || !back.MissesHosts() || *back.unattended() != *w.s.unattended() || *back.HostAbsent != (AbsenceRule{AbsenceEnds, 7}) || back.After != w.s.After {
		t.Errorf("%v: %+v", err, back)
	}
}
