package room

import (
	"slices"
	"strconv"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// votes is the model of what the store counts of anonymous answers, and the
// last word of everybody else: by interaction.
type votes map[string]*vote

type vote struct {
	who  map[ParticipantID][]int // nil choices: anonymous
	rows map[string]int
}

func (v votes) of(id string) *vote {
	if v[id] == nil {
		v[id] = &vote{map[ParticipantID][]int{}, map[string]int{}}
	}
	return v[id]
}

// count does what the hub and the store do with accepted answers.
func (v votes) count(s *State, c Command, events []Event) {
	answer, ok := c.(InteractionAnswer)
	if !ok || len(events) == 0 {
		return
	}
	f := events[0].Fact.(InteractionAnswered)
	v.of(f.ID).who[f.Participant] = f.Choices
	for _, choice := range s.Ballot(answer) {
		v.of(f.ID).rows[choice]++
	}
}

func (v *vote) counted() (all Counted) {
	for text, n := range v.rows {
		all = append(all, WordCount{text, n})
	}
	return all
}

func (r *randomRoom) interaction(t *rapid.T) Command {
	id := "i1"
	if n := len(r.s.interactions); n > 0 {
		id = r.s.interactions[rapid.IntRange(0, n-1).Draw(t, "interaction of")].id()
	}
	switch rapid.IntRange(0, 15).Draw(t, "about an interaction") {
	case 0, 1, 2:
		return InteractionCreate{randomForm(t)}
	case 3:
		return InteractionRevise{id, randomForm(t)}
	case 4:
		return InteractionRemove{id}
	case 5, 6:
		return InteractionLaunch{ID: id, EndsAt: pick(t, "ends", 0, 0, Millis(r.now.UnixMilli())+90_000)}
	case 7:
		return InteractionClose{id}
	case 8:
		return InteractionShare{id, pick(t, "results", ResultsLive, ResultsClosed, ResultsHidden, "later")}
	case 9:
		return InteractionShow{id, pick(t, "shown", "", "this one"), pick(t, "whose", "", r.someone(t).ID)}
	case 10:
		return InteractionsDue{}
	case 11:
		return InteractionCount{id, r.votes.of(id).counted()}
	}
	return InteractionAnswer{ID: id, Choices: rapid.SliceOfN(rapid.IntRange(-1, 3), 0, 3).Draw(t, "choices"), Text: pick(t, "answer", "", "because"),
		Words: pick(t, "words", nil, []string{"Tea"}, []string{"tea ", "cake!"}, []string{"?"})}
}

func randomForm(t *rapid.T) InteractionForm {
	return InteractionForm{Kind: pick(t, "kind", InteractChoice, InteractMulti, InteractRating, InteractWords, InteractOpen, InteractQuiz, InteractCrowd, "dance"),
		Question: pick(t, "question", "Q?", "Why?", ""), Options: pick(t, "options", []string{"a", "b"}, []string{"a", "b", "c"}), Anonymous: rapid.Bool().Draw(t, "anonymous"),
		Results: pick(t, "results", "", ResultsLive, ResultsHidden), Correct: pick(t, "right", nil, ptr(0), ptr(2)), Seconds: pick(t, "seconds", 0, 0, 60)}
}

// answered: nothing in the log links an anonymous answer to a person, and
// nobody answers finally twice, or what is not open.
func (r *randomRoom) answered(t *rapid.T, c Command, f InteractionAnswered) {
	it, ok := r.s.interaction(f.ID)
	if !ok || it.state != InteractionRunning {
		t.Fatalf("an answer to what does not run: %+v", f)
	}
	if it.form.Anonymous && (f.Choices != nil || f.Text != "") {
		t.Fatalf("the log has an anonymous answer: %+v", f)
	}
	if before := slices.ContainsFunc(r.log, func(e Event) bool {
		old, is := e.Fact.(InteractionAnswered)
		return is && old.ID == f.ID && old.Participant == f.Participant
	}); before && it.form.final() {
		t.Fatalf("a final answer is given twice: %+v", f)
	}
}

// checkInteractions is P1: the counts are those of the distinct people whose
// answers were accepted.
func (r *randomRoom) checkInteractions(t *rapid.T) {
	for _, it := range r.s.interactions {
		v := r.votes.of(it.id())
		if it.state == InteractionDraft {
			continue
		}
		if it.answers != len(v.who) {
			t.Fatalf("%d have answered, counted %d", len(v.who), it.answers)
		}
		if it.form.Kind == InteractWords || it.form.choices() == 0 || it.form.counted() && it.state != InteractionEnded {
			continue
		}
		want := make([]int, it.form.choices())
		for text, n := range v.rows {
			choice, _ := strconv.Atoi(text)
			want[choice] += n
		}
		for _, choices := range v.who {
			for _, choice := range choices {
				want[choice]++
			}
		}
		if !slices.Equal(want, it.counts) {
			t.Fatalf("%s has counts %v, want %v", it.form.Kind, it.counts, want)
		}
	}
	if n := r.s.runningInteractions(); n > mostRunning {
		t.Fatalf("%d interactions run", n)
	}
}

// compareInteractions: whatever a fresh snapshot has, the mirror has the same.
func (s *spy) compareInteractions(t *rapid.T, want *Interactions) {
	if want == nil {
		return
	}
	have := map[string]Interaction{}
	for _, it := range s.mirror.Interactions.Items {
		have[it.ID] = it
	}
	for _, it := range want.Items {
		if diff := cmp.Diff(it, have[it.ID], cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the mirror's interaction is not the snapshot's:\n%s", diff)
		}
	}
	if !want.More && len(want.Items) != len(have) {
		t.Fatalf("the mirror has %d interactions, the snapshot %d", len(have), len(want.Items))
	}
}
