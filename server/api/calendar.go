package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"greenroom/hub/room"
)

// getCalendar gives the room as an iCalendar file (RFC 5545) to its managers
// and to sessions that opened an invitation. It never holds a secret.
func (a *API) getCalendar(w http.ResponseWriter, r *http.Request) error {
	who, err := a.ask(r)
	if err != nil {
		return err
	}
	by, p, state, err := a.seat(r.Context(), who, roomOf(r))
	if err != nil {
		return err
	}
	if err := a.welcome(by, p, state); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	h.Set("Content-Disposition", `attachment; filename="`+string(state.ID)+`.ics"`)
	h.Set("Cache-Control", "no-store")
	_, err = w.Write(calendar(state, a.link("/r/"+string(state.ID), ""), a.public.Hostname()))
	return err
}

// calendar writes one event. Its sequence is the room's place in the log, so a
// file fetched later replaces the earlier one.
func calendar(s *room.State, page, host string) []byte {
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//greenroom//greenroom//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
		"UID:" + string(s.ID) + "@" + host,
		"SEQUENCE:" + strconv.FormatUint(uint64(s.Head), 10),
		"DTSTAMP:" + icsTime(s.LastAt),
		"DTSTART:" + icsTime(s.StartsAt),
	}
	if s.EndsAt != 0 {
		lines = append(lines, "DTEND:"+icsTime(s.EndsAt))
	} else {
		lines = append(lines, "DURATION:PT1H") // an open end still needs a block in the calendar
	}
	lines = append(lines, "SUMMARY:"+icsText(s.Title), "DESCRIPTION:"+icsText(strings.TrimSpace(s.Description+"\n\n"+page)),
		"URL:"+page, "END:VEVENT", "END:VCALENDAR")
	var b strings.Builder
	for _, line := range lines {
		fold(&b, line)
	}
	return []byte(b.String())
}

func icsTime(at room.Millis) string {
	return time.UnixMilli(int64(at)).UTC().Format("20060102T150405Z")
}

// icsText escapes a value of type TEXT (§3.3.11).
func icsText(text string) string {
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
