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
		By        *WhoView `json:"by,omitempty"`      // who published it; staff is told
		Claimed   *WhoView `json:"claimed,omitempty"` // who had taken it then; staff is told
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
			return one("question.asked", QuestionShown{ID: QuestionID(e.Seq), At: e.At, WhoView: f.askedBy(), Anonymous: f.Anonymous, Text: f.Text})
		}
	case QuestionPublished:
		return one("question.published", f.shown(staff))
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

// shown is whole, because it may be the first that somebody hears of the
// question: viewers, and staff whose snapshot had no room for it.
func (f QuestionPublished) shown(staff bool) QuestionShown {
	q := f.Question
	shown := QuestionShown{ID: f.ID, At: f.AskedAt, WhoView: q.askedBy(), Anonymous: q.Anonymous, Text: q.Text}
	if !staff {
		return shown
	}
	by := f.By.View()
	shown.By = &by
	if f.Taken != nil {
		taken := f.Taken.View()
		shown.Claimed = &taken
	}
	return shown
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
