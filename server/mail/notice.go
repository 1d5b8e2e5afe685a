package mail

import "time"

// Notice is a mail to somebody who was invited: the start has moved, or there is nothing to come to.
// It holds no link.
type Notice struct {
	To        string
	FirstName string
	LastName  string
	Language  string
	Template  *Template // nil: ours
	Look      Look

	Cancelled bool // else: moved
	Renamed   bool // else: at another time
	Title     string
	Host      string // who invites: a name
	StartsAt  time.Time
	Zone      *time.Location // nil: UTC
	Calendar  []byte         // METHOD:REQUEST, or CANCEL
}

// Kind is what the mail is about.
func (n Notice) Kind() Kind {
	switch {
	case n.Cancelled:
		return KindCancelled
	case n.Renamed:
		return KindRenamed
	}
	return KindMoved
}

// RenderNotice writes the mail.
func RenderNotice(in Notice) (Message, error) {
	l, t := pick(in.Kind(), in.Language, in.Template)
	f := filling{values: map[string]string{
		"first_name": words(in.FirstName, 60), "last_name": words(in.LastName, 60), "title": words(in.Title, 120),
		"organiser": words(in.Host, 80), "site": words(in.Look.Site, 120),
	}, holds: map[string]bool{"organiser": in.Host != ""}}
	l.tell(f.values, in.StartsAt, in.Zone)
	m := Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120), Method: "REQUEST", Calendar: in.Calendar}
	if in.Cancelled {
		m.Method = "CANCEL"
	}
	return l.write(t, f, in.Look, m)
}
