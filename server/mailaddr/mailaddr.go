// Package mailaddr knows when two mail addresses are the same. An address has
// two forms: as typed, for sending and showing, and canonical, for comparing
// with the one address of an invitation or account.
//
// Canonical is: trimmed, Unicode NFC, split at the @; the domain by UTS 46
// (IDNA2008, non-transitional) as A-labels without the root's dot; the local
// part with its ASCII letters in lower case. Providers' own rules (dots, plus
// tags) are not applied: they would let one person in by another's address.
//
// The package imports the standard library and golang.org/x, and hub/room for
// the type of a match.
package mailaddr

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"greenroom/hub/room"
)

// Lengths in bytes (RFC 5321 §4.5.3.1, RFC 3696 errata 1690).
const (
	MaxAddress = 254
	maxLocal   = 64
	maxTyped   = 1024 // more is not even looked at
)

// Why an address is refused. The texts follow the name of the field.
var (
	ErrEmpty   = errors.New("is required")
	ErrShape   = errors.New("is not a mail address")
	ErrHidden  = errors.New("holds characters that are not allowed")
	ErrDomain  = errors.New("has no valid domain")
	ErrTooLong = errors.New("is too long")
)

// Address is a mail address in both forms. The zero value is none.
type Address struct {
	Typed     string // trimmed and NFC, else as it was typed
	Canonical string
}

// Parse reads what somebody typed. The errors are those of this package. The
// canonical form of a canonical form is itself.
func Parse(text string) (Address, error) {
	if len(text) > maxTyped {
		return Address{}, ErrTooLong
	}
	if !utf8.ValidString(text) {
		return Address{}, ErrHidden
	}
	typed := norm.NFC.String(strings.TrimFunc(text, unicode.IsSpace))
	if typed == "" {
		return Address{}, ErrEmpty
	}
	if strings.ContainsFunc(typed, hidden) {
		return Address{}, ErrHidden
	}
	at := strings.LastIndexByte(typed, '@')
	if at < 0 {
		return Address{}, ErrShape
	}
	local, err := canonicalLocal(typed[:at])
	if err != nil {
		return Address{}, err
	}
	domain, err := canonicalDomain(typed[at+1:])
	if err != nil {
		return Address{}, err
	}
	canonical := local + "@" + domain
	if len(canonical) > MaxAddress {
		return Address{}, ErrTooLong
	}
	return Address{typed, canonical}, nil
}

// hidden says whether a character has no place anywhere in an address: white
// space, controls, formats (bidi controls, zero width), private use,
// unassigned.
func hidden(r rune) bool {
	return r == utf8.RuneError || unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Z) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}

// canonicalLocal takes a dot-atom of RFC 5322, with letters, marks and digits
// of every script (RFC 6531). Quoted forms and comments are refused: two
// programs read them in two ways.
func canonicalLocal(local string) (string, error) {
	for i, atom := range strings.Split(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtom) {
			return "", ErrShape
		}
		if first, _ := utf8.DecodeRuneInString(atom); i == 0 && unicode.IsMark(first) {
			return "", ErrShape
		}
	}
	// A small letter may compose with a mark where the capital did not (H and
	// U+0331), so the form is made again.
	local = norm.NFC.String(strings.Map(lowerASCII, local))
	if len(local) > maxLocal {
		return "", ErrTooLong
	}
	return local, nil
}

func notAtom(r rune) bool {
	if r >= utf8.RuneSelf {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	}
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r))
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

var profile = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(true),
	idna.CheckHyphens(true),
	idna.CheckJoiners(true),
	idna.ValidateLabels(true),
	idna.BidiRule(),
	idna.VerifyDNSLength(true),
)

// dots are what UTS 46 reads as the dot between labels.
var dots = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".")

// canonicalDomain gives the A-labels of a domain of two labels or more.
func canonicalDomain(domain string) (string, error) {
	ascii, err := aLabels(domain)
	if err == nil && !strings.Contains(ascii, ".") {
		err = ErrDomain
	}
	return ascii, err
}

func aLabels(domain string) (string, error) {
	domain = strings.TrimSuffix(dots.Replace(domain), ".")
	ascii, err := profile.ToASCII(domain)
	if err != nil || ascii == "" || strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", ErrDomain
	}
	if again, err := profile.ToASCII(ascii); err != nil || again != ascii {
		return "", ErrDomain // a form that does not come back to itself
	}
	if _, err := netip.ParseAddr(ascii); err == nil || allDigits(ascii[strings.LastIndexByte(ascii, '.')+1:]) {
		return "", ErrDomain // no top-level domain is a number: this is an address of a machine
	}
	return ascii, nil
}

func allDigits(label string) bool {
	return strings.Trim(label, "0123456789") == ""
}

// Match is the keyed hash by which a room knows an address without keeping
// it: HMAC-SHA256 over the room and the canonical form, cut to 16 bytes. The
// same address has different matches in different rooms. The zero address has
// the zero match, which matches nothing.
func Match(key []byte, id room.ID, canonical string) (h room.Hash) {
	if canonical == "" {
		return h
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id))
	mac.Write([]byte{0}) // ids hold none
	mac.Write([]byte(canonical))
	copy(h[:], mac.Sum(nil))
	return h
}
