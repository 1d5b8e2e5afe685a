package mailaddr

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// together are the scripts that one label may have side by side (UTS 39,
// "highly restrictive"); any other label keeps to one script.
var together = [][]*unicode.RangeTable{
	{unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana},
	{unicode.Latin, unicode.Han, unicode.Bopomofo},
	{unicode.Latin, unicode.Han, unicode.Hangul},
}

// International says whether a domain (A-labels) has letters beyond ASCII.
func International(domain string) bool { return Shown(domain) != domain }

// MixesScripts says whether a label of the domain (A-labels) has letters of
// scripts that nobody writes in one word, as Latin and Cyrillic.
func MixesScripts(domain string) bool {
	for label := range strings.SplitSeq(Shown(domain), ".") {
		if mixed(label) {
			return true
		}
	}
	return false
}

func mixed(label string) bool {
	if ofScripts(label, unicode.Latin) {
		return false
	}
	for _, tables := range together {
		if ofScripts(label, tables...) {
			return false
		}
	}
	for _, table := range unicode.Scripts {
		if ofScripts(label, table) {
			return false
		}
	}
	return true
}

func ofScripts(label string, tables ...*unicode.RangeTable) bool {
	return !strings.ContainsFunc(label, func(r rune) bool {
		return !unicode.In(r, unicode.Common, unicode.Inherited) && !unicode.In(r, tables...)
	})
}

// Skeleton is the same for domains (A-labels) that look alike. It is for
// warning people and never for comparing addresses.
func Skeleton(domain string) string {
	return pairs.Replace(strings.Map(looksLike, norm.NFD.String(Shown(domain))))
}

// pairs are two letters that look like one.
var pairs = strings.NewReplacer("rn", "m", "vv", "w")

func looksLike(r rune) rune {
	if latin, ok := lookalikes[r]; ok {
		return latin
	}
	return r
}

// lookalikes are the Latin letters and digits that small letters look like. It
// is the well-known part of what UTS 39 collects as confusables, in the same
// spirit and not whole; some are alike only as capitals. Domains have no case,
// so a typed I, which looks like l, is i here.
var lookalikes = map[rune]rune{
	'0': 'o', '1': 'l', 'i': 'l',
	'ı': 'l', 'ɩ': 'l', 'ǀ': 'l', 'ɑ': 'a', 'ɡ': 'g', 'ȷ': 'j', 'ƅ': 'b', 'ʋ': 'v', 'ɣ': 'y',
	'ʙ': 'b', 'ᴄ': 'c', 'ʜ': 'h', 'ɪ': 'l', 'ᴋ': 'k', 'ᴍ': 'm', 'ᴏ': 'o', 'ꜱ': 's', 'ᴛ': 't', 'ᴜ': 'u', 'ᴠ': 'v', 'ᴡ': 'w', 'ʏ': 'y', 'ᴢ': 'z',
	// Cyrillic
	'а': 'a', 'в': 'b', 'ь': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ҽ': 'e', 'ғ': 'f', 'һ': 'h', 'н': 'h', 'і': 'l', 'ӏ': 'l', 'ј': 'j', 'к': 'k',
	'м': 'm', 'п': 'n', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'ѵ': 'v', 'ԝ': 'w', 'ѡ': 'w', 'х': 'x', 'у': 'y', 'ү': 'y',
	'з': '3', 'б': '6',
	// Greek
	'α': 'a', 'β': 'b', 'η': 'n', 'ι': 'l', 'ϳ': 'j', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'σ': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'ω': 'w', 'χ': 'x', 'γ': 'y',
	// Coptic
	'ⲕ': 'k', 'ⲟ': 'o', 'ⲣ': 'p', 'ⲥ': 'c',
	// Zeros of other scripts
	'०': 'o', '੦': 'o', '૦': 'o', '௦': 'o', '౦': 'o', '೦': 'o', '൦': 'o', '๐': 'o', '໐': 'o', '၀': 'o',
	// Armenian
	'ց': 'g', 'հ': 'h', 'յ': 'j', 'լ': 'l', 'ո': 'n', 'օ': 'o', 'զ': 'q', 'ս': 'u', 'ա': 'w',
}
