package api_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"greenroom/hub/room"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// batchRow is what came of a row.
type batchRow struct {
	Line  int
	OK    bool
	Error *struct {
		Code   string
		Detail string
		Fields map[string]string
	}
	Email     string
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Type      string
	ID        string
	URL       string
	ExpiresAt string `json:"expires_at"`
	Existing  bool
	Was       string
	Sent      *bool
}

func sendBatch(b *apitest.Browser, room, query, list string) *apitest.Answer {
	b.T.Helper()
	r, err := http.NewRequest("POST", b.Base+"/api/v1/rooms/"+room+"/invitations/batch"+query, strings.NewReader(list))
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/csv")
	return b.Send(r)
}

func batch(b *apitest.Browser, room, query, list string) []batchRow {
	b.T.Helper()
	var told struct{ Items []batchRow }
	sendBatch(b, room, query, list).Into(http.StatusOK, &told)
	return told.Items
}

const good = "email,first_name,last_name,type\nana@example.org,Ana,Ferreira,speaker\nBo@Example.org,Bo,Nijhof,viewer\n"

func TestBatch(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	dry := batch(owner, id, "?dry_run=true", good)
	if len(dry) != 2 || !dry[0].OK || dry[0].URL != "" || dry[0].ID != "" || dry[0].Line != 2 || dry[1].Email != "Bo@Example.org" {
		t.Errorf("dry run: %+v", dry)
	}
	var none apitest.Invitation
	if n := list(t, owner, id, "", &none); n != 0 {
		t.Errorf("a dry run has made %d invitations", n)
	}
	made := batch(owner, id, "", good)
	for i, row := range made {
		if !row.OK || row.Error != nil || row.ID == "" || !strings.Contains(row.URL, "#gri_") || row.ExpiresAt == "" || row.Existing || row.Line != i+2 {
			t.Errorf("made: %+v", row)
		}
	}
	if o := s.Browser().Open(apitest.Invitation{URL: made[0].URL}); o.FirstName != "Ana" {
		t.Errorf("opened: %+v", o)
	}
	// The same list again changes nothing and tells no link.
	head := headOf(t, s, id)
	for i, row := range batch(owner, id, "", good) {
		if !row.OK || !row.Existing || row.URL != "" || row.ID != made[i].ID || row.Was != row.Type {
			t.Errorf("again: %+v", row)
		}
	}
	if now := headOf(t, s, id); now != head {
		t.Errorf("the same list has moved the room from %d to %d", head, now)
	}
	// Another type for somebody who is invited is a change of role.
	change := "email;vorname;Nachname;Typ\nana@example.org;Anna;Ferreira;Moderator\nnew@example.org;New;Guest;viewer\n"
	if dry := batch(owner, id, "?dry_run=1", change); !dry[0].Existing || dry[0].Was != "speaker" || dry[0].Type != "moderator" || dry[1].Existing {
		t.Errorf("dry run of a change: %+v", dry)
	}
	changed := batch(owner, id, "", change)
	if !changed[0].Existing || changed[0].Was != "speaker" || changed[0].Type != "moderator" || changed[1].URL == "" {
		t.Errorf("changed: %+v", changed)
	}
	var found apitest.Invitation
	if n := list(t, owner, id, "?q=anna", &found); n != 1 || found.Type != "moderator" || found.FirstName != "Anna" {
		t.Errorf("found %d by the new name: %+v", n, found)
	}
}

// headOf is the place of a room's last event.
func headOf(t *testing.T, s *apitest.Server, id string) int {
	t.Helper()
	n := 0
	for _, err := range s.Store.Since(t.Context(), room.ID(id), 0) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// Lists as programs and people make them.
func TestBatchDialects(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	utf16le := func(text string) string {
		var b bytes.Buffer
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			binary.Write(&b, binary.LittleEndian, unit)
		}
		return b.String()
	}
	for name, c := range map[string]struct{ query, list string }{
		"another order, other columns": {"", "Company,Type,Last name,First name,E-Mail\nACME,speaker,Ferreira,Ana,ana@example.org\n"},
		"no names of columns":          {"", "ana@example.org,Ana,Ferreira,speaker\n"},
		"semicolons, mark and CRLF":    {"", "\ufeffemail;first_name;last_name;type\r\nana@example.org;Ana;Ferreira;speaker\r\n"},
		"copied from a table":          {"", "Email address\tGiven name\tSurname\tRole\nana@example.org\tAna\tFerreira\tSpeaker"},
		"UTF-16":                       {"", utf16le("email\tfirst_name\tlast_name\ttype\r\nana@example.org\tAna\tFerreira\tspeaker\r\n")},
		"quoted":                       {"", "\"email\",\"first_name\",\"last_name\",\"type\"\n\"ana@example.org\",\"Ana\",\"Ferreira\",\"speaker\"\n"},
		"types by the address":         {"?type=speaker", "email,first_name,last_name\nana@example.org,Ana,Ferreira\n"},
		"an empty type":                {"?type=speaker", "email,first_name,last_name,type\nana@example.org,Ana,Ferreira,\n"},
		"empty cells behind":           {"", "email,first_name,last_name,type\nana@example.org,Ana,Ferreira,speaker,,\n,,,\n"},
		"a named separator":            {"", "sep=;\nemail;first_name;last_name;type\nana@example.org;Ana;Ferreira;speaker\n"},
		"blanks":                       {"", " email , first_name , last_name , type \n ana@example.org , Ana , Ferreira , SPEAKER \n"},
	} {
		id := owner.Room(name, time.Hour).ID
		rows := batch(owner, id, c.query, c.list)
		if len(rows) != 1 || !rows[0].OK || rows[0].Email != "ana@example.org" || rows[0].FirstName != "Ana" || rows[0].LastName != "Ferreira" || rows[0].Type != "speaker" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

// A list with bad rows is told what is wrong with each; the good ones are made.
func TestBatchRowErrors(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	owner.Invite(id, "known@example.org", "viewer")
	long := strings.Repeat("x", 81)
	rows := []struct {
		cells []string
		field string // what is wrong; empty: nothing
		code  string
	}{
		{[]string{"ana@example.org", "Ana", "Ferreira", "speaker"}, "", ""},
		{[]string{"ANA@EXAMPLE.ORG", "Ana", "Twice", "viewer"}, "email", "conflict"},
		{[]string{"", "No", "Address", "viewer"}, "email", "invalid"},
		{[]string{"ana", "No", "Address", "viewer"}, "email", "invalid"},
		{[]string{"a@example.org\nBcc: x@example.org", "New", "Line", "viewer"}, "email", "invalid"},
		{[]string{strings.Repeat("a", 2000) + "@example.org", "Long", "Address", "viewer"}, "email", "invalid"},
		{[]string{"b@example.org", "", "Name", "viewer"}, "first_name", "invalid"},
		{[]string{"c@example.org", "No", "", "viewer"}, "last_name", "invalid"},
		{[]string{"d@example.org", long, "Name", "viewer"}, "first_name", "invalid"},
		{[]string{"e@example.org", "=HYPERLINK(\"http://evil.example\")", "Name", "viewer"}, "first_name", "invalid"},
		{[]string{"f@example.org", "Name", "@SUM(A1)", "viewer"}, "last_name", "invalid"},
		{[]string{"g@example.org", "+1", "-1", "viewer"}, "last_name", "invalid"},
		{[]string{"m@example.org", "\u200b\u202e=1+1", "Behind", "viewer"}, "first_name", "invalid"},
		{[]string{"n@example.org", "\u202eReversed", "Name\r\nBcc: x@example.org", "viewer"}, "", ""},
		{[]string{"h@example.org", "\u202e\u200b", "Hidden", "viewer"}, "first_name", "invalid"},
		{[]string{"i@example.org", "No", "Type", ""}, "type", "invalid"},
		{[]string{"j@example.org", "Wrong", "Type", "owner"}, "type", "invalid"},
		{[]string{"k@example.org", "Doe", "Dr.", "viewer", "speaker"}, "row", "invalid"},
		{[]string{"l@example.org"}, "first_name", "invalid"},
		{[]string{"known@example.org", "Known", "Already", "speaker"}, "", ""},
		{[]string{"zoë@exämple.org", "Zoë", "O'Neil-Weiß", "moderator"}, "", ""},
		{[]string{"+tag=x@example.org", "Plus", "<script>alert(1)</script>", "viewer"}, "", ""},
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write([]string{"email", "first_name", "last_name", "type"})
	for _, row := range rows {
		_ = w.Write(row.cells)
	}
	w.Flush()
	for _, query := range []string{"?dry_run=true", ""} {
		told := batch(owner, id, query, text.String())
		if len(told) != len(rows) {
			t.Fatalf("%d rows told", len(told))
		}
		for i, row := range rows {
			got := told[i]
			switch {
			case row.field == "" && (!got.OK || got.Error != nil):
				t.Errorf("%s %q: %+v", query, row.cells, got.Error)
			case row.field != "" && (got.OK || got.Error == nil || got.Error.Code != row.code || got.Error.Fields[row.field] == "" || got.URL != ""):
				t.Errorf("%s %q: %+v", query, row.cells, got)
			}
		}
		if told[1].Error.Fields["email"] != "is on line 2 already" || len(told[11].Error.Fields) != 2 {
			t.Errorf("%+v, %+v", told[1].Error, told[11].Error)
		}
	}
	var found apitest.Invitation
	if n := list(t, owner, id, "", &found); n != 5 {
		t.Errorf("%d invitations", n)
	}
}

// What is no list is refused as a whole, and writes nothing.
func TestBadBatches(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	for name, c := range map[string]struct {
		query, list string
		status      int
		code, field string
	}{
		"nothing":                   {"", "", 422, "invalid", "csv"},
		"blank lines":               {"", "\n\n;;\n", 422, "invalid", "csv"},
		"no column is known":        {"", "a,b,c\n1,2,3\n", 422, "invalid", "csv"},
		"a column is missing":       {"", "email,first_name,type\na@example.org,A,viewer\n", 422, "invalid", "csv"},
		"no types":                  {"", "email,first_name,last_name\na@example.org,A,B\n", 422, "invalid", "csv"},
		"a column comes twice":      {"", "email,first_name,last_name,type,mail\n", 422, "invalid", "csv"},
		"Windows-1252":              {"", "email,first_name,last_name,type\na@example.org,J\xf6rg,B,viewer\n", 422, "invalid", "csv"},
		"quotes":                    {"", good + "c@example.org,\"C,D,viewer\n", 422, "invalid", "csv"},
		"an archive":                {"", "PK\x03\x04\x14\x00\x06\x00", 422, "invalid", "csv"},
		"a strange dry run":         {"?dry_run=perhaps", good, 422, "invalid", "dry_run"},
		"a strange type":            {"?type=owner", good, 422, "invalid", "type"},
		"a strange time":            {"?expires_at=soon", good, 422, "invalid", "expires_at"},
		"strange devices":           {"?devices=many", good, 422, "invalid", "devices"},
		"too many devices":          {"?devices=101", good, 422, "invalid", "devices"},
		"mails that cannot be sent": {"?send_email=true", good, 422, "invalid", "send_email"},
		"too many people":           {"", "email,first_name,last_name,type\n" + strings.Repeat("a,b,c,d\n", 5001), 413, "too_long", ""},
		"too many without names":    {"", strings.Repeat("a@example.org,b,c,d\n", 5001), 413, "too_long", ""},
		"too many bytes":            {"", good + strings.Repeat(" ", 10<<20), 413, "too_long", ""},
	} {
		no := sendBatch(owner, id, c.query, c.list).Refused(c.status, c.code)
		if c.field != "" && no.Fields[c.field] == "" {
			t.Errorf("%s: %+v", name, no)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/json", "text/csv; charset=windows-1252", "text/csv; charset"} {
		owner.Header = http.Header{"Content-Type": {kind}}
		if got := sendBatch(owner, id, "", good); got.Status != http.StatusBadRequest && got.Status != http.StatusUnprocessableEntity {
			t.Errorf("as %q: %d", kind, got.Status)
		}
	}
	owner.Header = http.Header{}
	var none apitest.Invitation
	if n := list(t, owner, id, "", &none); n != 0 {
		t.Errorf("%d invitations", n)
	}
	// Who may not invite is told so before the list is looked at.
	guest := s.Browser()
	guest.Open(owner.Invite(id, "guest@example.org", "moderator"))
	sendBatch(guest, id, "", "").Refused(http.StatusForbidden, "forbidden")
	sendBatch(s.Browser(), id, "", good).Refused(http.StatusUnauthorized, "not_authenticated")
	stranger, _ := s.Person("dora@example.org", "Dora", "X")
	sendBatch(stranger, id, "", good).Refused(http.StatusNotFound, "not_found")
}

// Terms and mails are for the new ones.
func TestBatchTerms(t *testing.T) {
	outbox := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Mail: outbox, Deliver: true})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	known := owner.Invite(id, "bo@example.org", "viewer")
	until := s.Clock.Now().Add(5 * time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	rows := batch(owner, id, "?send_email=true&devices=3&expires_at="+until, good)
	if rows[0].ExpiresAt != until || rows[0].Sent == nil || !*rows[0].Sent || rows[1].Sent != nil || rows[1].ExpiresAt != known.ExpiresAt {
		t.Errorf("rows: %+v", rows)
	}
	var found apitest.Invitation
	if rows := batch(owner, id, "", "mail,vorname,nachname,typ,sprache,zeitzone\nde@example.org,D,E,viewer,de-at,Europe/Vienna\nxx@example.org,X,X,viewer,xxxxx-,Nowhere\n"); !rows[0].OK ||
		rows[1].Error == nil || rows[1].Error.Fields["language"] == "" || rows[1].Error.Fields["zone"] == "" {
		t.Errorf("language and zone: %+v", rows)
	}
	if n := list(t, owner, id, "?q=ana@", &found); n != 1 || found.Devices != 3 || found.Mail == nil {
		t.Errorf("%d: %+v", n, found)
	}
}

// Two managers send one list at the same moment, on two instances: nobody is
// invited twice, and every link that is told works.
func TestTwoManagersSendOneList(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	id := owner.Room("Room", time.Hour).ID
	other, _ := s.Person("mia@example.org", "Mia", "M")
	owner.Do("PUT", "/api/v1/rooms/"+id+"/managers/mia@example.org", map[string]any{"right": "co-editor"}).Into(http.StatusOK, nil)
	const people = 300
	var text strings.Builder
	text.WriteString("email,first_name,last_name,type\n")
	for i := range people {
		fmt.Fprintf(&text, "guest%d@example.org,Guest,No %d,viewer\n", i, i)
	}
	answers := make([][]batchRow, 2)
	var both sync.WaitGroup
	for i, who := range []*apitest.Browser{owner.On(0), other.On(1)} {
		both.Go(func() { answers[i] = batch(who, id, "", text.String()) })
	}
	both.Wait()
	for i := range people {
		one, two := answers[0][i], answers[1][i]
		if !one.OK || !two.OK || one.ID != two.ID || (one.URL == "") == (two.URL == "") || one.Existing == two.Existing {
			t.Fatalf("row %d: %+v and %+v", i, one, two)
		}
	}
	var seen apitest.Room
	owner.Do("GET", "/api/v1/rooms/"+id, nil).Into(http.StatusOK, &seen)
	if seen.Invited == nil || *seen.Invited != people {
		t.Errorf("%v are invited", seen.Invited)
	}
	s.Browser().Open(apitest.Invitation{URL: answers[0][0].URL + answers[1][0].URL})
}

// 5,000 people take seconds, and a dry run of them less.
func BenchmarkBatch5000(b *testing.B) {
	var text strings.Builder
	text.WriteString("email,first_name,last_name,type\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "guest%d@example.org,Guest,No %d,viewer\n", i, i)
	}
	s := apitest.Start(b, apitest.Options{})
	owner := s.Owner()
	for _, query := range []string{"?dry_run=true", ""} {
		b.Run("batch"+query, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				id := owner.Room("Room", time.Hour).ID
				b.StartTimer()
				if rows := batch(owner, id, query, text.String()); len(rows) != 5000 || !rows[4999].OK {
					b.Fatalf("%d rows, the last %+v", len(rows), rows[4999])
				}
			}
		})
	}
}
