package mail

import (
	"bytes"
	"encoding/base64"
	htmltemplate "html/template"
	"image"
	_ "image/jpeg" // a logo's size
	_ "image/png"
	"regexp"
	"strings"
)

// Look is how the site presents itself in the HTML of a mail.
type Look struct {
	Site  string            // its name
	Theme map[string]string // accent, accent-ink and on-accent, each as light-dark(#rrggbb, #rrggbb); else ours
	Logo  Picture
}

// Picture is what a mail shows from within itself: nothing is loaded from anywhere.
type Picture struct {
	Kind    string // image/png, image/jpeg or image/webp
	Content []byte // empty: there is none
}

// name is the picture's Content-ID and file.
func (p Picture) name() string { return "logo." + strings.TrimPrefix(p.Kind, "image/") }

// inline is the picture in a page that holds it itself.
func (p Picture) inline() string {
	return "data:" + p.Kind + ";base64," + base64.StdEncoding.EncodeToString(p.Content)
}

// shades are a look's colours on light or on dark paper, as #rrggbb.
type shades struct{ Accent, OnAccent, Ink string }

var (
	oursLight = shades{Accent: "#1b6b47", OnAccent: "#ffffff", Ink: "#1b6b47"}
	oursDark  = shades{Accent: "#7fd1a6", OnAccent: "#10241a", Ink: "#7fd1a6"}
	twoShades = regexp.MustCompile(`^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$`)
)

// shades reads the theme. What is no colour is ours.
func (l Look) shades() (light, dark shades) {
	light, dark = oursLight, oursDark
	for name, to := range map[string][2]*string{
		"accent": {&light.Accent, &dark.Accent}, "on-accent": {&light.OnAccent, &dark.OnAccent}, "accent-ink": {&light.Ink, &dark.Ink},
	} {
		if both := twoShades.FindStringSubmatch(l.Theme[name]); both != nil {
			*to[0], *to[1] = both[1], both[2]
		}
	}
	return light, dark
}

// The room for a logo, in pixels.
const logoHeight, logoWidth = 36, 200

// emblem is a logo in the frame. Programs that know no style sheets go by its width and height.
type emblem struct {
	Source        htmltemplate.URL
	Width, Height int // Width 0: as it comes
}

// emblem fits the logo into its room; nil where there is none.
func (l Look) emblem() *emblem {
	if len(l.Logo.Content) == 0 {
		return nil
	}
	e := &emblem{Source: htmltemplate.URL("cid:" + l.Logo.name()), Height: logoHeight}
	size, _, err := image.DecodeConfig(bytes.NewReader(l.Logo.Content))
	if err != nil || size.Width < 1 || size.Height < 1 { // a WebP, for one
		return e
	}
	if e.Width = max(1, size.Width*e.Height/size.Height); e.Width > logoWidth {
		e.Width, e.Height = logoWidth, max(1, size.Height*logoWidth/size.Width)
	}
	return e
}
