package api

import "strings"

// The browsers and systems that people know by name, the more special ones
// first: most browsers claim to be several.
var (
	browsers = []sign{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems = []sign{{"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
		{"Macintosh", "macOS"}, {"Linux", "Linux"}}
)

type sign struct{ part, name string }

// agentOf says roughly what browser somebody uses, so that they know their
// sessions apart: "Firefox, Windows". Nothing of the header itself is kept.
func agentOf(header string) string {
	browser, system := nameIn(header, browsers), nameIn(header, systems)
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + ", " + system
}

func nameIn(header string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(header, s.part) {
			return s.name
		}
	}
	return ""
}
