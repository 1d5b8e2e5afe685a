package room

import (
	"strconv"
	"unicode/utf8"
)

// Questions and answers. A question waits until staff publish it; whoever
// answers it publishes it with that. Nobody is told who asked anonymously: the
// log knows it, because the fate of a question is told to its asker and an
// erased person's questions go with them.

// Commands of questions and answers.
type (
	// QuestionAsk asks. Anonymous: nobody is told by whom.
	QuestionAsk struct {
		Text      string `json:"text"`
		Anonymous bool   `json:"anonymous,omitempty"`
	}
	// QuestionVote votes for a published question, or with On false takes it back.
	QuestionVote struct {
		ID string `json:"id"`
		On *bool  `json:"on,omitempty"`
	}
	// QuestionPublish shows a question to everybody.
	QuestionPublish struct {
		ID string `json:"id"`
	}
	// QuestionClaim takes a question, so that others see who is on it, or with
	// On false gives it back.
	QuestionClaim struct {
		ID string `json:"id"`
		On *bool  `json:"on,omitempty"`
	}
	// QuestionAnswer answers for everybody: by a text, or live.
	QuestionAnswer struct {
		ID   string `json:"id"`
		Text string `json:"text,omitempty"`
		Live bool   `json:"live,omitempty"`
	}
	// QuestionDismiss closes a question without an answer. The reason is told to
	// the asker.
	QuestionDismiss struct {
		ID     string `json:"id"`
		Reason string `json:"reason,omitempty"`
	}
	// QuestionPage asks for questions of one state (QuestionOpen, QuestionAnswered,
	// QuestionDismissed) by votes or by time, behind the one with the id After.
	QuestionPage struct {
		State string `json:"state,omitempty"` // empty: open
		Sort  string `json:"sort,omitempty"`  // votes or time; empty: votes
		After string `json:"after,omitempty"`
		Limit int    `json:"limit,omitempty"`
	}
)

// Name implements Command.
func (QuestionAsk) Name() string { return "question.ask" }

// Name implements Command.
func (QuestionVote) Name() string { return "question.vote" }

// Name implements Command.
func (QuestionPublish) Name() string { return "question.publish" }

// Name implements Command.
func (QuestionClaim) Name() string { return "question.claim" }

// Name implements Command.
func (QuestionAnswer) Name() string { return "question.answer" }

// Name implements Command.
func (QuestionDismiss) Name() string { return "question.dismiss" }

// Name implements Command.
func (QuestionPage) Name() string { return "question.page" }

// Facts of questions and answers. Of somebody who asked anonymously they hold
// the id alone.
type (
	// QuestionAsked is a question; its id is made of its place in the log.
	QuestionAsked struct {
		Who
		Text      string `json:"text"`
		Anonymous bool   `json:"anonymous,omitempty"`
	}
	// QuestionVoted is a vote given or taken back; Votes is the number after it.
	QuestionVoted struct {
		ID          string        `json:"id"`
		Participant ParticipantID `json:"participant"`
		On          bool          `json:"on"`
		Votes       int           `json:"votes"`
	}
	// QuestionPublished shows a question to everybody: it repeats it, because
	// viewers have not seen it yet.
	QuestionPublished struct {
		ID       string        `json:"id"`
		By       Who           `json:"by"`
		Question QuestionAsked `json:"question"`
		AskedAt  Millis        `json:"asked_at"`
		Taken    *Who          `json:"taken,omitempty"` // by whom it was taken then
	}
	// QuestionClaimed is taken by somebody, or given back.
	QuestionClaimed struct {
		Who
		ID string `json:"id"`
		On bool   `json:"on"`
	}
	// QuestionAnswered is answered by a text, or live.
	QuestionAnswered struct {
		Who
		ID    string        `json:"id"`
		Asker ParticipantID `json:"asker"`
		Text  string        `json:"text,omitempty"`
		Live  bool          `json:"live,omitempty"`
	}
	// QuestionDismissed is closed without an answer.
	QuestionDismissed struct {
		Who
		ID        string        `json:"id"`
		Asker     ParticipantID `json:"asker"`
		Reason    string        `json:"reason,omitempty"`
		Published bool          `json:"published,omitempty"` // until then
	}
)

// Kind implements Fact.
func (QuestionAsked) Kind() string { return "question.asked" }

// Kind implements Fact.
func (QuestionVoted) Kind() string { return "question.voted" }

// Kind implements Fact.
func (QuestionPublished) Kind() string { return "question.published" }

// Kind implements Fact.
func (QuestionClaimed) Kind() string { return "question.claimed" }

// Kind implements Fact.
func (QuestionAnswered) Kind() string { return "question.answered" }

// Kind implements Fact.
func (QuestionDismissed) Kind() string { return "question.dismissed" }

// QuestionID is the id of the question at a place in the log.
func QuestionID(at Seq) string { return "q" + strconv.FormatUint(uint64(at), 36) }

// QuestionPlace reads a QuestionID; 0 if it is none.
func QuestionPlace(id string) Seq {
	if len(id) < 2 || id[0] != 'q' {
		return 0
	}
	at, err := strconv.ParseUint(id[1:], 36, 63)
	if err != nil || QuestionID(Seq(at)) != id {
		return 0
	}
	return Seq(at)
}

// written checks a text that must be there.
func written(text string, most int, tooLong string) (string, *Refusal) {
	text = cleanText(text)
	switch n := utf8.RuneCountInString(text); {
	case !visible(text):
		return "", invalid("text", "is required")
	case n > most:
		return "", refuse(CodeTooLong, tooLong)
	}
	return text, nil
}

func (s *State) decideAsk(p *Person, c QuestionAsk) ([]Fact, *Refusal) {
	text, no := written(c.Text, MaxQuestion, "A question has at most 500 characters.")
	if no != nil {
		return nil, no
	}
	if text, no = s.filtered("text", text); no != nil {
		return nil, no
	}
	switch {
	case !s.Settings().Questions && !p.Role.May(ActSetSettings):
		return nil, refuse(CodeClosed, "No questions are taken now.")
	case len(s.questions.open) >= mostQuestions:
		return nil, refuse(CodeConflict, "There are too many open questions. Try again when some have been answered.")
	case s.questions.openOf(s.seatOfID(p.ID)) >= questionsOfOne:
		return nil, refuse(CodeConflict, "You have as many open questions as one person may have.")
	}
	who := p.who()
	if c.Anonymous {
		who = Who{Participant: p.ID}
	}
	return []Fact{QuestionAsked{who, text, c.Anonymous}}, nil
}

// openQuestion finds a question that can still be acted on. To whom may not
// see it, it is not there.
func (s *State) openQuestion(p *Person, id string) (*question, *Refusal) {
	if q, ok := s.questions.find(id); ok && (q.published || p.Role.Staff()) {
		return q, nil
	}
	if q, ok := s.questions.done(id); ok && (q.published || p.Role.Staff()) {
		return nil, refuse(CodeClosed, "This question has been dealt with.")
	}
	return nil, refuse(CodeNotFound, "There is no such question.")
}

func (s *State) decideVote(p *Person, c QuestionVote) ([]Fact, *Refusal) {
	q, no := s.openQuestion(p, c.ID)
	if no != nil {
		return nil, no
	}
	if !q.published {
		return nil, refuse(CodeConflict, "This question is not published yet.")
	}
	on := c.On == nil || *c.On
	if q.voters.has(s.seatOfID(p.ID)) == on {
		return nil, nil
	}
	votes := q.voters.n + 1
	if !on {
		votes = q.voters.n - 1
	}
	return []Fact{QuestionVoted{c.ID, p.ID, on, votes}}, nil
}

func (s *State) decidePublish(p *Person, c QuestionPublish) ([]Fact, *Refusal) {
	q, no := s.openQuestion(p, c.ID)
	if no != nil || q.published {
		return nil, no
	}
	return []Fact{q.publish(p)}, nil
}

func (q *question) publish(by *Person) Fact {
	f := QuestionPublished{ID: QuestionID(q.place), By: by.who(), Question: QuestionAsked{q.who, q.text, q.anonymous}, AskedAt: q.at}
	if q.claimed.Participant != "" {
		taken := q.claimed
		f.Taken = &taken
	}
	return f
}

func (s *State) decideClaim(p *Person, c QuestionClaim) ([]Fact, *Refusal) {
	q, no := s.openQuestion(p, c.ID)
	if no != nil {
		return nil, no
	}
	on := c.On == nil || *c.On
	switch mine := q.claimed.Participant == p.ID; {
	case on && mine || !on && q.claimed.Participant == "":
		return nil, nil
	case on && q.claimed.Participant != "":
		return nil, refuse(CodeConflict, "Somebody else has taken this question.")
	case !on && !mine && !s.mayActOn(p, s.seatOfID(q.claimed.Participant)):
		return nil, refuse(CodeForbidden, "Only who took a question gives it back.")
	}
	return []Fact{QuestionClaimed{p.who(), c.ID, on}}, nil
}

// takenBy refuses what would go over the head of somebody who has taken the
// question.
func (s *State) taken(p *Person, q *question) *Refusal {
	if by := q.claimed.Participant; by != "" && by != p.ID && !s.mayActOn(p, s.seatOfID(by)) {
		return refuse(CodeConflict, "Somebody else has taken this question.")
	}
	return nil
}

func (s *State) decideAnswer(p *Person, c QuestionAnswer) (facts []Fact, no *Refusal) {
	q, no := s.openQuestion(p, c.ID)
	if no == nil {
		no = s.taken(p, q)
	}
	if no != nil {
		return nil, no
	}
	text := ""
	if !c.Live || c.Text != "" {
		if text, no = written(c.Text, MaxChatText, "An answer has at most 2,000 characters."); no != nil {
			return nil, no
		}
	}
	if !q.published {
		if !p.Role.May(ActQuestionPublish) {
			return nil, refuse(CodeForbidden, "A moderator publishes the question first.")
		}
		facts = append(facts, q.publish(p))
	}
	return append(facts, QuestionAnswered{p.who(), c.ID, q.who.Participant, text, c.Live}), nil
}

func (s *State) decideDismissQuestion(p *Person, c QuestionDismiss) ([]Fact, *Refusal) {
	q, no := s.openQuestion(p, c.ID)
	if no == nil {
		no = s.taken(p, q)
	}
	if no != nil {
		return nil, no
	}
	reason, no := line("reason", c.Reason, MaxReason, false)
	if no != nil {
		return nil, no
	}
	return []Fact{QuestionDismissed{p.who(), c.ID, q.who.Participant, reason, q.published}}, nil
}

func checkQuestionPage(c QuestionPage) *Refusal {
	switch c.State {
	case "", QuestionOpen, QuestionDone, QuestionDropped:
	default:
		return invalid("state", "is open, answered or dismissed")
	}
	switch {
	case c.Sort != "" && c.Sort != "votes" && c.Sort != "time":
		return invalid("sort", "is votes or time")
	case c.After != "" && QuestionPlace(c.After) == 0:
		return invalid("after", "is the id of a question")
	}
	return nil
}
