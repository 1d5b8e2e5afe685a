package mail

import (
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Invitation is what an invitation mail says.
type Invitation struct {
	To        string // the invited address, already judged by whoever accepted it
	FirstName string
	LastName  string
	Type      string    // viewer, speaker or moderator
	Language  string    // of the reader or, where there is one, of the template; as in BCP 47
	Template  *Template // nil: the one we write in this language, or in English

	Title       string
	Description string
	Host        string // who invites: a name
	Site        string // the site's name; empty: the link's host
	StartsAt    time.Time
	Zone        *time.Location // the reader's; nil: UTC

	Link     string // the personal link with its secret
	Expires  time.Time
	Devices  int    // 0: as many as one likes
	Again    bool   // a new link replaces an earlier one
	Calendar []byte // METHOD:REQUEST, see package calendar; without the link
}

// view is what the templates of notices and codes see: everything in it is clean and in words.
type view struct{ FirstName, Title, Host, Date, Time, Zone, Site, Code string }

// Render writes the mail. It fails only for a link that is not a web address.
func Render(in Invitation) (Message, error) {
	link, err := url.Parse(in.Link)
	if err != nil || link.Host == "" || link.Scheme != "https" && link.Scheme != "http" {
		return Message{}, fmt.Errorf("mail: the link of an invitation is not a web address")
	}
	l := languageOf(in.Language)
	t := l.parsed
	if in.Template != nil {
		l, t = l.as(in.Language), in.Template
	}
	if in.Site == "" {
		in.Site = link.Host
	}
	f := l.filling(in)
	m := Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120), Link: in.Link, Language: l.code, Method: "REQUEST",
		Calendar: in.Calendar}
	m.Subject, m.Text = header(f.plain(t.subject), 200), f.plain(t.text)
	if m.HTML, err = l.frame(f.values["title"], f.html(t.html)); err != nil {
		return Message{}, err
	}
	if uses(t.html, "qr_code") {
		m.Picture, err = qrOf(in.Link)
	}
	return m, err
}

// filling is the invitation in clean words.
func (l *language) filling(in Invitation) filling {
	zone := in.Zone
	if zone == nil {
		zone = time.UTC
	}
	starts, expires := in.StartsAt.In(zone), in.Expires.In(zone)
	devices := strconv.Itoa(in.Devices)
	return filling{values: map[string]string{
		"first_name": words(in.FirstName, 60), "last_name": words(in.LastName, 60), "title": words(in.Title, 120),
		"description": paragraph(in.Description, 4000), "organiser": words(in.Host, 80), "site": words(in.Site, 120), "type": l.roles[in.Type],
		"start": l.day(starts) + ", " + starts.Format(l.clock) + " " + l.zone(starts),
		"date":  l.day(starts), "time": starts.Format(l.clock), "zone": l.zone(starts),
		"expires": l.day(expires) + ", " + expires.Format(l.clock) + " " + l.short(expires),
		"link":    in.Link, "devices": devices, "qr_code": l.alt,
	}, holds: map[string]bool{
		"viewer": in.Type == "viewer", "speaker": in.Type == "speaker", "moderator": in.Type == "moderator",
		"organiser": in.Host != "", "description": strings.TrimSpace(in.Description) != "", "again": in.Again,
		"several_devices": in.Devices > 1, "any_device": in.Devices == 0,
	}}
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

var frames = htmltemplate.Must(htmltemplate.ParseFS(files, "templates/frame.html", "templates/head.html"))

// frame puts the page around what an author wrote, which is clean.
func (l *language) frame(title, body string) (string, error) {
	var b strings.Builder
	err := frames.ExecuteTemplate(&b, "frame.html", map[string]any{"Language": l.code, "Title": title, "Body": htmltemplate.HTML(body)})
	if err != nil {
		return "", fmt.Errorf("mail: html: %w", err)
	}
	return b.String(), nil
}

// uses says whether a token stands anywhere in a template.
func uses(pieces []piece, token string) bool {
	for _, p := range pieces {
		if p.token == token || uses(p.then, token) || uses(p.other, token) {
			return true
		}
	}
	return false
}
