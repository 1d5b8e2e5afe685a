package mailaddr

import (
	"errors"
	"strings"
	"testing"

	"greenroom/hub/room"
)

// The table of forms (SECURITY.md T11): what is typed, and its canonical form.
var accepted = [][2]string{
	{"anna@example.org", "anna@example.org"},
	{"  anna@example.org\r\n", "anna@example.org"},
	{"\tanna@example.org\t", "anna@example.org"},
	{"\u00a0anna@example.org\u3000", "anna@example.org"},
	{"Anna@example.org", "anna@example.org"},
	{"ANNA@EXAMPLE.ORG", "anna@example.org"},
	{"anna@Example.Org", "anna@example.org"},
	{"anna@example.org.", "anna@example.org"},
	{"anna@EXAMPLE.ORG.", "anna@example.org"},
	{"anna@example.org\u3002", "anna@example.org"},
	{"anna@example\u3002org", "anna@example.org"},
	{"anna@example\uff0eorg", "anna@example.org"},
	{"anna@example\uff61org", "anna@example.org"},
	{"anna@\uff45\uff58ample.org", "anna@example.org"},         // fullwidth letters in the domain
	{"\u212aim@example.org", "kim@example.org"},                // Kelvin sign is K by NFC
	{"kim@\u212aelvin.org", "kim@kelvin.org"},                  //
	{"\u212bngstrom@example.org", "\u00c5ngstrom@example.org"}, // only ASCII is folded
	{"A\u030angstrom@example.org", "\u00c5ngstrom@example.org"},
	{"a\u030angstrom@example.org", "\u00e5ngstrom@example.org"},
	{"\u00e5ngstrom@example.org", "\u00e5ngstrom@example.org"},
	{"H\u0331@example.org", "\u1e96@example.org"}, // composes only in lower case
	{"h\u0331@example.org", "\u1e96@example.org"},
	{"\u1e96@example.org", "\u1e96@example.org"},
	{"J\u030c@example.org", "\u01f0@example.org"},
	{"anna+party@example.org", "anna+party@example.org"},
	{"a.n.n.a@example.org", "a.n.n.a@example.org"},
	{"anna_b@example.org", "anna_b@example.org"},
	{"anna-b@example.org", "anna-b@example.org"},
	{"-anna@example.org", "-anna@example.org"},
	{"anna-@example.org", "anna-@example.org"},
	{"1234@example.org", "1234@example.org"},
	{"a@example.org", "a@example.org"},
	{"!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"},
	{"o'brien@example.org", "o'brien@example.org"},
	{"bang!path@example.org", "bang!path@example.org"},
	{"user%host@example.org", "user%host@example.org"},
	{"a=b@example.org", "a=b@example.org"},
	{"anna@mail.example.org", "anna@mail.example.org"},
	{"anna@a.b.c.d.example.org", "anna@a.b.c.d.example.org"},
	{"anna@example-mail.org", "anna@example-mail.org"},
	{"anna@3com.com", "anna@3com.com"},
	{"anna@1.2.3.4.example.org", "anna@1.2.3.4.example.org"},
	{"anna@example.museum", "anna@example.museum"},
	{"anna@b\u00fccher.example", "anna@xn--bcher-kva.example"},
	{"anna@B\u00dcCHER.example", "anna@xn--bcher-kva.example"},
	{"anna@bu\u0308cher.example", "anna@xn--bcher-kva.example"},
	{"anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"},
	{"anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example"},
	{"anna@b\u00fccher.example.", "anna@xn--bcher-kva.example"},
	{"anna@fa\u00df.de", "anna@xn--fa-hia.de"}, // IDNA2008: sharp s is a letter of its own
	{"anna@fass.de", "anna@fass.de"},
	{"anna@xn--fa-hia.de", "anna@xn--fa-hia.de"},
	{"anna@\u03b2\u03cc\u03bb\u03bf\u03c2.com", "anna@xn--nxasmm1c.com"}, // final sigma is kept
	{"anna@\u03b2\u03cc\u03bb\u03bf\u03c3.com", "anna@xn--nxasmq6b.com"},
	{"anna@\u4f8b\u3048.jp", "anna@xn--r8jz45g.jp"},
	{"anna@\u4f8b\u3048\u3002jp", "anna@xn--r8jz45g.jp"},
	{"anna@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "anna@xn--e1afmkfd.xn--p1ai"},
	{"anna@\u0645\u062b\u0627\u0644.example", "anna@xn--mgbh0fb.example"}, // right to left by letters, not by controls
	{"anna@\u05d3\u05d5\u05d2\u05de\u05d4.example", "anna@xn--6dbbec0c.example"},
	{"anna@\u0440\u0430ypal.com", "anna@xn--ypal-43d9g.com"}, // Cyrillic look-alikes stay another domain
	{"anna@paypal.com", "anna@paypal.com"},
	{"anna@\u0131stanbul.example", "anna@xn--stanbul-qfb.example"}, // dotless i is a letter of its own
	{"anna@istanbul.example", "anna@istanbul.example"},
	{"\u0131rmak@example.org", "\u0131rmak@example.org"},
	{"irmak@example.org", "irmak@example.org"},
	{"\u0130rmak@example.org", "\u0130rmak@example.org"},
	{"\u00fcnal@example.org", "\u00fcnal@example.org"},
	{"u\u0308nal@example.org", "\u00fcnal@example.org"},
	{"stra\u00dfe@example.org", "stra\u00dfe@example.org"},
	{"strasse@example.org", "strasse@example.org"},
	{"\u7528\u6237@example.org", "\u7528\u6237@example.org"},
	{"\u0430nna@example.org", "\u0430nna@example.org"}, // Cyrillic a: another address
	{"\u0907\u092e\u0947\u0932@example.org", "\u0907\u092e\u0947\u0932@example.org"},
	{"\uff41nna@example.org", "\uff41nna@example.org"}, // fullwidth a is not a: NFC, not NFKC
	{"\u2126@example.org", "\u03a9@example.org"},       // the ohm sign is omega by NFC
	{"\ufb01rst@example.org", "\ufb01rst@example.org"}, // the ligature stays
	{strings.Repeat("a", 64) + "@example.org", strings.Repeat("a", 64) + "@example.org"},
	{"a@" + strings.Repeat("b", 63) + ".org", "a@" + strings.Repeat("b", 63) + ".org"},
	{"a@" + longDomain(252), "a@" + longDomain(252)},
}

// longDomain gives a domain of n bytes.
func longDomain(n int) string {
	d := strings.Repeat(strings.Repeat("d", 49)+".", 5)
	return d + strings.Repeat("e", n-len(d))
}

// What is refused, and why.
var refused = []struct {
	text string
	want error
}{
	{"", ErrEmpty}, {" ", ErrEmpty}, {"\r\n", ErrEmpty}, {"\u3000", ErrEmpty}, {"\u00a0", ErrEmpty},
	{"anna", ErrShape}, {"anna.example.org", ErrShape}, {"example.org", ErrShape},
	{"@", ErrShape}, {"@example.org", ErrShape}, {"@@", ErrShape}, {"anna@", ErrDomain}, {"anna@.", ErrDomain}, {"anna@..", ErrDomain},
	// more than one @, route forms, lists
	{"anna@b@example.org", ErrShape}, {"anna@@example.org", ErrShape}, {"@relay.org:anna@example.org", ErrShape},
	{"anna@example.org@", ErrShape}, {"anna@example.org,bob@example.org", ErrShape}, {"anna@example.org;bob@example.org", ErrShape},
	{"a,b@example.org", ErrShape}, {"a;b@example.org", ErrShape}, {"a:b@example.org", ErrShape},
	// other at signs
	{"anna\uff20example.org", ErrShape}, {"anna\ufe6bexample.org", ErrShape}, {"anna\uff20b@example.org", ErrShape}, {"anna at example.org", ErrHidden},
	{"anna@b\uff20example.org", ErrDomain}, {"anna%40example.org", ErrShape}, {"anna&#64;example.org", ErrShape},
	// display names, brackets, comments, quotes
	{"Anna <anna@example.org>", ErrHidden}, {"<anna@example.org>", ErrShape}, {"\"Anna\"<anna@example.org>", ErrShape},
	{"mailto:anna@example.org", ErrShape}, {"anna@example.org>", ErrDomain}, {"(c)anna@example.org", ErrShape},
	{"anna(comment)@example.org", ErrShape}, {"anna@(comment)example.org", ErrDomain}, {"anna@example.org(comment)", ErrDomain},
	{"\"anna\"@example.org", ErrShape}, {"\"anna b\"@example.org", ErrHidden}, {"\"a@b\"@example.org", ErrShape}, {"\"\"@example.org", ErrShape},
	{"an\"na@example.org", ErrShape}, {"an\\na@example.org", ErrShape}, {"anna\\@b@example.org", ErrShape}, {"[anna]@example.org", ErrShape},
	// dots in the local part
	{".anna@example.org", ErrShape}, {"anna.@example.org", ErrShape}, {"an..na@example.org", ErrShape}, {".@example.org", ErrShape}, {"..@example.org", ErrShape},
	// white space and controls inside
	{"an na@example.org", ErrHidden}, {"anna @example.org", ErrHidden}, {"anna@ example.org", ErrHidden}, {"anna@exam ple.org", ErrHidden},
	{"an\tna@example.org", ErrHidden}, {"an\nna@example.org", ErrHidden}, {"anna@example.org\nBcc: x@y.org", ErrHidden}, {"anna\r\n@example.org", ErrHidden},
	{"an\x00na@example.org", ErrHidden}, {"anna@example.org\x00", ErrHidden}, {"an\x7fna@example.org", ErrHidden}, {"an\u0085na@example.org", ErrHidden},
	{"an\x1bna@example.org", ErrHidden}, {"\x08anna@example.org", ErrHidden}, {"an\u00a0na@example.org", ErrHidden}, {"an\u2003na@example.org", ErrHidden},
	{"an\u2028na@example.org", ErrHidden}, {"an\u2029na@example.org", ErrHidden}, {"an\u1680na@example.org", ErrHidden},
	// zero width, bidi controls, invisible characters
	{"an\u200bna@example.org", ErrHidden}, {"an\u200cna@example.org", ErrHidden}, {"an\u200dna@example.org", ErrHidden}, {"an\u2060na@example.org", ErrHidden},
	{"\ufeffanna@example.org", ErrHidden}, {"anna@example.org\ufeff", ErrHidden}, {"an\u200ena@example.org", ErrHidden}, {"an\u200fna@example.org", ErrHidden},
	{"an\u202ana@example.org", ErrHidden}, {"an\u202bna@example.org", ErrHidden}, {"an\u202cna@example.org", ErrHidden}, {"an\u202dna@example.org", ErrHidden},
	{"an\u202ena@example.org", ErrHidden}, {"an\u2066na@example.org", ErrHidden}, {"an\u2067na@example.org", ErrHidden}, {"an\u2068na@example.org", ErrHidden},
	{"an\u2069na@example.org", ErrHidden}, {"an\u061cna@example.org", ErrHidden}, {"an\u00adna@example.org", ErrHidden}, {"an\u034fna@example.org", ErrHidden},
	{"an\u115fna@example.org", ErrHidden}, {"an\u3164na@example.org", ErrHidden}, {"an\uffa0na@example.org", ErrHidden}, {"an\ufe0fna@example.org", ErrHidden},
	{"an\U000e0041na@example.org", ErrHidden}, {"an\ue000na@example.org", ErrHidden}, {"an\ufff9na@example.org", ErrHidden},
	{"anna@exam\u200bple.org", ErrHidden}, {"anna@exam\u202eple.org", ErrHidden}, {"anna@exam\u00adple.org", ErrHidden}, {"anna@exam\u2060ple.org", ErrHidden},
	{"anna\u200b@example.org", ErrHidden}, {"anna@\u200bexample.org", ErrHidden}, {"anna@example.org\u200b", ErrHidden},
	// not UTF-8
	{"an\xffna@example.org", ErrHidden}, {"anna@example.org\xc0\x80", ErrHidden}, {"an\xed\xa0\x80na@example.org", ErrHidden}, {"anna@ex\xe4mple.org", ErrHidden},
	{"an\ufffdna@example.org", ErrHidden},
	// other characters that are no letters
	{"an\u20acna@example.org", ErrShape}, {"\U0001f600@example.org", ErrShape}, {"an\u2026na@example.org", ErrShape}, {"an\uff0ena@example.org", ErrShape},
	{"an\u3002na@example.org", ErrShape}, {"an\u00b7na@example.org", ErrShape}, {"\u0301anna@example.org", ErrShape},
	// domains
	{"anna@localhost", ErrDomain}, {"anna@org", ErrDomain}, {"anna@org.", ErrDomain}, {"anna@.org", ErrDomain}, {"anna@.example.org", ErrDomain},
	{"anna@example..org", ErrDomain}, {"anna@example.org..", ErrDomain}, {"anna@example.org.\u3002", ErrDomain}, {"anna@-example.org", ErrDomain},
	{"anna@example-.org", ErrDomain}, {"anna@ex_ample.org", ErrDomain}, {"anna@exam!ple.org", ErrDomain}, {"anna@ex*mple.org", ErrDomain},
	{"anna@*.example.org", ErrDomain}, {"anna@example.org:25", ErrDomain}, {"anna@example.org/x", ErrDomain}, {"anna@example.org?x", ErrDomain},
	{"anna@example.org#x", ErrDomain}, {"anna@exa%6dple.org", ErrDomain}, {"anna@ex'ample.org", ErrDomain}, {"anna@ex\"ample.org", ErrDomain},
	{"anna@ex+ample.org", ErrDomain}, {"anna@ex,ample.org", ErrDomain}, {"anna@ab--cd.org", ErrDomain}, {"anna@xn--.org", ErrDomain},
	{"anna@xn--a.org", ErrDomain}, {"anna@xn--bcher-kv\u00e4.example", ErrDomain}, {"anna@xn--example-.org", ErrDomain}, {"anna@xn--fiqs8s-.org", ErrDomain},
	{"anna@" + strings.Repeat("b", 64) + ".org", ErrDomain}, {"anna@\U0001f600.example\U000e0100", ErrHidden},
	{"anna@\u0661\u0645.a\u05d0.org", ErrDomain}, // breaks the bidi rule of RFC 5893
	{"anna@a\u0301\u0338\u20dd.\u0301org", ErrDomain},
	// addresses of machines
	{"anna@[192.0.2.1]", ErrDomain}, {"anna@[IPv6:2001:db8::1]", ErrDomain}, {"anna@192.0.2.1", ErrDomain}, {"anna@192.0.2.1.", ErrDomain},
	{"anna@\uff11\uff19\uff12.0.2.1", ErrDomain}, {"anna@1.2.3", ErrDomain}, {"anna@2001:db8::1", ErrDomain}, {"anna@example.123", ErrDomain}, {"anna@0x7f.0.0.1", ErrDomain},
	// lengths
	{strings.Repeat("a", 65) + "@example.org", ErrTooLong}, {"aa@" + longDomain(252), ErrTooLong}, {"a@" + longDomain(253), ErrTooLong},
	{strings.Repeat("\u00e4", 33) + "@example.org", ErrTooLong}, {strings.Repeat("a", 5000) + "@example.org", ErrTooLong},
	{strings.Repeat(" ", 2000) + "anna@example.org", ErrTooLong},
}

func TestAccepted(t *testing.T) {
	for _, row := range accepted {
		got, err := Parse(row[0])
		if err != nil || got.Canonical != row[1] {
			t.Errorf("%+q: %+q, %v; want %+q", row[0], got.Canonical, err, row[1])
		}
	}
}

func TestRefused(t *testing.T) {
	for _, row := range refused {
		if got, err := Parse(row.text); !errors.Is(err, row.want) {
			t.Errorf("%+q: %+q, %v; want %v", row.text, got.Canonical, err, row.want)
		}
	}
	if n := len(accepted) + len(refused); n < 200 {
		t.Errorf("the table has %d forms, fewer than 200", n)
	}
}

// No two rows of the table that differ in canonical form may match, and those
// of the same form must.
func TestMatch(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	seen := map[room.Hash]string{}
	for _, row := range accepted {
		h := Match(key, "room", row[1])
		if other, ok := seen[h]; ok && other != row[1] {
			t.Errorf("%+q and %+q match", other, row[1])
		}
		seen[h] = row[1]
	}
	if Match(key, "a", "x@example.org") == Match(key, "b", "x@example.org") {
		t.Error("the same match in two rooms")
	}
	if Match(key, "a", "x@example.org") == Match([]byte("other"), "a", "x@example.org") {
		t.Error("the key does not matter")
	}
	if !Match(key, "a", "").IsZero() {
		t.Error("no address has a match")
	}
}

func TestTyped(t *testing.T) {
	a, err := Parse("  Anna.B@Bu\u0308cher.example ")
	if err != nil || a.Typed != "Anna.B@B\u00fccher.example" {
		t.Errorf("typed form: %+q, %v", a.Typed, err)
	}
}

// Parse is idempotent, never longer than the limit, and never maps two domains
// of A-labels together.
func FuzzParse(f *testing.F) {
	for _, row := range accepted {
		f.Add(row[0], "example.com")
	}
	for _, row := range refused {
		f.Add(row.text, "xn--bcher-kva.example")
	}
	f.Fuzz(func(t *testing.T, text, domain string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(a.Canonical); err != nil || again.Canonical != a.Canonical {
			t.Fatalf("%+q: %+q becomes %+q, %v", text, a.Canonical, again.Canonical, err)
		}
		if again, err := Parse(a.Typed); err != nil || again != a {
			t.Fatalf("%+q: typed form %+q becomes %+v, %v", text, a.Typed, again, err)
		}
		local, own, _ := strings.Cut(a.Canonical, "@")
		if len(a.Canonical) > MaxAddress || strings.ContainsFunc(own, func(r rune) bool { return r >= 0x80 || 'A' <= r && r <= 'Z' }) {
			t.Fatalf("%+q: canonical form %+q", text, a.Canonical)
		}
		if strings.ContainsFunc(local, hidden) {
			t.Fatalf("%+q: hidden characters in %+q", text, a.Canonical)
		}
		// An A-label domain is mapped to itself or refused, never to another.
		if ascii(domain) {
			b, err := Parse("a@" + domain)
			want := strings.ToLower(strings.TrimSuffix(domain, "."))
			if err == nil && b.Canonical != "a@"+want {
				t.Fatalf("domain %+q became %+q", domain, b.Canonical)
			}
		}
	})
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 || r <= ' ' })
}
