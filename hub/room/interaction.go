package room

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// InteractionKind is what people are asked to do.
type InteractionKind string

// The kinds of interaction.
const (
	InteractChoice InteractionKind = "choice"    // one of several options
	InteractMulti  InteractionKind = "multi"     // several of them
	InteractRating InteractionKind = "rating"    // one of the numbers 1 to Scale
	InteractWords  InteractionKind = "wordcloud" // a few words, counted without names
	InteractOpen   InteractionKind = "open"      // a sentence or two, read by the staff
	InteractQuiz   InteractionKind = "quiz"      // one of several options, of which one is right
	InteractCrowd  InteractionKind = "crowd"     // up or down
)

// InteractionResults says when people are shown what was answered. Those who
// run interactions always see it.
type InteractionResults string

// When results are shown.
const (
	ResultsLive   InteractionResults = "live"
	ResultsClosed InteractionResults = "closed" // from the close on
	ResultsHidden InteractionResults = "hidden"
)

// InteractionState is where an interaction stands in its life.
type InteractionState string

// The life of an interaction. While closing nobody answers any more and the
// counts are not in the log yet.
const (
	InteractionDraft   InteractionState = "draft"
	InteractionRunning InteractionState = "running"
	InteractionClosing InteractionState = "closing"
	InteractionEnded   InteractionState = "closed"
)

// InteractionForm is what an interaction asks.
type InteractionForm struct {
	Kind      InteractionKind    `json:"kind"`
	Question  string             `json:"question"`
	Options   []string           `json:"options,omitempty"`   // choice, multi, quiz
	Most      int                `json:"most,omitempty"`      // multi: options one may choose; wordcloud: words
	Scale     int                `json:"scale,omitempty"`     // rating: the highest number
	Anonymous bool               `json:"anonymous,omitempty"` // answers are final and nothing tells whose they are
	Results   InteractionResults `json:"results,omitempty"`
	Correct   *int               `json:"correct,omitempty"` // quiz: number of the right option, from 0
	Points    int                `json:"points,omitempty"`  // quiz: for the right answer
	Seconds   int                `json:"seconds,omitempty"` // how long it runs, unless the launch says otherwise; 0: until it is closed
}

// Commands of those who run interactions.
type (
	// InteractionCreate writes a draft.
	InteractionCreate struct{ InteractionForm }
	// InteractionRevise writes a draft anew.
	InteractionRevise struct {
		ID string `json:"id"`
		InteractionForm
	}
	// InteractionRemove throws a draft away, or an interaction that is closed.
	InteractionRemove struct {
		ID string `json:"id"`
	}
	// InteractionLaunch puts a draft before everybody. It closes by itself at
	// EndsAt by the store's clock; 0: as the draft says.
	InteractionLaunch struct {
		ID     string `json:"id"`
		EndsAt Millis `json:"ends_at,omitempty"`
	}
	// InteractionClose ends it: nobody answers any more.
	InteractionClose struct {
		ID string `json:"id"`
	}
	// InteractionShare changes when people see the results.
	InteractionShare struct {
		ID      string             `json:"id"`
		Results InteractionResults `json:"results"`
	}
	// InteractionShow puts one answer to an open question before everybody,
	// without a name; without a text it takes it away. Participant says whose it
	// was, where that is known, so that it goes when they are forgotten.
	InteractionShow struct {
		ID          string        `json:"id"`
		Text        string        `json:"text,omitempty"`
		Participant ParticipantID `json:"participant,omitempty"`
	}
)

// Name implements Command.
func (InteractionCreate) Name() string { return "interaction.create" }

// Name implements Command.
func (InteractionRevise) Name() string { return "interaction.revise" }

// Name implements Command.
func (InteractionRemove) Name() string { return "interaction.remove" }

// Name implements Command.
func (InteractionLaunch) Name() string { return "interaction.launch" }

// Name implements Command.
func (InteractionClose) Name() string { return "interaction.close" }

// Name implements Command.
func (InteractionShare) Name() string { return "interaction.share" }

// Name implements Command.
func (InteractionShow) Name() string { return "interaction.show" }

// Facts of interactions. Those of answers and results are beside their rules.
type (
	// InteractionCreated is a draft. Its id is made of its place in the log.
	InteractionCreated struct {
		Who
		InteractionForm
	}
	// InteractionRevised is a draft written anew.
	InteractionRevised struct {
		Who
		ID string `json:"id"`
		InteractionForm
	}
	// InteractionRemoved is the end of a draft, or of an interaction that
	// everybody has seen.
	InteractionRemoved struct {
		Who
		ID       string `json:"id"`
		Launched bool   `json:"launched,omitempty"`
	}
	// InteractionLaunched puts it before everybody.
	InteractionLaunched struct {
		Who
		ID string `json:"id"`
		InteractionForm
		EndsAt Millis `json:"ends_at,omitempty"`
	}
	// InteractionShown is an answer before everybody; nil: none any more.
	InteractionShown struct {
		Who
		ID     string      `json:"id"`
		Answer *OpenAnswer `json:"answer,omitempty"`
	}
)

// OpenAnswer is an answer to an open question.
type OpenAnswer struct {
	Participant ParticipantID `json:"participant,omitempty"` // empty: nobody knows
	Text        string        `json:"text"`
}

// Kind implements Fact.
func (InteractionCreated) Kind() string { return "interaction.created" }

// Kind implements Fact.
func (InteractionRevised) Kind() string { return "interaction.revised" }

// Kind implements Fact.
func (InteractionRemoved) Kind() string { return "interaction.removed" }

// Kind implements Fact.
func (InteractionLaunched) Kind() string { return "interaction.launched" }

// Kind implements Fact.
func (InteractionShown) Kind() string { return "interaction.shown" }

// interaction is what stays in memory of one. Edited copies take its place.
type interaction struct {
	place      Seq
	form       InteractionForm
	state      InteractionState
	launchedAt Millis
	endsAt     Millis // 0: when somebody closes it
	closedAt   Millis
	answers    int   // people who have answered
	counts     []int // by choice; of anonymous ones only when closed
	words      []WordCount
	sheet      sheet // who has answered, and what where that may be known
	shown      *OpenAnswer
	by         *ownership
}

// InteractionID is the id of the interaction whose draft is at a place in the
// log.
func InteractionID(at Seq) string { return "i" + strconv.FormatUint(uint64(at), 36) }

func (it *interaction) id() string { return InteractionID(it.place) }

// interactionPlace reads an InteractionID; 0 if it is none.
func interactionPlace(id string) Seq {
	if len(id) < 2 || id[0] != 'i' {
		return 0
	}
	at, err := strconv.ParseUint(id[1:], 36, 63)
	if err != nil || InteractionID(Seq(at)) != id {
		return 0
	}
	return Seq(at)
}

func (s *State) interactionAt(place Seq) (int, bool) {
	return slices.BinarySearchFunc(s.interactions, place, func(it *interaction, at Seq) int { return cmp.Compare(it.place, at) })
}

// interaction finds one for reading.
func (s *State) interaction(id string) (*interaction, bool) {
	i, ok := s.interactionAt(interactionPlace(id))
	if !ok {
		return nil, false
	}
	return s.interactions[i], true
}

// editInteraction gives one for writing; what is not there is written to
// nobody's avail, because the log is never judged.
func (s *State) editInteraction(id string) *interaction {
	i, ok := s.interactionAt(interactionPlace(id))
	if !ok {
		return &interaction{form: InteractionForm{Options: []string{}}}
	}
	if s.interactions[i].by != s.by {
		fresh := *s.interactions[i]
		fresh.by, fresh.counts = s.by, slices.Clone(fresh.counts)
		s.interactions = slices.Clone(s.interactions)
		s.interactions[i] = &fresh
	}
	return s.interactions[i]
}

// choices is how many numbers an answer is chosen from; 0: answers are words.
func (f *InteractionForm) choices() int {
	switch f.Kind {
	case InteractRating:
		return f.Scale
	case InteractCrowd:
		return 2
	}
	return len(f.Options)
}

// final says whether an answer stays as it was first given.
func (f *InteractionForm) final() bool { return f.Anonymous || f.Kind == InteractQuiz }

// counted says whether the store counts the answers and not the log.
func (f *InteractionForm) counted() bool { return f.Anonymous && f.Kind != InteractOpen }

// bytes bounds the form as JSON.
func (f *InteractionForm) bytes() int {
	n := 250 + jsonBytes(f.Question)
	for _, o := range f.Options {
		n += 1 + jsonBytes(o)
	}
	return n
}

// clean gives the form as it is kept, or says what does not fit.
func (f InteractionForm) clean() (InteractionForm, *Refusal) {
	wrong := map[string]string{}
	within := func(field string, n, least, most int) int {
		if n < least || n > most {
			wrong[field] = "is between " + strconv.Itoa(least) + " and " + strconv.Itoa(most)
		}
		return n
	}
	question, no := line("question", f.Question, MaxAsked, true)
	if no != nil {
		return f, no
	}
	clean := InteractionForm{Kind: f.Kind, Question: question, Anonymous: f.Anonymous, Results: cmp.Or(f.Results, ResultsClosed),
		Seconds: within("seconds", f.Seconds, 0, int(longestInteraction.Seconds()))}
	if !clean.Results.known() {
		wrong["results"] = "is live, closed or hidden"
	}
	switch f.Kind {
	case InteractChoice, InteractMulti, InteractQuiz:
		if clean.Options, no = cleanOptions(f.Options); no != nil {
			return f, no
		}
	}
	switch n := len(clean.Options); f.Kind {
	case InteractChoice, InteractOpen, InteractCrowd:
	case InteractMulti:
		clean.Most = within("most", cmp.Or(f.Most, n), 1, n)
	case InteractRating:
		clean.Scale = within("scale", cmp.Or(f.Scale, 5), 2, MaxScale)
	case InteractWords:
		clean.Most, clean.Anonymous = within("most", cmp.Or(f.Most, 3), 1, MaxCloudWords), true
	case InteractQuiz:
		if f.Correct == nil || *f.Correct < 0 || *f.Correct >= n {
			wrong["correct"] = "is the number of an option, from 0"
		}
		if f.Anonymous {
			wrong["anonymous"] = "a quiz tells everybody their result"
		}
		clean.Correct, clean.Points = f.Correct, within("points", cmp.Or(f.Points, 1), 1, MaxPoints)
	default:
		wrong["kind"] = "is choice, multi, rating, wordcloud, open, quiz or crowd"
	}
	switch {
	case len(wrong) > 0:
		return f, &Refusal{Code: CodeInvalid, Message: "This does not fit.", Fields: wrong}
	case clean.bytes() > interactionBytes:
		return f, invalid("options", "are too long all together")
	}
	return clean, nil
}

func (r InteractionResults) known() bool {
	return r == ResultsLive || r == ResultsClosed || r == ResultsHidden
}

func cleanOptions(all []string) (clean []string, no *Refusal) {
	if len(all) < 2 || len(all) > MaxOptions {
		return nil, invalid("options", "are between 2 and "+strconv.Itoa(MaxOptions))
	}
	for _, option := range all {
		text, no := line("options", option, MaxOption, true)
		switch {
		case no != nil:
			return nil, no
		case slices.Contains(clean, text):
			return nil, invalid("options", "differ from each other")
		}
		clean = append(clean, text)
	}
	return clean, nil
}

func (s *State) decideInteractionCreate(p *Person, c InteractionCreate) ([]Fact, *Refusal) {
	form, no := c.clean()
	switch {
	case no != nil:
		return nil, no
	case len(s.interactions) >= keptInteractions:
		return nil, refuse(CodeConflict, "There are too many interactions. Remove some first.")
	}
	return []Fact{InteractionCreated{p.who(), form}}, nil
}

var errNoInteraction = refuse(CodeNotFound, "This interaction is gone.")

// draft finds a draft, or says why it is none.
func (s *State) draft(id string) (*interaction, *Refusal) {
	it, ok := s.interaction(id)
	switch {
	case !ok:
		return nil, errNoInteraction
	case it.state != InteractionDraft:
		return nil, refuse(CodeConflict, "This has been launched already.")
	}
	return it, nil
}

func (s *State) decideInteractionRevise(p *Person, c InteractionRevise) ([]Fact, *Refusal) {
	if _, no := s.draft(c.ID); no != nil {
		return nil, no
	}
	form, no := c.clean()
	if no != nil {
		return nil, no
	}
	return []Fact{InteractionRevised{p.who(), c.ID, form}}, nil
}

func (s *State) decideInteractionRemove(p *Person, c InteractionRemove) ([]Fact, *Refusal) {
	it, ok := s.interaction(c.ID)
	switch {
	case !ok:
		return nil, errNoInteraction
	case it.state == InteractionRunning || it.state == InteractionClosing:
		return nil, refuse(CodeConflict, "Close it first.")
	}
	return []Fact{InteractionRemoved{p.who(), c.ID, it.state != InteractionDraft}}, nil
}

func (s *State) decideInteractionLaunch(p *Person, c InteractionLaunch, now time.Time) ([]Fact, *Refusal) {
	it, no := s.draft(c.ID)
	if no != nil {
		return nil, no
	}
	if s.runningInteractions() >= mostRunning {
		return nil, refuse(CodeConflict, "Three interactions are running. Close one first.")
	}
	at, ends := Millis(now.UnixMilli()), c.EndsAt
	if ends == 0 && it.form.Seconds > 0 {
		ends = at + Millis(it.form.Seconds)*1000
	}
	if ends != 0 && (ends <= at || ends > at+Millis(longestInteraction.Milliseconds())) {
		return nil, invalid("ends_at", "is within a day from now")
	}
	return []Fact{InteractionLaunched{p.who(), c.ID, it.form, ends}}, nil
}

func (s *State) decideInteractionShow(p *Person, c InteractionShow) ([]Fact, *Refusal) {
	it, ok := s.interaction(c.ID)
	switch {
	case !ok || it.state == InteractionDraft:
		return nil, errNoInteraction
	case it.form.Kind != InteractOpen:
		return nil, refuse(CodeConflict, "Only answers to open questions can be shown.")
	}
	text, no := paragraph("text", c.Text, MaxOpenAnswer, false)
	switch {
	case no != nil:
		return nil, no
	case text == "" && it.shown == nil:
		return nil, nil
	case text == "":
		return []Fact{InteractionShown{Who: p.who(), ID: c.ID}}, nil
	}
	if p, known := s.Participant(c.Participant); c.Participant != "" && (!known || p.Erased()) {
		return nil, refuse(CodeNotFound, "There is no such person here.")
	}
	return []Fact{InteractionShown{p.who(), c.ID, &OpenAnswer{c.Participant, text}}}, nil
}

// runningInteractions counts those that are before everybody and not closed.
func (s *State) runningInteractions() (n int) {
	for _, it := range s.interactions {
		if it.state == InteractionRunning || it.state == InteractionClosing {
			n++
		}
	}
	return n
}

// foldInteraction takes in every fact of interactions.
func (s *State) foldInteraction(e Event) {
	switch f := e.Fact.(type) {
	case InteractionCreated:
		s.interactions = append(slices.Clone(s.interactions), &interaction{place: e.Seq, form: f.InteractionForm, state: InteractionDraft, by: s.by})
	case InteractionRevised:
		s.editInteraction(f.ID).form = f.InteractionForm
	case InteractionRemoved:
		if i, ok := s.interactionAt(interactionPlace(f.ID)); ok {
			s.interactions = slices.Delete(slices.Clone(s.interactions), i, i+1)
		}
	case InteractionLaunched:
		s.foldLaunched(e.At, f)
	case InteractionAnswered:
		s.foldAnswered(e.Seq, f)
	case InteractionStopped:
		s.editInteraction(f.ID).state = InteractionClosing
	case InteractionClosed:
		s.foldInteractionClosed(e.At, f)
	case InteractionShared:
		s.editInteraction(f.ID).form.Results = f.Results
	case InteractionShown:
		s.editInteraction(f.ID).shown = f.Answer
	}
}

func (s *State) foldLaunched(at Millis, f InteractionLaunched) {
	it := s.editInteraction(f.ID)
	it.form, it.state, it.launchedAt, it.endsAt = f.InteractionForm, InteractionRunning, at, f.EndsAt
	if !f.counted() && f.choices() > 0 {
		it.counts = make([]int, f.choices())
	}
	it.sheet = newSheet(&f.InteractionForm)
}

// unshow takes away what somebody has answered where it is before everybody.
func (s *State) unshow(id ParticipantID) (facts []Fact) {
	for _, it := range s.interactions {
		if it.shown != nil && it.shown.Participant == id {
			facts = append(facts, InteractionShown{ID: it.id()})
		}
	}
	return facts
}
