package room

import "slices"

// Tally is how an interaction that runs stands now. It is a signal: the exact
// result comes with interaction.closed.
type Tally struct {
	ID      string      `json:"id"`
	Answers int         `json:"answers"`
	Counts  []int       `json:"counts,omitempty"`
	Words   []WordCount `json:"words,omitempty"`
}

// Tallies is the signal interaction.tally: all that run.
type Tallies struct {
	Items []Tally `json:"items"`
}

// leastTold is how many have to answer anonymously before anything is told of
// their answers, and again before it is told anew. The groups are the log's, so
// they are the same on every instance: who compared two of them, or what was
// told a moment before, would else see what one person gave.
const leastTold = 5

// BallotTold says, of a fact that is folded, whether all that has been answered
// to an interaction anonymously may be told with it: a group is whole, or
// nobody answers any more.
func (s *State) BallotTold(f Fact) (id string, told bool) {
	switch f := f.(type) {
	case InteractionAnswered:
		it, ok := s.interaction(f.ID)
		return f.ID, ok && it.form.Anonymous && it.answers%leastTold == 0
	case InteractionClosed:
		it, ok := s.interaction(f.ID)
		return f.ID, ok && it.form.Anonymous && it.form.Kind == InteractOpen // others' counters are at their end
	}
	return "", false
}

// TallyDue lists the anonymous ones that run and of which another group is
// whole: told has how many had answered when the store was asked last.
func (s *State) TallyDue(told map[string]int) (ids []string) {
	for _, it := range s.interactions {
		if it.state == InteractionRunning && it.form.counted() && it.answers/leastTold > told[it.id()]/leastTold {
			ids = append(ids, it.id())
		}
	}
	return ids
}

// Answers is how many people have answered an interaction.
func (s *State) Answers(id string) int {
	if it, ok := s.interaction(id); ok {
		return it.answers
	}
	return 0
}

// Tallies tells a class how those that run stand. counted has what the store
// tells of anonymous ones.
func (s *State) Tallies(to Class, counted map[string]Counted) Tallies {
	all := Tallies{Items: []Tally{}}
	if to == Waiting || to == Over {
		return all
	}
	for _, it := range s.interactions {
		if it.state != InteractionRunning && it.state != InteractionClosing {
			continue
		}
		t := Tally{ID: it.id(), Answers: it.answers}
		if to != Audience || it.form.Results == ResultsLive {
			it.tell(&t, counted[t.ID])
		}
		all.Items = append(all.Items, t)
	}
	return all
}

// InteractionsMark is the same for two states of a room in which the
// interactions are the same.
type InteractionsMark struct {
	first **interaction
	n     int
}

// InteractionsMark marks the interactions as they are.
func (s *State) InteractionsMark() InteractionsMark {
	if len(s.interactions) == 0 {
		return InteractionsMark{}
	}
	return InteractionsMark{&s.interactions[0], len(s.interactions)}
}

func (it *interaction) tell(t *Tally, counted Counted) {
	switch {
	case !it.form.counted():
		t.Counts = slices.Clone(it.counts)
	case counted != nil:
		now := it.counting(counted)
		t.Counts, t.Words = now.Counts, now.Words
	}
}
