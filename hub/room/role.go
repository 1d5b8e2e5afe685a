package room

// Role is a person's standing in one room. The order of the constants is the
// order of ranks but for co-publisher and co-editor, who stand side by side.
type Role uint8

// The roles. The last four are managers, whose role on the wire is "manager"
// with the right beside it.
const (
	NoRole Role = iota
	Viewer
	Speaker
	Moderator
	CoPublisher
	CoEditor
	CoOwner
	Owner
)

var roleNames = [...]string{"", "viewer", "speaker", "moderator", "co-publisher", "co-editor", "co-owner", "owner"}

// ParseRole reads viewer, speaker, moderator or one of the four managers'
// rights; NoRole for anything else.
func ParseRole(name string) Role {
	for r := Viewer; r <= Owner; r++ {
		if roleNames[r] == name {
			return r
		}
	}
	return NoRole
}

// String is the role's own name: viewer … owner.
func (r Role) String() string { return roleNames[r] }

// MarshalText writes the role's own name.
func (r Role) MarshalText() ([]byte, error) { return []byte(roleNames[r]), nil }

// UnmarshalText reads the role's own name; an unknown one becomes NoRole,
// which may do nothing.
func (r *Role) UnmarshalText(text []byte) error {
	*r = ParseRole(string(text))
	return nil
}

// Shown is the role's name on the wire: viewer, speaker, moderator, manager.
func (r Role) Shown() string {
	if r.Manages() {
		return "manager"
	}
	return roleNames[r]
}

// Right is the manager's right on the wire; empty for others.
func (r Role) Right() string {
	if r.Manages() {
		return roleNames[r]
	}
	return ""
}

// Invitable says whether an invitation can have this type.
func (r Role) Invitable() bool { return r >= Viewer && r <= Moderator }

// Manages says whether the role is a manager's right.
func (r Role) Manages() bool { return r >= CoPublisher }

// Staff says whether the role sees what viewers do not.
func (r Role) Staff() bool { return r >= Speaker }

// rank orders roles; equal ranks cannot act on each other, owners excepted.
func (r Role) rank() int {
	if r == CoEditor {
		return int(CoPublisher)
	}
	return int(r)
}

// Outranks says whether r may act on somebody who is other.
func (r Role) Outranks(other Role) bool {
	return r.rank() > other.rank() || r == Owner && other == Owner
}

// Action is one right of the table. The names are those of `you.rights`.
type Action string

// The actions of the table.
const (
	ActChatPost           Action = "chat.post"
	ActChatLike           Action = "chat.like"
	ActChatDelete         Action = "chat.delete"
	ActChatDeleteAny      Action = "chat.delete.any"
	ActChatPage           Action = "chat.page"
	ActBackchannelPost    Action = "backchannel.post"
	ActBackchannelPage    Action = "backchannel.page"
	ActPeoplePage         Action = "people.page"
	ActChatReport         Action = "chat.report"
	ActChatClear          Action = "chat.clear"
	ActMute               Action = "participant.mute"
	ActRemove             Action = "participant.remove"
	ActBan                Action = "participant.ban"
	ActModerationPage     Action = "moderation.page"
	ActSetSettings        Action = "room.settings"
	ActAdmit              Action = "admit.grant"
	ActAnnounce           Action = "announcement.post"
	ActPin                Action = "pin.set"
	ActSetSource          Action = "stage.source"
	ActPause              Action = "room.pause"
	ActGoLive             Action = "room.go_live"
	ActQuestionAsk        Action = "question.ask"
	ActQuestionVote       Action = "question.vote"
	ActQuestionPage       Action = "question.page"
	ActQuestionAnswer     Action = "question.answer"
	ActQuestionClaim      Action = "question.claim"
	ActQuestionPublish    Action = "question.publish"
	ActQuestionDismiss    Action = "question.dismiss"
	ActHandRaise          Action = "hand.raise"
	ActHandClear          Action = "hand.clear"
	ActLeaveStage         Action = "stage.leave"
	ActRename             Action = "participant.rename"
	ActReact              Action = "reaction.send"
	ActSetViewer          Action = "role.set:viewer"
	ActSetSpeaker         Action = "role.set:speaker"
	ActSetModerator       Action = "role.set:moderator"
	ActManageInvitation   Action = "invitation.manage"
	ActEditRoom           Action = "room.edit"
	ActScheduleRoom       Action = "room.schedule"
	ActOpenRoom           Action = "room.open"
	ActCloseRoom          Action = "room.close"
	ActSetManager         Action = "manager.set"
	ActDeleteRoom         Action = "room.delete"
	ActInteractionPage    Action = "interaction.page"
	ActInteractionAnswer  Action = "interaction.answer"
	ActInteractionAnswers Action = "interaction.answers"
	ActInteractionCreate  Action = "interaction.create"
	ActInteractionLaunch  Action = "interaction.launch"
)

// The one table of rights. Ranks come on top: one acts on lower ranks only.
const y, n = true, false

var rights = []struct {
	action                                                            Action
	viewer, speaker, moderator, coPublisher, coEditor, coOwner, owner bool
}{
	//                    viewer speaker moderator co-publisher co-editor co-owner owner
	{ActChatPost, y, y, y, y, y, y, y},
	{ActChatLike, y, y, y, y, y, y, y},
	{ActChatDelete, y, y, y, y, y, y, y},
	{ActChatPage, y, y, y, y, y, y, y},
	{ActChatReport, y, y, y, y, y, y, y},
	{ActQuestionAsk, y, y, y, y, y, y, y},
	{ActQuestionVote, y, y, y, y, y, y, y},
	{ActQuestionPage, y, y, y, y, y, y, y},
	{ActHandRaise, y, y, y, y, y, y, y},
	{ActReact, y, y, y, y, y, y, y},
	{ActQuestionAnswer, n, y, y, y, y, y, y},
	{ActQuestionClaim, n, y, y, y, y, y, y},
	{ActBackchannelPost, n, y, y, y, y, y, y},
	{ActBackchannelPage, n, y, y, y, y, y, y},
	{ActPeoplePage, n, y, y, y, y, y, y},
	{ActQuestionPublish, n, n, y, y, y, y, y},
	{ActQuestionDismiss, n, n, y, y, y, y, y},
	{ActHandClear, n, n, y, y, y, y, y},
	{ActLeaveStage, n, y, y, n, n, n, n},
	{ActRename, n, n, y, y, y, y, y},
	{ActInteractionPage, y, y, y, y, y, y, y},
	{ActInteractionAnswer, y, y, y, y, y, y, y},
	{ActInteractionAnswers, n, n, y, y, y, y, y},
	{ActInteractionCreate, n, n, y, y, y, y, y},
	{ActInteractionLaunch, n, n, y, y, y, y, y},
	{ActChatDeleteAny, n, n, y, y, y, y, y},
	{ActChatClear, n, n, y, y, y, y, y},
	{ActMute, n, n, y, y, y, y, y},
	{ActRemove, n, n, y, y, y, y, y},
	{ActBan, n, n, y, y, y, y, y},
	{ActModerationPage, n, n, y, y, y, y, y},
	{ActSetSettings, n, n, y, y, y, y, y},
	{ActAdmit, n, n, y, y, y, y, y},
	{ActAnnounce, n, n, y, y, y, y, y},
	{ActPin, n, n, y, y, y, y, y},
	{ActSetSource, n, n, y, y, y, y, y},
	{ActPause, n, n, y, y, y, y, y},
	{ActGoLive, n, n, y, y, y, y, y},
	{ActSetViewer, n, n, y, y, y, y, y},
	{ActSetSpeaker, n, n, y, y, y, y, y},
	{ActSetModerator, n, n, n, y, y, y, y},
	{ActManageInvitation, n, n, n, y, y, y, y},
	{ActEditRoom, n, n, n, y, y, y, y},
	{ActScheduleRoom, n, n, n, y, y, y, y},
	{ActOpenRoom, n, n, n, y, y, y, y},
	{ActCloseRoom, n, n, n, y, y, y, y},
	{ActSetManager, n, n, n, n, n, y, y},
	{ActDeleteRoom, n, n, n, n, n, y, y},
}

// allowed is the table turned for quick look-up.
var allowed = func() map[Action][Owner + 1]bool {
	m := make(map[Action][Owner + 1]bool, len(rights))
	for _, r := range rights {
		m[r.action] = [...]bool{NoRole: false, Viewer: r.viewer, Speaker: r.speaker, Moderator: r.moderator,
			CoPublisher: r.coPublisher, CoEditor: r.coEditor, CoOwner: r.coOwner, Owner: r.owner}
	}
	return m
}()

// May says whether a role has a right. Unknown actions are nobody's.
func (r Role) May(a Action) bool { return allowed[a][r] }

// rightsOf are the names a role's page is told, in the order of the table.
var rightsOf = func() (of [Owner + 1][]Action) {
	for r := Viewer; r <= Owner; r++ {
		for _, row := range rights {
			if r.May(row.action) {
				of[r] = append(of[r], row.action)
			}
		}
	}
	return of
}()

// Rights lists what a role may do. The slice is shared: do not change it.
func (r Role) Rights() []Action { return rightsOf[r] }
