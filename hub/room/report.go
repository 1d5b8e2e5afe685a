package room

import (
	"slices"
)

// Somebody who minds a message reports it; moderators see it and settle it, by
// deleting the message or by leaving it.

// Limits of reports.
const (
	MaxReported  = 200 // code points of the message
	mostReports  = 100 // open at a time; the oldest makes room
	mostOwn      = 10  // of them by one person: nobody pushes out what others reported
	mostReasons  = 5   // kept of one message
	shownReports = 50  // in a snapshot
)

// Commands about reports.
type (
	// ReportMessage tells moderators of a message.
	ReportMessage struct {
		ID     string `json:"id"`
		Reason string `json:"reason,omitempty"`
	}
	// SettleReport leaves the message and closes what was reported of it.
	SettleReport struct {
		ID string `json:"id"`
	}
)

// Name implements Command.
func (ReportMessage) Name() string { return "chat.report" }

// Name implements Command.
func (SettleReport) Name() string { return "report.settle" }

// Facts about reports.
type (
	// Reported names who reported.
	Reported struct {
		Who
		ID      string `json:"id"`
		Message Quoted `json:"message"`
		Reason  string `json:"reason,omitempty"`
	}
	// ReportSettled closes all reports of a message.
	ReportSettled struct {
		Who
		ID string `json:"id"`
	}
)

// Kind implements Fact.
func (Reported) Kind() string { return "chat.reported" }

// Kind implements Fact.
func (ReportSettled) Kind() string { return "report.settled" }

// ReportView is a reported message as moderators see it.
type ReportView struct {
	ID string `json:"id"`
	WhoView
	Text    string         `json:"text"`
	At      Millis         `json:"at"`    // of the first report
	Times   int            `json:"times"` // how many have reported it
	Reasons []ReportReason `json:"reasons,omitempty"`
}

// ReportReason is what somebody who reports a message says.
type ReportReason struct {
	Participant ParticipantID `json:"participant"`
	Name        string        `json:"name"`
	Reason      string        `json:"reason,omitempty"`
}

func (r ReportView) bytes() int {
	n := 200 + jsonBytes(r.Text) + jsonBytes(r.Name)
	for _, x := range r.Reasons {
		n += 80 + jsonBytes(x.Name) + jsonBytes(x.Reason)
	}
	return n
}

// OpenReport names a reported message, in a snapshot.
type OpenReport struct {
	ID          string        `json:"id"`
	Participant ParticipantID `json:"participant"` // who wrote it
}

// report is a reported message in memory.
type report struct {
	id        string
	author    int32
	text      string
	mentions  []Mention
	at        Millis
	reporters seatSet
	reasons   []reportReason
}

type reportReason struct {
	seat   int32
	reason string
}

func (s *State) reportOf(id string) int {
	return slices.IndexFunc(s.reports, func(r report) bool { return r.id == id })
}

func (s *State) decideReport(p *Person, c ReportMessage) ([]Fact, *Refusal) {
	reason, no := line("reason", c.Reason, MaxReason, false)
	if no != nil {
		return nil, no
	}
	if i := s.reportOf(c.ID); i >= 0 && s.reports[i].reporters.has(s.seatOfID(p.ID)) {
		return nil, nil
	}
	m, no := s.quoted(c.ID, MaxReported)
	if no != nil {
		return nil, no
	}
	if m.Participant == p.ID {
		return nil, refuse(CodeConflict, "This is your own message. You can delete it.")
	}
	if s.reportedBy(p) >= mostOwn {
		return nil, refuse(CodeConflict, "Moderators have not looked at what you reported last yet.")
	}
	return []Fact{Reported{p.who(), c.ID, m, reason}}, nil
}

// reportedBy counts the open reports that somebody has part in.
func (s *State) reportedBy(p *Person) (n int) {
	seat := s.seatOfID(p.ID)
	for _, r := range s.reports {
		if r.reporters.has(seat) {
			n++
		}
	}
	return n
}

func (s *State) decideSettleReport(by *Person, c SettleReport) ([]Fact, *Refusal) {
	if s.reportOf(c.ID) < 0 {
		if _, ok := s.chat.known(MessagePlace(c.ID)); !ok {
			return nil, refuse(CodeNotFound, "This message is gone.")
		}
		return nil, nil
	}
	return []Fact{ReportSettled{by.who(), c.ID}}, nil
}

func (s *State) foldReported(e Event, f Reported) {
	s.reports = slices.Clone(s.reports)
	i := s.reportOf(f.ID)
	if i < 0 {
		if len(s.reports) >= mostReports {
			s.reports = s.reports[1:]
		}
		i = len(s.reports)
		s.reports = append(s.reports, report{id: f.ID, author: s.seatOfID(f.Message.Participant), text: f.Message.Text, mentions: f.Message.Mentions, at: e.At})
	}
	r := &s.reports[i]
	seat := s.seatOfID(f.Participant)
	r.reporters = r.reporters.with(seat, true)
	if len(r.reasons) < mostReasons {
		r.reasons = append(slices.Clip(r.reasons), reportReason{seat, f.Reason})
	}
}

// dropReports closes reports.
func (s *State) dropReports(which func(report) bool) {
	s.reports = slices.DeleteFunc(slices.Clone(s.reports), which)
}

func (s *State) reportView(r report) ReportView {
	view := ReportView{ID: r.id, Text: r.text, At: r.at, Times: r.reporters.n}
	if r.author >= 0 {
		view.WhoView = s.people.at(int(r.author)).who().View()
	}
	for _, x := range r.reasons {
		if x.seat >= 0 {
			by := s.people.at(int(x.seat))
			view.Reasons = append(view.Reasons, ReportReason{by.ID, by.Name(), x.reason})
		}
	}
	return view
}

// openReports lists the newest, oldest first.
func (s *State) openReports() []OpenReport {
	all := make([]OpenReport, 0, min(len(s.reports), shownReports))
	for _, r := range s.reports[max(0, len(s.reports)-shownReports):] {
		open := OpenReport{ID: r.id}
		if r.author >= 0 {
			open.Participant = s.people.at(int(r.author)).ID
		}
		all = append(all, open)
	}
	return all
}
