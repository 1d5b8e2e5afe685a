package room

import (
	"cmp"
	"slices"
)

// Commands of moderation. Nobody acts on somebody of their rank or above.
type (
	// MutePerson keeps somebody from writing into the chat.
	MutePerson struct {
		Participant ParticipantID `json:"participant"`
		Reason      string        `json:"reason,omitempty"`
	}
	// UnmutePerson lets them write again.
	UnmutePerson struct {
		Participant ParticipantID `json:"participant"`
	}
	// RemovePerson sends somebody out; they may come back by their link.
	RemovePerson struct {
		Participant ParticipantID `json:"participant"`
		Reason      string        `json:"reason,omitempty"`
	}
	// BanPerson sends somebody out for good. By is how wide: their invitation
	// alone (if empty), their address, or all viewers of its domain.
	BanPerson struct {
		Participant ParticipantID `json:"participant"`
		By          BanScope      `json:"by,omitempty"`
		Reason      string        `json:"reason,omitempty"`
	}
	// UnbanPerson takes a ban or a removal back.
	UnbanPerson struct {
		Participant ParticipantID `json:"participant"`
	}
	// ModerationPage asks who is muted, removed and banned, and what was
	// reported.
	ModerationPage struct{}
)

// Name implements Command.
func (MutePerson) Name() string { return "participant.mute" }

// Name implements Command.
func (UnmutePerson) Name() string { return "participant.unmute" }

// Name implements Command.
func (RemovePerson) Name() string { return "participant.remove" }

// Name implements Command.
func (BanPerson) Name() string { return "participant.ban" }

// Name implements Command.
func (UnbanPerson) Name() string { return "participant.unban" }

// Name implements Command.
func (ModerationPage) Name() string { return "moderation.page" }

// BanScope is how wide a ban is.
type BanScope string

// The scopes.
const (
	BanInvitation BanScope = "invitation"
	BanAddress    BanScope = "address"
	BanDomain     BanScope = "domain"
)

// Facts of moderation. Who is whom it was done to.
type (
	// Muted keeps somebody from writing into the chat.
	Muted struct {
		Who
		By     Who    `json:"by"`
		Reason string `json:"reason,omitempty"`
	}
	// Unmuted ends that.
	Unmuted struct {
		Who
		By Who `json:"by"`
	}
	// Removed sent somebody out, who may come back by their link.
	Removed struct {
		Who
		By       Who    `json:"by"`
		Admitted bool   `json:"admitted,omitempty"` // until then
		Reason   string `json:"reason,omitempty"`
	}
	// Banned sent somebody out for good, and with them whoever has the same
	// address, or comes from the same domain as a viewer.
	Banned struct {
		Who
		By       Who             `json:"by"`
		Admitted bool            `json:"admitted,omitempty"` // until then
		Scope    BanScope        `json:"scope"`
		Match    Hash            `json:"match,omitzero"`  // of the address, where that is banned
		Domain   string          `json:"from,omitempty"`  // where that is banned; no person's alone
		Device   Hash            `json:"device,omitzero"` // of their browser: it comes by no guest link either
		Waits    []ParticipantID `json:"waits,omitempty"` // of the waiting room, whom it meets
		Reason   string          `json:"reason,omitempty"`
	}
	// Unbanned takes a ban or a removal back.
	Unbanned struct {
		Who
		By Who `json:"by"`
	}
)

// Kind implements Fact.
func (Muted) Kind() string { return "participant.muted" }

// Kind implements Fact.
func (Unmuted) Kind() string { return "participant.unmuted" }

// Kind implements Fact.
func (Removed) Kind() string { return "participant.removed" }

// Kind implements Fact.
func (Banned) Kind() string { return "participant.banned" }

// Kind implements Fact.
func (Unbanned) Kind() string { return "participant.unbanned" }

// outside says whether moderators sent somebody out.
type outside uint8

const (
	outRemoved outside = iota + 1 // may come back by the link
	outBanned
)

// Measure is what was done to somebody, by whom, when and why.
type Measure struct {
	Kind        string        `json:"kind"` // muted, removed or banned
	Participant ParticipantID `json:"participant"`
	Name        string        `json:"name"`
	Role        string        `json:"role"`
	Guest       bool          `json:"guest,omitempty"`
	Scope       BanScope      `json:"scope,omitempty"`
	Domain      string        `json:"domain,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	By          WhoView       `json:"by"`
	At          Millis        `json:"at"`
}

// measure is a Measure in memory: names stand with the people.
type measure struct {
	kind   outside // 0: muted
	seat   int32
	by     int32
	at     Millis
	scope  BanScope
	match  Hash
	domain string
	device Hash
	reason string
}

// mostMeasures bounds the list; the oldest that is no ban makes room.
const mostMeasures = 1000

// measured finds somebody a measure may be taken on.
func (s *State) measured(by *Person, id ParticipantID, reason string) (*Person, string, *Refusal) {
	p, ok := s.Participant(id)
	switch {
	case !ok || p.Revoked:
		return nil, "", refuse(CodeNotFound, "There is no such person in this room.")
	case p == by || !by.Role.Outranks(p.Role):
		return nil, "", refuse(CodeForbidden, "You cannot act on somebody of your rank or above.")
	}
	reason = cleanLine(reason)
	return p, reason, checkReason(reason)
}

func (s *State) decideMute(by *Person, c MutePerson) ([]Fact, *Refusal) {
	p, reason, no := s.measured(by, c.Participant, c.Reason)
	if no != nil || p.Muted {
		return nil, no
	}
	return []Fact{Muted{p.who(), by.who(), reason}}, nil
}

func (s *State) decideUnmute(by *Person, c UnmutePerson) ([]Fact, *Refusal) {
	p, _, no := s.measured(by, c.Participant, "")
	if no != nil || !p.Muted {
		return nil, no
	}
	return []Fact{Unmuted{p.who(), by.who()}}, nil
}

// sendable is measured for those whom a link lets in.
func (s *State) sendable(by *Person, id ParticipantID, reason string) (*Person, string, *Refusal) {
	p, reason, no := s.measured(by, id, reason)
	if no == nil && p.Role.Manages() {
		no = refuse(CodeForbidden, "A manager's right is changed on the room's page.")
	}
	return p, reason, no
}

func (s *State) decideRemove(by *Person, c RemovePerson) ([]Fact, *Refusal) {
	p, reason, no := s.sendable(by, c.Participant, c.Reason)
	if no != nil || p.out != 0 {
		return nil, no
	}
	if len(p.Claims) == 0 {
		return nil, refuse(CodeConflict, "This person is not in the room.")
	}
	return []Fact{Removed{Who: p.who(), By: by.who(), Admitted: p.Admitted(), Reason: reason}}, nil
}

func (s *State) decideBan(by *Person, c BanPerson) ([]Fact, *Refusal) {
	p, reason, no := s.sendable(by, c.Participant, c.Reason)
	if no != nil {
		return nil, no
	}
	f := Banned{Who: p.who(), By: by.who(), Admitted: p.Admitted(), Scope: cmp.Or(c.By, BanInvitation), Reason: reason}
	if no := f.widen(p); no != nil {
		return nil, no
	}
	if i := s.measureOf(p.ID, outBanned); i >= 0 && s.measures[i].scope == f.Scope {
		return nil, nil
	}
	if s.bans() >= mostMeasures {
		return nil, refuse(CodeConflict, "Too many people are banned already. Take some bans back first.")
	}
	for seat := range s.waits.all {
		if q := s.people.at(int(seat)); (q == p || f.meets(q)) && len(f.Waits) < shownWaiting {
			f.Waits = append(f.Waits, q.ID)
		}
	}
	return []Fact{f}, nil
}

// widen says what of a person is banned; their browser in any case.
func (f *Banned) widen(p *Person) *Refusal {
	if len(p.Claims) > 0 {
		f.Device = p.Claims[0].Device
	}
	switch f.Scope {
	case BanInvitation:
	case BanAddress:
		f.Match = p.Match
		if p.Match.IsZero() {
			return refuse(CodeConflict, "Nobody has checked the address of this guest. Ban the guest, or the domain.")
		}
	case BanDomain:
		f.Domain = p.Domain()
		if p.Domain() == "" {
			return refuse(CodeConflict, "The domain of this person's address is not known.")
		}
	default:
		return invalid("by", "is invitation, address or domain")
	}
	return nil
}

// meets says whether a ban concerns somebody else than whom it was said of.
func (f *Banned) meets(p *Person) bool {
	return !f.Match.IsZero() && p.Match == f.Match || f.Domain != "" && p.Domain() == f.Domain && p.Role == Viewer
}

func (s *State) decideUnban(by *Person, c UnbanPerson) ([]Fact, *Refusal) {
	p, _, no := s.measured(by, c.Participant, "")
	switch known := no == nil && s.measureOf(p.ID, outBanned) >= 0; {
	case no != nil || p.out == 0 && !known:
		return nil, no
	case p.out == outBanned && !known:
		return nil, refuse(CodeConflict, "This person is banned with their address or domain. Take that ban back.")
	}
	return []Fact{Unbanned{p.who(), by.who()}}, nil
}

// measureOf finds what was done to somebody.
func (s *State) measureOf(id ParticipantID, kind outside) int {
	seat := s.seatOfID(id)
	return slices.IndexFunc(s.measures, func(m measure) bool { return m.seat == seat && m.kind == kind })
}

func (s *State) bans() (n int) {
	for _, m := range s.measures {
		if m.kind == outBanned {
			n++
		}
	}
	return n
}

// bannedAs finds a ban that meets somebody who has no seat yet.
func (s *State) bannedAs(match, device Hash, domain string) (measure, bool) {
	for _, m := range s.measures {
		if m.kind == outBanned && (!match.IsZero() && m.match == match || !device.IsZero() && m.device == device || domain != "" && m.domain == domain) {
			return m, true
		}
	}
	return measure{}, false
}

func banned(m measure) *Refusal {
	return &Refusal{Code: CodeBanned, Message: "You can no longer enter this room.", At: m.at, Reason: m.reason, Final: true}
}

// barred refuses somebody who is banned, whatever link they hold.
func (s *State) barred(p *Person) *Refusal {
	if p.out != outBanned {
		return nil
	}
	if i := s.measureOf(p.ID, outBanned); i >= 0 {
		return banned(s.measures[i])
	}
	m, _ := s.bannedAs(p.Match, Hash{}, p.Domain())
	return banned(m)
}

// sentOut refuses somebody who is banned, or was removed and has not opened
// their link since.
func (s *State) sentOut(p *Person) *Refusal {
	if p.out != outRemoved {
		return s.barred(p)
	}
	no := &Refusal{Code: CodeRemoved, Message: "You were removed from this room. You can come back by your link.", Final: true}
	if i := s.measureOf(p.ID, outRemoved); i >= 0 {
		no.At, no.Reason = s.measures[i].at, s.measures[i].reason
	}
	return no
}

// OutSince tells when moderators sent somebody out; 0: they did not, or nobody
// knows any more.
func (s *State) OutSince(p *Person) Millis {
	if i := s.measureOf(p.ID, p.out); p.out != 0 && i >= 0 {
		return s.measures[i].at
	}
	return 0
}

// SentOut says whether moderators sent somebody out, and whether for good.
func (p *Person) SentOut() (out, forGood bool) { return p.out != 0, p.out == outBanned }

func (s *State) foldMuted(e Event, f Muted) {
	s.edit(f.Participant).Muted = true
	s.note(f.Participant, measure{at: e.At, by: s.seatOfID(e.Participant), reason: f.Reason})
}

func (s *State) foldUnmuted(f Unmuted) {
	s.edit(f.Participant).Muted = false
	s.lift(f.Participant, 0)
}

func (s *State) foldRemoved(e Event, f Removed) {
	s.expel(f.Participant, e.Seq, outRemoved)
	s.note(f.Participant, measure{kind: outRemoved, at: e.At, by: s.seatOfID(e.Participant), reason: f.Reason})
}

func (s *State) foldBanned(e Event, f Banned) {
	s.lift(f.Participant, outRemoved)
	s.note(f.Participant, measure{kind: outBanned, at: e.At, by: s.seatOfID(e.Participant), scope: f.Scope, match: f.Match, domain: f.Domain, device: f.Device, reason: f.Reason})
	s.expel(f.Participant, e.Seq, outBanned)
	if f.Match.IsZero() && f.Domain == "" {
		return
	}
	for p := range s.People {
		if !p.Revoked && p.out != outBanned && f.meets(p) {
			s.expel(p.ID, e.Seq, outBanned)
		}
	}
}

func (s *State) foldUnbanned(f Unbanned) {
	s.lift(f.Participant, outRemoved)
	s.lift(f.Participant, outBanned)
	for p := range s.People {
		if p.out == outBanned && !s.stillBanned(p) || p.ID == f.Participant && p.out == outRemoved {
			s.edit(p.ID).out = 0
		}
	}
}

// foldLinkOpened lets somebody come back who was removed.
func (s *State) foldLinkOpened(f LinkOpened) {
	p := s.edit(f.Participant)
	if p.Opened = true; p.out == outRemoved {
		p.out = 0
		s.lift(p.ID, outRemoved)
	}
}

// stillBanned says whether one of the bans meets somebody.
func (s *State) stillBanned(p *Person) bool {
	if s.measureOf(p.ID, outBanned) >= 0 {
		return true
	}
	_, met := s.bannedAs(p.Match, Hash{}, p.Domain())
	return met
}

// expel ends somebody's being here.
func (s *State) expel(id ParticipantID, at Seq, why outside) {
	s.change(id, at, func(p *Person) {
		if p.Finishing {
			p.Finishing = false
			s.finishing--
			p.Revoked = true
		}
		p.Claims, p.Early, p.out = nil, false, why
	})
}

// note puts a measure on the list, in place of an older one of its kind.
func (s *State) note(id ParticipantID, m measure) {
	if m.seat = s.seatOfID(id); m.seat < 0 {
		return
	}
	s.lift(id, m.kind)
	if len(s.measures) >= mostMeasures {
		if i := slices.IndexFunc(s.measures, func(m measure) bool { return m.kind != outBanned }); i >= 0 {
			s.measures = slices.Delete(slices.Clone(s.measures), i, i+1)
		}
	}
	s.measures = append(slices.Clip(s.measures), m)
}

// lift takes a measure off the list.
func (s *State) lift(id ParticipantID, kind outside) {
	if i := s.measureOf(id, kind); i >= 0 {
		s.measures = slices.Delete(slices.Clone(s.measures), i, i+1)
	}
}

// forgetMeasures drops what was done to somebody who is erased. A ban of their
// domain stays.
func (s *State) forgetMeasures(seat int32) {
	s.measures = slices.DeleteFunc(slices.Clone(s.measures), func(m measure) bool { return m.seat == seat && m.domain == "" })
	for i := range s.measures {
		if s.measures[i].seat == seat {
			s.measures[i].reason = ""
		}
	}
}

var measureNames = [...]string{"muted", "removed", "banned"}

func (s *State) measureView(m measure) Measure {
	p, by := s.people.at(int(m.seat)), WhoView{}
	if m.by >= 0 {
		by = s.people.at(int(m.by)).who().View()
	}
	return Measure{Kind: measureNames[m.kind], Participant: p.ID, Name: p.Name(), Role: p.Role.Shown(), Guest: p.Guest(),
		Scope: m.scope, Domain: m.domain, Reason: m.reason, By: by, At: m.at}
}

// Moderation is the answer to ModerationPage, newest first.
type Moderation struct {
	Measures []Measure    `json:"measures"`
	Reports  []ReportView `json:"reports"`
	More     bool         `json:"more"`
}

// ModerationPage answers as much as fits a frame.
func (s *State) ModerationPage() Moderation {
	m := Moderation{Measures: []Measure{}, Reports: []ReportView{}}
	bytes := pageBytes
	for _, r := range slices.Backward(s.reports) {
		view := s.reportView(r)
		if bytes -= view.bytes(); bytes < 0 {
			m.More = true
			return m
		}
		m.Reports = append(m.Reports, view)
	}
	for _, x := range slices.Backward(s.measures) {
		view := s.measureView(x)
		if bytes -= 300 + jsonBytes(view.Name) + jsonBytes(view.Reason) + jsonBytes(view.By.Name) + len(view.Domain); bytes < 0 {
			m.More = true
			return m
		}
		m.Measures = append(m.Measures, view)
	}
	return m
}

// PersonalTo says whose own standing a fact changes without their view of the
// room: they are told anew who they are.
func PersonalTo(f Fact) ParticipantID {
	switch f := f.(type) {
	case Revised:
		return f.Participant
	case Muted:
		return f.Participant
	case Unmuted:
		return f.Participant
	case Renamed:
		return f.Participant
	}
	return ""
}
