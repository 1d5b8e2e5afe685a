package mail

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// line is a connection to an SMTP server.
type line struct {
	from    netmail.Address
	timeout time.Duration
	client  *mail.Client
	smtp    *smtp.Client
	raw     net.Conn // nil before the dial has succeeded
}

// cutWith breaks the connection when ctx ends: the library's commands know no context.
func (l *line) cutWith(ctx context.Context) (release func() bool) {
	return context.AfterFunc(ctx, func() {
		if l.raw != nil {
			_ = l.raw.SetDeadline(time.Unix(1, 0))
		}
	})
}

// Send implements Connection.
func (l *line) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return &Refusal{Server: true, Answer: clean(err.Error())}
	}
	letter, err := compose(l.from, m)
	if err != nil {
		return &Refusal{Final: true, Answer: clean(err.Error())}
	}
	release := l.cutWith(ctx)
	defer release()
	err = l.client.SendWithSMTPClient(l.smtp, letter)
	if err == nil || letter.IsDelivered() { // taken, whatever came of tidying up
		return nil
	}
	r := refusalOf(err)
	for _, secret := range []string{secretOf(m.Link), cmp.Or(m.Code, inNoAnswer)} {
		r.Answer = strings.ReplaceAll(r.Answer, secret, "…") // a filter may quote what it disliked
	}
	return r
}

const inNoAnswer = "\x00"

// secretOf is the part of a link that nobody else may see.
func secretOf(link string) string {
	_, secret, found := strings.Cut(link, "#")
	if !found || secret == "" {
		return inNoAnswer
	}
	return secret
}

// Close says good-bye, quickly.
func (l *line) Close() {
	if l.smtp != nil && l.smtp.HasConnection() {
		_ = l.raw.SetDeadline(time.Now().Add(time.Second))
		_ = l.smtp.Quit()
	}
	l.cut()
}

func (l *line) cut() {
	if l.raw != nil {
		_ = l.raw.Close()
	}
}

// compose makes the mail as it goes over the line: text, HTML and the calendar entry as three forms
// of the same. Nothing that a person typed reaches a header other than as an encoded word or a
// parsed address.
func compose(from netmail.Address, m Message) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP))
	letter.FromMailAddress(&from)
	to := netmail.Address{Name: header(m.ToName, 120), Address: m.To}
	if parsed, err := netmail.ParseAddress(m.To); err != nil || parsed.Address != m.To || strings.Count(m.To, "@") != 1 {
		return nil, errors.New("the address cannot be written into a mail")
	}
	letter.ToMailAddress(&to)
	letter.Subject(header(m.Subject, 200))
	letter.SetDate()
	if m.ReplyTo.Address != "" {
		reply := netmail.Address{Name: header(m.ReplyTo.Name, 120), Address: m.ReplyTo.Address}
		letter.ReplyToMailAddress(&reply)
	}
	if m.ID != "" {
		letter.SetMessageIDWithValue(header(m.ID, 100) + "@" + domainOf(from.Address))
	}
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: holiday notes stay at home
	letter.SetGenHeader("Content-Language", m.Language)
	letter.SetBodyString(mail.TypeTextPlain, m.Text)
	letter.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	return letter, errors.Join(attach(letter, m)...)
}

// attach adds the calendar entry, once for programs that keep calendars and once as a file for those
// that do not, and the pictures that the HTML shows.
func attach(letter *mail.Msg, m Message) (failed []error) {
	if len(m.Picture) > 0 {
		failed = append(failed, letter.EmbedReader(pictureName, bytes.NewReader(m.Picture), mail.WithFileContentType("image/png")))
	}
	if len(m.Logo.Content) > 0 {
		failed = append(failed, letter.EmbedReader(m.Logo.name(), bytes.NewReader(m.Logo.Content), mail.WithFileContentType(mail.ContentType(m.Logo.Kind))))
	}
	if len(m.Calendar) > 0 {
		kind := mail.ContentType("text/calendar; method=" + cmp.Or(m.Method, "PUBLISH"))
		letter.AddAlternativeString(kind, string(m.Calendar))
		failed = append(failed, letter.AttachReader(calendarName, bytes.NewReader(m.Calendar), mail.WithFileContentType("application/ics")))
	}
	return failed
}

const calendarName = "invitation.ics"

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}
