// Package smtptest is a mail server for tests: the real protocol on a port of
// this machine, with refusals, silence and absence on demand. Only tests and
// the fault rig import it.
package smtptest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"slices"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// TB is what is used of testing.TB. A program that is no test brings its own.
type TB interface {
	Helper()
	Cleanup(func())
	Fatal(...any)
	Errorf(string, ...any)
}

// Options of a server; the zero value offers STARTTLS and takes from everybody.
type Options struct {
	TLS            bool // from the first byte
	NoTLS          bool // no STARTTLS either
	User, Password string
}

// Step is where in the dialogue the server is.
type Step string

// The steps that can be answered by a test. Told comes when the mail is there
// whole, and before the server says so.
const (
	From Step = "mail from"
	To   Step = "rcpt to"
	Told Step = "data"
)

// Mail is a mail that was taken.
type Mail struct{ From, To, Raw string }

// Server is a running server.
type Server struct {
	Host  string
	Port  int
	Roots *x509.CertPool // knows the server's certificate

	t       TB
	options Options
	address string
	cert    tls.Certificate

	mu       sync.Mutex
	server   *smtp.Server
	listener net.Listener
	release  func() // of the port, while the server is down
	answer   func(step Step, to string) error
	mails    []Mail
	met      int
}

// Start starts a server on a free port, until the test ends.
func Start(t TB, o Options) *Server {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // its certificate is for 127.0.0.1
	defer certified.Close()
	s := &Server{Host: "127.0.0.1", Roots: x509.NewCertPool(), t: t, options: o, address: "127.0.0.1:0", cert: certified.TLS.Certificates[0]}
	s.Roots.AddCert(certified.Certificate())
	s.Up()
	t.Cleanup(func() {
		s.Down()
		s.free()
	})
	return s
}

// Up lets the server come (back).
func (s *Server) Up() {
	s.t.Helper()
	s.free()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address, s.Port = listener.Addr().String(), listener.Addr().(*net.TCPAddr).Port
	server := smtp.NewServer(smtp.BackendFunc(s.session))
	server.Domain, server.EnableSMTPUTF8, server.AllowInsecureAuth = "mail.example.org", true, s.options.NoTLS
	server.ErrorLog = log.New(io.Discard, "", 0)
	own := &tls.Config{Certificates: []tls.Certificate{s.cert}}
	if s.options.TLS {
		listener = tls.NewListener(listener, own)
	} else if !s.options.NoTLS {
		server.TLSConfig = own
	}
	s.mu.Lock()
	s.server, s.listener = server, listener
	s.mu.Unlock()
	go server.Serve(listener)
}

// Down ends the server and all its connections. It may be called again.
func (s *Server) Down() {
	s.mu.Lock()
	server, listener := s.server, s.listener
	s.server = nil
	s.mu.Unlock()
	if server == nil {
		return
	}
	server.Close()
	listener.Close() // the server does not know it yet, when it has only just come up
	release, err := hold(s.Port)
	if err != nil {
		s.t.Errorf("the port cannot be kept: %v", err)
		return
	}
	s.mu.Lock()
	s.release = release
	s.mu.Unlock()
}

// free lets go of the port that is held while the server is down.
func (s *Server) free() {
	s.mu.Lock()
	release := s.release
	s.release = nil
	s.mu.Unlock()
	if release != nil {
		release()
	}
}

// Answer makes f decide about each step; nil: yes to all. It may block. It is
// called with the recipient, empty at From.
func (s *Server) Answer(f func(step Step, to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// No is an answer of the server.
func No(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
}

// ErrHangUp is an answer that breaks the line instead.
var ErrHangUp = errors.New("hang up")

// Mails are those that were taken, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Sessions counts the connections that said hello.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.met
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.met++
	one := &session{server: s, line: c}
	if s.options.User != "" {
		return &guarded{session: one}, nil
	}
	return one, nil
}

// session is one connection.
type session struct {
	server *Server
	line   *smtp.Conn
	mail   Mail
}

func (s *session) ask(step Step) error {
	s.server.mu.Lock()
	answer := s.server.answer
	s.server.mu.Unlock()
	if answer == nil {
		return nil
	}
	err := answer(step, s.mail.To)
	if errors.Is(err, ErrHangUp) {
		s.line.Conn().Close()
	}
	return err
}

func (s *session) Reset()        { s.mail = Mail{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return s.ask(From)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To += to
	return s.ask(To)
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Raw = string(raw)
	err = s.ask(Told)
	if err != nil && !errors.Is(err, ErrHangUp) {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, s.mail)
	return err
}

// guarded wants to know who is there.
type guarded struct {
	*session
	known bool
}

func (s *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.options.User || password != s.server.options.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *guarded) Mail(from string, o *smtp.MailOptions) error {
	if !s.known {
		return No(530, "sign in first")
	}
	return s.session.Mail(from, o)
}
