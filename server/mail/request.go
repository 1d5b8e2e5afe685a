package mail

import "time"

// Request is a mail to a manager: somebody was kept out and asks for a way in.
// Its link leads to the room's page for managers, and lets nobody in.
type Request struct {
	To        string
	FirstName string // the manager's
	LastName  string
	Language  string
	Template  *Template // nil: ours
	Look      Look

	Asker    string // a name
	Message  string // what they typed; empty: nothing
	Title    string
	StartsAt time.Time
	Zone     *time.Location // nil: UTC
	Page     string         // the web address of the list of requests
}

// RenderRequest writes the mail. The subject holds nothing that the asker typed.
func RenderRequest(in Request) (Message, error) {
	l, t := pick(KindRequest, in.Language, in.Template)
	message := words(in.Message, 300)
	f := filling{values: map[string]string{
		"first_name": words(in.FirstName, 60), "last_name": words(in.LastName, 60), "asker": words(in.Asker, 120), "message": message,
		"title": words(in.Title, 120), "site": words(in.Look.Site, 120), "link": in.Page,
	}, holds: map[string]bool{"message": message != ""}}
	l.tell(f.values, in.StartsAt, in.Zone)
	return l.write(t, f, in.Look, Message{To: header(in.To, 254), ToName: header(in.FirstName+" "+in.LastName, 120)})
}
