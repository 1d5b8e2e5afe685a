package room

// Class is a class of people who see the same of everything. Views are encoded
// once per class, not once per person.
type Class uint8

// The classes. Waiting and Over see the room alone, Moderators all that Staff
// does and who knocks and is reported, Managers what concerns managers alone
// beside it.
const (
	Waiting    Class = iota // countdown, lobby and waiting room
	Audience                // live, viewers
	Staff                   // live or backstage, speakers
	Moderators              // live or backstage
	Managers                // live or backstage
	Over
	Classes // how many there are
)

// Moderates says whether the class sees what moderators do.
func (c Class) Moderates() bool { return c == Moderators || c == Managers }

// ClassOf gives the class of a role in a phase.
func ClassOf(phase Phase, role Role) Class {
	switch {
	case phase == PhaseOver:
		return Over
	case !phase.Inside():
		return Waiting
	case role.Manages():
		return Managers
	case role == Moderator:
		return Moderators
	case role.Staff():
		return Staff
	}
	return Audience
}

// RoomView is the room as everybody with a link sees it, on the socket.
type RoomView struct {
	ID          ID          `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	StartsAt    Millis      `json:"starts_at"`
	EndsAt      Millis      `json:"ends_at,omitempty"`
	State       Status      `json:"state"`
	OpenedAt    Millis      `json:"opened_at,omitempty"`
	ClosedAt    Millis      `json:"closed_at,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	Speakers    []Presenter `json:"speakers,omitempty"`
	Organiser   string      `json:"organiser,omitempty"`
	Results     bool        `json:"results,omitempty"` // when it is over, there is something to be seen
}

// View is the room as everybody with a link sees it.
func (s *State) View() RoomView {
	return RoomView{s.ID, s.Title, s.Description, s.StartsAt, s.EndsAt, s.Status, s.OpenedAt, s.ClosedAt, s.Reason, s.Speakers, s.Organiser, s.After.Results}
}

// Snapshot is the whole of what a class sees at a place.
type Snapshot struct {
	Room        RoomView  `json:"room"`
	Stage       []Member  `json:"stage,omitzero"`
	StageMore   bool      `json:"stage_more,omitempty"`
	Chat        *Messages `json:"chat,omitempty"`
	Backchannel *Messages `json:"backchannel,omitempty"`

	Settings      *Settings      `json:"settings,omitempty"`
	Announcements []Announcement `json:"announcements,omitempty"`
	Pin           *Pin           `json:"pin,omitempty"`
	Source        *Source        `json:"source,omitempty"`
	Paused        *Pause         `json:"paused,omitempty"`
	Unattended    *Unattended    `json:"unattended,omitempty"`
	LiveAt        Millis         `json:"live_at,omitempty"` // end of a countdown
	Waiting       *Knocks        `json:"waiting,omitempty"` // these two for moderators
	Reports       []OpenReport   `json:"reports,omitempty"`
	Offers        []Offered      `json:"offers,omitempty"` // for moderators, too
	Questions     *Questions     `json:"questions,omitempty"`
	Hands         *Hands         `json:"hands,omitempty"`
	Interactions  *Interactions  `json:"interactions,omitempty"`
}

// Bounds of a snapshot, which stays below 48 KiB: the room comes first (about
// 32 KiB at most, usually one), then the stage, the backchannel and the chat.
const (
	snapshotBytes    = 47 << 10
	shownBackchannel = 50
	shownWaiting     = 50
)

// Snapshot gives what a class sees now. The same class gets the same bytes.
func (s *State) Snapshot(to Class) Snapshot {
	snap := Snapshot{Room: s.View(), Announcements: s.announcementsFor(to), LiveAt: s.liveAtFor(to)}
	if to == Waiting || to == Over {
		return snap
	}
	left := snapshotBytes - s.roomBytes() - s.addOrder(&snap, to)
	if to.Moderates() {
		left -= s.addModeration(&snap, left/4)
	}
	snap.Stage, snap.StageMore = s.shownStage(to, left/3)
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
	if to != Audience {
		snap.Hands = s.shownHands(left / 6)
		for _, h := range snap.Hands.Items {
			left -= 130 + jsonBytes(h.Name) + len(h.Participant)
		}
	}
	snap.Questions = s.questions.snapshot(to != Audience, left/3)
	for _, q := range snap.Questions.Items {
		left -= q.bytes()
	}
	if snap.Interactions = s.shownInteractions(to, left/3); snap.Interactions != nil {
		for i := range snap.Interactions.Items {
			left -= snap.Interactions.Items[i].bytes()
		}
	}
	chat := s.chat.newest(len(s.chat.recent), keptMessages, left)
	snap.Chat = &chat
	return snap
}

// addOrder adds what staff have put up, and gives its bytes.
func (s *State) addOrder(snap *Snapshot, to Class) (bytes int) {
	snap.Settings, snap.Pin, snap.Paused = settingsFor(to, s.Settings()), s.shownPin(), s.pause
	snap.Unattended = s.unattended()
	if bytes = 260 + s.pause.bytes(); snap.Pin != nil {
		bytes += snap.Pin.bytes()
	}
	for _, word := range snap.Settings.Filter.Words {
		bytes += 3 + len(word)
	}
	for _, a := range snap.Announcements {
		bytes += a.bytes()
	}
	if s.source != "" {
		snap.Source = &Source{s.source}
		bytes += 20 + jsonBytes(s.source)
	}
	return bytes
}

// addModeration adds who waits and what was reported, and gives its bytes.
func (s *State) addModeration(snap *Snapshot, most int) (bytes int) {
	waiting := s.knocks("", shownWaiting, most, knock)
	snap.Waiting, snap.Reports = &waiting, s.openReports()
	for _, k := range waiting.Items {
		bytes += k.bytes()
	}
	snap.Offers = s.shownOffers(most - bytes - 60*len(snap.Reports))
	for _, o := range snap.Offers {
		bytes += o.bytes()
	}
	return bytes + 60 + 60*len(snap.Reports)
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
func (s *State) shownStage(to Class, bytes int) (shown []Member, more bool) {
	shown = make([]Member, 0, min(len(s.stage), shownStage))
	for _, i := range s.stage {
		m := member(s.people.at(int(i)))
		if to != Audience {
			m.UntilAt = s.untilOf(m.Participant)
		}
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
	Muted       bool          `json:"muted"`
	UntilAt     Millis        `json:"until_at,omitempty"`       // then the role goes back
	WaitsSince  Millis        `json:"waits_since_at,omitempty"` // phase waiting
	Told        *Told         `json:"told,omitempty"`           // phase waiting: the last words of those who decide
	Offer       *Offer        `json:"offer,omitempty"`          // one is asked onto the stage
	Hand        Millis        `json:"hand"`                     // since when one's hand is up; 0: it is down
	Questions   []MyQuestion  `json:"questions,omitempty"`      // one's own, as far as the room remembers
	Voted       []string      `json:"voted,omitempty"`          // the open questions that one has voted for
	Answers     []MyAnswer    `json:"answers,omitempty"`        // to the newest interactions
}

// You tells somebody about themselves on the actor's device.
func (s *State) You(p *Person, by Actor) You {
	you := You{Participant: p.ID, Name: p.Name(), FirstName: p.FirstName, Role: p.Role.Shown(), Right: p.Role.Right(),
		Rights: []Action{}, Confirmed: s.Confirmed(p, by), Invitation: p.Invitation, Guest: p.Guest(), Muted: p.Muted, UntilAt: s.untilOf(p.ID)}
	switch s.Phase(p, by) {
	case PhaseLive:
		you.Rights, you.Hand, you.Offer = p.Role.Rights(), s.handOf(p), s.myOffer(p)
		you.Questions, you.Voted = s.questions.mine(s.seatOfID(p.ID))
		you.Answers = s.myAnswers(p)
	case PhaseBackstage:
		you.Rights = earlyRights[p.Role]
	case PhaseWaiting:
		you.WaitsSince, you.Told = knock(p).At, s.toldTo(p.ID)
	}
	return you
}
