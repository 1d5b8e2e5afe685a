package room

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A message can mention people. Whom it means is said by id, never guessed
// from the text: there may be two of a name, and names change. At its place in
// the log a mention becomes "@" and the name of then; if the person is not in
// the room by then, the words stay and mean nobody.

// MaxMentions is how many people a message mentions.
const MaxMentions = 10

const mentionBytes = 60 // of one as JSON, without the id

// Mention is a part of a text that means somebody. At and N count code points.
type Mention struct {
	Participant ParticipantID `json:"participant"`
	At          int           `json:"at"`
	N           int           `json:"n"`
}

// placed is a mention on its way into a clean text: which of the equal words
// it is.
type placed struct {
	who   ParticipantID
	words string
	nth   int
}

// mentioned gives the text as it is kept, and whom it mentions. Of the
// backchannel nobody but staff is told.
func (s *State) mentioned(text string, given []Mention, staff bool) (string, []Mention, *Refusal) {
	runes := []rune(text)
	if no := inOrderOf(given, len(runes)); no != nil {
		return "", nil, no
	}
	var raw strings.Builder
	var all []placed
	from := 0
	for _, m := range given {
		p, ok := s.Participant(m.Participant)
		if !ok || !p.Admitted() || staff && !p.Role.Staff() {
			continue
		}
		raw.WriteString(string(runes[from:m.At]))
		from = m.At + m.N
		words := "@" + p.Name()
		all = append(all, placed{p.ID, words, strings.Count(clean(raw.String(), true), words)})
		raw.WriteString(words)
	}
	raw.WriteString(string(runes[from:]))
	kept, no := decideText(raw.String())
	return kept, place(kept, all), no
}

// inOrderOf refuses mentions that are no parts of the text, one after another.
func inOrderOf(given []Mention, length int) *Refusal {
	end := 0
	for _, m := range given {
		if m.At < end || m.N < 1 || m.N > length-m.At {
			return invalid("mentions", "are parts of the text, in its order")
		}
		end = m.At + m.N
	}
	if len(given) > MaxMentions {
		return invalid("mentions", "are at most 10")
	}
	return nil
}

// place finds the mentions in the clean text.
func place(text string, all []placed) (found []Mention) {
	for _, m := range all {
		at := nth(text, m.words, m.nth)
		if at < 0 {
			continue
		}
		found = append(found, Mention{m.who, utf8.RuneCountInString(text[:at]), utf8.RuneCountInString(m.words)})
	}
	return found
}

// nth finds one of the equal words in a text, the first by 0; -1: there are
// fewer.
func nth(text, words string, n int) int {
	for from := 0; ; n-- {
		at := strings.Index(text[from:], words)
		switch {
		case at < 0:
			return -1
		case n == 0:
			return from + at
		}
		from += at + len(words)
	}
}

// cutMentions gives those of a text that was cut after so many code points.
func cutMentions(all []Mention, most int) (left []Mention) {
	for _, m := range all {
		if m.At+m.N <= most {
			left = append(left, m)
		}
	}
	return left
}

// nameless stands for somebody who was erased.
const nameless = "@…"

// unnamed takes the names of those out of a text whom gone says.
func unnamed(text string, all []Mention, gone func(ParticipantID) bool) (string, []Mention) {
	if !slices.ContainsFunc(all, func(m Mention) bool { return gone(m.Participant) }) {
		return text, all
	}
	runes := []rune(text)
	var out strings.Builder
	var left []Mention
	from, shift := 0, 0
	for _, m := range all {
		if m.At < from || m.N < 0 || m.At+m.N > len(runes) {
			break // no mention of ours
		}
		if !gone(m.Participant) {
			m.At += shift
			left = append(left, m)
			continue
		}
		out.WriteString(string(runes[from:m.At]))
		out.WriteString(nameless)
		from = m.At + m.N
		shift += utf8.RuneCountInString(nameless) - m.N
	}
	out.WriteString(string(runes[from:]))
	return out.String(), left
}

// erased says whether somebody is to be forgotten.
func (s *State) erased(id ParticipantID) bool {
	p, ok := s.Participant(id)
	return ok && p.Erased()
}

// unnamedFact gives a fact without the names of people mentioned who were
// erased since.
func (s *State) unnamedFact(e Event) Fact {
	gone := s.erased
	if s.Gone(e) || s.quotesGone(e) {
		gone = func(ParticipantID) bool { return true }
	}
	switch f := e.Fact.(type) {
	case ChatPosted:
		f.Text, f.Mentions = unnamed(f.Text, f.Mentions, gone)
		return f
	case BackchannelPosted:
		f.Text, f.Mentions = unnamed(f.Text, f.Mentions, gone)
		return f
	case Pinned:
		f.Message.Text, f.Message.Mentions = unnamed(f.Message.Text, f.Message.Mentions, gone)
		return f
	case Reported:
		f.Message.Text, f.Message.Mentions = unnamed(f.Message.Text, f.Message.Mentions, gone)
		return f
	}
	return e.Fact
}

func (s *State) remaining(events []Event) []Event {
	left := make([]Event, len(events))
	for i, e := range events {
		left[i] = s.Remains(e)
	}
	return left
}

// quotesGone says whether a fact holds the copy of a message that is gone.
func (s *State) quotesGone(e Event) bool {
	f, pins := e.Fact.(Pinned)
	return pins && s.chat.gone(MessagePlace(f.ID))
}

// unname takes a name out of the messages in memory.
func (t *thread) unname(id ParticipantID) {
	is := func(x ParticipantID) bool { return x == id }
	kept := t.recent
	for i, m := range kept {
		text, mentions := unnamed(m.text, m.mentions, is)
		if len(mentions) == len(m.mentions) {
			continue
		}
		if &kept[0] == &t.recent[0] {
			kept = slices.Clone(kept)
		}
		other := *m
		other.text, other.mentions = text, mentions
		kept[i] = &other
	}
	t.recent = kept
}

func (m *Messages) unname(id ParticipantID) {
	for i := range m.Items {
		x := &m.Items[i]
		x.Text, x.Mentions = unnamed(x.Text, x.Mentions, func(other ParticipantID) bool { return other == id })
	}
}
