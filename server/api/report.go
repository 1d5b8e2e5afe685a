package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/server/report"
)

// Bounds of what is kept of rooms whose reports managers look at.
const (
	maxReports  = 16
	reportIdle  = time.Minute
	reportFresh = time.Second // so old may be what is told
)

// reports are the reports that somebody has looked at lately.
type reports struct {
	// guarded by mu
	mu    sync.Mutex
	rooms map[reportKey]*heldReport
}

type reportKey struct {
	room    room.ID
	session int
}

type heldReport struct {
	*report.Maker
	used time.Time // guarded by reports.mu
}

// of finds what makes the report of a session, or begins with it.
func (all *reports) of(key reportKey, now time.Time) *report.Maker {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.rooms == nil {
		all.rooms = map[reportKey]*heldReport{}
	}
	held := all.rooms[key]
	if held == nil {
		if len(all.rooms) >= maxReports {
			all.dropOldest()
		}
		held = &heldReport{Maker: report.NewMaker(key.session)}
		all.rooms[key] = held
	}
	held.used = now
	return held.Maker
}

// dropOldest makes room. The caller holds mu.
func (all *reports) dropOldest() {
	var oldest reportKey
	for key, held := range all.rooms {
		if first := all.rooms[oldest]; first == nil || held.used.Before(first.used) {
			oldest = key
		}
	}
	delete(all.rooms, oldest)
}

// sweep forgets what nobody looks at any more.
func (all *reports) sweep(now time.Time) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for key, held := range all.rooms {
		if now.Sub(held.used) >= reportIdle {
			delete(all.rooms, key)
		}
	}
}

// reported is a report with the state that it was made of.
type reported struct {
	*report.Report
	state *room.State
	who   asker
	asks  *room.Person // the manager
}

// within says whether a time belongs to what is reported.
func (r *reported) within(at room.Millis) bool {
	if r.Session == 0 {
		return true
	}
	s := r.Sessions[r.Session-1]
	return at > s.From && (at <= s.Closed || s.Closed == 0 || r.Session == len(r.Sessions))
}

// reportFor makes the report that a manager asks for; session 0 is all of them.
func (a *API) reportFor(r *http.Request, session int) (*reported, error) {
	who, err := a.ask(r)
	if err != nil {
		return nil, err
	}
	by, state, err := a.manager(r.Context(), who, roomOf(r), room.ActManageInvitation)
	if err != nil {
		return nil, err
	}
	asks, _ := state.Manager(by.Account)
	made, err := a.makeReport(r.Context(), state, session)
	return &reported{made, state, who, asks}, err
}

func (a *API) makeReport(ctx context.Context, s *room.State, session int) (*report.Report, error) {
	key := reportKey{s.ID, session}
	if session < 0 || session > 1_000_000 {
		return nil, errNoSession
	}
	made, err := a.reports.of(key, a.now()).Make(ctx, a.store, s, a.hub.Now(), reportFresh)
	if errors.Is(err, report.ErrNoSession) {
		a.reports.drop(key)
		return nil, errNoSession
	}
	return made, err
}

func (all *reports) drop(key reportKey) {
	all.mu.Lock()
	defer all.mu.Unlock()
	delete(all.rooms, key)
}

var errNoSession = invalid("session", "is the number of a session, from 1, or 0 for all")

func sessionOf(r *http.Request) (int, error) {
	n, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("session"), "0"))
	if err != nil {
		return 0, errNoSession
	}
	return n, nil
}

// reportView is the summary of a room's sessions.
type reportView struct {
	Room        reportRoom          `json:"room"`
	MadeAt      string              `json:"made_at"`
	SoFar       bool                `json:"so_far"` // it goes on, or has not begun
	Session     int                 `json:"session"`
	Sessions    []reportSession     `json:"sessions"`
	ForgottenAt string              `json:"forgotten_at,omitempty"` // since then there is nothing of who came and what was written
	People      reportPeople        `json:"people"`
	Totals      reportTotals        `json:"totals"`
	Curve       reportCurve         `json:"curve"`
	Polls       []reportInteraction `json:"interactions"`
}

type reportRoom struct {
	ID       room.ID     `json:"id"`
	Title    string      `json:"title"`
	State    room.Status `json:"state"`
	StartsAt string      `json:"starts_at"`
	EndsAt   string      `json:"ends_at,omitempty"`
}

type reportSession struct {
	Number   int    `json:"number"`
	OpenedAt string `json:"opened_at,omitempty"`
	ClosedAt string `json:"closed_at,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

type reportPeople struct {
	Invited  int    `json:"invited"`
	Came     int    `json:"came"` // of the invited
	Managers int    `json:"managers"`
	Peak     int    `json:"peak"`
	PeakAt   string `json:"peak_at,omitempty"`
	InsideMS int64  `json:"inside_ms"` // on average, of those who came
	WaitedMS int64  `json:"waited_ms"` // on average, of those who waited
	Moves    int    `json:"device_moves"`
}

type reportTotals struct {
	Messages  int `json:"messages"`
	Deleted   int `json:"deleted"`
	Staff     int `json:"backchannel"`
	Questions int `json:"questions"`
	Answered  int `json:"questions_answered"`
	Dismissed int `json:"questions_dismissed"`
	Votes     int `json:"votes"`
	Hands     int `json:"hands"`
	Answers   int `json:"answers"`
	Reactions int `json:"reactions"`
}

// reportCurve is what happened over time, in equal steps.
type reportCurve struct {
	From      string `json:"from,omitempty"`
	StepMS    int64  `json:"step_ms"`
	Inside    []int  `json:"inside"`
	Waiting   []int  `json:"waiting"`
	Messages  []int  `json:"messages"`
	Questions []int  `json:"questions"`
	Answers   []int  `json:"answers"`
	Hands     []int  `json:"hands"`
	Reactions []int  `json:"reactions"`
}

// getReport tells managers what was in the room, so far or in all.
func (a *API) getReport(w http.ResponseWriter, r *http.Request) error {
	session, err := sessionOf(r)
	if err != nil {
		return err
	}
	made, err := a.reportFor(r, session)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, viewReport(made))
}

func viewReport(r *reported) reportView {
	s, t := r.state, r.Totals
	v := reportView{Room: viewReportRoom(s), MadeAt: moment(r.At),
		SoFar: s.Status == room.StatusScheduled || s.Status == room.StatusOpen, Session: r.Session, Sessions: []reportSession{}, ForgottenAt: moment(r.Forgotten),
		People: viewReportPeople(r), Curve: viewCurve(r.Curve), Polls: []reportInteraction{},
		Totals: reportTotals{t.Messages, t.Deleted, t.Staff, t.Questions, t.Answered, t.Dismissed, t.Votes, t.Hands, t.Answers, t.Reactions}}
	for i, one := range r.Sessions {
		v.Sessions = append(v.Sessions, reportSession{i + 1, moment(one.Opened), moment(one.Closed), one.Reason})
	}
	for it := range r.interactions {
		v.Polls = append(v.Polls, it)
	}
	return v
}

func viewReportRoom(s *room.State) reportRoom {
	return reportRoom{s.ID, s.Title, s.Status, moment(s.StartsAt), moment(s.EndsAt)}
}

func viewReportPeople(r *reported) (v reportPeople) {
	var inside, waited room.Millis
	here, waiters, seat := 0, 0, -1
	for p := range r.state.People {
		if seat++; seat >= len(r.People) {
			break // younger than the report
		}
		one := &r.People[seat]
		came, long := one.Came(), one.Length(report.Waiting)
		switch {
		case p.Invitation == "" && came:
			v.Managers++
		case p.Invitation != "" && came:
			v.Came++
			v.Invited++
		case p.Invitation != "" && !p.Revoked:
			v.Invited++
		}
		if came {
			here++
			inside += one.Length(report.Inside)
		}
		if long > 0 {
			waiters++
			waited += long
		}
		v.Moves += int(one.Moves)
	}
	v.Peak, v.PeakAt = r.Peak, moment(r.PeakAt)
	v.InsideMS, v.WaitedMS = int64(inside)/int64(max(here, 1)), int64(waited)/int64(max(waiters, 1))
	return v
}

func viewCurve(c report.Curve) reportCurve {
	n := len(c.Minutes)
	v := reportCurve{From: moment(c.From), StepMS: int64(c.Step), Inside: append([]int{}, c.Inside...), Waiting: append([]int{}, c.Waiting...),
		Messages: make([]int, n), Questions: make([]int, n), Answers: make([]int, n), Hands: make([]int, n), Reactions: make([]int, n)}
	for i, m := range c.Minutes {
		v.Messages[i], v.Questions[i], v.Answers[i], v.Hands[i], v.Reactions[i] = m.Messages, m.Questions, m.Answers, m.Hands, m.Reactions
	}
	return v
}
