package calendar

import (
	"strings"
	"testing"
	"time"
)

var event = Event{UID: "r1@h.example", Sequence: 1, Stamp: time.Unix(1e9, 0), Title: "T; a, b \\ c", Description: "line\nnext \u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc",
	Starts: time.Unix(1764000000, 0), Ends: time.Unix(1764003600, 0), Page: "https://h.example/r/r1"}

func TestPublish(t *testing.T) {
	got := string(event.Publish())
	want := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//greenroom//greenroom//EN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:r1@h.example\r\nSEQUENCE:1\r\n" +
		"DTSTAMP:20010909T014640Z\r\nDTSTART:20251124T160000Z\r\nDTEND:20251124T170000Z\r\nSUMMARY:T\\; a\\, b \\\\ c\r\n" +
		"DESCRIPTION:line\\nnext \u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\r\n \u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\\n\\nhttps://h.example/r/r1\r\n" +
		"URL:https://h.example/r/r1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// One person's entry: nothing in a name makes a line or a parameter of its own.
func TestRequestAndCancel(t *testing.T) {
	e := event
	e.Description, e.Ends = "", time.Time{}
	e.Organizer = Person{"Maya \"M\" Lindqvist; X", "rooms@h.example"}
	e.Attendee = Person{"Ana\r\nATTENDEE:mailto:all@h.example", "ana@h.example"}
	unfold := func(b []byte) string { return strings.ReplaceAll(string(b), "\r\n ", "") }
	request, cancel := unfold(e.Request()), unfold(e.Cancel())
	for _, line := range []string{"METHOD:REQUEST", "UID:r1@h.example", "DURATION:PT1H", "DESCRIPTION:https://h.example/r/r1",
		`ORGANIZER;CN="Maya M Lindqvist; X":mailto:rooms@h.example`,
		`ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE;CN="AnaATTENDEE:mailto:all@h.example":mailto:ana@h.example`} {
		if !strings.Contains(request, "\r\n"+line+"\r\n") {
			t.Errorf("no line %q in\n%s", line, request)
		}
	}
	if strings.Contains(request, "STATUS") || !strings.Contains(cancel, "\r\nMETHOD:CANCEL\r\n") || !strings.Contains(cancel, "\r\nSTATUS:CANCELLED\r\n") {
		t.Errorf("cancellation:\n%s", cancel)
	}
	if nobody := (Person{Address: "a@h.example"}).line(); nobody != ":mailto:a@h.example" {
		t.Errorf("without a name: %q", nobody)
	}
}
