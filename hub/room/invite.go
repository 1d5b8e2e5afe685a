package room

import (
	"slices"
	"time"
)

func (s *State) decideInvite(by *Person, c Invite, now time.Time) ([]Fact, *Refusal) {
	if !s.Collaboration {
		return nil, refuse(CodeCollaborationOff, "Inviting people is switched off for this room.")
	}
	if c.Match.IsZero() {
		return nil, invalid("email", "is required")
	}
	if no := s.blocked(c.Domain); no != nil {
		no.Final = false
		return nil, no
	}
	if _, is := s.bannedAs(c.Match, Hash{}, c.Domain); is {
		return nil, refuse(CodeBanned, "This address is banned from the room. Moderators can take that back.")
	}
	if p, ok := s.InvitedAs(c.Match); ok {
		return s.decideInviteAgain(by, p, c, now)
	}
	f := Issued{Invitation: c.Invitation, Participant: c.Participant, Type: c.Type, Match: c.Match, ExpiresAt: c.ExpiresAt, Devices: s.Site().Devices, Domain: c.Domain}
	no := s.seatFor(&f, c.FirstName, c.LastName)
	if no != nil {
		return nil, no
	}
	if no = checkType(by, c.Type); no != nil {
		return nil, no
	}
	if f.ExpiresAt == 0 {
		f.ExpiresAt = s.defaultExpiry(now)
	}
	if c.Devices != nil {
		f.Devices = *c.Devices
	}
	if no = checkExpiry(f.ExpiresAt, now); no != nil {
		return nil, no
	}
	if no = s.checkDevices(f.Devices); no != nil {
		return nil, no
	}
	return []Fact{f}, nil
}

// seatFor judges the ids and names of somebody new, and puts the names into
// the fact.
func (s *State) seatFor(f *Issued, first, last string) (no *Refusal) {
	if no = s.vacant(f.Participant); no != nil {
		return no
	}
	if _, taken := s.Invited(f.Invitation); taken || f.Invitation == "" {
		return refuse(CodeConflict, "This id is taken.")
	}
	if f.FirstName, no = line("first_name", first, MaxName, true); no != nil {
		return no
	}
	f.LastName, no = line("last_name", last, MaxName, true)
	return no
}

// decideInviteAgain changes the living invitation of the address, and takes a
// withdrawal back that may still finish.
func (s *State) decideInviteAgain(by, p *Person, c Invite, now time.Time) ([]Fact, *Refusal) {
	facts, no := s.decideRevise(by, ReviseInvitation{Invitation: p.Invitation, FirstName: &c.FirstName, LastName: &c.LastName, Type: &c.Type}, true, now)
	if no != nil || !p.Finishing {
		return facts, no
	}
	return append([]Fact{Restored{p.ID}}, facts...), nil
}

func checkType(by *Person, t Role) *Refusal {
	if !t.Invitable() {
		return invalid("type", "is viewer, speaker or moderator")
	}
	if !by.Role.Outranks(t) {
		return refuse(CodeForbidden, "You cannot give a role as high as your own.")
	}
	return nil
}

func checkExpiry(expires Millis, now time.Time) *Refusal {
	switch {
	case expires <= Millis(now.UnixMilli()):
		return invalid("expires_at", "lies in the past")
	case expires > Millis(now.Add(farFuture).UnixMilli()):
		return invalid("expires_at", "lies more than five years ahead")
	}
	return nil
}

// checkDevices lets a link work on any number of devices only where the site
// does so by itself.
func (s *State) checkDevices(devices int) *Refusal {
	if devices < 0 || devices > MaxDevices || devices == 0 && s.Site().Devices != 0 {
		return invalid("devices", "is between 1 and 100")
	}
	return nil
}

// Roomy says whether one more device may claim.
func (p *Person) Roomy() bool {
	if p.Devices == 0 || p.shared() {
		return len(p.Claims) < mostClaims
	}
	return len(p.Claims) < p.Devices
}

// defaultExpiry is as long from now as the site says (24 hours, if it says
// nothing) or, unless that is fixed, the room's end if that is later; a room
// without an end lasts a day.
func (s *State) defaultExpiry(now time.Time) Millis {
	site := s.Site()
	life := Millis(now.Add(time.Duration(site.LinkMinutes) * time.Minute).UnixMilli())
	if site.LinkFixed {
		return life
	}
	end := s.EndsAt
	if end == 0 {
		end = s.StartsAt + Millis(roomLife.Milliseconds())
	}
	return max(life, end)
}

// mayInvite refuses new invitations and links where the site allows none, or
// none to this actor.
func (s *State) mayInvite(by Actor) *Refusal {
	switch site := s.Site(); {
	case !site.Invitations:
		return refuse(CodeCollaborationOff, "Inviting people is switched off for the whole site.")
	case !site.Inviters.Includes(by):
		return refuse(CodeForbidden, "You may not invite people on this site.")
	}
	return nil
}

// invited finds a living invitation for a manager's command.
func (s *State) invited(by *Person, id InvitationID) (*Person, *Refusal) {
	p, ok := s.Invited(id)
	switch {
	case !ok:
		return nil, refuse(CodeNotFound, "There is no such invitation in this room.")
	case p.Revoked:
		return nil, refuse(CodeInvitationRevoked, "This invitation was withdrawn.")
	case p.Guest():
		return nil, refuse(CodeConflict, guestAlone)
	case !by.Role.Outranks(p.Role):
		return nil, refuse(CodeForbidden, "You cannot act on somebody of your rank or above.")
	}
	return p, nil
}

// decideRevise changes a living invitation. A role that the person has for a
// time stays so where it is named again, unless somebody invites them again.
func (s *State) decideRevise(by *Person, c ReviseInvitation, again bool, now time.Time) ([]Fact, *Refusal) {
	p, no := s.invited(by, c.Invitation)
	if no != nil {
		return nil, no
	}
	f := Revised{Who: p.who(), Invitation: p.Invitation, Admitted: p.Admitted(), Waits: p.Waits, FirstName: p.FirstName, LastName: p.LastName, ExpiresAt: p.ExpiresAt, Devices: p.Devices, UntilAt: s.untilOf(p.ID)}
	old := f
	if c.FirstName != nil {
		if f.FirstName, no = line("first_name", *c.FirstName, MaxName, true); no != nil {
			return nil, no
		}
	}
	if c.LastName != nil {
		if f.LastName, no = line("last_name", *c.LastName, MaxName, true); no != nil {
			return nil, no
		}
	}
	if c.ExpiresAt != nil {
		f.ExpiresAt = *c.ExpiresAt
		if no = checkExpiry(f.ExpiresAt, now); no != nil {
			return nil, no
		}
	}
	if c.Devices != nil {
		f.Devices = *c.Devices
		if no = s.checkDevices(f.Devices); no != nil {
			return nil, no
		}
	}
	renamed := *p
	renamed.FirstName, renamed.LastName = f.FirstName, f.LastName
	f.Who = renamed.who()
	var facts []Fact
	if f != old {
		facts = append(facts, f)
	}
	if c.Type == nil || *c.Type == p.Role && (!again || s.untilOf(p.ID) == 0) {
		return facts, nil
	}
	if no = checkType(by, *c.Type); no != nil {
		return nil, no
	}
	return append(facts, roleChange(by.who(), &renamed, *c.Type)), nil
}

// inviting is invited for what lets somebody in once more.
func (s *State) inviting(by *Person, id InvitationID) (*Person, *Refusal) {
	p, no := s.invited(by, id)
	if no == nil && p.Finishing {
		no = refuse(CodeInvitationRevoked, "This invitation was withdrawn. Its person may finish.")
	}
	return p, no
}

func (s *State) decideRenew(by *Person, c RenewLink, now time.Time) ([]Fact, *Refusal) {
	p, no := s.inviting(by, c.Invitation)
	if no != nil {
		return nil, no
	}
	if no := s.blocked(p.Domain()); no != nil {
		no.Final = false
		return nil, no
	}
	return []Fact{Renewed{Participant: p.ID, Link: p.Link + 1, ExpiresAt: max(p.ExpiresAt, s.defaultExpiry(now))}}, nil
}

func (s *State) decideFree(by *Person, c FreeDevices) ([]Fact, *Refusal) {
	p, no := s.inviting(by, c.Invitation)
	if no != nil {
		return nil, no
	}
	if len(p.Claims) == 0 && p.rare == nil {
		return nil, nil
	}
	return []Fact{Freed{p.who(), p.Admitted()}}, nil
}

func (s *State) decideRevoke(by *Person, c RevokeInvitation) ([]Fact, *Refusal) {
	p, ok := s.Invited(c.Invitation)
	if !ok {
		return nil, refuse(CodeNotFound, "There is no such invitation in this room.")
	}
	if p.Revoked {
		return nil, nil
	}
	if !by.Role.Outranks(p.Role) {
		return nil, refuse(CodeForbidden, "You cannot act on somebody of your rank or above.")
	}
	reason := cleanLine(c.Reason)
	if no := checkReason(reason); no != nil {
		return nil, no
	}
	finish := c.Finish && len(p.Claims) > 0 // else there is nothing to finish
	if finish && p.Finishing {
		return nil, nil
	}
	return []Fact{Revoked{p.who(), p.Admitted(), reason, finish}}, nil
}

func (s *State) decideRestore(by *Person, c RestoreInvitation) ([]Fact, *Refusal) {
	p, no := s.invited(by, c.Invitation)
	if no != nil || !p.Finishing {
		return nil, no
	}
	return []Fact{Restored{p.ID}}, nil
}

// decideEndFinished is asked by the hub, when nobody has been here for a while
// as somebody who was let finish.
func (s *State) decideEndFinished(by Actor, c EndFinished) ([]Fact, *Refusal) {
	p, ok := s.Participant(c.Participant)
	switch {
	case !by.System:
		return nil, refuse(CodeForbidden, "Your role may not do this.")
	case !ok || !p.Finishing:
		return nil, nil
	}
	return []Fact{Revoked{Who: p.who(), Admitted: p.Admitted(), Reason: p.rare.reason}}, nil
}

func (s *State) foldIssued(e Event, f Issued) {
	if i, ok := s.byMatch.get(&s.people, f.Match); ok && !f.Match.IsZero() {
		s.people.edit(int(i), s.by).settle() // somebody whose invitation was withdrawn is invited again
	}
	p := s.seat(Person{ID: f.Participant, Invitation: f.Invitation, Match: f.Match, FirstName: f.FirstName, LastName: f.LastName,
		Role: f.Type, IssuedAt: e.At, ExpiresAt: f.ExpiresAt, Devices: f.Devices, Link: 1, guest: s.foldGuest(f.Guest), domain: domainOf(f.Domain), inviter: s.seatOfID(e.Participant) + 1})
	p.Since = e.Seq
}

func (s *State) foldRevoked(e Event, f Revoked) {
	if p, ok := s.Participant(f.Participant); ok && p.Finishing {
		s.finishing--
	}
	if !f.Finish {
		s.change(f.Participant, e.Seq, func(p *Person) { p.end(e.At, f.Reason) })
		return
	}
	p := s.edit(f.Participant)
	if p.ID != "" {
		s.finishing++
	}
	p.Finishing = true
	r := p.seldom()
	r.endedAt, r.reason = e.At, f.Reason
}

func (s *State) foldRestored(f Restored) {
	p := s.edit(f.Participant)
	if p.Finishing {
		s.finishing--
	}
	p.Finishing = false
	r := p.seldom()
	r.endedAt, r.reason = 0, ""
}

func (s *State) foldRevised(f Revised) {
	p := s.edit(f.Participant)
	if f.ExpiresAt > p.ExpiresAt || f.Devices > p.Devices || f.Devices == 0 && p.Devices != 0 {
		p.settle()
	}
	p.FirstName, p.LastName, p.ExpiresAt, p.Devices = f.FirstName, f.LastName, f.ExpiresAt, f.Devices
}

func (s *State) foldClaimed(e Event, f Claimed) {
	early := s.Status == StatusScheduled
	s.change(f.Participant, e.Seq, func(p *Person) {
		kept := slices.DeleteFunc(slices.Clone(p.Claims), func(c Claim) bool { return c.Device == f.Instead })
		p.Claims = append(kept, Claim{f.Device, f.Generation, e.At})
		p.Generation, p.Early, p.rare, p.Proven = f.Generation, early, nil, f.Proof != ""
		if f.Waits {
			s.startWaiting(p)
		}
	})
}

func (s *State) foldMissed(e Event, f Missed) {
	p := s.edit(f.Participant)
	var kept []miss
	for _, m := range p.missed() {
		if e.At-m.at < Millis(linkWindow.Milliseconds()) {
			kept = append(kept, m)
		}
	}
	p.seldom().misses = append(kept, miss{f.Session, e.At})
}

func (s *State) foldRenewed(f Renewed) {
	p := s.edit(f.Participant)
	p.Link, p.ExpiresAt, p.Opened, p.rare = f.Link, f.ExpiresAt, false, nil
}
