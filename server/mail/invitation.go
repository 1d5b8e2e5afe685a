package mail

import (
	"fmt"
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
	Look      Look      // without a site's name: the link's host

	Title       string
	Description string
	Host        string // who invites: a name
	StartsAt    time.Time
	Zone        *time.Location // the reader's; nil: UTC

	Link     string // the personal link with its secret
	Expires  time.Time
	Devices  int    // 0: as many as one likes
	Again    bool   // a new link replaces an earlier one
	Calendar []byte // METHOD:REQUEST, see package calendar; without the link
}

// Render writes the mail. It fails only for a link that is not a web address.
func Render(in Invitation) (Message, error) {
	link, err := url.Parse(in.Link)
	if err != nil || link.Host == "" || link.Scheme != "https" && link.Scheme != "http" {
		return Message{}, fmt.Errorf("mail: the link of an invitation is not a web address")
	}
	if in.Look.Site == "" {
		in.Look.Site = link.Host
	}
	l, t := pick(KindInvitation, in.Language, in.Template)
	m, err := l.write(t, l.filling(in), in.Look, Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120), Link: in.Link,
		Method: "REQUEST", Calendar: in.Calendar})
	if err == nil && uses(t.html, "qr_code") {
		m.Picture, err = qrOf(in.Link)
	}
	return m, err
}

// filling is the invitation in clean words.
func (l *language) filling(in Invitation) filling {
	f := filling{values: map[string]string{
		"first_name": words(in.FirstName, 60), "last_name": words(in.LastName, 60), "title": words(in.Title, 120),
		"description": paragraph(in.Description, 4000), "organiser": words(in.Host, 80), "site": words(in.Look.Site, 120), "type": l.roles[in.Type],
		"link": in.Link, "devices": strconv.Itoa(in.Devices), "qr_code": l.alt,
	}, holds: map[string]bool{
		"viewer": in.Type == "viewer", "speaker": in.Type == "speaker", "moderator": in.Type == "moderator",
		"organiser": in.Host != "", "description": strings.TrimSpace(in.Description) != "", "again": in.Again,
		"several_devices": in.Devices > 1, "any_device": in.Devices == 0,
	}}
	zone := l.tell(f.values, in.StartsAt, in.Zone)
	expires := in.Expires.In(zone)
	f.values["expires"] = l.day(expires) + ", " + expires.Format(l.clock) + " " + l.short(expires)
	return f
}

// tell writes the start in a reader's zone, and gives that.
func (l *language) tell(values map[string]string, at time.Time, zone *time.Location) *time.Location {
	if zone == nil {
		zone = time.UTC
	}
	at = at.In(zone)
	values["date"], values["time"], values["zone"] = l.day(at), at.Format(l.clock), l.zone(at)
	values["start"] = values["date"] + ", " + values["time"] + " " + values["zone"]
	return zone
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
