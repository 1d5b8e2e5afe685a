package room

// Class is a class of people who see the same of everything. Views are encoded
// once per class, not once per person.
type Class uint8

// The classes. Waiting and Over see the room alone, Managers all that Staff
// does and what concerns managers alone.
const (
	Waiting  Class = iota // countdown and lobby
	Audience              // live, viewers
	Staff                 // live or backstage, speakers and moderators
	Managers              // live or backstage
	Over
	Classes // how many there are
)

// ClassOf gives the class of a role in a phase.
func ClassOf(phase Phase, role Role) Class {
	switch {
	case phase == PhaseOver:
		return Over
	case !phase.Inside():
		return Waiting
	case role.Manages():
		return Managers
	case role.Staff():
		return Staff
	}
	return Audience
}

// RoomView is the room as everybody with a link sees it, on the socket.
type RoomView struct {
	ID          ID          `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	StartsAt    Millis      `json:"starts_at"`
	EndsAt      Millis      `json:"ends_at,omitempty"`
	State       Status      `json:"state"`
	OpenedAt    Millis      `json:"opened_at,omitempty"`
	ClosedAt    Millis      `json:"closed_at,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	Speakers    []Presenter `json:"speakers,omitempty"`
	Organiser   string      `json:"organiser,omitempty"`
}

// View is the room as everybody with a link sees it.
func (s *State) View() RoomView {
	return RoomView{s.ID, s.Title, s.Description, s.StartsAt, s.EndsAt, s.Status, s.OpenedAt, s.ClosedAt, s.Reason, s.Speakers, s.Organiser}
}

// Snapshot is the whole of what a class sees at a place.
type Snapshot struct {
	Room        RoomView  `json:"room"`
	Stage       []Member  `json:"stage,omitzero"`
	StageMore   bool      `json:"stage_more,omitempty"`
	Chat        *Messages `json:"chat,omitempty"`
	Backchannel *Messages `json:"backchannel,omitempty"`
}

// Bounds of a snapshot, which stays below 48 KiB: the room comes first (about
// 32 KiB at most, usually one), then the stage, the backchannel and the chat.
const (
	snapshotBytes    = 47 << 10
	shownBackchannel = 50
)

// Snapshot gives what a class sees now. The same class gets the same bytes.
func (s *State) Snapshot(to Class) Snapshot {
	snap := Snapshot{Room: s.View()}
	if to == Waiting || to == Over {
		return snap
	}
	left := snapshotBytes - s.roomBytes()
	snap.Stage, snap.StageMore = s.shownStage(left / 3)
	for _, m := range snap.Stage {
		left -= m.bytes()
	}
	if to != Audience {
		staff := s.backchannel.newest(len(s.backchannel.recent), shownBackchannel, left/3)
		snap.Backchannel = &staff
		for _, m := range s.backchannel.recent[len(s.backchannel.recent)-len(staff.Items):] {
			left -= m.bytes()
		}
	}
	chat := s.chat.newest(len(s.chat.recent), keptMessages, left)
	snap.Chat = &chat
	return snap
}

// roomBytes bounds the room's part of a snapshot as JSON.
func (s *State) roomBytes() int {
	n := 400 + jsonBytes(s.Title) + jsonBytes(s.Description) + jsonBytes(s.Reason) + jsonBytes(s.Organiser) + len(s.ID)
	for _, p := range s.Speakers {
		n += 25 + jsonBytes(p.Name) + jsonBytes(p.Bio)
	}
	return n
}

// shownStage lists the stage, as much as fits.
func (s *State) shownStage(bytes int) (shown []Member, more bool) {
	shown = make([]Member, 0, min(len(s.stage), shownStage))
	for _, i := range s.stage {
		m := member(s.people.at(int(i)))
		if bytes -= m.bytes(); bytes < 0 || len(shown) == shownStage {
			return shown, true
		}
		shown = append(shown, m)
	}
	return shown, false
}

// You is everything personal.
type You struct {
	Participant ParticipantID `json:"participant"`
	Name        string        `json:"name"`
	FirstName   string        `json:"first_name,omitempty"`
	Role        string        `json:"role"`
	Right       string        `json:"right,omitempty"`
	Rights      []Action      `json:"rights"`
	Confirmed   bool          `json:"confirmed"`
	Invitation  InvitationID  `json:"invitation,omitempty"`
	Guest       bool          `json:"guest,omitempty"`
}

// You tells somebody about themselves on the actor's device.
func (s *State) You(p *Person, by Actor) You {
	you := You{Participant: p.ID, Name: p.Name(), FirstName: p.FirstName, Role: p.Role.Shown(), Right: p.Role.Right(),
		Rights: []Action{}, Confirmed: s.Confirmed(p, by), Invitation: p.Invitation, Guest: p.Guest()}
	switch s.Phase(p, by) {
	case PhaseLive:
		you.Rights = p.Role.Rights()
	case PhaseBackstage:
		you.Rights = earlyRights[p.Role]
	}
	return you
}

// Shown is one wire event made of a fact.
type Shown struct {
	Event string
	Data  any
}

// WhoView names somebody on the wire.
type WhoView struct {
	Participant ParticipantID `json:"participant,omitempty"`
	Name        string        `json:"name"`
	Role        string        `json:"role,omitempty"`
	Right       string        `json:"right,omitempty"`
	Guest       bool          `json:"guest,omitempty"` // came by a guest link: nobody has checked who it is
}

// View names somebody on the wire.
func (w Who) View() WhoView {
	return WhoView{w.Participant, w.Name, w.Role.Shown(), w.Role.Right(), w.Guest}
}

// The data of wire events.
type (
	// RoomScheduled tells of a moved start or end.
	RoomScheduled struct {
		StartsAt Millis `json:"starts_at"`
		EndsAt   Millis `json:"ends_at,omitempty"`
		Reason   string `json:"reason,omitempty"`
	}
	// RoomEdited has the room after the change.
	RoomEdited struct {
		Room RoomView `json:"room"`
	}
	// RoomOpened opens the door; entry is spread over SpreadMS milliseconds.
	RoomOpened struct {
		SpreadMS Millis `json:"spread_ms"`
		OpenedAt Millis `json:"opened_at"`
	}
	// RoomEnded is room.closed and room.deleted.
	RoomEnded struct {
		Reason string `json:"reason,omitempty"`
	}
	// StageChanged tells who is on the stage list now; role viewer: left it.
	StageChanged struct {
		WhoView
		By *WhoView `json:"by,omitempty"`
	}
	// Posted is a new message.
	Posted struct {
		ID string `json:"id"`
		WhoView
		Text    string `json:"text"`
		ReplyTo string `json:"reply_to,omitempty"`
	}
	// Liked is a like given or taken back; Likes is the number after it.
	Liked struct {
		ID          string        `json:"id"`
		Participant ParticipantID `json:"participant"`
		Likes       int           `json:"likes"`
		On          bool          `json:"on"`
	}
	// DeletedMessage is a message taken out of sight.
	DeletedMessage struct {
		ID string `json:"id"`
		WhoView
	}
	// PersonErased tells that somebody is to be forgotten: their messages, their
	// name, their place on the stage list.
	PersonErased struct {
		Participant ParticipantID `json:"participant"`
	}
	// PhaseChanged tells somebody of their new phase.
	PhaseChanged struct {
		Phase    Phase     `json:"phase"`
		You      You       `json:"you"`
		Snapshot *Snapshot `json:"snapshot,omitempty"`
	}
	// MeRole tells somebody of their new role, with everything they now see.
	MeRole struct {
		Role     string    `json:"role"`
		Right    string    `json:"right,omitempty"`
		Rights   []Action  `json:"rights"`
		By       WhoView   `json:"by"`
		UntilAt  Millis    `json:"until_at,omitempty"`
		You      You       `json:"you"`
		Snapshot *Snapshot `json:"snapshot,omitempty"`
	}
	// InvitationRequested tells managers that somebody was kept out and asks
	// for a way in.
	InvitationRequested struct {
		WhoView
		Invitation InvitationID `json:"invitation"`
		Why        Code         `json:"why"`
		Message    string       `json:"message,omitempty"`
	}
	// MeRevoked tells somebody that their invitation ended.
	MeRevoked struct {
		Reason string `json:"reason,omitempty"`
	}
)

// Show gives what a class sees of an event. It depends on the event alone, so
// that old events can be shown again without the state of then. What concerns
// one person (me.role, phase.changed) is made from the state by the hub.
func Show(e Event, to Class) []Shown {
	switch f := e.Fact.(type) {
	case Scheduled:
		return one("room.scheduled", RoomScheduled(f))
	case Edited:
		return one("room.edited", RoomEdited{f.Room})
	case Opened:
		return one("room.opened", RoomOpened{f.Spread, e.At})
	case Closed:
		return one("room.closed", RoomEnded(f))
	case Deleted:
		return one("room.deleted", RoomEnded(f))
	}
	if to == Waiting || to == Over {
		return nil
	}
	if to == Managers {
		if f, ok := e.Fact.(Requested); ok {
			return one("invitation.requested", InvitationRequested{f.View(), f.Invitation, f.Why, f.Message})
		}
	}
	return showInside(e, to)
}

func one(event string, data any) []Shown { return []Shown{{event, data}} }

func showInside(e Event, to Class) []Shown {
	switch f := e.Fact.(type) {
	case Claimed:
		return staged(f.Who, nil)
	case ManagerEntered:
		return staged(f.Who, nil)
	case Freed:
		return unstaged(f.Who, f.Admitted)
	case Revoked:
		return unstaged(f.Who, f.Admitted && !f.Finish)
	case ManagerRemoved:
		return unstaged(f.Who, f.Admitted)
	case Revised:
		if f.Admitted {
			return staged(f.Who, nil)
		}
	case ManagerSet:
		if f.Entered {
			by := f.By.View()
			return staged(Who{Participant: f.Participant, Name: (&Person{FirstName: f.FirstName, LastName: f.LastName}).Name(), Role: f.Right}, &by)
		}
	case RoleChanged:
		if f.Admitted {
			by := f.By.View()
			return one("stage.changed", StageChanged{f.Who.View(), &by})
		}
	case Erased:
		return one("person.erased", PersonErased(f))
	case Forgotten:
		return one("content.forgotten", f)
	case ChatPosted:
		return one("chat.posted", Posted{MessageID(e.Seq), f.Who.View(), f.Text, f.ReplyTo})
	case ChatLiked:
		return one("chat.liked", Liked{f.ID, f.Participant, f.Likes, f.On})
	case ChatDeleted:
		return one("chat.deleted", DeletedMessage{f.ID, f.Who.View()})
	case BackchannelPosted:
		if to != Audience {
			return one("backchannel.posted", Posted{MessageID(e.Seq), f.Who.View(), f.Text, f.ReplyTo})
		}
	}
	return nil
}

func staged(who Who, by *WhoView) []Shown {
	if !who.Role.Staff() {
		return nil
	}
	return one("stage.changed", StageChanged{who.View(), by})
}

// unstaged takes somebody off the stage list: they are shown as a viewer.
func unstaged(who Who, admitted bool) []Shown {
	if !who.Role.Staff() || !admitted {
		return nil
	}
	who.Role = Viewer
	return one("stage.changed", StageChanged{who.View(), nil})
}

// Reply gives the body of an ok for the event that a command made, now or at
// an earlier try.
func (s *State) Reply(e Event) map[string]any {
	ok := map[string]any{"pos": e.Seq}
	switch f := e.Fact.(type) {
	case ChatPosted, BackchannelPosted:
		ok["id"] = MessageID(e.Seq)
	case ChatLiked:
		ok["id"], ok["likes"] = f.ID, f.Likes
	case ChatDeleted:
		ok["id"] = f.ID
	case RoleChanged:
		ok["role"] = f.Role.Shown()
	}
	return ok
}

// Settled gives the body of an ok for a command that changed nothing because
// it is so already.
func (s *State) Settled(c Command) map[string]any {
	ok := map[string]any{"pos": s.Head}
	switch c := c.(type) {
	case ChatLike:
		ok["id"], ok["likes"] = c.ID, 0
		if i, found := s.chat.find(c.ID); found {
			ok["likes"] = s.chat.recent[i].likers.n
		}
	case ChatDelete:
		ok["id"] = c.ID
	case SetRole:
		ok["role"] = c.Role
	}
	return ok
}
