package mailaddr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// Domain gives the A-labels of the address's domain.
func (a Address) Domain() string {
	_, domain, _ := strings.Cut(a.Canonical, "@")
	return domain
}

// ParseDomain gives the A-labels of a domain that somebody typed; one label is
// enough. The errors are those of this package.
func ParseDomain(text string) (string, error) {
	if len(text) > maxTyped {
		return "", ErrTooLong
	}
	typed := norm.NFC.String(strings.TrimFunc(text, unicode.IsSpace))
	switch {
	case typed == "":
		return "", ErrEmpty
	case !utf8.ValidString(text) || strings.ContainsFunc(typed, hidden):
		return "", ErrHidden
	}
	return aLabels(typed)
}

// IsPublicSuffix says whether unrelated people have their domains below this
// one (A-labels): com, co.uk, github.io.
func IsPublicSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// Shown gives a domain (A-labels) as people write it: U-labels.
func Shown(domain string) string {
	shown, err := profile.ToUnicode(domain)
	if err != nil {
		return domain
	}
	return shown
}
