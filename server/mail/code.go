package mail

// Code is a mail with six digits that somebody is waiting for.
type Code struct {
	To       string
	Language string
	Code     string // six digits
	Title    string // of the room that it lets into; empty: it signs in
	Site     string // the host that people know
}

// RenderCode writes the mail. The subject, which shows on locked screens and in
// logs of mail servers, does not hold the code.
func RenderCode(in Code) (Message, error) {
	l := languageOf(in.Language)
	v := view{Title: words(in.Title, 120), Site: in.Site, Code: in.Code}
	return l.write("code", v, Message{To: header(in.To, 254), Code: in.Code})
}
