package room

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{
		" Vera  Grün ": "Vera Grün", "a\nb\tc\u2028d\u0085e\vf": "a b c d e f", "\ufeffVera\u200b": "Vera", "a\x00b\u0007": "ab",
		"mod\u202eerator": "moderator", "\u2066x\u2069": "x", "\U000E0041x": "x", "a\uFFFCb\uFFFDc": "abc", "\uFFFFa": "a",
		"e\u0301\u0302\u0303\u0304": "e\u0301\u0302", "\u0301start": "start", "a \u0301b": "a b",
		"a\u0301\u0301\ufe0f\u0301\u0301": "a\u0301\u0301\ufe0f", "ä\u0301\u0301\u200d\u0301\u0301": "ä\u0301\u0301", "क्\u200dष": "क्\u200dष",
		"a\u200db": "ab", "\u200dx": "x", "x\u200d": "x", "नि\u200dन": "नि\u200dन", "👩\u200d🚀": "👩\u200d🚀", "❤️": "❤️", "a\ufe0f\ufe0f\ufe0fb": "a\ufe0fb",
		"\u2800\u2800": "", "\u3164Bob": "Bob", "\ue000x": "x", string([]byte{'a', 0xff, 'b'}): "ab", "🏴": "🏴", "न्": "न्",
	} {
		if got := cleanLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := cleanText(" a \r\n\r\n\r\n\r\nb\n c\u2029"); got != "a\n\nb\n c" {
		t.Errorf("%q", got)
	}
	for text, want := range map[string]bool{"": false, "\u0301": false, "\u200d": false, "x": true, "!": true, "1": true, "😀": true, "न": true, " ": false} {
		if visible(text) != want {
			t.Errorf("%q visible: %t", text, !want)
		}
	}
}

// Cleaning once is enough, and what is left is fit to show.
func TestCleanIsIdempotent(t *testing.T) {
	odd := []rune{'a', 'ä', ' ', '\n', '\r', '\t', 0x0301, 0x0302, 0xfe0f, 0x200d, 0x200c, 0x200b, 0x202e, 0x1f469, 0x1f680, 0x93f, 0x928, 0x2800, 0xa0, 0xfffd, 0x7f}
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(odd), rapid.Rune())).Draw(t, "text"))
		for name, clean := range map[string]func(string) string{"line": cleanLine, "text": cleanText} {
			once := clean(text)
			if twice := clean(once); twice != once {
				t.Fatalf("%s: %q then %q", name, once, twice)
			}
			marks := 0
			for _, r := range once {
				if r != '\n' && hidden(r) && !joins(r) || !utf8.ValidRune(r) || unicode.Is(unicode.Bidi_Control, r) {
					t.Fatalf("%s: %q has %U", name, once, r)
				}
				if unicode.In(r, unicode.Mn, unicode.Me) && !variation(r) {
					marks++
				} else if !joins(r) && !variation(r) {
					marks = 0
				}
				if marks > 2 {
					t.Fatalf("%s: %q has a tower of marks", name, once)
				}
			}
			if jsonBytes(once) < len(once)+2 {
				t.Fatal("too small")
			}
		}
	})
}
