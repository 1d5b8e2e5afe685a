package mail

import (
	"fmt"
	"net/url"
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
	Calendar []byte // METHOD:REQUEST, see package calendar; without the link
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
	m := Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120), Link: in.Link, Method: "REQUEST", Calendar: in.Calendar}
	return l.write("invitation", v, m)
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
