package api

import (
	"context"
	"strings"

	"greenroom/hub/room"
)

// answerRow is what somebody answered, or a text that was given anonymously.
type answerRow struct {
	Interaction string               `json:"interaction"`
	Kind        room.InteractionKind `json:"kind"`
	Question    string               `json:"question"`
	Participant room.ParticipantID   `json:"participant,omitempty"`
	Name        string               `json:"name,omitempty"`
	Answer      string               `json:"answer"`
	Points      *int                 `json:"points,omitempty"` // quiz
	N           int                  `json:"n"`                // how many gave it
}

func (v answerRow) cells() [][]string {
	points := ""
	if v.Points != nil {
		points = number(int64(*v.Points))
	}
	return [][]string{{v.Interaction, string(v.Kind), v.Question, string(v.Participant), v.Name, v.Answer, points, number(int64(v.N))}}
}

// exportAnswers writes the last answer of each person to each interaction
// where that may be known. Of anonymous ones it has the texts alone, in their
// own order, once nobody answers any more: how choices and words went is in the
// export of interactions. Texts with names come last, as they were given.
func (a *API) exportAnswers(ctx context.Context, made *reported, to exportTo) error {
	open := map[string]answerRow{}
	for _, it := range made.launched() {
		row := answerRow{Interaction: it.ID, Kind: it.Kind, Question: it.Question, N: 1}
		var err error
		switch {
		case it.Anonymous && it.Kind == room.InteractOpen && it.State == room.InteractionEnded:
			err = a.exportTexts(ctx, made, row, to)
		case it.Anonymous:
		case it.Kind == room.InteractOpen:
			open[it.ID] = row
		default:
			err = made.exportChoices(it, row, to)
		}
		if err != nil {
			return err
		}
	}
	return a.exportNamedTexts(ctx, made, open, to)
}

// exportChoices writes who chose what, in the order of seats.
func (r *reported) exportChoices(it room.Interaction, row answerRow, to exportTo) error {
	for p := range r.state.People {
		mine := r.state.MyAnswer(p, it.ID)
		if mine == nil {
			continue
		}
		var chosen []string
		for _, choice := range mine.Choices {
			chosen = append(chosen, choiceName(it, choice))
		}
		row.Participant, row.Name, row.Answer, row.Points = p.ID, p.Name(), strings.Join(chosen, "; "), mine.Points
		if err := to(row); err != nil {
			return err
		}
	}
	return nil
}

// exportNamedTexts reads them out of the log, those of all interactions
// together: of each person the last counts.
func (a *API) exportNamedTexts(ctx context.Context, made *reported, of map[string]answerRow, to exportTo) error {
	if len(of) == 0 {
		return nil
	}
	return a.events(ctx, made, func(e room.Event, _ bool) error {
		f, ok := e.Fact.(room.InteractionAnswered)
		row, wanted := of[f.ID]
		if !ok || !wanted {
			return nil
		}
		for _, one := range made.state.AnswersFromLog(room.InteractionAnswers{ID: f.ID}, []room.Event{e}).Items {
			row.Participant, row.Name, row.Answer = one.Participant, one.Name, one.Text
			if err := to(row); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *API) exportTexts(ctx context.Context, made *reported, row answerRow, to exportTo) error {
	for after := ""; ; {
		texts, err := a.store.BallotTexts(ctx, made.state.ID, row.Interaction, after, exportAtOnce)
		if err != nil {
			return err
		}
		for _, text := range texts {
			row.Answer, row.N = text.Text, text.N
			if err := to(row); err != nil {
				return err
			}
		}
		if len(texts) < exportAtOnce {
			return nil
		}
		after = texts[len(texts)-1].Text
	}
}
