package room

import (
	"math"
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

var lightDark = regexp.MustCompile(`^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$`)

// sides gives a theme's colour in light and in dark.
func sides(t interface{ Fatalf(string, ...any) }, theme Theme, name string) (light, dark rgb) {
	m := lightDark.FindStringSubmatch(theme[name])
	if m == nil {
		t.Fatalf("--%s is %q", name, theme[name])
	}
	light, _ = parseColor(m[1])
	dark, _ = parseColor(m[2])
	return light, dark
}

// Whatever colour is accepted, what is made of it can be read.
func TestEveryThemeCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rgb{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b")}
		_, no := checkAccent(c.String())
		if readable := contrast(c, white.rgb()) >= textContrast; (no == nil) != readable {
			t.Fatalf("%s: %v", c, no)
		}
		if no != nil {
			return
		}
		theme := ThemeOf(c.String())
		accent, accentDark := sides(t, theme, "accent")
		if accent != c {
			t.Fatalf("%s became %s", c, accent)
		}
		on, onDark := sides(t, theme, "on-accent")
		hover, hoverDark := sides(t, theme, "accent-hover")
		soft, softDark := sides(t, theme, "accent-soft")
		ink, inkDark := sides(t, theme, "accent-ink")
		line, lineDark := sides(t, theme, "accent-line")
		check := func(what string, a, b rgb, want float64) {
			if got := contrast(a, b); got < want {
				t.Fatalf("%s, %s: %s on %s has %.2f", c, what, a, b, got)
			}
		}
		check("button", on, accent, textContrast)
		check("button in the dark", onDark, accentDark, textContrast)
		check("hovered", on, hover, textContrast)
		check("hovered in the dark", onDark, hoverDark, textContrast)
		check("ink on soft", ink, soft, textContrast)
		check("ink on soft in the dark", inkDark, softDark, textContrast)
		for _, g := range lightGrounds {
			check("ink", ink, g.rgb(), textContrast)
			check("line", line, g.rgb(), lineContrast)
		}
		for _, g := range darkGrounds {
			check("ink in the dark", inkDark, g.rgb(), textContrast)
			check("line in the dark", lineDark, g.rgb(), lineContrast)
		}
	})
}

func TestNoAccentNoTheme(t *testing.T) {
	for _, none := range []string{"", "green", "#12345"} {
		if theme := ThemeOf(none); theme != nil {
			t.Errorf("%q gives %v", none, theme)
		}
	}
}

// Known values of CSS Color 4 and WCAG.
func TestColours(t *testing.T) {
	for text, want := range map[string]oklch{"#ff0000": {0.628, 0.258, 29.23}, "#00ff00": {0.866, 0.295, 142.5}, "#0000ff": {0.452, 0.313, 264.05}} {
		c, _ := parseColor(text)
		got := c.oklch()
		if math.Abs(got.l-want.l) > 0.002 || math.Abs(got.c-want.c) > 0.002 || math.Abs(got.h-want.h) > 0.2 {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
		if back := got.rgb(); back != c {
			t.Errorf("%s comes back as %s", c, back)
		}
	}
	if got := contrast(rgb{0, 0, 0}, rgb{255, 255, 255}); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white has %f", got)
	}
	if got := contrast(rgb{0x76, 0x76, 0x76}, rgb{255, 255, 255}); math.Abs(got-4.54) > 0.01 {
		t.Errorf("#767676 on white has %f", got)
	}
}
