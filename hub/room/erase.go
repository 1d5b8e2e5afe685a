package room

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// Commands that make a room forget. The program gives them; Actor.Account may
// say for whom.
type (
	// ErasePerson takes somebody out of the room for good: their seats end, and
	// their names and texts are gone for everybody. What organisers wrote into
	// the room itself (title, description, reasons) is the room's and stays.
	ErasePerson struct {
		Person      PersonID       // whose manager's seats; empty: nobody's
		Match       Hash           // whose invitations; zero: nobody's
		Invitations []InvitationID // these too: a guest's have no match
		Successor   SetManager     // becomes owner where nobody else is one
	}
	// ForgetContent empties a room that ended long ago: everything written, and
	// who was invited. Managers and the room's own texts stay.
	ForgetContent struct {
		EndedBefore Millis
	}
)

// Name implements Command.
func (ErasePerson) Name() string { return "person.erase" }

// Name implements Command.
func (ForgetContent) Name() string { return "content.forget" }

// Facts of forgetting.
type (
	// Erased is the end of one seat and of all that its person wrote and was
	// called.
	Erased struct {
		Participant ParticipantID `json:"participant"`
		Questions   []string      `json:"questions,omitempty"` // that were asked anonymously
	}
	// Forgotten is the end of all content of a room.
	Forgotten struct{}
)

// Kind implements Fact.
func (Erased) Kind() string { return "person.erased" }

// Kind implements Fact.
func (Forgotten) Kind() string { return "content.forgotten" }

// Erased says whether nothing is left of the person but a place.
func (p *Person) Erased() bool {
	return p.Revoked && p.FirstName == "" && p.LastName == "" && p.Match.IsZero()
}

func (s *State) decideForgetting(by Actor, c Command) ([]Fact, *Refusal) {
	switch {
	case s.Head == 0:
		return nil, s.alive()
	case !by.System:
		return nil, refuse(CodeForbidden, "Only the site itself makes a room forget.")
	}
	switch c := c.(type) {
	case ErasePerson:
		return s.decideErase(c)
	case ForgetContent:
		return s.decideForget(c), nil
	}
	return nil, nil
}

func (s *State) decideErase(c ErasePerson) (facts []Fact, no *Refusal) {
	view, owners := s.View(), 0
	s.People(func(p *Person) bool {
		if p.Erased() || !c.means(p) {
			return true
		}
		facts = append(append(facts, s.unshow(p.ID)...), Erased{p.ID, s.questions.anonymous(s.seatOfID(p.ID))})
		if p.Role == Owner && !p.Revoked {
			owners++
		}
		view.Speakers = without(view.Speakers, p.Name())
		if p == s.people.at(0) {
			view.Organiser = ""
		}
		return true
	})
	if owners > 0 && owners == s.owners && s.Status != StatusDeleted {
		heir, no := s.heir(c.Successor)
		if no != nil {
			return nil, no
		}
		facts = append([]Fact{heir}, facts...)
	}
	if view.Organiser != s.Organiser || len(view.Speakers) != len(s.Speakers) {
		edited := s.asEdited()
		edited.Room = view
		facts = append(facts, edited)
	}
	return facts, nil
}

func (c *ErasePerson) means(p *Person) bool {
	return c.Person != "" && p.Account == c.Person || !c.Match.IsZero() && p.Match == c.Match ||
		p.Invitation != "" && slices.Contains(c.Invitations, p.Invitation)
}

// heir makes somebody an owner.
func (s *State) heir(c SetManager) (Fact, *Refusal) {
	f := ManagerSet{Participant: c.Participant, Person: c.Person, FirstName: cleanLine(c.FirstName), LastName: cleanLine(c.LastName), Right: Owner}
	if p, ok := s.Manager(c.Person); ok {
		f.Participant, f.FirstName, f.LastName, f.Entered = p.ID, p.FirstName, p.LastName, p.Entered
		return f, nil
	}
	if c.Person == "" {
		return nil, refuse(CodeConflict, "A room keeps at least one owner.")
	}
	return f, s.vacant(c.Participant)
}

func without(all []Presenter, name string) (left []Presenter) {
	if !slices.ContainsFunc(all, func(p Presenter) bool { return p.Name == name }) {
		return all
	}
	for _, p := range all {
		if p.Name != name {
			left = append(left, p)
		}
	}
	return left
}

func (s *State) decideForget(c ForgetContent) []Fact {
	ended := s.EndedAt()
	if ended == 0 || ended >= c.EndedBefore || !s.holdsContent() {
		return nil
	}
	return []Fact{Forgotten{}}
}

// EndedAt is when the room's session was over, as far as one can tell: nobody
// has to close a room. 0: it is not.
func (s *State) EndedAt() Millis {
	switch s.Status {
	case StatusClosed, StatusDeleted:
		return s.ClosedAt
	case StatusOpen:
		return max(s.StartsAt, s.EndsAt, s.LastAt)
	}
	return 0
}

func (s *State) holdsContent() bool {
	holds := s.chat.living+s.backchannel.living+len(s.announced)+len(s.measures)+len(s.interactions)+len(s.questions.open)+len(s.questions.closed) > 0
	s.People(func(p *Person) bool {
		holds = holds || p.Invitation != "" && !p.Erased()
		return !holds
	})
	return holds
}

func (s *State) foldErased(e Event, f Erased) {
	seat := s.seatOfID(f.Participant)
	if seat < 0 {
		return
	}
	s.eraseSeat(seat, e)
	if seat == 0 {
		s.Organiser = ""
	}
	s.chat.forget(func(p post) bool { return p.author == seat }, s.by)
	s.backchannel.forget(func(p post) bool { return p.author == seat }, s.by)
	s.chat.unname(f.Participant)
	s.backchannel.unname(f.Participant)
	s.eraseSaid(seat)
	s.eraseQuestions(seat, f.Participant)
}

func (s *State) foldForgotten(e Event) {
	for i := range s.people.len() {
		if s.people.at(i).Invitation != "" {
			s.eraseSeat(int32(i), e)
		}
	}
	s.dropHands()
	s.questions.drop(s.by, func(*question) bool { return true })
	all := func(post) bool { return true }
	s.chat.forget(all, s.by)
	s.backchannel.forget(all, s.by)
	s.announced, s.pin, s.reports, s.measures, s.told, s.offers, s.forgotten = nil, nil, nil, nil, nil, nil, e.Seq
	s.interactions, s.pause, s.liveAt = nil, nil, 0
}

// eraseSaid takes away what somebody announced, reported and was reported for,
// and their pinned message.
func (s *State) eraseSaid(seat int32) {
	id := s.people.at(int(seat)).ID
	theirs := func(other ParticipantID) bool { return other == id }
	s.dropAnnounced(func(a announced) bool { return a.seat == seat })
	s.dropSayings(s.people.at(int(seat)).ID)
	s.offers = slices.Clone(s.offers)
	for i := range s.offers {
		s.offers[i].by.rename(s.people.at(int(seat)).ID, "")
	}
	s.dropReports(func(r report) bool { return r.author == seat })
	for i := range s.reports { // a copy of our own by now
		r := &s.reports[i]
		r.reasons = slices.DeleteFunc(slices.Clone(r.reasons), func(x reportReason) bool { return x.seat == seat })
		r.text, r.mentions = unnamed(r.text, r.mentions, theirs)
	}
	s.forgetMeasures(seat)
	s.erasePause(s.people.at(int(seat)).ID)
	switch {
	case s.pin != nil && s.pin.author == seat:
		s.pin = nil
	case s.pin != nil && s.pin.by == seat:
		unsigned := *s.pin
		unsigned.By.Name = ""
		s.pin = &unsigned
	}
	if s.pin != nil {
		other := *s.pin
		other.Text, other.Mentions = unnamed(other.Text, other.Mentions, theirs)
		s.pin = &other
	}
}

func (s *State) eraseSeat(seat int32, e Event) {
	p := s.people.at(int(seat))
	s.dropHand(p.ID)
	if p.Role == Owner && !p.Revoked {
		s.owners--
	}
	if p.Finishing {
		s.finishing--
	}
	s.change(p.ID, e.Seq, func(p *Person) {
		at := e.At
		if ended, _ := p.Ended(); p.Revoked {
			at = ended
		}
		p.end(at, "")
		p.FirstName, p.LastName, p.Match, p.domain, p.rare = "", "", Hash{}, domainOf(""), &rare{endedAt: at}
		p.Early, p.Muted, p.out, p.wrote = false, false, 0, 0
	})
}

// forget drops messages as if they had been deleted.
func (t *thread) forget(whose func(post) bool, by *ownership) {
	for i := range t.posts.len() {
		if p := *t.posts.at(i); !p.gone && whose(p) {
			t.posts.edit(i, by).gone = true
			t.living--
		}
	}
	t.recent = slices.DeleteFunc(slices.Clone(t.recent), func(m *entry) bool { return t.gone(m.place) })
}

// Gone says whether an event is a message or of a question that has been
// deleted or forgotten since.
func (s *State) Gone(e Event) bool {
	switch f := e.Fact.(type) {
	case ChatPosted:
		return s.chat.gone(e.Seq)
	case BackchannelPosted:
		return s.backchannel.gone(e.Seq)
	case Reported:
		return s.chat.gone(MessagePlace(f.ID))
	case Announced, Muted, Removed, Banned, Denied, Paused, Renamed, StageOffered:
		return e.Seq <= s.forgotten
	case KnockTold:
		return e.Seq <= s.forgotten || s.erased(f.Participant) || s.erased(f.Whom)
	}
	return s.questionGone(e) || s.goneInteraction(e)
}

// Remains gives an event as it is shown to who comes later: a pinned message
// that has been deleted since is none, and nobody is called by a name that was
// erased.
func (s *State) Remains(e Event) Event {
	if f, ok := e.Fact.(Pinned); ok && s.chat.gone(MessagePlace(f.ID)) {
		e.Fact = Unpinned{Who: f.Who, ID: f.ID}
		return e
	}
	e.Fact = s.unnamedFact(e)
	return e
}

// Forgets says whether the log of this state has something to redact.
func (s *State) Forgets() (any bool) {
	s.People(func(p *Person) bool {
		any = p.Erased()
		return !any
	})
	return any
}

// Redact gives an event of the room's log without what the state has
// forgotten since: names, texts and the matches of addresses. The fold of
// redacted events is the same state; only the state in between, which nobody
// asks for any more, is not. changed is false if there is nothing to redact. Of
// what came behind the state it knows nothing, and nothing is forgotten of it.
func (s *State) Redact(e Event) (redacted Event, changed bool) {
	if e.Seq > s.Head {
		return e, false
	}
	kind, before, err := EncodeFact(e.Fact)
	if err != nil || keepsTexts() {
		return e, false
	}
	e.Fact = s.unnamedFact(e)
	_, called, err := EncodeFact(e.Fact)
	if err != nil {
		return e, false
	}
	after, err := json.Marshal(s.redactFact(e, called))
	if err != nil {
		return e, false
	}
	fact, err := DecodeFact(kind, after)
	if err != nil {
		return e, false
	}
	e.Fact = fact
	_, after, err = EncodeFact(fact) // in the order of the fields
	return e, err == nil && !bytes.Equal(before, after)
}

func (s *State) redactFact(e Event, written []byte) any {
	switch f := e.Fact.(type) {
	case Created:
		f.Organiser, f.Speakers = s.stillOrganiser(f.Organiser), s.stillShown(f.Speakers)
		return f
	case Edited:
		f.Room.Organiser, f.Room.Speakers = s.stillOrganiser(f.Room.Organiser), s.stillShown(f.Room.Speakers)
		return f
	case Pinned:
		return s.redactQuote(e, f.ID, written)
	case Reported:
		return s.redactQuote(e, f.ID, written)
	}
	if s.goneInteraction(e) {
		_, written, _ = EncodeFact(emptied(e.Fact))
	}
	return s.redactFields(e, written, false)
}

// redactQuote empties the copy of a message with the message.
func (s *State) redactQuote(e Event, id string, written []byte) any {
	return s.redactFields(e, written, s.chat.gone(MessagePlace(id)))
}

func (s *State) redactFields(e Event, written []byte, quoteGone bool) any {
	decoder := json.NewDecoder(bytes.NewReader(written))
	decoder.UseNumber()
	var fields any
	_ = decoder.Decode(&fields) // EncodeFact wrote it
	s.redactValue(fields, s.Gone(e))
	if all, ok := fields.(map[string]any); ok && quoteGone {
		s.redactValue(all["message"], true)
	}
	return fields
}

func (s *State) stillOrganiser(name string) string {
	if s.Organiser == "" {
		return ""
	}
	return name
}

// stillShown leaves the names of those earlier presenters who are announced
// now. Of the others stays a place and too short a sum to tell who it was,
// because the fold asks whether the list changed.
func (s *State) stillShown(then []Presenter) []Presenter {
	now := slices.Clone(then)
	for i, p := range now {
		if p.Name == "" || slices.ContainsFunc(s.Speakers, func(q Presenter) bool { return q.Name == p.Name }) {
			continue
		}
		sum := HashOf(p.Name + "\n" + p.Bio)
		now[i] = Presenter{Bio: hex.EncodeToString(sum[:2])}
	}
	return now
}

// told are the fields of facts that tell who somebody is or what they wrote.
var told = []string{"name", "first_name", "last_name", "match", "text", "reason", "message", "email", "domain"}

// redactValue empties the fields of every object that names an erased person;
// of an event that is gone, those of all.
func (s *State) redactValue(v any, all bool) {
	switch v := v.(type) {
	case map[string]any:
		gone := all
		if id, ok := v["participant"].(string); ok {
			p, known := s.Participant(ParticipantID(id))
			gone = gone || known && p.Erased()
		}
		for name, field := range v {
			if _, isText := field.(string); isText && gone && slices.Contains(told, name) {
				v[name] = ""
				continue
			}
			if _, isObject := field.(map[string]any); isObject {
				s.redactValue(field, all)
			}
		}
	case []any:
		for _, item := range v {
			s.redactValue(item, all)
		}
	}
}
