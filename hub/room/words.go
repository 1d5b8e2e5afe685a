package room

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Filter is words that are not welcome: in the chat, in questions, and in
// answers that others see. They are masked, or the text is refused. The site's
// filter holds in every room; a room adds its own. What staff write to all is
// theirs to answer for, and the backchannel is not filtered.
type Filter struct {
	Words  []string `json:"words,omitempty"`
	Refuse bool     `json:"refuse,omitempty"`
}

// Bounds of the filter, which is part of a snapshot.
const (
	MaxWords    = 200
	MaxWord     = 40 // code points
	filterBytes = 4 << 10
)

// clean gives the filter as it is kept: words once each, in order.
func (f Filter) clean() (Filter, *Refusal) {
	kept, bytes := Filter{Refuse: f.Refuse}, 0
	for _, given := range f.Words {
		word := strings.ToLower(cleanLine(given))
		if word == "" {
			continue
		}
		if spell(word) == "" || strings.ContainsFunc(word, breaksWord) || utf8.RuneCountInString(word) > MaxWord {
			return kept, invalid("filter.words", "are single words of at most 40 letters and digits")
		}
		bytes += len(word)
		kept.Words = append(kept.Words, word)
	}
	slices.Sort(kept.Words)
	kept.Words = slices.Compact(kept.Words)
	if len(kept.Words) > MaxWords || bytes > filterBytes {
		return kept, invalid("filter.words", "are too many")
	}
	return kept, nil
}

// normal gives the words as they are compared.
func (f Filter) normal() (all []string) {
	for _, word := range f.Words {
		all = append(all, spell(word))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// mask is what a letter of an unwelcome word becomes.
const mask = '•'

// checkWords judges the site's own list.
func checkWords(c *SiteChange) *Refusal {
	if c.Words == nil {
		return nil
	}
	clean, no := Filter{Words: *c.Words}.clean()
	if no != nil {
		return invalid("words", no.Fields["filter.words"])
	}
	if clean.Words == nil {
		clean.Words = []string{}
	}
	c.Words = &clean.Words
	return nil
}

// filtered masks or refuses the unwelcome words of a text. It looks at each
// character once and at each word once, whatever the lists.
func (s *State) filtered(field, text string) (string, *Refusal) {
	site := s.Site()
	if len(s.words) == 0 && len(site.Unwelcome) == 0 {
		return text, nil
	}
	refused := false
	masked := mapWords(text, func(word string) string {
		here, anywhere := among(s.words, word), among(site.Unwelcome, word)
		if !here && !anywhere {
			return word
		}
		refused = refused || here && s.Settings().Filter.Refuse || anywhere && site.Filter.Refuse
		return strings.Map(func(rune) rune { return mask }, word)
	})
	if refused {
		return "", invalid(field, "has a word that is not welcome here")
	}
	return masked, nil
}

// among says whether a word is on a list. Signs before it may be letters of it
// or not.
func among(list []string, word string) bool {
	_, is := slices.BinarySearch(list, spell(word))
	if bare := strings.TrimLeft(word, "@$!"); !is && len(bare) < len(word) {
		_, is = slices.BinarySearch(list, spell(bare))
	}
	return is
}

// welcomeName refuses a name that somebody gave themselves, if it holds a word
// that is not welcome: a mask would be no name.
func (s *State) welcomeName(field, name string) *Refusal {
	if kept, no := s.filtered(field, name); no != nil || kept != name {
		return invalid(field, "has a word that is not welcome here")
	}
	return nil
}

// mapWords gives a text with each word replaced, and all between as it was.
func mapWords(text string, replace func(word string) string) string {
	var out strings.Builder
	for rest := text; rest != ""; {
		end := strings.IndexFunc(rest, breaksWord)
		if end == 0 {
			_, size := utf8.DecodeRuneInString(rest)
			out.WriteString(rest[:size])
			rest = rest[size:]
			continue
		}
		if end < 0 {
			end = len(rest)
		}
		out.WriteString(replace(rest[:end]))
		rest = rest[end:]
	}
	return out.String()
}

// breaksWord says whether a character stands between words. Signs that are
// written for letters belong to them.
func breaksWord(r rune) bool {
	r = plainLetter(r)
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !mark(r) && !joins(r) && r != '@' && r != '$' && r != '!'
}

// spelled maps what is written for a letter, and letters of other scripts that
// look like one.
var spelled = map[rune]rune{
	'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i',
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i', 'ѕ': 's', 'к': 'k', 'м': 'm', 'т': 't', 'н': 'h', 'в': 'b',
	'α': 'a', 'ο': 'o', 'ρ': 'p', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'τ': 't', 'υ': 'u',
	'ä': 'a', 'á': 'a', 'à': 'a', 'â': 'a', 'ã': 'a', 'å': 'a', 'ö': 'o', 'ó': 'o', 'ò': 'o', 'ô': 'o', 'õ': 'o', 'ø': 'o',
	'ü': 'u', 'ú': 'u', 'ù': 'u', 'û': 'u', 'é': 'e', 'è': 'e', 'ê': 'e', 'ë': 'e', 'í': 'i', 'ì': 'i', 'î': 'i', 'ï': 'i', 'ñ': 'n', 'ç': 'c',
}

// alphabets are where wide, bold, slanted and framed letters and figures stand
// one after another (the compatibility forms of UAX 15), as often as they do.
var alphabets = []struct{ from, to, first, size rune }{
	{'０', '９', '0', 10}, {'Ａ', 'Ｚ', 'a', 26}, {'ａ', 'ｚ', 'a', 26},
	{'Ⓐ', 'ⓩ', 'a', 26}, {0x1F130, 0x1F149, 'a', 26}, {0x1F150, 0x1F169, 'a', 26}, {0x1F170, 0x1F189, 'a', 26},
	{0x1D400, 0x1D6A3, 'a', 26}, {0x1D7CE, 0x1D7FF, '0', 10},
}

// plainLetter gives the letter or figure that such a one stands for.
func plainLetter(r rune) rune {
	if r < 'Ⓐ' {
		return r
	}
	for _, all := range alphabets {
		if r >= all.from && r <= all.to {
			return all.first + (r-all.from)%all.size
		}
	}
	return r
}

// spell gives a word as it is compared: small letters without marks, letters
// for what is written in their place, each once where it is drawn out, and no
// signs behind it.
func spell(word string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range strings.TrimRight(word, "!") {
		if mark(r) || joins(r) {
			continue
		}
		r = unicode.ToLower(plainLetter(r))
		if letter, other := spelled[r]; other {
			r = letter
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
