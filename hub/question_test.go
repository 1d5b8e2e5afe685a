package hub

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// discussion is an open room over two hubs: the owner on the first, Ana with a
// window on each, Ben on the second.
func discussion(t *testing.T, f func(w *world, owner, ana, tab, ben *guest)) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		owner := w.enter(0, manager)
		by := w.invite("ana", room.Viewer)
		ana, ben := w.enter(0, by), w.enter(1, w.invite("ben", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		tab := w.enter(1, by)
		wantOK(t, ben.lobby("ben"))
		synctest.Wait()
		f(w, owner, ana, tab, ben)
	})
}

func idOf(t *testing.T, m wire.Message) string {
	t.Helper()
	wantOK(t, m)
	var ok struct{ ID string }
	decode(t, m.OK, &ok)
	return ok.ID
}

func TestAQuestionIsStaffsUntilItIsPublished(t *testing.T) {
	discussion(t, func(w *world, owner, ana, tab, ben *guest) {
		id := idOf(t, ana.do(room.QuestionAsk{Text: "Why?", Anonymous: true}))
		synctest.Wait()
		if got := owner.last("question.asked"); got["text"] != "Why?" || got["participant"] != nil || got["name"] != "" {
			t.Errorf("staff is told of an anonymous question: %v", got)
		}
		for _, g := range []*guest{ana, tab} {
			if got := g.last("me.question"); got["id"] != id || got["state"] != "waiting" {
				t.Errorf("the asker is told %v", got)
			}
		}
		wantCode(t, ben.do(room.QuestionVote{ID: id}), room.CodeNotFound)
		if got := ben.events("question"); len(got) > 0 {
			t.Errorf("another viewer is told %v", got)
		}
		wantOK(t, owner.do(room.QuestionClaim{ID: id}))
		wantOK(t, owner.do(room.QuestionPublish{ID: id}))
		synctest.Wait()
		if got := ben.last("question.published"); got["text"] != "Why?" || got["participant"] != nil || got["by"] != nil || got["claimed"] != nil {
			t.Errorf("viewers are told %v", got)
		}
		if got, _ := owner.last("question.published")["claimed"].(map[string]any); got["participant"] != "pOwner" {
			t.Errorf("staff is told that it is taken by %v", got)
		}
		if got := tab.last("me.question"); got["state"] != "published" {
			t.Errorf("the asker is told %v", got)
		}
		wantOK(t, owner.do(room.QuestionClaim{ID: id}))
		wantOK(t, owner.do(room.QuestionAnswer{ID: id, Text: "Because."}))
		synctest.Wait()
		if got := ben.last("question.answered"); got["text"] != "Because." {
			t.Errorf("viewers are told %v", got)
		}
		if got := ben.events("question.claimed"); len(got) > 0 {
			t.Error("viewers are told who has taken a question")
		}
		wantCode(t, ben.do(room.QuestionVote{ID: id}), room.CodeClosed)
	})
}

func TestADismissedQuestionIsToldToItsAskerAlone(t *testing.T) {
	discussion(t, func(w *world, owner, ana, tab, ben *guest) {
		id := idOf(t, ana.do(room.QuestionAsk{Text: "Why?"}))
		wantOK(t, owner.do(room.QuestionDismiss{ID: id, Reason: "Off topic"}))
		synctest.Wait()
		if got := tab.last("me.question"); got["state"] != "dismissed" || got["reason"] != "Off topic" {
			t.Errorf("the asker is told %v", got)
		}
		if got := ben.events("question"); len(got) > 0 {
			t.Errorf("another viewer is told %v", got)
		}
		again := w.enter(1, ana.session.Actor())
		var hello struct{ You room.You }
		m, _ := again.replyTo(1)
		decode(t, m.OK, &hello)
		if len(hello.You.Questions) != 1 || hello.You.Questions[0].Reason != "Off topic" {
			t.Errorf("who comes back is told %+v", hello.You.Questions)
		}
	})
}

// One person has one vote, from however many windows and instances at once;
// people are told sums, not voters.
func TestVotesAreOnePerPersonAndToldAsSums(t *testing.T) {
	discussion(t, func(w *world, owner, ana, tab, ben *guest) {
		id := idOf(t, ben.do(room.QuestionAsk{Text: "Why?"}))
		wantOK(t, owner.do(room.QuestionPublish{ID: id}))
		var all sync.WaitGroup
		for _, g := range []*guest{ana, tab, ben} {
			all.Go(func() { wantOK(t, g.do(room.QuestionVote{ID: id})) })
		}
		all.Wait()
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		for name, g := range map[string]*guest{"owner": owner, "ana": ana, "ben": ben} {
			if got := g.lastSignal("question.votes"); !maps.Equal(got["votes"].(map[string]any), map[string]any{id: 2.0}) {
				t.Errorf("%s is told %v", name, got)
			}
		}
		if got := owner.events("me.voted"); len(got) > 0 {
			t.Errorf("the owner is told of a vote: %v", got)
		}
		if a, b := len(ana.events("me.voted")), len(tab.events("me.voted")); a != 1 || b != 1 {
			t.Errorf("the voter's windows are told %d and %d times", a, b)
		}
	})
}

// Sums that were told while somebody was away are no events that they missed.
func TestVotesOfMeanwhileComeWithAResume(t *testing.T) {
	discussion(t, func(w *world, owner, ana, _, ben *guest) {
		id := idOf(t, ben.do(room.QuestionAsk{Text: "Why?"}))
		wantOK(t, owner.do(room.QuestionPublish{ID: id}))
		wantOK(t, ben.do(room.QuestionVote{ID: id}))
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		at := &wire.Resume{Epoch: "epoch1", Pos: ana.pos()}
		ana.session.Leave()
		no := false
		wantOK(t, ben.do(room.QuestionVote{ID: id, On: &no}))
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		back, err := w.join(0, ana.session.Actor(), at)
		if err != nil {
			t.Fatal(err)
		}
		var hello room.Welcome
		decode(t, back.all()[0].OK, &hello)
		if got := back.lastSignal("question.votes"); hello.Mode != "resumed" || !maps.Equal(got["votes"].(map[string]any), map[string]any{id: 0.0}) {
			t.Errorf("%s, and is told %v", hello.Mode, got)
		}
	})
}

// The same for a viewer with and without what staff does among themselves.
func TestDemotedInTheMiddleOfAQuestion(t *testing.T) {
	discussion(t, func(w *world, owner, ana, tab, ben *guest) {
		wantOK(t, owner.do(room.SetRole{Participant: "pana", Role: "moderator"}))
		id := idOf(t, ben.do(room.QuestionAsk{Text: "Why?"}))
		wantOK(t, ana.do(room.QuestionClaim{ID: id}))
		wantOK(t, owner.do(room.SetRole{Participant: "pana", Role: "viewer"}))
		for _, c := range []room.Command{room.QuestionPublish{ID: id}, room.QuestionClaim{ID: id}, room.QuestionAnswer{ID: id, Live: true}, room.QuestionDismiss{ID: id}, room.HandClear{}} {
			wantCode(t, tab.do(c), room.CodeForbidden)
		}
		m := ana.do(room.QuestionPage{})
		wantOK(t, m)
		var page room.Questions
		decode(t, m.OK, &page)
		if len(page.Items) > 0 {
			t.Errorf("a viewer's page has %+v", page.Items)
		}
		wantOK(t, owner.do(room.QuestionClaim{ID: id})) // the demotion gave it back
		before := len(ana.events("question"))
		idOf(t, ben.do(room.QuestionAsk{Text: "And how?"}))
		synctest.Wait()
		if got := ana.events("question"); len(got) > before {
			t.Errorf("after the demotion: %v", got[before:])
		}
	})
}

func TestHandsInOrder(t *testing.T) {
	discussion(t, func(w *world, owner, ana, tab, ben *guest) {
		wantOK(t, tab.do(room.HandRaise{}))
		wantOK(t, ben.do(room.HandRaise{}))
		synctest.Wait()
		if got := ana.last("me.hand"); got["at"].(float64) == 0 {
			t.Errorf("the other window is told %v", got)
		}
		if got := ben.events("hand."); len(got) > 0 {
			t.Errorf("a viewer is told of hands: %v", got)
		}
		late := w.enter(1, manager)
		var hello struct{ Snapshot room.Snapshot }
		m, _ := late.replyTo(1)
		decode(t, m.OK, &hello)
		if up := hello.Snapshot.Hands.Items; len(up) != 2 || up[0].Participant != "pana" || up[1].Participant != "pben" {
			t.Fatalf("the queue is %+v", up)
		}
		wantCode(t, ben.do(room.HandLower{Participant: "pana"}), room.CodeForbidden)
		wantOK(t, owner.do(room.HandLower{Participant: "pben", Reason: "No time"}))
		wantOK(t, owner.do(room.SetRole{Participant: "pana", Role: "speaker"}))
		synctest.Wait()
		if got := ben.last("me.hand"); got["why"] != "declined" || got["reason"] != "No time" || got["at"].(float64) != 0 {
			t.Errorf("who was declined is told %v", got)
		}
		if got := tab.last("me.hand"); got["why"] != "accepted" {
			t.Errorf("who was accepted is told %v", got)
		}
		if got := late.events("hand.lowered"); len(got) != 2 {
			t.Errorf("staff is told %v", got)
		}
	})
}

func TestReactionsAreSumsOverAllInstances(t *testing.T) {
	discussion(t, func(w *world, owner, ana, tab, ben *guest) {
		time.Sleep(time.Second)
		for _, g := range []*guest{owner, ana, ben} {
			wantOK(t, g.do(room.ReactionSend{Emoji: "👏"}))
		}
		wantCode(t, ana.do(room.ReactionSend{Emoji: "🧨"}), room.CodeInvalid)
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		for name, g := range map[string]*guest{"owner": owner, "ana": ana, "ben": ben} {
			sum := 0.0
			for _, m := range g.all() {
				if m.Signal == "reactions" {
					var told wire.Reactions
					decode(t, m.Data, &told)
					sum += float64(told.Counts["👏"])
				}
			}
			if sum != 3 {
				t.Errorf("%s is told of %v reactions", name, sum)
			}
		}
		if got := ana.events("reaction"); slices.Contains(got, "reactions") {
			t.Error("a reaction is in the log")
		}
		var refused bool
		for range 30 {
			refused = refused || ana.do(room.ReactionSend{Emoji: "👍"}).Err != nil
		}
		if !refused {
			t.Error("a storm of reactions is not slowed down")
		}
	})
}

// What a viewer is shown does not tell whether staff was busy.
func TestViewersDoNotHearOfStaffsWork(t *testing.T) {
	shown := func(busy bool) (names []string) {
		discussion(t, func(w *world, owner, ana, tab, ben *guest) {
			if busy {
				first := idOf(t, ana.do(room.QuestionAsk{Text: "Why?"}))
				wantOK(t, owner.do(room.QuestionClaim{ID: first}))
				wantOK(t, owner.do(room.QuestionDismiss{ID: first}))
				wantOK(t, ana.do(room.HandRaise{}))
				wantOK(t, owner.do(room.HandLower{Participant: "pana"}))
				wantOK(t, owner.do(room.BackchannelPost{Text: "psst"}))
			}
			wantOK(t, owner.do(room.ChatPost{Text: "hello"}))
			synctest.Wait()
			names = ben.events("")
		})
		return names
	}
	if calm, busy := shown(false), shown(true); !slices.Equal(calm, busy) {
		t.Errorf("without: %v\nwith: %v", calm, busy)
	}
}
