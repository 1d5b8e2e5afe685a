package mail

import (
	"embed"
	"encoding/base64"
	"fmt"
	htmltemplate "html/template"
	netmail "net/mail"
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
	Code     string // the six digits, likewise
	Subject  string // one line
	Text     string
	HTML     string
	Method   string          // of the calendar entry: REQUEST or CANCEL; empty: PUBLISH
	Calendar []byte          // text/calendar
	Picture  []byte          // PNG of the link, which HTML shows by its Content-ID; empty: it does not
	ReplyTo  netmail.Address // empty: the sender
}

// Shown is the HTML with its picture in it, for a browser.
func (m Message) Shown() string {
	picture := "data:image/png;base64," + base64.StdEncoding.EncodeToString(m.Picture)
	return strings.ReplaceAll(m.HTML, `src="cid:`+pictureName+`"`, `src="`+picture+`"`)
}

//go:embed templates
var files embed.FS

// language is what is written in one language.
type language struct {
	code   string
	source Source // of the invitation
	parsed *Template
	kinds  map[string]letters // of the notices
	months [12]string
	days   [7]string
	date   string            // of weekday, day, month and year
	clock  string            // as package time writes it
	roles  map[string]string // by type of invitation
	alt    string            // of the picture of a link
	zones  map[string]string // other abbreviations of zones
}

// letters are the templates of one kind of notice, or of a code.
type letters struct {
	subject *texttemplate.Template
	text    *texttemplate.Template
	html    *htmltemplate.Template
	frame   string
}

var languages = map[string]*language{
	"en": load(language{code: "en",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		days:   [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		date:   "%s, %d %s %d", clock: "15:04",
		roles: map[string]string{"viewer": "viewer", "speaker": "speaker", "moderator": "moderator"}, alt: "QR code of your personal link"}),
	"de": load(language{code: "de",
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		days:   [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		date:   "%s, %d. %s %d", clock: "15:04 Uhr",
		roles: map[string]string{"viewer": "Zuschauer", "speaker": "Vortrag", "moderator": "Moderation"}, alt: "QR-Code Ihres persönlichen Links",
		zones: map[string]string{"CET": "MEZ", "CEST": "MESZ"}}),
}

func load(l language) *language {
	l.source = Source{Subject: strings.TrimRight(text(l.code, "subject"), "\n"), HTML: text(l.code, "html"), Text: text(l.code, "txt")}
	var faults []*Fault
	if l.parsed, faults = ParseTemplate(l.source); len(faults) > 0 {
		panic(faults[0])
	}
	l.kinds = map[string]letters{}
	for kind, frame := range map[string]string{"moved": "notice.html", "renamed": "notice.html", "cancelled": "notice.html", "code": "code.html"} {
		base := "templates/" + l.code + "/" + kind + "."
		l.kinds[kind] = letters{
			subject: texttemplate.Must(texttemplate.ParseFS(files, base+"subject")),
			text:    texttemplate.Must(texttemplate.ParseFS(files, base+"txt")),
			html:    htmltemplate.Must(htmltemplate.ParseFS(files, base+"html", "templates/"+frame, "templates/head.html")),
			frame:   frame,
		}
	}
	return &l
}

func text(code, part string) string {
	content, err := files.ReadFile("templates/" + code + "/invitation." + part)
	if err != nil {
		panic(err)
	}
	return string(content)
}

// languageOf picks by the primary subtag.
func languageOf(tag string) *language {
	if l, ok := languages[primary(tag)]; ok {
		return l
	}
	return languages["en"]
}

func primary(tag string) string {
	first, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return first
}

// as is this language for texts of somebody else's in another one: what we cannot say in it is told
// as figures.
func (l *language) as(tag string) *language {
	if languageOf(tag).code == primary(tag) {
		return l
	}
	other := *l
	other.code, other.days, other.date, other.clock = tag, [7]string{}, "", "15:04"
	return &other
}

// write fills the templates of a notice or a code into a message.
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
	if l.date == "" {
		return t.Format(time.DateOnly)
	}
	return fmt.Sprintf(l.date, l.days[t.Weekday()], t.Day(), l.months[t.Month()-1], t.Year())
}

// short is the zone's abbreviation at a moment.
func (l *language) short(t time.Time) string {
	short := t.Format("MST")
	switch other := l.zones[short]; {
	case other != "":
		return other
	case strings.HasPrefix(short, "+"), strings.HasPrefix(short, "-"):
		return "UTC" + short
	}
	return short
}

// zone is the abbreviation with the zone's full name.
func (l *language) zone(t time.Time) string {
	short, name := l.short(t), t.Location().String()
	if short == name || name == "Local" {
		return short
	}
	return short + " (" + name + ")"
}
