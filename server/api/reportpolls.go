package api

import (
	"strconv"

	"greenroom/hub/room"
)

// reportInteraction is how an interaction went. Of one with anonymous answers
// numbers are told when it is closed: before, few answers would tell whose
// they are.
type reportInteraction struct {
	ID         string                `json:"id"`
	Kind       room.InteractionKind  `json:"kind"`
	Question   string                `json:"question"`
	Anonymous  bool                  `json:"anonymous"`
	State      room.InteractionState `json:"state"`
	LaunchedAt string                `json:"launched_at"`
	ClosedAt   string                `json:"closed_at,omitempty"`
	People     int                   `json:"people"` // who have answered
	Choices    []reportChoice        `json:"choices"`
}

// reportChoice is how often one choice, or word, was given.
type reportChoice struct {
	Text    string `json:"text"`
	N       int    `json:"n"`
	Correct bool   `json:"correct,omitempty"` // quiz
}

// launched gives the interactions of the session that were before everybody,
// oldest first.
func (r *reported) launched() (all []room.Interaction) {
	for before := ""; ; {
		page := r.state.InteractionPage(r.asks, room.PhaseLive, room.InteractionPage{Before: before})
		all = append(page.Items, all...)
		if !page.More || len(page.Items) == 0 {
			break
		}
		before = page.Items[0].ID
	}
	kept := all[:0]
	for _, it := range all {
		if it.State != room.InteractionDraft && r.within(it.LaunchedAt) {
			kept = append(kept, it)
		}
	}
	return kept
}

// interactions tells how they went.
func (r *reported) interactions(yield func(reportInteraction) bool) {
	running := map[string]room.Tally{}
	for _, tally := range r.state.Tallies(room.Managers, nil).Items {
		running[tally.ID] = tally
	}
	for _, it := range r.launched() {
		v := reportInteraction{ID: it.ID, Kind: it.Kind, Question: it.Question, Anonymous: it.Anonymous, State: it.State,
			LaunchedAt: moment(it.LaunchedAt), ClosedAt: moment(it.ClosedAt), People: r.state.Answers(it.ID), Choices: []reportChoice{}}
		if it.Outcome != nil {
			v.Choices = choicesOf(it, it.Outcome.Counts, it.Outcome.Words)
		} else {
			v.Choices = choicesOf(it, running[it.ID].Counts, nil)
		}
		if !yield(v) {
			return
		}
	}
}

func choicesOf(it room.Interaction, counts []int, words []room.WordCount) []reportChoice {
	all := []reportChoice{}
	for i, n := range counts {
		all = append(all, reportChoice{choiceName(it, i), n, it.Correct != nil && *it.Correct == i})
	}
	for _, word := range words {
		all = append(all, reportChoice{Text: word.Text, N: word.N})
	}
	return all
}

// choiceName is a choice in words. Numbers of a rating begin with 1.
func choiceName(it room.Interaction, choice int) string {
	switch {
	case it.Kind == room.InteractCrowd && choice == 0:
		return "up"
	case it.Kind == room.InteractCrowd:
		return "down"
	case choice < len(it.Options):
		return it.Options[choice]
	}
	return strconv.Itoa(choice + 1)
}
