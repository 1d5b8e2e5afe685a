package calendar

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// parse reads a file as somebody else's program does.
func parse(t *testing.T, file []byte) (*ics.Calendar, *ics.VEvent) {
	t.Helper()
	c, err := ics.ParseCalendar(strings.NewReader(string(file)))
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	if len(c.Events()) != 1 {
		t.Fatalf("%d events", len(c.Events()))
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(line) > 75 || line == "" || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line %q", line)
		}
	}
	return c, c.Events()[0]
}

// Whatever the zone, the moments are the same.
func TestZones(t *testing.T) {
	for name, at := range map[string]time.Time{
		"Europe/Berlin":      time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC),
		"America/New_York":   time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC),
		"Asia/Kolkata":       time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC),
		"Pacific/Kiritimati": time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC),
		"Australia/Sydney":   time.Date(2026, 4, 4, 14, 30, 0, 0, time.UTC), // through the end of summer
		"UTC":                time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC),
	} {
		e := event
		e.Starts, e.Ends, e.Zone = at, at.Add(24*time.Hour), location(t, name)
		_, read := parse(t, e.Request())
		starts, err := read.GetStartAt()
		if err != nil || !starts.Equal(e.Starts) {
			t.Errorf("%s: starts %v, %v", name, starts, err)
		}
		ends, err := read.GetEndAt()
		if err != nil || !ends.Equal(e.Ends) {
			t.Errorf("%s: ends %v, %v", name, ends, err)
		}
	}
}

func TestZoneIsDescribed(t *testing.T) {
	e := event
	e.Starts, e.Ends, e.Zone = time.Date(2026, 10, 24, 22, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC), location(t, "Europe/Berlin")
	const want = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n" +
		"BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	if got := string(e.Request()); !strings.Contains(got, want) || !strings.Contains(got, "DTSTART;TZID=Europe/Berlin:20261025T003000\r\nDTEND;TZID=Europe/Berlin:20261025T090000\r\n") {
		t.Error(got)
	}
}

// 02:30 comes twice when summer ends. The first is told by the wall clock, the
// second only as UTC.
func TestHourThatComesTwice(t *testing.T) {
	e := event
	e.Ends, e.Zone = time.Time{}, location(t, "Europe/Berlin")
	for at, want := range map[time.Time]string{
		time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC): "DTSTART;TZID=Europe/Berlin:20261025T023000",
		time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC): "DTSTART:20261025T013000Z",
		time.Date(2026, 10, 25, 2, 0, 0, 0, time.UTC):  "DTSTART;TZID=Europe/Berlin:20261025T030000",
	} {
		if e.Starts = at; !strings.Contains(string(e.Request()), "\r\n"+want+"\r\n") {
			t.Errorf("%v: %s", at, e.Request())
		}
	}
}

// What RFC 5546 §3.2.2 and §3.2.5 demand of a request and of a cancellation.
func TestScheduling(t *testing.T) {
	e := event
	e.Organizer, e.Attendee, e.Sequence = Person{"Maya; \"M\", L", "rooms@h.example"}, Person{"Ana \u00c4", "ana@h.example"}, 1<<30
	for method, file := range map[string][]byte{"REQUEST": e.Request(), "CANCEL": e.Cancel()} {
		c, read := parse(t, file)
		if got := c.CalendarProperties; !strings.Contains(string(file), "METHOD:"+method) || len(got) < 3 {
			t.Errorf("%s: %v", method, got)
		}
		for property, want := range map[ics.ComponentProperty]string{
			ics.ComponentPropertyUniqueId: e.UID, ics.ComponentPropertySequence: "1073741824", ics.ComponentPropertyOrganizer: "mailto:rooms@h.example",
			ics.ComponentPropertyAttendee: "mailto:ana@h.example", ics.ComponentPropertySummary: e.Title, ics.ComponentPropertyDtstamp: "20010909T014640Z",
		} {
			if p := read.GetProperty(property); p == nil || p.Value != want {
				t.Errorf("%s: %s is %+v, want %q", method, property, p, want)
			}
		}
		status := read.GetProperty(ics.ComponentPropertyStatus)
		if (status != nil && status.Value == "CANCELLED") != (method == "CANCEL") {
			t.Errorf("%s: status %+v", method, status)
		}
	}
}
