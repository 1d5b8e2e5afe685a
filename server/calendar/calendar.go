// Package calendar writes a room as an iCalendar file (RFC 5545), as a copy to
// keep, or as a request or cancellation for one invited person (RFC 5546).
//
// It imports the standard library only.
package calendar

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Person is an organiser or somebody invited.
type Person struct{ Name, Address string }

// Event is one meeting. UID is its identity: of several files with one UID a
// calendar believes the one with the highest Sequence, then the latest Stamp.
type Event struct {
	UID         string
	Sequence    uint64
	Stamp       time.Time
	Starts      time.Time
	Ends        time.Time // zero: open end
	Title       string
	Description string         // may be empty
	Page        string         // address for everybody, without a secret
	Zone        *time.Location // in which the times are written; nil: UTC

	Organizer, Attendee Person // of Request and Cancel
}

// Publish is a file to put into one's own calendar.
func (e Event) Publish() []byte { return e.write("PUBLISH") }

// Request invites the attendee, or tells what has changed.
func (e Event) Request() []byte { return e.write("REQUEST") }

// Cancel takes the event out of the attendee's calendar.
func (e Event) Cancel() []byte { return e.write("CANCEL") }

func (e Event) write(method string) []byte {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//greenroom//greenroom//EN", "METHOD:" + method}
	local := e.local()
	if local {
		lines = append(lines, zone(e.Zone, e.Starts, e.Ends)...)
	}
	lines = append(lines, "BEGIN:VEVENT",
		"UID:"+value(e.UID),
		"SEQUENCE:"+strconv.FormatUint(e.Sequence, 10),
		"DTSTAMP:"+instant(e.Stamp),
		"DTSTART"+e.at(e.Starts, local))
	if !e.Ends.IsZero() {
		lines = append(lines, "DTEND"+e.at(e.Ends, local))
	} else {
		lines = append(lines, "DURATION:PT1H") // an open end still needs a block in the calendar
	}
	lines = append(lines, "SUMMARY:"+value(e.Title), "DESCRIPTION:"+value(strings.TrimSpace(e.Description+"\n\n"+e.Page)), "URL:"+e.Page)
	if method != "PUBLISH" {
		lines = append(lines, "ORGANIZER"+e.Organizer.line(), "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"+e.Attendee.line())
	}
	if method == "CANCEL" {
		lines = append(lines, "STATUS:CANCELLED")
	}
	lines = append(lines, "END:VEVENT", "END:VCALENDAR")
	var b strings.Builder
	for _, line := range lines {
		fold(&b, line)
	}
	return []byte(b.String())
}

// line is the name as a parameter, and the address. A quoted parameter may
// hold neither quotes nor controls (§3.2).
func (p Person) line() string {
	plain := func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '"' {
			return -1
		}
		return r
	}
	name, address := strings.Map(plain, p.Name), strings.Map(plain, p.Address)
	if name == "" {
		return ":mailto:" + address
	}
	return `;CN="` + name + `":mailto:` + address
}

func instant(at time.Time) string { return at.UTC().Format("20060102T150405Z") }

// value escapes a value of type TEXT (§3.3.11).
func value(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}

// fold writes a content line in pieces of at most 75 octets, never through a
// character (§3.1).
func fold(b *strings.Builder, line string) {
	for most := 75; len(line) > most; most = 74 {
		cut := most
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	b.WriteString(line + "\r\n")
}
