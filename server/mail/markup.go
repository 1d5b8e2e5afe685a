package mail

import (
	"html"
	"net/url"
	"slices"
	"strings"

	markup "golang.org/x/net/html"
)

// elements are what an author may write, with the style that mail programs understand: most read
// nothing but style attributes. What is not here is refused; nothing is taken out in silence.
var elements = map[string]string{
	"p": "margin:0 0 16px 0", "div": "", "span": "", "br": "",
	"h1": "margin:0 0 8px 0;font-size:24px;line-height:1.25;font-weight:650",
	"h2": "margin:24px 0 8px 0;font-size:19px;line-height:1.3;font-weight:650",
	"h3": "margin:16px 0 8px 0;font-size:16px;line-height:1.4;font-weight:650",
	"ul": "margin:0 0 16px 0;padding:0 0 0 24px", "ol": "margin:0 0 16px 0;padding:0 0 0 24px", "li": "margin:0 0 4px 0",
	"blockquote": "margin:0 0 16px 0;padding:0 0 0 16px;border-left:3px solid #dde4e0",
	"hr":         "margin:24px 0 16px 0;border:0;border-top:1px solid #dde4e0",
	"strong":     "", "b": "", "em": "", "i": "", "u": "", "s": "", "sub": "", "sup": "", "code": "",
	"small": "font-size:13px;color:#5a6861",
	"a":     "",
}

// classes are the looks that may be asked for, by element and name.
var classes = map[string]string{
	"p.lead": "margin:0 0 16px 0;font-size:17px;color:#48554f",
	"p.code": "margin:0 0 16px 0;font-size:32px;line-height:1.25;font-weight:650;letter-spacing:4px",
}

// painted are the looks in the site's colours, by element or class.
var painted = map[string]func(shades) string{
	"a": func(c shades) string { return "color:" + c.Ink },
	"a.button": func(c shades) string {
		return "display:inline-block;padding:12px 24px;background:" + c.Accent + ";border-radius:6px;color:" + c.OnAccent + ";font-weight:600;text-decoration:none"
	},
}

var voids = []string{"br", "hr"} // they have no end

// markup reads HTML.
func (r *reader) markup() {
	z := markup.NewTokenizer(strings.NewReader(r.source))
	for at := 0; r.fault == nil; {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case markup.ErrorToken:
			if rest := r.source[at:]; rest != "" {
				r.wrong(at, "this is not closed")
			}
			return
		case markup.TextToken:
			r.words(at, raw, func(text string) string { return html.EscapeString(html.UnescapeString(text)) })
		case markup.StartTagToken, markup.SelfClosingTagToken:
			r.element(at, z.Token())
		case markup.EndTagToken:
			r.close(at, z.Token().Data)
		default:
			r.wrong(at, "comments and the like have no place in a mail")
		}
		at += len(raw)
	}
}

// element reads the beginning of an element.
func (r *reader) element(at int, t markup.Token) {
	style, known := elements[t.Data]
	if !known {
		r.wrong(at, "<"+cut(t.Data)+"> is not allowed")
		return
	}
	var attributes strings.Builder
	linked, look := false, t.Data
	for _, a := range t.Attr {
		switch {
		case a.Key == "href" && t.Data == "a" && a.Val == "{link}" && slices.Contains(r.tokens, "link"):
			linked = true
		case a.Key == "href" && t.Data == "a" && web(a.Val):
			attributes.WriteString(` href="` + html.EscapeString(a.Val) + `"`)
		case a.Key == "href" && t.Data == "a":
			r.wrong(at, "a link leads to {link}, or begins with https://, http:// or mailto:")
			return
		case a.Key == "class" && hasClass(t.Data+"."+a.Val):
			look = t.Data + "." + a.Val
			style = classes[look]
			attributes.WriteString(` class="` + a.Val + `"`)
		case a.Key == "lang" && plainTag(a.Val), a.Key == "dir" && slices.Contains([]string{"ltr", "rtl", "auto"}, a.Val):
			attributes.WriteString(" " + a.Key + `="` + a.Val + `"`)
		default:
			r.wrong(at, cut(a.Key)+" is not allowed at <"+t.Data+">, or not with this value")
			return
		}
	}
	if style != "" {
		attributes.WriteString(` style="` + style + `"`)
	}
	r.begins(at, t.Data, look, linked, attributes.String())
	if !slices.Contains(voids, t.Data) {
		r.push(level{element: t.Data, at: at})
	}
}

// begins writes the beginning of an element down.
func (r *reader) begins(at int, name, look string, linked bool, attributes string) {
	begin := "<" + name
	if linked {
		r.add(at, piece{literal: begin + ` href="`})
		r.add(at, piece{token: "link", bare: true})
		begin = `"`
	}
	if painted[look] != nil {
		r.add(at, piece{literal: begin + attributes, paint: look})
		return
	}
	r.add(at, piece{literal: begin + attributes + ">"})
}

func hasClass(look string) bool {
	return classes[look] != "" || strings.Contains(look, ".") && painted[look] != nil
}

// close reads the end of an element.
func (r *reader) close(at int, name string) {
	l := r.innermost()
	switch {
	case l != nil && l.element == name:
		r.open = r.open[:len(r.open)-1]
		r.add(at, piece{literal: "</" + name + ">"})
	case l == nil || !known(name):
		r.wrong(at, "</"+cut(name)+"> closes nothing")
	case l.element == "":
		r.wrong(at, "</"+name+"> stands behind {if "+l.when+"}, which is not closed")
	default:
		r.wrong(at, "</"+name+"> stands where </"+l.element+"> is due")
	}
}

func known(name string) bool {
	_, ok := elements[name]
	return ok
}

// cut shortens what an author wrote for a message.
func cut(text string) string {
	if runes := []rune(text); len(runes) > 30 {
		return string(runes[:30]) + "…"
	}
	return text
}

// web says whether a link leads to the web or to a mailbox, whole and without a token in it.
func web(text string) bool {
	u, err := url.Parse(text)
	if err != nil || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c == 0x7f || c == '{' || c == '\\' }) {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != "" && u.User == nil
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	}
	return false
}

// plainTag is a language tag as far as its letters go.
func plainTag(text string) bool {
	return text != "" && len(text) <= 35 && !strings.ContainsFunc(text, func(c rune) bool {
		return c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}

// inMarkup makes a token's value fit for HTML.
func inMarkup(p piece, value string) string {
	safe := html.EscapeString(value)
	switch {
	case p.bare:
		return safe
	case p.token == "link":
		return `<span style="word-break:break-all">` + safe + `</span>`
	case p.token == "qr_code":
		return `<img src="cid:` + pictureName + `" width="160" height="160" alt="` + safe + `" style="display:block;border:8px solid #ffffff;border-radius:6px">`
	case p.token == "description":
		return strings.ReplaceAll(safe, "\n", "<br>")
	}
	return safe
}
