package api

import (
	"testing"

	"greenroom/hub/room"
)

func TestCalendar(t *testing.T) {
	s := room.New("r1")
	s.Fold(room.Event{Seq: 1, At: 1e12, Fact: room.Created{Title: "T; a, b \\ c", Description: "line\nnext \u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc",
		StartsAt: 1764000000000, EndsAt: 1764003600000}})
	got := string(calendar(s, "https://h.example/r/r1", "h.example"))
	want := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//greenroom//greenroom//EN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:r1@h.example\r\nSEQUENCE:1\r\n" +
		"DTSTAMP:20010909T014640Z\r\nDTSTART:20251124T160000Z\r\nDTEND:20251124T170000Z\r\nSUMMARY:T\\; a\\, b \\\\ c\r\n" +
		"DESCRIPTION:line\\nnext \u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\r\n \u00fc\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\\n\\nhttps://h.example/r/r1\r\n" +
		"URL:https://h.example/r/r1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}
