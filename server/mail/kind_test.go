package mail

import (
	"bytes"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
)

// all is a source with every token and every condition of a kind, as often as it may.
func all(kind Kind) Source {
	var s Source
	for _, token := range kind.Tokens() {
		part := "{" + token + "} "
		if !slices.Contains(notIn["subject"], token) {
			s.Subject += part
		}
		if !slices.Contains(notIn["text"], token) {
			s.Text += part
		}
		s.HTML += part
	}
	for _, when := range kind.Conditions() {
		part := "{if " + when + "}x{else}y{end}"
		s.HTML, s.Text = s.HTML+part, s.Text+part // a subject has no room for all
	}
	return s
}

// Each kind has a table of its own: all that is in it is taken, all that is not is refused with its
// place, and what the mail is for must be there.
func TestEveryKindHasItsTokens(t *testing.T) {
	for _, kind := range Kinds() {
		if _, faults := ParseTemplate(kind, all(kind)); len(faults) > 0 {
			t.Errorf("%s: %v", kind, faults[0])
		}
		for _, other := range Kinds() {
			for _, token := range other.Tokens() {
				if slices.Contains(kind.Tokens(), token) {
					continue
				}
				s := all(kind)
				s.Text = "a\n {" + token + "}" + s.Text
				_, faults := ParseTemplate(kind, s)
				if len(faults) != 1 || faults[0].Line != 2 || faults[0].Column != 2 || !strings.HasPrefix(faults[0].Says, "{"+token+"} is no token here") {
					t.Errorf("%s takes {%s}: %v", kind, token, faults)
				}
			}
			for _, when := range other.Conditions() {
				s := all(kind)
				s.HTML += "{if " + when + "}x{end}"
				if _, faults := ParseTemplate(kind, s); (len(faults) > 0) == slices.Contains(kind.Conditions(), when) {
					t.Errorf("%s and {if %s}: %v", kind, when, faults)
				}
			}
		}
		needed := table[kind].needed
		_, faults := ParseTemplate(kind, Source{Subject: "x", HTML: "<p>x</p>", Text: "x"})
		if needed == "" && len(faults) != 0 || needed != "" && (len(faults) != 2 || !strings.HasPrefix(faults[0].Says, "{"+needed+"} is missing")) {
			t.Errorf("%s needs %q: %v", kind, needed, faults)
		}
	}
	for kind, bad := range map[Kind]string{KindSignInCode: "{code}", KindRoomCode: "{code}", KindInvitation: "{link}", KindRequest: "{message}"} {
		s := all(kind)
		s.Subject = bad
		if _, faults := ParseTemplate(kind, s); len(faults) != 1 || faults[0].Says != bad+" cannot stand here" {
			t.Errorf("%s: a secret in the subject: %v", kind, faults)
		}
	}
	if _, faults := ParseTemplate(KindMoved, Source{Subject: "x", HTML: `<a href="{link}">x</a>`, Text: "x"}); len(faults) != 1 {
		t.Error("a notice has no link to lead to")
	}
	if Kind("").Known() || Kind("other").Known() {
		t.Error("kinds that are none")
	}
}

// A template of another kind is never filled.
func TestTemplateOfAnotherKind(t *testing.T) {
	parsed, _ := ParseTemplate(KindMoved, Source{Subject: "moved", HTML: "moved", Text: "moved"})
	if got := everyKind(t, Look{}, map[Kind]*Template{KindCancelled: parsed, KindMoved: parsed}); got[KindCancelled].Text == "moved" || got[KindMoved].Text != "moved" {
		t.Errorf("got %q and %q", got[KindCancelled].Text, got[KindMoved].Text)
	}
}

// Whatever people typed and whatever an administrator wrote, a mail has the headers that we give it
// and no more.
func TestNoHeaderIsInjected(t *testing.T) {
	templates := map[Kind]*Template{}
	for _, kind := range Kinds() {
		parsed, faults := ParseTemplate(kind, all(kind))
		if len(faults) > 0 {
			t.Fatal(faults[0])
		}
		templates[kind] = parsed
	}
	headers := func(m Message) (names []string) {
		letter, err := compose(netmail.Address{Name: "Rooms", Address: "rooms@example.org"}, m)
		if err != nil {
			t.Fatal(err)
		}
		var wire bytes.Buffer
		if _, err := letter.WriteTo(&wire); err != nil {
			t.Fatal(err)
		}
		read, err := netmail.ReadMessage(&wire)
		if err != nil {
			t.Fatal(err)
		}
		for name := range read.Header {
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	for _, own := range []map[Kind]*Template{nil, templates} {
		plain := everyKind(t, Look{Site: "Site"}, own)
		for _, evil := range []string{"x\r\nBcc: all@example.org", "x\nBcc: y\n\nbody", "x\rBcc: y", "x\u2028Bcc: y", "x\x00\r\n\r\n<p>", "=?utf-8?q?=0D=0ABcc:_y?=", strings.Repeat("ä\r\nBcc: y ", 60)} {
			look := Look{Site: evil, Theme: map[string]string{"accent": evil}, Logo: Picture{"image/png", pictureOf(t, 2, 2)}}
			for kind, m := range everyKind(t, look, own, evil) {
				if got, want := headers(m), headers(plain[kind]); !slices.Equal(got, want) {
					t.Errorf("%s: %q makes headers %v, not %v", kind, evil, got, want)
				}
				if strings.ContainsAny(m.Subject, "\r\n\x00") {
					t.Errorf("%s: subject %q", kind, m.Subject)
				}
			}
		}
	}
}
