package room

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanLine makes one line of display text: names, titles. Controls, bidi
// controls and invisible characters go, white space becomes single blanks, at
// most two combining marks stay on a letter (UTS 39 calls such text spoofing).
// Composing the marks (NFC) is the border's: it needs tables.
func cleanLine(text string) string {
	return strings.Join(strings.Fields(clean(text, false)), " ")
}

// Line gives a name as a room keeps it, for whoever judges or shows it before.
func Line(text string) string { return cleanLine(text) }

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
	runes := bare(text, breaks)
	var base rune = ' ' // what the marks stand on; ' ' takes none
	var last rune = ' '
	marks := 0
	for i, r := range runes {
		switch {
		case joins(r):
			// Emoji and some scripts need joiners, but only between letters.
			if i+1 == len(runes) || !joinable(last) || !joinable(runes[i+1]) || mark(runes[i+1]) {
				continue
			}
		case variation(r):
			if unicode.IsSpace(last) || variation(last) {
				continue
			}
		case mark(r):
			if marks++; marks > 2 || unicode.IsSpace(base) {
				continue
			}
		default:
			base, marks = r, 0
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// bare takes out what is never shown and turns white space into blanks.
func bare(text string, breaks bool) []rune {
	runes := make([]rune, 0, len(text))
	for _, r := range text {
		switch {
		case r == '\n' && breaks:
		case unicode.IsSpace(r) || r == '\u2800': // an empty braille cell looks like a blank
			if r < ' ' || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\u2800' {
				r = ' '
			}
		case !joins(r) && hidden(r):
			continue
		}
		runes = append(runes, r)
	}
	return runes
}

func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

func joinable(r rune) bool { return r >= 0x80 && !unicode.IsSpace(r) && !joins(r) }

func mark(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }

func variation(r rune) bool { return r == '\ufe0e' || r == '\ufe0f' }

// hidden says whether a character has no place in display text: controls,
// formats (bidi controls, zero-width, byte order mark, tags), private use,
// specials, what is no character.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) ||
		r >= 0xFFF0 && r <= 0xFFFF || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF ||
		r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u17b4' || r == '\u17b5' || r == '\u3164' || r == '\uffa0' || // look like nothing
		r >= 0x180B && r <= 0x180F || r >= 0xE0000 && r <= 0xE0FFF
}

// visible says whether there is anything to see in a cleaned text.
func visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) })
}

// line checks a required or optional one-line field.
func line(field, text string, most int, required bool) (string, *Refusal) {
	return checked(field, cleanLine(text), most, required)
}

func paragraph(field, text string, most int, required bool) (string, *Refusal) {
	return checked(field, cleanText(text), most, required)
}

func checked(field, text string, most int, required bool) (string, *Refusal) {
	if !visible(text) {
		if required {
			return "", invalid(field, "is required")
		}
		text = ""
	}
	if utf8.RuneCountInString(text) > most {
		return "", &Refusal{Code: CodeInvalid, Message: "This text is too long: " + field + ".", Fields: map[string]string{field: "is too long"}}
	}
	return text, nil
}
