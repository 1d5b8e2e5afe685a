package room

import "time"

// Nobody runs an open room: what then happens is a rule of the site that a
// room may replace. Presence is not in the log; each instance tells what it
// surely knows (HostsMissing, HostsThere), and the log decides by the store's
// clock what comes of it, once whoever tells. Whoever of the hosts comes in
// takes it back in the same commit.

// AbsenceEnd is what happens to a room that nobody runs.
type AbsenceEnd string

// What may happen, after people were warned.
const (
	AbsenceNothing AbsenceEnd = "nothing"
	AbsenceLocks   AbsenceEnd = "lock"
	AbsenceEnds    AbsenceEnd = "end"
)

// MaxAbsence is the longest time of the rule, in minutes.
const MaxAbsence = 240

// AbsenceRule says that after so many minutes without a host people are
// warned, and after as many again it happens.
type AbsenceRule struct {
	Then    AbsenceEnd `json:"then"`
	Minutes int        `json:"minutes"`
}

func (a AbsenceRule) check() *Refusal {
	switch {
	case a.Then != AbsenceNothing && a.Then != AbsenceLocks && a.Then != AbsenceEnds:
		return invalid("host_absent", "then is nothing, lock or end")
	case a.Minutes < 1 || a.Minutes > MaxAbsence:
		return invalid("host_absent", "minutes are between 1 and 240")
	}
	return nil
}

func (a AbsenceRule) length() Millis {
	return Millis((time.Duration(a.Minutes) * time.Minute).Milliseconds())
}

// Hosts says whether the role runs a room.
func (r Role) Hosts() bool { return r >= Moderator }

// Commands about hosts. They are the system's.
type (
	// HostsMissing tells that an instance has seen no host on any for so long.
	HostsMissing struct{ For time.Duration }
	// HostsThere tells that one is here.
	HostsThere struct{}
)

// Name implements Command.
func (HostsMissing) Name() string { return "room.hosts_missing" }

// Name implements Command.
func (HostsThere) Name() string { return "room.hosts_there" }

// Facts about hosts.
type (
	// HostsAway begins the rule's time: since then nobody runs the room.
	HostsAway struct {
		Since Millis `json:"since"`
	}
	// Unattended warns those inside of what happens, and when.
	Unattended struct {
		Then AbsenceEnd `json:"then"`
		At   Millis     `json:"at"`
	}
	// HostsBack ends it. Warned: people had been told.
	HostsBack struct {
		Warned bool `json:"warned,omitempty"`
	}
)

// Kind implements Fact.
func (HostsAway) Kind() string { return "room.hosts_away" }

// Kind implements Fact.
func (Unattended) Kind() string { return "room.unattended" }

// Kind implements Fact.
func (HostsBack) Kind() string { return "room.attended" }

// absence is since when nobody runs the room, and the warning, if there was one.
type absence struct {
	since  Millis
	warned *Unattended
}

// AbsenceRule is the rule that holds for this room.
func (s *State) AbsenceRule() AbsenceRule {
	if s.HostAbsent != nil {
		return *s.HostAbsent
	}
	return s.Site().Absence
}

// HostsAt is when the log last had it that somebody runs the room.
func (s *State) HostsAt() Millis { return s.hostsAt }

// MindsHosts says whether it matters to the room that somebody runs it.
func (s *State) MindsHosts() bool {
	return s.Status == StatusOpen && (s.absence != nil || s.AbsenceRule().Then != AbsenceNothing)
}

// MissesHosts says whether the log has it that nobody runs the room.
func (s *State) MissesHosts() bool { return s.absence != nil }

// absenceDue is when the absence of hosts next has a consequence; 0: it has none.
func (s *State) absenceDue() Millis {
	a, rule := s.absence, s.AbsenceRule()
	switch {
	case a == nil || s.Status != StatusOpen:
		return 0
	case a.warned == nil:
		return a.since + rule.length()
	case a.warned.Then == AbsenceLocks && s.Settings().Locked:
		return 0
	}
	return a.warned.At
}

// HostsDue says whether it has a consequence now that hosts are missing.
func (s *State) HostsDue(now time.Time) bool {
	if !s.MindsHosts() {
		return false
	}
	at := s.absenceDue()
	return s.absence == nil || at != 0 && Millis(now.UnixMilli()) >= at || s.AbsenceRule().Then == AbsenceNothing
}

func (s *State) decideHostsMissing(by Actor, c HostsMissing, now time.Time) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "Only the program counts who is here.")
	}
	if !s.HostsDue(now) {
		return nil, nil
	}
	rule, at := s.AbsenceRule(), Millis(now.UnixMilli())
	switch {
	case s.absence == nil:
		return []Fact{HostsAway{max(at-Millis(c.For.Milliseconds()), s.hostsAt)}}, nil
	case rule.Then == AbsenceNothing:
		return s.hostsBack(), nil
	case s.absence.warned == nil:
		return []Fact{Unattended{rule.Then, at + rule.length()}}, nil
	case s.absence.warned.Then == AbsenceEnds:
		return []Fact{Closed{}}, nil
	}
	locked := SettingsChanged{Settings: s.Settings()}
	locked.Locked = true
	return []Fact{locked}, nil
}

func (s *State) decideHostsThere(by Actor) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "Only the program counts who is here.")
	}
	return s.hostsBack(), nil
}

// hostsBack ends the absence, if there is one.
func (s *State) hostsBack() []Fact {
	if s.absence == nil {
		return nil
	}
	return []Fact{HostsBack{s.absence.warned != nil}}
}

// withHosts ends the absence with facts by which a host comes, or somebody
// becomes one: to know whether they are connected is not this instance's to
// wait for.
func (s *State) withHosts(facts []Fact) []Fact {
	if s.absence == nil {
		return facts
	}
	for _, f := range facts {
		if comesToHost(f) {
			return append(facts, s.hostsBack()...)
		}
	}
	return facts
}

func comesToHost(f Fact) bool {
	switch f := f.(type) {
	case Claimed:
		return f.Role.Hosts()
	case ManagerEntered:
		return true
	case RoleChanged:
		return f.Role.Hosts()
	case ManagerSet:
		return f.Entered
	}
	return false
}

func (s *State) foldAbsence(e Event) (taken bool) {
	switch f := e.Fact.(type) {
	case HostsAway:
		s.absence = &absence{since: f.Since}
	case Unattended:
		since := e.At
		if s.absence != nil {
			since = s.absence.since
		}
		s.absence = &absence{since, &f}
	case HostsBack:
		s.absence, s.hostsAt = nil, e.At
	default:
		return false
	}
	return true
}

// unattended is the warning that people have been told; nil: there is none.
func (s *State) unattended() *Unattended {
	if s.absence == nil {
		return nil
	}
	return s.absence.warned
}
