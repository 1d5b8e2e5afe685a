package mail

// Code is a mail with six digits that somebody is waiting for.
type Code struct {
	To       string
	Language string
	Template *Template // nil: ours
	Look     Look
	Code     string // six digits
	Title    string // of the room that it lets into; empty: it signs in
}

// Kind is what the mail is about.
func (c Code) Kind() Kind {
	if c.Title != "" {
		return KindRoomCode
	}
	return KindSignInCode
}

// RenderCode writes the mail. The subject does not hold the code.
func RenderCode(in Code) (Message, error) {
	l, t := pick(in.Kind(), in.Language, in.Template)
	f := filling{values: map[string]string{"code": in.Code, "title": words(in.Title, 120), "site": words(in.Look.Site, 120)}}
	return l.write(t, f, in.Look, Message{To: header(in.To, 254), Code: in.Code})
}
