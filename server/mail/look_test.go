package mail

import (
	"bytes"
	"image"
	"image/png"
	netmail "net/mail"
	"strings"
	"testing"
)

func pictureOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// themed is a site in other colours than ours, with a logo.
func themed(t *testing.T) Look {
	return Look{Site: "Example & Sons", Logo: Picture{"image/png", pictureOf(t, 120, 60)}, Theme: map[string]string{
		"accent": "light-dark(#7a1f4b, #f0a5c8)", "on-accent": "light-dark(#ffffff, #2a1020)", "accent-ink": "light-dark(#5c1738, #f4bcd6)"}}
}

func TestGoldenLook(t *testing.T) {
	in := sample
	in.Look = themed(t)
	m, err := Render(in)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "look.html", m.HTML)
	safeMarkup(t, m.HTML)
	if got := m.Shown(); strings.Contains(got, "cid:") || strings.Count(got, `src="data:image/png;base64,iVBOR`) != 2 {
		t.Errorf("a browser does not see the pictures:\n%s", got)
	}
	letter, err := compose(netmail.Address{Address: "rooms@example.org"}, m)
	if err != nil {
		t.Fatal(err)
	}
	var wire bytes.Buffer
	if _, err := letter.WriteTo(&wire); err != nil {
		t.Fatal(err)
	}
	if got := wire.String(); strings.Count(got, "Content-Id: <logo.png>") != 1 || strings.Count(got, "Content-Id: <link.png>") != 1 {
		t.Errorf("the mail does not hold its pictures: %.2000s", got)
	}
}

// The site's name, colours and logo are in every kind of mail.
func TestEveryKindHasTheLook(t *testing.T) {
	for kind, m := range everyKind(t, themed(t), nil) {
		for _, want := range []string{">Example &amp; Sons</span>", "border-top:6px solid #7a1f4b", "border-color: #f0a5c8 ", `src="cid:logo.png" width="72" height="36" alt=""`} {
			if !strings.Contains(m.HTML, want) {
				t.Errorf("%s: no %s", kind, want)
			}
		}
		if m.Logo.Content == nil {
			t.Errorf("%s: no logo", kind)
		}
		safeMarkup(t, m.HTML)
	}
}

// What is no colour, and no picture that we can measure, changes nothing else.
func TestLookIsJudged(t *testing.T) {
	for _, evil := range []string{"red", "light-dark(#fff, #000)", "light-dark(#ffffff, #000000);background:url(//evil)", "</style><script>", ""} {
		light, dark := Look{Theme: map[string]string{"accent": evil, "accent-ink": evil, "on-accent": evil}}.shades()
		if light != oursLight || dark != oursDark {
			t.Errorf("%q was taken: %v %v", evil, light, dark)
		}
	}
	for name, c := range map[string]struct {
		content       []byte
		width, height int
	}{
		"square": {pictureOf(t, 500, 500), 36, 36}, "banner": {pictureOf(t, 4000, 100), 200, 5}, "tower": {pictureOf(t, 1, 400), 1, 36}, "unknown": {[]byte("RIFFxxxxWEBP"), 0, 36},
	} {
		if e := (Look{Logo: Picture{"image/png", c.content}}).emblem(); e.Width != c.width || e.Height != c.height {
			t.Errorf("%s: %d × %d", name, e.Width, e.Height)
		}
	}
	if (Look{}).emblem() != nil {
		t.Error("a logo that is not there is shown")
	}
}

// everyKind renders one mail of each kind, with what people typed as given, and with a template if
// there is one for the kind.
func everyKind(t *testing.T, look Look, templates map[Kind]*Template, typed ...string) map[Kind]Message {
	t.Helper()
	title, first, host := sample.Title, sample.FirstName, sample.Host
	if len(typed) > 0 {
		title, first, host = typed[0], typed[0], typed[0]
	}
	all := map[Kind]Message{}
	keep := func(kind Kind, m Message, err error) {
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		all[kind] = m
	}
	in := sample
	in.Look, in.Title, in.FirstName, in.Host, in.Description, in.Template = look, title, first, host, title, templates[KindInvitation]
	m, err := Render(in)
	keep(KindInvitation, m, err)
	for kind, n := range map[Kind]Notice{KindMoved: {}, KindRenamed: {Renamed: true}, KindCancelled: {Cancelled: true}} {
		n.To, n.FirstName, n.LastName, n.Title, n.Host, n.StartsAt, n.Look, n.Template = in.To, first, first, title, host, in.StartsAt, look, templates[kind]
		m, err := RenderNotice(n)
		keep(kind, m, err)
	}
	for kind, title := range map[Kind]string{KindSignInCode: "", KindRoomCode: title} {
		m, err := RenderCode(Code{To: in.To, Code: "482913", Title: title, Look: look, Template: templates[kind]})
		keep(kind, m, err)
	}
	m, err = RenderRequest(Request{To: in.To, FirstName: first, LastName: first, Asker: first, Message: title, Title: title, Look: look, StartsAt: in.StartsAt,
		Page: "https://rooms.example.org/rooms/abc#requests", Template: templates[KindRequest]})
	keep(KindRequest, m, err)
	return all
}
