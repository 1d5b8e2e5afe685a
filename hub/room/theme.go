package room

import (
	"fmt"
	"math"
	"strconv"
)

// Theme is the colours of the room pages that follow the site's accent, by the
// names of the style sheet's custom properties without their dashes. A value is
// of the form light-dark(#rrggbb, #rrggbb).
type Theme map[string]string

// Contrasts that texts and edges need (WCAG 2.2, 1.4.3 and 1.4.11).
const (
	textContrast = 4.5
	lineContrast = 3.0
)

// The grounds that text lies on, as the style sheet has them.
var (
	lightGrounds = []oklch{{1, 0, 0}, {0.978, 0.004, 165}, {0.957, 0.006, 165}}
	darkGrounds  = []oklch{{0.178, 0.011, 172}, {0.217, 0.012, 172}, {0.252, 0.013, 172}, {0.268, 0.014, 172}}
	white        = oklch{1, 0, 0}
)

// checkAccent takes #rrggbb, or nothing for the design's own colour. It refuses
// what cannot be read: on white paper, or under white letters, which is the
// same.
func checkAccent(given string) (string, *Refusal) {
	if given == "" {
		return "", nil
	}
	c, ok := parseColor(given)
	if !ok {
		return "", invalid("accent", "is a colour like #1a7f4b")
	}
	if has := contrast(c, white.rgb()); has < textContrast {
		return "", invalid("accent", fmt.Sprintf("has a contrast of %.1f to 1 with white, less than 4.5", math.Floor(has*10)/10))
	}
	return c.String(), nil
}

// ThemeOf derives what goes with an accent colour; nothing goes with none.
// Whatever the accent, texts keep a contrast of 4.5 and edges one of 3.
func ThemeOf(accent string) Theme {
	c, ok := parseColor(accent)
	if !ok {
		return nil
	}
	base := c.oklch()
	tint := func(l, most float64) oklch { return oklch{l, min(base.c, most), base.h} }
	softLight, softDark := tint(0.95, 0.028), tint(0.285, 0.042)
	inkLight := until(tint(min(base.l-0.02, 0.44), 0.2), -0.01, textContrast, append(lightGrounds, softLight))
	inkDark := until(tint(0.82, 0.125), 0.01, textContrast, append(darkGrounds, softDark))
	onDark := tint(0.2, 0.04)
	dark := until(tint(0.8, 0.135), 0.01, textContrast, []oklch{onDark})
	return Theme{
		"accent":       pair(base, dark),
		"accent-hover": pair(oklch{max(base.l-0.06, 0), base.c, base.h}, oklch{dark.l + 0.05, dark.c, dark.h}),
		"on-accent":    pair(white, onDark),
		"accent-ink":   pair(inkLight, inkDark),
		"accent-soft":  pair(softLight, softDark),
		"accent-line":  pair(until(tint(0.6, 0.1), -0.01, lineContrast, lightGrounds), until(tint(0.6, 0.1), 0.01, lineContrast, darkGrounds)),
	}
}

func pair(light, dark oklch) string {
	return "light-dark(" + light.rgb().String() + ", " + dark.rgb().String() + ")"
}

// until makes a colour lighter or darker until it stands out from all grounds.
func until(c oklch, step, want float64, grounds []oklch) oklch {
	for c.l > 0 && c.l < 1 {
		enough := true
		for _, g := range grounds {
			enough = enough && contrast(c.rgb(), g.rgb()) >= want
		}
		if enough {
			break
		}
		c.l += step
	}
	return c
}

// rgb is a colour of the screen.
type rgb struct{ r, g, b uint8 }

func parseColor(text string) (rgb, bool) {
	if len(text) != 7 || text[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 24)
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// linear undoes the screen's curve (IEC 61966-2-1).
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// luminance is WCAG's relative luminance.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// oklch is lightness, chroma and hue in degrees, of CSS Color 4. In it colours
// that look equally light have the same l.
type oklch struct{ l, c, h float64 }

func (c rgb) oklch() oklch {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	d := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return oklch{0.2104542553*l + 0.7936177850*m - 0.0040720468*s, math.Hypot(a, d), math.Mod(math.Atan2(d, a)*180/math.Pi+360, 360)}
}

// rgb gives the colour, paler where the screen has none so strong.
func (c oklch) rgb() rgb {
	for ; ; c.c -= 0.004 {
		r, g, b := c.screen()
		if c.c <= 0 || inGamut(r) && inGamut(g) && inGamut(b) {
			return rgb{level(r), level(g), level(b)}
		}
	}
}

const rounding = 0.0005

func inGamut(v float64) bool { return v >= -rounding && v <= 1+rounding }

func level(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 1) * 255)) }

// screen gives red, green and blue, between 0 and 1 where a screen has them.
func (c oklch) screen() (r, g, b float64) {
	a, d := max(c.c, 0)*math.Cos(c.h*math.Pi/180), max(c.c, 0)*math.Sin(c.h*math.Pi/180)
	l := cube(c.l + 0.3963377774*a + 0.2158037573*d)
	m := cube(c.l - 0.1055613458*a - 0.0638541728*d)
	s := cube(c.l - 0.0894841775*a - 1.2914855480*d)
	return curve(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		curve(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		curve(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)
}

func cube(x float64) float64 { return x * x * x }

func curve(x float64) float64 {
	if x <= 0.0031308 {
		return x * 12.92
	}
	return 1.055*math.Pow(x, 1/2.4) - 0.055
}
