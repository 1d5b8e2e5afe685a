package room

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanLine makes one line of display text: names, titles. Controls, bidi
// controls and invisible characters go, white space becomes single blanks, at
// most two combining marks stay on a letter (UTS 39 calls such text spoofing).
func cleanLine(text string) string {
	return strings.Join(strings.Fields(clean(text, false)), " ")
}

// cleanText is cleanLine for text of several lines: line breaks stay, at most
// two in a row.
func cleanText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	lines := strings.Split(clean(text, true), "\n")
	kept := lines[:0]
	for _, line := range lines {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" && len(kept) > 0 && kept[len(kept)-1] == "" {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

func clean(text string, breaks bool) string {
	var b strings.Builder
	b.Grow(len(text))
	marks := 0
	var last rune = ' '
	for i, r := range text {
		switch {
		case r == '\n' && breaks:
		case r == '\t', r == '\n', r == '\r', r == '\u2028', r == '\u2029':
			r = ' '
		case joins(r):
			// Emoji and some scripts need joiners, but only between letters.
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			if unicode.IsSpace(last) || joins(last) || next == utf8.RuneError || unicode.IsSpace(next) || next < 0x80 {
				continue
			}
		case hidden(r):
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me) && !variation(r) {
			if marks++; marks > 2 {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

func variation(r rune) bool { return r == '\ufe0e' || r == '\ufe0f' }

// hidden says whether a character has no place in display text: controls,
// formats (bidi controls, zero-width, byte order mark, tags), private use,
// unassigned specials.
func hidden(r rune) bool {
	if r >= 0xE0020 && r <= 0xE007F {
		return true // tags
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) ||
		unicode.Is(unicode.Cs, r) || r == utf8.RuneError || r >= 0xFFF0 && r <= 0xFFFB ||
		r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' // Hangul fillers are invisible
}

// line checks a required or optional one-line field.
func line(field, text string, most int, required bool) (string, *Refusal) {
	return checked(field, cleanLine(text), most, required)
}

func paragraph(field, text string, most int, required bool) (string, *Refusal) {
	return checked(field, cleanText(text), most, required)
}

func checked(field, text string, most int, required bool) (string, *Refusal) {
	if text == "" && required {
		return "", invalid(field, "is required")
	}
	if utf8.RuneCountInString(text) > most {
		return "", &Refusal{Code: CodeInvalid, Message: "This text is too long: " + field + ".", Fields: map[string]string{field: "is too long"}}
	}
	return text, nil
}

// fold makes text comparable for search: lower case.
func fold(text string) string { return strings.ToLower(text) }
