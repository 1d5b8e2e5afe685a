package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	netmail "net/mail"
	"strings"
	"time"
)

// Message is one mail, ready for whoever sends it.
type Message struct {
	ID       string // the same at every attempt; the left side of the Message-ID
	To       string
	ToName   string
	Language string // en or de
	Link     string // the personal link, which is in text and HTML too; empty where there is none
	Code     string // the six digits, likewise
	Subject  string // one line
	Text     string
	HTML     string
	Method   string          // of the calendar entry: REQUEST or CANCEL; empty: PUBLISH
	Calendar []byte          // text/calendar
	Picture  []byte          // PNG of the link, which HTML shows by its Content-ID; empty: it does not
	Logo     Picture         // likewise
	ReplyTo  netmail.Address // empty: the sender
}

// Shown is the HTML with its pictures in it, for a browser.
func (m Message) Shown() string {
	return strings.NewReplacer(
		`src="cid:`+pictureName+`"`, `src="`+Picture{"image/png", m.Picture}.inline()+`"`,
		`src="cid:`+m.Logo.name()+`"`, `src="`+m.Logo.inline()+`"`,
	).Replace(m.HTML)
}

//go:embed templates
var files embed.FS

// language is what is written in one language.
type language struct {
	code    string
	sources map[Kind]Source
	parsed  map[Kind]*Template
	months  [12]string
	days    [7]string
	date    string            // of weekday, day, month and year
	clock   string            // as package time writes it
	roles   map[string]string // by type of invitation
	alt     string            // of the picture of a link
	zones   map[string]string // other abbreviations of zones
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
	l.sources, l.parsed = map[Kind]Source{}, map[Kind]*Template{}
	for _, kind := range kinds {
		base := "templates/" + l.code + "/" + string(kind) + "."
		source := Source{Subject: strings.TrimRight(text(base+"subject"), "\n"), HTML: text(base + "html"), Text: text(base + "txt")}
		parsed, faults := ParseTemplate(kind, source)
		if len(faults) > 0 {
			panic(faults[0])
		}
		l.sources[kind], l.parsed[kind] = source, parsed
	}
	return &l
}

func text(path string) string {
	content, err := files.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return string(content)
}

// pick gives a template and the language that it is filled in: an author's, else ours for the reader.
func pick(kind Kind, tag string, given *Template) (*language, *Template) {
	l := languageOf(tag)
	if given == nil || given.kind != kind {
		return l, l.parsed[kind]
	}
	return l.as(tag), given
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

var frames = htmltemplate.Must(htmltemplate.ParseFS(files, "templates/frame.html"))

// write fills a template into a message, and puts the site's page around what the author wrote, which
// is clean.
func (l *language) write(t *Template, f filling, look Look, m Message) (Message, error) {
	light, dark := look.shades()
	f.paint = light
	m.Language, m.Logo = l.code, look.Logo
	m.Subject, m.Text = header(f.plain(t.subject), 200), f.plain(t.text)
	var page strings.Builder
	err := frames.ExecuteTemplate(&page, "frame.html", map[string]any{"Language": l.code, "Title": m.Subject, "Site": words(look.Site, 120), "Logo": look.emblem(),
		"Light": light, "Dark": dark, "Body": htmltemplate.HTML(f.html(t.html))})
	if err != nil {
		return Message{}, fmt.Errorf("mail: html: %w", err)
	}
	m.HTML = page.String()
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
