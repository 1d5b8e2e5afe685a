package mail

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of a template's source, in bytes, and of what it consists of.
const (
	MaxSubject = 300
	MaxHTML    = 24 << 10
	MaxText    = 12 << 10
	maxPieces  = 400 // texts, tokens and conditions of one field
	maxNested  = 20  // conditions and elements within each other
)

// Source is a mail of one kind in one language as its author writes it. Words in braces are tokens
// ({title}) and conditions ({if speaker} … {else} … {end}); {{ is a brace. The markup of HTML is
// that of markup.go: no script, no style, no image, links to http, https and mailto alone.
type Source struct {
	Subject string // one line, without markup
	HTML    string // what stands in the frame
	Text    string
}

// Fault is what is wrong in a field of a Source, and where. Lines and columns count from 1, columns
// in code points.
type Fault struct {
	Field        string // subject, html or text
	Line, Column int
	Says         string
}

// Error implements error.
func (f *Fault) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Says)
}

// Template is a Source that was read.
type Template struct {
	kind                Kind
	subject, html, text []piece
}

// piece is a part of a template: a literal, which stands in the mail as it is, or a token, or a
// condition with what it chooses from.
type piece struct {
	literal     string
	token       string
	bare        bool   // the token's value stands in an attribute
	paint       string // the literal begins an element, which this look in the site's colours ends
	when        string
	then, other []piece
}

// ParseTemplate reads a source of a known kind. Each field that is wrong is told by its first fault; without any,
// the template is good.
func ParseTemplate(kind Kind, s Source) (*Template, []*Fault) {
	var faults []*Fault
	read := func(field, source string, most int, scan func(*reader)) []piece {
		r := &reader{allowed: table[kind], field: field, source: source}
		if r.bounds(most); r.fault == nil {
			scan(r)
		}
		pieces := r.finish()
		if r.fault != nil {
			faults = append(faults, r.fault)
		}
		return pieces
	}
	t := &Template{
		kind:    kind,
		subject: read("subject", s.Subject, MaxSubject, (*reader).line),
		html:    read("html", s.HTML, MaxHTML, (*reader).markup),
		text:    read("text", s.Text, MaxText, (*reader).plain),
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return t, nil
}

// reader reads one field.
type reader struct {
	allowed
	field, source string
	fault         *Fault
	root          []piece
	open          []level // what is open, innermost last
	count         int
	used          map[string]int
	there         bool // what is needed is, whatever the conditions say
}

// level is an open element or condition.
type level struct {
	element     string // empty: a condition
	at          int
	when        string
	then, other []piece
	elsewhere   bool // behind {else}
}

func (r *reader) bounds(most int) {
	switch {
	case len(r.source) > most:
		r.wrong(0, fmt.Sprintf("this is longer than %d bytes", most))
	case !utf8.ValidString(r.source):
		r.wrong(0, "this is not UTF-8")
	case strings.TrimSpace(r.source) == "":
		r.wrong(0, "there is nothing")
	default:
		for at, c := range r.source {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
				r.wrong(at, "there is a control character")
				return
			}
		}
	}
}

// wrong notes the first fault, by its place in the source.
func (r *reader) wrong(at int, says string) {
	if r.fault != nil {
		return
	}
	before := r.source[:min(at, len(r.source))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	r.fault = &Fault{r.field, line, column, says}
}

// line reads a subject.
func (r *reader) line() {
	if at := strings.IndexAny(r.source, "\r\n\t"); at >= 0 {
		r.wrong(at, "a subject is one line")
		return
	}
	r.words(0, r.source, func(text string) string { return text })
}

// plain reads a text.
func (r *reader) plain() {
	r.words(0, r.source, func(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") })
}

// words reads text with braces, which begins at a place of the source. clean makes the text in
// between fit for the mail.
func (r *reader) words(at int, text string, clean func(string) string) {
	for text != "" && r.fault == nil {
		brace := strings.IndexByte(text, '{')
		switch {
		case brace < 0:
			r.add(at, piece{literal: clean(text)})
			return
		case strings.HasPrefix(text[brace:], "{{"):
			r.add(at, piece{literal: clean(text[:brace+1])})
			at, text = at+brace+2, text[brace+2:]
			continue
		case brace > 0:
			r.add(at, piece{literal: clean(text[:brace])})
			at, text = at+brace, text[brace:]
		}
		end := strings.IndexByte(text, '}')
		if end < 0 {
			r.wrong(at, "this brace is not closed; write {{ for a brace")
			return
		}
		r.braces(at, text[1:end])
		at, text = at+end+1, text[end+1:]
	}
}

// braces reads what stands between two of them.
func (r *reader) braces(at int, said string) {
	switch {
	case strings.HasPrefix(said, "if "):
		r.begin(at, strings.TrimPrefix(said, "if "))
	case said == "else":
		r.otherwise(at)
	case said == "end":
		r.end(at)
	case !slices.Contains(r.tokens, said):
		r.wrong(at, quote(said)+" is no token here; there are "+strings.Join(r.tokens, ", "))
	case slices.Contains(notIn[r.field], said):
		r.wrong(at, quote(said)+" cannot stand here")
	default:
		r.add(at, piece{token: said})
	}
}

// quote shows what an author wrote, cut short.
func quote(said string) string {
	if runes := []rune(said); len(runes) > 30 {
		said = string(runes[:30]) + "…"
	}
	return "{" + said + "}"
}

func (r *reader) begin(at int, when string) {
	if !slices.Contains(r.conditions, when) {
		r.wrong(at, quote("if "+when)+" is no condition here; there are "+cmp.Or(strings.Join(r.conditions, ", "), "none"))
		return
	}
	r.push(level{at: at, when: when})
}

func (r *reader) push(l level) {
	if r.open = append(r.open, l); len(r.open) > maxNested {
		r.wrong(l.at, "this is nested too deeply")
	}
}

func (r *reader) otherwise(at int) {
	l := r.innermost()
	if l == nil || l.element != "" || l.elsewhere {
		r.wrong(at, "{else} has no {if …}")
		return
	}
	l.elsewhere = true
}

func (r *reader) end(at int) {
	l := r.innermost()
	switch {
	case l == nil:
		r.wrong(at, "{end} has no {if …}")
	case l.element != "":
		r.wrong(at, "{end} stands within <"+l.element+">, which is not closed")
	default:
		done := *l
		r.open = r.open[:len(r.open)-1]
		r.add(at, piece{when: done.when, then: done.then, other: done.other})
	}
}

func (r *reader) innermost() *level {
	if len(r.open) == 0 {
		return nil
	}
	return &r.open[len(r.open)-1]
}

// condition is the innermost open condition.
func (r *reader) condition() *level {
	for i := range slices.Backward(r.open) {
		if r.open[i].element == "" {
			return &r.open[i]
		}
	}
	return nil
}

func (r *reader) add(at int, p piece) {
	if r.count++; r.count > maxPieces {
		r.wrong(at, "these are too many tokens")
	}
	l := r.condition()
	if p.token != "" {
		r.use(at, p.token, l == nil)
	}
	switch {
	case l == nil:
		r.root = append(r.root, p)
	case l.elsewhere:
		l.other = append(l.other, p)
	default:
		l.then = append(l.then, p)
	}
}

// use counts a token.
func (r *reader) use(at int, token string, always bool) {
	if r.used == nil {
		r.used = map[string]int{}
	}
	r.used[token]++
	r.there = r.there || always && token == r.needed
	if r.used[token] > 1 && slices.Contains(onceIn, token) {
		r.wrong(at, quote(token)+" may stand here once")
	}
}

// finish looks for what is missing at the end.
func (r *reader) finish() []piece {
	if l := r.innermost(); l != nil && r.fault == nil {
		what := quote("if " + l.when)
		if l.element != "" {
			what = "<" + l.element + ">"
		}
		r.wrong(l.at, what+" is not closed")
	}
	if r.field != "subject" && r.needed != "" && !r.there {
		r.wrong(len(r.source), "{"+r.needed+"} is missing, or only there on a condition")
	}
	return r.root
}

// filling is what a template is filled with.
type filling struct {
	values map[string]string // of tokens, clean
	holds  map[string]bool   // conditions
	paint  shades
}

func (f filling) plain(pieces []piece) string {
	var b strings.Builder
	f.write(&b, pieces, func(_ piece, value string) string { return value })
	return b.String()
}

func (f filling) html(pieces []piece) string {
	var b strings.Builder
	f.write(&b, pieces, inMarkup)
	return b.String()
}

// write puts the pieces together; show makes a value fit for its place.
func (f filling) write(b *strings.Builder, pieces []piece, show func(p piece, value string) string) {
	for _, p := range pieces {
		switch {
		case p.token != "":
			b.WriteString(show(p, f.values[p.token]))
		case p.paint != "":
			b.WriteString(p.literal + ` style="` + painted[p.paint](f.paint) + `">`)
		case p.when == "":
			b.WriteString(p.literal)
		case f.holds[p.when]:
			f.write(b, p.then, show)
		default:
			f.write(b, p.other, show)
		}
	}
}

// BuiltIn is the mail of a kind that we write ourselves in a language.
func BuiltIn(kind Kind, code string) (Source, bool) {
	l, ok := languages[code]
	if !ok || !kind.Known() {
		return Source{}, false
	}
	return l.sources[kind], true
}

// BuiltIns lists the languages of ours.
func BuiltIns() []string { return slices.Sorted(maps.Keys(languages)) }

// Speaks says whether we ourselves write to readers of this language.
func Speaks(tag string) bool { return languageOf(tag).code == primary(tag) }
