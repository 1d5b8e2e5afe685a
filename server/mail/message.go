package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"
)

// Message is one mail, ready for whoever sends it.
type Message struct {
	ID       string // the same at every attempt; the left side of the Message-ID
	To       string
	ToName   string
	Language string // en or de
	Link     string // the personal link, which is in text and HTML too; empty in a notice
	Subject  string // one line
	Text     string
	HTML     string
	Method   string // of the calendar entry: REQUEST or CANCEL; empty: PUBLISH
	Calendar []byte // text/calendar
}

//go:embed templates
var files embed.FS

// language is what is written in one language.
type language struct {
	code   string
	kinds  map[string]letters
	months [12]string
	days   [7]string
	date   func(day, month string, t time.Time) string
}

// letters are the templates of one kind of mail.
type letters struct {
	subject *texttemplate.Template
	text    *texttemplate.Template
	html    *htmltemplate.Template
	frame   string
}

var languages = map[string]*language{
	"en": load("en",
		[12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		[7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		func(day, month string, t time.Time) string {
			return fmt.Sprintf("%s, %d %s %d", day, t.Day(), month, t.Year())
		}),
	"de": load("de",
		[12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		[7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		func(day, month string, t time.Time) string {
			return fmt.Sprintf("%s, %d. %s %d", day, t.Day(), month, t.Year())
		}),
}

func load(code string, months [12]string, days [7]string, date func(day, month string, t time.Time) string) *language {
	l := &language{code: code, kinds: map[string]letters{}, months: months, days: days, date: date}
	for kind, frame := range map[string]string{"invitation": "frame.html", "moved": "notice.html", "cancelled": "notice.html"} {
		base := "templates/" + code + "/" + kind + "."
		l.kinds[kind] = letters{
			subject: texttemplate.Must(texttemplate.ParseFS(files, base+"subject")),
			text:    texttemplate.Must(texttemplate.ParseFS(files, base+"txt")),
			html:    htmltemplate.Must(htmltemplate.ParseFS(files, base+"html", "templates/"+frame)),
			frame:   frame,
		}
	}
	return l
}

// languageOf picks by the primary subtag.
func languageOf(tag string) *language {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l, ok := languages[primary]; ok {
		return l
	}
	return languages["en"]
}

// write fills the templates of a kind into a message.
func (l *language) write(kind string, v view, m Message) (Message, error) {
	t := l.kinds[kind]
	var subject, text, html strings.Builder
	if err := t.subject.Execute(&subject, v); err != nil {
		return Message{}, fmt.Errorf("mail: subject: %w", err)
	}
	if err := t.text.Execute(&text, v); err != nil {
		return Message{}, fmt.Errorf("mail: text: %w", err)
	}
	if err := t.html.ExecuteTemplate(&html, t.frame, v); err != nil {
		return Message{}, fmt.Errorf("mail: html: %w", err)
	}
	m.Language, m.Subject, m.Text, m.HTML = l.code, header(subject.String(), 200), text.String(), html.String()
	return m, nil
}

func (l *language) day(t time.Time) string {
	return l.date(l.days[t.Weekday()], l.months[t.Month()-1], t)
}
