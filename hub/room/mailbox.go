package room

import (
	"slices"
	"time"
)

// Commands of somebody who shows that the invited mailbox is theirs: by a code
// that was sent there, or by an account whose address is known to be theirs
// (Actor.Verified).
type (
	// SendCode asks for a code for the actor's device. The caller mails it in
	// the same commit.
	SendCode struct{ Code Hash } // keyed hash of the code
	// MoveDevice ties the invitation to the actor's device. If it is tied to as
	// many as it may be, the oldest one is freed in the same moment.
	MoveDevice struct{ Code Hash } // zero: the account is the proof
)

// Name implements Command.
func (SendCode) Name() string { return "invitation.code" }

// Name implements Command.
func (MoveDevice) Name() string { return "invitation.move" }

// Facts about codes. The code itself is in the mail alone.
type (
	// CodeSent lets one device use one code.
	CodeSent struct {
		Participant ParticipantID `json:"participant"`
		Device      Hash          `json:"device"`
		Code        Hash          `json:"code"`
	}
	// CodeMissed is a wrong code.
	CodeMissed struct {
		Participant ParticipantID `json:"participant"`
		Device      Hash          `json:"device"`
	}
)

// Kind implements Fact.
func (CodeSent) Kind() string { return "invitation.code_sent" }

// Kind implements Fact.
func (CodeMissed) Kind() string { return "invitation.code_missed" }

// ProofAccount is no setting: to be signed in with the invited address is as
// good as a code.
const ProofAccount Proof = "account"

// code is one that was mailed within the last day.
type code struct {
	device Hash
	hash   Hash
	at     Millis
	misses int
}

// alive says whether the code still opens something.
func (c code) alive(now time.Time) bool {
	return c.misses < codeTries && Millis(now.UnixMilli())-c.at < Millis(codeLife.Milliseconds())
}

func (p *Person) codes() []code {
	if p.rare == nil {
		return nil
	}
	return p.rare.codes
}

// codeOf finds the newest code of a device, if it still opens something.
func (p *Person) codeOf(device Hash, now time.Time) (code, bool) {
	for _, c := range slices.Backward(p.codes()) {
		if c.device == device {
			return c, c.alive(now)
		}
	}
	return code{}, false
}

// mayProve refuses who could not be let in even with the best proof.
func (s *State) mayProve(by Actor, now time.Time) (*Person, *Refusal) {
	p, ok := s.Who(by)
	switch {
	case !ok || p.Invitation == "":
		return nil, refuse(CodeNotFound, "There is no such invitation.")
	case s.Status == StatusClosed:
		return nil, s.over()
	}
	if by.Invitation == "" {
		by.Link = p.Link
	}
	if no := s.current(p, by, now); no != nil {
		return nil, no
	}
	if by.Device.IsZero() {
		return nil, refuse(CodeNotAuthenticated, "This browser has no device cookie.")
	}
	return p, nil
}

func (s *State) decideSendCode(by Actor, c SendCode, now time.Time) (ParticipantID, []Fact, *Refusal) {
	p, no := s.mayProve(by, now)
	if no != nil {
		return "", nil, no
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return p.ID, nil, nil
	}
	if retry := p.codeWait(now); retry > 0 {
		return "", nil, &Refusal{Code: CodeSlowDown, Message: "A code was sent not long ago. Look into your mailbox.", Retry: retry}
	}
	return p.ID, []Fact{CodeSent{p.ID, by.Device, c.Code}}, nil
}

// codeWait is how long until the next code may be mailed.
func (p *Person) codeWait(now time.Time) time.Duration {
	day := window{span: codeDay, limit: codesInDay}
	pause := window{span: codePause, limit: 1}
	for _, c := range p.codes() {
		day.count(c.at, now)
		pause.count(c.at, now)
	}
	return max(day.retry(now), pause.retry(now))
}

func (s *State) decideMoveDevice(by Actor, c MoveDevice, now time.Time) (ParticipantID, []Fact, *Refusal) {
	p, no := s.mayProve(by, now)
	if no != nil {
		return "", nil, no
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return p.ID, nil, nil
	}
	if c.Code.IsZero() {
		if by.Verified != p.Match || by.Verified.IsZero() {
			return "", nil, refuse(CodeForbidden, "Show first that the invited address is yours.")
		}
		return p.ID, []Fact{move(p, by, ProofAccount)}, nil
	}
	given, live := p.codeOf(by.Device, now)
	switch {
	case !live:
		return "", nil, noCode(0)
	case given.hash != c.Code:
		return p.ID, []Fact{CodeMissed{p.ID, by.Device}}, nil
	}
	return p.ID, []Fact{move(p, by, ProofCode)}, nil
}

// move is a claim that frees the oldest one if it must.
func move(p *Person, by Actor, proof Proof) Claimed {
	f := claim(p, by)
	f.Proof = proof
	if !p.Roomy() {
		f.Instead = p.Claims[0].Device
	}
	return f
}

func noCode(left int) *Refusal {
	message := "That is not the code."
	if left == 0 {
		message = "This code works no more. Ask for a new one."
	}
	return &Refusal{Code: CodeLobbyNoMatch, Message: message, TriesLeft: left}
}

func (s *State) foldCodeSent(e Event, f CodeSent) {
	p := s.edit(f.Participant)
	kept := slices.DeleteFunc(slices.Clone(p.codes()), func(c code) bool { return e.At-c.at >= Millis(codeDay.Milliseconds()) })
	p.seldom().codes = append(kept, code{device: f.Device, hash: f.Code, at: e.At})
}

func (s *State) foldCodeMissed(f CodeMissed) {
	p := s.edit(f.Participant)
	all := slices.Clone(p.codes())
	for i, c := range slices.Backward(all) {
		if c.device == f.Device {
			all[i].misses++
			p.seldom().codes = all
			return
		}
	}
}
