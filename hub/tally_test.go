package hub

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func lossy(b broker.Broker) broker.Broker {
	return brokertest.Faulty(b, func(_ string, n int) bool { return n%3 == 0 })
}

// opened is a world whose doors are open, with people inside, one after the
// other on each hub.
func (w *world) opened(people ...string) (all []*guest) {
	w.t.Helper()
	w.create(time.Hour)
	w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusOpen}, nil))
	for i, name := range people {
		by := w.invite(name, room.Viewer)
		g := w.enter(i%len(w.hubs), by)
		wantOK(w.t, g.lobby(name))
		all = append(all, g)
	}
	return all
}

// launch puts an interaction before everybody and gives its id.
func (w *world) launch(f room.InteractionForm) string {
	w.t.Helper()
	made := w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.InteractionCreate{InteractionForm: f}, nil))
	id := room.InteractionID(made.Events[0].Seq)
	w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.InteractionLaunch{ID: id}, nil))
	return id
}

func names(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprint("g", i))
	}
	return all
}

func yesNo(anonymous bool) room.InteractionForm {
	return room.InteractionForm{Kind: room.InteractChoice, Question: "Tea?", Options: []string{"Yes", "No"}, Anonymous: anonymous, Results: room.ResultsLive}
}

// closings gives the results that the log has of an interaction.
func (w *world) closings(id string) (all []room.InteractionClosed) {
	w.t.Helper()
	for e, err := range w.store.Since(w.t.Context(), w.room, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if f, ok := e.Fact.(room.InteractionClosed); ok && f.ID == id {
			all = append(all, f)
		}
	}
	return all
}

// P1: everybody answers from two tabs on two hubs at once, while somebody
// closes. Whose answer was acknowledged is counted once, nobody else, and
// nothing in the log or the counters says what anybody chose.
func TestAnonymousAnswersAreCountedOnce(t *testing.T) {
	inWorld(t, 2, lossy, func(w *world) {
		people := w.opened(names(24)...)
		id := w.launch(yesNo(true))
		time.Sleep(3 * time.Second)
		var mu sync.Mutex
		acknowledged := []int{0, 0}
		var all sync.WaitGroup
		for i, g := range people {
			tab := w.enter((i+1)%2, g.session.Actor())
			for choice, one := range []*guest{g, tab} {
				all.Go(func() {
					m := one.do(room.InteractionAnswer{ID: id, Choices: []int{choice}})
					if m.Err == nil {
						mu.Lock()
						acknowledged[choice]++
						mu.Unlock()
					} else if m.Err.Code != room.CodeConflict && m.Err.Code != room.CodeClosed {
						t.Errorf("refused as %s", m.Err.Code)
					}
				})
			}
			if i == len(people)*3/4 {
				all.Go(func() { w.must(w.hubs[1].Do(w.t.Context(), w.room, manager, room.InteractionClose{ID: id}, nil)) })
			}
		}
		all.Wait()
		time.Sleep(3 * time.Second)
		closed := w.closings(id)
		if len(closed) != 1 || !slices.Equal(closed[0].Counts, acknowledged) || closed[0].Answers != acknowledged[0]+acknowledged[1] {
			t.Fatalf("closed with %+v, acknowledged %v", closed, acknowledged)
		}
		if left, err := w.store.Ballot(w.t.Context(), w.room, id, 10); err != nil || len(left) != 0 {
			t.Errorf("counters are left: %v %v", left, err)
		}
		for e := range w.store.Since(w.t.Context(), w.room, 0) {
			if f, ok := e.Fact.(room.InteractionAnswered); ok && f.Choices != nil {
				t.Errorf("the log says what %s chose", f.Participant)
			}
		}
		for _, g := range people {
			if got := g.last("interaction.closed"); got == nil {
				t.Error("somebody is not told the result")
			}
		}
	})
}

// The timer is the store's: whatever instances there are, it closes once.
func TestInteractionClosesByItselfOnce(t *testing.T) {
	inWorld(t, 3, lossy, func(w *world) {
		people := w.opened(names(3)...)
		for _, anonymous := range []bool{false, true} {
			f := yesNo(anonymous)
			f.Seconds = 90
			id := w.launch(f)
			time.Sleep(3 * time.Second)
			for i, g := range people {
				wantOK(t, g.do(room.InteractionAnswer{ID: id, Choices: []int{i % 2}}))
			}
			time.Sleep(85 * time.Second)
			if got := w.closings(id); len(got) != 0 {
				t.Fatalf("closed early: %+v", got)
			}
			time.Sleep(10 * time.Second)
			if got := w.closings(id); len(got) != 1 || !slices.Equal(got[0].Counts, []int{2, 1}) {
				t.Fatalf("closed with %+v", got)
			}
			wantCode(t, people[0].do(room.InteractionAnswer{ID: id, Choices: []int{1}}), room.CodeClosed)
		}
	})
}

// An interaction with a timer closes in time though everybody has left.
func TestInteractionClosesInAnEmptyRoom(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.opened()
		f := yesNo(true)
		f.Seconds = 600
		id := w.launch(f)
		time.Sleep(605 * time.Second)
		if got := w.closings(id); len(got) != 1 {
			t.Fatalf("closed %d times", len(got))
		}
		time.Sleep(2 * linger)
		if n := len(w.hubs[0].all()); n != 1 { // the site's
			t.Errorf("%d rooms stay awake", n)
		}
	})
}

func (g *guest) tallies(t *testing.T) (all []room.Tallies) {
	for _, m := range g.all() {
		if m.Signal == wire.SignalTally {
			var one room.Tallies
			decode(t, m.Data, &one)
			all = append(all, one)
		}
	}
	return all
}

// Whatever is answered, a viewer is sent a tally once a second at most; an
// anonymous one tells no numbers before five have answered.
func TestTalliesAreFew(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		people := w.opened(names(12)...)
		open, secret := w.launch(yesNo(false)), w.launch(yesNo(true))
		time.Sleep(2 * time.Second)
		before := len(people[0].tallies(t))
		for i, g := range people {
			wantOK(t, g.do(room.InteractionAnswer{ID: open, Choices: []int{0}}))
			wantOK(t, g.do(room.InteractionAnswer{ID: secret, Choices: []int{1}}))
			time.Sleep(250 * time.Millisecond)
			if i == 3 {
				time.Sleep(2 * time.Second)
				last := people[0].tallies(t)
				if two := last[len(last)-1].Items; two[0].Counts[0] != 4 || two[1].Answers != 4 || two[1].Counts != nil {
					t.Errorf("after four: %+v", two)
				}
			}
		}
		time.Sleep(2 * time.Second)
		all := people[0].tallies(t)
		last := all[len(all)-1].Items
		if last[0].Counts[0] != 12 || last[1].Answers != 12 || last[1].Counts[1] < 8 {
			t.Errorf("in the end: %+v", last)
		}
		if n := len(all) - before; n > 8 {
			t.Errorf("%d tallies in 7 seconds", n)
		}
		late := w.enter(1, people[0].session.Actor())
		if got := late.tallies(t); len(got) != 1 || len(got[0].Items) != 2 {
			t.Errorf("who comes late is told %+v", got)
		}
	})
}

// Anonymous answers are told in groups that are the log's: at the same steps on
// every instance, whenever it came to them and however many answered at once.
// From one tally to another nobody sees what a single person chose.
func TestInstancesTellAnonymousAnswersAtTheSameSteps(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		people := w.opened(names(21)...)
		id := w.launch(yesNo(true))
		answer := func(from, to int) {
			var all sync.WaitGroup
			for _, g := range people[from:to] {
				all.Go(func() { wantOK(t, g.do(room.InteractionAnswer{ID: id, Choices: []int{0}})) })
			}
			all.Wait()
			time.Sleep(2 * time.Second)
		}
		counts := func(g *guest) []int {
			all := g.tallies(t)
			return all[len(all)-1].Items[0].Counts
		}
		steps := []int{4, 9, 10, 13, 21}
		for i, from := range []int{0, 4, 9, 10, 13} {
			answer(from, steps[i])
			late := w.enter(i%2, people[0].session.Actor())
			var want []int
			if whole := steps[i] / 5 * 5; whole > 0 {
				want = []int{whole, 0}
			}
			for who, g := range map[string]*guest{"the one": people[0], "the other": people[1], "who is late": late} {
				if got := counts(g); !slices.Equal(got, want) {
					t.Errorf("after %d %s is told %v, not %v", steps[i], who, got, want)
				}
			}
		}
	})
}

// Another tab learns what one has answered; nobody else does.
func TestOtherTabsLearnMyAnswer(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		people := w.opened(names(2)...)
		id := w.launch(yesNo(false))
		tab := w.enter(1, people[0].session.Actor())
		second := w.enter(1, people[0].session.Actor())
		wantOK(t, people[0].do(room.InteractionAnswer{ID: id, Choices: []int{1}}))
		time.Sleep(2 * time.Second)
		mine := func(g *guest) (n int) {
			for _, m := range g.all() {
				if m.Signal == wire.SignalMine && strings.Contains(string(m.Data), `"choices":[1]`) {
					n++
				}
			}
			return n
		}
		if mine(people[0]) != 1 || mine(tab) != 1 || mine(second) != 1 || mine(people[1]) != 0 {
			t.Errorf("told %d %d %d times", mine(tab), mine(second), mine(people[1]))
		}
		var welcome room.Welcome
		again := w.enter(0, people[0].session.Actor())
		decode(t, again.all()[0].OK, &welcome)
		if len(welcome.You.Answers) != 1 || len(welcome.Snapshot.Interactions.Items) != 1 {
			t.Errorf("who comes again is told %+v", welcome.You)
		}
	})
}

// Who reads anonymous texts one by one as they come would know whose they are:
// until the close they come in groups of five, on every instance the same.
func TestAnonymousTextsAreToldInGroups(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		people := w.opened(names(12)...)
		mod := w.invite("mod", room.Moderator)
		staff := []*guest{w.enter(0, mod), w.enter(1, mod)}
		wantOK(t, staff[0].lobby("mod"))
		time.Sleep(time.Second)
		told := func(g *guest, id string) (n int) {
			t.Helper()
			var page room.OpenAnswers
			decode(t, g.do(room.InteractionAnswers{ID: id}).OK, &page)
			for _, one := range page.Items {
				n += one.N
			}
			return n
		}
		form := room.InteractionForm{Kind: room.InteractOpen, Question: "Why?", Anonymous: true}
		id := w.launch(form)
		time.Sleep(time.Second)
		for i, g := range people {
			wantOK(t, g.do(room.InteractionAnswer{ID: id, Text: fmt.Sprint("because ", i%8)}))
			for _, m := range staff {
				if n, want := told(m, id), (i+1)/5*5; n != want {
					t.Errorf("after %d: %d are told, not %d", i+1, n, want)
				}
			}
		}
		wantOK(t, staff[1].do(room.InteractionClose{ID: id}))
		time.Sleep(time.Second)
		if a, b := told(staff[0], id), told(staff[1], id); a != 12 || b != 12 {
			t.Errorf("at the close, %d and %d are told", a, b)
		}
		if kept, err := w.store.ToldTexts(w.t.Context(), w.room, id, "", 20); err != nil || len(kept) != 8 {
			t.Errorf("the counters still say which came last: %v %v", kept, err)
		}
	})
}

func TestOpenAnswersArePaged(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		people := w.opened(names(25)...)
		mod := w.enter(0, w.invite("mod", room.Moderator))
		wantOK(t, mod.lobby("mod"))
		for _, anonymous := range []bool{false, true} {
			id := w.launch(room.InteractionForm{Kind: room.InteractOpen, Question: "Why?", Anonymous: anonymous})
			for i, g := range people {
				wantOK(t, g.do(room.InteractionAnswer{ID: id, Text: fmt.Sprintf("because %02d", i)}))
			}
			if anonymous {
				wantOK(t, mod.do(room.InteractionClose{ID: id}))
			} else {
				wantOK(t, people[3].do(room.InteractionAnswer{ID: id, Text: "because of tea"}))
			}
			var got []room.NamedAnswer
			for after, pages := "", 0; pages == 0 || after != ""; pages++ {
				var page room.OpenAnswers
				decode(t, mod.do(room.InteractionAnswers{ID: id, After: after}).OK, &page)
				got, after = append(got, page.Items...), page.Next
			}
			text, _ := json.Marshal(got)
			if len(got) != 25 || anonymous == strings.Contains(string(text), "participant") || !anonymous && got[0].Text != "because of tea" {
				t.Errorf("anonymous %t: %d answers %s", anonymous, len(got), text)
			}
			wantCode(t, people[0].do(room.InteractionAnswers{ID: id}), room.CodeForbidden)
		}
	})
}
