package room

import (
	"cmp"
	"encoding/json"
	"slices"
)

// How a mirror folds questions and hands.

func (l *Questions) find(id string) int {
	return slices.IndexFunc(l.Items, func(q Question) bool { return q.ID == id })
}

// ask takes in a question, or that one is published now.
func (l *Questions) ask(d QuestionShown, state string) {
	if i := l.find(d.ID); i >= 0 {
		l.Items[i].State = state
		return
	}
	q := Question{ID: d.ID, At: d.At, WhoView: d.WhoView, Anonymous: d.Anonymous, Text: d.Text, State: state, Claimed: d.Claimed}
	at, _ := slices.BinarySearchFunc(l.Items, QuestionPlace(d.ID), func(q Question, place Seq) int { return cmp.Compare(QuestionPlace(q.ID), place) })
	l.Items = slices.Insert(l.Items, at, q)
}

// release gives back what somebody has taken who is not of the staff any more.
func (l *Questions) release(id ParticipantID) {
	for i, q := range l.Items {
		if q.Claimed != nil && q.Claimed.Participant == id {
			l.Items[i].Claimed = nil
		}
	}
}

// settle takes a question out that has been dealt with.
func (m *Mirror) settle(id string) {
	m.Questions.Items = slices.DeleteFunc(m.Questions.Items, func(q Question) bool { return q.ID == id })
	m.You.vote(id, false)
}

func (m *Mirror) votes(data json.RawMessage) error {
	var sums struct {
		Votes map[string]int `json:"votes"`
	}
	err := json.Unmarshal(data, &sums)
	for id, n := range sums.Votes {
		if i := m.Questions.find(id); i >= 0 {
			m.Questions.Items[i].Votes = n
		}
	}
	return err
}

func (m *Mirror) eraseQuestions(d PersonErased) {
	m.Questions.release(d.Participant)
	for _, q := range slices.Clone(m.Questions.Items) {
		if q.Participant == d.Participant || slices.Contains(d.Questions, q.ID) {
			m.settle(q.ID)
		}
	}
}

// asked takes in news of one's own question: the first tells all, later ones
// the state.
func (y *You) asked(d MyQuestion) {
	i := slices.IndexFunc(y.Questions, func(q MyQuestion) bool { return q.ID == d.ID })
	switch {
	case i >= 0:
		y.Questions = slices.Clone(y.Questions)
		y.Questions[i].State, y.Questions[i].Reason = d.State, d.Reason
	case d.Text != "":
		y.Questions = append(y.Questions, d)
	}
}

func (y *You) vote(id string, on bool) {
	y.Voted = slices.DeleteFunc(slices.Clone(y.Voted), func(other string) bool { return other == id })
	if !on {
		return
	}
	at, _ := slices.BinarySearchFunc(y.Voted, QuestionPlace(id), func(other string, place Seq) int { return cmp.Compare(QuestionPlace(other), place) })
	y.Voted = slices.Insert(y.Voted, at, id)
}

// raise takes in a raised hand. Where the end of the queue is not known, it is
// only counted: Items stays the queue's beginning.
func (h *Hands) raise(up Hand) {
	if len(h.Items) == h.Total {
		h.Items = append(h.Items, up)
	}
	h.Total++
}

func (h *Hands) lower(id ParticipantID) {
	h.Items = slices.DeleteFunc(h.Items, func(x Hand) bool { return x.Participant == id })
	h.Total--
}
