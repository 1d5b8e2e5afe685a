package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenroom/server/mail/smtptest"
)

var sender = netmail.Address{Name: "Räume", Address: "rooms@example.org"}

// serverAt is how s is reached.
func serverAt(s *smtptest.Server, security Security) *SMTP {
	return &SMTP{Host: s.Host, Port: s.Port, Security: security, From: sender, Roots: s.Roots, Timeout: 20 * time.Second}
}

// send connects, sends one mail and says good-bye.
func send(ctx context.Context, s *SMTP, m Message) error {
	line, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer line.Close()
	return line.Send(ctx, m)
}

var letter = Message{ID: "m1", To: "ana@example.org", ToName: "Ana Ferreira", Language: "en", Subject: "Invitation", Text: "Hello\n", HTML: "<p>Hello</p>",
	Link: "https://h.example/i/abc#gri_secret", Method: "REQUEST", Calendar: []byte("BEGIN:VCALENDAR\r\n")}

func TestSecurity(t *testing.T) {
	for name, c := range map[string]struct {
		server   smtptest.Options
		security Security
		user     string
		password string
		stranger bool // the certificate is not known
		want     string
	}{
		"STARTTLS":                          {},
		"STARTTLS, signed in":               {server: smtptest.Options{User: "u", Password: "p:1"}, user: "u", password: "p:1"},
		"implicit TLS":                      {server: smtptest.Options{TLS: true}, security: ImplicitTLS},
		"implicit TLS, signed in":           {server: smtptest.Options{TLS: true, User: "u", Password: "p"}, security: ImplicitTLS, user: "u", password: "p"},
		"plain":                             {server: smtptest.Options{NoTLS: true}, security: Plain},
		"plain, signed in":                  {server: smtptest.Options{NoTLS: true, User: "u", Password: "p"}, security: Plain, user: "u", password: "p"},
		"no STARTTLS":                       {server: smtptest.Options{NoTLS: true}, want: "STARTTLS"},
		"no STARTTLS, and a password":       {server: smtptest.Options{NoTLS: true, User: "u", Password: "p"}, user: "u", password: "p", want: "STARTTLS"},
		"unknown certificate":               {stranger: true, want: "certificate"},
		"unknown certificate, implicit TLS": {server: smtptest.Options{TLS: true}, security: ImplicitTLS, stranger: true, want: "certificate"},
		"wrong password":                    {server: smtptest.Options{User: "u", Password: "p"}, user: "u", password: "q", want: "535"},
		"no password":                       {server: smtptest.Options{User: "u", Password: "p"}, want: "530"},
		"password for nobody":               {user: "u", password: "p", want: "AUTH"},
	} {
		t.Run(name, func(t *testing.T) {
			s := smtptest.Start(t, c.server)
			to := serverAt(s, c.security)
			to.User, to.Password = c.user, c.password
			if c.stranger {
				to.Roots = nil
			}
			err := send(t.Context(), to, letter)
			if c.want == "" {
				if err != nil || len(s.Mails()) != 1 {
					t.Fatalf("%v, %d mails", err, len(s.Mails()))
				}
				return
			}
			var no *Refusal
			if !errors.As(err, &no) || !no.Server || no.Final || !strings.Contains(no.Answer, c.want) || len(s.Mails()) != 0 {
				t.Errorf("%#v, %d mails", err, len(s.Mails()))
			}
			if strings.Contains(err.Error()+no.Answer, "p:1") {
				t.Error("the password is in the error")
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		at     smtptest.Step
		answer error
		want   Refusal
	}{
		"unknown mailbox":     {smtptest.To, smtptest.No(550, "no such <ana@example.org> here"), Refusal{Code: 550, Final: true, Answer: "550 5.1.1 no such <ana@example.org> here"}},
		"greylisted":          {smtptest.To, smtptest.No(451, "come again"), Refusal{Code: 451, Answer: "451 4.1.1 come again"}},
		"sender refused":      {smtptest.From, smtptest.No(553, "not you"), Refusal{Code: 553, Final: true, Answer: "553 5.1.1 not you"}},
		"sign in first":       {smtptest.From, smtptest.No(530, "sign in"), Refusal{Code: 530, Server: true, Answer: "530 5.1.1 sign in"}},
		"spam":                {smtptest.Told, smtptest.No(554, "bad link abc#gri_secret"), Refusal{Code: 554, Final: true, Answer: "554 5.1.1 bad link abc#…"}},
		"full":                {smtptest.Told, smtptest.No(452, "full"), Refusal{Code: 452, Answer: "452 4.1.1 full"}},
		"going down":          {smtptest.To, smtptest.No(421, "bye"), Refusal{Code: 421, Server: true, Answer: "421 4.1.1 bye"}},
		"hangs up":            {smtptest.To, smtptest.ErrHangUp, Refusal{Server: true, Answer: "the connection to the mail server broke"}},
		"hangs up at the end": {smtptest.Told, smtptest.ErrHangUp, Refusal{Server: true, Answer: "the connection to the mail server broke"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := smtptest.Start(t, smtptest.Options{})
			s.Answer(func(step smtptest.Step, _ string) error {
				if step == c.at {
					return c.answer
				}
				return nil
			})
			err := send(t.Context(), serverAt(s, StartTLS), letter)
			var no *Refusal
			if !errors.As(err, &no) || *no != c.want {
				t.Fatalf("got  %#v\nwant %#v", no, &c.want)
			}
			if text := no.Error(); strings.Contains(text, "@") || strings.Contains(text, "secret") {
				t.Errorf("the error for the log says %q", text)
			}
		})
	}
}

func TestServerThatIsAwayOrHangs(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	to := serverAt(s, StartTLS)
	s.Down()
	var no *Refusal
	if err := send(t.Context(), to, letter); !errors.As(err, &no) || !no.Server {
		t.Errorf("away: %v", err)
	}
	s.Up()
	release := make(chan struct{})
	defer close(release)
	reached := make(chan struct{}, 2)
	s.Answer(func(step smtptest.Step, _ string) error {
		if step == smtptest.Told {
			reached <- struct{}{}
			<-release
		}
		return nil
	})
	to.Timeout = time.Second
	if err := send(t.Context(), to, letter); !errors.As(err, &no) || !no.Server || no.Final || !strings.Contains(no.Answer+no.Error(), "server") {
		t.Errorf("a server that hangs: %+v", no)
	}
	select {
	case <-reached:
	default: // a busy machine: it did not come so far in time
	}
	to.Timeout = 0
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-reached; cancel() }()
	if err := send(ctx, to, letter); !errors.As(err, &no) || !no.Server || no.Final {
		t.Errorf("interrupted: %v", err)
	}
}

// T19: whatever people typed, there is one recipient and no header of theirs.
func TestHeaderInjection(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	for _, evil := range []string{"\r\nBcc: all@evil.example", "\nBcc: all@evil.example", "\rBcc: all@evil.example", "\x00\r\n\r\nbody", "\u2028Bcc: all@evil.example",
		`" <all@evil.example>, "x`, "<all@evil.example>", "=?utf-8?q?=0D=0ABcc:_all@evil.example?=", "a,b;c:d@e", "\u202eevil", strings.Repeat("long ", 300), "\r\n.\r\nQUIT\r\n"} {
		in := sample
		in.Title, in.FirstName, in.LastName, in.Host = "Talk"+evil, "Ana"+evil, "F"+evil, "Maya"+evil
		m, err := Render(in)
		if err != nil {
			t.Fatal(err)
		}
		m.ID = "m1" + evil
		if err := send(t.Context(), serverAt(s, StartTLS), m); err != nil {
			t.Errorf("%q: %v", evil, err)
			continue
		}
		mails := s.Mails()
		got := mails[len(mails)-1]
		if got.To != "ana@example.org" || got.From != "rooms@example.org" {
			t.Errorf("%q: from %s to %s", evil, got.From, got.To)
		}
		read, err := netmail.ReadMessage(strings.NewReader(got.Raw))
		if err != nil {
			t.Errorf("%q: %v", evil, err)
			continue
		}
		to, err := read.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ana@example.org" {
			t.Errorf("%q: To %v, %v", evil, read.Header["To"], err)
		}
		for name, values := range read.Header {
			if len(values) != 1 || !strings.Contains("Auto-Submitted Content-Language Content-Type Date From Message-Id Mime-Version Subject To", name) {
				t.Errorf("%q: header %s %q", evil, name, values)
			}
		}
	}
	for _, to := range []string{"", "ana", "ana@example.org, all@evil.example", "ana@example.org\r\nRCPT TO:<all@evil.example>", "Ana <ana@example.org>", "ana@example.org> SIZE=1"} {
		m, n := letter, len(s.Mails())
		m.To = to
		var no *Refusal
		if err := send(t.Context(), serverAt(s, StartTLS), m); !errors.As(err, &no) || !no.Final || len(s.Mails()) != n {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

// One mail in three forms, the last of which calendars understand, with the picture that the second
// shows; and the calendar entry once more as a file.
func TestParts(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	m := letter
	m.ToName, m.Subject, m.To = "Änne Müller", "Einladung zu „Räume“", "änne@example.org"
	m.Picture, m.ReplyTo = []byte("PNG"), netmail.Address{Name: "Maja Müller", Address: "maja@example.org"}
	if err := send(t.Context(), serverAt(s, StartTLS), m); err != nil {
		t.Fatal(err)
	}
	read, err := netmail.ReadMessage(strings.NewReader(s.Mails()[0].Raw))
	if err != nil {
		t.Fatal(err)
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject")); err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	if id := read.Header.Get("Message-ID"); id != "<m1@example.org>" {
		t.Errorf("id %q", id)
	}
	if to, err := read.Header.AddressList("Reply-To"); err != nil || len(to) != 1 || *to[0] != m.ReplyTo {
		t.Errorf("replies go to %v, %v", to, err)
	}
	if at, err := read.Header.Date(); err != nil || at.IsZero() || read.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("date %v, %v; %v", at, err, read.Header)
	}
	const want = `multipart/mixed
 multipart/related
  multipart/alternative
   text/plain "Hello"
   text/html "<p>Hello</p>"
   text/calendar REQUEST "BEGIN:VCALENDAR"
  image/png inline <link.png> "PNG"
 application/ics attachment "BEGIN:VCALENDAR"
`
	if diff := cmp.Diff(want, outline(t, "", textproto.MIMEHeader(read.Header), read.Body)); diff != "" {
		t.Error(diff)
	}
}

// outline lists the parts of a mail.
func outline(t *testing.T, indent string, h textproto.MIMEHeader, body io.Reader) string {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		switch h.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		place, _, _ := strings.Cut(h.Get("Content-Disposition"), ";")
		words := strings.Fields(strings.Join([]string{kind, parameters["method"], place, h.Get("Content-ID")}, " "))
		return indent + strings.Join(words, " ") + " " + strconv.Quote(strings.TrimSpace(string(text))) + "\n"
	}
	list := indent + kind + "\n"
	for parts := multipart.NewReader(body, parameters["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list += outline(t, indent+" ", part.Header, part)
	}
}
