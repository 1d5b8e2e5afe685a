package mail

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
	"testing"
)

// good is the least that a template holds.
var good = Source{Subject: "{title}", HTML: `<p><a href="{link}">{title}</a></p>`, Text: "{link}"}

func TestTemplateFaults(t *testing.T) {
	for name, c := range map[string]struct{ field, source, want string }{
		"nothing":                     {"subject", " ", "subject 1:1 there is nothing"},
		"two lines":                   {"subject", "a\nBcc: x", "subject 1:2 a subject is one line"},
		"carriage return":             {"subject", "a\rb", "subject 1:2 a subject is one line"},
		"link in the subject":         {"subject", "{link}", "subject 1:1 {link} cannot stand here"},
		"long subject":                {"subject", strings.Repeat("a", MaxSubject+1), "subject 1:1 this is longer than 300 bytes"},
		"control":                     {"text", "{link}\x1b", "text 1:7 there is a control character"},
		"not UTF-8":                   {"text", "{link}\xff", "text 1:1 this is not UTF-8"},
		"unknown token":               {"text", "{link}\nä {titel}", "text 2:3 {titel} is no token here; there are first_name"},
		"other case":                  {"text", "{link}{Title}", "text 1:7 {Title} is no token here"},
		"unknown condition":           {"text", "{link} {if vip}x{end}", "text 1:8 {if vip} is no condition here; there are viewer"},
		"open brace":                  {"text", "{link} {title", "text 1:8 this brace is not closed"},
		"no end":                      {"text", "{link}\n{if again}x", "text 2:1 {if again} is not closed"},
		"no beginning":                {"text", "{link} {end}", "text 1:8 {end} has no {if …}"},
		"else alone":                  {"text", "{link} {else}", "text 1:8 {else} has no {if …}"},
		"two else":                    {"text", "{link}{if again}a{else}b{else}c{end}", "text 1:25 {else} has no {if …}"},
		"no link":                     {"text", "Come", "text 1:5 {link} is missing"},
		"a link on a condition":       {"text", "{if again}{link}{end}", "text 1:22 {link} is missing"},
		"picture in text":             {"text", "{link}{qr_code}", "text 1:7 {qr_code} cannot stand here"},
		"long twice":                  {"text", "{link}{description}{description}", "text 1:20 {description} may stand here once"},
		"too many":                    {"text", strings.Repeat("{link}", maxPieces+1), "text 1:2401 these are too many tokens"},
		"nested":                      {"text", "{link}" + strings.Repeat("{if again}", maxNested+1), "text 1:207 this is nested too deeply"},
		"script":                      {"html", "<p>{link}</p>\n<script>alert(1)</script>", "html 2:1 <script> is not allowed"},
		"upper case":                  {"html", "<SCRIPT>", "html 1:1 <script> is not allowed"},
		"image":                       {"html", `{link}<img src="https://evil.example/x.png">`, "html 1:7 <img> is not allowed"},
		"style":                       {"html", `{link}<style>p{}</style>`, "html 1:7 <style> is not allowed"},
		"form":                        {"html", `{link}<form action="https://evil.example">`, "html 1:7 <form> is not allowed"},
		"vector graphics":             {"html", `{link}<svg onload=x>`, "html 1:7 <svg> is not allowed"},
		"handler":                     {"html", `{link}<p onclick="x">a</p>`, "html 1:7 onclick is not allowed at <p>"},
		"style attribute":             {"html", `{link}<p style="background:url(//evil)">a</p>`, "html 1:7 style is not allowed at <p>"},
		"class":                       {"html", `{link}<p class="card">a</p>`, "html 1:7 class is not allowed at <p>, or not with this value"},
		"script link":                 {"html", `{link}<a href="javascript:alert(1)">a</a>`, "html 1:7 a link leads to {link}, or begins with"},
		"script link, written around": {"html", `{link}<a href="java&#x73;cript:x">a</a>`, "html 1:7 a link leads to {link}, or begins with"},
		"data link":                   {"html", `{link}<a href="data:text/html,x">a</a>`, "html 1:7 a link leads to {link}, or begins with"},
		"link without a scheme":       {"html", `{link}<a href="//evil.example">a</a>`, "html 1:7 a link leads to {link}, or begins with"},
		"token in a link":             {"html", `{link}<a href="https://evil.example/?{link}">a</a>`, "html 1:7 a link leads to {link}, or begins with"},
		"a link with a password":      {"html", `{link}<a href="https://bank.example@evil.example/">a</a>`, "html 1:7 a link leads to {link}, or begins with"},
		"two links in one":            {"html", `{link}<a href="javascript:x" href="https://a.example">a</a>`, "html 1:7 a link leads to {link}"},
		"comment":                     {"html", "{link}<!--[if mso]>x<![endif]-->", "html 1:7 comments and the like"},
		"document":                    {"html", "<!doctype html>{link}", "html 1:1 comments and the like"},
		"not closed":                  {"html", "<p>{link}", "html 1:1 <p> is not closed"},
		"closed by another":           {"html", "<p><b>{link}</p></b>", "html 1:13 </p> stands where </b> is due"},
		"closed too often":            {"html", "{link}</p>", "html 1:7 </p> closes nothing"},
		"a condition across elements": {"html", "<p>{if again}{link}</p>{end}", "html 1:20 </p> stands behind {if again}"},
		"an end within an element":    {"html", "{link}{if again}<p>{end}</p>", "html 1:20 {end} stands within <p>"},
		"half an element":             {"html", "{link}<p", "html 1:7 this is not closed"},
		"self-closed":                 {"html", "{link}<p/>", "html 1:7 <p> is not closed"},
		"no link in markup":           {"html", "<p>Come</p>", "html 1:12 {link} is missing"},
	} {
		s := good
		switch c.field {
		case "subject":
			s.Subject = c.source
		case "html":
			s.HTML = c.source
		default:
			s.Text = c.source
		}
		_, faults := ParseTemplate(KindInvitation, s)
		if len(faults) != 1 {
			t.Errorf("%s: %d faults, %v", name, len(faults), faults)
			continue
		}
		f := faults[0]
		if got := fmt.Sprintf("%s %d:%d %s", f.Field, f.Line, f.Column, f.Says); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
	if _, faults := ParseTemplate(KindInvitation, Source{}); len(faults) != 3 {
		t.Errorf("an empty template: %v", faults)
	}
}

// What an author writes in good faith comes out as meant, and what people typed changes nothing.
func TestTemplateEscapes(t *testing.T) {
	parsed, faults := ParseTemplate(KindInvitation, Source{
		Subject: "{{{title}} & {if again}new{else}old{end} <b>",
		HTML: `<h2 lang="fr" dir="ltr">{title} &amp; {description} &lt;{{b} 1 < 2</h2>
<p class="lead">{if speaker}S{else}{if moderator}M{else}V{end}{end}<br>{zone}</p>
<a class="button" href="{link}">x</a> <a href="https://example.org/?a=1&amp;b=2">y</a> <a href="mailto:help@example.org">z</a>{qr_code}`,
		Text: "{title} {{not a token}\r\n{description}\n{link} {devices}",
	})
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	in := sample
	in.Template, in.Language, in.Devices = parsed, "fr-CA", 3
	in.Title, in.Description = `{link} <b>"T" & 'S'`, "<img src=x>\r\n\r\n{qr_code} https://evil.example\u202e"
	m, err := Render(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{{link} <b>"T" & 'S'} & old <b>`; m.Subject != want {
		t.Errorf("subject %q", m.Subject)
	}
	if want := "{link} <b>\"T\" & 'S' {not a token}\n<img src=x>\n\n{qr_code} https:/ /evil.example\n" + in.Link + " 3"; m.Text != want {
		t.Errorf("text %q", m.Text)
	}
	for _, want := range []string{`<html lang="fr-CA">`, `{link} &lt;b&gt;&#34;T&#34; &amp; &#39;S&#39; &amp; &lt;img src=x&gt;<br><br>{qr_code} https:/ /evil.example &lt;{b} 1 &lt; 2</h2>`,
		`V<br>UTC</p>`, `href="https://example.org/?a=1&amp;b=2"`, `href="mailto:help@example.org"`, `src="cid:link.png"`} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("no %s in\n%s", want, m.HTML)
		}
	}
	picture, err := png.Decode(bytes.NewReader(m.Picture))
	if err != nil || picture.Bounds().Dx() < 100 {
		t.Errorf("the picture: %v, %v", picture, err)
	}
	if in.Template, _ = ParseTemplate(KindInvitation, good); in.Template != nil {
		if m, err := Render(in); err != nil || m.Picture != nil {
			t.Errorf("a picture that is not shown: %v", err)
		}
	}
}

// A date in a language that we cannot write is told in figures.
func TestOtherLanguages(t *testing.T) {
	parsed, faults := ParseTemplate(KindInvitation, Source{Subject: "{title} {date}", HTML: "{link}", Text: "{start} {type} {link}"})
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	for language, want := range map[string]string{
		"fr": "2026-11-26, 15:00 UTC viewer ", "de-CH": "Donnerstag, 26. November 2026, 15:00 Uhr UTC Zuschauer ", "en-GB": "Thursday, 26 November 2026, 15:00 UTC viewer ",
	} {
		in := sample
		in.Template, in.Language = parsed, language
		if m, err := Render(in); err != nil || m.Text != want+in.Link {
			t.Errorf("%s: %q, %v", language, m.Text, err)
		}
	}
}

// Whatever is taken for a template gives a mail with one line of subject, and with markup that holds
// nothing but what is on our list.
func FuzzTemplate(f *testing.F) {
	for _, code := range BuiltIns() {
		source, _ := BuiltIn(KindInvitation, code)
		f.Add(source.Subject, source.HTML, source.Text)
	}
	f.Add("{if again}{{{end}", `<a href="{link}" class="button">&lt;{title}</a>`, "{link}{if again}{else}{end}")
	f.Fuzz(func(t *testing.T, subject, html, text string) {
		s := Source{subject, html, text}
		parsed, faults := ParseTemplate(KindInvitation, s)
		for _, fault := range faults {
			if fault.Line < 1 || fault.Column < 1 || fault.Says == "" {
				t.Errorf("fault %+v", fault)
			}
		}
		if len(faults) > 0 {
			return
		}
		in := sample
		in.Template, in.Language = parsed, "en"
		in.Title, in.Description = "</p><script>{link}\"'", "</p><img src=x onerror=y>{link}\n<script>"
		m, err := Render(in)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(m.Subject, "\r\n") || !strings.Contains(m.Text, in.Link) || !strings.Contains(m.HTML, in.Link) {
			t.Errorf("subject %q, text %q", m.Subject, m.Text)
		}
		safeMarkup(t, m.HTML)
	})
}
