package mail

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

var sample = Invitation{
	To: "ana@example.org", FirstName: "Ana", LastName: "Ferreira", Type: "viewer",
	Title: "How we moved a million rooms", Host: "Maya Lindqvist", StartsAt: time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC),
	Link: "https://rooms.example.org/i/abc#gri_secret", Expires: time.Date(2026, 11, 26, 16, 0, 0, 0, time.UTC), Devices: 1, Calendar: []byte("BEGIN:VCALENDAR"),
}

func TestGolden(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "de"} {
		for i, kind := range []string{"viewer", "speaker", "moderator"} {
			in := sample
			in.Language, in.Type = language, kind
			in.Devices = []int{1, 2, 0}[i]
			if kind == "speaker" {
				in.Zone, in.Again = berlin, true
			}
			if kind == "moderator" {
				in.Host = ""
			}
			m, err := Render(in)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, kind+"."+language+".txt", "Subject: "+m.Subject+"\nTo: "+m.ToName+" <"+m.To+">\n\n"+m.Text)
			golden(t, kind+"."+language+".html", m.HTML)
		}
	}
}

func TestGoldenNotices(t *testing.T) {
	n := Notice{To: "ana@example.org", FirstName: "Ana", LastName: "Ferreira", Title: sample.Title, Host: sample.Host, Look: Look{Site: "rooms.example.org"}, StartsAt: sample.StartsAt}
	for _, language := range []string{"en", "de"} {
		for _, name := range []string{"moved", "renamed", "cancelled"} {
			n.Language, n.Renamed, n.Cancelled = language, name == "renamed", name == "cancelled"
			m, err := RenderNotice(n)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+language+".txt", "Subject: "+m.Subject+"\nTo: "+m.ToName+" <"+m.To+">\n\n"+m.Text)
			golden(t, name+"."+language+".html", m.HTML)
		}
	}
}

// A notice holds no link, and nothing of what people typed is more than words.
func TestHostileNotice(t *testing.T) {
	evil := "x\r\nBcc: all@example.org <img src=x> https://evil.example \u202e"
	for _, language := range []string{"en", "de"} {
		m, err := RenderNotice(Notice{To: "ana@example.org", FirstName: evil, LastName: evil, Language: language, Title: evil, Host: evil, Look: Look{Site: "rooms.example.org"}, StartsAt: sample.StartsAt})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(m.Subject+m.ToName, "\r\n") || m.Link != "" {
			t.Errorf("headers %q %q, link %q", m.Subject, m.ToName, m.Link)
		}
		for _, bad := range []string{"<img", "href=", "https://evil", "\u202e"} {
			if strings.Contains(m.HTML, bad) {
				t.Errorf("%s: %q reached the mail", language, bad)
			}
		}
	}
}

func TestGoldenRequests(t *testing.T) {
	r := Request{To: "ana@example.org", FirstName: "Ana", LastName: "Ferreira", Asker: "Ben Okafor", Message: "My laptop broke, I am on the phone.", Title: sample.Title,
		StartsAt: sample.StartsAt, Page: "https://rooms.example.org/rooms/abc#requests", Look: Look{Site: "rooms.example.org"}}
	for _, language := range []string{"en", "de"} {
		r.Language = language
		m, err := RenderRequest(r)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "request."+language+".txt", "Subject: "+m.Subject+"\nTo: "+m.ToName+" <"+m.To+">\n\n"+m.Text)
		golden(t, "request."+language+".html", m.HTML)
		silent := r
		silent.Message = " \u202e\n"
		if m, err = RenderRequest(silent); err != nil || strings.Contains(m.HTML, "<blockquote") || strings.Contains(m.Text, "write:") || m.Link != "" {
			t.Errorf("%s: a message of nothing: %s %v", language, m.Text, err)
		}
	}
}

// What an asker typed stays words, and in the body.
func TestHostileRequest(t *testing.T) {
	evil := "Help\r\nBcc: all@example.org\r\n\r\n<a href=\"https://evil.example\">x</a> {link} \u202e"
	for _, language := range []string{"en", "de"} {
		m, err := RenderRequest(Request{To: "ana@example.org", FirstName: "Ana", Language: language, Asker: evil, Message: evil, Title: "Talk", Page: "https://rooms.example.org/rooms/abc#requests"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(m.Subject+m.ToName, "\r\n") || strings.Contains(m.Subject+m.ToName, "Bcc") || strings.Contains(m.Text, "\nBcc:") {
			t.Errorf("headers %q %q in\n%s", m.Subject, m.ToName, m.Text)
		}
		if strings.Count(m.HTML, "<a ") != 1 || strings.Contains(m.HTML+m.Text, "https://evil") || strings.Contains(m.HTML+m.Text, "\u202e") {
			t.Errorf("%s: it reached the mail:\n%s", language, m.HTML)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it anew):\n%s", name, diff)
	}
}

// What people typed changes nothing but the words.
func TestHostileWords(t *testing.T) {
	in := sample
	in.Title = "Talk\r\nBcc: all@example.org <script>alert(1)</script> https://evil.example \u202egnp.exe" + strings.Repeat(" long", 100)
	in.FirstName, in.LastName = "Ana\r\nX-Spam: no", "</p><img src=x>"
	in.Host = `"><a href="javascript:alert(1)">`
	for _, language := range []string{"en", "de"} {
		in.Language = language
		m, err := Render(in)
		if err != nil {
			t.Fatal(err)
		}
		for what, line := range map[string]string{"subject": m.Subject, "name": m.ToName, "address": m.To} {
			if strings.ContainsAny(line, "\r\n\x00") || len([]rune(line)) > 254 {
				t.Errorf("%s is no header line: %q", what, line)
			}
		}
		for _, bad := range []string{"<script", "<img src=x", `href="javascript`, "https://evil", "\u202e", "\r"} {
			if strings.Contains(m.HTML, bad) || bad != "<script" && bad != "<img src=x" && bad != `href="javascript` && strings.Contains(m.Text, bad) {
				t.Errorf("%s: %q reached the mail", language, bad)
			}
		}
		if n := strings.Count(m.HTML, "href="); n != strings.Count(m.HTML, `href="https://rooms.example.org/i/abc#gri_secret"`)+1 {
			t.Errorf("%s: %d links in the mail", language, n)
		}
	}
}

func TestLinkMustBeWebAddress(t *testing.T) {
	for _, link := range []string{"", "javascript:alert(1)", "//host/i/x", "ftp://host/x", "https:///i/x"} {
		in := sample
		in.Link = link
		if _, err := Render(in); err == nil {
			t.Errorf("%q was taken for a link", link)
		}
	}
}

func TestOutbox(t *testing.T) {
	box := &Outbox{Now: func() time.Time { return time.Unix(0, 0) }}
	page := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin") // the admin listener's
		box.Page().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	if body := page("/mail").Body.String(); !strings.Contains(body, "No mail yet") {
		t.Errorf("empty outbox: %s", body)
	}
	box.Put(Message{To: "a@example.org", Subject: "<b>first</b>", HTML: "<p>one</p>", Text: "</pre><script>", Calendar: []byte("BEGIN")})
	for n := range kept {
		box.Put(Message{Subject: "more", Text: string(rune('a' + n%26))})
	}
	if got := box.Messages(); len(got) != kept || got[0].Number != kept+1 || got[kept-1].Number != 2 {
		t.Errorf("kept %d messages, newest %d", len(got), got[0].Number)
	}
	if w := page("/mail/1"); w.Code != 404 {
		t.Errorf("a forgotten mail: status %d", w.Code)
	}
	box.Put(Message{To: "a@example.org", Subject: "<b>last</b>", HTML: "<p>one</p>", Text: "</pre><script>", Calendar: []byte("BEGIN")})
	for _, path := range []string{"/mail", "/mail/502"} {
		w := page(path)
		if body := w.Body.String(); w.Code != 200 || strings.Contains(body, "<b>last") || strings.Contains(body, "<script") || !strings.Contains(body, "&lt;b&gt;last") {
			t.Errorf("%s is not escaped: %d %s", path, w.Code, body)
		}
	}
	if w := page("/mail/502/html"); w.Body.String() != "<p>one</p>" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") || w.Header().Get("Cross-Origin-Opener-Policy") != "" {
		t.Errorf("the letter: %q %v", w.Body, w.Header())
	}
	if w := page("/mail/502/invitation.ics"); w.Body.String() != "BEGIN" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/calendar") {
		t.Errorf("the calendar: %q %v", w.Body, w.Header())
	}
	for _, path := range []string{"/mail/0", "/mail/-1", "/mail/x", "/mail/99999999999999999999"} {
		if w := page(path); w.Code != 404 {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestGoldenCodes(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		for name, title := range map[string]string{"sign_in_code": "", "room_code": sample.Title} {
			m, err := RenderCode(Code{To: "ana@example.org", Language: language, Code: "482913", Title: title, Look: Look{Site: "rooms.example.org"}})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+language+".txt", "Subject: "+m.Subject+"\nTo: <"+m.To+">\n\n"+m.Text)
			golden(t, name+"."+language+".html", m.HTML)
			if strings.Contains(m.Subject, m.Code) || m.Calendar != nil || m.Link != "" {
				t.Errorf("the mail of a code: %+v", m)
			}
		}
	}
}
