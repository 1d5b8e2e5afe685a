package room

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// checkLent: what is lent to somebody is above what they are without it, has
// an end, and is nobody's whose invitation has ended.
func (r *randomRoom) checkLent(t *rapid.T) {
	seen := map[int32]bool{}
	for _, l := range r.s.lent {
		p := r.s.people.at(int(l.seat))
		if seen[l.seat] || l.until == 0 || p.Revoked || !p.Role.Outranks(l.back) || !l.back.Invitable() {
			t.Fatalf("lent to %s, a %s: %+v", p.ID, p.Role, l)
		}
		if l.until <= r.s.LastAt-Millis((24*time.Hour).Milliseconds()) {
			t.Fatalf("lent to %s until long ago: %+v", p.ID, l)
		}
		seen[l.seat] = true
	}
}

func TestARoleGoesBackAtItsTime(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	events := w.do(manager("ada"), SetRole{Participant: "p_vera", Role: "speaker", ForS: 600})
	until := events[0].Fact.(RoleChanged).UntilAt
	if want := Millis(w.now.UnixMilli()) + 600_000; until != want || w.s.NextDue() != want || w.s.Wakes() != want {
		t.Fatalf("until %d, next due %d, want %d", until, w.s.NextDue(), want)
	}
	if you := w.s.You(w.person("vera"), guest("vera")); you.UntilAt != until || you.Role != "speaker" {
		t.Errorf("told %+v", you)
	}
	if list := w.s.Page(PeoplePage{Query: "vera"}); list.Items[0].UntilAt != until {
		t.Errorf("staff is told %+v", list.Items)
	}
	if got := w.s.Snapshot(Audience).Stage; got[len(got)-1].UntilAt != 0 {
		t.Errorf("viewers are told until when: %+v", got)
	}
	w.now = w.now.Add(10*time.Minute - time.Millisecond)
	if all := w.s.Overdue(w.now); len(all) > 0 {
		t.Fatalf("early: %+v", all)
	}
	w.now = w.now.Add(time.Millisecond)
	w.refused(manager("ada"), RolesDue{}, CodeForbidden)
	if got := w.do(Actor{System: true}, RolesDue{}); len(got) != 1 || got[0].Fact.(RoleChanged).Role != Viewer || got[0].Participant != "" {
		t.Fatalf("goes back by %+v", got)
	}
	if again := w.do(Actor{System: true}, RolesDue{}); len(again) > 0 || w.s.NextDue() != 0 {
		t.Errorf("once more: %+v", again)
	}
	if you := w.s.You(w.person("vera"), guest("vera")); you.UntilAt != 0 || you.Role != "viewer" {
		t.Errorf("told %+v", you)
	}
}

// What comes later counts: for good, for longer, higher, or not at all.
func TestALaterRoleSetCountsInsteadOfATime(t *testing.T) {
	minute := Millis(60_000)
	for name, c := range map[string]struct {
		then  []SetRole
		until Millis // from the first on; 0: for good
		back  Role
	}{
		"for good":        {[]SetRole{{Role: "speaker"}}, 0, NoRole},
		"longer":          {[]SetRole{{Role: "speaker", ForS: 1800}}, 30 * minute, Viewer},
		"shorter":         {[]SetRole{{Role: "speaker", ForS: 60}}, minute, Viewer},
		"higher for good": {[]SetRole{{Role: "moderator"}}, 0, NoRole},
		"higher":          {[]SetRole{{Role: "moderator", ForS: 60}}, minute, Viewer},
		"down":            {[]SetRole{{Role: "viewer"}}, 0, NoRole},
		"bounded again":   {[]SetRole{{Role: "speaker"}, {Role: "speaker", ForS: 60}}, minute, Viewer},
	} {
		w := newWorld(t)
		w.open()
		w.admit("vera")
		w.do(manager("ada"), SetRole{Participant: "p_vera", Role: "speaker", ForS: 600})
		var at Millis
		for _, c := range c.then {
			c.Participant = "p_vera"
			at = w.do(manager("ada"), c)[0].At
		}
		l, is := w.s.lending(w.s.seatOfID("p_vera"))
		if is != (c.until != 0) || is && (l.until != at+c.until || l.back != c.back) {
			t.Errorf("%s: lent %+v, %t", name, l, is)
		}
		if w.s.NextDue() != l.until {
			t.Errorf("%s: next due %d", name, w.s.NextDue())
		}
	}
}

func TestTimesThatAreNone(t *testing.T) {
	w := newWorld(t)
	w.open()

	now := Millis(w.now.UnixMilli())
	for _, c := range []SetRole{
		{Role: "speaker", ForS: -1}, {Role: "speaker", ForS: 86_401}, {Role: "speaker", ForS: 60, UntilAt: now + 1000},
		{Role: "speaker", UntilAt: now}, {Role: "speaker", UntilAt: -1}, {Role: "speaker", UntilAt: now + 90_000_000}, {Role: "viewer", ForS: 60},
	} {
		c.Participant = "p_vera"
		w.refused(manager("ada"), c, CodeInvalid)
	}
	w.refused(manager("ada"), SetRole{Participant: "p_spk", Role: "viewer", ForS: 60}, CodeInvalid)
}

// Invited again as what they are for a time, people are that for good; a change
// of their name alone leaves the time.
func TestAnInvitationEndsATime(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vera")
	w.do(manager("ada"), SetRole{Participant: "p_vera", Role: "speaker", ForS: 600})
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_vera", FirstName: ptr("Verena"), Type: ptr(Speaker)})
	if w.s.untilOf("p_vera") == 0 {
		t.Error("a new name has made the role one for good")
	}
	w.do(manager("ada"), invitation("vera", Speaker))
	if w.s.untilOf("p_vera") != 0 || w.s.NextDue() != 0 {
		t.Error("invited again, the role still goes back")
	}
	w.do(manager("ada"), SetRole{Participant: "p_vera", Role: "moderator", ForS: 600})
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera"})
	if len(w.s.lent) > 0 {
		t.Errorf("lent to nobody: %+v", w.s.lent)
	}
}
