package room

// The data of the events of questions and hands.
type (
	// QuestionShown is question.asked and question.published.
	QuestionShown struct {
		ID string `json:"id"`
		At Millis `json:"at"` // when it was asked
		WhoView
		Anonymous bool     `json:"anonymous,omitempty"`
		Text      string   `json:"text"`
		By        *WhoView `json:"by,omitempty"` // who published it; staff is told
	}
	// QuestionTaken is question.claimed; On false: given back.
	QuestionTaken struct {
		ID string `json:"id"`
		WhoView
		On bool `json:"on"`
	}
	// QuestionSettled is question.answered.
	QuestionSettled struct {
		ID string `json:"id"`
		WhoView
		Text string `json:"text,omitempty"`
		Live bool   `json:"live,omitempty"`
	}
	// QuestionClosed is question.dismissed. Viewers are told the id alone, and
	// only of what had been published.
	QuestionClosed struct {
		ID     string   `json:"id"`
		By     *WhoView `json:"by,omitempty"`
		Reason string   `json:"reason,omitempty"`
	}
	// HandDown is hand.lowered.
	HandDown struct {
		Participant ParticipantID `json:"participant"`
		Why         HandEnd       `json:"why"`
		By          *WhoView      `json:"by,omitempty"`
	}
)

// showQuestion gives what viewers, or staff, see of an event about a question.
func showQuestion(e Event, staff bool) []Shown {
	switch f := e.Fact.(type) {
	case QuestionAsked:
		if staff {
			return one("question.asked", QuestionShown{QuestionID(e.Seq), e.At, f.askedBy(), f.Anonymous, f.Text, nil})
		}
	case QuestionPublished:
		shown := QuestionShown{f.ID, f.AskedAt, f.Question.askedBy(), f.Question.Anonymous, f.Question.Text, nil}
		if staff {
			by := f.By.View()
			shown.By = &by
		}
		return one("question.published", shown)
	case QuestionClaimed:
		if staff {
			return one("question.claimed", QuestionTaken{f.ID, f.View(), f.On})
		}
	case QuestionAnswered:
		return one("question.answered", QuestionSettled{f.ID, f.View(), f.Text, f.Live})
	case QuestionDismissed:
		return showDismissed(f, staff)
	}
	return nil
}

func showDismissed(f QuestionDismissed, staff bool) []Shown {
	switch {
	case staff:
		by := f.View()
		return one("question.dismissed", QuestionClosed{f.ID, &by, f.Reason})
	case f.Published:
		return one("question.dismissed", QuestionClosed{ID: f.ID})
	}
	return nil
}

// bytes bounds the question as JSON.
func (q Question) bytes() int {
	n := 260 + jsonBytes(q.Text) + jsonBytes(q.Name) + 3*len(q.Participant)
	if q.Claimed != nil {
		n += jsonBytes(q.Claimed.Name)
	}
	if q.Answer != nil {
		n += jsonBytes(q.Answer.Name) + jsonBytes(q.Answer.Text)
	}
	return n
}
