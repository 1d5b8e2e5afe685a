package room

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
		By      *WhoView `json:"by,omitempty"`
		UntilAt Millis   `json:"until_at,omitempty"` // then the role goes back; staff is told
	}
	// Posted is a new message.
	Posted struct {
		ID string `json:"id"`
		WhoView
		Text    string `json:"text"`
		ReplyTo string `json:"reply_to,omitempty"`

		Mentions []Mention `json:"mentions,omitempty"`
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
		Questions   []string      `json:"questions,omitempty"` // theirs, of which nobody knew it
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
	// Measured tells moderators, and the person, what was done to somebody.
	Measured struct {
		WhoView
		By     WhoView  `json:"by"`
		Scope  BanScope `json:"scope,omitempty"`
		Reason string   `json:"reason,omitempty"`
	}
	// RoomSettings has all settings after a change.
	RoomSettings struct {
		WhoView
		*Settings
	}
	// Decided tells moderators who was let in from the waiting room or sent
	// away.
	Decided struct {
		WhoView
		Participants []ParticipantID `json:"participants,omitempty"`
		All          bool            `json:"all,omitempty"`
		Reason       string          `json:"reason,omitempty"`
	}
	// KnockEnded tells moderators who waits no longer, without a decision.
	KnockEnded struct {
		Participants []ParticipantID `json:"participants"`
	}
	// ByID names who did something to what has an id.
	ByID struct {
		ID string `json:"id"`
		WhoView
	}
	// MessageReported tells moderators of a message that somebody minds.
	MessageReported struct {
		ID      string  `json:"id"`
		WhoView         // who wrote it
		Text    string  `json:"text"`
		By      WhoView `json:"by"`
		Reason  string  `json:"reason,omitempty"`
	}
	// StageSourced tells what is on the stage; nothing without an address.
	StageSourced struct {
		URL string `json:"url,omitempty"`
		WhoView
	}
	// RoomResumed tells that a pause is over; after a countdown nobody did it.
	RoomResumed struct{ *WhoView }
	// MeRemoved tells somebody that they were sent out; Denied: not let in.
	MeRemoved struct {
		Reason string `json:"reason,omitempty"`
		Denied bool   `json:"denied,omitempty"`
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
	if told := showGoingLive(e, to); told != nil && to != Over {
		return told
	}
	if told := showAnnounced(e, to); told != nil || to == Waiting || to == Over {
		return told
	}
	if to.Moderates() {
		if told := showModeration(e); told != nil {
			return append(showInside(e, to), told...)
		}
	}
	if to == Managers {
		if f, ok := e.Fact.(Requested); ok {
			return one("invitation.requested", InvitationRequested{f.View(), f.Invitation, f.Why, f.Message})
		}
	}
	return showInside(e, to)
}

func showAnnounced(e Event, to Class) []Shown {
	switch f := e.Fact.(type) {
	case Announced:
		if to.reaches(f.To) {
			return one("announced", announcementOf(e, f))
		}
	case AnnouncementWithdrawn:
		if to.reaches(f.To) {
			return one("announcement.withdrawn", ByID{f.ID, f.Who.View()})
		}
	case Erased:
		if to == Waiting { // they may have been told something by that person
			return one("person.erased", PersonErased(f))
		}
	}
	return nil
}

// showModeration is what moderators see beside the others.
func showModeration(e Event) []Shown {
	switch f := e.Fact.(type) {
	case Claimed:
		if f.Waits {
			return one("knocked", Knock{Participant: f.Participant, Name: f.Name, Guest: f.Guest, At: e.At})
		}
	case Revised:
		if f.Waits {
			return one("knocked", Knock{Participant: f.Participant, Name: f.Name, Guest: f.Guest})
		}
	case Freed:
		return knockEnded(f.Admitted || f.Role != Viewer, f.Participant)
	case Revoked:
		return knockEnded(f.Admitted || f.Finish || f.Role != Viewer, f.Participant)
	case RoleChanged:
		return knockEnded(f.Admitted || f.From != Viewer, f.Participant)
	case Removed:
		return append(one("participant.removed", Measured{f.Who.View(), f.By.View(), "", f.Reason}), knockEnded(f.Admitted, f.Participant)...)
	case Banned:
		return append(one("participant.banned", Measured{f.Who.View(), f.By.View(), f.Scope, f.Reason}), knockEnded(len(f.Waits) == 0, f.Waits...)...)
	case Unbanned:
		return one("participant.unbanned", Measured{WhoView: f.Who.View(), By: f.By.View()})
	case Granted:
		return one("admitted", Decided{f.Who.View(), f.Participants, f.All, ""})
	case Denied:
		return one("denied", Decided{f.Who.View(), f.Participants, f.All, f.Reason})
	case Reported:
		return one("chat.reported", MessageReported{f.ID, f.Message.Who.View(), f.Message.Text, f.Who.View(), f.Reason})
	case ReportSettled:
		return one("report.settled", ByID{f.ID, f.Who.View()})
	case KnockTold:
		return one("admit.told", KnockerTold{f.Who.View(), f.Whom, f.Text})
	case StageOffered, OfferEnded:
		return showOffer(e)
	}
	return ShowMeasure(e)
}

func knockEnded(not bool, ids ...ParticipantID) []Shown {
	if not {
		return nil
	}
	return one("knock.ended", KnockEnded{ids})
}

// ShowMeasure is what moderators are shown, and whom it concerns.
func ShowMeasure(e Event) []Shown {
	switch f := e.Fact.(type) {
	case Muted:
		return one("participant.muted", Measured{f.Who.View(), f.By.View(), "", f.Reason})
	case Unmuted:
		return one("participant.unmuted", Measured{WhoView: f.Who.View(), By: f.By.View()})
	case Renamed:
		if !f.Admitted { // else everybody is told
			return showRenamed(f)
		}
	}
	return nil
}

func one(event string, data any) []Shown { return []Shown{{event, data}} }

func showInside(e Event, to Class) []Shown {
	switch f := e.Fact.(type) {
	case Claimed:
		return stagedUntil(f.Who, f.UntilAt, to)
	case ManagerEntered:
		return staged(f.Who, nil)
	case Freed:
		return unstaged(f.Who, f.Admitted)
	case Revoked:
		return unstaged(f.Who, f.Admitted && !f.Finish)
	case Removed:
		return unstaged(f.Who, f.Admitted)
	case Banned:
		return unstaged(f.Who, f.Admitted)
	case SettingsChanged:
		if f.Unseen && !to.Moderates() {
			return nil
		}
		return one("room.settings", RoomSettings{f.Who.View(), settingsFor(to, f.Settings)})
	case ChatCleared:
		return one("chat.cleared", f.Who.View())
	case Pinned:
		return one("pinned", pinOf(e, f))
	case Unpinned:
		return one("unpinned", ByID{f.ID, f.Who.View()})
	case Paused:
		return one("room.paused", pauseOf(e, f))
	case Unattended:
		return one("room.unattended", f)
	case HostsBack:
		if f.Warned {
			return one("room.attended", struct{}{})
		}
	case Resumed:
		return one("room.resumed", RoomResumed{f.acted()})
	case Sourced:
		return one("stage.sourced", StageSourced{f.URL, f.Who.View()})
	case ManagerRemoved:
		return unstaged(f.Who, f.Admitted)
	case Revised:
		if f.Admitted {
			return stagedUntil(f.Who, f.UntilAt, to)
		}
	case ManagerSet:
		if f.Entered {
			by := f.By.View()
			return staged(Who{Participant: f.Participant, Name: (&Person{FirstName: f.FirstName, LastName: f.LastName}).Name(), Role: f.Right}, &by)
		}
	case RoleChanged:
		if f.Admitted || f.Waited {
			return one("stage.changed", f.staged(to))
		}
	case Erased:
		return one("person.erased", PersonErased(f))
	case Forgotten:
		return one("content.forgotten", f)
	case ChatPosted:
		return one("chat.posted", Posted{MessageID(e.Seq), f.Who.View(), f.Text, f.ReplyTo, f.Mentions})
	case ChatLiked:
		return one("chat.liked", Liked{f.ID, f.Participant, f.Likes, f.On})
	case ChatDeleted:
		return one("chat.deleted", DeletedMessage{f.ID, f.Who.View()})
	case QuestionAsked, QuestionPublished, QuestionClaimed, QuestionAnswered, QuestionDismissed:
		return showQuestion(e, to != Audience)
	case Renamed:
		if f.Admitted {
			return showRenamed(f)
		}
	case HandsCleared:
		return one("hands.cleared", f.View())
	case HandRaised:
		if to != Audience {
			return one("hand.raised", f.View())
		}
	case HandLowered:
		if to != Audience {
			return one("hand.lowered", HandDown{f.Participant, f.Why, f.shownBy()})
		}
	case BackchannelPosted:
		if to != Audience {
			return one("backchannel.posted", Posted{MessageID(e.Seq), f.Who.View(), f.Text, f.ReplyTo, f.Mentions})
		}
	default:
		return showInteraction(e, to)
	}
	return nil
}

func staged(who Who, by *WhoView) []Shown {
	if !who.Role.Staff() {
		return nil
	}
	return one("stage.changed", StageChanged{WhoView: who.View(), By: by})
}

// unstaged takes somebody off the stage list: they are shown as a viewer.
func unstaged(who Who, admitted bool) []Shown {
	if !who.Role.Staff() || !admitted {
		return nil
	}
	who.Role = Viewer
	return one("stage.changed", StageChanged{WhoView: who.View()})
}

// staged tells a class of a change of role.
func (f RoleChanged) staged(to Class) StageChanged {
	changed := StageChanged{WhoView: f.Who.View()}
	if f.By != (Who{}) {
		by := f.By.View()
		changed.By = &by
	}
	if to != Audience {
		changed.UntilAt = f.UntilAt
	}
	return changed
}

// stagedUntil is staged for whom a role may have been lent.
func stagedUntil(who Who, until Millis, to Class) []Shown {
	if !who.Role.Staff() {
		return nil
	}
	return one("stage.changed", RoleChanged{Who: who, UntilAt: until}.staged(to))
}
