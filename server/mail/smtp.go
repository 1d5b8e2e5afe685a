package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	netmail "net/mail"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Security is how the line to the mail server is protected.
type Security int

// STARTTLS is required unless something else is said.
const (
	StartTLS    Security = iota // a plain line that must be upgraded before anything is said
	ImplicitTLS                 // TLS from the first byte
	Plain                       // for a server on this machine only
)

// DefaultTimeout is the longest that connecting, or handing over one mail, may take. RFC 5321
// §4.5.3.2 would let a server think for ten minutes; hardly one does.
const DefaultTimeout = 2 * time.Minute

// SMTP is a mail server that takes mails for the world.
type SMTP struct {
	Host     string
	Port     int
	Security Security
	User     string // empty: no authentication
	Password string
	From     netmail.Address
	Timeout  time.Duration  // 0: DefaultTimeout
	Roots    *x509.CertPool // nil: the system's
}

// Connection carries mails one after the other. Only one goroutine uses it.
type Connection interface {
	// Send hands one mail over. The error is a *Refusal. After one that is not the server's answer
	// about this recipient the connection is of no more use.
	Send(ctx context.Context, m Message) error
	Close()
}

// Connect opens a connection, protected and signed in. The error is a *Refusal with Server set.
func (s *SMTP) Connect(ctx context.Context) (Connection, error) {
	line := &line{from: s.From, timeout: cmp.Or(s.Timeout, DefaultTimeout)}
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(line.timeout), mail.WithTLSConfig(s.tls()),
		mail.WithTLSPolicy(mail.TLSMandatory), mail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			raw, err := s.dial(ctx, network, address)
			line.raw = raw
			return raw, err
		})}
	if s.Security == ImplicitTLS {
		options = append(options, mail.WithSSL())
	}
	auth := []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin}
	if s.Security == Plain {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
		auth = []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc}
	}
	if s.User != "" {
		options = append(options, mail.WithUsername(s.User), mail.WithPassword(s.Password), mail.WithOpportunisticSMTPAuth(auth...))
	}
	client, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return nil, &Refusal{Server: true, Answer: clean(err.Error())}
	}
	line.client = client
	release := line.cutWith(ctx)
	defer release()
	if line.smtp, err = client.DialToSMTPClientWithContext(ctx); err != nil {
		line.cut()
		r := refusalOf(err)
		r.Server, r.Final = true, false
		return nil, r
	}
	return line, nil
}

func (s *SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

func (s *SMTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.Security == ImplicitTLS {
		return (&tls.Dialer{NetDialer: &net.Dialer{}, Config: s.tls()}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// Address is host and port.
func (s *SMTP) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }
