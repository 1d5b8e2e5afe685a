package mail

import (
	"strings"
	"time"
	"unicode/utf8"
)

const stamp = "20060102T150405Z"

// calendar writes the room as a calendar file (RFC 5545). It carries the room's page, never the
// personal link.
func calendar(in Invitation, site string) []byte {
	var b strings.Builder
	line := func(name, value string) { fold(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//greenroom//invitation//EN")
	line("METHOD", "PUBLISH")
	line("BEGIN", "VEVENT")
	line("UID", escape(in.Room)+"@"+escape(site))
	line("DTSTAMP", in.Sent.UTC().Format(stamp))
	line("DTSTART", in.StartsAt.UTC().Format(stamp))
	if in.EndsAt.After(in.StartsAt) {
		line("DTEND", in.EndsAt.UTC().Format(stamp))
	} else {
		line("DTEND", in.StartsAt.Add(time.Hour).UTC().Format(stamp)) // an open end still wants a place in the day
	}
	line("SUMMARY", escape(words(in.Title, 120)))
	line("URL", in.Page)
	line("BEGIN", "VALARM")
	line("ACTION", "DISPLAY")
	line("DESCRIPTION", escape(words(in.Title, 120)))
	line("TRIGGER", "-PT10M")
	line("END", "VALARM")
	line("END", "VEVENT")
	line("END", "VCALENDAR")
	return []byte(b.String())
}

// escape is RFC 5545 §3.3.11.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}

// fold writes one content line in pieces of at most 75 octets, never cutting a character
// (RFC 5545 §3.1).
func fold(b *strings.Builder, line string) {
	for room := 75; len(line) > room; room = 74 {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	b.WriteString(line + "\r\n")
}
