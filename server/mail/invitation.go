package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strings"
	texttemplate "text/template"
	"time"
)

// Invitation is what an invitation mail says.
type Invitation struct {
	To        string // the invited address, already judged by whoever accepted it
	FirstName string
	LastName  string
	Type      string // viewer, speaker or moderator
	Language  string // of the reader, as in BCP 47; anything but German is answered in English

	Title    string
	Host     string // who invites: a name
	StartsAt time.Time
	Zone     *time.Location // the organiser's; nil: UTC

	Link     string // the personal link with its secret
	Expires  time.Time
	Devices  int    // 0 counts as 1
	Again    bool   // a new link replaces an earlier one
	Calendar []byte // the room as a calendar file; without the link
}

// Message is one mail, ready for whoever sends it.
type Message struct {
	To       string
	ToName   string
	Language string // en or de
	Link     string // the personal link, which is in text and HTML too
	Subject  string // one line
	Text     string
	HTML     string
	Calendar []byte // to attach, text/calendar; method=PUBLISH
}

//go:embed templates
var files embed.FS

// language is what is written in one language.
type language struct {
	code    string
	subject *texttemplate.Template
	text    *texttemplate.Template
	html    *htmltemplate.Template
	months  [12]string
	days    [7]string
	date    func(day, month string, t time.Time) string
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
	dir := "templates/" + code + "/invitation."
	return &language{
		code:    code,
		subject: texttemplate.Must(texttemplate.ParseFS(files, dir+"subject")),
		text:    texttemplate.Must(texttemplate.ParseFS(files, dir+"txt")),
		html:    htmltemplate.Must(htmltemplate.ParseFS(files, dir+"html", "templates/frame.html")),
		months:  months, days: days, date: date,
	}
}

// languageOf picks by the primary subtag.
func languageOf(tag string) *language {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l, ok := languages[primary]; ok {
		return l
	}
	return languages["en"]
}

// view is what the templates see: everything in it is clean and in words.
type view struct {
	FirstName, Title, Host, Type    string
	Date, Time, Zone, Expires, Site string
	Link                            string
	Devices                         int
	Again                           bool
}

// Render writes the mail. It fails only for a link that is not a web address.
func Render(in Invitation) (Message, error) {
	link, err := url.Parse(in.Link)
	if err != nil || link.Host == "" || link.Scheme != "https" && link.Scheme != "http" {
		return Message{}, fmt.Errorf("mail: the link of an invitation is not a web address")
	}
	l := languageOf(in.Language)
	v := l.view(in, link.Host)
	m := Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120), Language: l.code, Link: in.Link, Calendar: in.Calendar}
	var subject, text, html strings.Builder
	if err := l.subject.Execute(&subject, v); err != nil {
		return Message{}, fmt.Errorf("mail: subject: %w", err)
	}
	if err := l.text.Execute(&text, v); err != nil {
		return Message{}, fmt.Errorf("mail: text: %w", err)
	}
	if err := l.html.ExecuteTemplate(&html, "frame.html", v); err != nil {
		return Message{}, fmt.Errorf("mail: html: %w", err)
	}
	m.Subject, m.Text, m.HTML = header(subject.String(), 200), text.String(), html.String()
	return m, nil
}

func (l *language) view(in Invitation, site string) view {
	zone := in.Zone
	if zone == nil {
		zone = time.UTC
	}
	starts, expires := in.StartsAt.In(zone), in.Expires.In(zone)
	return view{
		FirstName: words(in.FirstName, 60), Title: words(in.Title, 120), Host: words(in.Host, 80), Type: in.Type,
		Date: l.day(starts), Time: starts.Format("15:04"), Zone: starts.Format("MST"),
		Expires: l.day(expires) + ", " + expires.Format("15:04 MST"), Site: site,
		Link: in.Link, Devices: max(in.Devices, 1), Again: in.Again,
	}
}

func (l *language) day(t time.Time) string {
	return l.date(l.days[t.Weekday()], l.months[t.Month()-1], t)
}
