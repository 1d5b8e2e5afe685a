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

// leastTold is how many have to answer anonymously before numbers are told,
// and again before they move. They move at the same steps on every instance:
// who compared two of them would else see what one person chose.
const leastTold = 5

// TallyDue lists the anonymous ones that run and of which enough is new to
// tell: told has how many had answered when they were counted last.
func (s *State) TallyDue(told map[string]int) (ids []string) {
	for _, it := range s.interactions {
		if it.state == InteractionRunning && it.form.counted() && it.answers/leastTold > told[it.id()]/leastTold {
			ids = append(ids, it.id())
		}
	}
	return ids
}

// TalliesBegun is what an instance that comes later takes for told: it waits
// for the next step of those that stand between two.
func (s *State) TalliesBegun() map[string]int {
	told := map[string]int{}
	for _, it := range s.interactions {
		if it.state == InteractionRunning && it.form.counted() && it.answers%leastTold != 0 {
			told[it.id()] = it.answers
		}
	}
	return told
}

// Answers is how many people have answered an interaction.
func (s *State) Answers(id string) int {
	if it, ok := s.interaction(id); ok {
		return it.answers
	}
	return 0
}

// Tallies tells a class how those that run stand. counted has what the store
// counted of anonymous ones, as it was when last enough was new.
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
