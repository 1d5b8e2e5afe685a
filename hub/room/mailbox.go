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
	SendCode struct {
		Code  Hash // keyed hash of the code
		Spent bool // the mailbox has had the codes of a day: none is sent
	}
	// MoveDevice ties the invitation to the actor's device. If it is tied to as
	// many as it may be, the oldest one is freed in the same moment.
	MoveDevice struct{ Code Hash } // zero: the account is the proof
	// LobbyCode is the code that the lobby asked for after the right address.
	LobbyCode struct {
		Code string `json:"code"`
		Hash Hash   `json:"-"` // keyed, of Code; filled in by the server
	}
)

// Name implements Command.
func (SendCode) Name() string { return "invitation.code" }

// Name implements Command.
func (MoveDevice) Name() string { return "invitation.move" }

// Name implements Command.
func (LobbyCode) Name() string { return "lobby.code" }

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
	case p.Guest():
		return nil, refuse(CodeConflict, guestAlone)
	case s.Status == StatusClosed:
		return nil, s.over()
	}
	if by.Invitation == "" {
		by.Link = p.Link
	}
	if no := s.current(p, by, now); no != nil {
		return nil, no
	}
	if no := s.sentOut(p); no != nil {
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
	if c.Spent {
		return "", nil, errCodesSpent
	}
	return p.ID, []Fact{CodeSent{p.ID, by.Device, c.Code}}, nil
}

// errCodesSpent is told to whoever holds the link, whatever address they name:
// it is no guess, and nobody waits for a mail that does not come.
var errCodesSpent = &Refusal{Code: CodeSlowDown, Message: "As many codes as one address gets in a day were sent. Try again tomorrow, or ask the organisers.", Retry: codeDay}

// spent says that a code is wanted and none can be sent, and that none is on
// its way.
func (s *State) spent(p *Person, by Actor, c LobbyCheck, now time.Time) bool {
	if !c.Spent || s.Proof(p.Role) != ProofCode || by.Verified == p.Match {
		return false
	}
	_, live := p.codeOf(by.Device, now)
	return !live
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
		return p.ID, []Fact{s.move(p, by, ProofAccount)}, nil
	}
	facts, no := s.prove(p, by, c.Code, now)
	return p.ID, facts, no
}

// prove ties the invitation to the actor's device by a code.
func (s *State) prove(p *Person, by Actor, typed Hash, now time.Time) ([]Fact, *Refusal) {
	given, live := p.codeOf(by.Device, now)
	switch {
	case !live:
		return nil, noCode(0)
	case given.hash != typed:
		return []Fact{CodeMissed{p.ID, by.Device}}, nil
	}
	if no := s.blocked(p.Domain()); no != nil {
		return nil, no
	}
	return []Fact{s.move(p, by, ProofCode)}, nil
}

// decideLobbyCode never moves a claim: who is in the lobby may enter beside
// those who have, or not at all.
func (s *State) decideLobbyCode(p *Person, by Actor, c LobbyCode, now time.Time) ([]Fact, *Refusal) {
	if no := s.welcome(p, by, now); no != nil {
		return nil, no
	}
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return nil, nil
	}
	return s.prove(p, by, c.Hash, now)
}

// Proof is what the lobby asks of somebody with this role: what the site says,
// or more where the room does.
func (s *State) Proof(role Role) Proof {
	if s.LobbyCode {
		return ProofCode
	}
	return s.Site().Lobby.Of(role)
}

// lobbyProof answers the right address: with the claim, or where site or room
// want to see that the mailbox is theirs, with a code. One that was sent not
// long ago is still good.
func (s *State) lobbyProof(p *Person, by Actor, c LobbyCheck, now time.Time) ([]Fact, *Refusal) {
	if by.Verified == p.Match {
		f := s.claim(p, by)
		f.Proof = ProofAccount
		return []Fact{f}, nil
	}
	if s.Proof(p.Role) != ProofCode {
		return []Fact{s.claim(p, by)}, nil
	}
	_, live := p.codeOf(by.Device, now)
	switch retry := p.codeWait(now); {
	case retry > 0 && live:
		return nil, nil
	case retry > 0:
		return nil, &Refusal{Code: CodeSlowDown, Message: "Too many codes were sent. Try again later.", Retry: retry}
	case c.Code.IsZero():
		return nil, refuse(CodeForbidden, "A code by mail is wanted here, and this site cannot send mail. Ask the organisers.")
	}
	return []Fact{CodeSent{p.ID, by.Device, c.Code}}, nil
}

// CodeWaits says whether a code that was mailed for the actor's device waits to
// be typed, and how long until the next one may be sent.
func (s *State) CodeWaits(p *Person, by Actor, now time.Time) (waits bool, next time.Duration) {
	if _, claimed := p.ClaimOf(by.Device); claimed {
		return false, 0
	}
	_, waits = p.codeOf(by.Device, now)
	return waits, p.codeWait(now)
}

// move is a claim that frees the oldest one if it must.
func (s *State) move(p *Person, by Actor, proof Proof) Claimed {
	f := s.claim(p, by)
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
