package room

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// InteractionAnswer answers: numbers of choices from 0 on (of a rating 0 is
// the lowest, of a crowd vote 0 is up), words for a word cloud, or a text for
// an open question.
type InteractionAnswer struct {
	ID      string   `json:"id"`
	Choices []int    `json:"choices,omitempty"`
	Words   []string `json:"words,omitempty"`
	Text    string   `json:"text,omitempty"`
}

// Name implements Command.
func (InteractionAnswer) Name() string { return "interaction.answer" }

// InteractionAnswered says that somebody has answered, and what only where the
// interaction is not anonymous. It is shown to nobody.
type InteractionAnswered struct {
	ID          string        `json:"id"`
	Participant ParticipantID `json:"participant"`
	Choices     []int         `json:"choices,omitempty"`
	Text        string        `json:"text,omitempty"`
}

// Kind implements Fact.
func (InteractionAnswered) Kind() string { return "interaction.answered" }

func (s *State) decideInteractionAnswer(p *Person, c InteractionAnswer) ([]Fact, *Refusal) {
	it, ok := s.interaction(c.ID)
	switch {
	case !ok || it.state == InteractionDraft:
		return nil, errNoInteraction
	case it.state != InteractionRunning:
		return nil, refuse(CodeClosed, "This is closed.")
	}
	c, no := s.cleanAnswer(&it.form, c)
	if no != nil {
		return nil, no
	}
	seat := s.seatOfID(p.ID)
	before := it.sheet.get(seat)
	switch {
	case before != 0 && it.form.final():
		return nil, refuse(CodeConflict, "You have answered already. This answer is final.")
	case it.form.Anonymous:
		return []Fact{InteractionAnswered{ID: c.ID, Participant: p.ID}}, nil
	case before != 0 && it.form.Kind != InteractOpen && before == bitsOf(c.Choices):
		return nil, nil
	}
	return []Fact{InteractionAnswered{c.ID, p.ID, c.Choices, c.Text}}, nil
}

// cleanAnswer gives an answer as it is counted, or says what does not fit.
func (s *State) cleanAnswer(f *InteractionForm, c InteractionAnswer) (clean InteractionAnswer, no *Refusal) {
	clean.ID = c.ID
	switch f.Kind {
	case InteractOpen:
		if clean.Text, no = paragraph("text", c.Text, MaxOpenAnswer, true); no == nil {
			clean.Text, no = s.filtered("text", clean.Text)
		}
	case InteractWords:
		if clean.Words, no = cleanWords(c.Words, f.Most); no == nil {
			no = s.welcomeWords(clean.Words)
		}
	default:
		clean.Choices, no = cleanChoices(c.Choices, f.choices(), max(f.Most, 1))
	}
	return clean, no
}

// welcomeWords refuses words that the room's filter does not want: masked they
// would say nothing in a cloud.
func (s *State) welcomeWords(words []string) *Refusal {
	for _, word := range words {
		if shown, no := s.filtered("words", word); no != nil || shown != word {
			return invalid("words", "has a word that is not welcome here")
		}
	}
	return nil
}

func cleanChoices(all []int, of, most int) ([]int, *Refusal) {
	all = slices.Compact(slices.Sorted(slices.Values(all)))
	if len(all) == 0 || len(all) > most || all[0] < 0 || all[len(all)-1] >= of {
		return nil, invalid("choices", "are numbers of what can be chosen, from 0, and not too many")
	}
	return all, nil
}

// cleanWords makes words comparable: lower case, without signs at their ends.
func cleanWords(all []string, most int) (words []string, no *Refusal) {
	if len(all) > most {
		return nil, invalid("words", "are too many")
	}
	for _, word := range all {
		word = strings.TrimFunc(strings.ToLower(cleanLine(word)), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
		switch {
		case !visible(word) || slices.Contains(words, word):
			continue
		case utf8.RuneCountInString(word) > MaxCloudWord:
			return nil, invalid("words", "are too long")
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return nil, invalid("words", "are required")
	}
	return words, nil
}

// Ballot gives what an accepted anonymous answer adds one to: numbers, words
// or a text. Of others, which the log holds, it gives nothing.
func (s *State) Ballot(c InteractionAnswer) []string {
	it, ok := s.interaction(c.ID)
	if !ok || !it.form.Anonymous {
		return nil
	}
	clean, no := s.cleanAnswer(&it.form, c)
	switch {
	case no != nil:
		return nil
	case it.form.Kind == InteractOpen:
		return []string{clean.Text}
	case it.form.Kind == InteractWords:
		return clean.Words
	}
	return numbers(clean.Choices)
}

func (s *State) foldAnswered(at Seq, f InteractionAnswered) {
	seat := s.seatOfID(f.Participant)
	it := s.editInteraction(f.ID)
	if seat < 0 || it.place == 0 {
		return
	}
	before, after := answered(it.sheet.get(seat)), uint32(1)
	switch {
	case it.form.Anonymous:
	case it.form.Kind == InteractOpen:
		after = uint32(at - it.place)
	default:
		after = bitsOf(f.Choices)
		it.count(before, -1)
		it.count(after, 1)
	}
	if before == 0 {
		it.answers++
	}
	it.sheet.put(seat, after, s.by)
}

func (it *interaction) count(bits uint32, by int) {
	for _, choice := range choicesOf(bits) {
		if choice < len(it.counts) {
			it.counts[choice] += by
		}
	}
}

// bitsOf writes choices as bits; 0 is no answer.
func bitsOf(choices []int) (bits uint32) {
	for _, choice := range choices {
		bits |= 1 << choice
	}
	return bits
}

func choicesOf(bits uint32) (choices []int) {
	for choice := range MaxOptions {
		if bits&(1<<choice) != 0 {
			choices = append(choices, choice)
		}
	}
	return choices
}

// sheet holds one small number for each seat that has answered, in blocks of
// as many bytes as needed. Copy on write by blocks.
type sheet struct {
	width  int // bytes
	blocks []*sheetBlock
	by     *ownership
}

type sheetBlock struct {
	by   *ownership
	data []byte
}

const sheetSeats = 256 // of one block

// newSheet makes room for answers of a form: that somebody has answered takes
// a byte, what they chose two, where in the log the text stands four.
func newSheet(f *InteractionForm) sheet {
	switch {
	case f.Anonymous:
		return sheet{width: 1}
	case f.Kind == InteractOpen:
		return sheet{width: 4}
	}
	return sheet{width: 2}
}

func (x *sheet) get(seat int32) (n uint32) {
	b := int(seat) / sheetSeats
	if seat < 0 || b >= len(x.blocks) || x.blocks[b] == nil {
		return 0
	}
	at := int(seat) % sheetSeats * x.width
	for i := range x.width {
		n |= uint32(x.blocks[b].data[at+i]) << (8 * i)
	}
	return n
}

func (x *sheet) put(seat int32, n uint32, by *ownership) {
	b := int(seat) / sheetSeats
	if x.by != by || b >= len(x.blocks) {
		blocks := make([]*sheetBlock, max(len(x.blocks), b+1))
		copy(blocks, x.blocks)
		x.blocks, x.by = blocks, by
	}
	switch block := x.blocks[b]; {
	case block == nil:
		x.blocks[b] = &sheetBlock{by, make([]byte, sheetSeats*x.width)}
	case block.by != by:
		x.blocks[b] = &sheetBlock{by, slices.Clone(block.data)}
	}
	at := int(seat) % sheetSeats * x.width
	for i := range x.width {
		x.blocks[b].data[at+i] = byte(n >> (8 * i))
	}
}

// all gives every seat with a number, in rising order.
func (x *sheet) all(yield func(seat int32, n uint32) bool) {
	for b, block := range x.blocks {
		if block == nil {
			continue
		}
		for i := range int32(sheetSeats) {
			seat := int32(b)*sheetSeats + i
			if n := x.get(seat); n != 0 && !yield(seat, n) {
				return
			}
		}
	}
}
