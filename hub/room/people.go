package room

import "time"

// Commands about people.
type (
	// SetRole makes somebody a viewer, speaker or moderator, at once: for so
	// many seconds or until then, if one of these is given, else for good.
	SetRole struct {
		Participant ParticipantID `json:"participant"`
		Role        string        `json:"role"`
		ForS        int           `json:"for_s,omitempty"`
		UntilAt     Millis        `json:"until_at,omitempty"`
	}
	// SetManager gives a person of the site a right over the room.
	SetManager struct {
		Participant ParticipantID // for a new manager; made by the caller
		Person      PersonID
		FirstName   string
		LastName    string
		Right       Role
	}
	// RemoveManager takes it away.
	RemoveManager struct{ Person PersonID }
	// RenameManager gives a manager the name that their account has by now: the
	// program does it, when an account is renamed.
	RenameManager struct {
		Person    PersonID
		FirstName string
		LastName  string
	}
	// PeoplePage asks for those who have been admitted, in order of name; or
	// for some people alone.
	PeoplePage struct {
		Only  []ParticipantID `json:"participants,omitempty"`
		Query string          `json:"q,omitempty"`
		Role  string          `json:"role,omitempty"`
		After ParticipantID   `json:"after,omitempty"`
		Limit int             `json:"limit,omitempty"`
	}
)

// Name implements Command.
func (SetRole) Name() string { return "role.set" }

// Name implements Command.
func (SetManager) Name() string { return "manager.set" }

// Name implements Command.
func (RemoveManager) Name() string { return "manager.remove" }

// Name implements Command.
func (RenameManager) Name() string { return "manager.rename" }

// Name implements Command.
func (PeoplePage) Name() string { return "people.page" }

// Facts about people.
type (
	// RoleChanged is a promotion or its end. By nobody: its time was up.
	RoleChanged struct {
		Who             // the person after the change
		From     Role   `json:"from"`
		By       Who    `json:"by"`
		Admitted bool   `json:"admitted,omitempty"` // the person is in the stage list or leaves it
		Waited   bool   `json:"waited,omitempty"`   // the person comes past the lock by it: staff do not wait
		UntilAt  Millis `json:"until_at,omitempty"` // then it goes back by itself
		Back     Role   `json:"back,omitempty"`     // to this role
	}
	// ManagerSet is a new manager or a new right of one.
	ManagerSet struct {
		Participant ParticipantID `json:"participant"`
		Person      PersonID      `json:"person"`
		FirstName   string        `json:"first_name"`
		LastName    string        `json:"last_name"`
		Right       Role          `json:"right"`
		By          Who           `json:"by"`
		Entered     bool          `json:"entered,omitempty"`
	}
	// ManagerRemoved ends a right over the room.
	ManagerRemoved struct {
		Who
		Admitted bool     `json:"admitted,omitempty"` // until then
		Person   PersonID `json:"person"`
	}
	// ManagerEntered is a manager's first coming, who is listed from now on.
	ManagerEntered struct{ Who }
)

// Kind implements Fact.
func (RoleChanged) Kind() string { return "role.changed" }

// Kind implements Fact.
func (ManagerSet) Kind() string { return "manager.set" }

// Kind implements Fact.
func (ManagerRemoved) Kind() string { return "manager.removed" }

// Kind implements Fact.
func (ManagerEntered) Kind() string { return "manager.entered" }

func roleChange(by Who, p *Person, role Role) RoleChanged {
	return RoleChanged{Who: Who{Participant: p.ID, Name: p.Name(), Role: role, Guest: p.Guest()}, From: p.Role, By: by, Admitted: p.Admitted(), Waited: p.Waits && role.Staff()}
}

func (s *State) decideSetRole(by *Person, c SetRole, now time.Time) ([]Fact, *Refusal) {
	role := ParseRole(c.Role)
	if !role.Invitable() {
		return nil, invalid("role", "is viewer, speaker or moderator")
	}
	p, ok := s.Participant(c.Participant)
	if !ok || p.Revoked {
		return nil, refuse(CodeNotFound, "There is no such person in this room.")
	}
	if !by.Role.May(Action("role.set:"+c.Role)) || !by.Role.Outranks(p.Role) || !by.Role.Outranks(role) {
		return nil, refuse(CodeForbidden, "Your role may not make this change.")
	}
	if p.Guest() && role != Viewer {
		return nil, refuse(CodeForbidden, "Nobody has checked who this guest is. Invite them by their address to give them a role.")
	}
	if p.Role.Manages() {
		return nil, refuse(CodeForbidden, "A manager's right is changed on the room's page.")
	}
	f := roleChange(by.who(), p, role)
	until, no := c.until(now)
	if no == nil {
		no = s.lends(&f, p, until)
	}
	if no != nil || p.Role == role && s.untilOf(p.ID) == f.UntilAt {
		return nil, no
	}
	return []Fact{f}, nil
}

func (s *State) decideSetManager(by *Person, c SetManager) ([]Fact, *Refusal) {
	if !c.Right.Manages() {
		return nil, invalid("right", "is owner, co-owner, co-editor or co-publisher")
	}
	if !by.Role.Outranks(c.Right) {
		return nil, refuse(CodeForbidden, "You cannot give a right as high as your own.")
	}
	f := ManagerSet{Participant: c.Participant, Person: c.Person, FirstName: cleanLine(c.FirstName), LastName: cleanLine(c.LastName), Right: c.Right, By: by.who()}
	p, exists := s.Manager(c.Person)
	if !exists {
		if no := s.vacant(c.Participant); no != nil || c.Person == "" {
			return nil, refuse(CodeConflict, "This id is taken.")
		}
		return []Fact{f}, nil
	}
	if p.Role == c.Right {
		return nil, nil
	}
	if no := s.mayChangeManager(by, p); no != nil {
		return nil, no
	}
	f.Participant, f.FirstName, f.LastName, f.Entered = p.ID, p.FirstName, p.LastName, p.Entered
	return []Fact{f}, nil
}

// vacant refuses an id for a new seat that is empty or has been used before.
func (s *State) vacant(id ParticipantID) *Refusal {
	if _, taken := s.Participant(id); taken || id == "" {
		return refuse(CodeConflict, "This id is taken.")
	}
	return nil
}

func (s *State) mayChangeManager(by, p *Person) *Refusal {
	if !by.Role.Outranks(p.Role) {
		return refuse(CodeForbidden, "You cannot act on somebody of your rank or above.")
	}
	if p.Role == Owner && s.owners == 1 {
		return refuse(CodeConflict, "A room keeps at least one owner.")
	}
	return nil
}

func (s *State) decideRemoveManager(by *Person, c RemoveManager) ([]Fact, *Refusal) {
	p, ok := s.Manager(c.Person)
	if !ok {
		return nil, refuse(CodeNotFound, "This person does not manage the room.")
	}
	if no := s.mayChangeManager(by, p); no != nil {
		return nil, no
	}
	return []Fact{ManagerRemoved{p.who(), p.Admitted(), p.Account}}, nil
}

// decideRenameManager gives no fact for who does not manage the room, or is
// called so already.
func (s *State) decideRenameManager(by Actor, c RenameManager) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "Names are changed on the account's page.")
	}
	p, ok := s.Manager(c.Person)
	first, last := cleanLine(c.FirstName), cleanLine(c.LastName)
	if !ok || p.FirstName == first && p.LastName == last {
		return nil, nil
	}
	return []Fact{ManagerSet{Participant: p.ID, Person: p.Account, FirstName: first, LastName: last, Right: p.Role, By: p.who(), Entered: p.Entered}}, nil
}

func (s *State) foldManagerSet(at Seq, f ManagerSet) {
	if old, ok := s.Participant(f.Participant); ok && !old.Revoked && old.Role == Owner {
		s.owners--
	}
	if f.Right == Owner {
		s.owners++
	}
	p := s.seat(Person{ID: f.Participant, Account: f.Person, FirstName: f.FirstName, LastName: f.LastName})
	was := p.Admitted()
	p.FirstName, p.LastName, p.Role, p.Since = f.FirstName, f.LastName, f.Right, at
	p.Revoked, p.rare = false, nil
	s.restage(p, was)
}

func (s *State) foldManagerRemoved(e Event, f ManagerRemoved) {
	if p, ok := s.Participant(f.Participant); ok && !p.Revoked && p.Role == Owner {
		s.owners--
	}
	s.change(f.Participant, e.Seq, func(p *Person) { p.end(e.At, "") })
}
