package room

import (
	"cmp"
	"slices"
)

// The states of a question. Open ones wait or are published.
const (
	QuestionOpen    = "open" // in question.page only
	QuestionWaiting = "waiting"
	QuestionPublic  = "published"
	QuestionDone    = "answered"
	QuestionDropped = "dismissed"
)

// questions is what the room remembers of its questions: the open ones, which
// are bounded, and the newest of the others. All stand in the log.
type questions struct {
	open   []*question // oldest first; entries never change, they are replaced
	closed []*question // in the order of closing
	by     *ownership  // whose the slices are
}

type question struct {
	place     Seq
	at        Millis
	seat      int32 // of the asker; -1: unknown
	who       Who   // the asker; of an anonymous one the id alone
	anonymous bool
	published bool
	text      string
	claimed   Who // by whom it is taken; empty: nobody
	voters    seatSet
	end       questionEnd
}

// questionEnd is how a question was closed.
type questionEnd struct {
	state string // answered, dismissed; empty: open
	by    Who
	at    Millis
	text  string // the answer, or the reason
	live  bool
}

func (l *questions) own(by *ownership) {
	if l.by != by {
		l.open, l.closed, l.by = slices.Clone(l.open), slices.Clone(l.closed), by
	}
}

func (l *questions) index(id string) (int, bool) {
	return slices.BinarySearchFunc(l.open, QuestionPlace(id), func(q *question, at Seq) int { return cmp.Compare(q.place, at) })
}

// find gives an open question.
func (l *questions) find(id string) (*question, bool) {
	i, ok := l.index(id)
	if !ok {
		return nil, false
	}
	return l.open[i], true
}

// done gives a question that was closed not too long ago.
func (l *questions) done(id string) (*question, bool) {
	at := QuestionPlace(id)
	i := slices.IndexFunc(l.closed, func(q *question) bool { return q.place == at })
	if i < 0 {
		return nil, false
	}
	return l.closed[i], true
}

func (l *questions) openOf(seat int32) (n int) {
	for _, q := range l.open {
		if q.seat == seat {
			n++
		}
	}
	return n
}

// anonymous lists what somebody has asked without their name.
func (l *questions) anonymous(seat int32) (ids []string) {
	for _, q := range append(slices.Clone(l.open), l.closed...) {
		if q.seat == seat && q.anonymous {
			ids = append(ids, QuestionID(q.place))
		}
	}
	return ids
}

// edit replaces an open question.
func (l *questions) edit(id string, by *ownership, change func(*question)) {
	i, ok := l.index(id)
	if !ok {
		return
	}
	l.own(by)
	q := *l.open[i]
	change(&q)
	l.open[i] = &q
}

// close moves a question to those that are done.
func (l *questions) close(id string, by *ownership, end questionEnd) {
	i, ok := l.index(id)
	if !ok {
		return
	}
	l.own(by)
	q := *l.open[i]
	q.end, q.claimed = end, Who{}
	l.open = slices.Delete(l.open, i, i+1)
	if l.closed = append(l.closed, &q); len(l.closed) > keptQuestions {
		l.closed = slices.Delete(l.closed, 0, len(l.closed)-keptQuestions)
	}
}

// drop forgets questions.
func (l *questions) drop(by *ownership, whose func(*question) bool) {
	l.own(by)
	l.open = slices.DeleteFunc(l.open, whose)
	l.closed = slices.DeleteFunc(l.closed, whose)
}

// release gives back what somebody has taken who is not of the staff any more.
func (l *questions) release(id ParticipantID, by *ownership) {
	for _, q := range l.open {
		if q.claimed.Participant == id {
			l.edit(QuestionID(q.place), by, func(q *question) { q.claimed = Who{} })
		}
	}
}

func (s *State) foldQuestion(e Event) {
	l := &s.questions
	switch f := e.Fact.(type) {
	case QuestionAsked:
		l.own(s.by)
		l.open = append(l.open, &question{place: e.Seq, at: e.At, seat: s.seatOfID(f.Participant), who: f.Who, anonymous: f.Anonymous, text: f.Text})
	case QuestionVoted:
		seat := s.seatOfID(f.Participant)
		l.edit(f.ID, s.by, func(q *question) { q.voters = q.voters.with(seat, f.On) })
	case QuestionPublished:
		l.edit(f.ID, s.by, func(q *question) { q.published = true })
	case QuestionClaimed:
		l.edit(f.ID, s.by, func(q *question) {
			if q.claimed = f.Who; !f.On {
				q.claimed = Who{}
			}
		})
	case QuestionAnswered:
		l.close(f.ID, s.by, questionEnd{QuestionDone, f.Who, e.At, f.Text, f.Live})
	case QuestionDismissed:
		l.close(f.ID, s.by, questionEnd{QuestionDropped, f.Who, e.At, f.Reason, false})
	}
}

// eraseQuestions forgets what somebody has asked, what they had taken, and the
// words of their answers.
func (s *State) eraseQuestions(seat int32, id ParticipantID) {
	s.questions.drop(s.by, func(q *question) bool { return q.seat == seat })
	s.questions.release(id, s.by)
	for i, q := range s.questions.closed {
		if q.end.by.Participant == id {
			blank := *q
			blank.end.by.Name, blank.end.text = "", ""
			s.questions.closed[i] = &blank
		}
	}
}

// questionGone says whether a fact is about a question that is forgotten.
func (s *State) questionGone(e Event) bool {
	place, asker := e.Seq, ParticipantID("")
	switch f := e.Fact.(type) {
	case QuestionAsked:
		asker = f.Participant
	case QuestionPublished:
		place, asker = QuestionPlace(f.ID), f.Question.Participant
	case QuestionAnswered:
		place, asker = QuestionPlace(f.ID), f.Asker
	case QuestionDismissed:
		place, asker = QuestionPlace(f.ID), f.Asker
	default:
		return false
	}
	p, ok := s.Participant(asker)
	return place <= s.forgotten || ok && p.Erased()
}

// Question is a question as people see it. Of anonymous ones nobody is told
// who asked; who has taken it and why it was dismissed is told to staff.
type Question struct {
	ID string `json:"id"`
	At Millis `json:"at"`
	WhoView
	Anonymous bool     `json:"anonymous,omitempty"`
	Text      string   `json:"text"`
	State     string   `json:"state"`
	Votes     int      `json:"votes,omitempty"`
	Claimed   *WhoView `json:"claimed,omitempty"`
	Answer    *Answer  `json:"answer,omitempty"`
	Reason    string   `json:"reason,omitempty"`
}

// Answer is how a question was answered.
type Answer struct {
	At Millis `json:"at"`
	WhoView
	Text string `json:"text,omitempty"`
	Live bool   `json:"live,omitempty"`
}

// Questions is a run of questions; More says that there are others.
type Questions struct {
	Items []Question `json:"items"`
	More  bool       `json:"more"`
}

// askedBy names the asker, unless they want to be anonymous.
func (f QuestionAsked) askedBy() WhoView {
	if f.Anonymous {
		return WhoView{}
	}
	return f.View()
}

func (q *question) view(staff bool) Question {
	asked := QuestionAsked{q.who, q.text, q.anonymous}
	v := Question{ID: QuestionID(q.place), At: q.at, WhoView: asked.askedBy(), Anonymous: q.anonymous, Text: q.text, State: q.state(), Votes: q.voters.n}
	if staff && q.claimed.Participant != "" {
		by := q.claimed.View()
		v.Claimed = &by
	}
	switch q.end.state {
	case QuestionDone:
		v.Answer = &Answer{q.end.at, q.end.by.View(), q.end.text, q.end.live}
	case QuestionDropped:
		v.Reason = q.end.text
	}
	return v
}

func (q *question) state() string {
	switch {
	case q.end.state != "":
		return q.end.state
	case q.published:
		return QuestionPublic
	}
	return QuestionWaiting
}

func (q *question) bytes() int {
	const names = 260 // names of fields, numbers, roles, who has taken it
	return names + jsonBytes(q.text) + jsonBytes(q.who.Name) + jsonBytes(q.claimed.Name) + jsonBytes(q.end.by.Name) + jsonBytes(q.end.text) + 3*len(q.who.Participant)
}

// visible says whether viewers, or staff, are told of a question.
func (q *question) visible(staff bool) bool {
	return staff || q.published && q.end.state != QuestionDropped
}

// snapshot gives the open questions with the most votes, as many as fit, in
// order of asking.
func (l *questions) snapshot(staff bool, bytes int) *Questions {
	shown := make([]*question, 0, len(l.open))
	for _, q := range l.open {
		if q.visible(staff) {
			shown = append(shown, q)
		}
	}
	all := len(shown)
	slices.SortFunc(shown, byVotes)
	shown = fitting(shown, shownQuestions, bytes)
	slices.SortFunc(shown, func(a, b *question) int { return cmp.Compare(a.place, b.place) })
	return &Questions{views(shown, staff), len(shown) < all}
}

// fitting cuts a list to a number and to so many bytes of JSON.
func fitting(all []*question, most, bytes int) []*question {
	for i, q := range all {
		if bytes -= q.bytes(); bytes < 0 || i == most {
			return all[:i]
		}
	}
	return all
}

func views(all []*question, staff bool) []Question {
	items := make([]Question, len(all))
	for i, q := range all {
		items[i] = q.view(staff)
	}
	return items
}

func byVotes(a, b *question) int {
	return cmp.Or(cmp.Compare(b.voters.n, a.voters.n), cmp.Compare(a.place, b.place))
}

// QuestionPage answers a QuestionPage for a role: viewers see what is published
// or answered. Of the closed questions it knows the newest.
func (s *State) QuestionPage(c QuestionPage, role Role) Questions {
	order := byVotes
	if c.Sort == "time" {
		order = func(a, b *question) int { return cmp.Compare(b.place, a.place) }
	}
	var found []*question
	for _, q := range append(slices.Clone(s.questions.open), s.questions.closed...) {
		if q.visible(role.Staff()) && q.isIn(c.State) {
			found = append(found, q)
		}
	}
	slices.SortFunc(found, order)
	if at := slices.IndexFunc(found, func(q *question) bool { return QuestionID(q.place) == c.After }); at >= 0 {
		found = found[at+1:]
	}
	shown := fitting(found, pageLimit(c.Limit), pageBytes)
	return Questions{views(shown, role.Staff()), len(shown) < len(found)}
}

func (q *question) isIn(state string) bool {
	if state == "" || state == QuestionOpen {
		return q.end.state == ""
	}
	return q.end.state == state
}

// Votes gives the sums of open published questions.
func (s *State) Votes(ids []string) map[string]int {
	sums := map[string]int{}
	for _, id := range ids {
		if q, ok := s.questions.find(id); ok && q.published {
			sums[id] = q.voters.n
		}
	}
	return sums
}

// OpenVotes gives the numbers of all published questions that are open, also of
// those without a vote: one may have been taken back.
func (s *State) OpenVotes() map[string]int {
	sums := map[string]int{}
	for _, q := range s.questions.open {
		if q.published {
			sums[QuestionID(q.place)] = q.voters.n
		}
	}
	return sums
}

// MyQuestion is what the asker is told of their own question.
type MyQuestion struct {
	ID        string `json:"id"`
	At        Millis `json:"at,omitempty"`
	Text      string `json:"text,omitempty"`
	Anonymous bool   `json:"anonymous,omitempty"`
	State     string `json:"state"`
	Reason    string `json:"reason,omitempty"`
}

// mine lists somebody's own questions, and the open ones that they have voted
// for.
func (l *questions) mine(seat int32) (asked []MyQuestion, voted []string) {
	for _, q := range l.open {
		if q.voters.has(seat) {
			voted = append(voted, QuestionID(q.place))
		}
	}
	for _, q := range append(slices.Clone(l.open), l.closed...) {
		if q.seat != seat {
			continue
		}
		mine := MyQuestion{QuestionID(q.place), q.at, q.text, q.anonymous, q.state(), ""}
		if q.end.state == QuestionDropped {
			mine.Reason = q.end.text
		}
		asked = append(asked, mine)
	}
	slices.SortFunc(asked, func(a, b MyQuestion) int { return cmp.Compare(QuestionPlace(a.ID), QuestionPlace(b.ID)) })
	return asked, voted
}
