package mail

import "time"

// Notice is a mail to somebody who was invited: the start has moved, or there is nothing to come to.
// It holds no link.
type Notice struct {
	To        string
	FirstName string
	LastName  string
	Language  string

	Cancelled bool // else: moved
	Renamed   bool // else: at another time
	Title     string
	Host      string // who invites: a name
	Site      string // the host that people know
	StartsAt  time.Time
	Zone      *time.Location // nil: UTC
	Calendar  []byte         // METHOD:REQUEST, or CANCEL
}

// RenderNotice writes the mail.
func RenderNotice(in Notice) (Message, error) {
	l := languageOf(in.Language)
	zone := in.Zone
	if zone == nil {
		zone = time.UTC
	}
	starts := in.StartsAt.In(zone)
	v := view{FirstName: words(in.FirstName, 60), Title: words(in.Title, 120), Host: words(in.Host, 80), Site: words(in.Site, 120),
		Date: l.day(starts), Time: starts.Format(l.clock), Zone: l.zone(starts)}
	m := Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120), Method: "REQUEST", Calendar: in.Calendar}
	kind := "moved"
	if in.Renamed {
		kind = "renamed"
	}
	if in.Cancelled {
		kind, m.Method = "cancelled", "CANCEL"
	}
	return l.write(kind, v, m)
}
