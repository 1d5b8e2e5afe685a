package room

import (
	"time"
)

// Command is somebody asking for something. Commands of the socket have JSON
// tags; those given by HTTP or by the system have none.
type Command interface {
	Name() string // as on the wire, in logs and in metrics
}

// Actor is who asks, as the border has established it; the room decides what
// that is worth.
type Actor struct {
	System     bool         // this program: the door, the sweep
	Account    PersonID     // the account signed in, if any
	SiteRole   SiteRole     // what the account is to the site
	Groups     []GroupID    // of the site that the account is in
	Invitation InvitationID // the invitation chosen, if any; wins over Account
	Link       uint32       // generation of the link it was opened by
	Device     Hash         // of the device key
	Session    Hash         // of the web session
	Verified   Hash         // match of the signed-in account's verified address, if any
	Claim      uint32       // generation of the claim a live session holds; 0: none
	Name       string       // how a manager by HTTP is named
}

// spec says what a command needs before its own rule is asked.
type spec struct {
	action Action // the right of the table
	live   bool   // only inside, when the doors are open
}

func specOf(c Command) spec {
	switch c.(type) {
	case ChatPost:
		return spec{ActChatPost, true}
	case ChatLike:
		return spec{ActChatLike, true}
	case ChatDelete:
		return spec{ActChatDelete, true}
	case ChatPage:
		return spec{ActChatPage, true}
	case BackchannelPost:
		return spec{ActBackchannelPost, true}
	case BackchannelPage:
		return spec{ActBackchannelPage, true}
	case InteractionAnswer:
		return spec{ActInteractionAnswer, true}
	case InteractionPage:
		return spec{ActInteractionPage, true}
	case InteractionAnswers:
		return spec{ActInteractionAnswers, true}
	case InteractionCreate, InteractionRevise, InteractionRemove:
		return spec{ActInteractionCreate, true}
	case InteractionLaunch, InteractionClose, InteractionShare, InteractionShow:
		return spec{ActInteractionLaunch, true}
	case PeoplePage:
		return spec{ActPeoplePage, true}
	case SetRole:
		return spec{ActSetViewer, true}
	case ReportMessage:
		return spec{ActChatReport, true}
	case ClearChat:
		return spec{ActChatClear, true}
	case MutePerson, UnmutePerson:
		return spec{ActMute, true}
	case RemovePerson:
		return spec{ActRemove, true}
	case BanPerson, UnbanPerson:
		return spec{ActBan, true}
	case ModerationPage, SettleReport:
		return spec{ActModerationPage, true}
	case SetSettings:
		return spec{ActSetSettings, true}
	case GrantEntry, DenyEntry, KnockPage, TellKnocker:
		return spec{ActAdmit, true}
	case Announce, WithdrawAnnouncement:
		return spec{ActAnnounce, true}
	case SetPin, ClearPin:
		return spec{ActPin, true}
	case SetSource:
		return spec{ActSetSource, true}
	case QuestionAsk:
		return spec{ActQuestionAsk, true}
	case QuestionVote:
		return spec{ActQuestionVote, true}
	case QuestionPage:
		return spec{ActQuestionPage, true}
	case QuestionAnswer:
		return spec{ActQuestionAnswer, true}
	case QuestionClaim:
		return spec{ActQuestionClaim, true}
	case QuestionPublish:
		return spec{ActQuestionPublish, true}
	case QuestionDismiss:
		return spec{ActQuestionDismiss, true}
	case HandRaise, HandLower:
		return spec{ActHandRaise, true}
	case HandClear:
		return spec{ActHandClear, true}
	case HandPage:
		return spec{ActPeoplePage, true}
	case OfferStage, WithdrawOffer:
		return spec{ActSetSpeaker, true}
	case AnswerOffer:
		return spec{ActHandRaise, true}
	case LeaveStage:
		return spec{ActLeaveStage, true}
	case RenamePerson:
		return spec{ActRename, true}
	case ReactionSend:
		return spec{ActReact, true}
	case PauseRoom, ResumeRoom:
		return spec{ActPause, true}
	case GoLive, CancelGoLive:
		return spec{ActGoLive, true}
	case Invite, ReviseInvitation, RenewLink, FreeDevices, RevokeInvitation, DismissRequest, RestoreInvitation,
		MakeGuestLink, ReviseGuestLink, RenewGuestLink, RemoveGuestLink, EndGuests:
		return spec{ActManageInvitation, false}
	case EditRoom:
		return spec{ActEditRoom, false}
	case DeleteRoom:
		return spec{ActDeleteRoom, false}
	case SetManager, RemoveManager:
		return spec{ActSetManager, false}
	}
	return spec{}
}

// Decide is the only judge: it says what happens when an actor asks for
// something at now, by this state. The events have no key yet beyond the
// given one and follow s.Head. No events and no error: it is so already.
// Every error is a *Refusal. Decide changes nothing.
//
// A fact that tells of a refusal (Missed, CodeMissed) has no key: the command
// may be tried again with the same one.
func (s *State) Decide(by Actor, c Command, key Key, now time.Time) ([]Event, error) {
	if last := time.UnixMilli(int64(s.LastAt)); now.Before(last) {
		now = last // a room's time never runs backwards
	}
	who, facts, no := s.judge(by, c, now)
	switch {
	case no != nil:
		return nil, no
	case len(facts) == 0:
		return nil, nil
	}
	facts = ofNewer(s.withHosts(s.offersEnd(s.handsDown(facts))))
	events := make([]Event, len(facts))
	for i, f := range facts {
		events[i] = Event{Seq: s.Head + Seq(i) + 1, At: Millis(now.UnixMilli()), Participant: who, Fact: f}
		if i == 0 && !refuses(f) {
			events[i].Key = key
		}
	}
	return events, nil
}

// Repeated finds the place of the event that a participant's key has already
// made.
func (s *State) Repeated(by Actor, key Key) (Seq, bool) {
	if key == "" {
		return 0, false
	}
	p, ok := s.Who(by)
	if !ok || p.Revoked || s.forgetsKeys() {
		return 0, false
	}
	return s.findKey(p.ID, key)
}

func (s *State) judge(by Actor, c Command, now time.Time) (ParticipantID, []Fact, *Refusal) {
	if s.ID == SiteID {
		facts, no := s.judgeSite(by, c, now)
		return "", facts, no
	}
	if create, ok := c.(CreateRoom); ok {
		facts, no := s.decideCreate(by, create, now)
		return create.Owner.Participant, facts, no
	}
	switch c.(type) {
	case ErasePerson, ForgetContent:
		facts, no := s.decideForgetting(by, c)
		return "", facts, no
	}
	if no := s.alive(); no != nil {
		return "", nil, no
	}
	switch c := c.(type) {
	case OpenDue:
		facts, no := s.decideOpenDue(by, c, now)
		return "", facts, no
	case RenameManager:
		facts, no := s.decideRenameManager(by, c)
		return "", facts, no
	case BackstageDue:
		facts, no := s.decideBackstageDue(by, now)
		return "", facts, no
	case HostsMissing:
		facts, no := s.decideHostsMissing(by, c, now)
		return "", facts, no
	case HostsThere:
		facts, no := s.decideHostsThere(by)
		return "", facts, no
	case ResumeDue:
		facts, no := s.decideResumeDue(by, now)
		return "", facts, no
	case InteractionsDue:
		facts, no := s.decideInteractionsDue(by, now)
		return "", facts, no
	case RolesDue:
		facts, no := s.decideRolesDue(by, now)
		return "", facts, no
	case InteractionCount:
		facts, no := s.decideInteractionCount(by, c)
		return "", facts, no
	case OpenLink:
		facts, no := s.decideOpenLink(by)
		return "", facts, no
	case RequestLink:
		return s.decideRequest(by, c, now)
	case SendCode:
		return s.decideSendCode(by, c, now)
	case MoveDevice:
		return s.decideMoveDevice(by, c, now)
	case JoinAsGuest:
		facts, no := s.decideJoin(by, c, now)
		return c.Participant, facts, no
	}
	if c, ok := c.(EndFinished); ok {
		facts, no := s.decideEndFinished(by, c)
		return "", facts, no
	}
	p, no := s.seatOf(by, now)
	if no != nil {
		return "", nil, no
	}
	facts, no := s.judgePerson(p, by, c, now)
	return p.ID, facts, no
}

// alive refuses what comes after a room's end, or before its beginning.
func (s *State) alive() *Refusal {
	switch {
	case s.Head == 0:
		return refuse(CodeNotFound, "There is no such room.")
	case s.Status == StatusDeleted:
		return &Refusal{Code: CodeRoomDeleted, Message: "This session was cancelled.", At: s.ClosedAt, Reason: s.Reason, Final: true}
	}
	return nil
}

// Who finds the seat of an actor, without judging whether it is still good.
func (s *State) Who(by Actor) (*Person, bool) {
	if by.Invitation != "" {
		return s.Invited(by.Invitation)
	}
	if p, ok := s.Manager(by.Account); ok {
		return p, true
	}
	if !by.Verified.IsZero() {
		return s.InvitedAs(by.Verified)
	}
	return nil, false
}

// seatOf finds the seat and refuses when it is no longer the actor's.
func (s *State) seatOf(by Actor, now time.Time) (*Person, *Refusal) {
	p, ok := s.Who(by)
	if !ok {
		if by.Account == "" && by.Invitation == "" {
			return nil, &Refusal{Code: CodeNotAuthenticated, Message: "Open the room by your invitation link, or sign in.", Final: true}
		}
		return nil, &Refusal{Code: CodeNotFound, Message: "There is no such room.", Final: true}
	}
	if p.Invitation == "" {
		return p, nil
	}
	if no := s.sentOut(p); no != nil && !p.Revoked {
		return p, no
	}
	if by.Invitation == "" { // a signed-in person who was invited and opened no link
		by.Link = p.Link
	}
	if by.Claim != 0 && !p.Revoked {
		if no := p.stillClaimed(by); no != nil {
			return p, no
		}
		return p, s.unwelcome(p, by)
	}
	return p, s.welcome(p, by, now)
}

func (s *State) judgePerson(p *Person, by Actor, c Command, now time.Time) ([]Fact, *Refusal) {
	if by.Invitation == "" {
		by.Link = p.Link // a signed-in person who was invited and opened no link
	}
	switch c := c.(type) {
	case Enter:
		return s.decideEnter(p, by)
	case LobbyCheck:
		if s.Status == StatusClosed {
			return nil, s.over()
		}
		if p.Invitation == "" {
			return nil, nil
		}
		return s.decideLobby(p, by, c, now)
	case LobbyCode:
		if s.Status == StatusClosed {
			return nil, s.over()
		}
		if p.Invitation == "" {
			return nil, nil
		}
		return s.decideLobbyCode(p, by, c, now)
	}
	need := specOf(c)
	if need.live {
		if no := s.inside(p, by, c); no != nil {
			return nil, no
		}
	}
	if need.action == "" || !s.roleOf(p, c).May(need.action) {
		return nil, refuse(CodeForbidden, "Your role may not do this.")
	}
	if no := s.held(p, c); no != nil {
		return nil, no
	}
	if invites(c) {
		if no := s.mayInvite(by); no != nil {
			return nil, no
		}
	}
	return s.decideOwn(p, c, now)
}

// invites says whether a command makes a new way in for somebody.
func invites(c Command) bool {
	switch c.(type) {
	case Invite, RenewLink, MakeGuestLink, RenewGuestLink:
		return true
	}
	return false
}

// decideOwn asks the command's own rule.
func (s *State) decideOwn(p *Person, c Command, now time.Time) ([]Fact, *Refusal) {
	switch c := c.(type) {
	case ChatPost:
		return s.decideChatPost(p, c, now)
	case ChatLike:
		return s.decideChatLike(p, c, now)
	case ChatDelete:
		return s.decideChatDelete(p, c)
	case BackchannelPost:
		return s.decideBackchannelPost(p, c)
	case SetRole:
		return s.decideSetRole(p, c, now)
	case ReportMessage:
		return s.decideReport(p, c)
	case SettleReport:
		return s.decideSettleReport(p, c)
	case ClearChat:
		return s.decideChatClear(p)
	case MutePerson:
		return s.decideMute(p, c)
	case UnmutePerson:
		return s.decideUnmute(p, c)
	case RemovePerson:
		return s.decideRemove(p, c)
	case BanPerson:
		return s.decideBan(p, c)
	case UnbanPerson:
		return s.decideUnban(p, c)
	case SetSettings:
		return s.decideSettings(p, c)
	case GrantEntry:
		return s.decideGrant(p, c)
	case DenyEntry:
		return s.decideDeny(p, c)
	case Announce:
		return s.decideAnnounce(p, c, now)
	case WithdrawAnnouncement:
		return s.decideWithdraw(p, c)
	case SetPin:
		return s.decidePin(p, c)
	case ClearPin:
		return s.decideUnpin(p)
	case SetSource:
		return s.decideSource(p, c)
	case QuestionAsk:
		return s.decideAsk(p, c)
	case QuestionVote:
		return s.decideVote(p, c)
	case QuestionPublish:
		return s.decidePublish(p, c)
	case QuestionClaim:
		return s.decideClaim(p, c)
	case QuestionAnswer:
		return s.decideAnswer(p, c)
	case QuestionDismiss:
		return s.decideDismissQuestion(p, c)
	case HandRaise:
		return s.decideRaise(p)
	case HandLower:
		return s.decideLower(p, c)
	case HandClear:
		return s.decideClearHands(p)
	case PauseRoom:
		return s.decidePause(p, c)
	case ResumeRoom:
		return s.decideResume(p, c, Millis(now.UnixMilli()))
	case GoLive:
		return s.decideGoLive(p, Millis(now.UnixMilli())), nil
	case CancelGoLive:
		return s.decideCancelGoLive(p), nil
	case OfferStage:
		return s.decideOffer(p, c, now)
	case WithdrawOffer:
		return s.decideWithdrawOffer(p, c)
	case AnswerOffer:
		return s.decideAnswerOffer(p, c, now)
	case LeaveStage:
		return s.decideLeaveStage(p, c)
	case RenamePerson:
		return s.decideRename(p, c)
	case TellKnocker:
		return s.decideTell(p, c)
	case Invite:
		return s.decideInvite(p, c, now)
	case ReviseInvitation:
		return s.decideRevise(p, c, false, now)
	case RenewLink:
		return s.decideRenew(p, c, now)
	case FreeDevices:
		return s.decideFree(p, c)
	case RevokeInvitation:
		return s.decideRevoke(p, c)
	case DismissRequest:
		return s.decideDismiss(c)
	case MakeGuestLink:
		return s.decideMakeGuestLink(c, now)
	case ReviseGuestLink:
		return s.decideReviseGuestLink(c, now)
	case RenewGuestLink:
		return s.decideRenewGuestLink(c)
	case RemoveGuestLink:
		return s.decideRemoveGuestLink(c)
	case EndGuests:
		return s.decideEndGuests(c, now)
	case RestoreInvitation:
		return s.decideRestore(p, c)
	case EditRoom:
		return s.decideEdit(p.Role, c, now)
	case DeleteRoom:
		return s.decideDelete(c)
	case SetManager:
		return s.decideSetManager(p, c)
	case RemoveManager:
		return s.decideRemoveManager(p, c)
	case ChatPage:
		return nil, checkBefore(c.Before)
	case BackchannelPage:
		return nil, checkBefore(c.Before)
	case QuestionPage:
		return nil, checkQuestionPage(c)
	case PeoplePage:
		return nil, s.checkPeoplePage(c)
	case ReactionSend:
		return nil, checkReaction(c)
	}
	return s.decideInteraction(p, c, now)
}
