package api

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/report"
)

// Bounds of a page.
const (
	attendanceShown = 50
	attendanceMost  = 200
)

// attendanceView is what one person's coming looked like. Somebody who was
// erased has neither name nor address: the id of the participant stands for
// them.
type attendanceView struct {
	Participant room.ParticipantID `json:"participant"`
	Invitation  room.InvitationID  `json:"invitation,omitempty"` // none: a manager
	FirstName   string             `json:"first_name"`
	LastName    string             `json:"last_name"`
	Email       string             `json:"email"`
	Type        string             `json:"type"` // the role of now
	Guest       bool               `json:"guest,omitempty"`
	Erased      bool               `json:"erased,omitempty"`
	SentAt      string             `json:"sent_at,omitempty"`
	OpenedAt    string             `json:"opened_at,omitempty"` // the link, for the first time
	JoinedAt    string             `json:"joined_at,omitempty"`
	LeftAt      string             `json:"left_at,omitempty"`
	Here        bool               `json:"here,omitempty"`
	WaitedMS    int64              `json:"waited_ms"`
	EarlyMS     int64              `json:"early_ms"` // inside before the doors opened
	InsideMS    int64              `json:"inside_ms"`
	Joins       int                `json:"joins"`
	Moves       int                `json:"device_moves"`
	Messages    int                `json:"messages"`
	Questions   int                `json:"questions"` // with their name
	Votes       int                `json:"votes"`
	Answers     int                `json:"answers"` // with their name
	Hands       int                `json:"hands"`
	Spans       []spanView         `json:"spans"`
	Roles       []roleView         `json:"roles"`
}

type spanView struct {
	Place report.Place `json:"place"`
	Role  string       `json:"role"`
	Since string       `json:"since"`
	Until string       `json:"until,omitempty"` // none: goes on
}

type roleView struct {
	Role string `json:"role"`
	At   string `json:"at,omitempty"` // none: from the beginning
}

type attendancePage struct {
	Items  []attendanceView `json:"items"`
	Next   string           `json:"next,omitempty"`
	Total  int              `json:"total"`
	Came   int              `json:"came"`  // of those who match but for that
	Never  int              `json:"never"` // likewise
	From   string           `json:"from,omitempty"`
	Until  string           `json:"until,omitempty"` // spans lie between
	MadeAt string           `json:"made_at"`
}

// attendanceQuery says who is wanted, and in which order.
type attendanceQuery struct {
	session int
	words   []string // folded; all must be there
	came    string   // yes, no; empty: both
	order   string
	back    bool
	seat    int // of the last one of the page before; -1: the first page
	key     string
	limit   int
}

// attendee is one person who may be shown.
type attendee struct {
	person *room.Person
	seat   int
	entry  *entry
	report *report.Person
	key    string
}

// attendanceOrders are what a list can be sorted by.
var attendanceOrders = map[string]func(*attendee) string{
	"name":     func(p *attendee) string { return fold(p.person.Name()) },
	"type":     func(p *attendee) string { return string('a' + rune(room.Owner-p.person.Role)) },
	"joined":   func(p *attendee) string { return comes(p.report.Joined()) },
	"inside":   func(p *attendee) string { return padded(int64(p.report.Length(report.Inside))) },
	"waited":   func(p *attendee) string { return padded(int64(p.report.Length(report.Waiting))) },
	"activity": func(p *attendee) string { return padded(activity(p.report)) },
}

func padded(n int64) string { return fmt.Sprintf("%020d", n) }

// comes puts who never came behind all others.
func comes(joined, _ room.Millis, _ bool) string {
	if joined == 0 {
		return "~"
	}
	return padded(int64(joined))
}

func activity(p *report.Person) int64 {
	return int64(p.Messages) + int64(p.Questions) + int64(p.Votes) + int64(p.Answers) + int64(p.Hands)
}

// getAttendance lists who was invited and who came.
func (a *API) getAttendance(w http.ResponseWriter, r *http.Request) error {
	q, err := readAttendanceQuery(r.URL.Query())
	if err == nil {
		q.session, err = sessionOf(r)
	}
	if err != nil {
		return err
	}
	made, err := a.reportFor(r, q.session)
	if err != nil {
		return err
	}
	c, err := a.scene(r.Context(), made.state)
	if err != nil {
		return err
	}
	page := made.attendance(c, q)
	c.leave()
	return answer(w, http.StatusOK, page)
}

func readAttendanceQuery(given url.Values) (q attendanceQuery, err error) {
	q.words, q.came, q.seat = strings.Fields(fold(given.Get("q"))), given.Get("came"), -1
	if q.came != "" && q.came != "yes" && q.came != "no" {
		return q, invalid("came", "is yes or no")
	}
	q.order, q.back = strings.CutPrefix(cmp.Or(given.Get("sort"), "name"), "-")
	if attendanceOrders[q.order] == nil {
		return q, invalid("sort", "is name, type, joined, inside, waited or activity, or one of them behind a minus")
	}
	q.limit, err = strconv.Atoi(cmp.Or(given.Get("limit"), strconv.Itoa(attendanceShown)))
	if err != nil || q.limit < 1 || q.limit > attendanceMost {
		return q, invalid("limit", "is between 1 and 200")
	}
	if after := given.Get("after"); after != "" {
		number, key, _ := strings.Cut(after, ".")
		seat, wrong := strconv.Atoi(number)
		raw, badly := base64.RawURLEncoding.DecodeString(key)
		if wrong != nil || badly != nil || seat < 0 {
			return q, invalid("after", "is not what a page gave as next")
		}
		q.seat, q.key = seat, string(raw)
	}
	return q, nil
}

// attendee is whom a report tells of under the number of a seat: the invited,
// and managers who came. Of somebody erased who never came there is nothing to
// tell.
func (r *reported) attendee(c *scene, seat int) (one attendee, shown bool) {
	p, known := r.state.Seated(seat)
	if !known {
		return one, false
	}
	one = attendee{person: p, seat: seat, entry: c.roster.place(seat).entry, report: &r.People[seat]}
	return one, p.Invitation != "" && !p.Erased() || len(one.report.Spans) > 0
}

func (r *reported) attendance(c *scene, q attendanceQuery) attendancePage {
	page := attendancePage{Items: []attendanceView{}, MadeAt: moment(r.At)}
	var all []attendee
	for seat := range r.People {
		p, shown := r.attendee(c, seat)
		if !shown || !q.says(&p) {
			continue
		}
		came := p.report.Came()
		if came {
			page.Came++
		} else {
			page.Never++
		}
		if q.came == "" || (q.came == "yes") == came {
			p.key = attendanceOrders[q.order](&p)
			all = append(all, p)
		}
	}
	page.Total = len(all)
	slices.SortFunc(all, q.compare)
	all = slices.DeleteFunc(all, func(p attendee) bool { return q.seat >= 0 && q.compare(p, attendee{seat: q.seat, key: q.key}) <= 0 })
	if len(all) > q.limit {
		last := all[q.limit-1]
		all, page.Next = all[:q.limit], fmt.Sprintf("%d.%s", last.seat, base64.RawURLEncoding.EncodeToString([]byte(last.key)))
	}
	for i := range all {
		page.Items = append(page.Items, viewAttendee(&all[i]))
	}
	if n := len(r.Curve.Minutes); n > 0 {
		page.From, page.Until = moment(r.Curve.From), moment(r.Curve.From+room.Millis(n)*r.Curve.Step)
	}
	return page
}

func (q attendanceQuery) says(p *attendee) bool {
	text := fold(p.person.Name())
	if p.entry != nil {
		text = p.entry.text
	}
	for _, word := range q.words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (q attendanceQuery) compare(a, b attendee) int {
	order := cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.seat, b.seat))
	if q.back {
		return -order
	}
	return order
}

func viewAttendee(a *attendee) attendanceView {
	p, r := a.person, a.report
	joined, left, now := r.Joined()
	v := attendanceView{Participant: p.ID, Invitation: p.Invitation, FirstName: p.FirstName, LastName: p.LastName, Type: p.Role.Shown(), Guest: p.Guest(), Erased: p.Erased(),
		OpenedAt: moment(r.Opened), JoinedAt: moment(joined), Here: now,
		WaitedMS: int64(r.Length(report.Waiting)), EarlyMS: int64(r.Length(report.Early)), InsideMS: int64(r.Length(report.Inside)),
		Joins: r.Joins(), Moves: int(r.Moves), Messages: int(r.Messages), Questions: int(r.Questions), Votes: int(r.Votes), Answers: int(r.Answers), Hands: int(r.Hands),
		Spans: []spanView{}, Roles: []roleView{{Role: r.First.Shown()}}}
	if !now {
		v.LeftAt = moment(left)
	}
	if e := a.entry; e != nil && !v.Erased {
		v.Email, v.SentAt = e.Email, e.sentAt()
	}
	for _, s := range r.Spans {
		one := spanView{Place: s.Place, Role: s.Role.Shown(), Since: moment(s.Since)}
		if !s.Now {
			one.Until = moment(s.Until)
		}
		v.Spans = append(v.Spans, one)
	}
	for _, c := range r.Roles {
		if last := v.Roles[len(v.Roles)-1]; last.Role != c.Role.Shown() {
			v.Roles = append(v.Roles, roleView{c.Role.Shown(), moment(c.At)})
		}
	}
	return v
}

// sentAt is when the first invitation was mailed.
func (e *entry) sentAt() string {
	for _, m := range e.mails {
		if m.Kind == store.MailInvitation && m.State == store.MailSent {
			return at(m.Changed)
		}
	}
	return ""
}
