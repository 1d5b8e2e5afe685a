package room

import (
	"strings"
	"testing"
	"time"
)

// paused is an open room that the moderator has paused.
func paused(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.open()
	w.admit("mod", "spk", "vic")
	w.do(guest("mod"), PauseRoom{Message: "Back at three."})
	return w
}

// While the room is paused viewers say nothing and staff go on.
func TestAPauseHoldsTheRoom(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("mod", "spk", "vic")
	poll := w.run(asks("Tea?"))
	w.do(guest("vic"), HandRaise{})
	w.refused(guest("vic"), PauseRoom{}, CodeForbidden)
	w.refused(guest("spk"), PauseRoom{}, CodeForbidden)
	w.do(guest("mod"), PauseRoom{Message: "Back at three."})
	for _, c := range []Command{ChatPost{Text: "hi"}, QuestionAsk{Text: "why?"}, ReactionSend{Emoji: "👏"}, InteractionAnswer{ID: poll, Choices: []int{0}}} {
		w.refused(guest("vic"), c, CodePaused)
	}
	w.do(guest("vic"), HandLower{})
	w.refused(guest("vic"), HandRaise{}, CodePaused)
	w.refused(guest("spk"), InteractionAnswer{ID: poll, Choices: []int{0}}, CodePaused)
	for _, c := range []Command{BackchannelPost{Text: "ready?"}, ChatPost{Text: "soon"}, HandRaise{}} {
		w.do(guest("spk"), c)
	}
	draft := InteractionID(w.do(guest("mod"), InteractionCreate{asks("Later?")})[0].Seq)
	w.refused(guest("mod"), InteractionLaunch{ID: draft}, CodePaused)
	for _, to := range []Class{Audience, Staff, Managers} {
		if p := w.s.Snapshot(to).Paused; p == nil || p.Message != "Back at three." || p.Name != "mod G" {
			t.Errorf("class %d comes late and sees %+v", to, p)
		}
	}
	if w.s.Snapshot(Waiting).Paused != nil || w.phase(guest("vic")) != PhaseLive {
		t.Error("a pause is seen from outside, or puts people out")
	}
	if n := len(w.do(manager("ada"), PauseRoom{Message: "Back at three."})); n != 0 {
		t.Error("paused twice")
	}
	w.do(manager("ada"), PauseRoom{Message: "Back at four."})
	w.do(guest("mod"), ResumeRoom{})
	w.do(guest("vic"), ChatPost{Text: "hi"})
	if n := len(w.do(guest("mod"), ResumeRoom{})); n != 0 || w.s.Paused() != nil {
		t.Error("not resumed")
	}
}

// The time of an interaction goes on by the clock.
func TestAnInteractionClosesInAPause(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("mod")
	form := asks("Tea?")
	form.Seconds = 60
	w.run(form)
	w.do(guest("mod"), PauseRoom{})
	w.now = w.now.Add(2 * time.Minute)
	if !w.s.InteractionsEnd(w.now) {
		t.Fatal("its time stands still")
	}
	if w.do(system, InteractionsDue{}); w.s.nextInteractionEnd() != 0 {
		t.Error("still running")
	}
}

func TestAPauseEndsWithACountdown(t *testing.T) {
	w := paused(t)
	w.do(guest("mod"), ResumeRoom{Countdown: true})
	live := Millis(w.now.UnixMilli()) + 10_000
	if w.s.NextDue() != live || w.s.Snapshot(Audience).LiveAt != live || w.s.Resumes(moment(live-1)) {
		t.Fatalf("next due at %d, want %d", w.s.NextDue(), live)
	}
	if n := len(w.do(guest("mod"), GoLive{})); n != 0 {
		t.Error("two countdowns")
	}
	w.refused(guest("vic"), ChatPost{Text: "early"}, CodePaused)
	w.refused(manager("ada"), ResumeDue{}, CodeForbidden)
	w.do(manager("ada"), CancelGoLive{})
	w.now = moment(live + 60_000)
	if n := len(w.do(system, ResumeDue{})); n != 0 || w.s.Paused() == nil {
		t.Fatal("went on after it was taken back")
	}
	w.do(manager("ada"), GoLive{})
	w.now = w.now.Add(10 * time.Second)
	if w.do(system, ResumeDue{}); w.s.Paused() != nil || w.s.NextDue() != 0 {
		t.Error("not gone on")
	}
	if n := len(w.do(manager("ada"), GoLive{})); n != 0 {
		t.Error("a countdown to nothing")
	}
}

func TestAnotherMessageTakesTheCountdownBack(t *testing.T) {
	w := paused(t)
	w.do(guest("mod"), GoLive{})
	w.do(manager("ada"), PauseRoom{Message: "Back at three."})
	if w.s.liveAt != 0 || w.s.Paused() == nil {
		t.Error("the countdown goes on")
	}
	w.refused(manager("ada"), PauseRoom{Message: strings.Repeat("a", MaxPauseMessage+1)}, CodeInvalid)
}

// The end of the session ends a pause, and nothing of a person who is erased
// is left in one.
func TestWhatEndsAPause(t *testing.T) {
	w := paused(t)
	w.do(system, ErasePerson{Match: address("mod")})
	if p := w.s.Paused(); p == nil || p.Name != "" || p.Message != "" {
		t.Errorf("the pause of somebody erased: %+v", p)
	}
	w.do(manager("ada"), GoLive{})
	w.do(manager("ada"), EditRoom{State: StatusClosed})
	if w.s.Paused() != nil || w.s.NextDue() != 0 {
		t.Error("paused and over")
	}
	w.do(manager("ada"), EditRoom{State: StatusOpen})
	if w.s.Paused() != nil {
		t.Error("opened again and paused")
	}
	back, err := Restore("r_1", paused(t).s.Archive())
	if err != nil || back.Paused() == nil || back.Paused().Message != "Back at three." {
		t.Errorf("archived: %v, %v", back, err)
	}
}
