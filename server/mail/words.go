package mail

import (
	"strings"
	"unicode"
)

// words makes a text that somebody typed fit to stand in a mail to somebody else: one line, at most
// limit characters, without control or direction characters, and without anything that a mail
// program would turn into a link by its scheme.
func words(text string, limit int) string {
	text = strings.ReplaceAll(header(text, limit), "://", ":/ /")
	return text
}

// paragraph is words for text of several lines.
func paragraph(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		text = string(runes[:limit-1]) + "…"
	}
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, words(line, limit))
	}
	return strings.Join(lines, "\n")
}

// header makes a text fit for one header line. The sender still encodes it (RFC 2047).
func header(text string, limit int) string {
	text = strings.Join(strings.Fields(strings.Map(visible, text)), " ")
	if runes := []rune(text); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return text
}

// visible turns line breaks and other controls into spaces and drops what only changes how the
// rest looks: directions, zero-width characters, tags.
func visible(r rune) rune {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return ' '
	case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d', r == unicode.ReplacementChar:
		return -1
	}
	return r
}
