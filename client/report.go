package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"greenroom/hub/room"
)

// Report is what was in a room, so far or in all. Session is the number of one
// of Sessions, from 1, or 0 for all of them together.
type Report struct {
	MadeAt      time.Time       `json:"made_at"`
	SoFar       bool            `json:"so_far"` // it goes on, or has not begun
	Session     int             `json:"session"`
	Sessions    []ReportSession `json:"sessions"`
	ForgottenAt time.Time       `json:"forgotten_at"` // since then there is nothing of who came and what was written
	People      ReportPeople    `json:"people"`
	Totals      map[string]int  `json:"totals"` // messages, questions, answers, …
}

// ReportSession is one time that a room was open.
type ReportSession struct {
	Number   int       `json:"number"`
	OpenedAt time.Time `json:"opened_at"` // zero: not yet
	ClosedAt time.Time `json:"closed_at"` // zero: not yet
	Reason   string    `json:"reason"`
}

// ReportPeople counts who came.
type ReportPeople struct {
	Invited int       `json:"invited"`
	Came    int       `json:"came"` // of the invited
	Peak    int       `json:"peak"` // most at once
	PeakAt  time.Time `json:"peak_at"`
}

// Attendance is what one person's coming looked like. Durations are in
// milliseconds.
type Attendance struct {
	Participant room.ParticipantID `json:"participant"`
	Invitation  room.InvitationID  `json:"invitation"` // empty: a manager
	FirstName   string             `json:"first_name"`
	LastName    string             `json:"last_name"`
	Email       string             `json:"email"`
	Type        string             `json:"type"`
	Erased      bool               `json:"erased"`
	JoinedAt    time.Time          `json:"joined_at"` // zero: never
	LeftAt      time.Time          `json:"left_at"`
	Here        bool               `json:"here"`
	WaitedMS    int64              `json:"waited_ms"`
	EarlyMS     int64              `json:"early_ms"` // inside before the doors opened
	InsideMS    int64              `json:"inside_ms"`
	Joins       int                `json:"joins"`
	DeviceMoves int                `json:"device_moves"`
	Spans       []AttendanceSpan   `json:"spans"`
}

// AttendanceSpan is a time in one place (waiting, early, inside) and one role.
type AttendanceSpan struct {
	Place string    `json:"place"`
	Role  string    `json:"role"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"` // zero: goes on
}

// AttendancePage is a page of people; Next continues, empty behind the last.
type AttendancePage struct {
	Items []Attendance `json:"items"`
	Next  string       `json:"next"`
	Total int          `json:"total"`
}

// Report gives the summary of a session, or of all with 0.
func (s Site) Report(ctx context.Context, id room.ID, session int) (Report, error) {
	return siteQuery[Report](ctx, s, http.MethodGet, url.Values{"session": {strconv.Itoa(session)}}, nil, "rooms", string(id), "report")
}

// Attendance gives a page of who was invited and came, behind the Next of the
// page before.
func (s Site) Attendance(ctx context.Context, id room.ID, session int, after string) (AttendancePage, error) {
	return siteQuery[AttendancePage](ctx, s, http.MethodGet, url.Values{"session": {strconv.Itoa(session)}, "after": {after}}, nil, "rooms", string(id), "report", "attendance")
}

// Export gives a file, to be read and closed: of attendance, chat,
// backchannel, questions, interactions or answers, as csv or json (PROTOCOL
// §1). A file that breaks off ends with an error. It leaves an entry in the
// audit log.
func (s Site) Export(ctx context.Context, id room.ID, what, format string, session int) (io.ReadCloser, error) {
	c, err := s.caller()
	if err != nil {
		return nil, err
	}
	body := map[string]any{"what": what, "format": format, "session": session}
	resp, err := c.send(ctx, http.MethodPost, sitePath([]string{"rooms", string(id), "exports"}), body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("client: export: %w", err)
	}
	return nil, refused(resp.StatusCode, answer)
}
