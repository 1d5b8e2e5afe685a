package room

// What an event tells the person whom it concerns, beyond what their class is
// shown: the fate of their own question, their vote in their other windows,
// their own hand.
type (
	// MeVoted is one's own vote, given or taken back.
	MeVoted struct {
		ID string `json:"id"`
		On bool   `json:"on"`
	}
	// MeHand is one's own hand: since when it is up; 0: it is down, and why.
	MeHand struct {
		At     Millis   `json:"at"`
		Why    HandEnd  `json:"why,omitempty"`
		By     *WhoView `json:"by,omitempty"`
		Reason string   `json:"reason,omitempty"`
	}
)

// Own gives whom an event concerns, if anybody, and what they are told. Like
// Show it depends on the event alone.
func Own(e Event) (whose ParticipantID, told []Shown) {
	switch f := e.Fact.(type) {
	case QuestionAsked:
		return f.Participant, one("me.question", MyQuestion{QuestionID(e.Seq), e.At, f.Text, f.Anonymous, QuestionWaiting, ""})
	case QuestionPublished:
		return f.Question.Participant, one("me.question", MyQuestion{ID: f.ID, State: QuestionPublic})
	case QuestionAnswered:
		return f.Asker, one("me.question", MyQuestion{ID: f.ID, State: QuestionDone})
	case QuestionDismissed:
		return f.Asker, one("me.question", MyQuestion{ID: f.ID, State: QuestionDropped, Reason: f.Reason})
	case QuestionVoted:
		return f.Participant, one("me.voted", MeVoted{f.ID, f.On})
	case HandRaised:
		return f.Participant, one("me.hand", MeHand{At: e.At})
	case HandLowered:
		return f.Participant, one("me.hand", MeHand{Why: f.Why, By: f.shownBy(), Reason: f.Reason})
	case KnockTold:
		return f.Whom, one("me.told", Told{e.At, f.Who.View(), f.Text})
	}
	return ownOffer(e)
}

// Tells says whether what an event tells one person alone is for them while
// they are of a class: most is for people inside.
func Tells(e Event, to Class) bool {
	if _, waits := e.Fact.(KnockTold); waits {
		return to == Waiting
	}
	return to != Waiting && to != Over
}

// shownBy names who lowered a hand, unless it was the person.
func (f HandLowered) shownBy() *WhoView {
	if f.By.Participant == "" || f.By.Participant == f.Participant {
		return nil
	}
	by := f.By.View()
	return &by
}
