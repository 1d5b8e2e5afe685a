package world

import (
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"strings"
)

// six digits, alone on their line.
var digits = regexp.MustCompile(`(?m)^\s*(\d{6})\s*$`)

// Codes gives the codes that were mailed to an address, oldest first.
func (w *World) Codes(to string) (codes []string) {
	for _, m := range w.mail.Mails() {
		if m.To != to {
			continue
		}
		if found := digits.FindStringSubmatch(plainText(m.Raw)); found != nil {
			codes = append(codes, found[1])
		}
	}
	return codes
}

// plainText is the first part of a mail; empty: it cannot be read.
func plainText(raw string) string {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return ""
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextPart()
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(part)
	if err != nil {
		return ""
	}
	return string(text)
}
