package room

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asks is a choice of two whose results are shown when it is closed.
func asks(question string) InteractionForm {
	return InteractionForm{Kind: InteractChoice, Question: question, Options: []string{"Yes", "No"}}
}

// run drafts and launches.
func (w *world) run(f InteractionForm) string {
	w.t.Helper()
	id := InteractionID(w.do(manager("ada"), InteractionCreate{f})[0].Seq)
	w.do(manager("ada"), InteractionLaunch{ID: id})
	return id
}

// ran is the first interaction of the room, or none.
func (w *world) ran() string { return w.nth(0) }

// opened and drafted are the second and third.
func (w *world) opened() string  { return w.nth(1) }
func (w *world) drafted() string { return w.nth(2) }

func (w *world) nth(i int) string {
	if i >= len(w.s.interactions) {
		return "i1"
	}
	return w.s.interactions[i].id()
}

func (w *world) answer(name, id string, choices ...int) {
	w.t.Helper()
	w.do(guest(name), InteractionAnswer{ID: id, Choices: choices})
}

// result is what a class is told at the close.
func (w *world) result(id string, to Class) *Outcome {
	w.t.Helper()
	events := w.do(guest("mod"), InteractionClose{id})
	for _, e := range events {
		for _, shown := range Show(e, to) {
			if r, ok := shown.Data.(InteractionResult); ok {
				return r.Outcome
			}
		}
	}
	w.t.Fatal("not closed")
	return nil
}

// Whoever redacts has read the room a moment ago: an interaction that is newer is
// not one that was thrown away.
func TestWhatIsNewerThanTheStateIsNotRedacted(t *testing.T) {
	w := chatWorld(t)
	before := New(w.s.ID)
	for _, e := range w.log {
		before.Fold(e)
	}
	w.run(asks("Tea?"))
	w.do(guest("vic"), ChatPost{Text: "Yes."})
	for _, e := range w.log {
		if _, changed := before.Redact(e); changed && e.Seq > before.Head {
			t.Errorf("%s at %d is redacted by a state of %d", e.Fact.Kind(), e.Seq, before.Head)
		}
	}
}

func TestNamedAnswersMayChangeUntilTheClose(t *testing.T) {
	w := chatWorld(t)
	id := w.run(asks("Tea?"))
	w.answer("vic", id, 0)
	w.answer("vera", id, 0)
	w.answer("vic", id, 1)
	w.answer("spk", id, 1)
	if events := w.do(guest("spk"), InteractionAnswer{ID: id, Choices: []int{1}}); events != nil {
		t.Errorf("the same again is an event: %+v", events)
	}
	p := w.person("vic")
	if mine := w.s.MyAnswer(p, id); mine == nil || !slices.Equal(mine.Choices, []int{1}) {
		t.Errorf("vic's answer is %+v", mine)
	}
	out := w.result(id, Audience)
	if diff := cmp.Diff(&Outcome{Answers: 3, Counts: []int{1, 2}}, out); diff != "" {
		t.Error(diff)
	}
	w.refused(guest("vic"), InteractionAnswer{ID: id, Choices: []int{0}}, CodeClosed)
	if events := w.do(guest("mod"), InteractionClose{id}); events != nil {
		t.Error("closed twice")
	}
}

func TestAnonymousAnswersAreFinalAndNobodys(t *testing.T) {
	w := chatWorld(t)
	form := asks("Happy?")
	form.Anonymous = true
	id := w.run(form)
	answer := InteractionAnswer{ID: id, Choices: []int{1}}
	if got := w.s.Ballot(answer); !slices.Equal(got, []string{"1"}) {
		t.Errorf("it counts for %v", got)
	}
	e := w.do(guest("vic"), answer)[0]
	if diff := cmp.Diff(InteractionAnswered{ID: id, Participant: "p_vic"}, e.Fact); diff != "" {
		t.Error(diff)
	}
	if mine := w.s.MyAnswer(w.person("vic"), id); mine == nil || mine.Choices != nil {
		t.Errorf("the state knows %+v", mine)
	}
	w.refused(guest("vic"), InteractionAnswer{ID: id, Choices: []int{0}}, CodeConflict)
	w.do(guest("mod"), InteractionClose{id})
	if got := w.s.Uncounted(); !slices.Equal(got, []string{id}) {
		t.Fatalf("to be counted: %v", got)
	}
	w.refused(guest("vera"), InteractionAnswer{ID: id, Choices: []int{0}}, CodeClosed)
	w.refused(manager("ada"), InteractionCount{ID: id}, CodeForbidden)
	closed := w.do(system, InteractionCount{id, Counted{{"1", 1}}})[0].Fact.(InteractionClosed)
	if diff := cmp.Diff(InteractionClosed{id, ResultsClosed, Outcome{Answers: 1, Counts: []int{0, 1}}}, closed); diff != "" {
		t.Error(diff)
	}
	if w.do(system, InteractionCount{id, nil}) != nil {
		t.Error("counted twice")
	}
}

func TestDraftsAreJudged(t *testing.T) {
	w := chatWorld(t)
	long := strings.Repeat("x", MaxAsked+1)
	for field, f := range map[string]InteractionForm{
		"question":  {Kind: InteractCrowd},
		"kind":      {Kind: "dance", Question: "Q"},
		"options":   {Kind: InteractChoice, Question: "Q", Options: []string{"one"}},
		"most":      {Kind: InteractMulti, Question: "Q", Options: []string{"a", "b"}, Most: 3},
		"scale":     {Kind: InteractRating, Question: "Q", Scale: 11},
		"correct":   {Kind: InteractQuiz, Question: "Q", Options: []string{"a", "b"}, Correct: ptr(2)},
		"anonymous": {Kind: InteractQuiz, Question: "Q", Options: []string{"a", "b"}, Correct: ptr(0), Anonymous: true},
		"results":   {Kind: InteractCrowd, Question: "Q", Results: "soon"},
		"seconds":   {Kind: InteractCrowd, Question: "Q", Seconds: -1},
	} {
		if no := w.refused(guest("mod"), InteractionCreate{f}, CodeInvalid); no.Fields[field] == "" {
			t.Errorf("%s: %v", field, no.Fields)
		}
	}
	w.refused(guest("mod"), InteractionCreate{InteractionForm{Kind: InteractOpen, Question: long}}, CodeInvalid)
	w.refused(guest("mod"), InteractionCreate{InteractionForm{Kind: InteractChoice, Question: "Q", Options: []string{"a", " a "}}}, CodeInvalid)
	wide := InteractionForm{Kind: InteractChoice, Question: "Q"}
	for i := range MaxOptions {
		wide.Options = append(wide.Options, fmt.Sprint(i, strings.Repeat("𝕏", MaxOption-3)))
	}
	w.refused(guest("mod"), InteractionCreate{wide}, CodeInvalid)
	w.refused(guest("vic"), InteractionCreate{asks("Mine?")}, CodeForbidden)
	w.refused(guest("spk"), InteractionCreate{asks("Mine?")}, CodeForbidden)
}

func TestLifeOfAnInteraction(t *testing.T) {
	w := chatWorld(t)
	id := InteractionID(w.do(guest("mod"), InteractionCreate{asks("Draft?")})[0].Seq)
	w.refused(guest("vic"), InteractionAnswer{ID: id, Choices: []int{0}}, CodeNotFound)
	w.refused(guest("mod"), InteractionClose{id}, CodeConflict)
	w.refused(guest("mod"), InteractionShare{id, ResultsLive}, CodeConflict)
	w.do(manager("ada"), InteractionRevise{id, asks("Better?")})
	w.refused(guest("mod"), InteractionLaunch{ID: id, EndsAt: 1}, CodeInvalid)
	w.do(guest("mod"), InteractionLaunch{ID: id})
	for _, c := range []Command{InteractionLaunch{ID: id}, InteractionRevise{id, asks("Late?")}, InteractionRemove{id}} {
		w.refused(guest("mod"), c, CodeConflict)
	}
	for _, wrong := range []InteractionAnswer{{ID: id}, {ID: id, Choices: []int{2}}, {ID: id, Choices: []int{-1}}, {ID: id, Choices: []int{0, 1}}, {ID: id, Text: "both"}} {
		w.refused(guest("vic"), wrong, CodeInvalid)
	}
	for _, strange := range []string{"", "i", "i1", "x", "m1", "izzzz", "i_vera"} {
		w.refused(guest("vic"), InteractionAnswer{ID: strange, Choices: []int{0}}, CodeNotFound)
	}
	w.run(asks("Two"))
	w.run(asks("Three"))
	four := InteractionID(w.do(guest("mod"), InteractionCreate{asks("Four")})[0].Seq)
	w.refused(guest("mod"), InteractionLaunch{ID: four}, CodeConflict)
	w.do(guest("mod"), InteractionClose{id})
	w.do(guest("mod"), InteractionLaunch{ID: four})
	w.do(guest("mod"), InteractionRemove{id})
	w.refused(guest("mod"), InteractionShare{id, ResultsLive}, CodeNotFound)
}

func TestClosesByItself(t *testing.T) {
	w := chatWorld(t)
	form := asks("Quick?")
	form.Seconds = 60
	id := w.run(form)
	slow := w.run(asks("Slow?"))
	it, _ := w.s.interaction(id)
	if w.s.NextDue() != it.endsAt || it.endsAt != it.launchedAt+60_000 {
		t.Errorf("due at %d, ends at %d", w.s.NextDue(), it.endsAt)
	}
	if w.s.InteractionsEnd(moment(it.endsAt - 1)) {
		t.Error("a millisecond early")
	}
	w.now = moment(it.endsAt - 1000)
	w.refused(manager("ada"), InteractionsDue{}, CodeForbidden)
	if events := w.do(system, InteractionsDue{}); len(events) != 2 || events[1].Fact.Kind() != "interaction.closed" {
		t.Errorf("%+v", events)
	}
	if w.s.NextDue() != 0 || w.do(system, InteractionsDue{}) != nil {
		t.Error("closes twice")
	}
	w.do(manager("ada"), EditRoom{State: StatusClosed})
	w.do(system, InteractionsDue{})
	if last, _ := w.s.interaction(slow); last.state != InteractionEnded {
		t.Error("it outlives its room")
	}
}

// Hidden results reach staff alone, until they are shared; the right answer of
// a quiz is told to nobody before.
func TestWhoSeesResults(t *testing.T) {
	w := chatWorld(t)
	form := asks("Which?")
	form.Kind, form.Correct, form.Points, form.Results = InteractQuiz, ptr(1), 3, ResultsHidden
	id := w.run(form)
	w.answer("vic", id, 1)
	w.answer("vera", id, 0)
	w.refused(guest("vic"), InteractionAnswer{ID: id, Choices: []int{0}}, CodeConflict)
	for to := range Classes {
		text, _ := json.Marshal(w.s.Snapshot(to))
		if strings.Contains(string(text), `"correct"`) {
			t.Errorf("class %d is told the answer: %s", to, text)
		}
	}
	if out := w.result(id, Audience); out != nil {
		t.Errorf("the audience sees %+v", out)
	}
	if mine := w.s.MyAnswer(w.person("vic"), id); mine.Points != nil {
		t.Error("points tell a hidden result")
	}
	shared := w.do(guest("mod"), InteractionShare{id, ResultsClosed})[0]
	out := Show(shared, Audience)[0].Data.(InteractionResult).Outcome
	if diff := cmp.Diff(&Outcome{Answers: 2, Counts: []int{1, 1}, Correct: ptr(1), Points: 3}, out); diff != "" {
		t.Error(diff)
	}
	if mine, other := w.s.MyAnswer(w.person("vic"), id), w.s.MyAnswer(w.person("vera"), id); *mine.Points != 3 || *other.Points != 0 {
		t.Errorf("points %+v %+v", mine, other)
	}
}

func TestWordClouds(t *testing.T) {
	w := chatWorld(t)
	id := w.run(InteractionForm{Kind: InteractWords, Question: "In a word?", Most: 2})
	if got := w.s.Ballot(InteractionAnswer{ID: id, Words: []string{" \u202eTEA!", "tea"}}); !slices.Equal(got, []string{"tea"}) {
		t.Errorf("counted as %q", got)
	}
	w.refused(guest("vic"), InteractionAnswer{ID: id, Words: []string{"a", "b", "c"}}, CodeInvalid)
	w.refused(guest("vic"), InteractionAnswer{ID: id, Words: []string{strings.Repeat("x", MaxCloudWord+1)}}, CodeInvalid)
	w.refused(guest("vic"), InteractionAnswer{ID: id, Words: []string{"!", " "}}, CodeInvalid)
	w.do(guest("vic"), InteractionAnswer{ID: id, Words: []string{"tea"}})
	w.refused(guest("vic"), InteractionAnswer{ID: id, Words: []string{"cake"}}, CodeConflict)
	w.do(guest("mod"), InteractionClose{id})
	var all Counted
	for i := range 2 * ShownWords {
		all = append(all, WordCount{fmt.Sprintf("w%03d", i), i})
	}
	f := w.do(system, InteractionCount{id, all})[0].Fact.(InteractionClosed)
	if len(f.Words) != ShownWords || f.Words[0] != (WordCount{"w099", 99}) || f.Answers != 1 {
		t.Errorf("%+v", f)
	}
}

// Whoever comes again has their answers to all that a snapshot shows: to what
// has run for long, and to what was closed before many were drafted.
func TestOwnAnswersToWhatIsShown(t *testing.T) {
	w := chatWorld(t)
	long := w.run(asks("Tea?"))
	w.answer("vic", long, 1)
	closed := func() (id string) {
		id = w.run(asks("Again?"))
		w.answer("vic", id, 0)
		w.do(guest("mod"), InteractionClose{id})
		return id
	}
	first := closed()
	var last string
	for range 2 * shownInteractions {
		last = closed()
	}
	for range 2 * shownInteractions {
		w.do(manager("ada"), InteractionCreate{asks("Later?")})
	}
	var ids []string
	for _, mine := range w.s.You(w.person("vic"), guest("vic")).Answers {
		ids = append(ids, mine.ID)
	}
	if len(ids) != 2*shownInteractions+1 || ids[0] != long || ids[len(ids)-1] != last || slices.Contains(ids, first) {
		t.Errorf("answers to %q; %s runs, %s was the last", ids, long, last)
	}
}

func TestOpenAnswersAreShownOneByOne(t *testing.T) {
	w := chatWorld(t)
	id := w.run(InteractionForm{Kind: InteractOpen, Question: "Why?"})
	w.do(guest("vic"), InteractionAnswer{ID: id, Text: "no idea"})
	w.do(guest("vera"), InteractionAnswer{ID: id, Text: "because"})
	w.do(guest("vic"), InteractionAnswer{ID: id, Text: "I know"})
	newest := slices.Clone(w.log)
	slices.Reverse(newest)
	page := w.s.AnswersFromLog(InteractionAnswers{ID: id}, newest)
	want := []NamedAnswer{{"p_vic", "vic G", "I know", 1}, {"p_vera", "vera G", "because", 1}}
	if diff := cmp.Diff(want, page.Items); diff != "" {
		t.Error(diff)
	}
	shown := w.do(guest("mod"), InteractionShow{id, "because", "p_vera"})[0]
	if text, _ := json.Marshal(Show(shown, Audience)[0].Data); strings.Contains(string(text), "vera") {
		t.Errorf("the audience is told whose it was: %s", text)
	}
	w.refused(guest("mod"), InteractionShow{id, "x", "p_nobody"}, CodeNotFound)
	w.do(system, ErasePerson{Match: address("vera")})
	if snap := w.s.Snapshot(Audience); snap.Interactions.Items[0].Shown != "" {
		t.Error("an erased person's answer is still shown")
	}
	if page := w.s.AnswersFromLog(InteractionAnswers{ID: id}, newest); len(page.Items) != 1 {
		t.Errorf("an erased person's answer is listed: %+v", page)
	}
}

// Anonymous counts are told from five answers on, and in steps of five.
func TestTalliesKeepAnonymityWhileRunning(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("mod")
	form := asks("Happy?")
	form.Anonymous, form.Results = true, ResultsLive
	id := w.run(form)
	told, counted := map[string]int{}, map[string]Counted{}
	for n := 1; n <= 12; n++ {
		name := fmt.Sprint("g", n)
		w.invite(name, Viewer)
		w.admit(name)
		w.answer(name, id, 0)
		for _, due := range w.s.TallyDue(told) {
			told[due], counted[due] = w.s.Answers(due), Counted{{"0", n}}
		}
		tally := w.s.Tallies(Managers, counted).Items[0]
		if want := n / 5 * 5; tally.Answers != n || want == 0 && tally.Counts != nil || want > 0 && tally.Counts[0] != want {
			t.Errorf("after %d: %+v", n, tally)
		}
	}
	if all := w.s.Tallies(Waiting, counted); len(all.Items) != 0 {
		t.Errorf("who waits is told %+v", all)
	}
}

func TestTalliesAreForThoseWhoMaySeeThem(t *testing.T) {
	w := chatWorld(t)
	id := w.run(asks("Tea?"))
	w.answer("vic", id, 1)
	if a, s := w.s.Tallies(Audience, nil).Items[0], w.s.Tallies(Staff, nil).Items[0]; a.Counts != nil || a.Answers != 1 || !slices.Equal(s.Counts, []int{0, 1}) {
		t.Errorf("%+v %+v", a, s)
	}
	w.do(guest("mod"), InteractionShare{id, ResultsLive})
	if a := w.s.Tallies(Audience, nil).Items[0]; !slices.Equal(a.Counts, []int{0, 1}) {
		t.Errorf("%+v", a)
	}
}

// Three of the longest interactions run, and a snapshot with everything else
// at its longest still fits its frame.
func TestSnapshotHoldsAllThatRun(t *testing.T) {
	w := chatWorld(t)
	form := InteractionForm{Kind: InteractMulti, Question: strings.Repeat("q", MaxAsked)}
	for i := range MaxOptions {
		form.Options = append(form.Options, fmt.Sprintf("%03d%s", i, strings.Repeat("ö", MaxOption-3)))
	}
	for range 30 {
		w.do(guest("mod"), InteractionCreate{form})
	}
	for range mostRunning {
		w.run(form)
	}
	for range 40 {
		w.later(time.Minute)
		w.post(guest("vic"), strings.Repeat("𝕏", MaxChatText))
	}
	for _, class := range []Class{Audience, Staff, Managers} {
		snap := w.s.Snapshot(class)
		text, err := json.Marshal(snap)
		if err != nil || len(text) > 48<<10 {
			t.Errorf("class %d: %d bytes, %v", class, len(text), err)
		}
		runs := 0
		for _, it := range snap.Interactions.Items {
			if it.State == InteractionRunning {
				runs++
			}
		}
		if runs != mostRunning {
			t.Errorf("class %d sees %d that run", class, runs)
		}
	}
}

func TestAnswersInWords(t *testing.T) {
	w := chatWorld(t)
	named, rating, secret := w.run(asks("Tea?")), w.run(InteractionForm{Kind: InteractRating, Question: "Good?"}), ""
	form := asks("Well?")
	form.Anonymous = true
	secret = w.run(form)
	for id, want := range map[string]string{named: "Tea?: No", rating: "Good?: 2", secret: "Well?"} {
		f := w.do(guest("vic"), InteractionAnswer{ID: id, Choices: []int{1}})[0].Fact.(InteractionAnswered)
		if got := w.s.AnswerText(f); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := w.s.AnswerText(InteractionAnswered{ID: "i1"}); got != "" {
		t.Errorf("of what is gone: %q", got)
	}
}
