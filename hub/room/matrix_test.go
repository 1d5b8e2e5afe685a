package room

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Every command that an actor with a seat can give, with data that fits, and
// the right of the table that it needs. live: from inside only.
func commandsOfPeople(w *world) []struct {
	Command
	right Action
	live  bool
} {
	title, start, later, open := "New", noon+60_000, w.s.EndsAt+1000, w.s.Status == StatusOpen
	own, other := "", ""
	if len(w.s.chat.recent) > 0 {
		own = MessageID(w.s.chat.recent[0].place)
		other = MessageID(w.s.chat.recent[len(w.s.chat.recent)-1].place)
	}
	move := EditRoom{StartsAt: &start}
	if w.s.Status != StatusScheduled {
		move = EditRoom{EndsAt: &later}
	}
	door := EditRoom{State: StatusOpen}
	if open {
		door = EditRoom{State: StatusClosed}
	}
	doorRight := map[bool]Action{false: ActOpenRoom, true: ActCloseRoom}[open]
	return []struct {
		Command
		right Action
		live  bool
	}{
		{ChatPost{Text: "hi"}, ActChatPost, true},
		{ChatLike{ID: own}, ActChatLike, true},
		{ChatDelete{ID: own}, ActChatDeleteAny, true}, // Paul's message
		{ChatPage{}, ActChatPage, true},
		{BackchannelPost{Text: "psst"}, ActBackchannelPost, true},
		{BackchannelPage{}, ActBackchannelPage, true},
		{PeoplePage{}, ActPeoplePage, true},
		{ReportMessage{ID: own}, ActChatReport, true},
		{ClearChat{}, ActChatClear, true},
		{MutePerson{Participant: "p_vera", Reason: "Spam"}, ActMute, true},
		{UnmutePerson{Participant: "p_quiet"}, ActMute, true},
		{RemovePerson{Participant: "p_in"}, ActRemove, true},
		{BanPerson{Participant: "p_in", By: BanAddress}, ActBan, true},
		{BanPerson{Participant: "p_vera"}, ActBan, true},
		{UnbanPerson{Participant: "p_out"}, ActBan, true},
		{ModerationPage{}, ActModerationPage, true},
		{SettleReport{ID: own}, ActModerationPage, true},
		{SetSettings{SlowModeS: ptr(30)}, ActSetSettings, true},
		{SetSettings{Chat: ptr(false), Locked: ptr(true)}, ActSetSettings, true},
		{GrantEntry{Participants: Knockers{All: true}}, ActAdmit, true},
		{DenyEntry{Participants: Knockers{All: true}}, ActAdmit, true},
		{KnockPage{}, ActAdmit, true},
		{TellKnocker{Participant: "p_late", Text: "Soon"}, ActAdmit, true},
		{Announce{Text: "Tea is ready."}, ActAnnounce, true},
		{WithdrawAnnouncement{ID: w.notice}, ActAnnounce, true},
		{SetPin{ID: other}, ActPin, true},
		{ClearPin{}, ActPin, true},
		{SetSource{URL: "https://video.example.org/1"}, ActSetSource, true},
		{SetSource{None: true}, ActSetSource, true},
		{QuestionAsk{Text: "why?"}, ActQuestionAsk, true},
		{QuestionVote{ID: w.question(true)}, ActQuestionVote, true},
		{QuestionPage{}, ActQuestionPage, true},
		{QuestionClaim{ID: w.question(false)}, ActQuestionClaim, true},
		{QuestionAnswer{ID: w.question(true), Live: true}, ActQuestionAnswer, true},
		{QuestionPublish{ID: w.question(false)}, ActQuestionPublish, true},
		{QuestionDismiss{ID: w.question(false)}, ActQuestionDismiss, true},
		{HandRaise{}, ActHandRaise, true},
		{HandLower{}, ActHandRaise, true},
		{HandClear{}, ActHandClear, true},
		{HandPage{}, ActPeoplePage, true},
		{OfferStage{Participant: "p_in", ForS: 600}, ActSetSpeaker, true},
		{WithdrawOffer{Participant: "p_in"}, ActSetSpeaker, true},
		{AnswerOffer{}, ActHandRaise, true},
		{LeaveStage{}, ActLeaveStage, true},
		{RenamePerson{Participant: "p_vera", FirstName: "V"}, ActRename, true},
		{ReactionSend{Emoji: "👏"}, ActReact, true},
		{PauseRoom{Message: "Back at three."}, ActPause, true},
		{ResumeRoom{}, ActPause, true},
		{ResumeRoom{Countdown: true}, ActPause, true},
		{GoLive{}, ActGoLive, true},
		{CancelGoLive{}, ActGoLive, true},
		{InteractionPage{}, ActInteractionPage, true},
		{InteractionAnswer{ID: w.ran(), Choices: []int{0}}, ActInteractionAnswer, true},
		{InteractionAnswers{ID: w.ran()}, ActInteractionAnswers, true},
		{InteractionCreate{asks("Tea?")}, ActInteractionCreate, true},
		{InteractionRevise{w.ran(), asks("Coffee?")}, ActInteractionCreate, true},
		{InteractionRemove{w.ran()}, ActInteractionCreate, true},
		{InteractionLaunch{ID: w.ran()}, ActInteractionLaunch, true},
		{InteractionClose{w.ran()}, ActInteractionLaunch, true},
		{InteractionShare{w.ran(), ResultsLive}, ActInteractionLaunch, true},
		{InteractionShow{ID: w.ran(), Text: "T"}, ActInteractionLaunch, true},
		{InteractionRevise{w.drafted(), asks("Coffee?")}, ActInteractionCreate, true},
		{InteractionRemove{w.drafted()}, ActInteractionCreate, true},
		{InteractionLaunch{ID: w.drafted()}, ActInteractionLaunch, true},
		{InteractionShow{ID: w.opened(), Text: "T"}, ActInteractionLaunch, true},
		{InteractionAnswers{ID: w.opened()}, ActInteractionAnswers, true},
		{SetRole{Participant: "p_vera", Role: "speaker"}, ActSetSpeaker, true},
		{SetRole{Participant: "p_vera", Role: "moderator"}, ActSetModerator, true},
		{SetRole{Participant: "p_spare", Role: "viewer"}, ActSetViewer, true},
		{invitation("fresh", Viewer), ActManageInvitation, false},
		{ReviseInvitation{Invitation: "i_vera", FirstName: &title}, ActManageInvitation, false},
		{RenewLink{Invitation: "i_vera"}, ActManageInvitation, false},
		{FreeDevices{Invitation: "i_spare"}, ActManageInvitation, false},
		{RevokeInvitation{Invitation: "i_vera"}, ActManageInvitation, false},
		{DismissRequest{Invitation: "i_spare"}, ActManageInvitation, false},
		{MakeGuestLink{ID: "g_new", Label: "Press"}, ActManageInvitation, false},
		{ReviseGuestLink{ID: "g_1", Label: &title}, ActManageInvitation, false},
		{RenewGuestLink{ID: "g_1"}, ActManageInvitation, false},
		{RemoveGuestLink{ID: "g_1"}, ActManageInvitation, false},
		{RestoreInvitation{Invitation: "i_fin"}, ActManageInvitation, false},
		{EditRoom{Title: &title}, ActEditRoom, false},
		{move, ActScheduleRoom, false},
		{door, doorRight, false},
		{w.setManager("Newt", CoPublisher), ActSetManager, false},
		{RemoveManager{Person: "a_paul"}, ActSetManager, false},
		{DeleteRoom{}, ActDeleteRoom, false},
	}
}

// furnish adds what the commands of the matrix are about.
func (w *world) furnish() {
	w.t.Helper()
	site := *DefaultSite()
	site.StageOrigins = []string{"https://video.example.org"}
	w.s.Under(&site)
	w.invite("spare", Speaker)
	for _, name := range []string{"in", "quiet", "out", "late"} {
		w.invite(name, Viewer)
	}
	w.admit("in")
	w.do(manager("ada"), MakeGuestLink{ID: "g_1", Label: "Friends"})
	w.letFinish("fin")
}

// phases brings the room to a stage of its life. Spare is a speaker whom all
// who may can demote; the first message is Spare's.
var phases = []struct {
	name  string
	phase Phase
	reach func(w *world)
}{
	{"countdown", PhaseCountdown, func(w *world) { w.admit("mod", "spk", "vic"); w.asks("spare", "") }},
	{"lobby", PhaseLobby, func(w *world) { w.open() }},
	{"live", PhaseLive, func(w *world) {
		w.open()
		w.admit("spare", "mod", "spk", "vic")
		w.do(guest("spare"), ChatPost{Text: "first"})
		w.discuss()
		w.run(asks("Tea?"))
		w.run(InteractionForm{Kind: InteractOpen, Question: "Why?"})
		w.do(manager("ada"), InteractionCreate{asks("Later?")})
		w.do(manager("ada"), OfferStage{Participant: "p_in"})
	}},
	{"locked", PhaseLive, func(w *world) {
		w.open()
		w.admit("spare", "mod", "spk", "vic")
		first := MessageID(w.do(guest("spare"), ChatPost{Text: "first"})[0].Seq)
		w.do(guest("spare"), ChatPost{Text: "second"})
		w.do(guest("vic"), ReportMessage{ID: first})
		for _, c := range []Command{MutePerson{Participant: "p_quiet"}, BanPerson{Participant: "p_out"}, SetPin{ID: first}, SetSource{URL: "https://video.example.org/2"}, SetSettings{Locked: ptr(true)}} {
			w.do(manager("ada"), c)
		}
		w.discuss()
		w.notice = MessageID(w.do(manager("ada"), Announce{Text: "Tea"})[0].Seq)
		w.admit("late")
	}},
	{"paused", PhaseLive, func(w *world) {
		w.open()
		w.admit("spare", "mod", "spk", "vic")
		w.do(guest("spare"), ChatPost{Text: "first"})
		w.discuss()
		w.run(asks("Tea?"))
		w.run(InteractionForm{Kind: InteractOpen, Question: "Why?"})
		w.do(manager("ada"), InteractionCreate{asks("Later?")})
		w.do(manager("ada"), PauseRoom{})
	}},
	{"paused, going on", PhaseLive, func(w *world) {
		w.open()
		w.admit("spare", "mod", "spk", "vic")
		w.do(guest("spare"), ChatPost{Text: "first"})
		w.discuss()
		w.run(asks("Tea?"))
		w.run(InteractionForm{Kind: InteractOpen, Question: "Why?"})
		w.do(manager("ada"), InteractionCreate{asks("Later?")})
		w.do(manager("ada"), PauseRoom{})
		w.do(manager("ada"), GoLive{})
	}},
	{"over", PhaseOver, func(w *world) {
		w.open()
		w.admit("spare", "mod", "spk", "vic")
		w.do(guest("spare"), ChatPost{Text: "first"})
		w.discuss()
		w.do(manager("ada"), EditRoom{State: StatusClosed})
	}},
	{"deleted", "", func(w *world) { w.do(manager("ada"), DeleteRoom{}) }},
}

// actors are one person of each role, and nobody.
var actors = []struct {
	Actor
	role Role
}{{Actor{}, NoRole}, {guest("vic"), Viewer}, {guest("spk"), Speaker}, {guest("mod"), Moderator},
	{manager("paul"), CoPublisher}, {manager("eva"), CoEditor}, {manager("cora"), CoOwner}, {manager("ada"), Owner}}

// The one table decides: every command × role × phase × setting. A setting
// says alone what it stops; all else is as without it.
func TestMatrix(t *testing.T) {
	cells := 0
	for _, phase := range phases {
		for _, actor := range actors {
			base := newWorld(t)
			base.furnish()
			phase.reach(base)
			for _, kept := range settingsOf(phase.name, phase.phase) {
				under := *base
				under.s = base.s.Step()
				kept.make(&under)
				for i := range commandsOfPeople(base) {
					c := commandsOfPeople(base)[i]
					want := wantedCode(phase.name, phase.phase, actor.role, c.Command, c.right, c.live)
					if want == "" {
						want = wantedOfRunning(c.Command, len(base.s.interactions) > 0, base.ran())
					}
					if _, removes := c.Command.(RemoveManager); removes && want == "" && actor.role == NoRole {
						continue
					}
					if stopped := kept.stops(actor.role, c.right, c.Command); want == "" && stopped != "" {
						want = stopped
					}
					w := under
					w.s = under.s.Step()
					_, err := w.s.Decide(actor.Actor, c.Command, "k", under.now)
					cells++
					if got := codeOf(err); got != want {
						t.Errorf("%s as %q in %s, %s: %q, want %q", describe(c.Command), actor.role, phase.name, kept.name, got, want)
					}
				}
			}
		}
	}
	if cells < 5000 {
		t.Errorf("only %d cells", cells)
	}
}

// wantedCode is the answer by PROTOCOL §3, from the table alone.
func wantedCode(name string, phase Phase, role Role, c Command, right Action, live bool) Code {
	switch {
	case phase == "":
		return CodeRoomDeleted
	case role == NoRole:
		return CodeNotAuthenticated
	case live && phase == PhaseCountdown:
		return CodeNotOpenYet
	case live && phase == PhaseLobby && !role.Manages():
		return CodeForbidden
	case live && phase == PhaseOver:
		return CodeOver
	case !role.May(right):
		return CodeForbidden
	case strings.HasPrefix(name, "paused") && wantsToGoOn(right, c, role):
		return CodePaused
	case live && phase == PhaseLobby && slices.Contains([]Action{ActChatLike, ActChatDelete, ActChatDeleteAny, ActChatReport, ActPin}, right) && c.Name() != "pin.clear" || live && phase == PhaseLobby && c.Name() == "report.settle",
		live && c.Name() == "announcement.withdraw" && name != "locked",
		live && phase == PhaseLobby && strings.HasPrefix(string(right), "question.") && right != ActQuestionAsk && right != ActQuestionPage:
		return CodeNotFound // nobody has written yet
	case live && c.Name() == "admit.tell" && name != "locked":
		return CodeConflict // nobody waits
	}
	return ""
}

// wantsToGoOn says what waits until a pause is over.
func wantsToGoOn(right Action, c Command, role Role) bool {
	said := []Action{ActChatPost, ActChatLike, ActQuestionAsk, ActQuestionVote, ActReact}
	return c.Name() == "interaction.launch" || right == ActInteractionAnswer || role == Viewer && (slices.Contains(said, right) || c.Name() == "hand.raise")
}

// wantedOfRunning is the answer to commands about a choice that runs, and about
// interactions that nobody has made.
func wantedOfRunning(c Command, made bool, running string) Code {
	id := ""
	switch c := c.(type) {
	case InteractionRevise:
		id = c.ID
	case InteractionRemove:
		id = c.ID
	case InteractionLaunch:
		id = c.ID
	case InteractionShow:
		id = c.ID
	case InteractionAnswers:
		id = c.ID
	case InteractionAnswer, InteractionClose, InteractionShare:
		if !made {
			return CodeNotFound
		}
		return ""
	default:
		return ""
	}
	switch {
	case !made:
		return CodeNotFound
	case id == running:
		return CodeConflict // runs, and is no open question
	}
	return ""
}

func codeOf(err error) Code {
	var no *Refusal
	if errors.As(err, &no) {
		return no.Code
	}
	if err != nil {
		return Code(err.Error())
	}
	return ""
}

func describe(c Command) string { return fmt.Sprintf("%s%+v", c.Name(), c) }

type alien struct{}

func (alien) Name() string { return "alien" }

// What the table does not know is nobody's.
func TestDefaultDeny(t *testing.T) {
	w := newWorld(t)
	w.open()
	for _, by := range []Actor{manager("ada"), guest("vera"), system} {
		if _, err := w.s.Decide(by, alien{}, "", w.now); err == nil {
			t.Errorf("%+v may do what nobody knows", by)
		}
	}
	w.refused(manager("ada"), OpenDue{}, CodeForbidden)
	w.refused(manager("stranger"), EditRoom{}, CodeNotFound)
	w.refused(Actor{Invitation: "i_of_another_room", Account: "a_ada"}, ChatPost{Text: "x"}, CodeNotFound)
	if _, err := New("r_2").Decide(Actor{Account: "a_ada"}, CreateRoom{Title: "T", StartsAt: noon}, "", w.now); !errors.Is(err, CodeForbidden) {
		t.Errorf("not every account creates rooms: %v", err)
	}
	if _, err := New("r_2").Decide(manager("ada"), ChatPost{Text: "x"}, "", w.now); !errors.Is(err, CodeNotFound) {
		t.Errorf("a room that is not there: %v", err)
	}
}
