package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
)

// told is a report as HTTP tells it.
type told struct {
	SoFar       bool   `json:"so_far"`
	Session     int    `json:"session"`
	ForgottenAt string `json:"forgotten_at"`
	Sessions    []struct {
		Number   int
		OpenedAt string `json:"opened_at"`
		ClosedAt string `json:"closed_at"`
		Reason   string
	}
	People struct{ Invited, Came, Managers, Peak int }
	Totals map[string]int
	Curve  struct {
		Inside, Messages, Reactions []int
	}
	Interactions []struct {
		Question, State string
		People          int
		Choices         []struct {
			Text string
			N    int
		}
	}
}

// came is the attendance of one person.
type came struct {
	Participant, Invitation, Email, Type string
	FirstName                            string `json:"first_name"`
	Erased, Here                         bool
	JoinedAt                             string `json:"joined_at"`
	WaitedMS                             int64  `json:"waited_ms"`
	InsideMS                             int64  `json:"inside_ms"`
	Joins                                int
	Moves                                int `json:"device_moves"`
	Messages, Questions, Votes           int
	Answers, Hands                       int
	Spans                                []struct{ Place, Role, Since, Until string }
	Roles                                []struct{ Role, At string }
}

type attendance struct {
	Items       []came
	Next        string
	Total, Came int
	Never       int
}

func reportOf(b *apitest.Browser, id, query string) (r told) {
	b.T.Helper()
	b.Do("GET", "/api/v1/rooms/"+id+"/report"+query, nil).Into(http.StatusOK, &r)
	return r
}

func attendanceOf(b *apitest.Browser, id, query string) (p attendance) {
	b.T.Helper()
	b.Do("GET", "/api/v1/rooms/"+id+"/report/attendance"+query, nil).Into(http.StatusOK, &p)
	return p
}

func file(b *apitest.Browser, id, what, format string) *apitest.Answer {
	b.T.Helper()
	return b.Do("POST", "/api/v1/rooms/"+id+"/exports", map[string]any{"what": what, "format": format}).Into(http.StatusOK, nil)
}

// table reads a file of CSV, which begins with its mark and has CR LF.
func table(t *testing.T, got *apitest.Answer) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(string(got.Body), "\ufeff")
	if !marked || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Errorf("not as it should be: %q", got.Body)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// column gives the cells of a column by its name.
func column(rows [][]string, name string) (cells []string) {
	i := slices.Index(rows[0], name)
	for _, row := range rows[1:] {
		cells = append(cells, row[i])
	}
	return cells
}

// guestInside comes in by an invitation.
func guestInside(s *apitest.Server, id string, card apitest.Invitation) *apitest.Socket {
	s.T.Helper()
	b := s.Browser()
	b.Open(card)
	socket, _ := b.Join(id)
	socket.Do("lobby.check", map[string]string{"email": card.Email}, nil)
	socket.Event("phase.changed", nil)
	return socket
}

func TestReport(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Instances: 2})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	anna, bert := owner.Invite(id, "anna@example.org", "viewer"), owner.Invite(id, "bert@example.org", "viewer")
	owner.Invite(id, "cleo@example.org", "viewer")
	owner.OpenDoors(id)
	manager, _ := owner.Join(id)
	ana, ben := guestInside(s, id, anna), guestInside(s, id, bert)
	owner.Do("PATCH", "/api/v1/rooms/"+id+"/invitations/"+anna.ID, map[string]any{"type": "speaker"}).Into(http.StatusOK, nil)
	ana.Event("me.role", nil)
	var posted, asked struct{ ID string }
	ana.Do("chat.post", map[string]any{"text": "=1+1"}, nil)
	ben.Do("chat.post", map[string]any{"text": "a word that goes"}, &posted)
	ben.Do("chat.delete", map[string]any{"id": posted.ID}, nil)
	ana.Do("backchannel.post", map[string]any{"text": "among us"}, nil)
	ben.Do("question.ask", map[string]any{"text": "With my name?"}, &asked)
	manager.Do("question.publish", map[string]any{"id": asked.ID}, nil)
	ana.Do("question.vote", map[string]any{"id": asked.ID}, nil)
	manager.Do("question.answer", map[string]any{"id": asked.ID, "text": "Yes."}, nil)
	ben.Do("question.ask", map[string]any{"text": "Without my name?", "anonymous": true}, nil)
	ben.Do("hand.raise", map[string]any{}, nil)
	ben.Do("reaction.send", map[string]any{"emoji": room.Reactions[0]}, nil)
	named, secret := launch(manager, "Tea?", false), launch(manager, "Truly?", true)
	ana.Do("interaction.answer", map[string]any{"id": named, "choices": []int{0}}, nil)
	ana.Do("interaction.answer", map[string]any{"id": named, "choices": []int{1}}, nil)
	ben.Do("interaction.answer", map[string]any{"id": secret, "choices": []int{1}}, nil)

	var r told
	eventually(t, "everything is told", func() bool {
		r = reportOf(owner, id, "")
		return r.People.Came == 2 && r.Totals["answers"] == 3 && r.Totals["reactions"] == 1
	})
	if !r.SoFar || r.People.Invited != 3 || r.People.Managers != 1 || r.People.Peak != 3 || len(r.Sessions) != 1 {
		t.Errorf("report: %+v", r)
	}
	for name, want := range map[string]int{"messages": 2, "deleted": 1, "backchannel": 1, "questions": 2, "questions_answered": 1, "votes": 1, "hands": 1} {
		if r.Totals[name] != want {
			t.Errorf("%s: %d, want %d", name, r.Totals[name], want)
		}
	}
	if len(r.Interactions) != 2 || r.Interactions[0].Choices[1].N != 1 || r.Interactions[1].People != 1 || len(r.Interactions[1].Choices) != 0 {
		t.Errorf("interactions: %+v", r.Interactions)
	}
	page := attendanceOf(owner, id, "?sort=joined")
	if page.Total != 4 || page.Came != 3 || page.Never != 1 || page.Items[3].Email != "cleo@example.org" {
		t.Fatalf("attendance: %+v", page)
	}
	for _, p := range page.Items {
		switch p.Email {
		case "anna@example.org":
			if len(p.Roles) != 2 || p.Roles[1].Role != "speaker" || p.Messages != 1 || p.Votes != 1 || p.Answers != 1 || !p.Here {
				t.Errorf("anna: %+v", p)
			}
		case "bert@example.org":
			if p.Questions != 1 || p.Answers != 0 || p.Hands != 1 || p.Joins != 1 || len(p.Roles) != 1 {
				t.Errorf("bert: %+v", p)
			}
		}
	}

	rows := table(t, file(owner, id, "chat", "csv"))
	if got := column(rows, "text"); !slices.Equal(got, []string{"'=1+1", ""}) || column(rows, "deleted")[1] != "yes" || column(rows, "name")[1] != "" {
		t.Errorf("chat: %v", rows)
	}
	if rows = table(t, file(owner, id, "backchannel", "csv")); column(rows, "text")[0] != "among us" {
		t.Errorf("backchannel: %v", rows)
	}
	rows = table(t, file(owner, id, "questions", "csv"))
	if got := column(rows, "answer"); !slices.Equal(got, []string{"Yes.", ""}) || column(rows, "name")[0] != "Bert Guest" || column(rows, "name")[1] != "" || column(rows, "participant")[1] != "" {
		t.Errorf("questions: %v", rows)
	}
	rows = table(t, file(owner, id, "interactions", "csv"))
	if got := column(rows, "n"); !slices.Equal(got, []string{"0", "1", ""}) {
		t.Errorf("interactions: %v", rows)
	}
	rows = table(t, file(owner, id, "answers", "csv"))
	if len(rows) != 2 || column(rows, "name")[0] != "Anna Guest" || column(rows, "answer")[0] != "No" {
		t.Errorf("answers: %v", rows)
	}

	// The close tells what was answered anonymously, and ends everybody's visit.
	owner.Patch(id, map[string]any{"state": "closed", "reason": "Done"}).Into(http.StatusOK, nil)
	eventually(t, "the anonymous answers are counted", func() bool {
		r = reportOf(owner, id, "")
		return len(r.Interactions[1].Choices) == 2
	})
	if r.SoFar || r.Sessions[0].Reason != "Done" || r.Interactions[1].Choices[1].N != 1 {
		t.Errorf("closed: %+v", r)
	}
	if page = attendanceOf(owner, id, "?q=anna"); page.Items[0].Here || page.Items[0].Spans[0].Until == "" {
		t.Errorf("still here: %+v", page.Items)
	}

	// Opened again it has another session, which begins with nothing.
	owner.OpenDoors(id)
	eventually(t, "there is a second session", func() bool { return len(reportOf(owner, id, "").Sessions) == 2 })
	if r = reportOf(owner, id, "?session=2"); r.Totals["messages"] != 0 || len(r.Interactions) != 0 || !r.SoFar {
		t.Errorf("second session: %+v", r)
	}
	if r = reportOf(owner, id, "?session=1"); r.Totals["messages"] != 2 || len(r.Interactions) != 2 {
		t.Errorf("first session: %+v", r)
	}
	owner.Do("GET", "/api/v1/rooms/"+id+"/report?session=3", nil).Refused(http.StatusUnprocessableEntity, "invalid")
	var acts struct {
		Items []struct{ Changes []room.Change }
	}
	owner.Do("GET", "/api/v1/rooms/"+id+"/audit?act=report.exported", nil).Into(http.StatusOK, &acts)
	if len(acts.Items) != 5 || acts.Items[4].Changes[0].After != "chat csv" {
		t.Errorf("audit: %+v", acts.Items)
	}
}

func launch(manager *apitest.Socket, question string, anonymous bool) string {
	var made struct{ ID string }
	manager.Do("interaction.create", map[string]any{"kind": "choice", "question": question, "options": []string{"Yes", "No"}, "anonymous": anonymous}, &made)
	manager.Do("interaction.launch", map[string]any{"id": made.ID}, nil)
	return made.ID
}

// T19: whatever people are called, spreadsheet programs compute nothing, and
// every name comes back as it is.
func TestAttendanceFileOfHostileNames(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Tea, \"hot\"\n", time.Hour).ID
	names := []string{`=HYPERLINK("http://evil.example","x")`, "+1", "-1", "@SUM(A1)", "＝1+1", `Say "hi", O'Neil; x`, "👩‍👩‍👧 Ünïcødé", "\u202eedoc", "Lin\u00a0Wei"}
	for i, name := range names {
		owner.Do("POST", "/api/v1/rooms/"+id+"/invitations", map[string]any{"email": fmt.Sprintf("n%d@example.org", i), "first_name": name, "last_name": "L", "type": "viewer"}).Into(http.StatusCreated, nil)
	}
	got := file(owner, id, "attendance", "csv")
	if got.Header.Get("Content-Disposition") != `attachment; filename="attendance-`+id+`.csv"` || got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("head: %v", got.Header)
	}
	var list struct {
		Items []struct {
			FirstName string `json:"first_name"`
			Email     string
		}
	}
	if err := json.Unmarshal(file(owner, id, "attendance", "json").Body, &list); err != nil {
		t.Fatal(err)
	}
	cells := column(table(t, got), "first_name")
	for i, cell := range cells {
		plain := strings.TrimPrefix(cell, "'")
		if plain != list.Items[i].FirstName {
			t.Errorf("%q is %q in JSON", cell, list.Items[i].FirstName)
		}
		if strings.ContainsAny(cell[:1], "=+-@\t\r\uff1d") {
			t.Errorf("%q computes", cell)
		}
	}
	if len(cells) != len(names) || cells[5] != names[5] {
		t.Errorf("names: %q", cells)
	}
}

// Who may not manage the room gets no report and no file, in the same words as
// elsewhere.
func TestReportsAreForManagers(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	owner.OpenDoors(id)
	other, otherPerson := s.Person("other@example.org", "O", "O")
	other.Room("Elsewhere", time.Hour)
	_, editor := s.Person("editor@example.org", "E", "E")
	owner.Do("PUT", "/api/v1/rooms/"+id+"/managers/"+editor.ID, map[string]any{"right": "co-publisher"}).Into(http.StatusOK, nil)
	asks := func(b *apitest.Browser, room string) (got []*apitest.Answer) {
		for _, ask := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/report", nil}, {"GET", "/report/attendance", nil},
			{"POST", "/exports", map[string]any{"what": "chat", "format": "csv"}}, {"POST", "/exports", map[string]any{"what": "backchannel", "format": "json"}},
		} {
			got = append(got, b.Do(ask.method, "/api/v1/rooms/"+room+ask.path, ask.body))
		}
		return got
	}
	for _, kind := range []string{"viewer", "speaker", "moderator"} {
		card := owner.Invite(id, kind+"@example.org", kind)
		b := s.Browser()
		b.Open(card)
		for _, got := range asks(b, id) {
			got.Refused(http.StatusForbidden, "forbidden")
		}
	}
	for i, got := range asks(other, id) {
		if none := asks(other, "nosuchroom")[i]; got.Status != http.StatusNotFound || string(none.Body) != string(got.Body) {
			t.Errorf("a foreign room is told: %d %s, %s", got.Status, got.Body, none.Body)
		}
	}
	for _, got := range asks(s.Browser(), id) {
		got.Refused(http.StatusUnauthorized, "not_authenticated")
	}
	for _, got := range asks(s.ScopedKey(otherPerson, api.ScopeAll), id) {
		got.Refused(http.StatusNotFound, "not_found")
	}
	for _, got := range asks(s.ScopedKey(editor, api.ScopeRooms), id) {
		got.Into(http.StatusOK, nil)
	}
	for i, got := range asks(s.ScopedKey(editor, api.ScopeRead), id) {
		if want := []int{200, 200, 403, 403}[i]; got.Status != want {
			t.Errorf("a key to read: %d %s", got.Status, got.Body)
		}
	}
	for _, wrong := range []map[string]any{{}, {"what": "x", "format": "csv"}, {"what": "chat", "format": "xml"}, {"what": "chat", "format": "csv", "session": -1}, {"what": "chat", "format": "csv", "session": 7}} {
		owner.Do("POST", "/api/v1/rooms/"+id+"/exports", wrong).Refused(http.StatusUnprocessableEntity, "invalid")
	}
}

// Files read a whole log: one account cannot ask for them without end.
func TestFilesAreLimited(t *testing.T) {
	s := apitest.Start(t, apitest.Options{Limits: api.Limits{Files: 2}})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	for range 2 {
		file(owner, id, "chat", "csv")
	}
	owner.Do("POST", "/api/v1/rooms/"+id+"/exports", map[string]any{"what": "chat", "format": "csv"}).Refused(http.StatusTooManyRequests, "slow_down")
}

// Pages follow each other in every order without loss or repetition.
func TestAttendancePages(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	for i := range 7 {
		owner.Invite(id, fmt.Sprintf("g%d@example.org", i%4*10+i), "viewer")
	}
	for _, order := range []string{"name", "-name", "type", "joined", "-inside", "waited", "-activity"} {
		var seen []string
		for after := ""; ; {
			page := attendanceOf(owner, id, "?limit=3&sort="+order+"&after="+after)
			for _, p := range page.Items {
				seen = append(seen, p.Participant)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != 7 || len(seen) != 7 {
			t.Errorf("%s: %v", order, seen)
		}
	}
	if page := attendanceOf(owner, id, "?came=yes"); page.Total != 0 || page.Never != 7 {
		t.Errorf("who came: %+v", page)
	}
	for _, wrong := range []string{"sort=age", "came=maybe", "limit=0", "limit=201", "after=x", "session=x", "session=-1"} {
		owner.Do("GET", "/api/v1/rooms/"+id+"/report/attendance?"+wrong, nil).Refused(http.StatusUnprocessableEntity, "invalid")
	}
}

// Who was erased is an id, and nothing that they wrote is in a file; what was
// emptied says so.
func TestReportForgets(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Tea", time.Hour).ID
	card := owner.Invite(id, "mark@example.org", "viewer")
	owner.OpenDoors(id)
	boss, _ := owner.Join(id)
	mark := guestInside(s, id, card)
	mark.Do("chat.post", map[string]any{"text": "mark said"}, nil)
	mark.Do("question.ask", map[string]any{"text": "mark asked"}, nil)
	mark.Do("interaction.answer", map[string]any{"id": launch(boss, "Tea?", false), "choices": []int{0}}, nil)
	eventually(t, "he came", func() bool { return reportOf(owner, id, "").People.Came == 1 })
	hub := s.Instances[0].Hub
	if _, err := hub.Do(t.Context(), room.ID(id), room.Actor{System: true}, room.ErasePerson{Invitations: []room.InvitationID{room.InvitationID(card.ID)}}, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "he is erased", func() bool {
		page := attendanceOf(owner, id, "?came=yes")
		return slices.ContainsFunc(page.Items, func(p came) bool { return p.Erased && p.FirstName == "" && p.Email == "" && len(p.Spans) > 0 })
	})
	for _, what := range []string{"attendance", "chat", "backchannel", "questions", "interactions", "answers"} {
		for _, format := range []string{"csv", "json"} {
			if text := string(file(owner, id, what, format).Body); strings.Contains(strings.ToLower(text), "mark") {
				t.Errorf("%s %s: %s", what, format, text)
			}
		}
	}
	owner.Patch(id, map[string]any{"state": "closed"}).Into(http.StatusOK, nil)
	now := room.Millis(s.Clock.Now().Add(time.Hour).UnixMilli())
	_, err := hub.Do(t.Context(), room.ID(id), room.Actor{System: true}, room.ForgetContent{EndedBefore: now}, func([]room.Event) []store.Row {
		return []store.Row{store.ForgetRow{Room: room.ID(id), All: true}}
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "it says that it is empty", func() bool { return reportOf(owner, id, "").ForgottenAt != "" })
	var head struct {
		ForgottenAt string `json:"forgotten_at"`
	}
	if err := json.Unmarshal(file(owner, id, "chat", "json").Body, &head); err != nil || head.ForgottenAt == "" {
		t.Errorf("file: %+v, %v", head, err)
	}
}

// BenchmarkAttendance: a page of ten thousand invitations, half of whom came.
func BenchmarkAttendance(b *testing.B) {
	s := apitest.Start(b, apitest.Options{})
	owner := s.Owner()
	id := owner.Room("Big", time.Hour).ID
	tenThousand(b, s, id)
	for _, query := range []string{"", "?sort=-inside&q=guest"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				s.Clock.Advance(2 * time.Second) // none is made twice
				attendanceOf(owner, id, query)
			}
		})
	}
	b.Run("file", func(b *testing.B) {
		for b.Loop() {
			s.Clock.Advance(time.Minute)
			file(owner, id, "attendance", "csv")
		}
	})
}
