package api

import (
	"net/http"

	"greenroom/hub/room"
)

// absenceBody is a room's own rule about hosts; then "site": as the site says.
type absenceBody struct {
	Then    string `json:"then"`
	Minutes int    `json:"minutes"`
}

// rule is what a change asks for; nil: nothing.
func (in *absenceBody) rule() *room.AbsenceRule {
	switch {
	case in == nil:
		return nil
	case in.Then == "site":
		return new(room.AbsenceRule)
	}
	return &room.AbsenceRule{Then: room.AbsenceEnd(in.Then), Minutes: in.Minutes}
}

// own is the rule of a new room; nil: as the site says.
func (in *absenceBody) own() *room.AbsenceRule {
	if rule := in.rule(); rule != nil && *rule != (room.AbsenceRule{}) {
		return rule
	}
	return nil
}

func (in *roomBody) after() room.Afterwards {
	return room.Afterwards{Results: value(in.Results), Words: normal(value(in.ClosingWords)), Link: value(in.ClosingLink)}
}

// remainsView is what a room's page shows when the room is over.
type remainsView struct {
	Title        string         `json:"title"`
	Organiser    string         `json:"organiser,omitempty"`
	StartsAt     string         `json:"starts_at"`
	OpenedAt     string         `json:"opened_at,omitempty"`
	ClosedAt     string         `json:"closed_at,omitempty"`
	Shown        bool           `json:"shown"` // to whoever was let in
	ClosingWords string         `json:"closing_words,omitempty"`
	ClosingLink  string         `json:"closing_link,omitempty"`
	Pin          *pinView       `json:"pin,omitempty"`
	Interactions []resultView   `json:"interactions"`
	Questions    []answeredView `json:"questions"`
}

type pinView struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type resultView struct {
	ID string `json:"id"`
	room.InteractionForm
	ClosedAt string        `json:"closed_at"`
	Outcome  *room.Outcome `json:"outcome,omitempty"`
}

type answeredView struct {
	ID     string     `json:"id"`
	Name   string     `json:"name,omitempty"` // nobody's, of an anonymous question
	Text   string     `json:"text"`
	Votes  int        `json:"votes"`
	Answer answerView `json:"answer"`
}

type answerView struct {
	Name string `json:"name"`
	Text string `json:"text,omitempty"`
	Live bool   `json:"live,omitempty"`
}

// getRemains tells what remains of a room to whoever may see it. Everybody else
// is told that there is nothing, whether there is or not.
func (a *API) getRemains(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	by, p, state, err := a.seat(r.Context(), who, roomOf(r))
	switch {
	case err != nil:
		return err
	case state.Status == room.StatusDeleted:
		return roomDeleted(state)
	case !state.SeesRemains(p, by):
		return errNotFound
	}
	return answer(w, http.StatusOK, viewRemains(state))
}

func viewRemains(s *room.State) remainsView {
	v := remainsView{Title: s.Title, Organiser: s.Organiser, StartsAt: moment(s.StartsAt), OpenedAt: moment(s.OpenedAt), ClosedAt: moment(s.ClosedAt),
		Shown: s.After.Results, ClosingWords: s.After.Words, ClosingLink: s.After.Link, Interactions: []resultView{}, Questions: []answeredView{}}
	all := s.Remaining()
	if all.Pin != nil {
		v.Pin = &pinView{all.Pin.Name, all.Pin.Text}
	}
	for _, it := range all.Interactions {
		v.Interactions = append(v.Interactions, resultView{it.ID, it.InteractionForm, moment(it.ClosedAt), it.Outcome})
	}
	for _, q := range all.Questions {
		view := answeredView{ID: q.ID, Name: q.Name, Text: q.Text, Votes: q.Votes}
		if q.Answer != nil {
			view.Answer = answerView{q.Answer.Name, q.Answer.Text, q.Answer.Live}
		}
		v.Questions = append(v.Questions, view)
	}
	return v
}
