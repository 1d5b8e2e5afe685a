package room

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// What each class is shown of each fact: the letters are waiting, audience,
// staff, over.
func TestWhoSeesWhat(t *testing.T) {
	staff := Who{Participant: "p_1", Name: "Sam", Role: Speaker}
	viewer := Who{Participant: "p_2", Name: "Vera", Role: Viewer}
	for _, c := range []struct {
		fact Fact
		want [Classes]string
	}{
		{Created{}, [Classes]string{}},
		{Edited{}, all("room.edited")}, {Scheduled{}, all("room.scheduled")}, {Opened{}, all("room.opened")}, {Closed{}, all("room.closed")}, {Deleted{}, all("room.deleted")},
		{ManagerSet{Right: Owner}, none}, {ManagerSet{Right: Owner, Entered: true}, inside("stage.changed")},
		{ManagerEntered{Who{Participant: "p", Name: "N", Role: Owner}}, inside("stage.changed")},
		{ManagerRemoved{Who: Who{Participant: "p", Name: "N", Role: Owner}, Admitted: true}, inside("stage.changed")}, {ManagerRemoved{Who: Who{Participant: "p", Name: "N", Role: Owner}}, none},
		{Issued{Type: Speaker}, none}, {LinkOpened{}, none}, {Missed{}, none}, {Renewed{}, none},
		{Revised{Who: staff}, none}, {Revised{Who: staff, Admitted: true}, inside("stage.changed")}, {Revised{Who: viewer, Admitted: true}, none},
		{Claimed{Who: staff}, inside("stage.changed")}, {Claimed{Who: viewer}, none},
		{Freed{Who: staff}, none}, {Freed{Who: staff, Admitted: true}, inside("stage.changed")}, {Freed{Who: viewer, Admitted: true}, none}, {Freed{Who: viewer}, moderating("knock.ended")}, {Revoked{Who: viewer}, moderating("knock.ended")},
		{Revoked{Who: staff}, none}, {Revoked{Who: staff, Admitted: true}, inside("stage.changed")}, {Revoked{Who: viewer, Admitted: true}, none},
		{RoleChanged{Who: staff}, none}, {RoleChanged{Who: staff, Admitted: true}, inside("stage.changed")}, {RoleChanged{Who: staff, Waited: true}, inside("stage.changed")},
		{ChatPosted{Who: viewer}, inside("chat.posted")}, {ChatLiked{}, inside("chat.liked")}, {ChatDeleted{}, inside("chat.deleted")},
		{BackchannelPosted{Who: staff}, [Classes]string{Staff: "backchannel.posted", Moderators: "backchannel.posted", Managers: "backchannel.posted"}},
		{Muted{Who: viewer}, moderating("participant.muted")}, {Unmuted{Who: viewer}, moderating("participant.unmuted")},
		{Removed{Who: viewer, Admitted: true}, moderating("participant.removed")}, {Removed{Who: viewer}, moderating("participant.removedknock.ended")},
		{Banned{Who: viewer}, moderating("participant.banned")}, {Banned{Who: viewer, Waits: []ParticipantID{"p"}}, moderating("participant.bannedknock.ended")},
		{Unbanned{Who: viewer}, moderating("participant.unbanned")}, {Claimed{Who: viewer, Waits: true}, moderating("knocked")}, {Revised{Who: viewer, Waits: true}, moderating("knocked")},
		{Granted{}, moderating("admitted")}, {Denied{}, moderating("denied")}, {Reported{}, moderating("chat.reported")}, {ReportSettled{}, moderating("report.settled")},
		{SettingsChanged{}, inside("room.settings")}, {ChatCleared{}, inside("chat.cleared")}, {Pinned{}, inside("pinned")}, {Unpinned{}, inside("unpinned")}, {Sourced{}, inside("stage.sourced")},
		{Announced{To: ToEverybody}, [Classes]string{Waiting: "announced", Audience: "announced", Staff: "announced", Moderators: "announced", Managers: "announced"}},
		{Announced{To: ToInside}, inside("announced")}, {Announced{To: ToWaiting}, [Classes]string{Waiting: "announced", Moderators: "announced", Managers: "announced"}},
		{Announced{To: ToStaff}, [Classes]string{Staff: "announced", Moderators: "announced", Managers: "announced"}},
		{AnnouncementWithdrawn{To: ToStaff}, [Classes]string{Staff: "announcement.withdrawn", Moderators: "announcement.withdrawn", Managers: "announcement.withdrawn"}},
		{Requested{Who: viewer}, [Classes]string{Managers: "invitation.requested"}}, {Dismissed{}, none}, {CodeSent{}, none}, {CodeMissed{}, none},
		{InteractionCreated{Who: staff}, moderating("interaction.created")}, {InteractionRevised{Who: staff}, moderating("interaction.revised")},
		{InteractionRemoved{Who: staff}, moderating("interaction.removed")}, {InteractionRemoved{Who: staff, Launched: true}, inside("interaction.removed")},
		{InteractionLaunched{Who: staff}, inside("interaction.launched")}, {InteractionAnswered{}, none}, {InteractionStopped{}, inside("interaction.closing")},
		{InteractionClosed{}, inside("interaction.closed")}, {InteractionShared{Who: staff}, inside("interaction.shared")}, {InteractionShown{Who: staff}, inside("interaction.shown")},
	} {
		for to := range Classes {
			got := ""
			for _, shown := range Show(Event{Seq: 1, Fact: c.fact}, to) {
				got += shown.Event
			}
			if got != c.want[to] {
				t.Errorf("%s to class %d: %q, want %q", c.fact.Kind(), to, got, c.want[to])
			}
		}
	}
}

var none [Classes]string

func all(event string) [Classes]string { return [...]string{event, event, event, event, event, event} }

func inside(event string) [Classes]string {
	return [...]string{Audience: event, Staff: event, Moderators: event, Managers: event, Over: ""}
}

func moderating(events string) [Classes]string {
	return [...]string{Moderators: events, Managers: events, Over: ""}
}

// Nothing that is shown or snapshotted holds a hash, an invitation's id, or a
// name of somebody who was never inside; what staff say among themselves goes
// to staff alone (R7).
func TestNothingLeaks(t *testing.T) {
	w := newWorld(t)
	w.miss(guest("vera"))
	w.open()
	w.admit("mod", "spk", "vic")
	w.do(manager("eva"), Enter{})
	w.post(guest("vic"), "to all")
	w.do(guest("spk"), BackchannelPost{Text: "canary among staff"})
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vera", Reason: "canary of a reason"})
	w.do(manager("ada"), invitation("canary", Speaker))
	w.do(manager("ada"), ReviseInvitation{Invitation: "i_canary", FirstName: ptr("canary2")})
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_canary", Reason: "canary of a reason"})
	w.do(manager("ada"), RemoveManager{Person: "a_paul"})
	w.do(manager("ada"), FreeDevices{Invitation: "i_spk"})
	for to := range Classes {
		out := encoded(t, w.s.Snapshot(to))
		for _, e := range w.log {
			for _, shown := range Show(e, to) {
				out += encoded(t, shown)
			}
		}
		secrets := []string{hex.EncodeToString(ptr(address("vic"))[:]), hex.EncodeToString(ptr(guest("vic").Device)[:]), hex.EncodeToString(ptr(guest("vic").Session)[:]), "i_vic", "a_eva", "canary of a reason", "canary2", "Paul M", "vera G"}
		if to != Staff && !to.Moderates() {
			secrets = append(secrets, "canary among staff")
		}
		for _, secret := range secrets {
			if strings.Contains(out, secret) {
				t.Errorf("class %d is shown %q", to, secret)
			}
		}
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		phase Phase
		role  Role
		want  Class
	}{{PhaseCountdown, Owner, Waiting}, {PhaseLobby, Speaker, Waiting}, {PhaseLive, Viewer, Audience}, {PhaseLive, Speaker, Staff}, {PhaseLive, Moderator, Moderators}, {PhaseBackstage, Moderator, Moderators}, {PhaseWaiting, Viewer, Waiting}, {PhaseLive, CoPublisher, Managers}, {PhaseLive, Owner, Managers}, {PhaseOver, Owner, Over}, {PhaseOver, Viewer, Over}} {
		if got := ClassOf(c.phase, c.role); got != c.want {
			t.Errorf("%s in %s: class %d", c.role, c.phase, got)
		}
	}
}

func TestYou(t *testing.T) {
	w := newWorld(t)
	w.admit("spk")
	you := func(by Actor) You {
		p, _ := w.s.Who(by)
		return w.s.You(p, by)
	}
	if y := you(guest("spk")); !y.Confirmed || len(y.Rights) != 0 || y.Rights == nil || y.Role != "speaker" || y.Invitation != "i_spk" {
		t.Errorf("%+v", y)
	}
	w.open()
	if y := you(guest("spk")); !slices.Equal(y.Rights, Speaker.Rights()) {
		t.Errorf("%+v", y)
	}
	if y := you(guest("vera")); y.Confirmed || len(y.Rights) != 0 {
		t.Errorf("%+v", y)
	}
	if y := you(manager("eva")); y.Role != "manager" || y.Right != "co-editor" || !y.Confirmed || len(y.Rights) == 0 {
		t.Errorf("%+v", y)
	}
}

// The body of an ok is the same whether it is given at once or again, and
// whether something happened or was so already.
func TestReplies(t *testing.T) {
	w := chatWorld(t)
	posted := w.do(guest("vera"), ChatPost{Text: "x"})[0]
	id := MessageID(posted.Seq)
	liked := w.do(guest("vic"), ChatLike{ID: id})[0]
	set := w.do(manager("ada"), SetRole{Participant: "p_vic", Role: "speaker"})[0]
	if got := encoded(t, []any{w.s.Reply(posted), w.s.Reply(liked), w.s.Reply(set)}); got != `[{"id":"`+id+`","pos":`+itoa(posted.Seq)+`},{"id":"`+id+`","likes":1,"pos":`+itoa(liked.Seq)+`},{"pos":`+itoa(set.Seq)+`,"role":"speaker"}]` {
		t.Error(got)
	}
	head := itoa(w.s.Head)
	if got := encoded(t, []any{w.s.Settled(ChatLike{ID: id}), w.s.Settled(SetRole{Participant: "p_vic", Role: "speaker"}), w.s.Settled(ChatDelete{ID: id})}); got != `[{"id":"`+id+`","likes":1,"pos":`+head+`},{"pos":`+head+`,"role":"speaker"},{"id":"`+id+`","pos":`+head+`}]` {
		t.Error(got)
	}
}

func itoa(n Seq) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestMirrorSignals(t *testing.T) {
	var m Mirror
	if err := m.Signal("people.count", []byte(`{"inside":2,"waiting":1,"by_role":{"viewer":2},"exact":true}`)); err != nil || m.Count.Inside != 2 || !m.Count.Exact {
		t.Errorf("%v %+v", err, m.Count)
	}
	if err := m.Signal("people.count", []byte(`{"waiting":3}`)); err != nil || m.Count.Inside != 0 || m.Count.Waiting != 3 {
		t.Errorf("%v %+v", err, m.Count)
	}
	if err := m.Signal("stage.here", []byte(`{"participants":["p"]}`)); err != nil || len(m.Here) != 1 {
		t.Errorf("%v %+v", err, m.Here)
	}
	if err := m.Signal("of a later release", []byte(`[]`)); err != nil {
		t.Error(err)
	}
	if err := m.Event("room.closed", 6, 5, []byte(`{"reason":"R"}`)); err != nil || m.Room.ClosedAt != 5 || m.Room.State != StatusClosed || m.Room.Reason != "R" {
		t.Errorf("%v %+v", err, m.Room)
	}
	if err := m.Event("of a later release", 7, 1, []byte(`[]`)); err != nil || m.Pos != 7 {
		t.Errorf("%v at %d", err, m.Pos)
	}
	if err := m.Event("chat.posted", 8, 1, []byte(`{"id":1}`)); err == nil {
		t.Error("nonsense is folded")
	}
}
