package room

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Commands by which an interaction ends without anybody's doing.
type (
	// InteractionsDue is the system's: close those whose time is up, and all
	// when the room has closed.
	InteractionsDue struct{}
	// InteractionCount is the system's: what the store counted of anonymous
	// answers, read after the last of them.
	InteractionCount struct {
		ID     string
		Counts Counted
	}
)

// Name implements Command.
func (InteractionsDue) Name() string { return "interactions.due" }

// Name implements Command.
func (InteractionCount) Name() string { return "interaction.count" }

// Counted is what the store counted: how often each choice or word was given,
// the most frequent first, if there are many only those.
type Counted []WordCount

// WordCount is how many people gave a word.
type WordCount struct {
	Text string `json:"text"`
	N    int    `json:"n"`
}

// Facts of results.
type (
	// InteractionStopped is the end of answering. The program's own has nobody.
	InteractionStopped struct {
		Who
		ID string `json:"id"`
	}
	// InteractionClosed has the exact result.
	InteractionClosed struct {
		ID      string             `json:"id"`
		Results InteractionResults `json:"results"`
		Outcome
	}
	// InteractionShared changes when people see the results; of a closed one it
	// has them.
	InteractionShared struct {
		Who
		ID      string             `json:"id"`
		Results InteractionResults `json:"results"`
		Closed  bool               `json:"closed,omitempty"`
		Outcome
	}
)

// Outcome is what was answered.
type Outcome struct {
	Answers int         `json:"answers"`           // people who answered
	Counts  []int       `json:"counts,omitempty"`  // by choice
	Words   []WordCount `json:"words,omitempty"`   // the most frequent
	Correct *int        `json:"correct,omitempty"` // quiz: number of the right option
	Points  int         `json:"points,omitempty"`  // quiz: for it
}

// Kind implements Fact.
func (InteractionStopped) Kind() string { return "interaction.closing" }

// Kind implements Fact.
func (InteractionClosed) Kind() string { return "interaction.closed" }

// Kind implements Fact.
func (InteractionShared) Kind() string { return "interaction.shared" }

// InteractionsEnd says whether an interaction is to close by itself at now.
func (s *State) InteractionsEnd(now time.Time) bool {
	return slices.ContainsFunc(s.interactions, func(it *interaction) bool { return s.ends(it, now) })
}

func (s *State) ends(it *interaction, now time.Time) bool {
	return it.state == InteractionRunning && s.Status != StatusDeleted &&
		(s.Status == StatusClosed || it.endsAt != 0 && Millis(now.UnixMilli()) >= it.endsAt)
}

// nextInteractionEnd is when one next closes by itself; 0: none does.
func (s *State) nextInteractionEnd() (at Millis) {
	if s.Status != StatusOpen {
		return 0
	}
	for _, it := range s.interactions {
		if it.state == InteractionRunning {
			at = earliest(at, it.endsAt)
		}
	}
	return at
}

func (s *State) decideInteractionsDue(by Actor, now time.Time) (facts []Fact, no *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "Time is not yours.")
	}
	for _, it := range s.interactions {
		if s.ends(it, now) {
			facts = append(facts, it.stop(Who{})...)
		}
	}
	return facts, nil
}

func (s *State) decideInteractionClose(p *Person, c InteractionClose) ([]Fact, *Refusal) {
	it, ok := s.interaction(c.ID)
	switch {
	case !ok:
		return nil, errNoInteraction
	case it.state == InteractionDraft:
		return nil, refuse(CodeConflict, "This has not been launched.")
	case it.state != InteractionRunning:
		return nil, nil
	}
	return it.stop(p.who()), nil
}

// stop ends the answering, and closes at once where the log has the counts.
func (it *interaction) stop(who Who) []Fact {
	facts := []Fact{InteractionStopped{who, it.id()}}
	if !it.form.counted() {
		facts = append(facts, InteractionClosed{it.id(), it.form.Results, it.outcome()})
	}
	return facts
}

// outcome is what is known of the answers now.
func (it *interaction) outcome() Outcome {
	return Outcome{Answers: it.answers, Counts: slices.Clone(it.counts), Words: it.words, Correct: it.form.Correct, Points: it.form.Points}
}

// Uncounted lists those that have ended and whose counts the store has.
func (s *State) Uncounted() (ids []string) {
	for _, it := range s.interactions {
		if it.state == InteractionClosing && s.Status != StatusDeleted {
			ids = append(ids, it.id())
		}
	}
	return ids
}

func (s *State) decideInteractionCount(by Actor, c InteractionCount) ([]Fact, *Refusal) {
	it, ok := s.interaction(c.ID)
	switch {
	case !by.System:
		return nil, refuse(CodeForbidden, "Only the program counts.")
	case !ok || it.state != InteractionClosing:
		return nil, nil
	}
	return []Fact{InteractionClosed{c.ID, it.form.Results, it.counting(c.Counts)}}, nil
}

// counting puts what the store counted in its place.
func (it *interaction) counting(all Counted) Outcome {
	out := Outcome{Answers: it.answers}
	if it.form.Kind == InteractWords {
		out.Words = all.words()
		return out
	}
	out.Counts = make([]int, it.form.choices())
	for _, c := range all {
		if i, err := strconv.Atoi(c.Text); err == nil && i >= 0 && i < len(out.Counts) {
			out.Counts[i] = c.N
		}
	}
	return out
}

// words gives the most frequent ones that people are shown, in a fixed order.
func (all Counted) words() []WordCount {
	shown := slices.Clone([]WordCount(all))
	slices.SortFunc(shown, func(a, b WordCount) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Text, b.Text))
	})
	return shown[:min(len(shown), ShownWords)]
}

func numbers(choices []int) (texts []string) {
	for _, choice := range choices {
		texts = append(texts, strconv.Itoa(choice))
	}
	return texts
}

func (s *State) foldInteractionClosed(at Millis, f InteractionClosed) {
	it := s.editInteraction(f.ID)
	it.state, it.closedAt, it.counts, it.words = InteractionEnded, at, slices.Clone(f.Counts), f.Words
}

func (s *State) decideInteractionShare(p *Person, c InteractionShare) ([]Fact, *Refusal) {
	it, ok := s.interaction(c.ID)
	switch {
	case !ok:
		return nil, errNoInteraction
	case !c.Results.known():
		return nil, invalid("results", "is live, closed or hidden")
	case it.state == InteractionDraft:
		return nil, refuse(CodeConflict, "This has not been launched.")
	case it.form.Results == c.Results:
		return nil, nil
	}
	f := InteractionShared{Who: p.who(), ID: c.ID, Results: c.Results, Closed: it.state == InteractionEnded}
	if f.Closed {
		f.Outcome = it.outcome()
	}
	return []Fact{f}, nil
}
