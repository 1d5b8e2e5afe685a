package main

import (
	"errors"
	"io/fs"
	netmail "net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"

	"greenroom/server/mail"
	"greenroom/server/mailaddr"
)

const smtpForm = "Write it as smtp://USER@HOST:587, smtps://USER@HOST:465, or smtp+plain://localhost:25 for a mail server on this machine."

// smtpKinds are the schemes of --smtp and their usual ports.
var smtpKinds = map[string]struct {
	security mail.Security
	port     int
}{
	"smtp":       {mail.StartTLS, 587},
	"smtps":      {mail.ImplicitTLS, 465},
	"smtp+plain": {mail.Plain, 25},
}

// judgeMail makes the mail server of the command line.
func (s *settings) judgeMail(line *commandLine) error {
	switch {
	case line.SMTP == "" && (line.MailFrom != "" || line.SMTPPassword != ""):
		return refuse("Name the mail server with --smtp, or leave the others away.", "--mail-from and --smtp-password-file are of no use without --smtp")
	case line.SMTP == "":
		return nil
	case line.Dev:
		return refuse("Leave --dev or --smtp away.", "--dev shows mails instead of sending them")
	}
	server, err := judgeSMTP(line.SMTP)
	if err != nil {
		return err
	}
	if server.From, err = judgeFrom(line.MailFrom); err != nil {
		return err
	}
	if line.SMTPPassword != "" {
		if server.Password != "" {
			return refuse("Say the password once, rather in the file.", "--smtp and --smtp-password-file both give a password")
		}
		if server.Password, err = readSecret("--smtp-password-file", line.SMTPPassword); err != nil {
			return err
		}
	}
	switch {
	case server.User == "" && server.Password != "":
		return refuse("Write the user before the host: smtp://USER@HOST:587.", "there is a password for the mail server, but no user")
	case server.User != "" && server.Password == "":
		return refuse("Give it in a file with --smtp-password-file.", "there is a user for the mail server, but no password")
	}
	s.smtp = server
	return nil
}

func judgeSMTP(text string) (*mail.SMTP, error) {
	given := redactDSN(text)
	u, err := url.Parse(text)
	if err != nil { // the error's text would hold the password
		return nil, refuse(smtpForm+" Signs such as / # % in a password are written as %2F %23 %25; a file is easier.", "--smtp is not an address that can be read")
	}
	kind, known := smtpKinds[u.Scheme]
	switch {
	case !known || u.Hostname() == "":
		return nil, refuse(smtpForm, "--smtp %q is not a mail server", given)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, refuse(smtpForm, "--smtp %q has more than user, host and port", given)
	case kind.security == mail.Plain && !loopback(u.Hostname()):
		return nil, refuse("Use smtp:// or smtps://. If the server offers neither, put a relay on this machine in between.",
			"--smtp %q would send links and passwords through the network unprotected", given)
	}
	server := &mail.SMTP{Host: u.Hostname(), Port: kind.port, Security: kind.security}
	if u.Port() != "" {
		if server.Port, err = strconv.Atoi(u.Port()); err != nil || server.Port < 1 || server.Port > 65535 {
			return nil, refuse(smtpForm, "--smtp %q: a port is a number from 1 to 65535", given)
		}
	}
	if u.User != nil {
		server.User = u.User.Username()
		server.Password, _ = u.User.Password()
	}
	return server, nil
}

func judgeFrom(text string) (netmail.Address, error) {
	const do = "Write it as rooms@example.org or Example Rooms <rooms@example.org>."
	if text == "" {
		return netmail.Address{}, refuse(do, "--smtp needs --mail-from, the sender of the mails")
	}
	from, err := netmail.ParseAddress(text)
	if err != nil {
		return netmail.Address{}, refuse(do, "--mail-from %q is not a mail address", text)
	}
	parsed, err := mailaddr.Parse(from.Address)
	if err != nil {
		return netmail.Address{}, refuse(do, "--mail-from %q: %v", text, err)
	}
	local, _, _ := strings.Cut(parsed.Typed, "@")
	_, domain, _ := strings.Cut(parsed.Canonical, "@")
	return netmail.Address{Name: from.Name, Address: local + "@" + domain}, nil
}

// readSecret reads a file of one line.
func readSecret(flag, path string) (string, error) {
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", refuse("Make it, readable for the server's user alone.", "%s: there is no file %s", flag, path)
	case err != nil:
		return "", refuse("Let the server's user read it.", "%s %s cannot be read: %v", flag, path, err)
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if secret == "" || strings.ContainsAny(secret, "\r\n\x00") {
		return "", refuse("Write it there, as one line.", "%s %s does not hold one line", flag, path)
	}
	return secret, nil
}
