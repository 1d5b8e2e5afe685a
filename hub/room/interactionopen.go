package room

import "time"

// InteractionAnswers asks for the answers to an open question: those whose
// authors the log knows newest first, anonymous ones in the order of their
// texts, so that nothing tells who was when. After is Next of the page before.
type InteractionAnswers struct {
	ID    string `json:"id"`
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// Name implements Command.
func (InteractionAnswers) Name() string { return "interaction.answers" }

// OpenAnswers is a page of them.
type OpenAnswers struct {
	Items []NamedAnswer `json:"items"`
	Next  string        `json:"next,omitempty"`
}

// NamedAnswer is an answer to an open question, with who gave it where that is
// known, or how many gave the very same.
type NamedAnswer struct {
	Participant ParticipantID `json:"participant,omitempty"`
	Name        string        `json:"name,omitempty"`
	Text        string        `json:"text"`
	N           int           `json:"n"`
}

func (s *State) checkAnswers(c InteractionAnswers) *Refusal {
	it, ok := s.interaction(c.ID)
	switch {
	case !ok || it.state == InteractionDraft:
		return errNoInteraction
	case it.form.Kind != InteractOpen:
		return refuse(CodeConflict, "Only open questions have texts for answers.")
	case !it.form.Anonymous && c.After != "" && interactionPlace(c.After) == 0:
		return invalid("after", "is what the page before gave")
	}
	return nil
}

// AnonymousAnswers says whether nobody is told who answered an interaction: the
// texts of an open question are the store's then.
func (s *State) AnonymousAnswers(id string) bool {
	it, ok := s.interaction(id)
	return ok && it.form.Anonymous
}

// AnswersBefore is the place from which a page of answers goes back.
func (c InteractionAnswers) AnswersBefore() Seq { return interactionPlace(c.After) }

// AnswersFromLog takes from what the log holds of answers (newest first) those
// that are somebody's last word to this question.
func (s *State) AnswersFromLog(c InteractionAnswers, events []Event) (page OpenAnswers) {
	page.Items = []NamedAnswer{}
	it, ok := s.interaction(c.ID)
	bytes := pageBytes
	for _, e := range events {
		f, answers := e.Fact.(InteractionAnswered)
		p, known := s.Participant(f.Participant)
		if !ok || !answers || !known || f.ID != c.ID || it.sheet.get(s.seatOfID(p.ID)) != uint32(e.Seq-it.place) || p.Erased() {
			continue
		}
		if bytes -= 100 + jsonBytes(f.Text) + jsonBytes(p.Name()) + len(p.ID); bytes < 0 {
			return page
		}
		page.Items = append(page.Items, NamedAnswer{p.ID, p.Name(), f.Text, 1})
		page.Next = InteractionID(e.Seq)
	}
	return page
}

// Asked says whether an interaction was before everybody at a place: behind it
// in the log there may be answers.
func (s *State) Asked(id string, at Seq) bool {
	it, ok := s.interaction(id)
	return ok && at > it.place
}

// Page makes a page of texts that the store has counted.
func (all Counted) Page(limit int) (page OpenAnswers) {
	page.Items = []NamedAnswer{}
	for _, c := range all {
		page.Items = append(page.Items, NamedAnswer{Text: c.Text, N: c.N})
	}
	if len(all) == limit {
		page.Next = all[limit-1].Text
	}
	return page
}

// decideInteraction is decideOwn for interactions.
func (s *State) decideInteraction(p *Person, c Command, now time.Time) ([]Fact, *Refusal) {
	switch c := c.(type) {
	case InteractionCreate:
		return s.decideInteractionCreate(p, c)
	case InteractionRevise:
		return s.decideInteractionRevise(p, c)
	case InteractionRemove:
		return s.decideInteractionRemove(p, c)
	case InteractionLaunch:
		return s.decideInteractionLaunch(p, c, now)
	case InteractionAnswer:
		return s.decideInteractionAnswer(p, c)
	case InteractionClose:
		return s.decideInteractionClose(p, c)
	case InteractionShare:
		return s.decideInteractionShare(p, c)
	case InteractionShow:
		return s.decideInteractionShow(p, c)
	case InteractionPage:
		return nil, c.check()
	case InteractionAnswers:
		return nil, s.checkAnswers(c)
	}
	return nil, nil // a question: the right to ask was all there was to judge
}
