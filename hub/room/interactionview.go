package room

import (
	"slices"
	"strconv"
	"strings"
)

// Interaction is one as people see it. What they may not see is not there.
type Interaction struct {
	ID string `json:"id"`
	InteractionForm
	State      InteractionState `json:"state"`
	LaunchedAt Millis           `json:"launched_at,omitempty"`
	EndsAt     Millis           `json:"ends_at,omitempty"`
	ClosedAt   Millis           `json:"closed_at,omitempty"`
	Shown      string           `json:"shown,omitempty"` // the answer that is before everybody
	Outcome    *Outcome         `json:"outcome,omitempty"`
	Mine       *MyAnswer        `json:"mine,omitempty"` // in answers to interaction.page
}

// Interactions is a run of them, oldest first; More says that there are older
// ones.
type Interactions struct {
	Items []Interaction `json:"items"`
	More  bool          `json:"more"`
}

// MyAnswer is what somebody has answered. Of an anonymous answer, and of a
// text, only that there is one.
type MyAnswer struct {
	ID      string `json:"id"`
	Choices []int  `json:"choices,omitempty"`
	Points  *int   `json:"points,omitempty"` // quiz: once the result is shown
}

// The data of events of interactions.
type (
	// InteractionChanged is interaction.created, revised and launched.
	InteractionChanged struct {
		WhoView
		Interaction
	}
	// InteractionActed is interaction.removed and interaction.closing; nobody
	// did what happened by itself.
	InteractionActed struct {
		ID string `json:"id"`
		*WhoView
	}
	// InteractionResult is interaction.closed and interaction.shared. Without
	// an outcome there is none to be seen.
	InteractionResult struct {
		ID string `json:"id"`
		*WhoView
		Results InteractionResults `json:"results"`
		Outcome *Outcome           `json:"outcome,omitempty"`
	}
	// InteractionOnView is interaction.shown; an empty text: nothing any more.
	InteractionOnView struct {
		ID string `json:"id"`
		*WhoView
		Text string `json:"text"`
	}
)

// view is an interaction as a class sees it.
func (it *interaction) view(to Class) Interaction {
	v := Interaction{ID: it.id(), InteractionForm: it.form.shown(), State: it.state, LaunchedAt: it.launchedAt, EndsAt: it.endsAt, ClosedAt: it.closedAt}
	if it.shown != nil {
		v.Shown = it.shown.Text
	}
	if it.state == InteractionEnded && visibleTo(it.form.Results, to) {
		out := it.outcome()
		v.Outcome = &out
	}
	return v
}

// shown is the form without what would give the right answer away.
func (f InteractionForm) shown() InteractionForm {
	f.Correct, f.Points = nil, 0
	return f
}

// visibleTo says whether a class sees the results of what is closed.
func visibleTo(results InteractionResults, to Class) bool {
	return to == Staff || to.Moderates() || results != ResultsHidden
}

func showInteraction(e Event, to Class) []Shown {
	drafts := to.Moderates()
	switch f := e.Fact.(type) {
	case InteractionCreated:
		if drafts {
			return changedInteraction(e.Fact.Kind(), f.Who, Interaction{ID: InteractionID(e.Seq), InteractionForm: f.shown(), State: InteractionDraft})
		}
	case InteractionRevised:
		if drafts {
			return changedInteraction(e.Fact.Kind(), f.Who, Interaction{ID: f.ID, InteractionForm: f.shown(), State: InteractionDraft})
		}
	case InteractionLaunched:
		return changedInteraction(e.Fact.Kind(), f.Who, Interaction{ID: f.ID, InteractionForm: f.shown(), State: InteractionRunning, LaunchedAt: e.At, EndsAt: f.EndsAt})
	case InteractionRemoved:
		if drafts || f.Launched {
			return one(f.Kind(), InteractionActed{f.ID, f.acted()})
		}
	case InteractionStopped:
		return one(f.Kind(), InteractionActed{f.ID, f.acted()})
	case InteractionClosed:
		return one(f.Kind(), InteractionResult{ID: f.ID, Results: f.Results, Outcome: f.seen(f.Results, to)})
	case InteractionShared:
		var out *Outcome
		if f.Closed {
			out = f.seen(f.Results, to)
		}
		return one(f.Kind(), InteractionResult{f.ID, f.acted(), f.Results, out})
	case InteractionShown:
		on := InteractionOnView{ID: f.ID, WhoView: f.acted()}
		if f.Answer != nil {
			on.Text = f.Answer.Text
		}
		return one(f.Kind(), on)
	}
	return nil
}

func changedInteraction(event string, who Who, it Interaction) []Shown {
	return one(event, InteractionChanged{who.View(), it})
}

// acted names who did something; nil: nobody.
func (w Who) acted() *WhoView {
	if w.Participant == "" {
		return nil
	}
	v := w.View()
	return &v
}

func (o Outcome) seen(results InteractionResults, to Class) *Outcome {
	if !visibleTo(results, to) {
		return nil
	}
	return &o
}

// bytes bounds an interaction as JSON.
func (v *Interaction) bytes() int {
	n := 150 + v.InteractionForm.bytes() + jsonBytes(v.Shown)
	if v.Outcome != nil {
		n += 100 + 11*len(v.Outcome.Counts)
		for _, w := range v.Outcome.Words {
			n += 25 + jsonBytes(w.Text)
		}
	}
	return n
}

// shownInteractions gives what a class is told of at once: all that run, and
// the newest others as far as they fit. nil: there is none.
func (s *State) shownInteractions(to Class, bytes int) *Interactions {
	all := s.newestInteractions(to, len(s.interactions), shownInteractions, bytes)
	if len(all.Items) == 0 && !all.More {
		return nil
	}
	return &all
}

// newestInteractions gives the newest before an end that a class may see.
// Those that run are never left out: they are few and short.
func (s *State) newestInteractions(to Class, end, most, bytes int) Interactions {
	page := Interactions{Items: []Interaction{}}
	for i := end - 1; i >= 0; i-- {
		it := s.interactions[i]
		if it.state == InteractionDraft && !to.Moderates() {
			continue
		}
		v := it.view(to)
		runs := it.state == InteractionRunning || it.state == InteractionClosing
		if bytes -= v.bytes(); (bytes < 0 || len(page.Items) >= most) && !runs {
			page.More = true
			continue
		}
		page.Items = append(page.Items, v)
	}
	slices.Reverse(page.Items)
	return page
}

// InteractionPage asks for interactions older than one, with what one has
// answered oneself.
type InteractionPage struct {
	Before string `json:"before,omitempty"`
	Limit  int    `json:"limit,omitempty"`
}

// Name implements Command.
func (InteractionPage) Name() string { return "interaction.page" }

func (c InteractionPage) check() *Refusal {
	if c.Before != "" && interactionPlace(c.Before) == 0 {
		return invalid("before", "is the id of an interaction")
	}
	return nil
}

// InteractionPage answers it for a person. Who may launch a quiz is told the
// right answer of drafts, too.
func (s *State) InteractionPage(p *Person, phase Phase, c InteractionPage) Interactions {
	end := len(s.interactions)
	if c.Before != "" {
		end, _ = s.interactionAt(interactionPlace(c.Before))
	}
	page := s.newestInteractions(ClassOf(phase, p.Role), end, min(pageLimit(c.Limit), shownInteractions), pageBytes)
	for i := range page.Items {
		it, _ := s.interaction(page.Items[i].ID)
		page.Items[i].Mine = s.myAnswer(it, p)
		if p.Role.May(ActInteractionCreate) {
			page.Items[i].Correct, page.Items[i].Points = it.form.Correct, it.form.Points
		}
	}
	return page
}

// myAnswer tells somebody what they have answered; nil: nothing.
func (s *State) myAnswer(it *interaction, p *Person) *MyAnswer {
	n := it.sheet.get(s.seatOfID(p.ID))
	if n == 0 {
		return nil
	}
	mine := MyAnswer{ID: it.id()}
	if it.form.Anonymous || it.form.Kind == InteractOpen {
		return &mine
	}
	mine.Choices = choicesOf(n)
	if it.form.Correct != nil && it.state == InteractionEnded && (it.form.Results != ResultsHidden || p.Role.Staff()) {
		points := 0
		if slices.Contains(mine.Choices, *it.form.Correct) {
			points = it.form.Points
		}
		mine.Points = &points
	}
	return &mine
}

// MyAnswer tells what somebody has answered.
func (s *State) MyAnswer(p *Person, id string) *MyAnswer {
	it, ok := s.interaction(id)
	if !ok {
		return nil
	}
	return s.myAnswer(it, p)
}

// myAnswers tells it of all that run and of the newest others: of whatever a
// snapshot shows. Drafts have no answers and push none out.
func (s *State) myAnswers(p *Person) (all []MyAnswer) {
	left := 2 * shownInteractions
	for _, it := range slices.Backward(s.interactions) {
		if it.state == InteractionDraft {
			continue
		}
		left--
		if left < 0 && it.state != InteractionRunning {
			continue
		}
		if mine := s.myAnswer(it, p); mine != nil {
			all = append(all, *mine)
		}
	}
	slices.Reverse(all)
	return all
}

// replyInteraction adds what an ok to a command of interactions tells.
func replyInteraction(e Event, ok map[string]any) {
	switch f := e.Fact.(type) {
	case InteractionCreated:
		ok["id"] = InteractionID(e.Seq)
	case InteractionRevised:
		ok["id"] = f.ID
	case InteractionRemoved:
		ok["id"] = f.ID
	case InteractionLaunched:
		ok["id"], ok["ends_at"] = f.ID, f.EndsAt
	case InteractionAnswered:
		ok["id"] = f.ID
	case InteractionStopped:
		ok["id"] = f.ID
	case InteractionShared:
		ok["id"] = f.ID
	case InteractionShown:
		ok["id"] = f.ID
	}
}

// goneInteraction says whether a fact belongs to an interaction that is no
// more.
func (s *State) goneInteraction(e Event) bool {
	id := ""
	switch f := e.Fact.(type) {
	case InteractionCreated:
		id = InteractionID(e.Seq)
	case InteractionRevised:
		id = f.ID
	case InteractionLaunched:
		id = f.ID
	case InteractionAnswered:
		id = f.ID
	case InteractionClosed:
		id = f.ID
	case InteractionShared:
		id = f.ID
	case InteractionShown:
		id = f.ID
	default:
		return false
	}
	_, known := s.interaction(id)
	return !known
}

// emptied is a fact of an interaction without what somebody wrote.
func emptied(f Fact) Fact {
	switch f := f.(type) {
	case InteractionCreated:
		f.Question, f.Options = "", nil
		return f
	case InteractionRevised:
		f.Question, f.Options = "", nil
		return f
	case InteractionLaunched:
		f.Question, f.Options = "", nil
		return f
	case InteractionClosed:
		f.Words = nil
		return f
	case InteractionShared:
		f.Words = nil
		return f
	case InteractionShown:
		f.Answer = nil
		return f
	}
	return f
}

// AnswerText tells in words what somebody has answered to what; of an
// anonymous answer only to what. Empty: the interaction is gone.
func (s *State) AnswerText(f InteractionAnswered) string {
	it, known := s.interaction(f.ID)
	if !known {
		return ""
	}
	answers := []string{}
	for _, choice := range f.Choices {
		answers = append(answers, it.form.choiceText(choice))
	}
	if f.Text != "" {
		answers = append(answers, f.Text)
	}
	if len(answers) == 0 {
		return it.form.Question
	}
	return it.form.Question + ": " + strings.Join(answers, ", ")
}

// choiceText is a choice in words; numbers of a rating begin with 1.
func (f *InteractionForm) choiceText(choice int) string {
	switch {
	case f.Kind == InteractCrowd && choice == 0:
		return "up"
	case f.Kind == InteractCrowd:
		return "down"
	case choice < len(f.Options):
		return f.Options[choice]
	}
	return strconv.Itoa(choice + 1)
}
