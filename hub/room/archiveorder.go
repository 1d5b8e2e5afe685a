package room

import "math"

// The part of an archive that moderators and staff have made: settings,
// measures, reports, announcements, the pin and the stage.

func (w *writer) order(s *State) {
	w.flags(s.settings != nil, s.pin != nil)
	if s.settings != nil {
		w.settings(s.settings)
	}
	w.uint(uint64(len(s.measures)))
	for _, m := range s.measures {
		w.measure(m)
	}
	w.uint(uint64(len(s.reports)))
	for _, r := range s.reports {
		w.report(r)
	}
	w.uint(uint64(len(s.announced)))
	for _, a := range s.announced {
		w.announced(a)
	}
	if s.pin != nil {
		w.pinned(s.pin)
	}
	w.text(s.source)
	w.uint(uint64(s.forgotten))
	w.life(s)
}

func (r *reader) order(s *State) {
	var settings, pinned bool
	if r.flags(&settings, &pinned); settings {
		s.settings = r.settings()
		s.words = s.settings.Filter.normal()
	}
	for range r.count() {
		s.measures = append(s.measures, r.measure(s))
	}
	for range r.count() {
		s.reports = append(s.reports, r.report(s))
	}
	for range r.count() {
		s.announced = append(s.announced, r.announced(s))
	}
	if pinned {
		s.pin = r.pinned(s)
	}
	s.source, s.forgotten = r.text(), Seq(r.uint())
	r.life(s)
}

func (w *writer) life(s *State) {
	w.int(int64(s.liveAt))
	w.int(int64(s.hostsAt))
	w.text(s.After.Words)
	w.text(s.After.Link)
	w.flags(s.pause != nil, s.absence != nil, s.absence != nil && s.absence.warned != nil, s.HostAbsent != nil, s.After.Results)
	if s.HostAbsent != nil {
		w.text(string(s.HostAbsent.Then))
		w.uint(uint64(s.HostAbsent.Minutes))
	}
	w.absence(s.absence)
	if s.pause != nil {
		w.view(s.pause.WhoView)
		w.text(s.pause.Message)
		w.int(int64(s.pause.At))
	}
}

func (w *writer) absence(a *absence) {
	if a == nil {
		return
	}
	w.int(int64(a.since))
	if a.warned != nil {
		w.text(string(a.warned.Then))
		w.int(int64(a.warned.At))
	}
}

func (r *reader) life(s *State) {
	s.liveAt = Millis(r.int())
	s.hostsAt, s.After.Words, s.After.Link = Millis(r.int()), r.text(), r.text()
	var paused, absent, warned, rule bool
	r.flags(&paused, &absent, &warned, &rule, &s.After.Results)
	if rule {
		s.HostAbsent = &AbsenceRule{AbsenceEnd(r.text()), int(r.uint())}
	}
	if absent {
		s.absence = &absence{since: Millis(r.int())}
	}
	if warned && absent {
		s.absence = &absence{s.absence.since, &Unattended{AbsenceEnd(r.text()), Millis(r.int())}}
	}
	if paused {
		s.pause = &Pause{r.view(), r.text(), Millis(r.int())}
	}
}

// seat writes the number of a seat, -1 as well.
func (w *writer) seat(i int32) { w.uint(uint64(i + 1)) }

func (r *reader) seat(s *State) int32 {
	i := r.uint()
	if i > uint64(min(s.people.len(), math.MaxInt32-1)) {
		r.failed = true
		return -1
	}
	return int32(i) - 1
}

func (w *writer) settings(x *Settings) {
	w.flags(x.Chat, x.Questions, x.Locked, x.Filter.Refuse)
	w.uint(uint64(x.ChatFor))
	w.uint(uint64(x.SlowModeS))
	w.text(string(x.Hands))
	w.uint(uint64(x.HandsMost))
	w.uint(uint64(len(x.Filter.Words)))
	for _, word := range x.Filter.Words {
		w.text(word)
	}
}

func (r *reader) settings() *Settings {
	x := new(Settings)
	r.flags(&x.Chat, &x.Questions, &x.Locked, &x.Filter.Refuse)
	x.ChatFor, x.SlowModeS = Role(min(r.uint(), uint64(Owner))), int(r.uint())
	x.Hands, x.HandsMost = HandMode(r.text()), int(r.uint())
	for range r.count() {
		x.Filter.Words = append(x.Filter.Words, r.text())
	}
	return x
}

func (w *writer) measure(m measure) {
	w.uint(uint64(m.kind))
	w.seat(m.seat)
	w.seat(m.by)
	w.int(int64(m.at))
	w.text(string(m.scope))
	w.hash(m.match)
	w.text(m.domain)
	w.hash(m.device)
	w.text(m.reason)
}

func (r *reader) measure(s *State) measure {
	return measure{kind: outside(min(r.uint(), uint64(outBanned))), seat: max(r.seat(s), 0), by: r.seat(s), at: Millis(r.int()),
		scope: BanScope(r.text()), match: r.hash(), domain: r.text(), device: r.hash(), reason: r.text()}
}

func (w *writer) report(x report) {
	w.text(x.id)
	w.seat(x.author)
	w.text(x.text)
	w.mentions(x.mentions)
	w.int(int64(x.at))
	w.uint(uint64(x.reporters.n))
	for seat := range x.reporters.all {
		w.seat(seat)
	}
	w.uint(uint64(len(x.reasons)))
	for _, reason := range x.reasons {
		w.seat(reason.seat)
		w.text(reason.reason)
	}
}

func (r *reader) report(s *State) report {
	x := report{id: r.text(), author: r.seat(s), text: r.text(), mentions: r.mentions(), at: Millis(r.int())}
	for range r.count() {
		x.reporters = x.reporters.with(r.seat(s), true)
	}
	for range r.count() {
		x.reasons = append(x.reasons, reportReason{r.seat(s), r.text()})
	}
	return x
}

func (w *writer) view(v WhoView) {
	for _, t := range []string{string(v.Participant), v.Name, v.Role, v.Right} {
		w.text(t)
	}
	w.flags(v.Guest)
}

func (r *reader) view() (v WhoView) {
	v.Participant, v.Name, v.Role, v.Right = ParticipantID(r.text()), r.text(), r.text(), r.text()
	r.flags(&v.Guest)
	return v
}

func (w *writer) announced(a announced) {
	w.text(a.ID)
	w.view(a.WhoView)
	w.text(a.Text)
	w.text(a.To)
	w.int(int64(a.At))
	w.int(int64(a.ExpiresAt))
	w.seat(a.seat)
}

func (r *reader) announced(s *State) announced {
	return announced{Announcement{r.text(), r.view(), r.text(), r.text(), Millis(r.int()), Millis(r.int())}, r.seat(s)}
}

func (w *writer) pinned(p *pin) {
	w.text(p.ID)
	w.view(p.WhoView)
	w.text(p.Text)
	w.mentions(p.Mentions)
	w.view(p.By)
	w.int(int64(p.At))
	w.seat(p.author)
	w.seat(p.by)
}

func (r *reader) pinned(s *State) *pin {
	return &pin{Pin{r.text(), r.view(), r.text(), r.mentions(), r.view(), Millis(r.int())}, r.seat(s), r.seat(s)}
}
