package mail

import (
	"io"
	"strings"
	"testing"

	markup "golang.org/x/net/html"
)

// frameElements are what the page around a mail consists of.
const frameElements = " html head meta title style body table tbody tr td img "

// safeMarkup reads a mail as a browser does and looks for anything that acts or loads.
func safeMarkup(t *testing.T, html string) {
	t.Helper()
	root, err := markup.Parse(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	styles := 0
	for n := range root.Descendants() {
		if n.Type == markup.CommentNode || n.Type != markup.ElementNode {
			if n.Type == markup.CommentNode {
				t.Errorf("a comment: %q", n.Data)
			}
			continue
		}
		if _, ours := elements[n.Data]; !ours && !strings.Contains(frameElements, " "+n.Data+" ") {
			t.Errorf("an element %s", n.Data)
		}
		if n.Data == "style" {
			styles++
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "action", a.Key == "srcset", a.Key == "background":
				t.Errorf("%s has %s", n.Data, a.Key)
			case a.Key == "src" && value != "cid:"+pictureName && value != "cid:logo.png", a.Key == "style" && strings.Contains(value, "url("):
				t.Errorf("%s loads %q", n.Data, a.Val)
			case a.Key == "href" && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "mailto:"):
				t.Errorf("a link to %q", a.Val)
			}
		}
	}
	if styles != 1 {
		t.Errorf("%d style sheets", styles)
	}
}

// Our own tags are balanced: nothing that follows is swallowed.
func TestOwnTemplatesAreWhole(t *testing.T) {
	for _, code := range BuiltIns() {
		in := sample
		in.Language = code
		m, err := Render(in)
		if err != nil {
			t.Fatal(err)
		}
		safeMarkup(t, m.HTML)
		depth := 0
		for z := markup.NewTokenizer(strings.NewReader(m.HTML)); ; {
			kind := z.Next()
			if kind == markup.ErrorToken {
				if z.Err() != io.EOF || depth != 0 {
					t.Errorf("%s: %v, %d elements are not closed", code, z.Err(), depth)
				}
				break
			}
			name := z.Token().Data
			if strings.Contains(" meta br hr img ", " "+name+" ") {
				continue
			}
			switch kind {
			case markup.StartTagToken:
				depth++
			case markup.EndTagToken:
				depth--
			}
		}
	}
}
